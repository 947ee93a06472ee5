"""Source rows that a person has looked at and wants to hear no more of: no lead is to come of them, or all is right.

A row is known by its content, so one that is edited later is looked at anew. Kept in `_crm` too (`store.kept`), with
the issues that it had, so that it can be taken back. Written by `app.attention`, heeded by `sync.intake`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import astuple

from sqlalchemy import Connection

from core.model import Issue
from store import astray, bulk, issues, kept, ledger

_KIND: kept.Kind = "left_out"


def leave_out(conn: Connection, sheet_id: int, fingerprint: str, lead_id: str = "") -> bool:
    """The row's issues are settled. `lead_id`: a person has made this lead of it instead. False where it has none (any
    more)."""
    bulk.hold(conn)
    found = [astuple(one) for one in issues.of_row(conn, sheet_id, fingerprint)]
    if not found:
        return False
    kept.put(conn, _KIND, {_key(sheet_id, fingerprint): json.dumps([lead_id, found], ensure_ascii=False)})
    issues.clear(conn, sheet_id, [fingerprint])
    astray.settle(conn, sheet_id, fingerprint)
    return True


def take_back(conn: Connection, sheet_id: int, fingerprint: str) -> bool:
    """The row stands as it stood. False where it was not left out, or is another by now."""
    bulk.hold(conn)
    key = _key(sheet_id, fingerprint)
    text = kept.of_keys(conn, _KIND, [key]).get(key)
    if text is None:
        return False
    kept.drop(conn, _KIND, [key])
    if not ledger.of_rows(conn, sheet_id, [fingerprint]):
        return False  # edited or gone since: nothing would ever settle an issue of it
    _, found = json.loads(text)
    issues.add(conn, sheet_id, [(fingerprint, _issue(*one)) for one in found])
    return True


def take_back_of(conn: Connection, lead_id: str) -> None:
    """The lead that a person made of a row is gone again: the row waits as it did."""
    after = ""
    while part := kept.page(conn, _KIND, bulk.AT_ONCE, after):
        for key, text in part:
            if json.loads(text)[0] == lead_id:
                sheet_id, _, fingerprint = key.partition(":")
                take_back(conn, int(sheet_id), fingerprint)
        after = part[-1][0]


def among(conn: Connection, sheet_id: int, fingerprints: Iterable[str]) -> frozenset[str]:
    """Those of these rows of a tab that are left out."""
    keys = {_key(sheet_id, fingerprint): fingerprint for fingerprint in fingerprints}
    return frozenset(keys[key] for key in kept.of_keys(conn, _KIND, keys))


def concerns(lines: Iterable[kept.Kept]) -> bool:
    """Whether some of what `_crm` is to be told changes what Needs attention shows."""
    return any(kind == _KIND for kind, _, _ in lines)


def _issue(tab: str, row: int, reason: str, field: str, blocking: bool, pair: Sequence[str] = ()) -> Issue:
    return Issue(tab, row, reason, field, blocking, tuple(pair))


def _key(sheet_id: int, fingerprint: str) -> str:
    return f"{sheet_id}:{fingerprint}"
