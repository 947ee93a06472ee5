"""The whole way in, against the real server: rows of people's tabs become leads of Master, each once."""

from __future__ import annotations

import pytest

from store import activity, issues, mirror, tabs
from sync.carry import carry_out
from sync.cycle import prepare
from sync.errors import FenceLost, UnsafePicture
from tests.sync.conftest import HEADER, NOW, Desk, person


def test_rows_become_leads_with_everything_a_lead_has(desk: Desk) -> None:
    desk.add_tab("Form", [HEADER, person(1), person(2), ("Nobody", "", "nobody@example.org", "Pune")])
    report = desk.cycle(desk.link())
    assert (report.created, report.merged, report.attention) == (2, 0, 1)
    first = desk.master()[0]
    assert first["full_name"] == "Asha Person1"
    assert first["phone_number"] == "(981) 550-0001"
    assert (first["status"], first["next_follow_up"], first["lead_date"]) == (
        "New Lead",
        "24-11-2026",
        first["lead_date"],
    )
    assert first["lead_id"].startswith("L")
    assert first["assigned_to"]
    assert first["created_at"] == "22-11-2026 10:42"


def test_an_idle_poll_of_six_tabs_is_one_read_and_no_write(desk: Desk) -> None:
    for tab in range(6):
        desk.add_tab(f"Form {tab}", [HEADER, person(tab)])
    link = desk.link()
    assert desk.cycle(link).created == 6
    for _ in range(3):
        report = desk.cycle(link)
        assert (report.reads, report.writes) == (1, 0)


def test_fifty_new_rows_over_six_tabs_are_one_read_and_one_write(desk: Desk) -> None:
    tabs = [desk.add_tab(f"Form {tab}", [HEADER, person(tab)]) for tab in range(6)]
    link = desk.link()
    desk.cycle(link)
    for number in range(50):
        tabs[number % 6].append_row(list(person(100 + number)), value_input_option="RAW")  # type: ignore[arg-type]
    report = desk.cycle(link)
    assert (report.created, report.reads, report.writes) == (50, 1, 1)
    assert len(set(desk.column("lead_id"))) == 56


def test_the_same_person_in_two_tabs_is_one_lead(desk: Desk) -> None:
    desk.add_tab("Form", [HEADER, person(1)])
    desk.add_tab(
        "Event", [("Email Address", "Parent Mobile no.", "City"), ("other@example.org", "+91 98155 00001", "Pune")]
    )
    report = desk.cycle(desk.link())
    assert (report.created, report.merged) == (1, 1)
    assert len(desk.master()) == 1


def test_a_later_row_fills_the_blanks_of_the_lead_that_stands(desk: Desk) -> None:
    desk.add_tab("Form", [HEADER, ("Asha", "9815500001", "", "")])
    link = desk.link()
    desk.cycle(link)
    desk.add_tab("Event", [HEADER, ("Asha", "9815500001", "asha@example.org", "Pune")])
    report = desk.cycle(link)
    assert (report.merged, report.updated) == (1, 1)
    assert (desk.column("email"), desk.column("city")) == (["asha@example.org"], ["Pune"])
    activity = desk.book.worksheet("Activity").get_all_values()
    assert [row[4] for row in activity if row[4] == "email"] == ["email"]
    assert desk.cycle(link).writes == 0


def test_sorting_renaming_and_inserting_import_nothing_twice(desk: Desk) -> None:
    tab = desk.add_tab("Form", [HEADER, *(person(n) for n in range(9))])
    link = desk.link()
    desk.cycle(link)
    tab.sort((2, "des"), range="A2:D10")
    tab.update_title("Enquiries")
    tab.insert_row(["", "", "", ""], 4)
    report = desk.cycle(link)
    assert (report.created, report.merged, report.attention, report.updated) == (0, 0, 0, 0)
    assert len(desk.master()) == 9


def test_an_edited_row_updates_the_lead_that_it_made(desk: Desk) -> None:
    tab = desk.add_tab("Form", [HEADER, *(person(n) for n in range(5))])
    link = desk.link()
    desk.cycle(link)
    tab.update_acell("D3", "Mumbai")
    report = desk.cycle(link)
    assert (report.created, report.updated) == (0, 1)
    assert sorted(desk.column("city")) == ["Mumbai", "Pune", "Pune", "Pune", "Pune"]


