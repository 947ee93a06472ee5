"""The configuration in force."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Engine

from core.model import Cell
from core.settings_tab import settings_rows
from core.team_tab import team_rows
from store import config, counters


def test_what_ships_until_the_tabs_say_otherwise(engine: Engine) -> None:
    with engine.begin() as conn:
        assert config.load_config(conn) == config.default_config()
        special = replace(config.default_config(), phone_region="US")
        assert config.load_config(conn, special).phone_region == "US"


def test_the_last_good_rows_stand_until_others_come(engine: Engine) -> None:
    shipped = config.default_config()
    team: tuple[tuple[Cell, ...], ...] = (
        ("name", "email", "role", "active"),
        ("Asha", "asha@example.com", "admin", True),
    )
    with engine.begin() as conn:
        assert config.save_config_source(conn, settings_rows(shipped), team)
        before = counters.revision(conn)
        assert not config.save_config_source(conn, settings_rows(shipped), team)
        assert counters.revision(conn) == before
        loaded = config.load_config(conn)
        assert [(person.name, person.role) for person in loaded.team] == [("Asha", "admin")]
        assert loaded.statuses == shipped.statuses
        assert team_rows(loaded)[1][0] == "Asha"
        assert config.save_config_source(conn, [], [])
        assert config.load_config(conn) == shipped


def test_both_tabs_are_read_once_for_as_long_as_they_say_the_same() -> None:
    shipped = config.default_config()
    wrong = [*settings_rows(shipped), ("status", "Odd", "", "no kind", "", "")]
    found = config.read_tabs(wrong, [["no such header"], ["Asha"]], shipped)
    assert (len(found.settings_issues), len(found.team_issues)) == (1, 1)
    assert config.read_tabs(wrong, [("no such header",), ("Asha",)], shipped) is found
    righted = config.read_tabs(wrong[:-1], [], shipped)
    assert (righted.config.statuses, righted.settings_issues, righted.team_issues) == (shipped.statuses, (), ())
