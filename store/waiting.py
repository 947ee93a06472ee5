"""Changes that say what a lead has for a column that is gone: they wait in the outbox until it is back.

No cell says these words any more, so they are kept in `_crm` too (`store.kept`), by change id, until they have landed.
Written by `sync.unmended` and, of rows that are taken in, by `sync.carry`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable

from sqlalchemy import Connection

from core.model import Change, ChangeKind
from store import bulk, kept, outbox
from store.values import fields_from_json, fields_json, moment, moment_text

_KIND: kept.Kind = "waiting"


def put(conn: Connection, changes: Collection[Change]) -> None:
    """These wait from now on; one that is known already is not kept again, whatever became of it."""
    known = outbox.changes(conn, [one.change_id for one in changes])
    fresh = [one for one in changes if one.change_id not in known]
    outbox.enqueue(conn, fresh)
    kept.put(conn, _KIND, {one.change_id: _text(one) for one in fresh})


def drop(conn: Connection, change_ids: Iterable[str]) -> None:
    """These wait no more."""
    kept.drop(conn, _KIND, change_ids)


def standing(conn: Connection, limit: int) -> list[str]:
    """The ids of those that are kept."""
    return [change_id for change_id, _ in kept.page(conn, _KIND, limit)]


def recall(conn: Connection) -> None:
    """What `_crm` keeps, into the outbox of a database that does not know it."""
    after = ""
    while part := kept.page(conn, _KIND, bulk.AT_ONCE, after):
        after = part[-1][0]
        outbox.enqueue(conn, [_change(*one) for one in part])


def _text(change: Change) -> str:
    told = (change.lead_id, fields_json(change.fields), change.actor, moment_text(change.at), change.why)
    return json.dumps(told)


def _change(change_id: str, text: str) -> Change:
    lead_id, fields, actor, at, why = json.loads(text)
    return Change(change_id, lead_id, ChangeKind.UPDATE, fields_from_json(fields), actor, moment(at), why)
