"""What names cells goes on naming the same ones, through any sequence of inserts, deletes, moves and sorts."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from localsheets import a1
from localsheets.errors import ApiError
from tests.localsheets.engines import TYPED, Desk, box, new_desk

ROWS, COLUMNS = 8, 5
TARGETS = [(1, 1), (4, 2), (7, 4)]  # the cells that are named, in each way
Place = tuple[int, int]

steps = st.lists(
    st.one_of(
        st.tuples(st.just("insert"), st.sampled_from(["ROWS", "COLUMNS"]), st.integers(0, 5), st.integers(1, 2)),
        st.tuples(st.just("delete"), st.sampled_from(["ROWS", "COLUMNS"]), st.integers(0, 5), st.integers(1, 2)),
        st.tuples(st.just("move"), st.sampled_from(["ROWS", "COLUMNS"]), st.integers(0, 5), st.integers(0, 5)),
        st.tuples(st.just("sort"), st.booleans()),
    ),
    min_size=3,
    max_size=6,
)  # fmt: skip


def named(desk: Desk) -> None:
    """Names each target by a formula, a named range, a protection, a rule, a filter view, a validation and a note."""
    for i, (row, column) in enumerate(TARGETS):
        cell = box(row, row + 1, column, column + 1)
        listed = {"condition": {"type": "ONE_OF_RANGE", "values": [{"userEnteredValue": f"=Sheet1!{at(row, column)}"}]}}
        ruled = {"condition": {"type": "NOT_BLANK"}, "format": {"backgroundColor": {"red": (i + 1) / 4}}}
        beside = {
            "note": f"note {i}",
            "dataValidation": {"condition": {"type": "BOOLEAN"}, "inputMessage": f"check {i}"},
        }
        desk.batch(
            {"addNamedRange": {"namedRange": {"name": f"name{i}", "range": cell}}},
            {"addProtectedRange": {"protectedRange": {"range": cell, "description": str(i)}}},
            {"addConditionalFormatRule": {"index": i, "rule": {"ranges": [cell], "booleanRule": ruled}}},
            {"addFilterView": {"filter": {"title": str(i), "range": cell}}},
            {"updateCells": {"range": cell, "rows": [{"values": [beside]}], "fields": "note,dataValidation"}},
            {"setDataValidation": {"range": box(i, i + 1, 1, 2, 9), "rule": listed}},
        )
        desk.put(f"Refs!A{i + 1}", [[f"=Sheet1!{at(row, column)}"]], TYPED)


def at(row: int, column: int) -> str:
    return f"{a1.letters(column)}{row + 1}"


def place_of(text: str) -> Place | None:
    """The one cell that a formula names; None for #REF!."""
    if "#REF!" in text:
        return None
    parsed = a1.parse_cells(text.removeprefix("=").removeprefix("Sheet1!"))
    assert parsed is not None, text
    return parsed[0].top, parsed[0].left


def corner(found: dict[str, Any]) -> Place:
    return found.get("startRowIndex", 0), found.get("startColumnIndex", 0)


def ways(desk: Desk) -> dict[str, dict[int, Place | None]]:
    """Which cell each way of naming means now, by target."""
    on_sheet = "properties,protectedRanges,filterViews,conditionalFormats,data.rowData.values(note,dataValidation)"
    read = desk.get(f"namedRanges,sheets({on_sheet})", "Sheet1")
    sheet = read["sheets"][0]
    formulas = desk.values("Refs!A1:A3", render="FORMULA")
    choices = desk.get("sheets.data.rowData.values.dataValidation", "Refs!B1:B3")["sheets"][0]["data"][0]["rowData"]
    cells = {
        (row, column): cell
        for row, line in enumerate(sheet["data"][0].get("rowData", ()))
        for column, cell in enumerate(line.get("values", ()))
    }
    return {
        "formula": {i: place_of(row[0]) for i, row in enumerate(formulas)},
        "choices": {
            i: place_of(row["values"][0]["dataValidation"]["condition"]["values"][0]["userEnteredValue"])
            for i, row in enumerate(choices)
        },
        "name": {int(one["name"][4:]): corner(one["range"]) for one in read.get("namedRanges", ())},
        "protection": {int(one["description"]): corner(one["range"]) for one in sheet.get("protectedRanges", ())},
        "view": {int(one["title"]): corner(one["range"]) for one in sheet.get("filterViews", ())},
        "note": {int(cell["note"][5:]): place for place, cell in cells.items() if "note" in cell},
        "rule": {i: corner(one["ranges"][0]) for i, one in rules(sheet).items()},
    }


