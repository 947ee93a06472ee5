"""Who has a name, a phone or an e-mail, among leads that stand in a row of Master: quick also where many share it."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from store.mirror_rows import FROZEN, contact_key, name_key
from store.schema import contacts, leads, listed
from store.values import askable


def namesakes(conn: Connection, field: str, value: str, row: int, limit: int) -> list[str]:
    """The ids of leads with this `full_name`, `phone_number` or `email`: those that are frozen first, then those that
    stand nearest to a row (1-based)."""
    if field == "full_name":
        pks = select(listed.c.pk).where(listed.c.name == name_key(value))
    else:
        pks = select(contacts.c.pk).where(contacts.c.value == contact_key(value))
    query = select(leads.c.lead_id).where(leads.c.pk.in_(pks), leads.c[field] == askable(value))
    near = (leads.c.state != FROZEN, func.abs(leads.c.row_number - row), leads.c.pk)
    return list(conn.scalars(query.where(leads.c.row_number.is_not(None)).order_by(*near).limit(limit)))
