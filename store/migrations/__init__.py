"""The steps of the schema, run by `store.migrate`."""
