"""`files.export`: a spreadsheet as xlsx, csv or tsv; what cannot be made here is refused in Drive's words."""

from __future__ import annotations

from . import workbook
from .asked import Answer
from .display import default_pattern, show
from .drive_errors import DriveError
from .engine import Engine, ExportCell
from .formats import NumberFormat
from .locales import locale_of


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int | float):
        return "number"
    return "blank" if value is None else "text"


def _shown(cell: ExportCell, locale: str) -> str:
    chosen = (cell.format or {}).get("numberFormat")
    number_format = NumberFormat(str(chosen.get("type", "")), str(chosen.get("pattern", ""))) if chosen else None
    return show(_kind(cell.value), cell.value, number_format, locale)


def export(engine: Engine, file_id: str, mime: str) -> Answer:
    """The file's bytes; DriveError 400 for pdf, ods, zip and anything else."""
    locale = str(engine.get(file_id, fields="properties.locale")["properties"]["locale"])
    if mime == workbook.XLSX:
        facts = locale_of(locale)
        data = workbook.write_book(engine.cells_for_export(file_id), lambda kind: default_pattern(kind, facts))
        return Answer(200, data, mime)
    if mime in ("text/csv", "text/tab-separated-values"):
        first = next(iter(engine.cells_for_export(file_id)), None)
        delimiter = "," if mime == "text/csv" else "\t"
        return Answer(200, workbook.write_text(first, lambda cell: _shown(cell, locale), delimiter), mime)
    raise DriveError(400, "badRequest", "The requested conversion is not supported.", "convertTo")
