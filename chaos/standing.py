"""What the oracle is given beside the history, and what it says: how everything stands at rest.

Gathered by `chaos.play`, judged by `chaos.oracle`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.model import Change, ChangeState


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that must not be. `kind`: lost, misplaced, half, twice, theirs, ids, mixed, unsettled, replay."""

    kind: str
    operation: int
    told: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """How somebody decided a conflict: of which field, whether for the app's value, and the change that made of it (""
    none: the lead said it already, or the sheet's value stands)."""

    field: str
    ours: bool
    made: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What the oracle is given beside the track: how far each acknowledged change has come, with the reason; ids of
    changes in the conflict list; Activity's lines; all reasons that issues give; the sheet itself."""

    states: Mapping[str, tuple[ChangeState, str]]
    conflicts: frozenset[str]
    activity: Sequence[Sequence[Any]]
    issues: str
    master: Sequence[Sequence[Any]]
    excused: frozenset[str] = frozenset()  # changes that only a deleted database knew
    form: frozenset[str] = frozenset()  # tokens of source rows
    frozen: frozenset[str] = frozenset()  # leads that a partial sort mixed up, and that the app lists
    accepted: frozenset[str] = frozenset()  # leads that were mixed up, and whose names somebody took as they are
    acknowledged: Mapping[str, Change] = field(default_factory=dict)
    decided: Mapping[str, Sequence[Verdict]] = field(default_factory=dict)  # by the change that had lost
    strangers: frozenset[str] = frozenset()  # leads of another database's worker: this one never saw them as made
    forgetful: bool = False  # the database was deleted: nothing remembers who the leads were before a partial sort
    # by token, the app's own change that keeps what a new lead has for a column that was gone, until that is back
    kept_back: Mapping[str, str] = field(default_factory=dict)
