"""Fields whose header is gone stand still: a lead keeps what it said of them last, and nobody has typed anything.

Every look at Master passes through here, between `sync.people` and the mirror: a cycle's (`sync.seeing`) and that of a
read-back (`sync.restore`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection

from core import fields
from store import mirror
from store.mirror import SheetLead
from sync.batch import MasterShape


def standing_still(conn: Connection, seen: Sequence[SheetLead], shape: MasterShape) -> list[SheetLead]:
    """The leads seen, those that are known with the last words of the fields that have no column now."""
    gone = [name for name in fields.NAMES if name not in shape.columns]
    bases = mirror.bases_of(conn, [one.lead.lead_id for one in seen]) if gone else {}
    return [
        replace(one, lead=replace(one.lead, **{n: getattr(bases[one.lead.lead_id], n) for n in gone}))
        if one.lead.lead_id in bases
        else one
        for one in seen
    ]
