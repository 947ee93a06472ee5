"""Words of the app that went astray, and that only a person can put right: named until somebody leaves that out.

An issue that no row of a source tab brings back to a new database; so it is kept in `_crm` too (`store.kept`). Written
by `sync.repair`, left out by `store.left_out`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import astuple

from sqlalchemy import Connection

from core.model import Issue
from store import bulk, issues, kept

_KIND: kept.Kind = "astray"


def name(conn: Connection, sheet_id: int, found: Iterable[tuple[str, Issue]]) -> None:
    """These, (fingerprint, issue), stand from now on, with the tab of the journal."""
    told = dict(found)
    issues.add(conn, sheet_id, told.items())
    kept.put(conn, _KIND, {_key(sheet_id, one): json.dumps(astuple(issue)) for one, issue in told.items()})


def named(conn: Connection, sheet_id: int, fingerprint: str) -> bool:
    """Whether a person was ever told of it."""
    return _key(sheet_id, fingerprint) in kept.ever(conn, _KIND)


def settle(conn: Connection, sheet_id: int, fingerprint: str) -> None:
    """A person wants to hear no more of it."""
    kept.drop(conn, _KIND, [_key(sheet_id, fingerprint)])


def recall(conn: Connection) -> None:
    """What `_crm` names, among the issues."""
    after = ""
    while part := kept.page(conn, _KIND, bulk.AT_ONCE, after):
        after = part[-1][0]
        for key, text in part:
            sheet_id, _, fingerprint = key.partition(":")
            tab, row, reason, field, blocking, _ = json.loads(text)
            issues.add(conn, int(sheet_id), [(fingerprint, Issue(tab, row, reason, field, blocking))])


def _key(sheet_id: int, fingerprint: str) -> str:
    return f"{sheet_id}:{fingerprint}"
