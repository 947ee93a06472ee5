"""Files of every kind into source tabs, as they are; what cannot be read is named and leaves the sheet alone."""

from __future__ import annotations

import codecs
import io
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path

import pytest
import requests
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P
from xlsxwriter import Workbook

from core.model import Cell
from store.config import default_config
from store.database import open_database
from sync import importing, local
from sync.access import open_client, read_key
from sync.errors import AnswerLost
from sync.importing import FileTab, UnreadableFile, add_tabs, read_files
from sync.link import Link
from sync.ranges import GridRange
from sync.reading import read
from sync.sheets import Sheets, metadata
from sync.tabs import UNFINISHED
from tests.conftest import start_server
from tests.sync.conftest import HEADER, Desk, person

Rows = list[list[Cell]]
TABLE: Rows = [["Name", "Mobile", "City"], ["José Ménard", "9815500001", "Pune"], ["Ana", "+91 98155 00002", "Goa"]]


def written(file: Path, raw: bytes) -> Path:
    file.write_bytes(raw)
    return file


def csv_of(rows: Rows, delimiter: str = ",", end: str = "\n") -> str:
    return end.join(delimiter.join(f'"{cell}"' if "\n" in str(cell) else str(cell) for cell in row) for row in rows)


def xlsx(file: Path, *tables: Rows) -> Path:
    with Workbook(str(file), {"default_date_format": "dd-mm-yyyy"}) as book:
        for number, rows in enumerate(tables, 1):
            sheet = book.add_worksheet(f"Class {number}")
            for row, cells in enumerate(rows):
                sheet.write_row(row, 0, cells)
    return file


def xls(file: Path, *tables: Rows) -> Path:
    book = xlwt.Workbook()
    for number, rows in enumerate(tables, 1):
        sheet = book.add_sheet(f"Class {number}")
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                sheet.write(row, column, cell)
    book.save(str(file))
    return file


def ods(file: Path, *tables: Rows) -> Path:
    book = OpenDocumentSpreadsheet()
    for number, rows in enumerate(tables, 1):
        sheet = Table(name=f"Class {number}")
        for cells in rows:
            line = TableRow()
            for cell in cells:
                made = TableCell(valuetype="string")
                made.addElement(P(text=str(cell)))
                line.addElement(made)
            sheet.addElement(line)
        book.spreadsheet.addElement(sheet)
    book.save(str(file))
    return file


ENCODED = {
    "utf-8": csv_of(TABLE).encode(),
    "utf-8 with BOM": codecs.BOM_UTF8 + csv_of(TABLE).encode(),
    "utf-16 little": codecs.BOM_UTF16_LE + csv_of(TABLE, "\t").encode("utf-16-le"),
    "utf-16 big": codecs.BOM_UTF16_BE + csv_of(TABLE).encode("utf-16-be"),
    "latin-1 and semicolons": csv_of(TABLE, ";").encode("latin-1"),
    "windows line ends": csv_of(TABLE, ";", "\r\n").encode("cp1252"),
    "old mac line ends": csv_of(TABLE, ",", "\r").encode(),
    "tabs": csv_of(TABLE, "\t").encode(),
    "pipes": csv_of(TABLE, "|").encode(),
    "blank lines around": b"\n,,\n" + csv_of(TABLE).encode() + b"\n\n,,\n",
    "read wrongly before": csv_of(TABLE).encode().decode("latin-1").encode(),
}


@pytest.mark.parametrize("kind", ENCODED)
def test_a_text_table_of_any_make(tmp_path: Path, kind: str) -> None:
    file = written(tmp_path / "fair.csv", ENCODED[kind])
    assert read_files([file]) == (FileTab("fair", tuple(map(tuple, TABLE))),)


def test_quoted_cells_may_hold_anything(tmp_path: Path) -> None:
    raw = 'Name,Mobile,Notes\nAsha,9815500001,"two\nlines, a ""word"" and\r\na comma"\n'
    (tab,) = read_files([written(tmp_path / "a.csv", raw.encode())])
    assert tab.rows[1] == ("Asha", "9815500001", 'two\nlines, a "word" and\r\na comma')


def test_text_tables_are_never_parsed_again(tmp_path: Path) -> None:
    """A phone keeps its zeros and its plus, a formula stays a word, a date is read when the tab is taken in."""
    raw = "Name,Mobile,Date,x\n=1+1,+919815500001,01/02/2026,007\n"
    (tab,) = read_files([written(tmp_path / "a.csv", raw.encode())])
    assert tab.rows[1] == ("=1+1", "+919815500001", "01/02/2026", "007")


def test_one_column_and_one_row(tmp_path: Path) -> None:
    assert read_files([written(tmp_path / "a.csv", b"Mobile\n9815500001")])[0].rows == (("Mobile",), ("9815500001",))
    assert read_files([written(tmp_path / "b.csv", b"Mobile")])[0].rows == (("Mobile",),)


