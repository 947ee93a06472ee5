"""Follows every token through the history of Master: where it came to stand, by whose hand, and who took it away.

Between the server's history and `chaos.oracle`. Lines of one request are taken together, as the sheet took them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from chaos.grid import Grid, Place
from chaos.ids import Ids
from chaos.tokens import Mint, tokens_in
from core import fields
from core.text import fold

Json = dict[str, Any]
_NAMES = {fold(name): name for name in fields.NAMES}


@dataclass(frozen=True, slots=True)
class Taken:
    """How a token left a cell: when, by whom, and which words came instead (not those that stood beside it and stayed);
    `felled`: its row was deleted."""

    number: int
    by_person: bool
    instead: frozenset[str]
    lead_id: str
    field: str
    felled: bool = False


@dataclass(slots=True)
class Track:
    """`stood`: cells where a token rightly came to stand; `strays`: where the app put it and should not have; `taken`:
    how it left a cell last; `touched`: when a person last wrote to a cell, and what; `came`: when the app last wrote a
    token to a cell."""

    person: str
    sheet_id: int
    mint: Mint
    grid: Grid = field(default_factory=Grid)
    ids: Ids = field(default_factory=Ids)
    stood: dict[str, set[Place]] = field(default_factory=dict)
    landed: dict[str, set[Place]] = field(default_factory=dict)
    strays: dict[str, set[Place]] = field(default_factory=dict)
    taken: dict[tuple[str, Place], Taken] = field(default_factory=dict)
    again: dict[tuple[str, Place], Taken] = field(default_factory=dict)  # the app wrote again what a person had taken
    touched: dict[Place, tuple[int, Any]] = field(default_factory=dict)
    wrote: dict[str, set[str]] = field(default_factory=dict)  # source token -> leads that the app made of it
    came: dict[tuple[str, Place], int] = field(default_factory=dict)
    first: dict[tuple[str, Place], int] = field(default_factory=dict)  # the same, for the first time
    homes: dict[str, set[tuple[str, int]]] = field(default_factory=dict)  # token -> (lead, column): it took it there
    typed: dict[str, set[tuple[str, int]]] = field(default_factory=dict)  # the same: a person put it there
    misled: dict[str, set[tuple[str, int]]] = field(default_factory=dict)  # token -> where it ever was a stray
    # what stood where the app brought a token to: first, and an e-mail last
    over: dict[tuple[str, Place], str] = field(default_factory=dict)
    # (token, column) that the app deleted with a row that had no id
    nameless: Counter[tuple[str, int]] = field(default_factory=Counter)
    origin: dict[int, str] = field(default_factory=dict)  # which field a column was for us first
    seen_to: str | None = None
    _number: int = 0
    _header: dict[int, str] | None = None  # of which `_fields` tells
    _fields: dict[int, str] = field(default_factory=dict)
    _made: frozenset[int] = frozenset()  # rows whose id the request at hand wrote
    _inserted: frozenset[int] = frozenset()  # rows that the request at hand, if the app's, inserted

    def follow(self, lines: Sequence[Json]) -> None:
        """Takes in the lines behind those seen so far."""
        mine = [line for line in lines if line["sheetId"] == self.sheet_id]
        for _, group in groupby(mine, key=lambda line: line["requestId"]):
            self._request(list(group))
        if lines:
            self.seen_to = lines[-1]["place"]

    def lead_at(self, row: int) -> str:
        column = self.grid.column("lead_id")
        return str(self.grid.cells.get((row, column), "")) if column is not None else ""

    def was_made(self, lead_id: str, email: str | None) -> bool:
        """Whether the app made a lead of the source row with this e-mail."""
        return any(lead_id in self.wrote.get(token, ()) for token in tokens_in(email))

    def app_took(self, token: str, place: Place) -> bool:
        """Whether a token left a cell by the app's hand: also one that it had brought back there after a person took
        it."""
        taken = self.taken.get((token, place))
        return taken is not None and (not taken.by_person or taken.number < self.came.get((token, place), 0))

    def _leads(self) -> dict[int, str]:
        """What `lead_at` says of every row."""
        column = self.grid.column("lead_id")
        return {
            row: str(self.grid.cells.get((row, column), "")) if column is not None else "" for row in self.grid.rows
        }

    def field_at(self, column: int) -> str:
        """The field that a column is for us: the first of its header. "" for people's own and doubled ones."""
        header = self.grid.header()
        if header is not self._header:
            named = ((_NAMES.get(fold(said), ""), c) for c, said in reversed(header.items()))
            self._header, self._fields = header, {c: name for name, c in dict(named).items() if name}
            self.origin = {**self._fields, **self.origin}
        return self._fields.get(column, "")

    def _request(self, lines: list[Json]) -> None:
        self._number += 1
        by_person = lines[0]["account"] == self.person
        before: dict[Place, Any] = {}
        self._inserted = frozenset()
        for line in lines:
            if line["row"] < 0:
                self._apply(line["after"], by_person, before)
            else:
                place = self.grid.place(line["row"], line["column"])
                before.setdefault(place, self.grid.cells.get(place, ""))
                self.grid.put(place, line["after"])
        ids = self.grid.column("lead_id")
        self._made = frozenset() if by_person else frozenset(row for row, column in before if column == ids)
        copies = set() if by_person else {p for p, old in before.items() if self._puts_a_copy_right(p, tokens_in(old))}
        for place, old in before.items():
            new = self.grid.cells.get(place, "")
            if by_person and new != old and new in before.values():
                self._moved(place, new)
            self._cell(place, old, new, by_person, place in copies)
        if any(row == self.grid.rows[0] for row, _ in before):
            self._renamed()

    def _renamed(self) -> None:
        """A header was written: what had come beside another column of the same name may be at home there now."""
        for token, places in self.strays.items():
            for place in [one for one in places if token in tokens_in(self.grid.cells.get(one, ""))]:
                if self.mint.promises[token].lead_id and self._at_home(token, place):
                    self._ours(token, place, self.lead_at(place[0]), self.field_at(place[1]))

    def _apply(self, operation: Json, by_person: bool, before: dict[Place, Any]) -> None:
        """Rows or columns come, go or move."""
        leads = self._leads() if "deleteDimension" in operation else {}
        known = set(self.grid.rows) if "insertDimension" in operation and not by_person else None
        for place, value in self.grid.apply(operation):
            self._vanish(place, value, leads[place[0]], by_person)
            before.pop(place, None)
        if known is not None:
            self._inserted |= set(self.grid.rows) - known
        for row, lead_id in leads.items():
            if row not in self.grid.rows:
                self.ids.went(self._number, lead_id, by_person)

    def _vanish(self, place: Place, value: Any, lead_id: str, by_person: bool) -> None:
        """With its row, or with its column. Who brings the lead back brings it back too."""
        for token in tokens_in(value):
            owner = "" if by_person else lead_id
            self.taken[token, place] = Taken(self._number, by_person, frozenset(), owner, "", not by_person)
            if lead_id:
                self.homes.setdefault(token, set()).add((lead_id, place[1]))
            elif not by_person and place not in self.strays.get(token, ()):
                self.nameless[token, place[1]] += 1

    def _moved(self, place: Place, value: Any) -> None:
        """A person put there what had stood in another cell: no word of it is what the app had led astray to here."""
        for token in tokens_in(value):
            self.strays.get(token, set()).discard(place)
            self.over.pop((token, place), None)

    def _cell(self, place: Place, old: Any, new: Any, by_person: bool, copied: bool) -> None:
        if by_person:
            self._touched_by_hand(place, old, new)
        elif self.field_at(place[1]) == "lead_id":
            self._id_written(place, str(old or ""), str(new or ""))
        was, now = tokens_in(old), tokens_in(new)
        for token in was - now:
            self._left(token, place, new, now - was, by_person, copied)
        for token in now - was:
            before = self.taken.pop((token, place), None)
            if by_person:
                self.typed.setdefault(token, set()).add((self.lead_at(place[0]), place[1]))
                self.stood.setdefault(token, set()).add(place)
                self.strays.get(token, set()).discard(place)  # pasted from a page that had shown it there
            else:
                self._brought(token, place, old, before, copied)

    def _touched_by_hand(self, place: Place, old: Any, new: Any) -> None:
        self.touched[place] = (self._number, new)
        self.ids.touched(place)
        if self.field_at(place[1]) != "lead_id" or old == new:
            return
        ids = [self.lead_at(row) for row in self.grid.rows]
        self.ids.doubled |= {str(new)} if ids.count(str(new)) > 1 else set()
        if old:
            self._unnamed(place[0], str(old))

    def _id_written(self, place: Place, old: str, new: str) -> None:
        """By the app, into a cell of the ids."""
        others = {self.lead_at(row) for row in self.grid.rows if row != place[0]}
        self.ids.came(self._number, place, old, new, others)
        self._named(place[0], new)

    def _left(self, token: str, place: Place, new: Any, instead: frozenset[str], by_person: bool, copied: bool) -> None:
        """A token went from a cell, where these came; `copied`: with a word of ours that a person had copied there."""
        lead, name = self.lead_at(place[0]), self.field_at(place[1])
        again = name == "lead_id" and self._names_another(token, place[0])
        if not by_person and (self._takes_back(token, place, lead, new) or copied or again):
            self.stood.get(token, set()).discard(place)
            if (lead, place[1]) in self.typed.get(token, ()):  # what a person put there may come back to there
                self.homes.setdefault(token, set()).add((lead, place[1]))
            return
        by_app = None if by_person else self.again.pop((token, place), None)
        if lead and not by_person:  # it may come back to this lead, though its row was pasted elsewhere since
            self.homes.setdefault(token, set()).add((lead, place[1]))
        theirs = by_person or self._as_they_left_it(token, place, lead, new)
        self.taken[token, place] = by_app or Taken(self._number, theirs, instead, lead, name)

    def _names_another(self, token: str, row: int) -> bool:
        """Whether a word that came to stand among the ids is another row's id too: of the two one gets a new one."""
        return any(one != row and token in tokens_in(self.lead_at(one)) for one in self.grid.rows)

    def _brought(self, token: str, place: Place, old: Any, before: Taken | None, copied: bool) -> None:
        """The app put a token into a cell, from which it had gone as `before` tells."""
        if before and before.by_person:
            self.again[token, place] = before
        self.came[token, place] = self._number
        self.first.setdefault((token, place), self._number)
        if token[0] == "s" or place not in self.stood.get(token, ()):
            self.over[token, place] = str(old)
        if copied:
            self.stood.setdefault(token, set()).add(place)
        else:
            self._ours(token, place, self.lead_at(place[0]), self.field_at(place[1]))

    def _puts_a_copy_right(self, place: Place, was: frozenset[str]) -> bool:
        """Whether a cell that the app has just written to showed a word of ours that had gone astray in a row that
        somebody has copied or moved to here, be it its own lead's, and got what that word had displaced there. What it
        was written with goes with it. What stood there before it went astray elsewhere is no copy of that. A word of a
        person's or of a form is ours where a repair, or who was put back, had brought it to this lead, whose row was
        another's a moment before."""
        here = (self.lead_at(place[0]), place[1])
        edits = {token for token in was if token[0] == "a" and token in self.misled and not self._landed(token, place)}
        ours = edits | {token for token in was if token[0] in "ps" and here in self.misled.get(token, ())}
        new, put = str(self.grid.cells.get(place, "")), self.touched.get(place, (0, None))[0]
        back = [(token, there) for (token, there), text in self.over.items() if token in ours and text == new]
        return any(there == place or put > self.came.get((token, there), 0) for token, there in back)

    def _at_home(self, token: str, place: Place) -> bool:
        """Whether a cell is the one that an edit was made for."""
        promise = self.mint.promises[token]
        return (self.lead_at(place[0]), self.field_at(place[1])) == (promise.lead_id, promise.field)

    def _landed(self, token: str, place: Place) -> bool:
        """Whether an edit stands where the app brought it for its lead."""
        return self._at_home(token, place) and self.came.get((token, place), 0) >= self.touched.get(place, (0,))[0]

    def _takes_back(self, token: str, place: Place, lead: str, new: Any) -> bool:
        """Whether the app takes away what it had brought there, unasked, and gives back what stood there before: a
        person's word, or an e-mail that came to another lead than its own."""
        if token[0] == "a":
            return False
        brought = self.over.pop((token, place), None) == str(new)
        return brought and (token[0] == "p" or not self._belongs(token, lead))

    def _belongs(self, token: str, lead: str) -> bool:
        """Whether a source row's e-mail was made this lead's, or somebody asked for it there."""
        return self._asked(token, lead) or lead in self.wrote.get(token, ())

    def _asked(self, token: str, lead: str) -> bool:
        """Whether an acknowledged change brings a token back to a lead."""
        return any(going.comes and going.lead_id == lead for going in self.mint.goings.get(token, ()))

    def _as_they_left_it(self, token: str, place: Place, lead: str, new: Any) -> bool:
        """Whether the app takes back a word that a repair had brought, unasked, to a cell over which a person had
        typed: a person's, or an edit that stood there before, until another one had gone astray to there. It shows
        again what that person left there."""
        number, left = self.touched.get(place, (0, None))
        first = self.first.get((token, place), number)
        theirs = first < number if token[0] == "a" else token[0] == "p" and not self._asked(token, lead)
        return theirs and left == new and self.came.get((token, place), 0) > number > 0

    def _named(self, row: int, lead_id: str) -> None:
        """The app gives a row its lead's id: what it had put there for it has landed, or of a form that was no lead."""
        for column in self.grid.columns:
            for token in tokens_in(self.grid.cells.get((row, column), "")):
                mine = lead_id == self.mint.promises[token].lead_id or (token[0] == "s" and token not in self.wrote)
                if mine and (row, column) in self.strays.get(token, ()):
                    self._ours(token, (row, column), lead_id, self.field_at(column))

    def _unnamed(self, row: int, lead_id: str) -> None:
        """A person takes a row's id away: who brings that lead back brings back what stood there."""
        self.ids.cleared.add(lead_id)
        for column in self.grid.columns:
            for token in tokens_in(self.grid.cells.get((row, column), "")):
                self.homes.setdefault(token, set()).add((lead_id, column))

    def _ours(self, token: str, place: Place, lead: str, name: str) -> None:
        """The app wrote a token."""
        promise = self.mint.promises[token]
        owners = self.wrote.get(token, {lead})
        fresh = place[0] in self._made and not self._is_home(token, place, lead, name)
        if token.startswith("s") and name == "email" and lead and (fresh or lead in owners):
            self.wrote.setdefault(token, set()).add(lead)
            self.stood.setdefault(token, set()).add(place)
            self.strays.get(token, set()).discard(place)
        elif promise.lead_id and self._at_home(token, place):
            self.stood.setdefault(token, set()).add(place)
            self.landed.setdefault(token, set()).add(place)
            self.strays.get(token, set()).discard(place)  # the row was a stranger's once, and is this lead's now
        elif self._is_home(token, place, lead, name) or self._comes_back(token, place, lead):
            self.stood.setdefault(token, set()).add(place)
            self.strays.get(token, set()).discard(place)
        elif place not in self.stood.get(token, ()):
            self.strays.setdefault(token, set()).add(place)
            self.misled.setdefault(token, set()).add((lead, place[1]))

    def _is_home(self, token: str, place: Place, lead: str, name: str) -> bool:
        """Whether an acknowledged change brings a token back there, or a row returns that the app had deleted. Of
        people's own columns a lead gets back what they had put there: also what they took elsewhere while it was mixed
        up, for the app knows a frozen lead as it was; and what they put there after it was asked back, if its row went
        only then."""
        back = any(g.comes and (g.lead_id, g.field) == (lead, name) for g in self.mint.goings.get(token, ()))
        known = lead in self.mint.returning.get(token, ()) or (lead in self.mint.restored and place[0] in self._made)
        returns = known and (lead, place[1]) in self.typed.get(token, ())
        return back or returns or self._stood_so(token, place[1], lead, name)

    def _stood_so(self, token: str, column: int, lead: str, name: str) -> bool:
        """Whether it had stood beside a lead in a column, or in another one that was the same field of ours."""
        homes = self.homes.get(token, ())
        return any(one == lead and (c == column or name == self.origin.get(c)) for one, c in homes)

    def _comes_back(self, token: str, place: Place, lead: str) -> bool:
        """Whether a row without an id returns that the app had deleted, as a person took its id away in that instant:
        the app inserts it, under the same header, and once. It is given an id of its own afterwards."""
        fell = token, place[1]
        if lead or place[0] not in self._inserted or not self.nameless[fell]:
            return False
        self.nameless[fell] -= 1
        return True