def test_a_mended_row_leaves_needs_attention(desk: Desk) -> None:
    tab = desk.add_tab("Form", [HEADER, ("Asha", "12", "asha@example.org", ""), ("Bina", "", "", "")])
    link = desk.link()
    desk.cycle(link)
    listed = desk.book.worksheet("Needs attention")
    assert len(listed.get_all_values()) == 3
    tab.update_acell("B2", "9815500001")
    report = desk.cycle(link)
    assert report.created == 1
    assert [row[:2] for row in listed.get_all_values()[1:]] == [["Form", "3"]]
    assert desk.cycle(link).writes == 0


def test_what_people_typed_in_master_stays_as_they_typed_it(desk: Desk) -> None:
    desk.add_tab("Form", [HEADER, person(1), person(2)])
    link = desk.link()
    desk.cycle(link)
    master = desk.book.worksheet("Master")
    master.add_cols(1)
    width = master.col_count
    master.update_cell(1, width, "Ours")
    master.update_cell(2, width, "=1+1")
    master.update_cell(3, 7, "Interested")
    tab = desk.add_tab("Event", [HEADER, ("Asha Person1", "9815500001", "", "")])
    tab.update_acell("A1", "Customer Name")
    before = master.get_all_values(value_render_option="FORMULA")  # type: ignore[arg-type]
    desk.cycle(link)
    after = master.get_all_values(value_render_option="FORMULA")  # type: ignore[arg-type]
    follows = {before[0].index(name) for name in ("next_follow_up", "lead_score", "priority", "updated_at")}
    for was, now in zip(before, after, strict=True):
        assert [c for n, c in enumerate(now) if n not in follows] == [c for n, c in enumerate(was) if n not in follows]


def test_columns_may_be_moved_and_other_words_stand_between(desk: Desk) -> None:
    desk.add_tab("Form", [HEADER, person(1)])
    link = desk.link()
    desk.cycle(link)
    master = desk.book.worksheet("Master")
    master.insert_cols([["Our column", "mine"]], col=2)
    desk.add_tab("Event", [HEADER, person(2)])
    assert desk.cycle(link).created == 1
    rows = desk.master()
    assert [row["Our column"] for row in rows] == ["mine", ""]
    assert [row["full_name"] for row in rows] == ["Asha Person1", "Asha Person2"]


def test_a_tab_deleted_or_broken_does_not_stop_the_others(desk: Desk) -> None:
    gone = desk.add_tab("Old", [HEADER, person(1)])
    desk.add_tab("Junk", [("", "???"), ("=", 3.5)])
    kept = desk.add_tab("Form", [HEADER, person(2)])
    link = desk.link()
    assert desk.cycle(link).created == 2
    desk.book.del_worksheet(gone)
    kept.append_row(list(person(3)))  # type: ignore[arg-type]
    assert desk.cycle(link).created == 1
    assert len(desk.master()) == 3


def test_a_copy_of_master_is_not_taken_for_leads(desk: Desk) -> None:
    desk.add_tab("Form", [HEADER, person(1)])
    link = desk.link()
    desk.cycle(link)
    desk.book.duplicate_sheet(desk.book.worksheet("Master").id, new_sheet_name="Copy of Master")
    desk.cycle(link)
    report = desk.cycle(link)
    assert (report.created, report.merged, len(desk.master())) == (0, 0, 1)


def test_tabs_that_only_show_what_stands_elsewhere_are_asked_about(desk: Desk) -> None:
    desk.add_tab("Form", [HEADER, person(1)])
    link = desk.link()
    desk.cycle(link)
    show = desk.book.add_worksheet("Show", rows=20, cols=5)
    show.update([["=Form!A1", "=Form!B1"], ["=Form!A2", "=Form!B2"]], "A1", value_input_option="USER_ENTERED")  # type: ignore[arg-type]
    desk.add_tab("Pivot", [("Name", "Mobile", "COUNTA of City"), ("Asha Person1", "9815500001", 1)])
    desk.add_tab("Our staff", [HEADER, person(8)])
    desk.add_tab("Ideas", [("Call the school",), ("New posters",)])
    for _ in range(2):
        report = desk.cycle(link)
        assert (report.created, report.merged) == (0, 0)
    with link.engine.begin() as conn:
        roles = {one.title: one.role for one in tabs.all_tabs(conn)}
    found = {title: roles[title] for title in ("Show", "Pivot", "Our staff", "Ideas")}
    assert found == {"Show": "ask", "Pivot": "ask", "Our staff": "ask", "Ideas": "skip"}


