"""The `values` collection: reading, updating, appending and clearing plain values by A1 range or data filter."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from . import tables
from .a1 import Box, Reference, letters, shown
from .book import Book
from .by_columns import columns_json
from .decode import decode
from .entering import Write, enter
from .errors import ApiError, bad_request, field_violations
from .follow import Inserted, Json
from .grid import MAX_CELLS, Grid
from .guard import check_editable, check_insertable
from .messages import values_of
from .rendering import FORMATTED, SERIAL, Renderer, rows_json
from .storage.rows import Row

LONGEST_CELL = 50_000


@dataclass(frozen=True, slots=True)
class Options:
    """How a read is shown: majorDimension, valueRenderOption, dateTimeRenderOption."""

    major: str = "ROWS"
    render: str = FORMATTED
    moments: str = SERIAL


def enum(name: str, value: str | None, parameter: str) -> str | None:
    """A query parameter that names an enum value; ApiError 400 as Google words it; None where not given."""
    if value is None or value == "":
        return None
    known = values_of(name) or ()
    if value not in known:
        kind = f"type.googleapis.com/google.apps.sheets.v4.{name}"
        raise field_violations([(parameter, f"Invalid value at '{parameter}' ({kind}), \"{value}\"")])
    return None if value.endswith("UNSPECIFIED") else value


def options(major: str | None, render: str | None, moments: str | None) -> Options:
    """Options from the query parameters; ApiError 400 where one is unknown."""
    return Options(
        enum("Dimension", major, "major_dimension") or "ROWS",
        enum("ValueRenderOption", render, "value_render_option") or FORMATTED,
        enum("DateTimeRenderOption", moments, "date_time_render_option") or SERIAL,
    )


# -- reading ----------------------------------------------------------------------------------------------------------


def readable(grid: Grid, reference: Reference) -> Box:
    """The box of a read, clipped to the grid; one that begins outside it is refused."""
    grid.check_begins_within(reference.box)
    return grid.closed(reference.box)


def read(book: Book, grid: Grid, box: Box, how: Options) -> bytes:
    """A ValueRange as JSON."""
    return next(read_each(book, [(grid, box)], how))


def read_each(book: Book, places: Iterable[tuple[Grid, Box]], how: Options) -> Iterator[bytes]:
    """A ValueRange for each place; those side by side in the same rows are read together where columns are asked
    for."""
    for _, group in itertools.groupby(places, lambda place: (place[0].key, place[1].top, place[1].bottom)):
        found = list(group)
        grid, boxes = found[0][0], [box for _, box in found]
        renderer = Renderer(book, grid, how.render, how.moments)
        by_columns = how.major == "COLUMNS"
        each = columns_json(renderer, boxes) if by_columns else (rows_json(renderer, box) for box in boxes)
        for box, values in zip(boxes, each, strict=True):
            out = orjson.dumps({"range": grid.name(box), "majorDimension": how.major})
            yield out if values is None else out[:-1] + b',"values":' + values + b"}"


def get(book: Book, text: str, how: Options) -> bytes:
    grid, reference = book.resolve(text)
    return read(book, grid, readable(grid, reference), how)


def batch_get(book: Book, ranges: Sequence[str], how: Options) -> bytes:
    found = [get(book, text, how) for text in ranges]
    head = orjson.dumps({"spreadsheetId": book.id})
    return head if not found else head[:-1] + b',"valueRanges":[' + b",".join(found) + b"]}"


# -- writing ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Written:
    """What an update touched, for its answer."""

    grid: Grid
    box: Box
    rows: int
    columns: int
    cells: int


def body_values(body: Json) -> list[list[Any]]:
    """The values of a decoded ValueRange by rows; ApiError 400 for a cell that is no scalar or too long."""
    given = body.get("values", [])
    for i, row in enumerate(given):
        for j, value in enumerate(row):
            if isinstance(value, dict | list):
                raise bad_request(f"Invalid values[{i}][{j}]: {_shown(value)}")
            if isinstance(value, str) and len(value) > LONGEST_CELL:
                raise bad_request(
                    f"Invalid values[{i}][{j}]: Your input contains "
                    "more than the maximum of 50000 characters in a single cell."
                )
    if body.get("majorDimension") == "COLUMNS":
        height = max((len(column) for column in given), default=0)
        return [[column[i] if i < len(column) else None for column in given] for i in range(height)]
    rows: list[list[Any]] = given
    return rows


def _shown(value: Any) -> str:
    """A google.protobuf.Value in the text form in which Google's refusals print it."""
    if isinstance(value, list):
        return f"list_value {{\n{''.join(_block('values', _shown(item)) for item in value)}}}\n"
    if isinstance(value, dict):
        fields = (f"key: {_quoted(key)}\n{_block('value', _shown(item), 0)}" for key, item in value.items())
        return f"struct_value {{\n{''.join(_block('fields', field) for field in fields)}}}\n"
    if value is None:
        return "null_value: NULL_VALUE\n"
    if isinstance(value, str):
        return f"string_value: {_quoted(value)}\n"
    return f"bool_value: {str(value).lower()}\n" if isinstance(value, bool) else f"number_value: {float(value)}\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _block(name: str, inside: str, depth: int = 1) -> str:
    lines = [f"{name} {{", *(f"  {line}" for line in inside.splitlines()), "}"]
    return "".join(f"{'  ' * depth}{line}\n" for line in lines)


