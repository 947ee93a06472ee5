"""Changes that belong together, and what `_crm` keeps beside the ledger."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "groups",
        sa.Column("group_id", WORDS, nullable=False),
        sa.Column("at", WORDS, nullable=False),
        sa.Column("actor", WORDS, nullable=False),
        sa.Column("why", WORDS, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("group_id"),
    )
    op.create_index(op.f("ix_groups_at_group_id"), "groups", ["at", "group_id"], unique=False)
    op.create_index(op.f("ix_outbox_action_state"), "outbox", ["action", "state"], unique=False)
    op.create_index(op.f("ix_activity_change_id"), "activity", ["change_id"], unique=False)
    op.create_table(
        "kept",
        sa.Column("kind", WORDS, nullable=False),
        sa.Column("key", WORDS, nullable=False),
        sa.Column("value", WORDS, nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "key"),
    )
    op.create_index(op.f("ix_kept_told_kind_key"), "kept", ["told", "kind", "key"], unique=False)
