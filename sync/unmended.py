"""What a repair leaves: words that only a person can put right are named, what a new lead has for a column that is gone
waits in the outbox until that is back.

Used by `sync.repair`, before it writes what it can put right itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from core import cells
from core.cells import Doubt
from core.config import Config
from core.fields import BY_NAME
from core.ids import change_id
from core.model import Cell, Change, ChangeKind, Issue, Value
from store import astray, kept, outbox, waiting
from store.database import reading
from store.kept import Kept
from sync import again
from sync.batch import MasterShape
from sync.judging import Turn
from sync.link import FLUSH_LEADS, Link
from sync.turns import Resolved

_WHY = "its column was gone when the lead came"


def leave(
    link: Link, done: Resolved, *, master: MasterShape, crm_sheet: int, fence: int, config: Config, now: datetime
) -> tuple[Kept, ...]:
    """Kept and named once, however often the repair is begun again. What `_crm` has to keep of it: the repair takes it
    along, for its journal takes the place of the one that tells of these words."""
    with link.engine.begin() as conn:
        found = {(i, field): cells.decode(BY_NAME[field].kind, cell, config) for i, field, cell in done.homeless}
        waiting.put(conn, list(_when_back(found, fence, now)))
        name(conn, master, crm_sheet, fence, list(_words(done)))
        return tuple(kept.untold(conn, FLUSH_LEADS, "astray", "waiting"))


def settle(link: Link) -> None:
    """What had waited for its column and has landed since, or been decided, waits no more."""
    with reading(link.engine) as conn:
        known = outbox.changes(conn, waiting.standing(conn, FLUSH_LEADS))
        over = [change_id for change_id, stands in known.items() if again.is_over(conn, stands)]
    if over:
        with link.engine.begin() as conn:
            waiting.drop(conn, over)


def leave_broken(link: Link, turns: Iterable[Turn], *, master: MasterShape, crm_sheet: int, fence: int) -> None:
    """Formulas of rows that come back, in the same way."""
    with link.engine.begin() as conn:
        name(conn, master, crm_sheet, fence, list(map(helpless, turns)))


def name(conn: Connection, master: MasterShape, crm_sheet: int, fence: int, words: Sequence[str]) -> None:
    """Kept with the journal's tab: the issues of Master's own rows are made anew with every look."""
    found = [(f"astray {fence} {n}", Issue(master.title, 0, said, "")) for n, said in enumerate(words)]
    astray.name(conn, crm_sheet, found)


def _when_back(found: Mapping[tuple[str, str], Value | Doubt], fence: int, now: datetime) -> Iterator[Change]:
    """The changes, by lead and field, that wait for their column."""
    for (lead_id, field), value in found.items():
        if value is not None and not isinstance(value, Doubt):
            named = change_id(f"{fence} {lead_id} {field} when the header is back")
            yield Change(named, lead_id, ChangeKind.UPDATE, {field: (None, value)}, "sync", now, _WHY)


def _words(done: Resolved) -> Iterator[str]:
    yield from map(helpless, done.helpless)
    yield from (_apart(lead_id, words) for lead_id, words in done.apart)


def helpless(turn: Turn) -> str:
    """A cell that nobody knows any more."""
    whose = f"The row of {turn.owner}" if turn.owner else "A row without a lead_id"
    ours = f" says “{turn.ours}” now and" if turn.ours is not None else ""
    back = "" if turn.back is None else turn.back
    return f"{whose} was moved while the app wrote: a cell of it{ours} should say “{back}”"


def _apart(lead_id: str, words: Sequence[Cell]) -> str:
    moved = f"A sort took the lead_id of the new lead {lead_id} to another row while the app wrote."
    return f"{moved} The lead says “{', '.join(map(str, words))}”"
