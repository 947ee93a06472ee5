"""The Team tab: people, roles, and bad rows that leave a person as before."""

import pytest

from core.config import Person
from core.model import Cell
from core.team_tab import TEAM_HEADER, read_team, team_rows
from tests.core.shipped import CONFIG


def test_what_is_written_reads_as_it_was() -> None:
    assert read_team(team_rows(CONFIG), CONFIG) == (CONFIG, ())


def test_a_new_person_and_one_on_leave() -> None:
    rows = (TEAM_HEADER, ("Neha", "neha@example.org", "Admin", "no"), ("Asha", "", "", ""), ("", "", "", ""))
    config, issues = read_team(rows, CONFIG)
    assert not issues
    assert config.team == (Person("Neha", "neha@example.org", "admin", False), Person("Asha", "", "staff", True))


@pytest.mark.parametrize(
    ("row", "named"),
    [
        (("Neha", "neha at example", "admin", True), "e-mail"),
        (("Neha", "neha@example.org", "boss", True), "admin, staff or viewer"),
        (("Neha", "neha@example.org", "admin", "sometimes"), "TRUE or FALSE"),
    ],
)
def test_a_bad_row_is_named_and_the_person_stays_as_before(row: tuple[Cell, ...], named: str) -> None:
    config, issues = read_team((TEAM_HEADER, row), CONFIG)
    assert named in issues[0].reason
    assert issues[0].row == 2
    assert config.team == CONFIG.team[:1]


def test_rows_that_name_nobody_or_somebody_twice() -> None:
    config, issues = read_team(
        (TEAM_HEADER, ("", "x@example.org", "", ""), ("Neha", "", "", ""), ("NEHA", "", "", "")), CONFIG
    )
    assert [person.name for person in config.team] == ["Neha"]
    assert len(issues) == 2


def test_without_its_header_the_team_stays() -> None:
    config, issues = read_team((("who",), ("Asha",)), CONFIG)
    assert config == CONFIG
    assert len(issues) == 1
