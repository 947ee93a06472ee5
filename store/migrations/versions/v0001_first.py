"""The first schema: mirror and base, lists, texts and contacts, counters, outbox, ledger, tabs, people."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "activity",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("entry_key", WORDS, nullable=False),
        sa.Column("at", WORDS, nullable=False),
        sa.Column("change_id", WORDS, nullable=False),
        sa.Column("lead_id", WORDS, nullable=False),
        sa.Column("actor", WORDS, nullable=False),
        sa.Column("field", WORDS, nullable=False),
        sa.Column("old", WORDS, nullable=False),
        sa.Column("new", WORDS, nullable=False),
        sa.Column("why", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("entry_key", name=op.f("uq_activity_entry_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_activity_at_seq"), "activity", ["at", "seq"], unique=False)
    op.create_index(op.f("ix_activity_lead_id_at_seq"), "activity", ["lead_id", "at", "seq"], unique=False)
    op.create_table(
        "bases",
        sa.Column("lead_id", WORDS, nullable=False),
        sa.Column("lead", WORDS, nullable=True),
        sa.Column("state", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("lead_id"),
    )
    op.create_table(
        "conflicts",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("conflict_id", WORDS, nullable=False),
        sa.Column("change_id", WORDS, nullable=False),
        sa.Column("lead_id", WORDS, nullable=False),
        sa.Column("field", WORDS, nullable=False),
        sa.Column("base", WORDS, nullable=False),
        sa.Column("ours", WORDS, nullable=False),
        sa.Column("theirs", WORDS, nullable=False),
        sa.Column("resolution", WORDS, nullable=False),
        sa.Column("at", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("conflict_id", name=op.f("uq_conflicts_conflict_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_conflicts_lead_id_resolution"), "conflicts", ["lead_id", "resolution"], unique=False)
    op.create_index(op.f("ix_conflicts_resolution_seq"), "conflicts", ["resolution", "seq"], unique=False)
    op.create_table(
        "contacts",
        sa.Column("value", WORDS, nullable=False),
        sa.Column("pk", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("value", "pk"),
    )
    op.create_index(op.f("ix_contacts_pk"), "contacts", ["pk"], unique=False)
    op.create_table(
        "counters",
        sa.Column("kind", WORDS, nullable=False),
        sa.Column("value", WORDS, nullable=False),
        sa.Column("second", WORDS, nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "value", "second"),
    )
    op.create_table(
        "issues",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("issue_key", WORDS, nullable=False),
        sa.Column("sheet_id", sa.BigInteger(), nullable=False),
        sa.Column("fingerprint", WORDS, nullable=False),
        sa.Column("tab", WORDS, nullable=False),
        sa.Column("row_number", sa.BigInteger(), nullable=False),
        sa.Column("reason", WORDS, nullable=False),
        sa.Column("field", WORDS, nullable=False),
        sa.Column("blocking", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("issue_key", name=op.f("uq_issues_issue_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_issues_sheet_id_fingerprint"), "issues", ["sheet_id", "fingerprint"], unique=False)
    op.create_index(
        op.f("ix_issues_sheet_id_row_number_seq"), "issues", ["sheet_id", "row_number", "seq"], unique=False
    )
    op.create_table(
        "leads",
        sa.Column("pk", NUMBER, autoincrement=False, nullable=False),
        sa.Column("lead_id", WORDS, nullable=False),
        sa.Column("full_name", WORDS, nullable=True),
        sa.Column("phone_number", WORDS, nullable=True),
        sa.Column("email", WORDS, nullable=True),
        sa.Column("city", WORDS, nullable=True),
        sa.Column("lead_date", WORDS, nullable=True),
        sa.Column("status", WORDS, nullable=True),
        sa.Column("priority", WORDS, nullable=True),
        sa.Column("lead_score", sa.BigInteger(), nullable=True),
        sa.Column("lead_source", WORDS, nullable=True),
        sa.Column("lead_type", WORDS, nullable=True),
        sa.Column("assigned_to", WORDS, nullable=True),
        sa.Column("next_follow_up", WORDS, nullable=True),
        sa.Column("last_contacted", WORDS, nullable=True),
        sa.Column("status_updated_date", WORDS, nullable=True),
        sa.Column("notes", WORDS, nullable=True),
        sa.Column("child_name", WORDS, nullable=True),
        sa.Column("child_age", sa.BigInteger(), nullable=True),
        sa.Column("other_phones", WORDS, nullable=True),
        sa.Column("do_not_contact", sa.Boolean(), nullable=True),
        sa.Column("customer_segment", WORDS, nullable=True),
        sa.Column("potential_value", WORDS, nullable=True),
        sa.Column("engagement_strategy", WORDS, nullable=True),
        sa.Column("library_benefits", WORDS, nullable=True),
        sa.Column("household", WORDS, nullable=True),
        sa.Column("source_tab", WORDS, nullable=True),
        sa.Column("source_key", WORDS, nullable=True),
        sa.Column("created_at", WORDS, nullable=True),
        sa.Column("updated_at", WORDS, nullable=True),
        sa.Column("extra", WORDS, nullable=False),
        sa.Column("row_number", sa.BigInteger(), nullable=True),
        sa.Column("state", WORDS, nullable=False),
        sa.Column("frozen_why", WORDS, nullable=False),
        sa.Column("digest", WORDS, nullable=False),
        sa.Column("saving", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("pk"),
        sa.UniqueConstraint("lead_id", name=op.f("uq_leads_lead_id")),
    )
    op.create_index(op.f("ix_leads_row_number"), "leads", ["row_number"], unique=False)
    op.create_table(
        "leases",
        sa.Column("name", WORDS, nullable=False),
        sa.Column("owner", WORDS, nullable=False),
        sa.Column("until", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "ledger",
        sa.Column("sheet_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("fingerprint", WORDS, nullable=False),
        sa.Column("key", WORDS, nullable=False),
        sa.Column("disposition", WORDS, nullable=False),
        sa.Column("lead_ids", WORDS, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=True),
        sa.Column("cells", WORDS, nullable=True),
        sa.PrimaryKeyConstraint("sheet_id", "fingerprint"),
    )
    op.create_index(op.f("ix_ledger_disposition"), "ledger", ["disposition"], unique=False)
    op.create_index(op.f("ix_ledger_sheet_id_position"), "ledger", ["sheet_id", "position"], unique=False)
    op.create_table(
        "ledger_leads",
        sa.Column("lead_id", WORDS, nullable=False),
        sa.Column("sheet_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("fingerprint", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("lead_id", "sheet_id", "fingerprint"),
    )
    op.create_index(
        op.f("ix_ledger_leads_sheet_id_fingerprint"), "ledger_leads", ["sheet_id", "fingerprint"], unique=False
    )
    op.create_table(
        "listed",
        sa.Column("pk", NUMBER, autoincrement=False, nullable=False),
        sa.Column("lead_id", WORDS, nullable=False),
        sa.Column("status", WORDS, nullable=False),
        sa.Column("priority", WORDS, nullable=False),
        sa.Column("assigned_to", WORDS, nullable=False),
        sa.Column("lead_source", WORDS, nullable=False),
        sa.Column("city", WORDS, nullable=False),
        sa.Column("due", WORDS, nullable=False),
        sa.Column("name", WORDS, nullable=False),
        sa.Column("score", sa.BigInteger(), nullable=False),
        sa.Column("lead_date", WORDS, nullable=False),
        sa.Column("created_at", WORDS, nullable=False),
        sa.Column("updated_at", WORDS, nullable=False),
        sa.Column("last_contacted", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("pk"),
    )
    op.create_index(
        op.f("ix_listed_assigned_to_due_lead_id"), "listed", ["assigned_to", "due", "lead_id"], unique=False
    )
    op.create_index(op.f("ix_listed_city_due_lead_id"), "listed", ["city", "due", "lead_id"], unique=False)
    op.create_index(op.f("ix_listed_created_at_lead_id"), "listed", ["created_at", "lead_id"], unique=False)
    op.create_index(op.f("ix_listed_due_lead_id"), "listed", ["due", "lead_id"], unique=False)
    op.create_index(op.f("ix_listed_last_contacted_lead_id"), "listed", ["last_contacted", "lead_id"], unique=False)
    op.create_index(op.f("ix_listed_lead_date_lead_id"), "listed", ["lead_date", "lead_id"], unique=False)
    op.create_index(
        op.f("ix_listed_lead_source_due_lead_id"), "listed", ["lead_source", "due", "lead_id"], unique=False
    )
    op.create_index(op.f("ix_listed_name_lead_id"), "listed", ["name", "lead_id"], unique=False)
    op.create_index(op.f("ix_listed_priority_due_lead_id"), "listed", ["priority", "due", "lead_id"], unique=False)
    op.create_index(op.f("ix_listed_score_lead_id"), "listed", ["score", "lead_id"], unique=False)
    op.create_index(op.f("ix_listed_status_due_lead_id"), "listed", ["status", "due", "lead_id"], unique=False)
    op.create_index(op.f("ix_listed_updated_at_lead_id"), "listed", ["updated_at", "lead_id"], unique=False)
    op.create_table(
        "login_links",
        sa.Column("hash", WORDS, nullable=False),
        sa.Column("user_id", WORDS, nullable=False),
        sa.Column("expires_at", WORDS, nullable=False),
        sa.Column("used_at", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("hash"),
    )
    op.create_table(
        "outbox",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("change_id", WORDS, nullable=False),
        sa.Column("lead_id", WORDS, nullable=False),
        sa.Column("kind", WORDS, nullable=False),
        sa.Column("fields", WORDS, nullable=False),
        sa.Column("actor", WORDS, nullable=False),
        sa.Column("at", WORDS, nullable=False),
        sa.Column("why", WORDS, nullable=False),
        sa.Column("action", WORDS, nullable=False),
        sa.Column("state", WORDS, nullable=False),
        sa.Column("state_why", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("change_id", name=op.f("uq_outbox_change_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_outbox_lead_id_state"), "outbox", ["lead_id", "state"], unique=False)
    op.create_index(op.f("ix_outbox_state_seq"), "outbox", ["state", "seq"], unique=False)
    op.create_table(
        "state",
        sa.Column("key", WORDS, nullable=False),
        sa.Column("value", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "tabs",
        sa.Column("sheet_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("title", WORDS, nullable=False),
        sa.Column("role", WORDS, nullable=False),
        sa.Column("header", WORDS, nullable=False),
        sa.Column("shape_json", WORDS, nullable=False),
        sa.Column("row_count", sa.BigInteger(), nullable=False),
        sa.Column("digest", WORDS, nullable=False),
        sa.Column("why", WORDS, nullable=False),
        sa.Column("answer", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("sheet_id"),
    )
    op.create_table(
        "texts",
        sa.Column("pk", NUMBER, autoincrement=False, nullable=False),
        sa.Column("haystack", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("pk"),
    )
    op.create_table(
        "tokens",
        sa.Column("token_id", WORDS, nullable=False),
        sa.Column("hash", WORDS, nullable=False),
        sa.Column("name", WORDS, nullable=False),
        sa.Column("role", WORDS, nullable=False),
        sa.Column("created_at", WORDS, nullable=False),
        sa.Column("last_used_at", WORDS, nullable=False),
        sa.Column("revoked_at", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("token_id"),
        sa.UniqueConstraint("hash", name=op.f("uq_tokens_hash")),
    )
    op.create_table(
        "users",
        sa.Column("user_id", WORDS, nullable=False),
        sa.Column("name", WORDS, nullable=False),
        sa.Column("email", WORDS, nullable=False),
        sa.Column("role", WORDS, nullable=False),
        sa.Column("session_key", WORDS, nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("user_id"),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
    )

    _create_text_index()


def _create_text_index() -> None:
    """Not of SQLAlchemy's making: SQLite's FTS5 over `texts`; on PostgreSQL pg_trgm, where it is to be had."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE text_index USING fts5("
            "haystack, content='texts', content_rowid='pk', tokenize='trigram case_sensitive 1', detail='full')"
        )
        return
    op.execute(
        """
        DO $$ BEGIN
            CREATE EXTENSION IF NOT EXISTS pg_trgm;
            CREATE INDEX ix_texts_haystack ON texts USING gin (haystack gin_trgm_ops);
        EXCEPTION WHEN undefined_file OR insufficient_privilege OR feature_not_supported OR undefined_object THEN
            RAISE NOTICE 'no pg_trgm here: searches read the texts through';
        END $$
        """
    )


def downgrade() -> None:
    raise NotImplementedError("the first schema has nothing before it: delete the database and start again")
