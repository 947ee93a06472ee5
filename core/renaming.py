"""Statuses that were renamed in Settings: the same id under another label. The leads keep the old word until a person
lets them follow. Pure; `sync.looking` notices, `app.matters` offers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.config import Config
from core.text import fold


@dataclass(frozen=True, slots=True)
class Renamed:
    """A status whose leads may say `old` still, and are called `new` now."""

    status_id: str
    old: str
    new: str


def former_labels(before: Config, after: Config) -> Mapping[str, str]:
    """What statuses were called until now, old label -> id: those of an id that stays with another label, and those
    known before. A label that is in use (again) is not a former one."""
    labels = {status.status_id: status.label for status in after.statuses}
    in_use = {fold(status.label) for status in after.statuses}
    found = dict(before.former)
    found |= {s.label: s.status_id for s in before.statuses if labels.get(s.status_id, s.label) != s.label}
    return {old: i for old, i in found.items() if i in labels and fold(old) not in in_use}


def offers(config: Config) -> tuple[Renamed, ...]:
    """Each former label with what it is called now."""
    labels = {status.status_id: status.label for status in config.statuses}
    return tuple(Renamed(i, old, labels[i]) for old, i in config.former.items() if i in labels)
