"""The mark that a status or a priority carries on a page: a tone, a shape, a word; never a colour alone.

A status added in Settings takes its mark from its kind; the nine that ship have one of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from core.config import Config, Status, StatusKind


@dataclass(frozen=True, slots=True)
class StatusMark:
    """`tone` picks the hue in the style sheet, `icon` the shape in the sprite, `dots` how many stand beside it."""

    label: str
    tone: str
    icon: str
    dots: int = 0


@dataclass(frozen=True, slots=True)
class PriorityMark:
    label: str
    icon: str
    strong: bool = False


_SHIPPED: Mapping[str, tuple[str, str, int]] = MappingProxyType(  # by status_id (core/defaults.toml)
    {
        "new": ("new", "s-new", 0),
        "contact": ("contacted", "s-contacted", 0),
        "follow_up_1": ("contacted", "s-contacted", 1),
        "follow_up_2": ("contacted", "s-contacted", 2),
        "follow_up_3": ("contacted", "s-contacted", 3),
        "interested": ("interested", "s-interested", 0),
        "later": ("closed", "s-later", 0),
    }
)
_BY_KIND: Mapping[StatusKind, tuple[str, str, int]] = MappingProxyType(
    {
        StatusKind.OPEN: ("contacted", "s-contacted", 0),
        StatusKind.WON: ("member", "s-member", 0),
        StatusKind.LOST: ("closed", "s-closed", 0),
    }
)
_PRIORITY_ICONS = ("flag-low", "flag-mid", "flag-high", "flag-top")


def status_marks(config: Config) -> dict[str, StatusMark]:
    """The mark of every status by its label."""
    return {status.label: StatusMark(status.label, *_drawn(status)) for status in config.statuses}


def _drawn(status: Status) -> tuple[str, str, int]:
    return _SHIPPED.get(status.status_id, _BY_KIND[status.kind])


def unknown_status(label: str) -> StatusMark:
    """For a word in the status column that is not on the list (people can type anything into a sheet)."""
    return StatusMark(label, "plain", "s-new")


def priority_marks(config: Config) -> dict[str, PriorityMark]:
    """The mark of every priority by its label: the more chevrons, the sooner. The upper half is set bold."""
    last = max(len(config.priorities) - 1, 1)
    return {
        label: PriorityMark(label, _PRIORITY_ICONS[round(place * (len(_PRIORITY_ICONS) - 1) / last)], place * 2 > last)
        for place, label in enumerate(config.priorities)
    }
