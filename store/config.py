"""The configuration in force: what ships, with the last good rows of the Settings and Team tabs laid over it.

The sync saves the rows of both tabs whenever they change, and beside them what was in force until then; everyone else
loads. What a bad row is about stays as it was then, and the rest holds; its issue is the sync's to show.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.resources import files
from types import MappingProxyType

from sqlalchemy import Connection

from core.config import Config
from core.config_parse import parse_defaults
from core.model import Cell, Issue
from core.settings_tab import read_settings, settings_rows
from core.team_tab import read_team, team_rows
from store import counters, kept, state

_SETTINGS, _TEAM = "settings_rows", "team_rows"
_GOOD = "good_settings_and_team"  # the rows of both tabs that say what was in force before they changed last
_MOST_FORMER = 200


@cache
def default_config() -> Config:
    """What ships in `core/defaults.toml`."""
    return parse_defaults(files("core").joinpath("defaults.toml").read_text("utf-8"))


def load_config(conn: Connection, shipped: Config | None = None) -> Config:
    """The configuration in force. `shipped` stands under the tabs, for callers who set more than `defaults.toml` does
    (time zone and phone region come from the environment); without it, what ships."""
    settings, team = state.get(conn, _SETTINGS) or "[]", state.get(conn, _TEAM) or "[]"
    return with_former(conn, _parsed(settings, team, _good(conn), _Shipped(shipped or default_config())).config)


@dataclass(frozen=True, slots=True)
class TabsRead:
    """What the Settings and Team tabs make of what ships, and what is wrong with rows of each."""

    config: Config
    settings_issues: tuple[Issue, ...]
    team_issues: tuple[Issue, ...]


def read_tabs(
    conn: Connection, settings: Sequence[Sequence[Cell]], team: Sequence[Sequence[Cell]], shipped: Config
) -> TabsRead:
    """Rows of both tabs, header first, laid over `shipped`; nothing is kept."""
    return _parsed(_told(settings), _told(team), _good(conn), _Shipped(shipped))


def _good(conn: Connection) -> str:
    return state.get(conn, _GOOD) or "[[], []]"


@dataclass(frozen=True, slots=True, eq=False)
class _Shipped:
    """A configuration known as the object that it is: comparing two would cost more than reading one."""

    config: Config

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Shipped) and self.config is other.config

    def __hash__(self) -> int:
        return id(self.config)


@lru_cache(maxsize=16)
def _parsed(settings: str, team: str, good: str, shipped: _Shipped) -> TabsRead:
    """Both tabs are read once for as long as they say the same: every page and every cycle asks."""
    good_settings, good_team = json.loads(good)
    before, _ = read_team(good_team, read_settings(good_settings, shipped.config)[0])
    with_settings, of_settings = read_settings(json.loads(settings), shipped.config, before)
    with_team, of_team = read_team(json.loads(team), with_settings, before.team)
    return TabsRead(with_team, of_settings, of_team)


def _told(rows: Sequence[Sequence[Cell]]) -> str:
    return json.dumps([list(row) for row in rows])


def with_former(conn: Connection, config: Config) -> Config:
    """With what statuses were called before they were renamed."""
    former = dict(kept.page(conn, "former", _MOST_FORMER))
    return replace(config, former=MappingProxyType(former)) if former or config.former else config


def save_former(conn: Connection, former: Mapping[str, str]) -> None:
    """What statuses were called before, old label -> status id; all of it."""
    known = dict(kept.page(conn, "former", _MOST_FORMER))
    kept.put(conn, "former", former)
    kept.drop(conn, "former", known.keys() - former.keys())


def knows_settings(conn: Connection) -> bool:
    """Whether the Settings tab was ever read into this database."""
    return state.get(conn, _SETTINGS) is not None


def save_config_source(conn: Connection, settings: Sequence[Sequence[Cell]], team: Sequence[Sequence[Cell]]) -> bool:
    """Keeps the rows of the Settings and Team tabs, header first. True if they differ from those kept."""
    told = {_SETTINGS: _told(settings), _TEAM: _told(team)}
    if all(state.get(conn, key) == rows for key, rows in told.items()):
        return False
    before = load_config(conn)
    state.put(conn, _GOOD, json.dumps([settings_rows(before), team_rows(before)]))
    for key, rows in told.items():
        state.put(conn, key, rows)
    counters.bump(conn)
    return True
