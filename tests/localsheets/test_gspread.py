"""gspread and google-auth, as production uses them, against a running server: the real grant, most of the API."""

from __future__ import annotations

from collections.abc import Iterator

import gspread
import pytest
from gspread.exceptions import APIError, SpreadsheetNotFound, WorksheetNotFound
from gspread.utils import ExportFormat, ValueInputOption, ValueRenderOption

from .running import Server, client, serving


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("sheets"), "--no-quota") as running:
        yield running


@pytest.fixture(scope="module")
def gc(server: Server) -> gspread.Client:
    return client(server)


@pytest.fixture
def book(gc: gspread.Client, request: pytest.FixtureRequest) -> Iterator[gspread.Spreadsheet]:
    made = gc.create(request.node.name)
    yield made
    gc.del_spreadsheet(made.id)


@pytest.fixture
def sheet(book: gspread.Spreadsheet) -> gspread.Worksheet:
    return book.sheet1


def test_values_of_every_kind(sheet: gspread.Worksheet) -> None:
    rows = [["name", "age", "when", "ok"], ["Asha", 7, "2025-08-12", True], ["Ünï ✓", 7.5, "=1+1", None]]
    sheet.update(rows, "A1", value_input_option=ValueInputOption.user_entered)
    assert sheet.get_all_values() == [
        ["name", "age", "when", "ok"],
        ["Asha", "7", "2025-08-12", "TRUE"],
        ["Ünï ✓", "7.5", "2", ""],
    ]
    raw = sheet.get("A2:D3", value_render_option=ValueRenderOption.unformatted)
    assert raw == [["Asha", 7, 45881, True], ["Ünï ✓", 7.5, 2]]
    assert sheet.acell("C3", value_render_option=ValueRenderOption.formula).value == "=1+1"


def test_raw_stays_raw(sheet: gspread.Worksheet) -> None:
    sheet.update([["0042", "=1+1", "+91 98765 43210", "1/2/2025"]], "A1", raw=True)
    assert sheet.row_values(1) == ["0042", "=1+1", "+91 98765 43210", "1/2/2025"]


def test_cells_ranges_and_finding(sheet: gspread.Worksheet) -> None:
    cells = sheet.range("A1:B3")
    for number, cell in enumerate(cells):
        cell.value = f"v{number}"
    sheet.update_cells(cells)
    sheet.update_acell("C1", "find me")
    assert sheet.cell(2, 1).value == "v2"
    assert sheet.find("v3").address == "B2"
    assert [cell.address for cell in sheet.findall("v4")] == ["A3"]
    assert sheet.col_values(2) == ["v1", "v3", "v5"]
    sheet.batch_update([{"range": "A5:B5", "values": [["x", "y"]]}, {"range": "D1", "values": [["z"]]}])
    assert sheet.batch_get(["A5:B5", "D1"]) == [[["x", "y"]], [["z"]]]
    sheet.batch_clear(["A1:B2", "D1"])
    assert sheet.get_all_values() == [["", "", "find me"], ["", "", ""], ["v4", "v5", ""], ["", "", ""], ["x", "y", ""]]


def test_rows_and_records(sheet: gspread.Worksheet) -> None:
    sheet.append_rows([["id", "phone"], ["1", "98765 43210"], ["2", "+919876543210"]])
    answer = sheet.append_row(["3", "x"], value_input_option=ValueInputOption.raw, insert_data_option="INSERT_ROWS")
    assert answer["updates"]["updatedRange"] == "Sheet1!A4:B4"
    sheet.insert_rows([["0", "first"]], row=2)
    assert sheet.get_all_records()[0] == {"id": 0, "phone": "first"}
    sheet.delete_rows(2, 3)
    assert sheet.get_all_values() == [["id", "phone"], ["2", "+919876543210"], ["3", "x"]]
    sheet.insert_cols([["new", "a", "b"]], col=2)
    assert sheet.row_values(1) == ["id", "new", "phone"]
    sheet.delete_columns(2)
    sheet.sort((1, "des"), range="A2:B3")
    assert sheet.col_values(1) == ["id", "3", "2"]
    sheet.clear()
    assert sheet.get_all_values() == [[]]