@pytest.mark.parametrize("raw", [b"", b"\n\n", codecs.BOM_UTF8, b",,\n,,"])
def test_an_empty_file_is_no_tab(tmp_path: Path, raw: bytes) -> None:
    assert read_files([written(tmp_path / "a.csv", raw)]) == ()


@pytest.mark.parametrize("make", [xlsx, xls, ods], ids=["xlsx", "xls", "ods"])
def test_each_sheet_of_a_workbook_is_a_table(tmp_path: Path, make: Callable[..., Path]) -> None:
    file = make(tmp_path / f"school.{make.__name__}", TABLE, [], TABLE[:2])
    found = read_files([file])
    assert [tab.title for tab in found] == ["school Class 1", "school Class 3"]
    assert [tab.rows for tab in found] == [tuple(map(tuple, TABLE)), tuple(map(tuple, TABLE[:2]))]


def test_a_workbook_of_one_sheet_has_the_name_of_its_file(tmp_path: Path) -> None:
    assert [tab.title for tab in read_files([xlsx(tmp_path / "Fair 2026.xlsx", TABLE)])] == ["Fair 2026"]


def test_one_stray_cell_far_to_the_right_makes_no_table_of_blanks(tmp_path: Path) -> None:
    stray = [["Name", "", "Mobile"], ["Asha", "", "9815500001", *[""] * 16_000, "x"], ["Ravi", "", "9815500002"]]
    (tab,) = read_files([xlsx(tmp_path / "Fair.xlsx", stray)])
    assert tab.rows == (("Name", "Mobile"), ("Asha", "9815500001", "x"), ("Ravi", "9815500002"))
    (tab,) = read_files([xlsx(tmp_path / "Fair.xlsx", [row[:3] for row in stray])])
    assert tab.rows[0] == ("Name", None, "Mobile"), "a column that somebody has left blank stays"


