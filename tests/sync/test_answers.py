"""What people said of tabs outlives the database: it stands in `_crm` too."""

from __future__ import annotations

from store import tabs
from sync import answers
from sync.link import Link
from tests.sync.conftest import HEADER, Desk, person

NAMELESS = ("Name", "City")


def say(link: Link, title: str, role: tabs.Role) -> None:
    with link.engine.begin() as conn:
        (tab,) = (one for one in tabs.all_tabs(conn) if one.title == title)
        assert tabs.decide_role(conn, tab.sheet_id, role)


def roles(link: Link) -> dict[str, str]:
    with link.engine.begin() as conn:
        return {one.title: one.role for one in tabs.all_tabs(conn)}


def test_answers_come_back_with_a_new_database(desk: Desk) -> None:
    desk.add_tab("Copy", [("lead_id", *HEADER), ("L1", *person(1))])
    desk.add_tab("Old list", [NAMELESS, ("Asha", "Pune")])
    desk.add_tab("Spam", [HEADER, person(7)])
    desk.add_tab("Undecided", [("lead_id", *HEADER), ("L2", *person(2))])
    link = desk.link()
    desk.cycle(link)
    say(link, "Copy", "source")
    say(link, "Old list", "skip")
    say(link, "Spam", "skip")
    report = desk.cycle(link)
    assert desk.cycle(link).created + report.created == 1
    assert desk.cycle(link).writes == 0
    before = roles(link)

    fresh = desk.link("new")
    assert desk.cycle(fresh).created == 0
    assert roles(fresh) == before
    assert {title: before[title] for title in ("Copy", "Old list", "Spam", "Undecided")} == {
        "Copy": "source", "Old list": "skip", "Spam": "skip", "Undecided": "ask",
    }  # fmt: skip
    assert desk.cycle(fresh).writes == 0
    assert len(desk.master()) == 2


def test_an_answer_taken_back_stays_taken_back(desk: Desk) -> None:
    desk.add_tab("Copy", [("lead_id", *HEADER), ("L1", *person(1))])
    link = desk.link()
    desk.cycle(link)
    for role in ("skip", "ask"):
        say(link, "Copy", role)  # type: ignore[arg-type]
        desk.cycle(link)
    fresh = desk.link("new")
    desk.cycle(fresh)
    assert roles(fresh)["Copy"] == "ask"


def test_answers_outlive_a_deleted_crm(desk: Desk) -> None:
    desk.add_tab("Copy", [("lead_id", *HEADER), ("L1", *person(1))])
    link = desk.link()
    desk.cycle(link)
    say(link, "Copy", "skip")
    desk.cycle(link)
    desk.book.del_worksheet(desk.book.worksheet("_crm"))
    desk.cycle(link)
    fresh = desk.link("new")
    desk.cycle(fresh)
    assert roles(fresh)["Copy"] == "skip"


def test_an_answer_given_here_wins_over_the_sheets_older_one(desk: Desk) -> None:
    desk.add_tab("Copy", [("lead_id", *HEADER), ("L1", *person(1))])
    link = desk.link()
    desk.cycle(link)
    say(link, "Copy", "skip")
    desk.cycle(link)
    say(link, "Copy", "source")
    with link.engine.begin() as conn:
        (sheet_id,) = answers.untold(conn)[0][:1]
        answers.take_back(conn, {sheet_id: "skip"})
    assert roles(link)["Copy"] == "source"