def test_worksheets(gc: gspread.Client, book: gspread.Spreadsheet) -> None:
    first = book.sheet1
    second = book.add_worksheet("Second tab", rows=20, cols=4)
    assert (second.row_count, second.col_count) == (20, 4)
    second.update([["a"]], "A1")
    copy = second.duplicate(new_sheet_name="It's a copy")
    assert copy.acell("A1").value == "a"
    copy.update_title("Renamed")
    second.resize(rows=5, cols=2)
    book.reorder_worksheets([book.worksheet("Renamed"), first, second])
    assert [one.title for one in book.worksheets()] == ["Renamed", "Sheet1", "Second tab"]
    book.del_worksheet(second)
    with pytest.raises(WorksheetNotFound):
        book.worksheet("Second tab")
    with pytest.raises(APIError, match="already exists"):
        book.add_worksheet("Renamed", 1, 1)
    copy.hide()
    assert book.worksheets(exclude_hidden=True)[0].title == "Sheet1"
    other = gc.create("target")
    assert copy.copy_to(other.id)["title"] == "Copy of Renamed"
    gc.del_spreadsheet(other.id)


def test_looks(sheet: gspread.Worksheet) -> None:
    sheet.update([["1234.5"], ["0.5"]], "A1", raw=False)
    sheet.format("A1", {"numberFormat": {"type": "NUMBER", "pattern": "#,##0.00"}, "textFormat": {"bold": True}})
    sheet.format("A2", {"numberFormat": {"type": "PERCENT", "pattern": "0%"}})
    assert sheet.col_values(1) == ["1,234.50", "50%"]
    sheet.freeze(rows=1, cols=1)
    sheet.update_tab_color("#ff8000")
    assert sheet.get_tab_color() == "#FF8000"
    sheet.merge_cells("C1:D2")
    sheet.unmerge_cells("C1:D2")
    sheet.update_note("A1", "a note")
    assert sheet.get_note("A1") == "a note"
    sheet.clear_note("A1")
    sheet.set_basic_filter("A1:B2")
    sheet.clear_basic_filter()
    sheet.hide_rows(1, 2)
    sheet.unhide_rows(1, 2)
    sheet.add_dimension_group_columns(0, 2)
    assert len(sheet.list_dimension_group_columns()) == 1
    sheet.columns_auto_resize(0, 2)


def test_named_and_protected_ranges(book: gspread.Spreadsheet) -> None:
    made = book.sheet1.define_named_range("A1:B2", "corner")
    book.values_update("corner", {"valueInputOption": "RAW"}, {"values": [["x"]]})
    assert book.values_get("corner")["values"] == [["x"]]
    book.sheet1.delete_named_range(made["replies"][0]["addNamedRange"]["namedRange"]["namedRangeId"])
    assert book.list_named_ranges() == []
    book.sheet1.add_protected_range("A1:B2", description="mine")
    protected = book.list_protected_ranges(book.sheet1.id)
    assert protected[0]["description"] == "mine"
    book.sheet1.delete_protected_range(protected[0]["protectedRangeId"])


