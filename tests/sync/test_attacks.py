"""Cells that will not be written, notes as long as a cell, a renamed status, a `_crm` that people edit."""

from __future__ import annotations

import pytest
import requests

from app.acting import Doer
from app.factory import create_app
from app.matters import settle
from core.field_checks import Refusal
from core.model import ChangeState
from store import counters, kept, mirror, outbox, stopped
from sync.access import RebasedHTTPClient, open_client
from sync.link import Link
from sync.sheets import Sheets
from tests.app.conftest import settings
from tests.sync.conftest import ROWS, Book, Desk
from tests.sync.test_deleting import delete
from tests.sync.test_outgoing import by_id, change, enqueue, state_of
from tests.sync.test_repair import meddle


def guest(desk: Desk, link: Link) -> RebasedHTTPClient:
    """The link works as an account that the spreadsheet is shared with; the owner keeps the right to lock cells."""
    key = requests.post(f"{desk.server.base}/_local/accounts", json={"name": "crm"}, timeout=10).json()[
        "service_account"
    ]
    desk.book.share(key["client_email"], perm_type="user", role="writer", notify=False)
    http = open_client(key, desk.server.base)
    link.sheets = Sheets(http, desk.book.id, attempts=1)
    return http


def test_a_locked_cell_is_set_aside_and_the_others_go_on(book: Book) -> None:
    desk, link, master = book
    guest(desk, link)
    ids = desk.column("lead_id")
    locked = {"range": {"sheetId": master.id, "startRowIndex": 2, "endRowIndex": 3}, "editors": {"users": []}}
    desk.book.batch_update({"requests": [{"addProtectedRange": {"protectedRange": locked}}]})
    edits = [change(n, ids[n], city=("Pune", f"Kochi {n}")) for n in range(4)]
    enqueue(link, *edits)
    desk.cycle(link)
    assert [by_id(desk, "city")[i] for i in ids[:4]] == ["Kochi 0", "Pune", "Kochi 2", "Kochi 3"]
    assert state_of(link, edits[1]) is ChangeState.BLOCKED
    with link.engine.connect() as conn:
        found = outbox.change(conn, edits[1].change_id)
        assert found is not None
        assert "protected" in found.why
        assert mirror.base(conn, ids[1]) == mirror.lead(conn, ids[1]), "the page shows what the sheet says"
    desk.cycle(link)
    assert desk.cycle(link).writes == 0


def test_changes_of_one_lead_stay_in_order_while_one_that_is_refused_is_looked_for(book: Book) -> None:
    """An edit and its undo wait together when Google refuses a batch: the undo is not judged by what was read before
    the edit was written."""
    desk, link, master = book
    guest(desk, link)
    one, other, third = desk.column("lead_id")[:3]
    place = {"sheetId": master.id, "startRowIndex": 2, "endRowIndex": 3, "startColumnIndex": 4, "endColumnIndex": 5}
    protected = {"range": place, "editors": {"users": []}}
    desk.book.batch_update({"requests": [{"addProtectedRange": {"protectedRange": protected}}]})
    refused = change(1, other, city=("Pune", "Agra"))
    edit, undo = change(2, one, city=("Pune", "Kochi")), change(3, one, city=("Kochi", "Pune"))
    later, fine = change(4, other, notes=(None, "ours")), change(5, third, city=("Pune", "Delhi"))
    enqueue(link, refused, edit, undo, later, fine)
    for _ in range(4):
        desk.cycle(link)
    assert [by_id(desk, "city")[lead] for lead in (one, other, third)] == ["Pune", "Pune", "Delhi"]
    assert by_id(desk, "notes")[other] == "ours"
    assert state_of(link, refused) is ChangeState.BLOCKED
    assert {state_of(link, c) for c in (edit, undo, later, fine)} == {ChangeState.DONE}
    assert desk.cycle(link).writes == 0


def test_a_merged_cell_never_loses_what_is_under_it(book: Book) -> None:
    """City is merged over the cell on its right: what stands there is a person's layout."""
    desk, link, master = book
    ids = desk.column("lead_id")
    place = {"sheetId": master.id, "startRowIndex": 1, "endRowIndex": 2, "startColumnIndex": 3, "endColumnIndex": 5}
    desk.book.batch_update({"requests": [{"mergeCells": {"range": place, "mergeType": "MERGE_ALL"}}]})
    covered, other = change(1, ids[0], city=(None, "Kochi")), change(2, ids[1], city=("Pune", "Agra"))
    enqueue(link, covered, other)
    for _ in range(3):
        desk.cycle(link)
    assert by_id(desk, "city")[ids[1]] == "Agra"
    assert state_of(link, other) is ChangeState.DONE
    assert state_of(link, covered) is not ChangeState.PENDING
    assert desk.cycle(link).writes == 0


