"""The journal of the last flush, in `_crm`: where it was aimed, what stood there, what it wrote, what is still to do.

With it a write that went astray is found and taken back, also after a crash and without the database. A repair is
journaled like any other flush: its targets say what must still stand there (`wrong`) for them to be put back again.

    row 3      fence, number of parts, where each thing was aimed at (JSON, in parts)
    from 4     two areas that take turns, so that a repair reads one while it writes the other. In each: Master's header
               as it stood, the target rows as they stood, what is written to each, the header as it was aimed by
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.model import Cell
from sync.worth import worth

HEAD_ROW = 2  # 0-based, as all of these
FIRST_ROW = 3
ROWS = 500  # targets and new leads of one flush at most
CHARACTERS = 40_000  # of one part: a cell holds 50,000
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
    still to be done again."""

    fence: int
    area: int
    width: int
    columns: Mapping[str, int]
    targets: tuple[Target, ...] = ()
    created: tuple[str, ...] = ()
    redo: tuple[str, ...] = ()

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
    }
    text = json.dumps(body, separators=(",", ":"))
    parts = [text[at : at + CHARACTERS] for at in range(0, len(text), CHARACTERS)]
    return (journal.fence, len(parts), *parts)


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


def new_lead_cells(cells: Mapping[int, Cell]) -> tuple[Cell, ...]:
    """What the journal keeps of a new lead's row: its columns, and what is written there by `worth`."""
    return (json.dumps([[c, worth(cell, 0, c)] for c, cell in sorted(cells.items()) if cell not in (None, "")]),)


def parse_new_lead(row: Sequence[Cell]) -> dict[int, str]:
    """Column -> worth; empty where someone edited it."""
    try:
        return {int(column): str(said) for column, said in json.loads(str(row[0]))} if row else {}
    except (ValueError, TypeError):
        return {}