def test_files(gc: gspread.Client, book: gspread.Spreadsheet) -> None:
    book.sheet1.update([["a1", "B,2"], ["", 'q"']], "A1")
    assert book.id in {file["id"] for file in gc.list_spreadsheet_files()}
    assert gc.open(book.title).id == book.id
    assert gc.open_by_url(book.url).id == book.id
    assert gc.export(book.id, ExportFormat.CSV) == b'a1,"B,2"\r\n,"q"""'
    assert gc.export(book.id, ExportFormat.EXCEL)[:2] == b"PK"
    assert {gc.export(book.id, one)[:2] for one in (ExportFormat.OPEN_OFFICE_SHEET, ExportFormat.ZIPPED_HTML)} == {
        b"PK"
    }
    with pytest.raises(APIError, match="conversion is not supported"):
        gc.export(book.id, ExportFormat.PDF)
    copied = gc.copy(book.id, title="The copy", copy_permissions=False, copy_comments=True)
    assert copied.sheet1.acell("B1").value == "B,2"
    before = copied.get_lastUpdateTime()
    copied.sheet1.update([["later"]], "A1")
    assert copied.get_lastUpdateTime() > before
    gc.import_csv(copied.id, "x,1\ny,2025-08-12\n")
    assert gc.open_by_key(copied.id).sheet1.get_all_values() == [["x", "1"], ["y", "2025-08-12"]]
    copied.update_title("New title")
    assert gc.open("New title").id == copied.id
    copied.update_locale("de_DE")
    copied.sheet1.update([["1,5"]], "A1", raw=False)
    assert copied.sheet1.get("A1", value_render_option="UNFORMATTED_VALUE") == [[1.5]]
    gc.del_spreadsheet(copied.id)
    with pytest.raises(SpreadsheetNotFound):
        gc.open_by_key(copied.id)


def test_folders(gc: gspread.Client, server: Server) -> None:
    answer = gc.http_client.request(
        "post",
        "https://www.googleapis.com/drive/v3/files",
        json={"name": "F", "mimeType": "application/vnd.google-apps.folder"},
    ).json()
    inside = gc.create("Inside", folder_id=answer["id"])
    gc.create("Outside")
    assert [file["id"] for file in gc.list_spreadsheet_files(folder_id=answer["id"])] == [inside.id]
    gc.del_spreadsheet(answer["id"])
    with pytest.raises(SpreadsheetNotFound):
        gc.open_by_key(inside.id)


def test_sharing(gc: gspread.Client, server: Server, book: gspread.Spreadsheet) -> None:
    asha = server.account("asha")
    other = client(server, asha["service_account"])
    with pytest.raises(PermissionError) as refused:
        other.open_by_key(book.id)
    assert "does not have permission" in str(refused.value.__cause__)
    book.share(asha["email"], perm_type="user", role="reader", notify=False)
    theirs = other.open_by_key(book.id).sheet1
    assert theirs.get_all_values() == [[]]
    with pytest.raises(APIError, match="does not have permission"):
        theirs.update([["x"]], "A1")
    book.share(asha["email"], perm_type="user", role="writer")
    theirs.update([["x"]], "A1")
    assert {one["role"] for one in book.list_permissions()} == {"owner", "writer"}
    book.remove_permissions(asha["email"], role="any")
    with pytest.raises(APIError):
        theirs.get_all_values()
    book.share(None, perm_type="anyone", role="reader")
    assert theirs.acell("A1").value == "x"
    assert book.id not in {file["id"] for file in other.list_spreadsheet_files()}