def test_notes_as_long_as_a_cell(book: Book) -> None:
    desk, link, master = book
    ids = desk.column("lead_id")
    full = "\n".join(f"{n:04d} " + "x" * 44 for n in range(1_000))  # 50,000 characters less one
    edits = [change(n, i, notes=(None, full)) for n, i in enumerate(ids)]
    enqueue(link, *edits)
    sizes: list[int] = []
    send = link.sheets.http.request

    def measured(method: str, endpoint: str, *args: object, **named: object) -> requests.Response:
        sizes.append(len(named["data"]) if isinstance(named.get("data"), bytes) else 0)  # type: ignore[arg-type]
        return send(method, endpoint, *args, **named)  # type: ignore[arg-type]

    link.sheets.http.request = measured  # type: ignore[method-assign]
    for _ in range(3):
        desk.cycle(link)
    assert max(sizes) < 2_000_000
    notes = master.col_values(master.row_values(1).index("notes") + 1)[1:]
    assert notes == [full] * ROWS
    more = change(90, ids[0], notes=(None, "one line more"))
    enqueue(link, more)
    desk.cycle(link)
    assert state_of(link, more) is ChangeState.CONFLICT, "what no longer fits is for a person to decide"
    assert master.cell(2, master.row_values(1).index("notes") + 1).value == full


def test_a_status_renamed_in_settings_follows_by_one_click_and_back_by_one_undo(book: Book) -> None:
    desk, link, master = book
    sheet = desk.book.worksheet("Settings")
    row = next(n for n, cells in enumerate(sheet.get_all_values(), 1) if cells[2] == "New Lead")
    sheet.update_cell(row, 3, "Fresh")
    master.update([["Mumbai"]], "E2", raw=True)  # a row that is read again keeps its status meanwhile
    desk.cycle(link)
    with link.engine.connect() as conn:
        assert counters.one(conn, "status", "New Lead") == ROWS
    assert set(desk.column("status")) == {"New Lead"}, "nothing is renamed behind anybody's back"
    with create_app(settings(), link.engine).test_request_context():
        done = settle("renamed:New Lead", "rename", Doer("Neha"))
    assert not isinstance(done, Refusal)
    before = desk.column("next_follow_up")
    desk.cycle(link)
    assert set(desk.column("status")) == {"Fresh"}
    assert desk.column("next_follow_up") == before
    with create_app(settings(), link.engine).test_client() as client:
        assert client.get("/healthz").status_code == 200
    anew = desk.link("b")
    desk.cycle(anew)
    with anew.engine.connect() as conn:
        assert counters.one(conn, "status", "Fresh") == ROWS
        assert kept.of_keys(conn, "former", ["New Lead"]) == {"New Lead": "new"}


def test_a_header_that_is_gone_is_told_and_goes_on_when_it_is_back(book: Book) -> None:
    desk, link, master = book
    master.update_acell("E1", "Town")
    one = change(1, desk.column("lead_id")[0], city=("Pune", "Kochi"))
    enqueue(link, one)
    desk.cycle(link)
    with link.engine.connect() as conn:
        assert stopped.fields(conn) == ["city"]
    assert state_of(link, one) is ChangeState.PENDING
    assert master.acell("E2").value == "Pune"
    master.update_acell("E1", "city")
    desk.cycle(link)
    with link.engine.connect() as conn:
        assert stopped.fields(conn) == []
    assert master.acell("E2").value == "Kochi"


def test_people_who_edit_the_hidden_tab_change_no_lead(book: Book) -> None:
    desk, link, _ = book
    crm = desk.book.worksheet("_crm")
    crm.update([["rubbish", "=1/0", "x", "", "{}"]], "A1", raw=False)
    crm.update([["no journal"]], "A3")
    before = desk.master()
    one = change(1, desk.column("lead_id")[0], city=("Pune", "Kochi"))
    enqueue(link, one)
    for _ in range(3):
        desk.cycle(link)
    assert desk.master() == [{**before[0], "city": "Kochi"}, *before[1:]]
    assert desk.cycle(link).writes == 0


@pytest.mark.parametrize("deleted", [False, True], ids=["edited", "deleted in the app"])
def test_the_last_row_of_the_grid_is_written_to_though_one_above_it_goes_meanwhile(book: Book, deleted: bool) -> None:
    """What the app appends makes the grid just so long: Google refuses the write, and not for good."""
    desk, link, master = book
    last = desk.column("lead_id")[-1]
    master.resize(rows=ROWS + 1)
    for _ in range(2):
        desk.cycle(link)
    if deleted:
        delete(link, last)
    else:
        enqueue(link, change(1, last, city=("Pune", "Kochi")))
    meddle(desk, link, lambda: master.delete_rows(2))
    for _ in range(4):
        desk.cycle(link)
    assert by_id(desk, "city").get(last) == (None if deleted else "Kochi")
    assert desk.cycle(link).writes == 0
