"""Where did the last flush land? From the journal alone: which cells it wrote that were not meant, and what did not
come to where it was meant.

Pure; `sync.repair` reads the journal, and finds the rows and columns in Master as it stands now.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.model import Cell
from sync.aligned import aligned
from sync.cells import id_of
from sync.journal import Journal, Target, first_row
from sync.people import shape_of
from sync.worth import content, content_of, left_out, worth

ALIKE = 0.5  # of what a row held


@dataclass(frozen=True, slots=True)
class Turn:
    """A cell that shall show `back` if it still shows `now` (by `worth`). Its row is one that has one of `ids`, or
    holds `content`, or, where its id was cleared or sorted away, most of `like` (by column). Its column (0-based) is
    one of the header as the flush found it, -1 gone. `source` is the cell of `_crm` that keeps `back`, None for a plain
    value, or where `formula` is set for a formula of that row. `ours` is what it shows now, `owner` whose it is and
    `tries` how often it was missed: 0 where Activity does not tell of it yet."""

    ids: tuple[str, ...]
    content: str
    column: int
    now: str
    back: Cell
    source: tuple[int, int] | None
    ours: Cell = None
    owner: str = ""
    tries: int = 0
    like: tuple[str, ...] = ()
    formula: bool = False

    @property
    def goal(self) -> str:
        return worth(self.back, *(self.source or (0, 0)))


@dataclass(frozen=True, slots=True)
class Felled:
    """A row that was deleted and was not meant, or not as it was: what it held, the row of `_crm` that keeps it, that
    of Master in which it stood, and what of it (by `worth`) the flush had not seen there."""

    owner: str
    cells: tuple[Cell, ...]
    crm_row: int
    row: int
    unseen: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Judged:
    """`turns` put right what can be put right from the journal; `changes` are to be done again, in their order;
    `header` is Master's as the flush found it. `hollow`: (change, field) whose cell had shown something and was
    blank."""

    header: tuple[Cell, ...] = ()
    turns: tuple[Turn, ...] = ()
    changes: tuple[str, ...] = ()
    felled: tuple[Felled, ...] = ()
    hollow: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Area:
    """The rows of a journal's area, and the columns: `columns` our fields as the flush found them, `places` where a
    column as it was aimed stood then."""

    journal: Journal
    rows: Sequence[tuple[Cell, ...]]
    columns: Mapping[str, int]
    places: Mapping[int, int]

    def row(self, crm_row: int) -> tuple[Cell, ...]:
        number = crm_row - first_row(self.journal.area)
        return self.rows[number] if number < len(self.rows) else ()

    def copied(self, crm_row: int) -> tuple[Cell, ...]:
        """A row as wide as was copied; what stands right of it is of older flushes."""
        return self.row(crm_row)[: max(self.journal.width, self.journal.reach)]

    def field_at(self, column: int) -> str | None:
        """Which field of ours a column was when the flush wrote: by its name, and where that was doubled or typed over
        in the same instant, the one that was aimed there."""
        aimed = {name: self.places.get(c) for name, c in self.journal.columns.items()}
        named = (name for columns in (self.columns, aimed) for name, place in columns.items() if place == column)
        return next(named, None)

    def meant(self, column: int) -> int | None:
        """Where a column that was aimed at stood when the flush wrote: ours by its name, people's by their places, and
        so those that had been pushed out of what the journal copied."""
        name = next((name for name, c in self.journal.columns.items() if c == column), None)
        place = self.places.get(column)
        outside = place is not None and place >= self.journal.width
        return place if name is None or (outside and name not in self.columns) else self.columns.get(name)


def area_of(journal: Journal, rows: Sequence[tuple[Cell, ...]]) -> Area:
    """An area as it was read, the header's copy first."""
    copies = Area(journal, rows, {}, {})
    then = copies.copied(first_row(journal.area))
    return Area(journal, rows, shape_of(0, "", then, 0).columns, aligned(copies.copied(journal.aimed), then))


