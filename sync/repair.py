"""Finds out whether the last flush landed where it was aimed, from the journal in `_crm`, and puts right what did not.

Asked whenever the fence is not the one that we remember: after a flush that its own answer did not verify, a crash, a
lost answer. A repair is a flush of the same kind, with a journal of its own and the same judgement afterwards, until
all of it has landed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from core.config import Config
from core.model import Cell
from store import state, tabs
from store.activity import ActivityEntry
from store.database import reading
from sync import again, crm, filling, journal, straighten, unmended
from sync.batch import MasterShape, spans
from sync.cells import id_of
from sync.errors import LOOKED, UnsafePicture, Unsettled
from sync.flush import Load, flush
from sync.headings import same_titles
from sync.journal import Journal
from sync.judging import Area, Felled, Judged, Turn, area_of, at, judge
from sync.link import Link
from sync.people import NO_IDS, shape_of
from sync.ranges import GridRange
from sync.reading import Rows, read
from sync.restore import FENCE, UNREAD
from sync.reviving import broken, revived, still_gone
from sync.searching import Now, columns_now, wanted_rows
from sync.sheets import metadata
from sync.turns import resolve

REPAIRS = 6  # at once


def mend(link: Link, head: crm.Head, config: Config, now: datetime) -> tuple[crm.Head, tuple[str, ...]]:
    """Put right what the last flush wrote astray. The head in force afterwards, and the changes that have to be done
    again. Raises SheetsProblem, Busy; Unsettled where somebody moved rows every time, and the next cycle goes on."""
    for _ in range(REPAIRS):
        before, (head, redo) = head, _mend_once(link, head, config, now)
        if head is before:
            return head, redo
    raise Unsettled("The sheet was changed each time the app put something right")


def _mend_once(link: Link, head: crm.Head, config: Config, now: datetime) -> tuple[crm.Head, tuple[str, ...]]:
    """One repair, where one is needed. Its own answer does not end it, for it may have written the very ids by which
    rows are known: its journal is judged too."""
    crm_sheet, master = head.roles["crm"], head.roles["master"]
    found, header = _journal(link, crm_sheet, master)
    if found is None or _is_known(link, found.fence):
        # No flush aimed at any row, or someone edited the journal: what stands is what counts. What went astray before
        # that, and was read back, still waits to be done again.
        return head, _waiting(link)
    area = area_of(found, read(link.sheets, [_area(crm_sheet, found.area)], formulas=True)[0])
    judged = judge(area)
    if judged.hollow:
        with link.engine.begin() as conn:
            filling.remember(conn, judged.hollow)
    shape = shape_of(master, _title(link, master), header, 0)
    if "lead_id" not in shape.columns:
        raise UnsafePicture(NO_IDS)
    if gone := still_gone(link.sheets, shape, judged.felled):
        link.step("mend")
        told = tuple(_came_back(gone, found.fence, now))
        grid = next((one.columns for one in metadata(link.sheets).tabs if one.tab.sheet_id == master), 0)
        revives = revived(gone, columns_now(area, judged.header, shape), len(judged.header), grid)
        unmended.leave_broken(link, broken(gone, revives), master=shape, crm_sheet=crm_sheet, fence=found.fence)
        load = Load(revives=revives, told=told, redo=judged.changes, area=1 - found.area)
        back = flush(link, head, shape, load, config, now, lambda conn: state.put(conn, FENCE, UNREAD))
        return back.head, judged.changes
    if not (judged.turns or straighten.shifted(area)):
        return head, judged.changes
    link.step("mend")
    done = resolve(area, judged, _now(link, shape, area, judged))
    if done.parted:
        done = resolve(area, judged, _now(link, shape, area, judged, whole=True))
    left = unmended.leave(link, done, master=shape, crm_sheet=crm_sheet, fence=found.fence, config=config, now=now)
    if not done.restores:
        return head, judged.changes
    # Where somebody has copied the row meanwhile, both are put right, and told of once.
    told = tuple(dict.fromkeys(_entry(turn, back, area, judged.header, now) for turn, back in done.told))
    load = Load(restores=done.restores, told=told, redo=judged.changes, area=1 - found.area, kept=left)
    # What the flush before it did is not read back yet: whoever stops here begins with that again.
    flushed = flush(link, head, shape, load, config, now, lambda conn: state.put(conn, FENCE, UNREAD))
    return flushed.head, judged.changes


def _waiting(link: Link) -> tuple[str, ...]:
    with reading(link.engine) as conn:
        return again.left(conn, ())


def _journal(link: Link, crm_sheet: int, master: int) -> tuple[Journal | None, tuple[Cell, ...]]:
    """The journal's head, and Master's header."""
    ranges = [GridRange(crm_sheet, journal.HEAD_ROW, journal.HEAD_ROW + 1), GridRange(master, 0, 1)]
    row, header = read(link.sheets, ranges)
    return journal.parse_journal(row[0] if row else ()), header[0] if header else ()


def _area(crm_sheet: int, area: int) -> GridRange:
    return GridRange(crm_sheet, journal.first_row(area), journal.first_row(area) + journal.AREA_ROWS)


def _is_known(link: Link, fence: int) -> bool:
    """Whether this database has the effects of that flush."""
    with reading(link.engine) as conn:
        known = crm.fence_of(state.get(conn, FENCE))
    return known is not None and fence <= known


def _now(link: Link, shape: MasterShape, area: Area, judged: Judged, *, whole: bool = False) -> Now:
    """The rows of Master that the turns are about, or all, as they stand now. Two reads. Raises Unsettled where
    somebody moved rows or columns between them: what was looked for would not be found, and taken for settled."""
    column = shape.columns.get("lead_id", 0)
    cells = read(link.sheets, [GridRange(shape.sheet_id, 0, None, column, column + 1)])[0]
    ids = [id_of(row[0]) if row else "" for row in cells]
    created = area.journal.created if straighten.shifted(area) else ()
    if set(created) <= {one for one in ids if one} and not whole:
        wanted, last = wanted_rows(judged.turns, created, ids), max(len(ids) - 1, 0)
        blocks = list(spans(wanted))
        ranges = [GridRange(shape.sheet_id, 0, 2), *(GridRange(shape.sheet_id, *block) for block in blocks)]
        # Behind the last id, too, may stand rows: a sort puts those without one at the end.
        top, *parts, end = read(link.sheets, [*ranges, GridRange(shape.sheet_id, last)], formulas=True)
        found = {
            n: cells for (first, _), part in zip(blocks, parts, strict=True) for n, cells in enumerate(part, first)
        }
        rows = {row: found.get(row, ()) for row in wanted}
        rows |= {row: cells for row, cells in enumerate(end, last) if row >= len(ids)}
        _stood_still(shape, column, ids, top[:1], rows)
    else:  # their ids may stand in any column, or nowhere
        top = every = read(link.sheets, [GridRange(shape.sheet_id)], formulas=True)[0]
        rows = dict(enumerate(every[1:], 1))
        _stood_still(shape, column, ids, every[:1], rows)
    ids += [""] * (max(rows, default=0) + 1 - len(ids))
    named: dict[str, list[int]] = {}
    for n, said in enumerate(ids):
        named.setdefault(said, []).append(n)
    return Now(shape, ids, named, rows, filling.filled_columns(top, shape.columns.values()), whole)


def _stood_still(
    shape: MasterShape, column: int, ids: Sequence[str], header: Rows, rows: Mapping[int, tuple[Cell, ...]]
) -> None:
    same = same_titles(shape.header, header[0] if header else ())
    names = [id_of(at(cells, column)) == (ids[n] if n < len(ids) else "") for n, cells in rows.items()]
    if not (same and all(names)):
        raise Unsettled(LOOKED)


def _entry(turn: Turn, back: Cell, area: Area, header: Sequence[Cell], now: datetime) -> ActivityEntry:
    why = "put back: the row was moved while the app wrote"
    crm_row = turn.source[0] if turn.source else 0
    change_id = f"repair {area.journal.fence} {crm_row}"
    name = area.field_at(turn.column) or str(at(header, turn.column) or "")
    return ActivityEntry(now, change_id, turn.owner, "sync", name, _text(turn.ours), _text(back), why)


def _came_back(gone: Sequence[Felled], fence: int, now: datetime) -> Iterator[ActivityEntry]:
    why = "put back: another row stood there when the app deleted one"
    for one in gone:
        if one.owner:
            yield ActivityEntry(now, f"repair {fence} {one.crm_row}", one.owner, "sync", "lead", None, one.owner, why)


def _text(cell: Cell) -> str | None:
    return None if cell is None or cell == "" else str(cell)


def _title(link: Link, sheet_id: int) -> str:
    with reading(link.engine) as conn:
        known = tabs.tab(conn, sheet_id)
    return known.title if known else "Master"
