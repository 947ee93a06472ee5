"""What a repair writes: the cells that shall show something else, found in Master as it stands now.

Several turns of one cell follow each other: what a repair wrote to the wrong row is taken back to what an earlier flush
had left there, and that to what belongs there. Pure; between `sync.judging` and `sync.repair`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.model import Cell
from sync import straighten
from sync.aligned import aligned
from sync.batch import MasterShape
from sync.journal import ROWS
from sync.journaling import Restore
from sync.judging import ALIKE, Area, Judged, Turn, at
from sync.worth import content_of, is_formula, left_out, worth

TRIES = 20  # that one cell is missed, before it is left to a person

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Now:
    """Master at this moment: the id cell of each row, the rows in which each id stands, and the rows that were read.
    `filled`: columns that formulas may fill: the journal's copies show nothing of them. `whole`: these are all rows."""

    shape: MasterShape
    ids: Sequence[str]
    named: Mapping[str, Sequence[int]]
    rows: Mapping[int, tuple[Cell, ...]]
    filled: frozenset[int] = frozenset()
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Resolved:
    """Cells to write, what Activity is to be told of (a turn, and what the cell shows after it and those that follow),
    what only a person can put right, and by lead and field what new leads have for columns that are gone. `parted`:
    somebody has sorted ids away from a row that is looked for, which all of Master may show."""

    restores: tuple[Restore, ...]
    told: tuple[tuple[Turn, Cell], ...]
    helpless: tuple[Turn, ...]
    homeless: tuple[tuple[str, str, Cell], ...] = ()
    parted: bool = False


def wanted_rows(turns: Sequence[Turn], created: Sequence[str], ids: Sequence[str]) -> list[int]:
    """The rows of Master (0-based) to look at: those with an id that is asked for, and those without one, which may
    have lost it since. A row that is known by its content may have an id too, which another one has as well: somebody
    has copied it."""
    asked = {one for turn in turns for one in (*turn.ids, turn.owner) if one} | set(created)
    return [n for n, said in enumerate(ids) if n and (said in asked or not said)]


def resolve(area: Area, judged: Judged, now: Now) -> Resolved:
    """The turns, and those of new leads that stand crooked, as cells of Master."""
    columns = columns_now(area, judged.header, now.shape)
    found: dict[Place, list[Turn]] = {}
    for turn in judged.turns:
        for place in _places_of(turn, columns, now) if turn.tries <= TRIES else ():
            found.setdefault(place, []).append(turn)
    placed = {turn for turns in found.values() for turn in turns}
    for place, turn in _crooked(area, columns, now):
        found.setdefault(place, []).append(turn)
    ranked = {place: _ranked(turns, place[0], columns, now) for place, turns in found.items()}
    chains = {place: chain for place, turns in ranked.items() if (chain := _chain(_cell(now, place), place, turns))}
    chained = {turn for chain in chains.values() for turn in chain}
    lost = [t for t in judged.turns if t not in placed or (t not in chained and _parted(t, columns, now))]
    helpless = [turn for turn in lost if _counts(turn, columns, now)]
    fitting = set(sorted({row for row, _ in chains})[:ROWS])  # a journal holds no more
    left = [place for place, chain in chains.items() if place[0] not in fitting or _is_broken(chain[-1])]
    helpless += [chains.pop(place)[-1] for place in left]
    told = [(chain[0], chain[-1].back) for chain in chains.values() if not any(turn.tries for turn in chain)]
    restores = tuple(_restore(now, p, c) for p, c in chains.items())
    homeless = [
        (area.journal.created[number], name, cell)
        for _, cells, number in _new_leads(area, now)
        for name, cell in straighten.homeless(area, number, cells, columns)
    ]
    parted = not now.whole and any(_parted(turn, columns, now) for turn in lost)
    return Resolved(restores, tuple(told), tuple(helpless), tuple(homeless), parted)


