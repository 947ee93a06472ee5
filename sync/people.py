"""What stands in Master, as people and we have left it, into the mirror.

Cells become canonical values; a cell that cannot be read as its column's kind is left as it is, shown as an issue, and
the field stays blank in the mirror. Between `sync.gather` and `store.mirror`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from core import cells, fields
from core.cells import Doubt
from core.config import Config
from core.fields import Kind
from core.model import Cell, Issue, Lead, Value
from store.mirror import SeenRow, SheetLead
from store.rows import id_problem
from sync.batch import MasterShape
from sync.cells import id_of
from sync.gather import digest
from sync.twice import Twice, owners_of
from sync.window import columns_of, contested, numbered, own_titles, peoples

NO_IDS = "Master has no column lead_id any more, or more than one"
Numbered = Sequence[tuple[int, tuple[Cell, ...]]]


@dataclass(frozen=True, slots=True)
class Unnamed:
    """A row (1-based) that holds something and no id of its own; `copy_of` where it repeats another row's."""

    row: int
    cells: tuple[Cell, ...]
    lead: Lead
    copy_of: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """Rows of Master sorted out: `changed` to put into the mirror, ids `moved` to another row and `unchanged`, rows
    that want an id (typed by hand, or copies of a lead's row), cells that could not be understood."""

    changed: tuple[SheetLead, ...]
    moved: tuple[tuple[str, int], ...]
    unchanged: tuple[str, ...]
    unnamed: tuple[Unnamed, ...]
    issues: tuple[Issue, ...]

    def but(self, leads: Collection[str]) -> Seen:
        """Without these leads."""
        rows = {one.row for one in self.changed if one.lead.lead_id in leads}
        return Seen(
            tuple(one for one in self.changed if one.row not in rows),
            tuple(one for one in self.moved if one[0] not in leads),
            tuple(one for one in self.unchanged if one not in leads),
            tuple(one for one in self.unnamed if one.copy_of not in leads),
            tuple(one for one in self.issues if one.row not in rows),
        )


def shape_of(sheet_id: int, title: str, header: Sequence[Cell], last_row: int) -> MasterShape:
    """Where each of our columns stands now. A name that stands twice is of no column: somebody has typed it over
    another one's, and to take the wrong one for it would change every lead."""
    shared = contested(header)
    columns = {name: column for name, column in columns_of(header).items() if column not in shared}
    return MasterShape(sheet_id, title, tuple(header), MappingProxyType(columns), last_row)


def id_in(shape: MasterShape, row: Sequence[Cell]) -> str:
    """The lead_id of a row, "" where it has none."""
    column = shape.columns["lead_id"]
    return id_of(row[column] if column < len(row) else None)


class Digests:
    """What rows of Master say, as `store` keeps it to compare with: the digest of all cells and, behind it, that of
    people's columns. The same cells say something else under other headers, and to a library with other statuses."""

    def __init__(self, shape: MasterShape, config: Config) -> None:
        words = ([status.label for status in config.statuses], config.priorities)
        self.columns = peoples(shape.header)
        self._whole = digest((shape.header, *words, *numbered(shape.header)))
        self._people = digest(([shape.header[column] for column in self.columns], *words))

    def of(self, row: Sequence[Cell]) -> str:
        width = len(row)
        mine = [row[column] if column < width else "" for column in self.columns]
        return digest((self._whole, row)) + self._of_people(mine)

    def is_that_of(self, kept: str, row: Sequence[Cell]) -> bool:
        """Whether a row is, to the last cell, the one of which `kept` is the digest."""
        return kept.startswith(digest((self._whole, row)))

    def say_the_same(self, kept: str, cells: Sequence[Cell]) -> bool:
        """Whether people's columns of a row are those of the row of which `kept` is the digest."""
        return kept.endswith(self._of_people(cells))

    def _of_people(self, cells: Sequence[Cell]) -> str:
        return digest((self._people, ["" if cell is None else cell for cell in cells]))


