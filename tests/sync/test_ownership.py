"""A copied spreadsheet, a second installation: noticed, only read until a person decides, never two writers."""

from __future__ import annotations

from dataclasses import replace

import gspread
import pytest

from store import mirror, ownership
from store.ownership import Decision
from sync.cycle import taking_over
from sync.errors import ReadOnlyHere
from sync.link import Link
from sync.rehearsal import rehearse
from sync.sheets import Sheets
from tests.sync.conftest import HEADER, NOW, Desk, person


def decide(link: Link, decision: Decision) -> None:
    with link.engine.begin() as conn:
        assert ownership.decide(conn, decision)


def why(link: Link) -> str | None:
    with link.engine.connect() as conn:
        found = ownership.current(conn)
        return found.why if found else None


def copy_of(desk: Desk, link: Link) -> tuple[Link, gspread.Spreadsheet]:
    address = f"https://www.googleapis.com/drive/v3/files/{desk.book.id}/copy"
    made = desk.http.request("post", address, json={}).json()["id"]
    client = gspread.Client(auth=None, session=desk.http.session, http_client=lambda auth, session: desk.http)  # type: ignore[arg-type]
    return replace(link, sheets=Sheets(desk.http, made, attempts=1)), client.open_by_key(made)


def test_a_second_installation_reads_only_until_a_person_decides(desk: Desk) -> None:
    tab = desk.add_tab("Form", [HEADER, person(1)])
    first, second = desk.link("first"), desk.link("second", installation="other house")
    desk.cycle(first)
    tab.append_row(list(person(2)), value_input_option="RAW")  # type: ignore[arg-type]
    for _ in range(2):
        with pytest.raises(ReadOnlyHere, match="Another installation"):
            desk.cycle(second)
    assert second.sheets.meter.write == 0
    assert why(second) == "signed"
    assert desk.cycle(first).created == 1, "the first one goes on undisturbed"

    decide(second, "stay_away")
    with pytest.raises(ReadOnlyHere):
        desk.cycle(second)
    assert second.sheets.meter.write == 0

    decide(second, "take_over")
    assert list(rehearse(second, NOW)) == ["take over the spreadsheet, as was decided, then read it back"]
    assert desk.cycle(second).created == 0
    assert why(second) is None
    with second.engine.connect() as conn:
        assert mirror.count(conn) == 2
    with pytest.raises(ReadOnlyHere, match="taken this spreadsheet over"):
        desk.cycle(first)
    assert why(first) == "taken"
    assert desk.cycle(second).writes == 0

    decide(first, "take_over")
    desk.cycle(first)
    with pytest.raises(ReadOnlyHere):
        desk.cycle(second)


def test_a_decision_is_about_the_installation_that_was_shown(desk: Desk) -> None:
    desk.add_tab("Form", [HEADER, person(1)])
    one, two, three = (desk.link(name, installation=name) for name in ("one", "two", "three"))
    desk.cycle(one)
    with pytest.raises(ReadOnlyHere):
        desk.cycle(two)
    decide(two, "take_over")
    taking_over(three, NOW)
    with pytest.raises(ReadOnlyHere):
        desk.cycle(two)  # it was decided about the first one, not about this
    with two.engine.connect() as conn:
        found = ownership.current(conn)
        assert found is not None
        assert found.decision == ""


def test_a_copied_spreadsheet_is_left_alone_until_a_person_decides(desk: Desk) -> None:
    desk.add_tab("Form", [HEADER, person(1)])
    link = desk.link()
    desk.cycle(link)
    copied, book = copy_of(desk, desk.link("copy"))
    before = [sheet.get_all_values() for sheet in book.worksheets()]
    with pytest.raises(ReadOnlyHere, match="copy"):
        desk.cycle(copied)
    with pytest.raises(ReadOnlyHere):
        list(rehearse(copied, NOW))
    assert [sheet.get_all_values() for sheet in book.worksheets()] == before
    report = taking_over(copied, NOW)
    assert report.created == 0
    assert desk.cycle(copied).writes == 0
    book.worksheet("Form").append_row(list(person(2)), value_input_option="RAW")  # type: ignore[arg-type]
    assert desk.cycle(copied).created == 1
    assert len(desk.master()) == 1, "the one that it was copied from has no part in it"
    assert desk.cycle(link).writes == 0


def test_a_lost_database_of_the_same_installation_needs_no_decision(desk: Desk) -> None:
    desk.add_tab("Form", [HEADER, person(1)])
    desk.cycle(desk.link("a"))
    anew = desk.link("b")
    assert desk.cycle(anew).created == 0
    assert why(anew) is None
