"""Workbooks and tables in and out, without a server: encodings, types, odd names, files that lie."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest
import xlwt

from localsheets import workbook
from localsheets.display import default_pattern
from localsheets.engine import ExportCell, ExportSheet
from localsheets.entered import parse
from localsheets.locales import locale_of


def read(data: bytes, locale: str = "en_US", delimiter: str = ",") -> Any:
    return workbook.read_text(data, "T", delimiter, lambda text: parse(text, locale))


def sheet(title: str, *rows: list[ExportCell | None], hidden: bool = False) -> ExportSheet:
    def each() -> Iterator[list[ExportCell | None]]:
        yield from rows

    return ExportSheet(title, hidden, each())


def cell(
    value: Any, text: str | None = None, formula: str | None = None, pattern: dict[str, str] | None = None
) -> ExportCell:
    return ExportCell(
        value, str(value) if text is None else text, formula, {"numberFormat": pattern} if pattern else None
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_table_is_read_as_typed(encoding: str) -> None:
    got = read('a,"b, c","d\ne"\n007,12/7/2025,\n=1+1,₹5\n'.encode(encoding))
    assert got.rows == [["a", "b, c", "d\ne"], [7, 45998, None], ["=1+1", 5]]
    assert got.formats[1, 1] == {"numberFormat": {"type": "DATE", "pattern": "m/d/yyyy"}}
    assert set(got.formats) == {(1, 1), (2, 1)}


def test_the_locale_decides_and_old_encodings_are_read() -> None:
    assert read(b"12/7/2025,1\n", "en_IN").rows == [[45850, 1]]
    assert read("café;1,5\n".encode("cp1252"), "fr_FR", ";").rows == [["café", 1.5]]


@pytest.mark.parametrize("data", [b"", b"\n", b"\x00", b"\xff", b'"open', b"a\rb\r\nc\n", "💥,\u2028".encode()])
def test_odd_tables_are_read(data: bytes) -> None:
    assert read(data).title == "T"


def test_a_cell_without_end_is_refused() -> None:
    with pytest.raises(workbook.CannotRead):
        read(b'"' + b"x" * 300_000)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04nothing", b"<html>", bytes(1000)])
def test_what_is_no_workbook_is_refused(data: bytes) -> None:
    with pytest.raises(workbook.CannotRead):
        workbook.read_book(data)


def test_an_old_workbook_is_read() -> None:
    book = xlwt.Workbook()
    page = book.add_sheet("Old")
    page.write(0, 0, "Asha")
    page.write(1, 1, 9876543210)
    out = io.BytesIO()
    book.save(out)
    got = workbook.read_book(out.getvalue())
    assert [(one.title, one.rows) for one in got] == [("Old", [["Asha", None], [None, 9876543210]])]


def export(*sheets: ExportSheet) -> Any:
    facts = locale_of("en_IN")
    data = workbook.write_book(sheets, lambda kind: default_pattern(kind, facts))
    return openpyxl.load_workbook(io.BytesIO(data))


def test_types_and_formats_go_out() -> None:
    date = cell(45998, pattern={"type": "DATE"})
    money = cell(5, pattern={"type": "CURRENCY", "pattern": '"₹"#,##0'})
    book = export(
        sheet("A", [cell("+91 98765 43210"), cell(7), None, cell(True)], [date, money, cell(3, formula="=1+2")])
    )
    page = book["A"]
    assert [one.value for one in page[1]] == ["+91 98765 43210", 7, None, True]
    assert page["A2"].number_format == "dd/mm/yyyy"
    assert page["A2"].value.isoformat() == "2025-12-07T00:00:00"
    assert page["B2"].number_format == '"₹"#,##0'
    assert page["C2"].value == "=1+2"


def test_text_that_looks_like_something_else_stays_text() -> None:
    texts = ["=1+1", "http://example.org", "007", "x" * 50_000, "a\x00b\x1f"]
    page = export(sheet("A", [cell(text) for text in texts]))["A"]
    assert page["A1"].data_type == "s"
    assert page["A1"].value == "=1+1"
    assert page["B1"].hyperlink is None
    assert page["C1"].value == "007"


def test_titles_that_excel_does_not_take() -> None:
    titles = ["a/b:c", "A_B_C", "x" * 60, "x" * 60 + "y", "History", "'quoted'", "", "Ü"]
    book = export(*(sheet(title) for title in titles))
    assert len({name.lower() for name in book.sheetnames}) == len(titles)
    assert all(0 < len(name) <= 31 for name in book.sheetnames)


def test_hidden_sheets_stay_hidden() -> None:
    assert export(sheet("A"), sheet("B", hidden=True))["B"].sheet_state == "hidden"


def test_tables_go_out_as_shown() -> None:
    rows = [[cell("a"), cell(0.5, "50%")], [None, cell('say "hi", \nyou'), cell("é")], [cell("x")]]
    data = workbook.write_text(sheet("A", *rows))
    assert list(csv.reader(io.StringIO(data.decode(), newline=""))) == [
        ["a", "50%", ""],
        ["", 'say "hi", \nyou', "é"],
        ["x", "", ""],
    ]
    assert not data.endswith(b"\n")
    assert workbook.write_text(sheet("A", *rows), "\t") == 'a\t50%\t\r\n\tsay "hi",  you\té\r\nx\t\t'.encode()
    assert workbook.write_text(None) == b""
