"""The configuration in force."""

from __future__ import annotations

from dataclasses import replace

import pytest
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


SETTINGS: list[tuple[Cell, ...]] = [
    *settings_rows(config.default_config()),
    ("status", "trial", "Trial class", "open", 4, ""),
    ("status", "", "Waiting list", "open", 9, ""),
    ("scoring", "base", 33, "", "", ""),
    ("option", "unanswered_limit", 7, "", "", ""),
    ("source points", "Radio", 12, "", "", ""),
    ("message", "whatsapp_first", "Namaste {name}", "", "", ""),
]
TEAM: list[tuple[Cell, ...]] = [("name", "email", "role", "active"), ("Farida", "farida@example.org", "admin", True)]


@pytest.mark.parametrize(
    ("settings", "team"),
    [
        ({("status", "trial"): (3, "opened")}, {}),
        ({("status", "trial"): (4, "four"), ("status", ""): (3, "")}, {"Farida": (1, "farida at home")}),
        ({("scoring", "base"): (2, "much"), ("option", "unanswered_limit"): (2, "many")}, {"Farida": (2, "boss")}),
        ({("message", "whatsapp_first"): (2, "{nobody}"), ("source points", "Radio"): (2, "?")}, {}),
        ({("setting", "name"): (3, "sort")}, {"name": (0, "who")}),
    ],
)
def test_what_the_library_has_set_itself_stays_where_its_row_becomes_bad(
    engine: Engine, settings: dict[tuple[str, str], tuple[int, Cell]], team: dict[str, tuple[int, Cell]]
) -> None:
    bad = [_with(row, settings.get((str(row[0]), str(row[1])))) for row in SETTINGS]
    people = [_with(row, team.get(str(row[0]))) for row in TEAM]
    with engine.begin() as conn:
        config.save_config_source(conn, SETTINGS, TEAM)
        good = config.load_config(conn)
        config.save_config_source(conn, bad, people)
        assert config.load_config(conn) == good
        config.save_config_source(conn, [*bad, ("local city", "Pune", "", "", "", "")], people)
        later = config.load_config(conn)  # another row changes while the bad one stands
        assert (later.statuses, later.team, later.scoring) == (good.statuses, good.team, good.scoring)
        config.save_config_source(conn, SETTINGS[:-6], TEAM[:1])  # and what is taken out goes
        assert "trial" not in {one.status_id for one in config.load_config(conn).statuses}


def _with(row: tuple[Cell, ...], change: tuple[int, Cell] | None) -> tuple[Cell, ...]:
    return row if change is None else (*row[: change[0]], change[1], *row[change[0] + 1 :])


def test_both_tabs_are_read_once_for_as_long_as_they_say_the_same(engine: Engine) -> None:
    shipped = config.default_config()
    wrong = [*settings_rows(shipped), ("status", "Odd", "", "no kind", "", "")]
    with engine.begin() as conn:
        found = config.read_tabs(conn, wrong, [["no such header"], ["Asha"]], shipped)
        assert (len(found.settings_issues), len(found.team_issues)) == (1, 1)
        assert config.read_tabs(conn, wrong, [("no such header",), ("Asha",)], shipped) is found
        righted = config.read_tabs(conn, wrong[:-1], [], shipped)
    assert (righted.config.statuses, righted.settings_issues, righted.team_issues) == (shipped.statuses, (), ())