def look(
    shape: MasterShape,
    rows: Numbered,
    before: Mapping[str, SeenRow],
    config: Config,
    twice: Mapping[str, Twice],
) -> Seen:
    """Compare rows of Master, each with its number (1-based), with what was seen of those leads last. `twice`: those
    whose id stands twice."""
    changed: list[SheetLead] = []
    moved: list[tuple[str, int]] = []
    unchanged: list[str] = []
    unnamed: list[Unnamed] = []
    issues: list[Issue] = []
    reader = _Reader(shape, config)
    digests = Digests(shape, config)
    owners = owners_of(((reader.lead_id(row), number, row) for number, row in rows), twice, reader.lead)
    for number, row in rows:
        lead_id = reader.lead_id(row)
        if id_problem(lead_id):
            issues += (
                [Issue(shape.title, number, f"The lead_id cannot be used: {id_problem(lead_id)}")] if lead_id else []
            )
            unnamed += _unnamed(reader, row, number, "")
        elif owners[lead_id] != number:
            unnamed += _unnamed(reader, row, number, lead_id)
            issues.append(Issue(shape.title, number, f"{lead_id} stands in row {owners[lead_id]} too; that one counts"))
        elif lead_id in before and digests.is_that_of(before[lead_id].digest, row):
            if before[lead_id].row == number:
                unchanged.append(lead_id)
            else:
                moved.append((lead_id, number))
        else:
            lead, doubts = reader.lead(lead_id, row, number)
            changed.append(SheetLead(lead, number, digests.of(row)))
            issues += doubts
    return Seen(tuple(changed), tuple(moved), tuple(unchanged), tuple(unnamed), tuple(issues))


def unclear_fields(found: Iterable[Issue]) -> dict[int, set[str]]:
    """By row, the fields whose cells cannot be read."""
    unclear: dict[int, set[str]] = {}
    for issue in found:
        unclear.setdefault(issue.row, set()).add(issue.field)
    return unclear


def _unnamed(reader: _Reader, row: tuple[Cell, ...], number: int, copy_of: str) -> list[Unnamed]:
    """The row, if it is somebody: a phone, a name or an e-mail stands in it."""
    lead, _ = reader.lead(copy_of, row, number)
    somebody = lead.phone_number or lead.full_name or lead.email
    return [Unnamed(number, row, lead, copy_of)] if somebody else []


_OF_FEW = frozenset((Kind.STATUS, Kind.PRIORITY, Kind.PERSON, Kind.DAY, Kind.WHOLE, Kind.FLAG))  # many cells, few words
_MOST_WORDS = 10_000


class _Reader:
    """Reads rows of one Master, remembering which column is what and what cells that come again say."""

    def __init__(self, shape: MasterShape, config: Config) -> None:
        self.shape, self.config = shape, config
        self.said: dict[tuple[Kind, type, Cell], Value | Doubt] = {}
        self.ours = [(fields.BY_NAME[n], c) for n, c in shape.columns.items() if n != "lead_id"]
        taken = {*shape.columns.values(), *contested(shape.header)}
        self.theirs = sorted(own_titles(shape.header, taken).items(), key=lambda pair: pair[1])

    def lead_id(self, row: tuple[Cell, ...]) -> str:
        return id_in(self.shape, row)

    def lead(self, lead_id: str, row: tuple[Cell, ...], number: int) -> tuple[Lead, list[Issue]]:
        values: dict[str, Value] = {}
        issues: list[Issue] = []
        width = len(row)
        for field, column in self.ours:
            cell = row[column] if column < width else None
            if cell is None or cell == "":
                continue
            value = self._decode(field.kind, cell)
            if isinstance(value, Doubt):
                issues.append(Issue(self.shape.title, number, value.reason, field.name))
            else:
                values[field.name] = value
        extra = {name: row[c] for name, c in self.theirs if c < width and row[c] not in (None, "")}
        return Lead(lead_id=lead_id, **values, extra=MappingProxyType(extra)), issues  # type: ignore[arg-type]  # decode gives each kind its type

    def _decode(self, kind: Kind, cell: Cell) -> Value | Doubt:
        if kind not in _OF_FEW:
            return cells.decode(kind, cell, self.config)
        key = (kind, type(cell), cell)  # True is 1 in a dictionary
        if key not in self.said:
            if len(self.said) >= _MOST_WORDS:
                self.said.clear()
            self.said[key] = cells.decode(kind, cell, self.config)
        return self.said[key]
