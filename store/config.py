"""The configuration in force: what ships, with the last good rows of the Settings and Team tabs laid over it.

The sync saves the rows of both tabs whenever they change; everyone else loads. A bad row is passed over here as it was
when it was read, and the rest holds; its issue is the sync's to show.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.resources import files

from sqlalchemy import Connection

from core.config import Config
from core.config_parse import parse_defaults
from core.model import Cell
from core.settings_tab import read_settings
from core.team_tab import read_team
from store import counters, state

_SETTINGS, _TEAM = "settings_rows", "team_rows"


def default_config() -> Config:
    """What ships in `core/defaults.toml`."""
    return parse_defaults(files("core").joinpath("defaults.toml").read_text("utf-8"))


def load_config(conn: Connection, shipped: Config | None = None) -> Config:
    """The configuration in force. `shipped` stands under the tabs, for callers who set more than `defaults.toml` does
    (time zone and phone region come from the environment); without it, what ships."""
    config = shipped or default_config()
    with_settings, _ = read_settings(_rows(conn, _SETTINGS), config)
    with_team, _ = read_team(_rows(conn, _TEAM), with_settings)
    return with_team


def save_config_source(
    conn: Connection, settings_rows: Sequence[Sequence[Cell]], team_rows: Sequence[Sequence[Cell]]
) -> bool:
    """Keeps the rows of the Settings and Team tabs, header first. True if they differ from those kept."""
    changed = False
    for key, rows in ((_SETTINGS, settings_rows), (_TEAM, team_rows)):
        told = json.dumps([list(row) for row in rows])
        if state.get(conn, key) != told:
            state.put(conn, key, told)
            changed = True
    if changed:
        counters.bump(conn)
    return changed


def _rows(conn: Connection, key: str) -> list[list[Cell]]:
    return [list(row) for row in json.loads(state.get(conn, key) or "[]")]
