"""Where in Master as it stands now is the cell of a turn? Rows and columns may have been moved, sorted, copied, cleared
or deleted since the flush.

A row is known by its id; where that was cleared or sorted away, by what it holds. Pure; between `sync.judging` and
`sync.turns`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from core.model import Cell
from core.reading import WHOLE_ROWS
from sync.aligned import aligned
from sync.batch import MasterShape
from sync.judging import ALIKE, Area, Turn, at
from sync.worth import content_of, left_out, worth

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
    index: dict[int, Mapping[str, list[int]]] = field(default_factory=dict)  # by column, made as it is asked for

    def cell(self, row: int, column: int) -> Cell:
        return at(self.rows.get(row, ()), column)

    def shows(self, row: int, column: int) -> str:
        return worth(self.cell(row, column), row, column)

    def showing(self, column: int, said: str) -> Sequence[int]:
        """Of all the rows that were read those that show this in a column: asked for many a turn."""
        if column not in self.index:
            self.index[column] = by_worth = defaultdict(list)
            for row in self.rows:
                by_worth[self.shows(row, column)].append(row)
        return self.index[column].get(said, ())

    def nameless(self) -> list[int]:
        """Rows without an id, or behind the last one."""
        return [n for n in self.rows if n < len(self.ids) and not self.ids[n]]


def wanted_rows(turns: Sequence[Turn], created: Sequence[str], ids: Sequence[str]) -> list[int]:
    """The rows of Master (0-based) to look at: those with an id that is asked for, and those without one, which may
    have lost it since. A row that is known by its content may have an id too, which another one has as well: somebody
    has copied it."""
    asked = {one for turn in turns for one in (*turn.ids, turn.owner) if one} | set(created)
    return [n for n, said in enumerate(ids) if n and (said in asked or not said)]


def columns_now(area: Area, then: Sequence[Cell], shape: MasterShape) -> dict[int, int]:
    """Where the columns of the flush stand now, whatever their headers said then; those that nobody can tell so, by
    the names of our fields."""
    found = dict(aligned(then, shape.header))
    taken = set(found.values())
    named = ((c, shape.columns.get(name, -1)) for name, c in area.columns.items())
    return found | {c: place for c, place in named if c not in found and place not in taken | {-1}}


def titled(columns: Mapping[int, int], then: Sequence[Cell], shape: MasterShape) -> dict[int, int]:
    """Those of the columns that have the header which they had then. Others are known by where they stand alone."""
    return {c: place for c, place in columns.items() if at(then, c) == at(shape.header, place) is not None}


@dataclass(frozen=True, slots=True)
class Search:
    """A turn that is looked for; `columns` are where those of the flush stand now, `sure` the places that headers
    tell."""

    turn: Turn
    columns: Mapping[int, int]
    now: Now
    sure: Collection[int]

    def places(self) -> list[Place]:
        """The cells of the turn. Where its column does not show what we wrote, or cannot be told by the headers any
        more, the one cell of the row that does, among the columns that nobody knows: somebody has given it another
        header, and perhaps its own to another one. Not where somebody has typed over what we wrote."""
        if self.turn.tries > TRIES:
            return []
        column, rows = self.columns.get(self.turn.column), self._likest(self._rows())
        meant = [] if column is None else [(row, column) for row in rows]
        shown = {self.now.shows(*place) for place in meant} - {""}
        if self.turn.now in shown or (shown and self._is_sure() and self._beside(column)):
            return meant
        if shown and not self.turn.now and (here := self._blank_in_its_place(rows)):
            return here
        unknown = self._unknown()
        showing = {row: [c for c in unknown if self.now.shows(row, c) == self.turn.now] for row in rows}
        if self.parted():
            showing = {row: here for row, here in showing.items() if here}
        known = self.turn.now and showing and all(len(here) == 1 for here in showing.values())
        return [(row, here[0]) for row, here in showing.items()] if known else meant

    def _is_sure(self) -> bool:
        """Whether a header tells the turn's column."""
        return self.columns.get(self.turn.column) in self.sure

    def _unknown(self) -> set[int]:
        """Columns that nobody knows; where the turn's own is one that no header tells, all of those."""
        known = self.columns.values() if self._is_sure() else self.sure
        return set(range(len(self.now.shape.header))) - set(known)

    def _beside(self, column: int | None) -> bool:
        """Whether a neighbour of the turn's column stands beside this one: the header is where it was."""
        return column is not None and any(self.columns.get(self.turn.column + by) == column + by for by in (-1, 1))

    def _blank_in_its_place(self, rows: Sequence[int]) -> list[Place]:
        """The cells of the column that stands between the same neighbours, where somebody gave the turn's header to
        another one, and they are as we left them."""
        before, after = (self.columns.get(self.turn.column + by) for by in (-1, 1))
        if before is None or after != before + 2 or before + 1 in self.columns.values():
            return []
        return [(row, before + 1) for row in rows if not self.now.shows(row, before + 1)]

    def parted(self) -> bool:
        """Whether the id of the row may have been sorted away from the rest of it: where it stands now there is not
        what we wrote, nor all that was beside it. What a repair had found there may have been sorted away alone. Where
        the id stands nowhere any more, it may have been cleared there."""
        known = self.turn.column in self.columns and (bool(self._by_id()) or self._is_cleared())
        return known and self._missing() and (self.turn.tries > 0 or self._most() < 1)

    def _is_cleared(self) -> bool:
        """Whether the id of the row stands nowhere, and what we wrote in no row without one."""
        return bool(self.turn.ids and self.turn.now and not self._by_id() and not self._showing(self.now.nameless()))

    def counts(self) -> bool:
        """Whether it is worth telling that the cell was not found: not if its row was deleted, or its value is gone.
        Where its column was sorted away from the ids, the one cell of another row that shows what we wrote may be
        it."""
        if self.turn.tries > TRIES or self.turn.column not in self.columns:
            return True
        if self.parted():
            if not self._searchable():
                return True
            showing = self._showing(self.now.rows)  # many rows show a blank
            alone = bool(self.turn.now) and len(showing) == 1
            return alone or any(self.share(n) > ALIKE for n in showing)  # of a row and its copy nobody can tell
        return not self.turn.ids or bool(self._showing(self.now.nameless()))

    def helpless(self) -> Turn:
        """The turn as a person is told of it. What a repair that went astray in its turn should have put right is known
        by its worth alone: the word itself is the one that a row without an id shows."""
        column = self.columns.get(self.turn.column, -1)
        words = [self.now.cell(row, column) for row in self._showing(self.now.nameless())]
        return replace(self.turn, ours=words[0]) if words and self.turn.ours is None else self.turn

    def share(self, row: int) -> float:
        """How much of what its row held besides, other than its id, a row still holds."""
        held = ((self.columns[c], said) for c, said in enumerate(self._besides()) if said and c in self.columns)
        wanted = [(c, said) for c, said in held if c != self.now.shape.columns.get("lead_id")]
        return sum(self.now.shows(row, c) == said for c, said in wanted) / len(wanted) if wanted else 1.0

    def knows(self, row: int) -> bool:
        """Whether a row is, but for its id and this cell, to the last one what the turn's was."""
        but = (self.turn.column, -1)
        held = ((self.columns.get(c, -1), said) for c, said in enumerate(self.turn.like) if c not in but)
        ids = self.now.shape.columns.get("lead_id")
        return all(place >= 0 and (place == ids or self.now.shows(row, place) == said) for place, said in held)

    def _besides(self) -> list[str]:
        return [said if c != self.turn.column else "" for c, said in enumerate(self.turn.like)]

    def _rows(self) -> list[int]:
        """The rows that are named as the turn says. Where none of these shows what we wrote, also the one that is
        alike: of those without an id, which may have been cleared and stand in a copy, and where it was sorted away,
        of all."""
        if self.turn.content:
            return self._by_content() or self._alike(self._unsure())
        if not self._missing():
            return [*self._by_id(), *self._copied()]
        parted = self.parted()
        if parted and not (self.now.whole and self._searchable()):
            return self._by_id()
        return [*self._by_id(), *self._alike(self.now.rows if parted else self._unsure())]

    def _copied(self) -> list[int]:
        """Rows without an id that hold all that the row held: somebody has copied it and cleared the id of one."""
        if not self.turn.now or not any(self._besides()):
            return []
        return [
            n for n in self._in_column(self.now.nameless(), self.columns.get(self.turn.column, -1)) if self.knows(n)
        ]

    def _likest(self, rows: list[int]) -> list[int]:
        """A word of ours in the column of ids may name another row too, to which a person has given it: of several
        those that hold most of what the row held. A blank that we left does not tell rows with the same id apart: where
        one is what the row was, to the last cell, that is the one."""
        if len(rows) > 1 and not self.turn.now and (known := [row for row in rows if self.knows(row)]):
            return known
        if len(rows) < 2 or self.columns.get(self.turn.column) != self.now.shape.columns.get("lead_id"):
            return rows
        shares = {row: self.share(row) for row in rows}
        return [row for row, share in shares.items() if share == max(shares.values())]

    def _by_id(self) -> list[int]:
        found = {n for said in self.turn.ids for n in self.now.named.get(said, ())}
        return sorted(n for n in found if n and n in self.now.rows)

    def _by_content(self) -> list[int]:
        """By what the row leaves out, or without what formulas fill now."""
        said, width = self.turn.content.split()[0], len(self.now.shape.header)
        ways = (left_out(self.turn.content), self.now.filled)
        rows = ((n, row[:width]) for n, row in self.now.rows.items())
        return [n for n, row in rows if any(content_of(row, n, but).split()[0] == said for but in ways)]

    def _unsure(self) -> list[int]:
        """Rows without an id, or with the owner's where that stands twice."""
        doubled = self.now.named.get(self.turn.owner, ())
        return sorted({*self.now.nameless(), *(n for n in doubled if n in self.now.rows and len(doubled) > 1)})

    def _alike(self, rows: Collection[int]) -> list[int]:
        """The one of these rows that still holds what we wrote and most of what it held besides: people went on. Of
        several none, unless they all hold the same: then somebody has copied it, and all of them are it."""
        most, width = self._most(), len(self.now.shape.header)
        alike = [n for n in self._showing(rows) if most <= (share := self.share(n)) and share > ALIKE]
        said = {content_of(self.now.rows[n][:width], n, self.now.filled) for n in alike}
        return alike if len(said) == 1 else []

    def _showing(self, rows: Collection[int]) -> list[int]:
        """Those of the rows that show what we wrote where we wrote it, and where none does, in a column that nobody
        knows."""
        meant = self._in_column(rows, self.columns.get(self.turn.column, -1))
        if meant or not self.turn.now:
            return meant
        return sorted({n for column in self._unknown() for n in self._in_column(rows, column)})

    def _in_column(self, rows: Collection[int], column: int) -> list[int]:
        if len(rows) == len(self.now.rows):
            return list(self.now.showing(column, self.turn.now))
        return [n for n in rows if self.now.shows(n, column) == self.turn.now]

    def _searchable(self) -> bool:
        """Nearly every row shows a blank: in a large book to compare them all would take minutes for many turns."""
        return bool(self.turn.now) or len(self.now.rows) <= WHOLE_ROWS

    def _missing(self) -> bool:
        """Whether what we wrote does not stand by the id that its row had."""
        return bool(self.turn.like) and not self._showing(self._by_id())

    def _most(self) -> float:
        """How much of what the row held stands beside its id."""
        return max(map(self.share, self._by_id()), default=0.0)
