"""What Alembic runs for each migration: on the connection, and in the transaction, that `store.migrate` holds."""

from alembic import context

from store.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
