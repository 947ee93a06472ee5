"""What became of the ids in Master: which row the app gave which, which it wrote over, and which a person copied or
took away.

A part of `chaos.track`, which tells it of each cell of an id that was written to; asked by `chaos.oracle` and
`chaos.goings`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from chaos.grid import Place


@dataclass(slots=True)
class Ids:
    """Requests are counted by `chaos.track`; a number here is one of them."""

    overwritten: dict[str, Place] = field(default_factory=dict)  # by the app, and stands nowhere since
    written: dict[Place, int] = field(default_factory=dict)  # when the app last wrote to an id's cell
    doubled: set[str] = field(default_factory=set)  # that a person had copied to another row
    cleared: set[str] = field(default_factory=set)  # that a person had taken away from a row, or with it
    fell: dict[str, int] = field(default_factory=dict)  # when the app last deleted a lead's row
    named: dict[str, int] = field(default_factory=dict)  # when it last gave a row this id
    _displaced: dict[Place, str] = field(default_factory=dict)  # which id it wrote over
    _given: dict[Place, str] = field(default_factory=dict)  # which it wrote last where none stood

    def came(self, number: int, place: Place, old: str, new: str, others: Collection[str]) -> None:
        """The app wrote to an id's cell; `others`: the ids of all other rows."""
        self.written[place] = number
        self.overwritten.pop(new, None)  # stands again
        right_again = new and self._displaced.pop(place, "") == new  # what it took away was never there
        # An id that it had just made up, for another row than this one: a blank or a copied one.
        back = self._given.pop(place, "") == old and (not new or new in others)
        if new and (not old or old in others):
            self._given[place] = new
        if old and old != new and not right_again:
            self._displaced[place] = old
            self.overwritten |= {} if back or old in others else {old: place}
        self.named[new] = number

    def touched(self, place: Place) -> None:
        """A person wrote to a cell, be it an id's or another one."""
        self._given.pop(place, None)

    def went(self, number: int, lead_id: str, by_person: bool) -> None:
        """With its row."""
        if by_person:
            self.cleared.add(lead_id)
        else:
            self.fell[lead_id] = number
