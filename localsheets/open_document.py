"""Sheets as an OpenDocument spreadsheet or as a zip of HTML pages, one for each: the exports beside xlsx and csv.

Values, not formulas: what each cell comes to and shows.
"""

from __future__ import annotations

import datetime as dt
import html
import io
import zipfile
from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape, quoteattr

from .contents import ExportCell, ExportSheet

ODS = "application/vnd.oasis.opendocument.spreadsheet"
_NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text", "style")
)
_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest manifest:version="1.2" '
    'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{ODS}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)
_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001  # serial numbers have no zone
_DATES = {"DATE": "%Y-%m-%d", "DATE_TIME": "%Y-%m-%dT%H:%M:%S"}


def write_ods(sheets: Iterable[ExportSheet]) -> bytes:
    """An .ods file with typed values and the text that each cell shows."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("mimetype", ODS, zipfile.ZIP_STORED)
        file.writestr("META-INF/manifest.xml", _MANIFEST)
        with file.open("content.xml", "w", force_zip64=True) as content:
            for text in _document(sheets):
                content.write(text.encode())
    return out.getvalue()


def _document(sheets: Iterable[ExportSheet]) -> Iterator[str]:
    yield f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_NAMES} office:version="1.2">'
    yield "<office:body><office:spreadsheet>"
    for sheet in sheets:
        yield f"<table:table table:name={quoteattr(sheet.title)}>"
        empty = True
        for row in sheet.rows:
            empty = False
            yield f"<table:table-row>{''.join(map(_cell, row)) or '<table:table-cell/>'}</table:table-row>"
        yield "<table:table-row><table:table-cell/></table:table-row></table:table>" if empty else "</table:table>"
    yield "</office:spreadsheet></office:body></office:document-content>"


def _cell(cell: ExportCell | None) -> str:
    if cell is None:
        return "<table:table-cell/>"
    lines = "".join(f"<text:p>{escape(_printable(line))}</text:p>" for line in cell.text.split("\n"))
    return f"<table:table-cell {_value(cell)}>{lines}</table:table-cell>"


def _value(cell: ExportCell) -> str:
    value, kind = cell.value, (cell.format or {}).get("numberFormat", {}).get("type", "")
    if isinstance(value, bool):
        return f'office:value-type="boolean" office:boolean-value="{str(value).lower()}"'
    if isinstance(value, int | float) and kind in _DATES and 0 <= value < 2_900_000:
        moment = (_EPOCH + dt.timedelta(days=value)).strftime(_DATES[kind])
        return f'office:value-type="date" office:date-value="{moment}"'
    if isinstance(value, int | float):
        return f'office:value-type="float" office:value="{value!r}"'
    return 'office:value-type="string"'


def _printable(text: str) -> str:
    """The text without the signs that XML cannot carry."""
    return "".join(sign for sign in text if sign >= " " or sign == "\t")


def write_pages(sheets: Iterable[ExportSheet]) -> bytes:
    """A zip with one HTML table for each sheet, named after it."""
    out, taken = io.BytesIO(), set[str]()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for sheet in sheets:
            stem = "".join("_" if sign in '/\\:*?"<>|' or sign < " " else sign for sign in sheet.title)
            name, number = stem, 2
            while name.casefold() in taken:
                name, number = f"{stem} ({number})", number + 1
            taken.add(name.casefold())
            file.writestr(f"{name}.html", "".join(_page(sheet)))
    return out.getvalue()


def _page(sheet: ExportSheet) -> Iterator[str]:
    yield f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{html.escape(sheet.title)}</title></head><body>'
    yield "<table><tbody>"
    for row in sheet.rows:
        yield f"<tr>{''.join(f'<td>{_shown(cell)}</td>' for cell in row)}</tr>"
    yield "</tbody></table></body></html>"


def _shown(cell: ExportCell | None) -> str:
    return "" if cell is None else html.escape(cell.text).replace("\n", "<br>")
