"""Saved views of the list of leads, and what a person has chosen for themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "views",
        *(sa.Column(name, WORDS, nullable=False) for name in ("view_id", "name", "user_id", "asked", "made_at")),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("view_id"),
    )
    op.create_index(op.f("ix_views_user_id"), "views", ["user_id"], unique=False)
    op.create_table(
        "preferences",
        *(sa.Column(name, WORDS, nullable=False) for name in ("user_id", "name", "value")),
        sa.PrimaryKeyConstraint("user_id", "name"),
    )
