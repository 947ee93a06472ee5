"""What formulas have come to since the last change: filled by `evaluation`, dropped by every write."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Kinded = tuple[str, Any]  # number, text, bool, error or blank, and the value
Spilled = dict[int, dict[int, Kinded]]  # row -> column -> what an array formula elsewhere shows there
Place = tuple[int, int, int]  # the sheet's key, row, column


@dataclass(slots=True)
class Results:
    """`arrays` are the sheets (by key) whose array formulas are among the values already; `minute` is when formulas
    that look at the clock were computed (unix minutes), None where there are none."""

    values: dict[Place, Kinded] = field(default_factory=dict)
    spilled: dict[int, Spilled] = field(default_factory=dict)
    arrays: set[int] = field(default_factory=set)
    minute: int | None = None