def columns_now(area: Area, then: Sequence[Cell], shape: MasterShape) -> dict[int, int]:
    """Where the columns of the flush stand now, whatever their headers said then; those that nobody can tell so, by
    the names of our fields."""
    found = dict(aligned(then, shape.header))
    taken = set(found.values())
    named = ((c, shape.columns.get(name, -1)) for name, c in area.columns.items())
    return found | {c: place for c, place in named if c not in found and place not in taken | {-1}}


def _places_of(turn: Turn, columns: Mapping[int, int], now: Now) -> list[Place]:
    """The cells of a turn. Where its column cannot be told by the headers any more, the one cell of the row that shows
    what we wrote, among the columns that nobody knows."""
    column, rows = columns.get(turn.column), _rows_of(turn, columns, now)
    if column is not None:
        return [(row, column) for row in rows]
    unknown = set(range(len(now.shape.header))) - set(columns.values())
    showing = {row: [c for c in unknown if worth(_cell(now, (row, c)), row, c) == turn.now] for row in rows}
    known = turn.now and all(len(here) == 1 for here in showing.values())
    return [(row, here[0]) for row, here in showing.items()] if known else []


def _rows_of(turn: Turn, columns: Mapping[int, int], now: Now) -> list[int]:
    """The rows that are named as the turn says. Where none of these shows what we wrote, also the one that is alike: of
    those without an id, which may have been cleared and stand in a copy, and where it was sorted away, of all."""
    if turn.content:
        same = [n for n, row in now.rows.items() if _is_named(turn.content, row[: len(now.shape.header)], n, now)]
        return same or _alike(turn, columns, now, _unsure(turn, now))
    if not _missing(turn, columns, now) or (_parted(turn, columns, now) and not now.whole):
        return _by_id(turn, now)
    others = now.rows if _parted(turn, columns, now) else _unsure(turn, now)
    return [*_by_id(turn, now), *_alike(turn, columns, now, others)]


def _is_named(name: str, row: Sequence[Cell], number: int, now: Now) -> bool:
    """Whether a row is the one of that name: by what it leaves out, or without what formulas fill now."""
    said = name.split()[0]
    return any(content_of(row, number, but).split()[0] == said for but in (left_out(name), now.filled))


def _unsure(turn: Turn, now: Now) -> list[int]:
    """Rows without an id, or with one that stands twice."""
    doubled = {said for said in (turn.owner,) if len(now.named.get(said, ())) > 1}
    return [n for n in now.rows if n < len(now.ids) and now.ids[n] in {"", *doubled}]


def _alike(turn: Turn, columns: Mapping[int, int], now: Now, rows: Iterable[int]) -> list[int]:
    """The one of these rows that still holds what we wrote and most of what it held besides: people went on."""
    holding, most = _shown(turn, columns, now, rows), _most(turn, columns, now)
    alike = [n for n in holding if most <= (share := _share(turn, columns, now, n)) and share > ALIKE]
    return alike if len(alike) == 1 else []


def _shown(turn: Turn, columns: Mapping[int, int], now: Now, rows: Iterable[int]) -> list[int]:
    """Those of the rows that show what we wrote where we wrote it."""
    column = columns.get(turn.column, -1)
    return [n for n in rows if worth(at(now.rows[n], column), n, column) == turn.now]


def _missing(turn: Turn, columns: Mapping[int, int], now: Now) -> bool:
    """Whether what we wrote does not stand by the id that its row had."""
    return bool(turn.now and turn.like) and not _shown(turn, columns, now, _by_id(turn, now))


def _parted(turn: Turn, columns: Mapping[int, int], now: Now) -> bool:
    """Whether the id of a row may have been sorted away from the rest of it: where it stands now there is not what we
    wrote, nor all that was beside it. What a repair had found there may have been sorted away alone."""
    known = turn.column in columns and bool(_by_id(turn, now))
    changed = turn.tries or _most(turn, columns, now) < 1
    return known and _missing(turn, columns, now) and bool(changed)


def _by_id(turn: Turn, now: Now) -> list[int]:
    return sorted({n for said in turn.ids for n in now.named.get(said, ()) if n and n in now.rows})