def test_master_suddenly_empty_stops_all_writing(desk: Desk) -> None:
    desk.add_tab("Form", [HEADER, person(1)])
    link = desk.link()
    desk.cycle(link)
    desk.book.worksheet("Master").batch_clear(["A2:AC10"])
    desk.add_tab("Event", [HEADER, person(2)])
    with pytest.raises(UnsafePicture, match="suddenly empty"):
        desk.cycle(link)
    assert desk.master() == []


def test_without_the_id_column_nothing_is_written(desk: Desk) -> None:
    desk.add_tab("Form", [HEADER, person(1)])
    link = desk.link()
    desk.cycle(link)
    master = desk.book.worksheet("Master")
    master.update_acell("A1", "something else")
    desk.add_tab("Event", [HEADER, person(2)])
    with pytest.raises(UnsafePicture, match="lead_id"):
        desk.cycle(link)
    master.update_acell("A1", "Lead ID ")
    assert desk.cycle(link).created == 1


def test_a_writer_that_came_too_late_is_refused_by_the_fence(desk: Desk) -> None:
    desk.add_tab("Form", [HEADER, person(1)])
    slow, quick = desk.link("slow"), desk.link("quick")
    desk.cycle(slow)
    desk.add_tab("Event", [HEADER, person(2)])
    ready = prepare(slow, NOW)
    assert desk.cycle(quick).created == 1
    with pytest.raises(FenceLost):
        carry_out(slow, ready.head, ready.master, ready.intake, ready.config, NOW)
    assert desk.cycle(slow).created == 0
    assert len(desk.master()) == 2


def test_the_database_may_be_deleted_at_any_time(desk: Desk) -> None:
    tab = desk.add_tab("Form", [HEADER, *(person(n) for n in range(20)), ("Nobody", "", "", "")])
    desk.cycle(desk.link("first"))
    before = desk.master()
    tab.append_row(list(person(50)))  # type: ignore[arg-type]
    report = desk.cycle(desk.link("second"))
    assert (report.created, report.merged) == (1, 0)
    assert desk.master()[:20] == before
    with desk.link("second").engine.begin() as conn:
        assert mirror.count(conn) == 21
        assert issues.count(conn, blocking=True) == 1
        assert len(activity.recent(conn, 100).items) == 21


def test_a_column_that_is_inserted_into_a_source_tab_or_deleted_edits_none_of_its_rows(desk: Desk) -> None:
    form = desk.add_tab("Form", [HEADER, *(person(n) for n in range(5))])
    link = desk.link()
    desk.cycle(link)
    before = desk.master()
    form.insert_cols([["Called by", "Neha", "Neha"]], 2)
    assert desk.cycle(link).updated == 0
    form.delete_columns(HEADER.index("Location") + 2)
    assert desk.cycle(link).updated == 0
    form.update_cell(2, 4, "new@example.org")
    assert desk.cycle(link).updated == 1
    assert desk.column("email") == ["new@example.org", *(row["email"] for row in before[1:])]
    assert desk.column("city") == [row["city"] for row in before]
    with link.engine.begin() as conn:
        assert issues.count(conn) == 0


def test_a_hidden_tab_that_was_deleted_is_made_again_with_its_ledger(desk: Desk) -> None:
    desk.add_tab("Form", [HEADER, *(person(n) for n in range(5))])
    link = desk.link()
    desk.cycle(link)
    desk.book.del_worksheet(desk.book.worksheet("_crm"))
    report = desk.cycle(link)
    assert (report.created, report.merged) == (0, 0)
    assert desk.cycle(desk.link("new")).created == 0
    assert len(desk.master()) == 5