def judge(area: Area) -> Judged:
    """Compare where a flush was aimed with what stood there when it wrote."""
    turns: list[Turn] = []
    astray: list[str] = []
    felled: list[Felled] = []
    hollow: list[tuple[str, str]] = []
    for number, target in enumerate(area.journal.targets):
        found = _target(area, number, target)
        wrong = found.wrong()
        if target.fells and found.overtaken():
            astray += target.change_ids
            felled += [found.felled()] if any(found.before) else []
        if wrong:
            astray += target.change_ids
            turns += [*found.victims(wrong), *found.again(wrong)]
            hollow += found.hollow()
    changes = tuple(dict.fromkeys([*astray, *area.journal.redo]))
    return Judged(area.copied(first_row(area.journal.area)), tuple(turns), changes, tuple(felled), tuple(hollow))


@dataclass(frozen=True, slots=True)
class _Landed:
    """One target beside the row that it came to."""

    area: Area
    number: int
    target: Target
    before: tuple[Cell, ...]
    written: tuple[Cell, ...]
    id_column: int

    @property
    def owner(self) -> str:
        return id_of(at(self.before, self.id_column))

    @property
    def right(self) -> bool:
        """Whether the row is the one that was meant."""
        if self.target.adopts:
            name, crm_row = self.target.adopts, self.area.journal.before(self.number)
            if content_of(self.before, crm_row, left_out(name)) == name or self._holds_what_it_held():
                return True
        return (self.owner == self.target.lead_id and not self.target.adopts) or self._unnamed_since()

    def _holds_what_it_held(self) -> bool:
        """Whether a row without an id that a repair was aimed at is that one, in whatever columns it stands by now."""
        row, but = self.area.journal.before(self.number), left_out(self.target.adopts)
        held = self._held(but) if self.target.wrong else ()
        return any(held) and held == tuple(worth(at(self.before, c), row, c) for c in range(len(held)))

    def _unnamed_since(self) -> bool:
        """Whether a row that a repair was aimed at has lost or changed what it was known by since it was read: it still
        showed what was to be put right, and most of the rest, or without an id by now nothing else than it held."""
        target, row = self.target, self.area.journal.before(self.number)
        stood = [worth(at(self.before, c), row, c) for c in range(len(target.seen))]
        if not target.wrong or tuple(stood[c] for c in target.columns if c < len(stood)) != target.wrong:
            return False
        if not self.owner and any(target.wrong) and all(map(_left_of, stood, target.seen)):
            return True
        others = [c for c, said in enumerate(target.seen) if said and c not in target.columns]
        return sum(stood[c] == target.seen[c] for c in others) > ALIKE * len(others)

    def wrong(self) -> list[int]:
        """The columns that were missed, and beside them those that somebody typed over; all where one of an edit was,
        which lands whole or not at all."""
        target, right = self.target, self.right
        missed = [c for c in target.columns if not right or self._meant(c) != c]
        whole = bool(target.change_ids) and not target.adopts
        if (missed and whole) or (not missed and self.overtaken()):
            return list(target.columns)
        over = typed_over(self.area.journal, self.number, self.before) if missed else ()
        return [c for c in target.columns if c in missed or c in over]

    def _meant(self, column: int) -> int | None:
        """Where the target's column stood. What a repair puts back belongs to the cell: also where that lost its header
        in the same instant."""
        meant = self.area.meant(column)
        return self.area.places.get(column) if meant is None and self.target.wrong else meant

    def overtaken(self) -> bool:
        """Whether somebody typed into the very cells between the read and the write. What they typed comes back, all of
        the row is as it was, and the change meets it in the merge."""
        return overtaken(self.area.journal, self.number, self.before)

    def felled(self) -> Felled:
        """The row as it was deleted."""
        crm_row = self.area.journal.before(self.number)
        words = {worth(cell, crm_row, c) for c, cell in enumerate(self.before) if c != self.id_column}
        return Felled(self.owner, self.before, crm_row, self.target.row, frozenset(words - {"", *self.target.seen}))

    def hollow(self) -> Iterator[tuple[str, str]]:
        """The changes and fields whose cell, in the right row, had shown something and was blank."""
        names = {column: name for name, column in self.area.columns.items()}
        for column, seen in zip(self.target.columns, self.target.seen, strict=False):
            if seen and self.right and self.area.meant(column) == column and at(self.before, column) is None:
                yield from ((change_id, names[column]) for change_id in self.target.change_ids if column in names)

    def ids(self) -> tuple[str, ...]:
        """What stands in the row's id cell now: what we wrote there, else what stood there."""
        given = at(self.written, self.id_column) if self.id_column in self.target.columns else None
        return tuple(dict.fromkeys(one for one in (id_of(given), self.owner) if one))

    def now(self, column: int) -> str:
        if column in self.target.columns:
            return worth(at(self.written, column), self.area.journal.written(self.number), column)
        return worth(at(self.before, column), self.area.journal.before(self.number), column)

    def cells(self) -> tuple[str, ...]:
        """What the row holds now."""
        return tuple(self.now(c) for c in range(max(len(self.before), len(self.written))))

    def _held(self, but: Collection[int] = ()) -> tuple[str, ...]:
        """What the row held that a repair was aimed at, by columns as they stood when it wrote."""
        held = {self.area.meant(c): said for c, said in enumerate(self.target.seen) if c not in but}
        return tuple(held.get(c, "") for c in range(self.area.journal.width))

    def _named_now(self) -> str:
        """The name of the row that was meant, "" where it has an id: by what it holds since we wrote into it."""
        return content(self.cells()) if self.target.adopts and self.right else self.target.adopts

    def victims(self, wrong: Sequence[int]) -> Iterator[Turn]:
        """What stood where we should not have written."""
        crm_row, cells = self.area.journal.before(self.number), self.cells()
        named = "" if self.ids() else content(cells)
        for c in wrong:
            before, ours = at(self.before, c), at(self.written, c)
            if worth(before, crm_row, c) != self.now(c):
                yield Turn(self.ids(), named, c, self.now(c), before, (crm_row, c), ours, self.owner, 0, cells)

    def again(self, wrong: Sequence[int]) -> Iterator[Turn]:
        """What a repair should have put back somewhere else, and what a row that got its id should have got with it."""
        crm_row, target = self.area.journal.written(self.number), self.target
        wants = dict(zip(target.columns, target.wrong, strict=False))
        adopted = target.adopts and not target.wrong and self.right and self.id_column not in wrong
        ids, named = () if target.adopts else (target.lead_id,), self._named_now()
        for c in wrong:
            back, meant = at(self.written, c), self.area.meant(c)
            if c in wants:
                place = self.area.places.get(c) if meant is None else meant
                column, tries = -1 if place is None else place, target.tries + 1
                stood = at(self.before, c)
                ours = stood if worth(stood, self.area.journal.before(self.number), c) == wants[c] else None
                owner, like = target.lead_id, self._held()
                yield Turn(ids, named, column, wants[c], back, (crm_row, c), ours, owner, tries, like)
            elif adopted and meant is not None:
                yield Turn(self.ids(), "", meant, self.now(meant), back, (crm_row, c), None, target.lead_id, 1)


