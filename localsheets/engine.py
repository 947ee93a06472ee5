"""The spreadsheets themselves: every call of the Sheets API that reads or writes cells ends here, on one SQLite file.

A write is one transaction: it is refused whole, or it is on the disk when the call returns. What is kept in memory of a
spreadsheet (its record and the order of its rows) is dropped when a write fails, and read anew.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import orjson

from . import datafilters, display, entered, masks, requests, resources, values
from .a1 import Box
from .book import Book, Display, Parse, default_properties, new_id, new_sheet_doc
from .copying import copy_sheet
from .decode import decode
from .errors import bad_request, not_found
from .follow import Json
from .grid import MAX_CELLS, MAX_COLUMNS, Grid
from .rendering import effective
from .requests.cells import put_cell
from .requests.sheets import check_size, check_title, free_copy_title
from .storage import schema
from .storage.formats import Formats
from .storage.history import CellWrite, Journal, written
from .storage.rows import Row
from .values import Options, Write

Answer = TypeVar("Answer")
KEPT_BOOKS = 64
ZONE_AFTER_UPLOAD = "America/Los_Angeles"  # what Drive's conversion leaves behind (recording test_import_csv)
ALL_CELL_PATHS: list[tuple[str, ...]] = [("userEnteredFormat",), ("note",), ("dataValidation",), ("textFormatRuns",)]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: account (e-mail), the request's id and the server's clock in unix seconds."""

    account: str
    request_id: str
    at: float


@dataclass(frozen=True, slots=True)
class SheetContent:
    """One sheet of an uploaded workbook: its title and rows of values (str, int, float, bool, None), entered as they are;
    text that begins with "=" in `formulas` mode is a formula. `formats`: (row, column) -> cell format (JSON)."""

    title: str
    rows: Sequence[Sequence[Any]]
    formulas: bool = False
    formats: dict[tuple[int, int], Json] | None = None


@dataclass(frozen=True, slots=True)
class ExportCell:
    """One cell for a file export: the value that it comes to, what it shows, the formula, the cell format (JSON)."""

    value: Any
    text: str
    formula: str | None
    format: Json | None


@dataclass(frozen=True, slots=True)
class ExportSheet:
    """One sheet for a file export: rows arrive lazily, each a list of ExportCell or None for a blank."""

    title: str
    hidden: bool
    rows: Iterator[list[ExportCell | None]]