def test_a_change_of_settings_counts_at_once_and_a_bad_row_is_named(desk: Desk) -> None:
    desk.add_tab("Form", [HEADER, person(1)])
    link = desk.link()
    desk.cycle(link)
    settings = desk.book.worksheet("Settings")
    row = next(n for n, cells in enumerate(settings.get_all_values(), 1) if cells[2] == "New Lead")
    settings.update_cell(row, 5, 9)
    settings.append_row(["status", "odd", "Odd", "perhaps", "soon"])
    desk.add_tab("Event", [HEADER, person(2)])
    desk.cycle(link)
    assert desk.column("next_follow_up") == ["24-11-2026", "01-12-2026"]
    with link.engine.begin() as conn:
        assert any(one.issue.tab == "Settings" for one in issues.page(conn, 50).items)


def test_hostile_cells_stay_text(desk: Desk) -> None:
    desk.add_tab(
        "Form", [HEADER, ('=HYPERLINK("http://x")', "9815500001", "a@example.org", "<script>alert(1)</script>")]
    )
    desk.cycle(desk.link())
    assert desk.column("city") == ["<script>alert(1)</Script>"]
    typed = desk.http.request(
        "get",
        f"https://sheets.googleapis.com/v4/spreadsheets/{desk.book.id}",
        params={"ranges": "Master!A2:AC2", "fields": "sheets.data.rowData.values.userEnteredValue"},
    ).json()
    values = typed["sheets"][0]["data"][0]["rowData"][0]["values"]
    assert not any("formulaValue" in cell.get("userEnteredValue", {}) for cell in values)


def test_a_lead_deleted_in_the_sheet_is_missed_only_at_the_second_look(desk: Desk) -> None:
    desk.add_tab("Form", [HEADER, *(person(n) for n in range(5))])
    link = desk.link()
    desk.cycle(link)
    master = desk.book.worksheet("Master")
    gone = master.acell("A3").value or ""
    master.delete_rows(3)
    desk.cycle(link)
    with link.engine.begin() as conn:
        assert mirror.lead(conn, gone) is not None
    desk.cycle(link)
    with link.engine.begin() as conn:
        assert mirror.lead(conn, gone) is None
        assert mirror.count(conn) == 4
    report = desk.cycle(link)
    assert (report.created, report.reads, report.writes) == (0, 1, 0)


def test_titles_above_the_header_and_totals_below_are_no_leads(desk: Desk) -> None:
    rows = [("Bumuk Library, walk-ins",), (), HEADER, person(1), (), HEADER, person(2), ("Total", "2")]
    tab = desk.add_tab("Walk-ins", rows)
    link = desk.link()
    report = desk.cycle(link)
    assert (report.created, report.attention, report.skipped) == (2, 0, 2)
    tab.insert_row(["Updated by Farah"], 2)
    tab.append_row(list(person(3)), value_input_option="RAW")  # type: ignore[arg-type]
    report = desk.cycle(link)
    assert (report.created, report.merged, report.updated) == (1, 0, 0)
    assert desk.cycle(link).writes == 0


def test_a_new_word_for_a_column_counts_from_the_next_cycle(desk: Desk) -> None:
    """In Settings: a tab that was asked about becomes a source, and rows that waited for that column become leads."""
    desk.add_tab("Fair", [("Name", "Handy"), ("Asha", "9815500001")])
    desk.add_tab("Form", [("Name", "Mobile", "Handy"), ("Ravi", "9815500002", ""), ("Mina", "", "9815500003")])
    link = desk.link()
    report = desk.cycle(link)
    assert (report.created, report.attention) == (1, 1)
    settings = desk.book.worksheet("Settings")
    row = next(n for n, cells in enumerate(settings.get_all_values(), 1) if cells[:2] == ["column", "phone_number"])
    settings.update_cell(row, 6, f"{settings.cell(row, 6).value}, Handy")
    assert sum(desk.cycle(link).created for _ in range(2)) == 2
    assert sorted(desk.column("full_name")) == ["Asha", "Mina", "Ravi"]
    assert desk.book.worksheet("Needs attention").get_all_values()[1:] == []
    assert desk.cycle(link).writes == 0