def target(grid: Grid, reference: Reference, values: list[list[Any]]) -> Box:
    """The box that an update writes; ApiError 400 where the values go beyond the range or the range begins beyond the
    grid.

    A single cell, an open range or a whole sheet only says where to begin. The grid grows as far as the values need it,
    also where the range says that it ends beyond the grid (pygsheets' own tests against Google rely on it).
    """
    box, height, width = reference.box, len(values), max((len(row) for row in values), default=0)
    grid.check_begins_within(box)
    if not reference.cell:
        if box.bottom is not None and height > box.bottom - box.top:
            raise _too_large(grid, box, f"row [{box.bottom + 1}]")
        if box.right is not None and width > box.right - box.left:
            raise _too_large(grid, box, f"column [{letters(box.right)}]")
    return Box(box.top, box.top + height, box.left, box.left + width)


def _too_large(grid: Grid, box: Box, where: str) -> ApiError:
    closed = Box(box.top, box.bottom or grid.row_count, box.left, box.right or grid.column_count)
    return bad_request(f"Requested writing within range [{shown(grid.title, closed)}], but tried writing to {where}")


def grow(book: Book, grid: Grid, box: Box) -> None:
    """Makes the grid large enough for a box; ApiError 400 beyond ten million cells."""
    assert box.bottom is not None
    assert box.right is not None
    rows, columns = max(grid.row_count, box.bottom), max(grid.column_count, box.right)
    if (rows, columns) == (grid.row_count, grid.column_count):
        return
    check_total(book, rows * columns - grid.row_count * grid.column_count)
    grid.set_size(rows, columns)


def check_total(book: Book, more: int) -> None:
    """ApiError 400 where that many cells more would be too many for a spreadsheet."""
    if more > 0 and book.cell_total() + more > MAX_CELLS:
        raise bad_request(
            f"This action would increase the number of cells in the workbook above the limit of {MAX_CELLS} cells."
        )


def put(book: Book, grid: Grid, box: Box, values: list[list[Any]], write: Write) -> Written:
    """Writes values from the top left cell of `box` on: null skips, "" clears."""
    given = [_given(row) for row in values]
    cells = sum(mask.bit_count() for mask in given)
    if not cells:
        return Written(grid, _answered(box), 0, 0, 0)
    assert box.bottom is not None
    grow(book, grid, box)
    check_editable(book, grid, box, write.account)
    slots = list(grid.slots)

    def change(position: int, row: Row) -> None:
        for offset, value in enumerate(values[position - box.top]):
            if value is not None:
                enter(book, grid, row, position, box.left + offset, slots[box.left + offset], value, write)

    grid.edit(box.top, box.top + len(values), change, write.journal)
    columns = 0
    for mask in given:
        columns |= mask
    return Written(grid, _answered(box), sum(1 for mask in given if mask), columns.bit_count(), cells)


