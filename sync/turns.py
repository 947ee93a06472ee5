"""What a repair writes: the cells that shall show something else, found in Master as it stands now.

Several turns of one cell follow each other: what a repair wrote to the wrong row is taken back to what an earlier flush
had left there, and that to what belongs there. Pure; between `sync.searching` and `sync.repair`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from core.fields import BY_NAME, Kind
from core.merge import three_way
from core.model import Cell
from sync import new_rows, straighten
from sync.journal import ROWS
from sync.journaling import Restore
from sync.judging import Area, Judged, Turn
from sync.left_behind import lacking, left_behind
from sync.searching import Now, Place, Search, columns_now, titled
from sync.telling_apart import told_apart
from sync.worth import content_of, is_broken, is_formula, worth

NewLead = tuple[int, tuple[Cell, ...], int]  # a row, its cells, and which of the flush's new leads it is


@dataclass(frozen=True, slots=True)
class Resolved:
    """Cells to write, what Activity is to be told of (a turn, and what the cell shows after it and those that follow),
    what only a person can put right, and by lead and field what new leads have for columns that are gone. `apart`: new
    leads whose ids a sort took to another row, with what their own row says. `parted`: somebody has sorted ids away
    from a row that is looked for, which all of Master may show."""

    restores: tuple[Restore, ...]
    told: tuple[tuple[Turn, Cell], ...]
    helpless: tuple[Turn, ...]
    homeless: tuple[tuple[str, str, Cell], ...] = ()
    apart: tuple[tuple[str, tuple[Cell, ...]], ...] = ()
    parted: bool = False


def resolve(area: Area, judged: Judged, now: Now) -> Resolved:
    """The turns, and those of new leads that stand crooked, as cells of Master."""
    columns = columns_now(area, judged.header, now.shape)
    searches, new = _searches(area, judged, columns, now), _new_leads(area, columns, now)
    doubtful = [one for one in new if new_rows.doubtful(area, one[2], one[0], one[1], columns)]
    apart = tuple(_apart(area, columns, now, doubtful))
    new = [one for one in new if one not in doubtful or area.journal.created[one[2]] not in dict(apart)]
    whose = {row: number for row, _, number in new}
    behind = list(left_behind(area, whose, now.rows, columns))
    found: dict[Place, list[Search]] = {}
    for place, search in [
        *((place, one) for one in searches for place in one.places()),
        *_crooked(area, columns, now, new, behind),
    ]:
        found.setdefault(place, []).append(search)
    ranked = {place: _ranked(ones, place[0]) for place, ones in told_apart(found).items()}
    chains = {place: chain for place, turns in ranked.items() if (chain := _chain(now.shows(*place), turns))}
    chains |= {p: [grown] for p in ranked.keys() - chains.keys() if (grown := _grown(area, now.cell(*p), ranked[p]))}
    lost = _lost(searches, ranked, chains)
    helpless = [*(one.helpless() for one in lost if one.counts()), *_unplaced(area, columns, new, behind)]
    fitting = set(sorted({row for row, _ in chains})[:ROWS])  # a journal holds no more
    left = [place for place, chain in chains.items() if place[0] not in fitting or is_broken(chain[-1].back)]
    helpless += [chains.pop(place)[-1] for place in left]
    told = [(chain[0], chain[-1].back) for chain in chains.values() if not any(turn.tries for turn in chain)]
    restores = tuple(_restore(now, p, c) for p, c in chains.items())
    short = bool(doubtful) or bool(lacking(area, whose, now.rows, columns))
    parted = not now.whole and (short or any(one.parted() for one in lost))
    return Resolved(restores, tuple(told), tuple(helpless), tuple(_homeless(area, columns, new)), apart, parted)


def _searches(area: Area, judged: Judged, columns: Mapping[int, int], now: Now) -> list[Search]:
    """The turns, looked for. Where one of them gives a row an id back that stands nowhere, what is meant for that id
    comes to this row in the same repair. One of a column that was lost as the flush wrote may stand in any that it had
    not been aimed by."""
    aimed = {*area.places.values(), *area.columns.values()}
    told = titled(columns, judged.header, now.shape)
    sure, known = {*told.values()}, {place for column, place in told.items() if column in aimed}
    searches = [Search(turn, columns, now, sure if turn.column >= 0 else known) for turn in judged.turns]
    ids, given = now.shape.columns.get("lead_id"), dict[str, list[int]]()
    for one in searches:
        back = one.turn.back
        if columns.get(one.turn.column) == ids and isinstance(back, str) and back and back not in now.named:
            given.setdefault(back, []).extend(row for row, c in one.places() if now.shows(row, c) == one.turn.now)
    named = replace(now, named={**now.named, **given})
    return [replace(one, now=named) for one in searches] if given else searches


def _lost(
    searches: Sequence[Search], ranked: Mapping[Place, Sequence[Turn]], chains: Mapping[Place, Sequence[Turn]]
) -> list[Search]:
    """Those whose cell was not found, or shows something else beside an id that may have been sorted away."""
    placed, chained = ({turn for turns in places.values() for turn in turns} for places in (ranked, chains))
    return [one for one in searches if one.turn not in placed or (one.turn not in chained and one.parted())]


def _new_leads(area: Area, columns: Mapping[int, int], now: Now) -> list[NewLead]:
    """The rows of new leads, where these stand crooked, each with which of them it is."""
    found = new_rows.rows_of(area, now.rows, columns) if straighten.shifted(area) else ()
    return [(row, now.rows[row], number) for row, number in found]


def _apart(
    area: Area, columns: Mapping[int, int], now: Now, doubtful: Sequence[NewLead]
) -> Iterator[tuple[str, tuple[Cell, ...]]]:
    """Of these new leads those that stand in another row than their id."""
    for row, _, number in doubtful:
        if words := new_rows.apart(area, number, row, now.rows, columns):
            yield area.journal.created[number], words


def _homeless(area: Area, columns: Mapping[int, int], new: Sequence[NewLead]) -> Iterator[tuple[str, str, Cell]]:
    """By lead and field what new leads have for columns that are gone."""
    for _, _, number in new:
        for name, cell in straighten.homeless(area, number, columns):
            yield area.journal.created[number], name, cell


def _crooked(
    area: Area, columns: Mapping[int, int], now: Now, new: Sequence[NewLead], left: Sequence[tuple[int, Turn]]
) -> Iterator[tuple[Place, Search]]:
    """The cells of new leads, and what a sort has left of them."""
    for row, _, number in new:
        for turn in straighten.turns(area, number, row, columns):
            if turn.column in columns:
                yield (row, columns[turn.column]), Search(turn, columns, now, columns.values())
        for turn in straighten.unnamed(area, number):
            yield (row, now.shape.columns["lead_id"]), Search(turn, columns, now, columns.values())
    for row, turn in left:
        if turn.column >= 0:
            yield (row, columns[turn.column]), Search(turn, columns, now, columns.values())


def _unplaced(
    area: Area, columns: Mapping[int, int], new: Sequence[NewLead], left: Sequence[tuple[int, Turn]]
) -> Iterator[Turn]:
    """What was written for columns that nobody can tell, and what a sort has left where it cannot stay."""
    for row, cells, number in new:
        yield from straighten.helpless(area, number, row, cells, columns)
    yield from (turn for _, turn in left if turn.column < 0)


def _ranked(found: Sequence[Search], row: int) -> list[Turn]:
    """The turns of a cell, the last one first; of several the one whose row held what this one holds. A word of ours in
    the column of ids names more than one row."""
    return [one.turn for one in sorted(found, key=lambda one: (-one.turn.tries, -one.share(row)))]


def _chain(says: str, turns: Sequence[Turn]) -> list[Turn]:
    """The turns that follow each other from what a cell shows now; empty where it shows something else, or comes back
    to what it shows."""
    shows, chain, left = says, list[Turn](), list(turns)
    while following := next((turn for turn in left if turn.now == shows), None):
        left.remove(following)
        chain.append(following)
        shows = following.goal
    return chain if chain and shows != says else []


def _grown(area: Area, says: Cell, turns: Sequence[Turn]) -> Turn | None:
    """The turn of notes to which somebody has added while another lead's stood there: those go, and what was added
    stays beside what belongs there."""
    for turn in turns:
        name, ours, shown = area.field_at(turn.column), _lines(turn.ours), _lines(says)
        notes = name is not None and BY_NAME[name].kind is Kind.LONG_TEXT
        chain = _chain(turn.now, turns) if notes and ours and ours < shown else []
        if chain and not is_formula(chain[-1].back):
            both = three_way(str(turn.ours), chain[-1].back, says, Kind.LONG_TEXT).value
            back = both if isinstance(both, str) else None
            return replace(turn, now=worth(says, 0, 0), back=back, source=None) if back != says else None
    return None


def _lines(cell: Cell) -> set[str]:
    return set(str(cell).split("\n")) if cell not in (None, "") else set()


def _restore(now: Now, place: Place, chain: Sequence[Turn]) -> Restore:
    row, column = place
    cells, last = now.rows[row], chain[-1]
    lead_id = now.ids[row] if row < len(now.ids) else ""
    alone = lead_id and len(now.named[lead_id]) == 1
    content = "" if alone else content_of(cells[: len(now.shape.header)], row, now.filled)
    wrong, tries = now.shows(row, column), max(turn.tries for turn in chain)
    stood = tuple(worth(cell, row, c) for c, cell in enumerate(cells[: len(now.shape.header)]))
    return Restore(lead_id, content, row, column, last.source, last.back, wrong, tries, stood, last.formula)
