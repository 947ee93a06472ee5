"""Rows of Master without an id to which Google refuses one, as where their owner has locked them: told, and left alone.

Part of `sync.adopting`. No value changes when a row is unlocked, so each is tried again after a while, and at once
when it says something else; `sync.seeing` looks at Master meanwhile, changed or not.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from core.model import Issue
from store import issues, state
from store.database import reading
from store.values import moment, moment_text
from sync.batch import MasterShape
from sync.errors import Refused
from sync.gather import TabRead
from sync.link import Link
from sync.people import Unnamed
from sync.worth import content_of

REFUSED = "refused_rows"
AGAIN_AFTER = timedelta(hours=1)
_MARK = "refused "  # begins the fingerprint of their issues


@dataclass(frozen=True, slots=True)
class _Row:
    """Where such a row stood last (1-based), until when it is left alone, and why."""

    row: int
    until: str
    why: str


def left_out(link: Link, master: MasterShape, unnamed: Sequence[Unnamed], now: datetime) -> Sequence[Unnamed]:
    """The rows but those that were refused a while ago and say what they said."""
    with reading(link.engine) as conn:
        before = _known(conn)
    if not before:
        return unnamed
    contents = [content_of(one.cells) for one in unnamed]
    standing = dict(zip(contents, (one.row for one in unnamed), strict=True))
    still = {c: _Row(standing.get(c, one.row), one.until, one.why) for c, one in before.items() if _holds(one, now)}
    others = {one.row for one, content in zip(unnamed, contents, strict=True) if content not in still}
    still = {content: one for content, one in still.items() if one.row not in others}
    if still != before:
        with link.engine.begin() as conn:
            _put(conn, master, still)
    return [one for one, content in zip(unnamed, contents, strict=True) if content not in still]


def tell(link: Link, master: MasterShape, one: Unnamed, refusal: Refused, now: datetime) -> None:
    """A person is told of the row, and it is not tried again for a while."""
    why = f"Google refuses it a lead_id, and it is no lead until one can be written: {refusal}"
    with link.engine.begin() as conn:
        found = _Row(one.row, moment_text(now + AGAIN_AFTER), why)
        _put(conn, master, {**_known(conn), content_of(one.cells): found})


def forget_named(conn: Connection, master: MasterShape, seen: TabRead, unnamed: Sequence[Unnamed]) -> None:
    """Rows that Master, as it was seen now, shows and that want no id any more are told of no longer; nor are those
    that say something else, for they are tried at once."""
    before = _known(conn)
    wanting = {content_of(one.cells) for one in unnamed} if before else set()
    still = {content: one for content, one in before.items() if content in wanting or not seen.shows(one.row)}
    if still != before:
        _put(conn, master, still)


def _holds(one: _Row, now: datetime) -> bool:
    return moment(one.until) > now


def _known(conn: Connection) -> dict[str, _Row]:
    return {content: _Row(*one) for content, one in json.loads(state.get(conn, REFUSED) or "{}").items()}


def _put(conn: Connection, master: MasterShape, rows: Mapping[str, _Row]) -> None:
    told = [one.fingerprint for one in issues.standing(conn, master.sheet_id) if one.fingerprint.startswith(_MARK)]
    issues.clear(conn, master.sheet_id, told)
    found = [(f"{_MARK}{content}", Issue(master.title, one.row, one.why)) for content, one in rows.items()]
    issues.add(conn, master.sheet_id, found)
    if rows:
        said = {content: [one.row, one.until, one.why] for content, one in rows.items()}
        state.put(conn, REFUSED, json.dumps(said))
    else:
        state.forget(conn, REFUSED)