def _given(row: list[Any]) -> int:
    """A bit for each value that is not null: those are written."""
    if None not in row:
        return (1 << len(row)) - 1
    return sum(1 << i for i, value in enumerate(row) if value is not None)


def _answered(box: Box) -> Box:
    """The box for an answer: at least one cell, within the grid."""
    return Box(box.top, max(box.bottom or 0, box.top + 1), box.left, max(box.right or 0, box.left + 1))


def update(book: Book, text: str, body: Json, write: Write) -> Written:
    """values.update for one range: ApiError 400 for a bad range or bad values."""
    grid, reference = book.resolve(text)
    values = body_values(body)
    if body.get("range"):
        _check_same(book, text, str(body["range"]))
    return put(book, grid, target(grid, reference, values), values, write)


def _check_same(book: Book, asked: str, said: str) -> None:
    one, two = book.resolve(asked), book.resolve(said)
    if one[0] is not two[0] or one[1].box != two[1].box:
        raise bad_request(f"Requested writing within range [{asked}], but got range [{said}] in the body")


def update_answer(book: Book, done: Written, include: bool, how: Options) -> Json:
    """An UpdateValuesResponse."""
    out: Json = {"spreadsheetId": book.id, "updatedRange": done.grid.name(done.box)}
    for key, value in (("updatedRows", done.rows), ("updatedColumns", done.columns), ("updatedCells", done.cells)):
        if value:
            out[key] = value
    if include:
        book.forget()
        out["updatedData"] = orjson.loads(read(book, done.grid, done.grid.closed(done.box), how))
    return out


def append(book: Book, text: str, body: Json, insert: bool, write: Write) -> tuple[str | None, Written]:
    """values.append: (the table's range or None, what was written)."""
    grid, reference = book.resolve(text)
    values = body_values(body)
    box = reference.box
    grid.check_begins_within(box)
    table = tables.table_at(grid, grid.closed(box))
    top = table.bottom if table is not None else box.top
    left = table.left if table is not None else box.left
    assert top is not None
    where = Box(top, top + len(values), left, left + max((len(row) for row in values), default=0))
    if insert and values and top < grid.row_count:
        check_total(book, len(values) * grid.column_count)
        check_insertable(book, grid, "ROWS", top, write.account)
        grid.insert_rows(top, len(values))
        book.follow(Inserted("ROWS", top, len(values)), grid.sheet_id)
        write.journal.operation(grid.sheet_id, "insertRows", {"startIndex": top, "endIndex": top + len(values)})
    return (grid.name(table) if table is not None else None), put(book, grid, where, values, write)


def clear(book: Book, grid: Grid, box: Box, write: Write) -> str:
    """Clears the values of a closed box, nothing else; the range as the answer names it."""
    assert box.bottom is not None
    check_editable(book, grid, box, write.account)
    slots = list(grid.slots[box.left : box.right])

    def change(_position: int, row: Row) -> None:
        for slot in slots:
            row.put(slot, "")

    grid.edit(box.top, box.bottom, change, write.journal, fill=False)
    return grid.name(box)


def decoded(body: Any, where: str = "data") -> Json:
    """A ValueRange from a request."""
    return decode("ValueRange", body, where)


def input_option(value: str | None) -> bool:
    """Whether valueInputOption says RAW; ApiError 400 where it is missing or unknown."""
    found = enum("ValueInputOption", value, "value_input_option")
    if found is None:
        raise bad_request("'valueInputOption' is required but not specified")
    return found == "RAW"
