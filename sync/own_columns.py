"""People's own columns of a lead that goes, and of one that comes back: what stood in them goes into its new row. Part
of `sync.outgoing`.

What came out of a formula comes back as its value. Where a formula fills the column by itself, nothing is written into
it: one value in its way would empty the whole column. What has no column any more, or one that nobody can tell from
others of its title, stands in Activity instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from core.ids import change_id
from core.model import Cell, Change, ChangeKind, Lead
from core.plain import plain
from store import kept
from store.activity import ActivityEntry
from store.database import reading
from store.recalled import deleted_lead
from sync.batch import MasterShape
from sync.filling import fills
from sync.judging import at
from sync.link import Link
from sync.ranges import GridRange, column_letters
from sync.reading import read
from sync.targets import Located, Standing
from sync.window import contested, own_titles
from sync.worth import is_formula

Own = Mapping[str, Mapping[int, Cell]]
_WHY = "not put back: Master has no such column now; put it where it belongs"


@dataclass(frozen=True, slots=True)
class Returning:
    """What comes back into people's columns, by lead and 0-based column, and what Activity says of the rest."""

    own: Own = field(default_factory=dict)
    told: tuple[ActivityEntry, ...] = ()


def going(located: Located, lead: Lead) -> Mapping[str, Cell]:
    """What stands in people's columns of a lead that is deleted, as its row was just read: under their titles, or the
    letters of those that have none. What had a title that is gone is kept under that, if no new title has it."""
    there, header = located.rows[lead.lead_id], located.master.header
    ours = {*located.master.columns.values(), *contested(header)}
    titled = own_titles(header, ours)
    bare = {c for c in range(len(there.cells)) if c not in ours} - {*titled.values()}
    said = {name: _says(there, column, lead.extra.get(name)) for name, column in titled.items()}
    anew = [cell for name, cell in said.items() if name not in lead.extra]
    gone = {name: cell for name, cell in lead.extra.items() if name not in titled and cell not in anew}
    rest = {f"Column {column_letters(c)}": _says(there, c, None) for c in sorted(bare)}
    return {name: cell for name, cell in (rest | gone | said).items() if cell not in (None, "")}


def _says(there: Standing, column: int, before: Cell) -> Cell:
    """A formula by what it comes to; where rows were moved while that was looked at, by what it came to before."""
    cell = at(there.cells, column)
    return cell if not is_formula(cell) else at(there.says, column) if there.says else before


def returning(link: Link, master: MasterShape, changes: Sequence[Change], now: datetime) -> Returning:
    """What the restored ones among `changes` had in people's columns. One read where there is anything to bring
    back."""
    restored = {change.lead_id: change for change in changes if change.kind is ChangeKind.RESTORE}
    if not restored:
        return Returning()
    with reading(link.engine) as conn:
        texts = kept.of_keys(conn, "deleted", list(restored))
    extras = {lead_id: deleted_lead(lead_id, text).extra for lead_id, text in texts.items()}
    standing = own_titles(master.header, {*master.columns.values(), *contested(master.header)})
    told = [entry for i, extra in extras.items() for entry in _homeless(restored[i], extra, standing, now)]
    columns = {name: column for name, column in standing.items() if any(name in one for one in extras.values())}
    if not columns:
        return Returning(told=tuple(told))
    free = _free(link, master, list(columns.values()))
    own = {
        lead_id: {column: extra[name] for name, column in columns.items() if name in extra and column in free}
        for lead_id, extra in extras.items()
    }
    return Returning(own, tuple(told))


def _homeless(
    change: Change, extra: Mapping[str, Cell], standing: Mapping[str, int], now: datetime
) -> Iterator[ActivityEntry]:
    for name, cell in extra.items():
        if name not in standing and cell not in (None, ""):
            told = change_id(f"{change.change_id} without {name}")
            yield ActivityEntry(now, told, change.lead_id, "sync", name, plain(cell), None, _WHY)


def _free(link: Link, master: MasterShape, columns: Sequence[int]) -> set[int]:
    """Those of the columns that no formula fills."""
    ranges = [GridRange(master.sheet_id, 0, None, column, column + 1) for column in columns]
    answers = read(link.sheets, ranges, formulas=True)
    return {
        column
        for column, rows in zip(columns, answers, strict=True)
        if not any(fills(cell) for row in rows for cell in row)
    }
