"""The tables, as SQLAlchemy Core knows them; `store/migrations` builds exactly these (tests compare the two).

Three kinds of table stand here. What the sheet holds too and any read brings back: leads, bases, ledger, tabs,
activity, issues, the last good configuration. What is derived from those and kept beside them in the same transaction:
listed, texts, contacts, counters. What only this database holds, and may be lost with it by design: the outbox's
unflushed edits, conflicts still open, users' links, calendar addresses, tokens, saved views and choices, which daily
e-mails were sent, the lease, people's answers about tabs. Nothing here is
the only holder of something that had reached the sheet: delete the database, start again, and it is all back.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, MetaData, Table, Text, UniqueConstraint
from sqlalchemy.types import TypeEngine

from core.fields import MASTER, Kind

metadata = MetaData(
    naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s", "uq": "uq_%(table_name)s_%(column_0_N_name)s"}
)

WORDS: TypeEngine[str] = Text().with_variant(Text(collation="C"), "postgresql")
"""Text that sorts and compares by code point on both databases, so that a page has one order everywhere."""

NUMBER: TypeEngine[int] = BigInteger().with_variant(Integer(), "sqlite")
"""64 bits on both; SQLite gives a row number that fills itself only to a column called INTEGER."""


def words(name: str, *, primary_key: bool = False) -> Column[str]:
    """A text column that is never NULL."""
    return Column(name, WORDS, nullable=False, primary_key=primary_key)


def _master_column(name: str, kind: Kind) -> Column[object]:
    if kind is Kind.WHOLE:
        return Column(name, BigInteger)
    return Column(name, Boolean) if kind is Kind.FLAG else Column(name, WORDS)


# The mirror: what the sheet last showed, with the edits still on their way laid over it. Days are ISO text, moments ISO
# text in UTC. `row_number` is where the lead was last seen (to look there first, never to identify it).
leads = Table(
    "leads",
    metadata,
    Column("pk", NUMBER, primary_key=True, autoincrement=False),
    words("lead_id"),
    *(_master_column(field.name, field.kind) for field in MASTER if field.name != "lead_id"),
    words("extra"),
    Column("row_number", BigInteger),
    words("state"),
    words("frozen_why"),
    words("digest"),
    Column("saving", Integer, nullable=False),
    UniqueConstraint("lead_id"),
    Index(None, "row_number"),
)

# The last synced values of those leads whose mirror row differs by pending edits; elsewhere the mirror is the base.
# `lead` is NULL for a lead that the sheet has never had.
bases = Table("bases", metadata, words("lead_id", primary_key=True), Column("lead", WORDS), words("state"))

# What lists filter and sort by: one narrow row for every lead that is not deleted; never NULL, at most 100 characters
# each (PostgreSQL refuses longer index rows, and a cell can hold 50,000).
listed = Table(
    "listed",
    metadata,
    Column("pk", NUMBER, primary_key=True, autoincrement=False),
    *(words(name) for name in ("lead_id", "status", "priority", "assigned_to", "lead_source", "city", "due", "name")),
    Column("score", BigInteger, nullable=False),
    *(words(name) for name in ("lead_date", "created_at", "updated_at", "last_contacted")),
    *(Index(None, name, "due", "lead_id") for name in ("status", "priority", "assigned_to", "lead_source", "city")),
    *(
        Index(None, name, "lead_id")
        for name in ("due", "name", "score", "lead_date", "created_at", "updated_at", "last_contacted")
    ),
)

# What a search looks through, folded; on SQLite the FTS5 table text_index stands on it (store.texts).
texts = Table("texts", metadata, Column("pk", NUMBER, primary_key=True, autoincrement=False), words("haystack"))

# Phones (E.164) and e-mails of every lead that is not deleted, to find the leads that share one.
contacts = Table(
    "contacts",
    metadata,
    words("value", primary_key=True),
    Column("pk", BigInteger, primary_key=True, autoincrement=False),
    Index(None, "pk"),
)

counters = Table(
    "counters",
    metadata,
    *(words(name, primary_key=True) for name in ("kind", "value", "second")),
    Column("n", BigInteger, nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    Column("seq", NUMBER, primary_key=True, autoincrement=True),
    *(words(name) for name in ("change_id", "lead_id", "kind", "fields", "actor", "at", "why", "action")),
    *(words(name) for name in ("state", "state_why")),
    UniqueConstraint("change_id"),
    Index(None, "state", "seq"),
    Index(None, "lead_id", "state"),
    Index(None, "action", "state"),
    sqlite_autoincrement=True,
)

# Bulk actions and imports: changes that are undone as one. Activity tells of them too (`core.ids.group_of`).
groups = Table(
    "groups",
    metadata,
    *(words(name, primary_key=name == "group_id") for name in ("group_id", "at", "actor", "why")),
    Column("size", BigInteger, nullable=False),
    Index(None, "at", "group_id"),
)

conflicts = Table(
    "conflicts",
    metadata,
    Column("seq", NUMBER, primary_key=True, autoincrement=True),
    *(words(name) for name in ("conflict_id", "change_id", "lead_id", "field", "base", "ours", "theirs", "resolution")),
    words("at"),
    UniqueConstraint("conflict_id"),
    Index(None, "resolution", "seq"),
    Index(None, "lead_id", "resolution"),
    sqlite_autoincrement=True,
)

ledger = Table(
    "ledger",
    metadata,
    Column("sheet_id", BigInteger, primary_key=True, autoincrement=False),
    words("fingerprint", primary_key=True),
    *(words(name) for name in ("key", "disposition", "lead_ids")),
    Column("position", BigInteger),
    Column("cells", WORDS),
    Index(None, "sheet_id", "position"),
    Index(None, "disposition"),
)

ledger_leads = Table(
    "ledger_leads",
    metadata,
    words("lead_id", primary_key=True),
    Column("sheet_id", BigInteger, primary_key=True, autoincrement=False),
    words("fingerprint", primary_key=True),
    Index(None, "sheet_id", "fingerprint"),
)

issues = Table(
    "issues",
    metadata,
    Column("seq", NUMBER, primary_key=True, autoincrement=True),
    words("issue_key"),
    Column("sheet_id", BigInteger, nullable=False),
    words("fingerprint"),
    words("tab"),
    Column("row_number", BigInteger, nullable=False),
    *(words(name) for name in ("reason", "field")),
    Column("blocking", Boolean, nullable=False),
    words("pair"),
    UniqueConstraint("issue_key"),
    Index(None, "sheet_id", "row_number", "seq"),
    Index(None, "sheet_id", "fingerprint"),
    sqlite_autoincrement=True,
)

activity = Table(
    "activity",
    metadata,
    Column("seq", NUMBER, primary_key=True, autoincrement=True),
    *(words(name) for name in ("entry_key", "at", "change_id", "lead_id", "actor", "field", "old", "new", "why")),
    UniqueConstraint("entry_key"),
    Index(None, "lead_id", "at", "seq"),
    Index(None, "at", "seq"),
    Index(None, "change_id"),
    sqlite_autoincrement=True,
)

# What `_crm` keeps beside the ledger: deleted leads, frozen ones, pairs that are no duplicates. `value` "" is a thing
# of the past; `told` says whether `_crm` has it as it stands here.
kept = Table(
    "kept",
    metadata,
    words("kind", primary_key=True),
    words("key", primary_key=True),
    words("value"),
    Column("told", Boolean, nullable=False),
    Index(None, "told", "kind", "key"),
)

tabs = Table(
    "tabs",
    metadata,
    Column("sheet_id", BigInteger, primary_key=True, autoincrement=False),
    *(words(name) for name in ("title", "role", "header", "shape_json")),
    Column("row_count", BigInteger, nullable=False),
    *(words(name) for name in ("digest", "why", "answer")),
)

state = Table("state", metadata, words("key", primary_key=True), words("value"))

leases = Table("leases", metadata, words("name", primary_key=True), words("owner"), words("until"))

users = Table(
    "users",
    metadata,
    *(words(name, primary_key=name == "user_id") for name in ("user_id", "name", "email", "role", "session_key")),
    Column("active", Boolean, nullable=False),
    UniqueConstraint("email"),
)

# Saved views of the list of leads: what is asked for, as the list's address has it. `shared` ones are everybody's.
views = Table(
    "views",
    metadata,
    *(words(name, primary_key=name == "view_id") for name in ("view_id", "name", "user_id", "asked", "made_at")),
    Column("shared", Boolean, nullable=False),
    Index(None, "user_id"),
)

# What a person has chosen for themselves (columns of a list and the like).
preferences = Table(
    "preferences",
    metadata,
    words("user_id", primary_key=True),
    words("name", primary_key=True),
    words("value"),
)

# Private calendar addresses: which person's follow-ups each one shows, and whose it is. The address itself is signed
# with SECRET_KEY and not kept.
feeds = Table(
    "feeds",
    metadata,
    *(words(name, primary_key=name == "feed_id") for name in ("feed_id", "user_id", "person", "created_at")),
    *(words(name) for name in ("revoked_at", "used_at")),
    Index(None, "user_id"),
)

# The daily e-mails: one row for each day and address, and how far it has come (store.digests).
digests = Table(
    "digests",
    metadata,
    *(words(name, primary_key=name in ("day", "email")) for name in ("day", "email", "state", "owner", "at", "why")),
)

login_links = Table(
    "login_links", metadata, words("hash", primary_key=True), words("user_id"), words("expires_at"), words("used_at")
)

tokens = Table(
    "tokens",
    metadata,
    *(words(name, primary_key=name == "token_id") for name in ("token_id", "hash", "name", "role")),
    *(words(name) for name in ("created_at", "last_used_at", "revoked_at")),
    UniqueConstraint("hash"),
)