class Engine:
    """All spreadsheets of one data file; to be used by one thread at a time. Every write is one durable transaction."""

    def __init__(self, connection: sqlite3.Connection, parse: Parse, show: Display) -> None:
        self.connection = connection
        self.parse = parse
        self.show = show
        self.formats = Formats(connection)
        self._books: dict[str, Book] = {}
        self._depth = 0

    @classmethod
    def open(cls, path: Path, parse: Parse = entered.parse, display: Display = display.show) -> Engine:
        """The engine of a data file, made where it is not there. RuntimeError where a newer version wrote it."""
        return cls(schema.connect(path), parse, display)

    def close(self) -> None:
        """Closes the data file; nothing is pending."""
        self.connection.close()

    # -- transactions -------------------------------------------------------------------------------------------------

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """One transaction for everything inside; inside another one it is part of that. Rolled back on any error."""
        if self._depth:
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
            return
        self.connection.execute("BEGIN IMMEDIATE")
        self._depth = 1
        try:
            yield
            self.connection.execute("COMMIT")
        except BaseException:
            self._books.clear()
            self.formats.forget()
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            raise
        finally:
            self._depth = 0

    def _book(self, sid: str) -> Book:
        found = self._books.pop(sid, None)
        if found is None:
            row = self.connection.execute("SELECT key, doc FROM spreadsheet WHERE id = ?", (sid,)).fetchone()
            if row is None:
                raise not_found()
            found = Book(self.connection, row[0], sid, orjson.loads(row[1]), self.formats, self.parse, self.show)
        self._books[sid] = found  # the one asked for last stands last
        if len(self._books) > KEPT_BOOKS and not self._depth:
            self._books.pop(next(iter(self._books)))
        return found

    def _change(self, caller: Caller, sid: str, work: Callable[[Book, Write], Answer]) -> Answer:
        """Runs one write in a transaction: history, records, version."""
        with self.transaction():
            book = self._book(sid)
            write = Write(caller.account, caller.at, self._journal(caller, book))
            answer = work(book, write)
            write.journal.flush()
            book.flush(caller.at)
            return answer

    def _journal(self, caller: Caller, book: Book) -> Journal:
        return Journal(self.connection, book.key, caller.request_id, caller.account, caller.at)

    # -- spreadsheets -------------------------------------------------------------------------------------------------

    def create(self, caller: Caller, body: Json) -> Json:
        """POST /v4/spreadsheets (and Drive's create): properties, sheets with data and named ranges; the new resource."""
        given = decode("Spreadsheet", body)
        with self.transaction():
            sid = new_id()
            self._insert(caller, sid, {"properties": default_properties(given.get("properties", {}))})
            self._change(caller, sid, lambda book, write: _fill_new(book, given, write))
            return resources.spreadsheet(
                self._book(sid), None, grid_data=False, mask=masks.EVERYTHING, account=caller.account
            )

    def _insert(self, caller: Caller, sid: str, doc: Json) -> None:
        doc = {"owner": caller.account, "sheets": [], **doc}
        self.connection.execute(
            "INSERT INTO spreadsheet (id, doc, version, modified, created) VALUES (?, ?, 0, ?, ?)",
            (sid, orjson.dumps(doc), caller.at, caller.at),
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
        places = [_readable(match.grid, match.reference) for match in found] or None
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

    # -- values -------------------------------------------------------------------------------------------------------

    def values_get(
        self, sid: str, rng: str, *, major: str | None = None, render: str | None = None,
        datetime_render: str | None = None, fields: str | None = None,
    ) -> Json | bytes:  # fmt: skip
        """GET …/values/{range}: JSON, ready as bytes unless a mask cuts it."""
        how = values.options(major, render, datetime_render)
        return _masked(values.get(self._book(sid), rng, how), fields, "ValueRange")

    def values_batch_get(
        self, sid: str, ranges: Sequence[str], *, major: str | None = None, render: str | None = None,
        datetime_render: str | None = None, fields: str | None = None,
    ) -> Json | bytes:  # fmt: skip
        """GET …/values:batchGet."""
        how = values.options(major, render, datetime_render)
        return _masked(values.batch_get(self._book(sid), ranges, how), fields, "")

    def values_batch_get_by_data_filter(self, sid: str, body: Json, fields: str | None = None) -> Json | bytes:
        """POST …/values:batchGetByDataFilter: a value range for each place, with the filters that select it."""
        given = decode("BatchGetValuesByDataFilterRequest", body)
        how = _options(given)
        book = self._book(sid)
        found = []
        for match in datafilters.matches(book, given.get("dataFilters", ())):
            read = values.read(book, match.grid, values.readable(match.grid, match.reference), how)
            found.append(b'{"valueRange":' + read + b',"dataFilters":' + orjson.dumps(match.filters) + b"}")
        head = orjson.dumps({"spreadsheetId": sid})
        answer = head[:-1] + b',"valueRanges":[' + b",".join(found) + b"]}" if found else head
        return _masked(answer, fields, "")

    def values_update(self, caller: Caller, sid: str, rng: str, query: Json, body: Json) -> Json:
        """PUT …/values/{range}. `query`: the URL's parameters by their JSON names."""
        given = values.decoded(body)
        raw = values.input_option(query.get("valueInputOption"))
        how = _response_options(query)

        def work(book: Book, write: Write) -> Json:
            done = values.update(book, rng, given, _as(write, raw))
            return values.update_answer(book, done, _flag(query, "includeValuesInResponse"), how)

        return self._change(caller, sid, work)

    def values_append(self, caller: Caller, sid: str, rng: str, query: Json, body: Json) -> Json:
        """POST …/values/{range}:append."""
        given = values.decoded(body)
        raw = values.input_option(query.get("valueInputOption"))
        insert = values.enum("InsertDataOption", query.get("insertDataOption"), "insert_data_option") == "INSERT_ROWS"
        how = _response_options(query)

        def work(book: Book, write: Write) -> Json:
            table, done = values.append(book, rng, given, insert, _as(write, raw))
            updates = values.update_answer(book, done, _flag(query, "includeValuesInResponse"), how)
            return {"spreadsheetId": sid, **({"tableRange": table} if table else {}), "updates": updates}

        return self._change(caller, sid, work)

    def values_clear(self, caller: Caller, sid: str, rng: str) -> Json:
        """POST …/values/{range}:clear."""
        return self._change(
            caller,
            sid,
            lambda book, write: {"spreadsheetId": sid, "clearedRange": _clear(book, book.resolve(rng), write)},
        )

    def values_batch_update(self, caller: Caller, sid: str, body: Json) -> Json:
        """POST …/values:batchUpdate."""
        given = decode("BatchUpdateValuesRequest", body)
        raw = values.input_option(given.get("valueInputOption"))

        def work(book: Book, write: Write) -> Json:
            done = [
                values.update(book, one.get("range", ""), {**one, "range": ""}, _as(write, raw), f"data[{i}].values")
                for i, one in enumerate(given.get("data", ()))
            ]
            return _batch_answer(book, done, given)

        return self._change(caller, sid, work)

    def values_batch_clear(self, caller: Caller, sid: str, body: Json) -> Json:
        """POST …/values:batchClear."""
        given = decode("BatchClearValuesRequest", body)

        def work(book: Book, write: Write) -> Json:
            cleared = [_clear(book, book.resolve(text), write) for text in given.get("ranges", ())]
            return {"spreadsheetId": sid, **({"clearedRanges": cleared} if cleared else {})}

        return self._change(caller, sid, work)

    def values_batch_update_by_data_filter(self, caller: Caller, sid: str, body: Json) -> Json:
        """POST …/values:batchUpdateByDataFilter."""
        given = decode("BatchUpdateValuesByDataFilterRequest", body)
        raw = values.input_option(given.get("valueInputOption"))

        def work(book: Book, write: Write) -> Json:
            done, filters = [], []
            for i, one in enumerate(given.get("data", ())):
                grid, reference = datafilters.place(book, one.get("dataFilter", {}), i)
                rows = values.body_values(one, f"data[{i}].values")
                done.append(values.put(book, grid, values.target(grid, reference, rows), rows, _as(write, raw)))
                filters.append(one.get("dataFilter", {}))
            answer = _batch_answer(book, done, given)
            for response, one in zip(answer.get("responses", ()), filters, strict=True):
                response.pop("spreadsheetId")
                response["dataFilter"] = one
            return answer

        return self._change(caller, sid, work)

    def values_batch_clear_by_data_filter(self, caller: Caller, sid: str, body: Json) -> Json:
        """POST …/values:batchClearByDataFilter."""
        given = decode("BatchClearValuesByDataFilterRequest", body)

        def work(book: Book, write: Write) -> Json:
            found = datafilters.matches(book, given.get("dataFilters", ()))
            cleared = [_clear(book, (match.grid, match.reference), write) for match in found]
            return {"spreadsheetId": sid, **({"clearedRanges": cleared} if cleared else {})}

        return self._change(caller, sid, work)

    # -- files --------------------------------------------------------------------------------------------------------

    def replace_with_sheets(self, caller: Caller, sid: str, sheets: Sequence[SheetContent]) -> None:
        """Replaces all sheets by those of an uploaded file; ApiError 400 where there is none or they are too large."""
        if not sheets:
            raise bad_request("The file has no sheets.")

        def work(book: Book, write: Write) -> None:
            for grid in list(book.sheets):
                book.drop_sheet(grid)
            for content in sheets:
                _load(book, content, write)
            book.properties["timeZone"] = ZONE_AFTER_UPLOAD
            write.journal.operation(0, "upload", {"sheets": [content.title for content in sheets]})

        self._change(caller, sid, work)

    def cells_for_export(self, sid: str) -> Iterator[ExportSheet]:
        """The sheets with typed values and formats, rows read as they are asked for; no write may come in between."""
        book = self._book(sid)
        for grid in book.sheets:
            yield ExportSheet(grid.title, bool(grid.properties.get("hidden")), _export_rows(book, grid))

    def history(self, sid: str, since: float = 0.0, limit: int = 1000) -> list[CellWrite]:
        """The writes to a spreadsheet since a moment, oldest first, at most `limit`."""
        return list(written(self.connection, self._book(sid).key, since, limit))

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
    if message == "BatchUpdateSpreadsheetResponse":
        for name, below in mask.children.items():
            if name not in ("spreadsheetId", "replies", "updatedSpreadsheet", "*"):
                masks.check(masks.Mask({name: below}), "Spreadsheet", "")
            elif name == "updatedSpreadsheet":
                masks.check(below, "Spreadsheet", "updated_spreadsheet.")
    else:
        masks.check(mask, message, "")
    return mask


def _masked(answer: bytes, fields: str | None, message: str) -> Json | bytes:
    mask = masks.parse(fields)
    if message:
        masks.check(mask, message, "")
    if not mask.children:
        return answer
    selected: Json = masks.select(mask, orjson.loads(answer))
    return selected


def _readable(grid: Grid, reference: Any) -> tuple[Grid, Box]:
    return grid, values.readable(grid, reference)


def _updated(book: Book, given: Json, mask: masks.Mask, account: str) -> Json:
    places = [_readable(*book.resolve(text)) for text in given.get("responseRanges", ())] or None
    below = mask.at("updatedSpreadsheet") or masks.EVERYTHING
    data = given.get("responseIncludeGridData", False)
    return resources.spreadsheet(book, places, grid_data=data, mask=below, account=account)


def _options(given: Json) -> Options:
    return values.options(
        given.get("majorDimension"), given.get("valueRenderOption"), given.get("dateTimeRenderOption")
    )


def _response_options(query: Json) -> Options:
    return values.options(None, query.get("responseValueRenderOption"), query.get("responseDateTimeRenderOption"))


def _flag(query: Json, name: str) -> bool:
    return str(query.get(name, "")).lower() in ("true", "1")


def _as(write: Write, raw: bool) -> Write:
    return Write(write.account, write.at, write.journal, raw)


def _clear(book: Book, found: tuple[Grid, Any], write: Write) -> str:
    grid, reference = found
    return values.clear(book, grid, values.readable(grid, reference), write)


def _batch_answer(book: Book, done: list[values.Written], given: Json) -> Json:
    """The totals and the response of each range of a batch of updates."""
    include = given.get("includeValuesInResponse", False)
    how = values.options(None, given.get("responseValueRenderOption"), given.get("responseDateTimeRenderOption"))
    rows = {(one.grid.key, r) for one in done for r in range(one.box.top, one.box.top + one.rows)}
    columns = {(one.grid.key, c) for one in done for c in range(one.box.left, one.box.left + one.columns)}
    totals = {
        "totalUpdatedRows": len(rows), "totalUpdatedColumns": len(columns),
        "totalUpdatedCells": sum(one.cells for one in done), "totalUpdatedSheets": len({one.grid.key for one in done if one.cells}),
    }  # fmt: skip
    out: Json = {"spreadsheetId": book.id, **{key: value for key, value in totals.items() if value}}
    if done:
        out["responses"] = [values.update_answer(book, one, include, how) for one in done]
    return out


def _fill_new(book: Book, given: Json, write: Write) -> None:
    """The sheets and named ranges of a new spreadsheet."""
    sheets = given.get("sheets") or [{}]
    for i, sheet in enumerate(sheets):
        properties = {key: value for key, value in sheet.get("properties", {}).items() if key != "index"}
        sheet_id = properties.get("sheetId", 0 if i == 0 else book.fresh_sheet_id())
        if any(grid.sheet_id == sheet_id for grid in book.sheets):
            raise bad_request(f"Invalid sheets[{i}].properties: A sheet with id {sheet_id} already exists.")
        title = properties.get("title") or f"Sheet{i + 1}"
        check_title(book, title)
        doc = new_sheet_doc(sheet_id, title, properties)
        check_size(doc["properties"])
        grid = book.add_sheet(doc)
        _fill_data(book, grid, sheet, write)
        for key in ("merges", "conditionalFormats"):
            if sheet.get(key):
                grid.doc[key] = sheet[key]
    if book.cell_total() > MAX_CELLS:
        values.check_total(book, 1)
    if given.get("namedRanges"):
        adding = [{"addNamedRange": {"namedRange": named}} for named in given["namedRanges"]]
        requests.apply(book, adding, write.account, write.at, write.journal)


def _fill_data(book: Book, grid: Grid, sheet: Json, write: Write) -> None:
    for part in sheet.get("data", ()):
        top, left = part.get("startRow", 0), part.get("startColumn", 0)
        rows = [row.get("values", []) for row in part.get("rowData", ())]
        if not rows:
            continue
        width = max(len(row) for row in rows)
        values.grow(book, grid, Box(top, top + len(rows), left, left + max(width, 1)))

        def change(position: int, row: Row, rows: list[Any] = rows, top: int = top, left: int = left) -> None:
            for offset, cell in enumerate(rows[position - top]):
                put_cell(grid, row, position, left + offset, cell, True, ALL_CELL_PATHS)

        grid.edit(top, top + len(rows), change, write.journal)


def _load(book: Book, content: SheetContent, write: Write) -> None:
    """One uploaded sheet: at least 1000 x 26, as Google makes it (recordings)."""
    width = max((len(row) for row in content.rows), default=0)
    if width > MAX_COLUMNS:
        raise bad_request(f"A sheet can have at most {MAX_COLUMNS} columns.")
    title, number = content.title[:100] or "Sheet1", 2
    while book.titled(title) is not None:
        title, number = f"{content.title[:90]} {number}", number + 1
    size = {"rowCount": max(1000, len(content.rows)), "columnCount": max(26, width)}
    values.check_total(book, size["rowCount"] * size["columnCount"])
    grid = book.add_sheet(new_sheet_doc(book.fresh_sheet_id(), title, {"gridProperties": size}))
    formats = content.formats or {}

    def change(position: int, row: Row) -> None:
        for column, value in enumerate(content.rows[position]):
            formula = content.formulas and isinstance(value, str) and value.startswith("=")
            row.put(column, {"f": value} if formula else values.stored(value))
            if (position, column) in formats:
                grid.set_data(row, position, column, {"userEnteredFormat": formats[position, column]})

    if content.rows:
        grid.edit(0, len(content.rows), change, write.journal)


def _export_rows(book: Book, grid: Grid) -> Iterator[list[ExportCell | None]]:
    end = grid.last_data_row() + 1
    for position, row in enumerate(grid.rows(0, end)):
        out: list[ExportCell | None] = []
        for column, slot in enumerate(grid.slots):
            cell = row.get(slot)
            if cell == "" and cell is not False:
                out.append(None)
                continue
            found = grid.data(row, position, column).get("userEnteredFormat")
            kind, value = effective(book, grid, cell)
            text = resources.cell_text(book, kind, value, found)
            out.append(ExportCell(value, text, cell.get("f") if isinstance(cell, dict) else None, found))
        while out and out[-1] is None:
            out.pop()
        yield out
