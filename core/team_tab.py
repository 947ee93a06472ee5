"""The Team tab: people with e-mail and role, written at set-up and read every cycle.

Where it stands: beside `core.settings_tab`. A bad row is an Issue, and the person whom it names stays as before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from core import emails, picklists
from core.config import Config, Person
from core.model import Cell, Issue
from core.text import cell_text, fold, tidy

TITLE = "Team"
TEAM_HEADER: tuple[Cell, ...] = ("name", "email", "role", "active")
ROLES = ("admin", "staff", "viewer")


def team_rows(config: Config) -> tuple[tuple[Cell, ...], ...]:
    """The tab's rows with its header, as set-up writes them."""
    return (TEAM_HEADER, *((one.name, one.email, one.role, one.active) for one in config.team))


def read_team(
    rows: Sequence[Sequence[Cell]], base: Config, good: Sequence[Person] | None = None
) -> tuple[Config, tuple[Issue, ...]]:
    """`base` with the team that the rows (header first) name, and an Issue for each row that cannot hold: its person
    stays as in `good`, the last team that held (that of `base` where there was none). A tab without a single row of a
    person is an empty team; one without its header leaves the team as it was."""
    if not rows:
        return base, ()
    before = tuple(base.team if good is None else good)
    places = {fold(cell_text(cell)): at for at, cell in enumerate(rows[0])}
    places.setdefault("email", places.get("e mail", -1))
    if "name" not in places:
        reason = f"The header of {TITLE} lacks name; the last good team stays in force"
        return replace(base, team=before), (Issue(TITLE, 1, reason),)
    people: list[Person] = []
    issues: list[Issue] = []
    for number, cells in enumerate(rows[1:], 2):
        if not any(cell_text(cell).strip() for cell in cells):
            continue
        person, problem = _person(cells, places, people, base)
        if problem:
            issues.append(Issue(TITLE, number, f"{TITLE}, row {number}: {problem}"))
            person = next((old for old in before if person and old.name == person.name), None)
        if person and all(fold(person.name) != fold(one.name) for one in people):
            people.append(person)
    return replace(base, team=tuple(people)), tuple(issues)


def _person(
    cells: Sequence[Cell], places: Mapping[str, int], people: Sequence[Person], config: Config
) -> tuple[Person | None, str]:
    """The person of a row, and what is wrong with the row ("" if nothing)."""

    def at(name: str) -> Cell:
        place = places.get(name, -1)
        return cells[place] if 0 <= place < len(cells) else None

    name = tidy(cell_text(at("name")))
    email, role = cell_text(at("email")).strip(), fold(cell_text(at("role"))) or "staff"
    person = Person(name, email, role)
    if not name:
        return None, "a person needs a name"
    if any(fold(name) == fold(one.name) for one in people):
        return person, f"“{name}” stands twice"
    found = emails.parse(email, config)
    if email and len(found.emails) != 1:
        return person, f"“{email}” is not an e-mail address"
    if role not in ROLES:
        return person, f"the role of “{name}” is admin, staff or viewer, not “{role}”"
    active = at("active")
    known = True if active is None or active == "" else picklists.flag(active)
    if known is None:
        return person, f"“active” of “{name}” is TRUE or FALSE, not “{cell_text(active)}”"
    return Person(name, found.emails[0] if email else "", role, known), ""
