"""Who gets a new lead: the least loaded of the active team, then in turn. Used by `core.intake` and `core.commands`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from heapq import heapify, heappop, heappush

from core.config import Person

_CARRIES_LEADS = frozenset({"admin", "staff"})  # a viewer cannot write, so a lead with a viewer would stand still


def carriers(team: Sequence[Person]) -> tuple[Person, ...]:
    """The people who are given leads: active, and not viewers."""
    return tuple(person for person in team if person.active and person.role in _CARRIES_LEADS)


def assign(count: int, team: Sequence[Person], loads: Mapping[str, int]) -> tuple[str | None, ...]:
    """Names for `count` new leads, in order. `loads` are the open leads of each person by name; who is missing has
    none. Equal loads go in the team's order, so that people with equal loads take turns. None where nobody is
    active."""
    people = carriers(team)
    if not people:
        return (None,) * count
    heap = [(loads.get(person.name, 0), place) for place, person in enumerate(people)]
    heapify(heap)
    names: list[str | None] = []
    for _ in range(count):
        load, place = heappop(heap)
        names.append(people[place].name)
        heappush(heap, (load + 1, place))
    return tuple(names)


def even_out(team: Sequence[Person], loads: Mapping[str, int]) -> tuple[tuple[str, str, int], ...]:
    """Moves (from, to, how many) after which the loads of the active team differ by one at most, with as few leads
    moved as that takes. People with the most leads keep the one that is left over; earlier names come first."""
    names = [person.name for person in carriers(team)]
    if not names:
        return ()
    share, over = divmod(sum(loads.get(name, 0) for name in names), len(names))
    by_load = sorted(names, key=lambda name: -loads.get(name, 0))
    wanted = {name: share + (place < over) for place, name in enumerate(by_load)}
    gives = [name for name in names for _ in range(loads.get(name, 0) - wanted[name])]
    takes = [name for name in names for _ in range(wanted[name] - loads.get(name, 0))]
    moves: dict[tuple[str, str], int] = {}
    for pair in zip(gives, takes, strict=True):
        moves[pair] = moves.get(pair, 0) + 1
    return tuple((giver, taker, n) for (giver, taker), n in moves.items())
