"""What formulas have come to since the last change: filled by `evaluation`, dropped by every write."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Kinded = tuple[str, Any]  # number, text, bool, error or blank, and the value
Spilled = dict[int, dict[int, Kinded]]  # row -> column -> what an array formula elsewhere shows there
Place = tuple[int, int, int]  # the sheet's key, row, column
LOADING: Kinded = ("error", "Loading...")  # what Google shows of a formula that is still being computed


@dataclass(slots=True)
class Results:
    """`arrays` are the array formulas of sheets (by key: row, column, text); those above and left of a sheet's `reach`
    are among the values already. `minute` is when formulas that look at the clock were computed (unix minutes), None
    where there are none. `formats` is what `formula_formats` has read."""

    values: dict[Place, Kinded] = field(default_factory=dict)
    spilled: dict[int, Spilled] = field(default_factory=dict)
    arrays: dict[int, list[tuple[int, int, str]]] = field(default_factory=dict)
    reach: dict[int, tuple[int, int]] = field(default_factory=dict)
    minute: int | None = None
    formats: dict[Place | tuple[int, int, str], dict[str, Any] | None] = field(default_factory=dict)


@dataclass(slots=True)
class Done:
    """What one computation found: plain values, which can go from one process to another. `volatile`: it looked at the
    clock; `partial`: some of it is what was known before, or LOADING."""

    values: dict[Place, Kinded] = field(default_factory=dict)
    spilled: dict[int, Spilled] = field(default_factory=dict)
    volatile: bool = False
    partial: bool = False
