"""Exports as .ods and as zipped pages, read back."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import python_calamine
from odf.opendocument import load

from localsheets import open_document
from localsheets.contents import ExportCell, ExportSheet

DATE = {"numberFormat": {"type": "DATE"}}
ROWS = [
    [ExportCell("a & <b>", "a & <b>", None, None), None, ExportCell(1.5, "1.50", "=3/2", None)],
    [ExportCell(True, "TRUE", None, None), ExportCell(45256, "2023-11-26", None, DATE)],
    [],
    [ExportCell("two\nlines\x01", "two\nlines\x01", None, None)],
]


def _sheets() -> list[ExportSheet]:
    return [ExportSheet("It's <one>", False, iter(ROWS)), ExportSheet("a/b", False, iter([])),
            ExportSheet("a:b", True, iter([]))]  # fmt: skip


def test_ods_holds_typed_values() -> None:
    data = open_document.write_ods(_sheets())
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    assert book.sheet_names == ["It's <one>", "a/b", "a:b"]
    rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    assert rows[0] == ["a & <b>", "", 1.5]
    assert rows[1][:2] == [True, dt.date(2023, 11, 26)]
    assert rows[3][0] == "two\nlines"
    assert load(io.BytesIO(data)).mimetype == open_document.ODS


def test_pages_show_what_cells_show_and_have_names_of_their_own() -> None:
    with zipfile.ZipFile(io.BytesIO(open_document.write_pages(_sheets()))) as file:
        assert file.namelist() == ["It's _one_.html", "a_b.html", "a_b (2).html"]
        page = file.read("It's _one_.html").decode()
    assert "<tr><td>a &amp; &lt;b&gt;</td><td></td><td>1.50</td></tr>" in page
    assert "two<br>lines" in page