def typed_over(journal: Journal, number: int, before: Sequence[Cell]) -> list[int]:
    """The columns of target `number` that showed something else just before it was written than when it was read."""
    row, target = journal.before(number), journal.targets[number]
    read = target.wrong or target.seen  # `wrong` of a repair
    return [
        column
        for column, said in zip(target.columns, read, strict=False)
        if worth(at(before, column), row, column) != said
    ]


def overtaken(journal: Journal, number: int, before: Sequence[Cell]) -> bool:
    """Whether target `number` showed something else just before it was written or deleted than when it was read.
    `before` is the journal's copy. What a formula fills is blank in a copy, so of a deleted row only its id and what
    did stand there count."""
    row, target = journal.before(number), journal.targets[number]
    if not target.fells:
        return bool(typed_over(journal, number, before))
    stood = [worth(at(before, c), row, c) for c in range(journal.width)]
    known = journal.columns.get("lead_id", -1)
    pairs = enumerate(zip(stood, target.seen, strict=False))
    return any(now != then and (now != "" or c == known) for c, (now, then) in pairs)


def _target(area: Area, number: int, target: Target) -> _Landed:
    before, written = area.copied(area.journal.before(number)), area.row(area.journal.written(number))
    before = before if target.fells else before[: area.journal.width]  # named by what stands under headers
    return _Landed(area, number, target, before, written, area.columns.get("lead_id", -1))


def at(row: Sequence[Cell], column: int) -> Cell:
    """A cell of a row as read, None blank."""
    found = row[column] if 0 <= column < len(row) else None
    return None if found == "" else found


def _left_of(stands: str, stood: str) -> bool:
    """Whether a cell shows what it did, or nothing any more."""
    return stands in ("", stood)