def _most(turn: Turn, columns: Mapping[int, int], now: Now) -> float:
    """How much of what a row held stands beside its id."""
    return max((_share(turn, columns, now, n) for n in _by_id(turn, now)), default=0.0)


def _share(turn: Turn, columns: Mapping[int, int], now: Now, row: int) -> float:
    """How much of what a row held besides, other than its id, it still holds."""
    others = [(columns[c], said) for c, said in enumerate(turn.like) if said and c in columns and c != turn.column]
    wanted = [(c, said) for c, said in others if c != now.shape.columns.get("lead_id")]
    return sum(worth(_cell(now, (row, c)), row, c) == said for c, said in wanted) / len(wanted) if wanted else 1.0


def _counts(turn: Turn, columns: Mapping[int, int], now: Now) -> bool:
    """Whether a turn whose cell was not found is worth telling: not if its row was deleted, or its value is gone. Where
    its column was sorted away from the ids, the one cell of another row that shows what we wrote may be it."""
    if turn.tries > TRIES or turn.column not in columns:
        return True
    if _parted(turn, columns, now):
        return len(_shown(turn, columns, now, now.rows)) == 1
    nameless = [n for n in now.rows if n < len(now.ids) and not now.ids[n]]
    return not turn.ids or bool(_shown(turn, columns, now, nameless))


def _crooked(area: Area, columns: Mapping[int, int], now: Now) -> Iterator[tuple[Place, Turn]]:
    """The cells of new leads."""
    for row, cells, number in _new_leads(area, now):
        for turn in straighten.turns(area, number, cells, columns):
            if turn.column in columns:
                yield (row, columns[turn.column]), turn


def _new_leads(area: Area, now: Now) -> Iterator[tuple[int, tuple[Cell, ...], int]]:
    """The rows of new leads that stand crooked, each with which of them it is."""
    if not straighten.shifted(area):
        return
    numbers = {lead_id: number for number, lead_id in enumerate(area.journal.created)}
    for row, cells in now.rows.items():
        number = next((numbers[one] for one in map(str, cells) if one in numbers), None)
        if number is not None:
            yield row, cells, number


def _ranked(turns: Iterable[Turn], row: int, columns: Mapping[int, int], now: Now) -> list[Turn]:
    """The turns of a cell, the last one first; of several the one whose row held what this one holds. A word of ours in
    the column of ids names more than one row."""
    return sorted(turns, key=lambda turn: (-turn.tries, -_share(turn, columns, now, row)))


def _chain(cell: Cell, place: Place, turns: Sequence[Turn]) -> list[Turn]:
    """The turns that follow each other from what a cell shows now; empty where it shows something else, or comes back
    to what it shows."""
    shows, chain, left = worth(cell, *place), list[Turn](), list(turns)
    while following := next((turn for turn in left if turn.now == shows), None):
        left.remove(following)
        chain.append(following)
        shows = following.goal
    return chain if chain and shows != worth(cell, *place) else []


def _is_broken(turn: Turn) -> bool:
    """A formula that lost its references on the way to the journal."""
    return is_formula(turn.back) and "#REF!" in str(turn.back)


def _cell(now: Now, place: Place) -> Cell:
    return at(now.rows.get(place[0], ()), place[1])


def _restore(now: Now, place: Place, chain: Sequence[Turn]) -> Restore:
    row, column = place
    cells, last = now.rows[row], chain[-1]
    lead_id = now.ids[row] if row < len(now.ids) else ""
    alone = lead_id and len(now.named[lead_id]) == 1
    content = "" if alone else content_of(cells[: len(now.shape.header)], row, now.filled)
    wrong, tries = worth(at(cells, column), row, column), max(turn.tries for turn in chain)
    stood = tuple(worth(cell, row, c) for c, cell in enumerate(cells[: len(now.shape.header)]))
    return Restore(lead_id, content, row, column, last.source, last.back, wrong, tries, stood)
