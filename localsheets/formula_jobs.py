"""What the server and the processes that compute formulas say to each other: jobs, what they come to, and the frame."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any

from .formula_feed import Feed
from .results import Done, Place

HEAD = struct.Struct(">Q")


@dataclass(frozen=True, slots=True)
class Stored:
    """Formulas of a spreadsheet as it stands on the disk at a version, and the seconds of processor time that they may
    take."""

    sid: str
    version: int
    now: float
    seconds: float
    formulas: dict[Place, str]


@dataclass(frozen=True, slots=True)
class Given:
    """A feed with its cells: of a write at work, that nobody else can see yet."""

    feed: Feed
    cells: list[tuple[int, int, int, Any]]
    seconds: float


Job = Stored | Given
Outcome = Done | None | str  # None: the spreadsheet is no longer as the job says; str: a fault of ours, told
