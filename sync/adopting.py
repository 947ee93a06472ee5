"""Rows that people typed into Master, or copied there, are given an id of their own and what a new lead has.

What they typed is left alone; only blank cells are filled. Such a row has no id to find it by, so it is read again
right before the write and known by its content, in the batch's answer and in the journal too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from core import fields, ids
from core.config import Config
from core.leads import complete_new, fields_of
from core.model import Cell, Change, ChangeKind, Value
from store import mirror
from store.database import reading
from store.mirror import SheetLead
from sync import hidden, locked
from sync.batch import MasterShape, RowWrite
from sync.cells import id_of
from sync.crm import Head
from sync.errors import LOOKED, FenceLost, Refused, Unsettled
from sync.filling import filled_columns
from sync.flush import Load, caught_up, flush
from sync.link import FLUSH_LEADS, Link
from sync.merged import Merges, covered, known_merges, read_merges
from sync.people import Unnamed
from sync.ranges import GridRange
from sync.reading import read
from sync.worth import content_of, is_formula, relative, worth

_UPWARDS = re.compile(r"R\[-")


def adopt(
    link: Link, head: Head, master: MasterShape, unnamed: Sequence[Unnamed], config: Config, now: datetime
) -> Head:
    """One read, one write. Rows that have changed since are left for another cycle. Raises SheetsProblem, Busy."""
    wanted = locked.left_out(link, master, _nameable(link, master, unnamed), now)[:FLUSH_LEADS]
    if not wanted:
        return head
    with link.writing.alone():
        head = caught_up(link, head)
        try:
            return _adopt(link, head, master, wanted, None, config, now)
        except FenceLost:
            raise
        except Refused:  # perhaps for the sake of merged cells
            merges = read_merges(link, master.sheet_id)
            left = hidden.left_out(link, master, wanted, merges)
            return _adopt_each(link, head, master, left, merges, config, now)


def _adopt_each(
    link: Link, head: Head, master: MasterShape, wanted: Sequence[Unnamed], merges: Merges,
    config: Config, now: datetime,
) -> Head:  # fmt: skip
    """In halves where Google refuses them, until a row that it refuses stands alone: that is told of, and the others
    get their ids."""
    if not wanted:
        return head
    try:
        return _adopt(link, head, master, wanted, merges, config, now)
    except FenceLost:
        raise
    except Refused as refusal:
        if len(wanted) == 1:
            _refuse_moved(link, master, wanted[0])
            locked.tell(link, master, wanted[0], refusal, now)
            return head
    middle = len(wanted) // 2
    head = _adopt_each(link, head, master, wanted[:middle], merges, config, now)
    return _adopt_each(link, head, master, wanted[middle:], merges, config, now)


def _refuse_moved(link: Link, master: MasterShape, one: Unnamed) -> None:
    """Raises Unsettled where the row is not where it was read, or the grid ends before it: it is refused, but not for
    good."""
    place = GridRange(master.sheet_id, one.row - 1, one.row)
    try:
        there = read(link.sheets, [place], formulas=True)[0]
    except Refused:
        there = ()
    if not _same(one.cells, there[0] if there else ()):
        raise Unsettled(LOOKED)


def _nameable(link: Link, master: MasterShape, unnamed: Sequence[Unnamed]) -> Sequence[Unnamed]:
    """Without the rows whose id would be written under a merge, as far as that is known."""
    if not hidden.some(link):
        return unnamed
    merges = known_merges(link, master.sheet_id) if unnamed else Merges()
    return hidden.left_out(link, master, unnamed, merges)


def _adopt(
    link: Link, head: Head, master: MasterShape, wanted: Sequence[Unnamed], merges: Merges | None,
    config: Config, now: datetime,
) -> Head:  # fmt: skip
    ranges = [GridRange(master.sheet_id, one.row - 1, one.row) for one in wanted]
    ids = master.columns["lead_id"]
    copies = [GridRange(master.sheet_id, 0, None, ids, ids + 1)] if any(one.copy_of for one in wanted) else []
    top, *fresh = read(link.sheets, [GridRange(master.sheet_id, 0, 2), *ranges, *copies], formulas=True)
    filled = filled_columns(top, master.columns.values())
    if not top or not _same(master.header, top[0]) or ids in filled:
        return head
    often = Counter(id_of(row[0]) for row in fresh.pop() if row) if copies else Counter[str]()
    pairs = ((one, replace(one, cells=rows[0] if rows else ())) for one, rows in zip(wanted, fresh, strict=True))
    # A copy whose original stands nowhere any more is none: rows have moved since it was seen.
    pairs = ((one, typed) for one, typed in pairs if not one.copy_of or often[one.copy_of] > 1)
    same = [typed for one, typed in pairs if _same(one.cells, typed.cells)]
    writes = tuple(_writes(link, same, master, filled, merges, config, now))
    if not writes:
        return head
    named = [_named(one, write) for one, write in zip(same, writes, strict=True)]
    load = Load(updates=writes, merges=merges)
    return flush(link, head, master, load, config, now, lambda conn: mirror.put_synced(conn, named)).head


def _named(one: Unnamed, write: RowWrite) -> SheetLead:
    """A row as it stands with its id. The mirror knows who that is from now on: names that are sorted to other ids
    before the next look are no first sight of them."""
    return SheetLead(replace(one.lead, **{**write.values, "lead_id": write.lead_id}), one.row, "")  # type: ignore[arg-type]  # values have their fields' types


def _same(seen: Sequence[Cell], typed: Sequence[Cell]) -> bool:
    """Whether a row that was seen by its values still stands there, formulas shown as their text. Master's header too
    may have some."""
    width = max(len(seen), len(typed))
    pairs = zip(_wide(seen, width), _wide(typed, width), strict=True)
    return all(is_formula(text) or worth(value, 0, 0) == worth(text, 0, 0) for value, text in pairs)


def _wide(row: Sequence[Cell], width: int) -> Sequence[Cell]:
    return (*row, *(None,) * (width - len(row)))


def _writes(
    link: Link, unnamed: Sequence[Unnamed], master: MasterShape, filled: frozenset[int], merges: Merges | None,
    config: Config, now: datetime,
) -> Iterator[RowWrite]:  # fmt: skip
    """What formulas fill is none of a row's own: it is left as it is, and no sign of the row. No sign either is a
    formula that looks at rows above, as a running number does: its copy in the journal may look at none."""
    taken: set[str] = set()
    for one in unnamed:
        content = content_of(one.cells)
        lead_id = _new_id(link, f"typed:{content}:{one.row}:{now.isoformat()}", taken)
        taken.add(lead_id)
        blanks = _blanks(one, lead_id, master, config, now)
        values = {"lead_id": lead_id} | {name: value for name, value in blanks if master.columns[name] not in filled}
        for name in covered(merges, one.row - 1, list(values), master.columns):
            del values[name]  # what a person has laid a merged cell over stays blank
        why = f"a copy of {one.copy_of} in the sheet" if one.copy_of else "typed in the sheet"
        told = {name: (None, value) for name, value in fields_of(one.lead).items() if value is not None}
        change = Change(ids.change_id(f"adopt:{lead_id}"), lead_id, ChangeKind.CREATE, told, "sheet", now, why)
        kept = one.cells[: len(master.header)]  # by the journal
        known = content_of(kept, one.row - 1, filled | _upwards(kept, one.row - 1))
        beside = {column: cell for column, cell in _beside(one, values, master) if column not in filled}
        yield RowWrite(lead_id, (change,), one.row - 1, values, known, beside)


def _upwards(row: Sequence[Cell], at: int) -> frozenset[int]:
    """The columns of a row at a place (0-based) in which a formula looks at rows above."""
    formulas = ((column, relative(str(cell), at, column)) for column, cell in enumerate(row) if is_formula(cell))
    return frozenset(column for column, said in formulas if _UPWARDS.search(said))


def _new_id(link: Link, seed: str, taken: set[str]) -> str:
    with reading(link.engine) as conn:
        known = {found for found in (ids.lead_id(seed, ()),) if mirror.standing(conn, [found])}
    return ids.lead_id(seed, taken | known)


def _blanks(
    one: Unnamed, lead_id: str, master: MasterShape, config: Config, now: datetime
) -> Iterator[tuple[str, Value]]:
    """What a new lead has, for the cells in which nothing stands. A copy has it all already."""
    if one.copy_of:
        return
    for name, value in complete_new(lead_id, fields_of(one.lead), config, now).items():
        column = master.columns.get(name)
        if column is not None and value is not None and name in fields.BY_NAME and not _at(one.cells, column):
            yield name, value


def _beside(one: Unnamed, written: dict[str, Value], master: MasterShape) -> Iterator[tuple[int, Cell]]:
    """The words that the row held when it was read: they shall stand beside what we write."""
    ours = {master.columns[name] for name in written if name in master.columns}
    for column, cell in enumerate(one.cells):
        if column not in ours and isinstance(cell, str) and cell and not is_formula(cell):
            yield column, cell


def _at(row: tuple[Cell, ...], column: int) -> str:
    found = row[column] if column < len(row) else None
    return "" if found is None else str(found)
