"""New leads that are nearly ones that are there: the same name, and a phone that differs by one slip of the finger.

Called by `core.match`; suggestions for a person, never a reason to merge. A person's "these are two" stands in the
book by `pair_key`, and nothing is said of that pair again.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

_NAMESAKES = 20  # of one name that are compared; more are a common name, and near phones are chance


@dataclass(frozen=True, slots=True)
class Named:
    """A lead as it is compared: its id, folded name and main phone; `draft` is what made it, -1 of a standing lead."""

    lead_id: str
    name: str
    phone: str
    draft: int = -1


@dataclass(frozen=True, slots=True)
class Alike:
    """Two leads, by id, that may be the same person: the draft that says so, and the suggestion in words."""

    draft: int
    reason: str
    pair: tuple[str, str]


def pair_key(pair: Iterable[str]) -> str:
    """How two leads are named together, in either order."""
    return json.dumps(sorted(pair))


def nearly_the_same(new: Sequence[Named], standing: Iterable[Named]) -> list[Alike]:
    """For each new lead that is nearly another one, the suggestion."""
    by_name: dict[str, list[Named]] = defaultdict(list)
    wanted = {one.name for one in new if one.name}
    for one in (*standing, *new):
        if one.name in wanted:
            by_name[one.name].append(one)
    told: list[Alike] = []
    for namesakes in by_name.values():
        if len(namesakes) > _NAMESAKES:
            continue
        for place, later in enumerate(namesakes):
            near = (one for one in namesakes[:place] if _one_slip(one.phone, later.phone))
            other = next(near, None) if later.draft >= 0 else None
            if other is not None:
                reason = f"{other.lead_id} has the same name and nearly the same phone: perhaps the same person."
                told.append(Alike(later.draft, reason, (other.lead_id, later.lead_id)))
    return told


def _one_slip(one: str, other: str) -> bool:
    """One digit wrong, missing, too many, or two of them changed about."""
    return one != other and OSA.distance(one, other, score_cutoff=1) <= 1
