"""Calendar addresses and daily e-mails; who must not be contacted is never due; the never contacted are counted."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    feeds = ("user_id", "person", "created_at", "revoked_at", "used_at")
    op.create_table(
        "feeds",
        sa.Column("feed_id", WORDS, nullable=False),
        *(sa.Column(name, WORDS, nullable=False) for name in feeds),
        sa.PrimaryKeyConstraint("feed_id"),
    )
    op.create_index(op.f("ix_feeds_user_id"), "feeds", ["user_id"], unique=False)
    op.create_table(
        "digests",
        *(sa.Column(name, WORDS, nullable=False) for name in ("day", "email", "state", "owner", "at", "why")),
        sa.PrimaryKeyConstraint("day", "email"),
    )
    for statement in _RECOUNT:
        op.execute(statement)


_FRESH = "FROM listed WHERE last_contacted = '' AND due <> '~'"
_RECOUNT = (
    "UPDATE listed SET due = '~' WHERE pk IN (SELECT pk FROM leads WHERE do_not_contact)",
    "DELETE FROM counters WHERE kind IN ('due', 'person_due')",
    "INSERT INTO counters SELECT 'due', due, '', count(*) FROM listed GROUP BY due",
    "INSERT INTO counters SELECT 'person_due', assigned_to, due, count(*) FROM listed GROUP BY assigned_to, due",
    f"INSERT INTO counters SELECT 'fresh', status, '', count(*) {_FRESH} GROUP BY status",
    f"INSERT INTO counters SELECT 'person_fresh', assigned_to, status, count(*) {_FRESH} GROUP BY assigned_to, status",
)