def test_dates_of_a_workbook_stay_dates(tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    shown_as = {
        date(2026, 2, 1): "dd/mm/yyyy",
        datetime.fromisoformat("2026-02-01T18:00"): "dd/mm/yyyy hh:mm",
        time(6, 0): "hh:mm",
    }
    with Workbook(str(file)) as book:
        sheet = book.add_worksheet()
        for column, (value, shown) in enumerate(shown_as.items()):
            sheet.write_datetime(0, column, value, book.add_format({"num_format": shown}))
        sheet.write_row(0, 3, [9815500001, 2.5, True])
    (row,) = read_files([file])[0].rows
    assert row[:3] == ((46054.0, "DATE"), (46054.75, "DATE_TIME"), (0.25, "TIME"))
    assert row[3:] == (9815500001, 2.5, True)


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("a.xlsx", b"PK\x03\x04 broken off"),
        ("a.xlsx", b"Name,Mobile\nAsha,9815500001"),
        ("a.xls", b"\xd0\xcf\x11\xe0 broken off"),
        ("a.ods", b""),
        ("a.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
        ("a.csv", b"PK\x03\x04\x14\0\x06\0 a workbook with another name"),
        ("a.csv", b"a,b\n" + b"x" * 200_000),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, name: str, raw: bytes) -> None:
    with pytest.raises(UnreadableFile, match=f"^{name}|^The encoding of {name}") as told:
        read_files([written(tmp_path / "good.csv", csv_of(TABLE).encode()), written(tmp_path / name, raw)])
    assert told.value.remedy


def test_a_file_that_is_away(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"gone\.csv"):
        read_files([tmp_path / "gone.csv"])


# --- into the spreadsheet -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [xlsx, xls, ods], ids=["xlsx", "xls", "ods"])
def test_the_rows_of_a_workbook_become_leads(desk: Desk, tmp_path: Path, make: Callable[..., Path]) -> None:
    link = desk.link()
    found = read_files([make(tmp_path / f"fair.{make.__name__}", TABLE)])
    assert list(add_tabs(link, found)) == [("fair", 2)]
    assert desk.cycle(link).created == 2
    assert desk.column("full_name") == ["José Ménard", "Ana"]
    assert desk.column("phone_number") == ["(981) 550-0001", "(981) 550-0002"]
    assert desk.column("source_tab") == ["fair", "fair"]


def test_dates_and_text_stand_in_the_tab_as_in_the_file(desk: Desk) -> None:
    rows = (("Name", "Phone", "Date", "x"), ("=1+1", "+91 98155 00001", (46054.75, "DATE_TIME"), "007"))
    list(add_tabs(desk.link(), [FileTab("Fair", rows)]))
    tab = desk.book.worksheet("Fair")
    raw = tab.get("A2:D2", value_render_option="UNFORMATTED_VALUE")[0]  # type: ignore[arg-type]
    assert raw == ["=1+1", "+91 98155 00001", 46054.75, "007"]
    assert "2026" in str(tab.acell("C2").value)
    assert tab.frozen_row_count == 1


def test_a_title_that_is_taken_gets_a_number(desk: Desk) -> None:
    table = FileTab("Fair", tuple(map(tuple, TABLE)))
    link = desk.link()
    assert [title for title, _ in add_tabs(link, [table, table])] == ["Fair", "Fair (2)"]
    assert [title for title, _ in add_tabs(link, [FileTab("FAIR", table.rows)])] == ["FAIR (3)"]
    long = FileTab("x" * 300, table.rows)
    assert [len(title) for title, _ in add_tabs(link, [long, long])] == [80, 84]


def test_the_same_file_twice_makes_no_lead_twice(desk: Desk) -> None:
    table, link = FileTab("Fair", tuple(map(tuple, TABLE))), desk.link()
    list(add_tabs(link, [table]))
    desk.cycle(link)
    list(add_tabs(link, [table]))
    report = desk.cycle(link)
    assert (report.created, report.merged, len(desk.master())) == (0, 2, 2)


def test_a_large_table_goes_in_piece_by_piece(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "BATCH_BYTES", 20_000)
    rows = (HEADER, *(person(n) for n in range(600)))
    link = desk.link()
    assert list(add_tabs(link, [FileTab("Fair", rows)])) == [("Fair", 600)]
    assert link.sheets.meter.write > 3
    assert [tuple(row) for row in desk.book.worksheet("Fair").get("A1:D601")] == list(rows)
    assert desk.steps[-1] == "Fair: 601 of 601 rows"


def test_an_import_that_breaks_off_makes_no_leads(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "BATCH_BYTES", 20_000)
    sent = iter([importing.batch, importing.batch])

    def dying(*given: object) -> object:
        if (one := next(sent, None)) is None:
            raise AnswerLost("cut")
        return one(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(importing, "batch", dying)
    link = desk.link()
    with pytest.raises(AnswerLost):
        list(add_tabs(link, [FileTab("Fair", (HEADER, *(person(n) for n in range(600))))]))
    assert f"{UNFINISHED}Fair" in [tab.title for tab in desk.book.worksheets()]
    assert desk.cycle(link).created == 0
    assert desk.master() == []
    monkeypatch.undo()
    assert list(add_tabs(link, [FileTab("Fair", (HEADER, person(1)))])) == [("Fair (2)", 1)]
    assert desk.cycle(link).created == 1


def test_a_tab_that_the_worker_saw_before_it_had_its_name_is_taken_in(desk: Desk) -> None:
    worker = desk.link("a")
    desk.cycle(worker)
    importing = desk.link("b", lambda step: worker_turns() if "of" in step else None)

    def worker_turns() -> None:
        assert [desk.cycle(worker).created for _ in range(3)] == [0, 0, 0]

    list(add_tabs(importing, [FileTab("Fair", (HEADER, person(1)))]))
    assert desk.cycle(worker).created == 1


def test_a_large_import_waits_for_the_minutes_quota(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Against a server that counts as Google does; its clock goes on while we sleep."""
    server, process = start_server(tmp_path / "counting")
    slept: list[float] = []

    def doze(seconds: float) -> None:
        slept.append(seconds)
        requests.post(f"{server.base}/_local/clock", json={"advance": 20}).raise_for_status()

    monkeypatch.setattr(importing, "BATCH_BYTES", 5_000)
    monkeypatch.setattr(importing, "sleep", doze)
    try:
        http = open_client(read_key(server.key, None), server.base)
        sheets = Sheets(http, local.create(http, "Library", "Asia/Kolkata", None))
        link = Link(sheets, open_database(f"sqlite:///{tmp_path}/a.db"), default_config(), "house", "a")
        rows = (HEADER, *(person(n) for n in range(1500)))
        assert list(add_tabs(link, [FileTab("Fair", rows)])) == [("Fair", 1500)]
        assert sheets.meter.write > 60
        assert slept
        found = read(sheets, [GridRange(next(t.tab.sheet_id for t in metadata(sheets).tabs if t.tab.title == "Fair"))])
        assert found[0] == rows
    finally:
        process.terminate()
        process.wait(20)


def test_a_wide_and_ragged_table(desk: Desk) -> None:
    rows = (("Name", "Mobile"), ("Asha", "9815500001", *([None] * 40), "far away"), (), ("Ravi", "9815500002"))
    list(add_tabs(desk.link(), [FileTab("Fair", rows)]))
    found = desk.book.worksheet("Fair").get_all_values()
    assert (found[1][42], found[3][0]) == ("far away", "Ravi")


def test_hostile_text_is_text(tmp_path: Path) -> None:
    raw = io.BytesIO()
    raw.write("Name,Mobile\n\u202ecod\u0000e,9815500001\n".encode("utf-16"))
    (tab,) = read_files([written(tmp_path / "a.csv", raw.getvalue())])
    assert tab.rows[0] == ("Name", "Mobile")
    assert tab.rows[1][1] == "9815500001"
