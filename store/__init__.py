"""Remembers. Mirror, base, outbox, source ledger and users, in SQLite or PostgreSQL through SQLAlchemy Core."""
