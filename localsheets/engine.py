"""The spreadsheets themselves: every call of the Sheets API that reads or writes cells ends here, on one SQLite file.

A write is one transaction: it is refused whole, or it is on the disk when the call returns.
"""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import orjson

from . import contents, datafilters, display, entered, masks, metadata, requests, resources, values, whole
from .a1 import Box
from .book import Book, Display, Parse, default_properties, new_id
from .contents import ExportCell, ExportSheet, SheetContent
from .copying import copy_sheet
from .decode import decode
from .entering import Write
from .errors import bad_request, not_found
from .follow import Json
from .grid import Grid
from .requests.sheets import free_copy_title
from .storage import schema
from .storage.history import CellWrite, Wanted, written
from .transactions import Caller
from .values_calls import ValuesCalls

ZONE_AFTER_UPLOAD = "America/Los_Angeles"  # what Drive's conversion leaves behind (recording test_import_csv)
EVERY_WRITE = Wanted()

__all__ = ["Caller", "CellWrite", "Engine", "ExportCell", "ExportSheet", "SheetContent"]


class Engine(ValuesCalls):
    """All spreadsheets of one data file; to be used by one thread at a time. Every write is one durable transaction."""

    @classmethod
    def open(cls, path: Path, parse: Parse = entered.parse, display: Display = display.show) -> Engine:
        """The engine of a data file, made where it is not there. RuntimeError where a newer version wrote it."""
        return cls(schema.connect(path), parse, display)

    def close(self) -> None:
        """Closes the data file; nothing is pending."""
        self.connection.close()

    # -- spreadsheets -------------------------------------------------------------------------------------------------

    def create(self, caller: Caller, body: Json) -> Json:
        """POST /v4/spreadsheets (and Drive's create): properties, sheets with data and named ranges; the new
        resource."""
        given = decode("Spreadsheet", body)
        with self.transaction():
            sid = new_id()
            return self._make(caller, sid, given)

    def put(self, caller: Caller, sid: str, body: Json) -> Json:
        """A spreadsheet under a chosen id, in the place of the one that is there; the new resource."""
        given = decode("Spreadsheet", body)
        with self.transaction():
            version = 0
            if self.exists(sid):
                version = self.version(sid)
                self.delete(caller, sid)
            return self._make(caller, sid, given, version)

    def _make(self, caller: Caller, sid: str, given: Json, version: int = 0) -> Json:
        self._insert(caller, sid, {"properties": default_properties(given.get("properties", {}))}, version)
        self._change(caller, sid, lambda book, write: whole.fill_new(book, given, write))
        return resources.spreadsheet(
            self._book(sid), None, grid_data=False, mask=masks.EVERYTHING, account=caller.account
        )

    def _insert(self, caller: Caller, sid: str, doc: Json, version: int = 0) -> None:
        doc = {"owner": caller.account, "sheets": [], **doc}
        self.connection.execute(
            "INSERT INTO spreadsheet (id, doc, version, modified, created) VALUES (?, ?, ?, ?, ?)",
            (sid, orjson.dumps(doc), version, caller.at, caller.at),
        )

    def exists(self, sid: str) -> bool:
        """Whether there is a spreadsheet with this id."""
        return self.connection.execute("SELECT 1 FROM spreadsheet WHERE id = ?", (sid,)).fetchone() is not None

    def delete(self, caller: Caller, sid: str) -> None:  # noqa: ARG002 - who deletes is Drive's to record
        """Deletes a spreadsheet for good, with its history; ApiError 404."""
        with self.transaction():
            book = self._book(sid)
            for grid in list(book.sheets):
                book.drop_sheet(grid)
            known = "SELECT id FROM request WHERE spreadsheet = ?"
            self.connection.execute(f"DELETE FROM history WHERE request IN ({known})", (book.key,))  # noqa: S608
            self.connection.execute("DELETE FROM request WHERE spreadsheet = ?", (book.key,))
            self.connection.execute("DELETE FROM spreadsheet WHERE key = ?", (book.key,))
            self._books.pop(sid)

    def copy(self, caller: Caller, sid: str, title: str) -> str:
        """A copy of a spreadsheet, owned by the caller; the new id."""
        with self.transaction():
            source = self._book(sid)
            new = new_id()
            properties = {**source.properties, "title": title}
            self._insert(caller, new, {**source.doc, "owner": caller.account, "properties": properties, "sheets": []})
            book = self._book(new)
            for grid in source.sheets:
                made = copy_sheet(grid, book, grid.sheet_id, grid.title)
                made.doc["properties"] = {**grid.properties}
                if metadata.KEY in grid.doc:  # another spreadsheet: the ids can stay
                    made.doc[metadata.KEY] = copy.deepcopy(grid.doc[metadata.KEY])
            book.flush(caller.at)
            return new

    def get(
        self, sid: str, *, ranges: Sequence[str] = (), include_grid_data: bool = False, fields: str | None = None,
        account: str | None = None,
    ) -> Json:  # fmt: skip
        """GET /v4/spreadsheets/{id}: with `fields`, the mask alone decides whether grid data is in it."""
        mask = _answer_mask(fields, "Spreadsheet")
        book = self._book(sid)
        places = [_readable(*book.resolve(text)) for text in ranges] or None
        return resources.spreadsheet(book, places, grid_data=include_grid_data, mask=mask, account=account)

    def get_by_data_filter(self, sid: str, body: Json, fields: str | None = None, account: str | None = None) -> Json:
        """POST …:getByDataFilter."""
        given = decode("GetSpreadsheetByDataFilterRequest", body)
        mask = _answer_mask(fields, "Spreadsheet")
        book = self._book(sid)
        found = datafilters.matches(book, given.get("dataFilters", ()))
        places = [_readable(match.grid, match.reference) for match in found] if given.get("dataFilters") else None
        return resources.spreadsheet(
            book, places, grid_data=given.get("includeGridData", False), mask=mask, account=account
        )

    def batch_update(self, caller: Caller, sid: str, body: Json, fields: str | None = None) -> Json:
        """POST …:batchUpdate: all requests or none; one reply each, and the spreadsheet where it is asked for."""
        given = decode("BatchUpdateSpreadsheetRequest", body)
        mask = _answer_mask(fields, "BatchUpdateSpreadsheetResponse")

        def work(book: Book, write: Write) -> Json:
            replies = requests.apply(book, given.get("requests", []), caller.account, caller.at, write.journal)
            answer: Json = {"spreadsheetId": sid, "replies": replies}
            if given.get("includeSpreadsheetInResponse"):
                answer["updatedSpreadsheet"] = _updated(book, given, mask, caller.account)
            selected: Json = masks.select(mask, answer)
            # What is answered must not change when the next request changes the record that it shows.
            return orjson.loads(orjson.dumps(selected))  # type: ignore[no-any-return]

        return self._change(caller, sid, work)

    def metadata_get(self, sid: str, number: int) -> Json:
        """GET …/developerMetadata/{metadataId}; ApiError 404."""
        found = metadata.by_id(self._book(sid), number)
        if found is None:
            raise not_found()
        return found

    def metadata_search(self, sid: str, body: Json) -> Json:
        """POST …/developerMetadata:search: each entry that the filters select, with those filters."""
        given = decode("SearchDeveloperMetadataRequest", body)
        found = datafilters.metadata_matches(self._book(sid), given.get("dataFilters", ()))
        matched = [{"developerMetadata": entry, "dataFilters": filters} for entry, filters in found]
        return {"matchedDeveloperMetadata": matched} if matched else {}

    def copy_sheet_to(self, caller: Caller, sid: str, sheet_id: int, body: Json) -> Json:
        """POST …/sheets/{id}:copyTo: the properties of the copy in the other spreadsheet."""
        given = decode("CopySheetToAnotherSpreadsheetRequest", body)
        source = self._book(sid)

        def work(book: Book, write: Write) -> Json:
            grid = source.sheet(sheet_id)
            values.check_total(book, grid.row_count * grid.column_count)
            made = copy_sheet(grid, book, book.fresh_sheet_id(), free_copy_title(book, grid.title))
            write.journal.operation(made.sheet_id, "copyTo", {"from": sid, "sheetId": sheet_id})
            made.properties["index"] = len(book.sheets) - 1
            return dict(made.properties)

        return self._change(caller, given.get("destinationSpreadsheetId", ""), work)

    # -- files --------------------------------------------------------------------------------------------------------

    def replace_with_sheets(self, caller: Caller, sid: str, sheets: Sequence[SheetContent]) -> None:
        """Replaces all sheets by those of an uploaded file; ApiError 400 where there is none or they are too large."""
        if not sheets:
            raise bad_request("The file has no sheets.")

        def work(book: Book, write: Write) -> None:
            for grid in list(book.sheets):
                book.drop_sheet(grid)
            for content in sheets:
                contents.load(book, content, write)
            book.properties["timeZone"] = ZONE_AFTER_UPLOAD
            write.journal.operation(0, "upload", {"sheets": [content.title for content in sheets]})

        self._change(caller, sid, work)

    def cells_for_export(self, sid: str) -> Iterator[ExportSheet]:
        """The sheets with typed values and formats, rows read as they are asked for; no write may come in between."""
        book = self._book(sid)
        for grid in book.sheets:
            yield ExportSheet(grid.title, bool(grid.properties.get("hidden")), contents.export_rows(book, grid))

    def history(self, sid: str, wanted: Wanted = EVERY_WRITE, limit: int = 1000) -> list[CellWrite]:
        """The wanted writes to a spreadsheet in the order in which they were done, at most `limit`."""
        return list(itertools.islice(written(self.connection, self._book(sid).key, wanted), limit))

    def row_ids(self, sid: str, sheet_id: int) -> list[int]:
        """The ids of a sheet's rows in their present order, as far as rows have ever been written; ApiError 400."""
        order = self._book(sid).sheet(sheet_id).store.order
        return list(order.slice(0, len(order)))

    def title(self, sid: str) -> str:
        """The spreadsheet's title; ApiError 404."""
        return str(self._book(sid).properties["title"])

    def set_title(self, caller: Caller, sid: str, title: str) -> None:
        """Renames a spreadsheet (Drive's update)."""

        def work(book: Book, write: Write) -> None:
            book.properties["title"] = title
            write.journal.operation(
                0, "updateSpreadsheetProperties", {"properties": {"title": title}, "fields": "title"}
            )

        self._change(caller, sid, work)

    def version(self, sid: str) -> int:
        """How many writes the spreadsheet has accepted; ApiError 404."""
        return int(self._fact(sid, "version"))

    def modified(self, sid: str) -> float:
        """When it was last written (unix seconds); ApiError 404."""
        return float(self._fact(sid, "modified"))

    def _fact(self, sid: str, column: str) -> Any:
        row = self.connection.execute("SELECT version, modified FROM spreadsheet WHERE id = ?", (sid,)).fetchone()
        if row is None:
            raise not_found()
        return row[0] if column == "version" else row[1]


def _answer_mask(fields: str | None, message: str) -> masks.Mask:
    mask = masks.parse(fields)
    masks.check(mask, message, "")
    return mask


def _readable(grid: Grid, reference: Any) -> tuple[Grid, Box]:
    return grid, values.readable(grid, reference)


def _updated(book: Book, given: Json, mask: masks.Mask, account: str) -> Json:
    places = [_readable(*book.resolve(text)) for text in given.get("responseRanges", ())] or None
    below = mask.at("updatedSpreadsheet") or masks.EVERYTHING
    data = given.get("responseIncludeGridData", False)
    return resources.spreadsheet(book, places, grid_data=data, mask=below, account=account)
