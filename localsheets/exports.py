"""`files.export`: a spreadsheet as xlsx, ods, csv, tsv or zipped pages; pdf is refused in Drive's words."""

from __future__ import annotations

from . import open_document, workbook
from .asked import Answer
from .display import default_pattern
from .drive_errors import DriveError
from .engine import Engine
from .locales import locale_of


def export(engine: Engine, file_id: str, mime: str) -> Answer:
    """The file's bytes; DriveError 400 for pdf and anything else."""
    if mime == workbook.XLSX:
        facts = locale_of(str(engine.get(file_id, fields="properties.locale")["properties"]["locale"]))
        data = workbook.write_book(engine.cells_for_export(file_id), lambda kind: default_pattern(kind, facts))
        return Answer(200, data, mime)
    if mime in ("text/csv", "text/tab-separated-values"):
        first = next(iter(engine.cells_for_export(file_id)), None)
        delimiter = "," if mime == "text/csv" else "\t"
        return Answer(200, workbook.write_text(first, delimiter), mime)
    if mime in (open_document.ODS, "application/x-vnd.oasis.opendocument.spreadsheet"):
        return Answer(200, open_document.write_ods(engine.cells_for_export(file_id)), mime)
    if mime == "application/zip":
        return Answer(200, open_document.write_pages(engine.cells_for_export(file_id)), mime)
    raise DriveError(400, "badRequest", "The requested conversion is not supported.", "convertTo")
