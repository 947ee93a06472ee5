"""The journal of the last flush, in `_crm`: where it was aimed, what stood there, what it wrote, what is still to do.

With it a write that went astray is found and taken back, also after a crash and without the database. A repair is
journaled like any other flush: its targets say what must still stand there (`wrong`) for them to be put back again.

    row 3      fence, number of parts, where each thing was aimed at (JSON, in parts)
    from 4     two areas that take turns, so that a repair reads one while it writes the other. In each: Master's header
               as it stood, the target rows as they stood, what is written to each, the header as it was aimed by

What is written to a new lead is one text (JSON, in parts): as cells it would make the batch half as large again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from core.model import Cell
from sync.worth import is_formula, worth

HEAD_ROW = 2  # 0-based, as all of these
FIRST_ROW = 3
ROWS = 500  # targets and new leads of one flush at most
CHARACTERS = 40_000  # of one part: a cell holds 50,000
PARTS = 40  # of a new lead's row at most, as the tab has no more columns for sure
AREA_ROWS = 2 + 2 * ROWS
END_ROW = FIRST_ROW + 2 * AREA_ROWS


@dataclass(frozen=True, slots=True)
class Target:
    """A row of Master (0-based) as a flush aimed at it, and the 0-based columns that it wrote there. `lead_id` is the
    id that the row has, or is given where `adopts` is set: that names the content of a row without an id of its own.
    `wrong`, of a repair: what each column showed, by `worth`. `tries`: repairs that missed it so far. `seen`, of an
    edit: what each column showed when it was read, so that it is known if somebody typed there before the write.
    `fells`: the row is deleted; then, and of a repair, `seen` is of all its columns."""

    lead_id: str
    row: int
    change_ids: tuple[str, ...]
    columns: tuple[int, ...]
    adopts: str = ""
    wrong: tuple[str, ...] = ()
    tries: int = 0
    seen: tuple[str, ...] = ()
    fells: bool = False


@dataclass(frozen=True, slots=True)
class Journal:
    """What the flush `fence` aimed at, in the area `area` (0 or 1): Master's width, where it took each field to stand,
    its targets, the leads that it made or brought back ("" one without an id), and changes of earlier flushes that are
    still to be done again. `reach`: so many columns were copied, where that is more than Master's headers, since rows
    were kept whole."""

    fence: int
    area: int
    width: int
    columns: Mapping[str, int]
    targets: tuple[Target, ...] = ()
    created: tuple[str, ...] = ()
    redo: tuple[str, ...] = ()
    reach: int = 0

    def before(self, number: int) -> int:
        """The row of `_crm` that shows target `number` (from 0) as it stood."""
        return first_row(self.area) + 1 + number

    def written(self, number: int) -> int:
        """The row of `_crm` with what is written to target `number`; new leads come after the targets."""
        return first_row(self.area) + 1 + ROWS + number

    @property
    def aimed(self) -> int:
        """The row of `_crm` with Master's header as the flush was built on it."""
        return first_row(self.area) + 1 + 2 * ROWS


def first_row(area: int) -> int:
    return FIRST_ROW + area * AREA_ROWS


def journal_cells(journal: Journal) -> tuple[Cell, ...]:
    """Row 3."""
    body = {
        "area": journal.area,
        "width": journal.width,
        "columns": dict(journal.columns),
        "targets": [_told(target) for target in journal.targets],
        "created": list(journal.created),
        "redo": list(journal.redo),
        "reach": journal.reach,
    }
    parts = _parts(json.dumps(body, separators=(",", ":")))
    return (journal.fence, len(parts), *parts)


def _parts(text: str) -> list[str]:
    return [text[at : at + CHARACTERS] for at in range(0, len(text), CHARACTERS)]


def _told(target: Target) -> list[object]:
    told = [target.lead_id, target.row, list(target.change_ids), list(target.columns), target.adopts]
    if target.seen:
        return [*told, list(target.wrong), target.tries, list(target.seen), int(target.fells)]
    return [*told, list(target.wrong), target.tries] if target.wrong else told


def parse_journal(row: Sequence[Cell]) -> Journal | None:
    """Row 3 as read, or None where there is none or someone has edited it."""
    if len(row) < 3 or isinstance(row[0], bool) or not isinstance(row[0], int | float):
        return None
    try:
        body = json.loads("".join(map(str, row[2 : 2 + int(row[1] or 0)])))
        return Journal(
            int(row[0]),
            int(body["area"]) % 2,
            int(body["width"]),
            {str(name): int(column) for name, column in body["columns"].items()},
            tuple(_target(*one) for one in body["targets"]),
            tuple(map(str, body["created"])),
            tuple(map(str, body["redo"])),
            int(body.get("reach", 0)),  # a former version did not say
        )
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def _target(
    lead_id: object,
    row: int,
    changes: Sequence[object],
    columns: Sequence[int],
    adopts: object,
    wrong: Sequence[object] = (),
    tries: int = 0,
    seen: Sequence[object] = (),
    fells: int = 0,
) -> Target:
    told = (tuple(map(str, changes)), tuple(map(int, columns)), str(adopts), tuple(map(str, wrong)), int(tries))
    return Target(str(lead_id), int(row), *told, tuple(map(str, seen)), bool(fells))


@dataclass(frozen=True, slots=True)
class NewRow:
    """What was written to the row of a new lead, or of one that came back, by 0-based column. `row` is where in Master
    its formulas point from; None of a new lead: what it says is text, whatever it begins with."""

    cells: Mapping[int, Cell] = field(default_factory=dict)
    row: int | None = None

    def worth(self, column: int, row: int) -> str:
        """What a column was given, as it is known again in that row of Master."""
        return worth(self.cells.get(column), row if self.row is None else self.row, column)

    def says(self, column: int, cell: Cell, row: int, place: int) -> bool:
        """Whether a cell at a place (0-based) of Master is what a column was given."""
        said = self.cells.get(column)
        if self.row is not None and is_formula(said):
            return worth(cell, row, place) == self.worth(column, row)
        return cell == said and isinstance(cell, bool) == isinstance(said, bool)


def new_lead_cells(new: NewRow) -> tuple[Cell, ...]:
    """What the journal keeps of such a row."""
    said = [new.row, *(new.cells.get(column) for column in range(max(new.cells, default=-1) + 1))]
    return tuple(_parts(json.dumps(said, separators=(",", ":"), ensure_ascii=False))[:PARTS])


def parse_new_lead(row: Sequence[Cell]) -> NewRow:
    """As it was kept; what stands right of it is of older flushes. Empty where someone edited it, and where a former
    version kept hashes: that row counts as it stands."""
    return _new_row("".join(map(str, row)))


@lru_cache(maxsize=ROWS)  # what each of a flush's new leads was written is asked once for each of them
def _new_row(text: str) -> NewRow:
    try:
        said, _ = json.JSONDecoder().raw_decode(text)
        place, *cells = said
        return NewRow(_by_column(cells), None if place is None else int(place))
    except (ValueError, TypeError):
        return NewRow()


def _by_column(cells: Sequence[Cell]) -> dict[int, Cell]:
    return {column: cell for column, cell in enumerate(cells) if cell not in (None, "")}
