"""What `_crm` kept, put into a mirror that was read back from the sheet: who is deleted, who was mixed up, what went
astray, what waits for a column.

Deleted leads stand in no row of Master; frozen ones stand there with somebody else's name. Called by `sync.restore`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import Connection

from core.fields import BY_NAME
from core.leads import lead_of
from core.model import Cell, Lead
from store import astray, bulk, kept, mirror, mixups, waiting
from store.mirror import SheetLead
from store.mirror_rows import DELETED
from store.values import value_from_json, value_json


def deleted_text(lead: Lead) -> str:
    """A deleted lead as `store.kept` keeps it."""
    values = {name: value_json(getattr(lead, name)) for name in BY_NAME if name != "lead_id"}
    return json.dumps([{name: text for name, text in values.items() if text != "null"}, dict(lead.extra)])


def deleted_lead(lead_id: str, text: str) -> Lead:
    """The lead again."""
    values: Mapping[str, str]
    extra: Mapping[str, Cell]
    values, extra = json.loads(text)
    known = {name: value_from_json(value) for name, value in values.items() if name in BY_NAME}
    return replace(lead_of(lead_id, known), extra=extra)


def recall(conn: Connection) -> None:
    """Deleted leads that this database does not know come back as deleted; frozen ones as who they were; what only a
    person can put right is named; what waits for a column waits on."""
    astray.recall(conn)
    waiting.recall(conn)
    after = ""
    while part := kept.page(conn, "deleted", bulk.AT_ONCE, after):
        after = part[-1][0]
        standing = mirror.standing(conn, [lead_id for lead_id, _ in part])
        lost = [deleted_lead(lead_id, text) for lead_id, text in part if lead_id not in standing]
        mirror.put_synced(conn, [SheetLead(lead, 0, "") for lead in lost])
        mirror.set_state(conn, [lead.lead_id for lead in lost], DELETED)
    mixed = {one.lead_id: one for one in mixups.every(conn)}
    rows = mirror.rows_of(conn, mixed)
    leads = [lead for lead in mirror.leads(conn, list(mixed)) if lead.lead_id in rows]
    as_they_were = [replace(lead, **dict(mixed[lead.lead_id].was)) for lead in leads]  # type: ignore[arg-type]  # values have their fields' types
    mirror.put_synced(conn, [SheetLead(lead, rows[lead.lead_id], "") for lead in as_they_were])
    mixups.freeze(conn, [mixed[lead.lead_id] for lead in leads])