def test_ownership_moves(gc: gspread.Client, server: Server) -> None:
    ravi = server.account("ravi")
    book = gc.create("to be given away")
    permission = book.share(ravi["email"], perm_type="user", role="writer").json()
    assert permission["kind"] == "drive#permission"
    with pytest.raises(APIError, match="transferOwnership"):
        gc.http_client.request(
            "patch",
            f"https://www.googleapis.com/drive/v3/files/{book.id}/permissions/{permission['id']}",
            json={"role": "owner"},
        )
    theirs = client(server, ravi["service_account"])
    with pytest.raises(APIError, match="sufficient permissions"):
        theirs.open_by_key(book.id).accept_ownership(permission["id"])
    book.transfer_ownership(permission["id"])
    theirs.open_by_key(book.id).accept_ownership(permission["id"])
    with pytest.raises(APIError, match="sufficient permissions"):
        gc.del_spreadsheet(book.id)
    theirs.del_spreadsheet(book.id)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda s: s.values_get("Nowhere!A1"), r"\[400\]: Unable to parse range: Nowhere!A1"),
        (lambda s: s.values_get("A1:ZZZZ9"), r"\[400\]"),
        (
            lambda s: s.batch_update({"requests": [{"flyToTheMoon": {}}]}),
            "Unknown name \"flyToTheMoon\" at 'requests\\[0\\]'",
        ),
        (lambda s: s.batch_update({"requests": []}), "Must specify at least one request"),
        (lambda s: s.values_update("A1", {"valueInputOption": "SHOUTED"}, {"values": [["x"]]}), "value_input_option"),
        (lambda s: s.values_update("A1", {}, {"values": [["x"]]}), "valueInputOption"),
        (lambda s: s.values_update("A1", {"valueInputOption": "RAW"}, {"values": "X"}), "google.protobuf.ListValue"),
        (lambda s: s.del_worksheet_by_id(77), "No sheet with id: 77|No grid with id: 77"),
    ],
)
def test_errors_in_googles_words(book: gspread.Spreadsheet, call: object, message: str) -> None:
    with pytest.raises(APIError, match=message):
        call(book)  # type: ignore[operator]


def test_settings_that_google_does_not_have_are_refused(book: gspread.Spreadsheet) -> None:
    book.update_timezone("Asia/Kolkata")
    book.update_locale("en_IN")
    with pytest.raises(APIError, match=r"Invalid requests\[0\].updateSpreadsheetProperties: Unsupported locale: xx_YY"):
        book.update_locale("xx_YY")
    with pytest.raises(APIError, match="time zone"):
        book.update_timezone("Nowhere/Else")
    with pytest.raises(APIError, match="rowCount"):
        book.sheet1.resize(rows=0)
    fresh = book.client.fetch_sheet_metadata(book.id)["properties"]
    assert (fresh["locale"], fresh["timeZone"]) == ("en_IN", "Asia/Kolkata")


def test_a_copy_takes_the_sharing_along(gc: gspread.Client, book: gspread.Spreadsheet) -> None:
    book.share("someone@example.org", perm_type="user", role="reader")
    book.share("example.org", perm_type="domain", role="writer")
    copied = gc.copy(book.id, "with sharing", copy_permissions=True)
    assert [one["role"] for one in copied.list_permissions()] == ["owner", "writer", "reader"]
    gc.del_spreadsheet(copied.id)


def test_typing_into_formatted_cells(sheet: gspread.Worksheet) -> None:
    sheet.format("A:A", {"numberFormat": {"type": "TEXT"}})
    sheet.format("B1", {"numberFormat": {"type": "DATE", "pattern": "dd-mm-yyyy"}})
    sheet.format("C1", {"numberFormat": {"type": "NUMBER", "pattern": "0.000"}})
    sheet.update([["007", "2025-08-12", "1,200"], ["=1+1", "", ""]], "A1", raw=False)
    assert sheet.get_all_values() == [["007", "12-08-2025", "1200.000"], ["=1+1", "", ""]]
    sheet.update([["", "12%", "2025-08-12"]], "A1", raw=False)
    assert sheet.row_values(1) == ["", "12%", "2025-08-12"]


def test_protection_holds_against_other_accounts(gc: gspread.Client, server: Server, book: gspread.Spreadsheet) -> None:
    leela = server.account("leela")
    book.share(leela["email"], perm_type="user", role="writer")
    book.sheet1.update([["mine", "ours"]], "A1")
    book.sheet1.add_protected_range("A1:A5")
    theirs = client(server, leela["service_account"]).open_by_key(book.id)
    assert book.list_protected_ranges(0)[0]["requestingUserCanEdit"] is True
    assert "requestingUserCanEdit" not in theirs.list_protected_ranges(0)[0]
    theirs.sheet1.update([["theirs"]], "B1")
    with pytest.raises(APIError, match="protected"):
        theirs.sheet1.update([["theirs"]], "A1")
    assert book.sheet1.row_values(1) == ["mine", "theirs"]
