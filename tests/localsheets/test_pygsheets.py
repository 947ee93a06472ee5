"""pygsheets, another client that no one here wrote, with its own bundled descriptions of Google's APIs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httplib2
import pandas as pd
import pytest

from .running import PATIENCE, Server, credentials, serving

pygsheets = pytest.importorskip("pygsheets", reason="NOT TESTED with pygsheets: it is not installed")
GOOGLE = ("https://sheets.googleapis.com", "https://www.googleapis.com")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("sheets"), "--no-quota") as running:
        yield running


@pytest.fixture(scope="module")
def gc(server: Server) -> Any:
    class LocalHttp(httplib2.Http):
        def request(self, uri: str, *args: Any, **named: Any) -> Any:
            for google in GOOGLE:
                uri = uri.replace(google, server.base)
            assert uri.startswith(server.base + "/"), f"{uri} would leave the machine"
            return super().request(uri, *args, **named)

    return pygsheets.authorize(custom_credentials=credentials(server), http=LocalHttp(timeout=PATIENCE))


@pytest.fixture
def book(gc: Any, request: pytest.FixtureRequest) -> Iterator[Any]:
    made = gc.create(request.node.name)
    yield made
    made.delete()


def test_values_cells_and_frames(book: Any) -> None:
    sheet = book.sheet1
    sheet.update_value("A1", "hello")
    sheet.update_values("A2", [[1, 2], [3, "=A2"]])
    assert sheet.get_values("A1", "B3") == [["hello", ""], ["1", "2"], ["3", "1"]]
    cell = sheet.cell("B2")
    cell.value, cell.note, cell.color = "x", "a note", (1, 0, 0, 1)
    cell.set_text_format("bold", True)
    cell.update()
    read = sheet.cell("B2")
    assert (read.value, read.note, read.color) == ("x", "a note", (1, 0, 0, 1))
    frame = pd.DataFrame({"a": [1, 2], "b": ["x", "y"]})
    sheet.set_dataframe(frame, "D1")
    pd.testing.assert_frame_equal(sheet.get_as_df(start="D1", end="E3"), frame, check_dtype=False)
    assert [found.label for found in sheet.find("hello")] == ["A1"]
    sheet.replace("hello", "bye")
    assert sheet.cell("A1").value == "bye"


def test_rows_columns_and_tables(book: Any) -> None:
    sheet = book.sheet1
    sheet.update_values("A1", [["id", "name"], ["2", "b"], ["1", "a"]])
    sheet.append_table([["3", "c"]], start="A1")
    sheet.sort_range("A2", "B4", basecolumnindex=0)
    assert sheet.get_col(1, include_tailing_empty=False) == ["id", "1", "2", "3"]
    sheet.insert_rows(1, 2, values=[["8"], ["9"]])
    sheet.delete_rows(2, 1)
    sheet.insert_cols(1, 1)
    assert sheet.get_col(1, include_tailing_empty=False) == ["id", "9", "1", "2", "3"]
    sheet.adjust_column_width(1, 2, 133)
    sheet.resize(50, 20)
    assert (sheet.rows, sheet.cols) == (50, 20)
    assert sheet.get_all_records(empty_value="")[1]["id"] == 1


def test_tabs_ranges_and_metadata(book: Any) -> None:
    sheet = book.sheet1
    book.add_worksheet("Second", rows=10, cols=4)
    copied = book.add_worksheet("Third", src_worksheet=sheet)
    assert [one.title for one in book.worksheets()] == ["Sheet1", "Second", "Third"]
    copied.title = "Renamed"
    copied.frozen_rows = 1
    book.del_worksheet(book.worksheet_by_title("Second"))
    assert sheet.create_named_range("fence_1", "A1", "B2", returnas="json")["name"] == "fence_1"
    sheet.delete_named_range("fence_1")
    protected = sheet.create_protected_range("A1", "B2", returnas="json")
    sheet.remove_protected_range(protected["protectedRangeId"])
    sheet.merge_cells("C1", "D2")
    sheet.set_data_validation("E1", "E3", condition_type="ONE_OF_LIST", condition_values=["a", "b"], showCustomUi=True)
    sheet.add_conditional_formatting("A1", "A5", "NUMBER_BETWEEN", {"backgroundColor": {"red": 1}}, ["1", "5"])
    made = sheet.create_developer_metadata("key", "value")
    assert [one.value for one in sheet.get_developer_metadata(key="key")] == ["value"]
    made.delete()
    assert sheet.get_developer_metadata(key="key") == []


def test_sharing_and_downloads(gc: Any, book: Any, tmp_path: Path) -> None:
    book.share("asha@example.org", role="writer", type="user", sendNotificationEmail=False)
    assert {one["role"] for one in book.permissions} == {"owner", "writer"}
    book.remove_permission("asha@example.org")
    assert {one["role"] for one in book.permissions} == {"owner"}
    book.sheet1.update_value("A1", "out")
    book.sheet1.export(pygsheets.ExportType.CSV, path=f"{tmp_path}/", filename="out")
    assert [file.read_text().strip() for file in tmp_path.iterdir()] == ["out"]
    assert gc.open(book.title).id == book.id
    with pytest.raises(pygsheets.SpreadsheetNotFound):
        gc.open("no such title")