def rules(sheet: dict[str, Any]) -> dict[int, dict[str, Any]]:
    """The colours by rule, told apart by the colour."""
    found = sheet.get("conditionalFormats", ())
    return {round(one["booleanRule"]["format"]["backgroundColor"]["red"] * 4) - 1: one for one in found}


def checks(desk: Desk) -> dict[Place, int]:
    """The cells with a check of their own; a row that is put in takes those of its neighbour along."""
    read = desk.get("sheets.data.rowData.values.dataValidation", "Sheet1")["sheets"][0]["data"][0]
    return {
        (row, column): int(cell["dataValidation"]["inputMessage"][6:])
        for row, line in enumerate(read.get("rowData", ()))
        for column, cell in enumerate(line.get("values", ()))
        if "dataValidation" in cell
    }


def applied(desk: Desk, step: tuple[Any, ...]) -> bool:
    """Does one step; whether the server took it (a sheet keeps one row and one column)."""
    kind, *rest = step
    if kind == "sort":
        height, width = size(desk)
        order = "DESCENDING" if rest[0] else "ASCENDING"
        request = {"sortRange": {"range": box(0, height, 0, width), "sortSpecs": [{"sortOrder": order}]}}
    else:
        dimension, start, n = rest
        span = {"dimension": dimension, "startIndex": start, "endIndex": start + (1 if kind == "move" else n)}
        request = {
            "insert": {"insertDimension": {"range": span}},
            "delete": {"deleteDimension": {"range": span}},
            "move": {"moveDimension": {"source": span, "destinationIndex": n}},
        }[kind]
    try:
        desk.batch(request)
    except ApiError:
        return False
    return True


def size(desk: Desk) -> tuple[int, int]:
    grid = desk.get("sheets.properties.gridProperties")["sheets"][0]["properties"]["gridProperties"]
    return grid["rowCount"], grid["columnCount"]


def tokens(desk: Desk) -> dict[str, Place]:
    rows = desk.values("Sheet1") or []
    return {token: (row, column) for row, line in enumerate(rows) for column, token in enumerate(line) if token}


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_what_names_a_cell_goes_on_naming_it(tmp_path: Path, done: list[tuple[Any, ...]]) -> None:
    desk = new_desk(tmp_path / f"{next(FILES)}.sqlite3")
    grid = {"gridProperties": {"rowCount": ROWS, "columnCount": COLUMNS}}
    desk.batch(
        {"updateSheetProperties": {"properties": grid, "fields": "gridProperties(rowCount,columnCount)"}},
        {"addSheet": {"properties": {"title": "Refs", "sheetId": 9}}},
    )
    desk.put("Sheet1!A1", [[f"t{row}{column}" for column in range(COLUMNS)] for row in range(ROWS)])
    named(desk)
    by_cell = {i: f"t{row}{column}" for i, (row, column) in enumerate(TARGETS)}  # what goes with the cell itself
    by_place: dict[int, str | None] = dict(by_cell)  # what stays in its place when rows are sorted
    for step in done:
        before = tokens(desk)
        if not applied(desk, step):
            continue
        after = tokens(desk)
        if step[0] == "sort":
            at_place = {place: token for token, place in after.items()}
            by_place = {i: at_place.get(before[t]) if t in before else None for i, t in by_place.items()}  # type: ignore[index]
        found = ways(desk)
        for way, places in found.items():
            expected = by_cell if way == "note" else by_place
            for i, token in expected.items():
                if token is not None:
                    assert places.get(i) == after.get(token), f"{way} {i} after {step}"
        held = checks(desk)
        assert all(held[after[token]] == i for i, token in by_cell.items() if token in after), f"after {step}"
    desk.engine.close()


FILES = itertools.count()


def test_a_merge_is_never_moved_into_another_one(tmp_path: Path) -> None:
    """They would share a cell, and nobody could take either apart any more. Beside it, and around it, one may go."""
    desk = new_desk(tmp_path / "sheets")
    tall, wide = box(3, 5, 0, 1), box(1, 2, 0, 2)
    desk.batch(*({"mergeCells": {"range": one, "mergeType": "MERGE_ALL"}} for one in (tall, wide)))
    row = {"dimension": "ROWS", "startIndex": 1, "endIndex": 2}
    with pytest.raises(ApiError, match="cannot be moved into another one"):
        desk.batch({"moveDimension": {"source": row, "destinationIndex": 4}})
    desk.batch({"moveDimension": {"source": row, "destinationIndex": 5}})
    merges = desk.get("sheets.merges")["sheets"][0]["merges"]
    assert sorted((one["startRowIndex"], one["endRowIndex"]) for one in merges) == [(2, 4), (4, 5)]
