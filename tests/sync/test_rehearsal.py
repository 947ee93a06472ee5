"""A rehearsal tells and does not do: not a set-up, not a mending, not an edit."""

from __future__ import annotations

import pytest

from core.model import Change, ChangeKind
from store import outbox
from sync import rehearsal
from sync.errors import OnlyRehearsed
from sync.link import Link
from sync.rehearsal import rehearse
from tests.sync.conftest import HEADER, NOW, Desk, person


def told(desk: Desk, link: Link) -> list[str]:
    """The lines; nothing may have been written."""
    before = link.sheets.meter.write, [tab.title for tab in desk.book.worksheets()]
    lines = list(rehearse(link, NOW))
    assert (link.sheets.meter.write, [tab.title for tab in desk.book.worksheets()]) == before
    assert link.sheets.may_write
    return lines


def test_before_the_first_set_up(desk: Desk) -> None:
    desk.add_tab("Form", [HEADER, person(1), ("Nobody", "", "", "")])
    lines = told(desk, desk.link())
    assert lines[0].startswith("set up    Master, Activity")
    assert lines[-2:] == ["rows: 1 attention, 1 created", "leads: 1 to create"]


def test_it_tells_what_the_cycle_then_does(desk: Desk) -> None:
    desk.add_tab("Form", [HEADER, person(1)])
    link = desk.link()
    desk.cycle(link)
    desk.add_tab("Event", [HEADER, person(1), person(2)])
    lines = told(desk, link)
    report = desk.cycle(link)
    assert lines[-2].split(", ") == [f"rows: {report.created} created", f"{report.merged} merged"]
    assert told(desk, link) == ["rows: none", "leads: nothing to do"]


def test_a_tab_that_is_gone_is_not_set_up(desk: Desk) -> None:
    desk.add_tab("Form", [HEADER, person(1)])
    link = desk.link()
    desk.cycle(link)
    desk.book.del_worksheet(desk.book.worksheet("Activity"))
    assert told(desk, link) == ["set up    Activity"]


def test_edits_that_wait_are_counted_and_wait_on(desk: Desk) -> None:
    desk.add_tab("Form", [HEADER, person(1)])
    link = desk.link()
    desk.cycle(link)
    change = Change("C1", desk.column("lead_id")[0], ChangeKind.UPDATE, {"city": ("Pune", "Goa")}, "neha", NOW)
    with link.engine.begin() as conn:
        outbox.enqueue(conn, [change])
    assert told(desk, link)[0].startswith("edits     1 of people's")
    assert desk.column("city") == ["Pune"]


def test_whatever_a_cycle_would_write_is_only_said(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    link = desk.link()
    desk.cycle(link)

    def writing(given: Link, now: object) -> None:
        assert not given.sheets.may_write
        raise OnlyRehearsed("here")

    monkeypatch.setattr(rehearsal, "prepare", writing)
    assert told(desk, link)[0].startswith("put right")
