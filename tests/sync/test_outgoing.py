"""Edits of the app reach their lead in the sheet, whatever people do between the read and the write."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import gspread
import pytest
import requests

from app.acting import Doer, act
from app.factory import create_app
from app.undoing import take_back
from core.commands import AddNote, Command, DeleteLead
from core.field_checks import Refusal
from core.fields import NAMES
from core.model import Change, ChangeKind, ChangeState, Value
from store import activity, conflicts, issues, mirror, outbox
from sync.access import RebasedHTTPClient
from sync.link import Link
from tests.app.conftest import settings
from tests.sync.conftest import HEADER, NOW, ROWS, Book, Desk, person

NOTES = chr(65 + NAMES.index("notes"))


def change(number: int, lead_id: str, **fields: tuple[Value, Value]) -> Change:
    return Change(f"C{number:016d}", lead_id, ChangeKind.UPDATE, fields, "Neha", NOW)


def enqueue(link: Link, *changes: Change) -> None:
    with link.engine.begin() as conn:
        outbox.enqueue(conn, changes)


def state_of(link: Link, one: Change) -> ChangeState | None:
    with link.engine.begin() as conn:
        found = outbox.change(conn, one.change_id)
        return found.state if found else None


def do(link: Link, lead_id: str, command: Command) -> str:
    """A command of the app; the id of its change."""
    with create_app(settings(), link.engine).app_context():
        done = act(lead_id, lambda _: command, Doer("Neha"))
    assert not isinstance(done, Refusal), done
    return done.change_id


def undo(link: Link, change_id: str) -> None:
    with create_app(settings(), link.engine).app_context():
        assert not isinstance(take_back(change_id, "", Doer("Neha")), Refusal)


def by_id(desk: Desk, field: str) -> dict[str, str]:
    return {row["lead_id"]: row[field] for row in desk.master()}


def test_twenty_edits_are_one_read_and_one_write_beside_the_poll(book: Book) -> None:
    desk, link, _ = book
    ids = desk.column("lead_id")
    enqueue(link, *(change(n, ids[n % ROWS], notes=(None, f"note {n}")) for n in range(20)))
    report = desk.cycle(link)
    assert (report.reads, report.writes) == (2, 1)
    assert all(f"note {n}" in by_id(desk, "notes")[ids[n % ROWS]] for n in range(20))
    assert desk.cycle(link).writes == 0


def test_an_edit_is_in_the_sheet_in_activity_and_applied(book: Book) -> None:
    desk, link, master = book
    lead = desk.column("lead_id")[2]
    one = change(1, lead, city=("Pune", "Kochi"), next_follow_up=(date(2026, 11, 24), date(2026, 12, 1)))
    enqueue(link, one)
    desk.cycle(link)
    assert (by_id(desk, "city")[lead], by_id(desk, "next_follow_up")[lead]) == ("Kochi", "01-12-2026")
    assert state_of(link, one) is ChangeState.APPLIED
    rows = [row[2:7] for row in desk.book.worksheet("Activity").get_all_values() if row[1] == one.change_id]
    assert sorted(rows) == [
        [lead, "Neha", "city", "Pune", "Kochi"],
        [lead, "Neha", "next_follow_up", "2026-11-24", "2026-12-01"],
    ]
    assert master.acell("E4").value == "Kochi"


def test_what_the_sheet_changed_meanwhile_is_a_conflict_and_stays(book: Book) -> None:
    desk, link, master = book
    lead = desk.column("lead_id")[0]
    master.update_acell("E2", "Mumbai")
    one = change(1, lead, city=("Pune", "Kochi"), lead_type=(None, "Hot"))
    enqueue(link, one)
    desk.cycle(link)
    assert (by_id(desk, "city")[lead], by_id(desk, "lead_type")[lead]) == ("Mumbai", "")
    assert state_of(link, one) is ChangeState.CONFLICT
    with link.engine.begin() as conn:
        found = conflicts.open_conflicts(conn, 10).items
        assert [(f.conflict.field, f.conflict.ours, f.conflict.theirs) for f in found] == [("city", "Kochi", "Mumbai")]
        shown = mirror.lead(conn, lead)
        assert shown
        assert shown.city == "Mumbai"


def test_notes_keep_both(book: Book) -> None:
    desk, link, master = book
    lead = desk.column("lead_id")[0]
    master.update_acell("P2", "typed in the sheet")
    enqueue(link, change(1, lead, notes=(None, "typed in the app")))
    desk.cycle(link)
    assert by_id(desk, "notes")[lead].split("\n") == ["typed in the sheet", "typed in the app"]


TWO_LINES = "Mother called\r\ncomes on Saturday"  # as browsers send them


def test_a_note_of_two_lines_is_told_as_its_authors_and_taken_back_whole(book: Book) -> None:
    desk, link, master = book
    lead = desk.column("lead_id")[0]
    made = do(link, lead, AddNote(TWO_LINES))
    for _ in range(3):
        desk.cycle(link)
    told = [row for row in desk.book.worksheet("Activity").get_all_values() if row[2] == lead and row[4] == "notes"]
    assert [row[3] for row in told] == ["Neha"]
    assert by_id(desk, "notes")[lead].endswith("Mother called\ncomes on Saturday")
    master.update_acell(f"{NOTES}2", f"{by_id(desk, 'notes')[lead]}\nbrings a friend")
    desk.cycle(link)
    undo(link, made)
    desk.cycle(link)
    assert by_id(desk, "notes")[lead] == "brings a friend"  # what somebody typed since stays


def test_a_lead_with_a_note_of_two_lines_can_be_deleted_at_once(book: Book) -> None:
    desk, link, _ = book
    lead = desk.column("lead_id")[0]
    do(link, lead, AddNote(TWO_LINES))
    do(link, lead, DeleteLead())
    for _ in range(3):
        desk.cycle(link)
    assert lead not in desk.column("lead_id")


def test_a_formula_of_a_person_is_never_written_over(book: Book) -> None:
    desk, link, master = book
    lead = desk.column("lead_id")[0]
    master.update_acell("E2", '=UPPER("pune")')
    one = change(1, lead, city=("Pune", "Kochi"))
    enqueue(link, one)
    desk.cycle(link)
    assert master.acell("E2", value_render_option="FORMULA").value == '=UPPER("pune")'  # type: ignore[arg-type]
    assert state_of(link, one) is ChangeState.BLOCKED


class Meddling(RebasedHTTPClient):
    """Lets a person act right before our write is sent: after the fresh read, before the batch."""

    deed: Callable[[], None] | None = None

    def request(self, method: str, endpoint: str, *args: Any, **kwargs: Any) -> requests.Response:
        if endpoint.endswith(":batchUpdate") and self.deed:
            deed, self.deed = self.deed, None
            deed()
        return super().request(method, endpoint, *args, **kwargs)


def meddle(desk: Desk, link: Link, deed: Callable[[], object]) -> None:
    client = Meddling(desk.http.auth)
    client.base = desk.http.base
    client.deed = lambda: (deed(), None)[1]
    link.sheets.http = client


def sort_all(master: gspread.Worksheet) -> None:
    master.sort((2, "des"), range=f"A2:AC{ROWS + 1}")


DEEDS: dict[str, Callable[[gspread.Worksheet], object]] = {
    "sort": sort_all,
    "insert a row above": lambda m: m.insert_row(["", "", "", ""], 2),
    "delete a row above": lambda m: m.delete_rows(2),
    "insert a column": lambda m: m.insert_cols([["Ours"]], col=3),
    "insert a column first": lambda m: m.insert_cols([["Ours"]], col=1),
    "move the row": lambda m: m.spreadsheet.batch_update(
        {
            "requests": [
                {
                    "moveDimension": {
                        "source": {"sheetId": m.id, "dimension": "ROWS", "startIndex": 3, "endIndex": 4},
                        "destinationIndex": 7,
                    }
                }
            ]
        }
    ),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_a_person_between_read_and_write_costs_nobody_anything(book: Book, deed: str) -> None:
    desk, link, master = book
    before = {row["lead_id"]: row for row in desk.master()}
    leads = list(before)[2:4]  # in rows 4 and 5
    enqueue(
        link, *(change(n, i, city=("Pune", f"Token{n}"), lead_type=(None, f"Kind{n}")) for n, i in enumerate(leads))
    )
    meddle(desk, link, lambda: DEEDS[deed](master))
    desk.cycle(link)
    rows = {row["lead_id"]: row for row in desk.master() if row["lead_id"]}
    for lead_id, row in rows.items():
        number = leads.index(lead_id) if lead_id in leads else None
        wanted = ("Pune", "") if number is None else (f"Token{number}", f"Kind{number}")
        assert (row["city"], row["lead_type"]) == wanted, lead_id
        kept = {n: v for n, v in row.items() if n in before[lead_id] and n not in ("city", "lead_type")}
        assert kept == {n: v for n, v in before[lead_id].items() if n in kept}
    assert set(leads) <= set(rows)
    ours = [
        v for row in desk.book.worksheet("Master").get_all_values()[1:] for v in row if v.startswith(("Token", "Kind"))
    ]
    assert len(ours) == 4
    gone = set(before) - set(rows)
    assert len(gone) == (deed == "delete a row above")
    if gone:  # a second complete look has missed it by now: that is told once
        telling = desk.cycle(link)
        assert (telling.reads, telling.writes) == (1, 1)
        told = [row[2:] for row in desk.book.worksheet("Activity").get_all_values() if row[3] == "sheet"]
        names = {lead_id: before[lead_id]["full_name"] for lead_id in gone}
        assert told == [[i, "sheet", "lead", name, "", "deleted in the sheet"] for i, name in names.items()]
    last = desk.cycle(link)
    assert (last.reads, last.writes) == (1, 0)


def test_new_leads_beside_a_column_put_in_between_stand_right(book: Book) -> None:
    desk, link, master = book
    desk.add_tab("Event", [HEADER, person(50)])
    meddle(desk, link, lambda: master.insert_cols([["Ours"]], col=3))
    for _ in range(3):
        desk.cycle(link)
    rows = [row for row in desk.master() if row["full_name"] == "Asha Person50"]
    assert len(rows) == 1
    assert (rows[0]["phone_number"], rows[0]["Ours"], rows[0]["city"]) == ("(981) 550-0050", "", "Pune")
    assert desk.cycle(link).writes == 0


def test_a_victim_gets_its_formula_back(book: Book) -> None:
    desk, link, master = book
    ids = desk.column("lead_id")
    master.update_acell("E3", '=UPPER("pune")')  # the row that will stand where our target stood
    desk.cycle(link)
    enqueue(link, change(1, ids[2], city=("Pune", "Token")))
    meddle(desk, link, lambda: master.insert_row([""], 2))
    desk.cycle(link)
    assert master.acell("E4", value_render_option="FORMULA").value == '=UPPER("pune")'  # type: ignore[arg-type]
    assert by_id(desk, "city")[ids[2]] == "Token"


def test_an_edit_that_cannot_be_made_does_not_hold_up_the_others(book: Book) -> None:
    desk, link, master = book
    ids = desk.column("lead_id")
    gone = change(1, "LNOBODY00", city=(None, "Kochi"))
    fine = change(2, ids[1], city=("Pune", "Kochi"))
    with link.engine.begin() as conn:
        outbox.enqueue(conn, [gone, fine])
    desk.cycle(link)
    assert by_id(desk, "city")[ids[1]] == "Kochi"
    assert state_of(link, gone) in (ChangeState.BLOCKED, None)
    assert state_of(link, fine) is ChangeState.APPLIED
    assert master.col_count >= 29


def test_a_lead_made_in_the_app_is_appended_once(book: Book) -> None:
    desk, link, _ = book
    made = Change(
        "C9",
        "LNEW00001",
        ChangeKind.CREATE,
        {"full_name": (None, "Bina"), "phone_number": (None, "+919815512345")},
        "Neha",
        NOW,
    )
    enqueue(link, made)
    desk.cycle(link)
    desk.cycle(link)
    assert by_id(desk, "phone_number")["LNEW00001"] == "(981) 551-2345"
    assert desk.column("lead_id").count("LNEW00001") == 1
    with link.engine.begin() as conn:
        assert len(activity.of_change(conn, "C9", "LNEW00001")) == 1


def test_a_status_typed_in_the_sheet_is_told_and_brings_its_follow_up(book: Book) -> None:
    desk, link, master = book
    lead = desk.column("lead_id")[1]
    master.update_acell("G3", "Interested")
    desk.cycle(link)
    desk.cycle(link)
    row = next(row for row in desk.master() if row["lead_id"] == lead)
    assert (row["status"], row["next_follow_up"], row["status_updated_date"]) == (
        "Interested",
        "29-11-2026",
        "22-11-2026",
    )
    told = [r for r in desk.book.worksheet("Activity").get_all_values() if r[2] == lead and r[3] == "sheet"]
    assert [r[4:7] for r in told] == [["status", "New Lead", "Interested"]]
    assert desk.cycle(link).writes == 0


def test_a_follow_up_typed_with_the_status_stays(book: Book) -> None:
    desk, link, master = book
    master.update([["Interested"]], "G3")
    master.update([["15-12-2026"]], "M3", value_input_option="RAW")  # type: ignore[arg-type]
    desk.cycle(link)
    desk.cycle(link)
    assert master.acell("M3").value == "15-12-2026"


def test_a_word_that_is_no_status_stays_and_is_shown(book: Book) -> None:
    desk, link, master = book
    master.update_acell("G3", "thinking about it")
    desk.cycle(link)
    assert master.acell("G3").value == "thinking about it"
    with link.engine.begin() as conn:
        assert any(one.issue.field == "status" for one in issues.page(conn, 20).items)
    assert desk.cycle(link).writes == 0


def test_an_applied_change_is_done_when_a_read_has_shown_it(book: Book) -> None:
    desk, link, _ = book
    one = change(1, desk.column("lead_id")[0], city=("Pune", "Kochi"))
    enqueue(link, one)
    desk.cycle(link)
    desk.cycle(link)
    assert state_of(link, one) is ChangeState.DONE
