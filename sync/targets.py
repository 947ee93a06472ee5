"""Aims the updates of a flush: one fresh read of the targets, so that only what nobody touched is written.

A change whose base no longer stands is left for the next cycle, which sees the new value and decides anew. A cell with
a formula, or with a word that its column cannot hold, is a person's: that field is not written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from core import cells, fields
from core.cells import Doubt
from core.config import Config
from core.model import Cell, Change, Value
from sync.batch import MasterShape, RowWrite, spans
from sync.cells import id_of
from sync.errors import LOOKED, Unsettled
from sync.filling import Filled, fills_columns
from sync.headings import titles
from sync.merged import Merges
from sync.people import shape_of
from sync.ranges import GridRange
from sync.reading import Rows, read
from sync.sheets import Sheets
from sync.worth import is_formula


@dataclass(frozen=True, slots=True)
class Aimed:
    """`writes` hit; `stale` are to be decided anew. `master` is the shape as just read."""

    master: MasterShape
    writes: tuple[RowWrite, ...]
    stale: tuple[str, ...]


def aim(
    sheets: Sheets, master: MasterShape, changes: Sequence[Change], rows: Mapping[str, int], config: Config
) -> Aimed:
    """`rows` are the 0-based rows where the leads were last seen. One read; one or two more where people moved rows."""
    if not changes:
        return Aimed(master, (), ())
    found = find(sheets, master, [change.lead_id for change in changes], rows, config)
    hits = {c.lead_id: _write(c, found.rows[c.lead_id], found.master) for c in changes if c.lead_id in found.rows}
    writes = tuple(write for write in hits.values() if write)
    return Aimed(found.master, writes, tuple(c.lead_id for c in changes if not hits.get(c.lead_id)))


@dataclass(frozen=True, slots=True)
class Standing:
    """A lead's row (0-based) as it stands in the sheet: canonical values, and the fields that are a person's own: a
    formula, what a formula fills, or a word that their column cannot hold (`odd` are those). `cells` are the row as it
    was read; where that was asked for, `shown` is what the formulas among our fields come to, `says` all of the row so.
    """

    row: int
    values: Mapping[str, Value]
    kept: frozenset[str]
    cells: tuple[Cell, ...] = ()
    shown: Mapping[str, Value] = field(default_factory=dict)
    odd: frozenset[str] = frozenset()
    says: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class Located:
    """Master's shape as just read, the leads that were found in it, what was to be read along, the fields that a change
    cannot have because formulas fill their cells, the columns of which nobody can say what they are, and Master's
    merges where somebody has looked."""

    master: MasterShape
    rows: Mapping[str, Standing]
    beside: tuple[Rows, ...] = ()
    filled: Filled = field(default_factory=dict)
    unclear: frozenset[int] = frozenset()
    merges: Merges | None = None


def find(
    sheets: Sheets,
    master: MasterShape,
    ids: Iterable[str],
    rows: Mapping[str, int],
    config: Config,
    beside: Sequence[GridRange] = (),
) -> Located:
    """The rows of these leads as they stand now. One read where they are where they were seen last, three where not;
    the first brings the ranges `beside` along."""
    wanted = {i: rows[i] for i in ids if i in rows}
    master, found, along = _read_rows(sheets, master, wanted, beside)
    lost = [i for i in dict.fromkeys(ids) if i not in found]
    if lost:
        found |= _read_rows(sheets, master, search(sheets, master, lost))[1]
    return Located(master, {i: _standing(*one, master, config) for i, one in found.items()}, along)


def refuse_moved(sheets: Sheets, master: MasterShape, lead_id: str, row: int, config: Config) -> None:
    """Raises Unsettled where a lead's row is not where it was read: a refusal was not for good. The last row of a grid
    is gone where somebody has deleted one above it."""
    now = find(sheets, master, [lead_id], {}, config).rows
    if lead_id not in now or now[lead_id].row != row:
        raise Unsettled(LOOKED)


def with_formulas_shown(sheets: Sheets, located: Located, ids: Iterable[str], config: Config) -> Located:
    """What the formulas in these leads' rows come to. One read where there are any. Rows that somebody has moved in
    between are left as they are."""
    asked = [i for i in ids if i in located.rows and any(map(is_formula, located.rows[i].cells))]
    if not asked:
        return located
    ranges = [GridRange(located.master.sheet_id, located.rows[i].row, located.rows[i].row + 1) for i in asked]
    found = dict(located.rows)
    for lead_id, rows in zip(asked, read(sheets, ranges), strict=True):
        there, seen = located.rows[lead_id], rows[0] if rows else ()
        if id_of(_at(seen, located.master.columns.get("lead_id", -1))) == lead_id:
            shown = {n: _decoded(n, _at(seen, located.master.columns[n]), config) for n in there.kept}
            known = {n: v for n, v in shown.items() if not isinstance(v, Doubt)}
            found[lead_id] = replace(there, shown=known, says=seen)
    return replace(located, rows=found)


def _decoded(name: str, cell: Cell, config: Config) -> Value | Doubt:
    return cells.decode(fields.BY_NAME[name].kind, cell, config)


Found = tuple[int, tuple[Cell, ...], frozenset[int]]  # 0-based row, its cells, the columns that a formula fills


def _standing(
    row: int, standing: tuple[Cell, ...], filled: frozenset[int], master: MasterShape, config: Config
) -> Standing:
    values: dict[str, Value] = {}
    kept: set[str] = set()
    odd: set[str] = set()
    for name, column in master.columns.items():
        cell = _at(standing, column)
        value = _decoded(name, cell, config)
        if (column in filled and cell not in (None, "")) or is_formula(cell):
            kept.add(name)
        elif isinstance(value, Doubt):
            odd.add(name)
        else:
            values[name] = value
    return Standing(row, values, frozenset(kept | odd), standing, odd=frozenset(odd))


def _read_rows(
    sheets: Sheets, master: MasterShape, wanted: Mapping[str, int], beside: Sequence[GridRange] = ()
) -> tuple[MasterShape, dict[str, Found], tuple[Rows, ...]]:
    """The rows whose id cell says what we look for, formulas as text, Master's header of the same moment with what
    fills columns from the row below it, and what was asked for `beside`."""
    ranges = [GridRange(master.sheet_id, 0, 2)]
    ranges += [GridRange(master.sheet_id, first, last) for first, last in spans(sorted(set(wanted.values())))]
    header, *answers = read(sheets, [*ranges, *beside], formulas=True)
    said = titles(sheets, master.sheet_id, header[0] if header else ())
    shape = shape_of(master.sheet_id, master.title, said, master.last_row)
    filled = frozenset(
        column for column, cell in enumerate(header[1] if len(header) > 1 else ()) if fills_columns(cell)
    )
    by_row = dict(_numbered(ranges[1:], answers[: len(ranges) - 1]))
    column = shape.columns.get("lead_id", -1)
    rows = {i: row for i, row in wanted.items() if row in by_row and id_of(_at(by_row[row], column)) == i}
    found = {i: (row, by_row[row], filled) for i, row in rows.items()}
    return shape, found, tuple(answers[len(ranges) - 1 :])


def _numbered(ranges: Iterable[GridRange], answers: Iterable[Rows]) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    for place, rows in zip(ranges, answers, strict=True):
        yield from enumerate(rows, place.row)


def search(sheets: Sheets, master: MasterShape, lost: Iterable[str]) -> dict[str, int]:
    """Where these ids stand now (0-based), by the whole id column; the first of doubled ones."""
    column = master.columns.get("lead_id")
    if column is None:
        return {}
    rows = read(sheets, [GridRange(master.sheet_id, 0, None, column, column + 1)])[0]
    wanted, found = set(lost), dict[str, int]()
    for number, row in enumerate(rows):
        if row and (said := id_of(row[0])) in wanted:
            found.setdefault(said, number)
    return found


def _write(change: Change, standing: Standing, master: MasterShape) -> RowWrite | None:
    """None where somebody has changed one of the fields since the change was decided."""
    values: dict[str, Value] = {}
    for name, (base, new) in change.fields.items():
        if name in standing.kept or name not in master.columns:
            continue
        theirs = standing.values.get(name)
        if theirs != base and theirs != new:
            return None
        values[name] = new
    kept = {name: pair for name, pair in change.fields.items() if name in values}
    return RowWrite(change.lead_id, (replace(change, fields=kept),), standing.row, values, seen=standing.cells)


def _at(row: tuple[Cell, ...], column: int) -> Cell:
    return row[column] if 0 <= column < len(row) else None
