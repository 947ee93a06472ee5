"""Which known row an edited row was: by key and timestamp, then by unchanged neighbours, then by its cells.

Called by `core.identity.identify` with the rows that content does not know. A pair is made only where it is the only
one possible; shared traits with several known rows are a doubt that a person settles. Rows that share nothing are new.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from core.model import Cell, LedgerEntry, SourceRow

_GAP_LIMIT = 400  # known rows between two unchanged neighbours that are compared one by one
_TELLING = 3  # a cell that more rows of the tab than this share does not tell whose row it is
_MOST = 0.5  # the share of unchanged cells from which a row is the same one, edited
_NEAR = 20  # known rows that a doubt names at most
Traits = tuple[str, str, str]
"""Contact, moment and name of a row key; "" where the row has none."""


@dataclass(frozen=True, slots=True)
class KnownRow:
    """A row of the ledger that was in the tab when it was last read whole: where it stood then (1-based, None when that
    is not known) and what it said (None when that is not known, or when the header was another one)."""

    entry: LedgerEntry
    position: int | None = None
    cells: tuple[Cell, ...] | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """A row of the tab and the known row that it is (same), was (edited) or repeats (copied); `why` in words."""

    row: SourceRow
    known: KnownRow
    why: str = ""


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A row that may be an edit of several known ones, or of one that it shares too little with."""

    row: SourceRow
    candidates: tuple[KnownRow, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Found:
    """What became of the rows that content did not know."""

    new: tuple[SourceRow, ...] = ()
    edited: tuple[Pair, ...] = ()
    doubtful: tuple[Doubtful, ...] = ()
    unsettled: tuple[SourceRow, ...] = ()


def _traits(key: str) -> Traits:
    contact, _, rest = key.partition(".")
    moment, _, name = rest.partition(".")
    return contact, moment, name


# What must be equal for a pair, strongest first, and in what words. Every trait named must be there.
_BY_KEY: tuple[tuple[tuple[int, ...], str], ...] = (
    ((0, 1, 2), "edited: same contact, time and name"),
    ((0, 2), "edited: same contact and name"),
    ((0, 1), "edited: same contact and time"),
    ((1, 2), "edited: same time and name"),
)
_WEAKER: tuple[tuple[tuple[int, ...], str], ...] = (
    ((0,), "edited: same contact"),
    ((1,), "edited: same time"),
)


@dataclass(slots=True)
class _Search:
    """The rows and known rows that are still without a partner, while pairs are being found."""

    rows: dict[int, SourceRow]  # by index in the order of the tab
    known: dict[int, KnownRow]  # by index in the old order (positions first, unknown positions last)
    row_traits: dict[int, Traits]
    known_traits: dict[int, Traits]
    positioned: int | None  # how many known rows there were, None where the position of one is not known
    seen: Counter[tuple[type, Cell]]  # in how many known rows of the tab each cell of the candidates stands
    pairs: dict[int, Pair] = field(default_factory=dict)
    partner: dict[int, int] = field(default_factory=dict)  # row index -> known index, same rows included
    inserted: set[int] = field(default_factory=set)  # rows between neighbours that always were neighbours

    def pair(self, row: int, known: int, why: str) -> None:
        self.pairs[row] = Pair(self.rows.pop(row), self.known.pop(known), why)
        self.partner[row] = known

    def shared(self, row: int, known: int) -> bool:
        """Whether the two have anything to do with each other: a trait, or most of their cells."""
        if any(a and a == b for a, b in zip(self.row_traits[row], self.known_traits[known], strict=True)):
            return True
        share, telling = self.likeness(row, known)
        return share >= _MOST and telling > 0

    def likeness(self, row: int, known: int) -> tuple[float, int]:
        """The share of the longer row's filled cells that stand in the other, and how many of those are telling: a
        city or a source that many rows have says nothing about whose row it is."""
        old = self.known[known].cells
        if old is None:
            return 0.0, 0
        mine, other = Counter(_filled(self.rows[row].cells)), Counter(_filled(old))
        both = mine & other
        longest = max(mine.total(), other.total())
        return (both.total() / longest if longest else 0.0), sum(self.seen[cell] <= _TELLING for cell in both)


def _filled(cells: Sequence[Cell]) -> Iterator[tuple[type, Cell]]:
    return ((type(cell), cell) for cell in cells if cell is not None and cell != "")


def pair_whole(
    rows: Sequence[SourceRow],
    unknown: Sequence[SourceRow],
    same: Sequence[Pair],
    left: Sequence[KnownRow],
    known: Sequence[KnownRow],
    key_of: Callable[[SourceRow], str],
) -> Found:
    """Pair rows of a tab that was read whole."""
    if not left:
        return Found(new=tuple(unknown))
    search = _begin(rows, unknown, same, left, known, key_of)
    for which, why in _BY_KEY:
        _by_traits(search, which, why)
    _by_neighbours(search, rows)
    for which, why in _WEAKER:
        _by_traits(search, which, why)
    _by_cells(search)
    return _finish(search)


def _begin(
    rows: Sequence[SourceRow],
    unknown: Sequence[SourceRow],
    same: Sequence[Pair],
    left: Sequence[KnownRow],
    known: Sequence[KnownRow],
    key_of: Callable[[SourceRow], str],
) -> _Search:
    index_of_row = {row.fingerprint: index for index, row in enumerate(rows)}
    ordered = sorted(known, key=lambda item: (item.position is None, item.position or 0))
    index_of_known = {item.entry.fingerprint: index for index, item in enumerate(ordered)}
    searched = {index_of_row[row.fingerprint]: row for row in unknown}
    candidates = {index_of_known[item.entry.fingerprint]: item for item in left}
    wanted = {cell for item in left for cell in _filled(item.cells or ())}
    return _Search(
        seen=Counter(cell for item in known for cell in _filled(item.cells or ()) if cell in wanted),
        rows=searched,
        known=candidates,
        row_traits={index: _traits(key_of(row)) for index, row in searched.items()},
        known_traits={index: _traits(item.entry.key) for index, item in candidates.items()},
        positioned=None if any(item.position is None for item in known) else len(ordered),
        partner={index_of_row[p.row.fingerprint]: index_of_known[p.known.entry.fingerprint] for p in same},
    )


def _grouped(
    traits: dict[int, Traits], alive: Iterable[int], which: tuple[int, ...]
) -> dict[tuple[str, ...], list[int]]:
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for index in alive:
        chosen = tuple(traits[index][part] for part in which)
        if all(chosen):
            groups[chosen].append(index)
    return groups


def _by_traits(search: _Search, which: tuple[int, ...], why: str) -> None:
    """Pair what shares these traits, where one row meets one known row, or all the known rows made the same leads."""
    old = _grouped(search.known_traits, search.known, which)
    if not old:
        return
    rows = [index for index in search.rows if index not in search.inserted]
    for traits, mine in _grouped(search.row_traits, rows, which).items():
        candidates = old.get(traits)
        if not candidates:
            continue
        one_lead = len({search.known[index].entry.lead_ids for index in candidates}) == 1
        if (len(mine) == len(candidates) == 1) or one_lead:
            for row, known in zip(sorted(mine), sorted(candidates), strict=False):
                search.pair(row, known, why)


def _by_neighbours(search: _Search, rows: Sequence[SourceRow]) -> None:
    """Pair rows that stand between the same two neighbours as before. Where the neighbours always stood side by side,
    the rows between them were inserted. The edges of the tab count as neighbours. Says nothing where an old place is
    unknown."""
    if search.positioned is None:
        return
    free = sorted(search.known)
    for run in _runs(search):
        before = -1 if run[0] == 0 else search.partner.get(run[0] - 1)
        after = search.positioned if run[-1] + 1 == len(rows) else search.partner.get(run[-1] + 1)
        if before is None or after is None or not before < after <= search.positioned:
            continue
        gap = free[bisect_right(free, before) : bisect_left(free, after)]
        if len(gap) != after - before - 1 or len(gap) > _GAP_LIMIT or len(run) > _GAP_LIMIT:
            continue
        if gap:
            _align(search, run, [index for index in gap if index in search.known])
        else:
            search.inserted.update(run)


def _runs(search: _Search) -> list[list[int]]:
    runs: list[list[int]] = []
    for index in sorted(search.rows):
        if runs and runs[-1][-1] == index - 1:
            runs[-1].append(index)
        else:
            runs.append([index])
    return runs


def _align(search: _Search, run: list[int], gap: list[int]) -> None:
    """Pair the rows of a run with the known rows of the same gap, in order where they are as many, else where only one
    has to do with the other."""
    if len(run) == len(gap):
        for row, known in zip(run, gap, strict=True):
            if search.shared(row, known):
                search.pair(row, known, "edited: between the same neighbours")
        return
    partners = {row: [known for known in gap if search.shared(row, known)] for row in run}
    wanted = Counter(known for found in partners.values() for known in found)
    for row, found in partners.items():
        if len(found) == 1 and wanted[found[0]] == 1:
            search.pair(row, found[0], "edited: between the same neighbours")


def _by_cells(search: _Search) -> None:
    """Pair rows most of whose cells stand in one known row and in no other. A row between neighbours that always were
    neighbours was moved there or is new, so it has to share more."""
    holders: dict[tuple[type, Cell], list[int]] = defaultdict(list)
    for index, item in search.known.items():
        for cell in set(_filled(item.cells or ())):
            if search.seen[cell] <= _TELLING:
                holders[cell].append(index)
    wanted: dict[int, list[int]] = defaultdict(list)
    for row, source in search.rows.items():
        near = {known for cell in _filled(source.cells) for known in holders.get(cell, ())}
        for known in near:
            share, telling = search.likeness(row, known)
            if share >= _MOST and telling > (row in search.inserted):
                wanted[known].append(row)
    claims = Counter(row for rows in wanted.values() for row in rows)
    for known, claimants in wanted.items():
        if len(claimants) == 1 and claims[claimants[0]] == 1:
            search.pair(claimants[0], known, "edited: most cells unchanged")


def _finish(search: _Search) -> Found:
    """What is left is new, unless it shares a trait with a known row that is left too: then it is a doubt."""
    by_trait: dict[tuple[int, str], list[int]] = defaultdict(list)
    for index, traits in search.known_traits.items():
        if index in search.known and search.known[index].entry.lead_ids:
            for part, text in enumerate(traits):
                if text and len(by_trait[part, text]) < _NEAR:
                    by_trait[part, text].append(index)
    new: list[SourceRow] = []
    doubtful: list[Doubtful] = []
    for index, row in sorted(search.rows.items()):
        parts = (0, 1) if index in search.inserted else (0, 1, 2)
        near = sorted({k for part in parts for k in by_trait.get((part, search.row_traits[index][part]), ())})
        if near:
            candidates = tuple(search.known[k] for k in near)
            leads = ", ".join(dict.fromkeys(lead for item in candidates for lead in item.entry.lead_ids))
            why = f"This row may be an edit of the row that made {leads}, or a new one: no one can tell for sure."
            doubtful.append(Doubtful(row, candidates, why))
        else:
            new.append(row)
    edited = tuple(pair for _, pair in sorted(search.pairs.items()))
    return Found(new=tuple(new), edited=edited, doubtful=tuple(doubtful))


def pair_part(
    rows: Sequence[SourceRow],
    unknown: Sequence[SourceRow],
    same: Sequence[Pair],
    left: Sequence[KnownRow],
    key_of: Callable[[SourceRow], str],
) -> Found:
    """Pair rows of a part of a tab: only where everything else in the part stands where it stood (nothing was sorted,
    inserted or deleted above). Otherwise the rows stay unsettled until the tab has been read whole."""
    read = {row.row for row in rows}
    moved = any(pair.known.position != pair.row.row for pair in same)
    expected = {item.position: item for item in left if item.position in read}
    in_place = {row.row for row in unknown}
    if moved or any(item.position is None for item in left) or not in_place.issuperset(expected):
        return Found(unsettled=tuple(unknown))
    new: list[SourceRow] = []
    edited: list[Pair] = []
    for row in unknown:
        item = expected.get(row.row)
        search = None if item is None else _begin(rows, [row], (), [item], [item], key_of)
        if item is not None and search is not None and search.shared(next(iter(search.rows)), 0):
            edited.append(Pair(row, item, "edited: in its place"))
        else:
            new.append(row)
    return Found(new=tuple(new), edited=tuple(edited))
