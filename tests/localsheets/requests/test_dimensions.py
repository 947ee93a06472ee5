"""Rows and columns come, go and move."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from localsheets.errors import ApiError
from tests.localsheets.engines import TYPED, Desk, box, new_desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return new_desk(tmp_path / "b.sqlite3")


def _span(dimension: str, start: int, stop: int) -> dict[str, Any]:
    return {"sheetId": 0, "dimension": dimension, "startIndex": start, "endIndex": stop}


def _size(desk: Desk) -> tuple[int, int]:
    found = desk.get("sheets.properties.gridProperties")["sheets"][0]["properties"]["gridProperties"]
    return found["rowCount"], found["columnCount"]


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["insert", "delete", "move", "write", "grow", "cut"]),
        st.booleans(),
        st.integers(0, 5),
        st.integers(1, 3),
        st.integers(0, 6),
    ),
    max_size=12,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_a_sheet_behaves_like_a_list_of_lists(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, bool, int, int, int]]
) -> None:
    desk = new_desk(tmp_path_factory.mktemp("m") / "b.sqlite3")
    desk.batch(
        {
            "updateSheetProperties": {
                "properties": {"gridProperties": {"rowCount": 6, "columnCount": 6}},
                "fields": "gridProperties(rowCount,columnCount)",
            }
        }
    )
    model = [[f"{r},{c}" for c in range(6)] for r in range(6)]
    desk.put("Sheet1!A1", model)
    for number, (kind, rows, at, count, to) in enumerate(steps):
        model = _step(desk, model, kind, rows, at, count, to, number)
    assert _size(desk) == (len(model), len(model[0]))
    found = desk.values() or []
    padded = [row + [""] * (len(model[0]) - len(row)) for row in found] + [[""] * len(model[0])] * (
        len(model) - len(found)
    )
    assert padded == model
    desk.engine.close()


def _turned(model: list[list[str]], rows: bool) -> list[list[str]]:
    return model if rows else [list(column) for column in zip(*model, strict=True)]


def _step(
    desk: Desk, model: list[list[str]], kind: str, rows: bool, at: int, count: int, to: int, number: int
) -> list[list[str]]:
    name = "ROWS" if rows else "COLUMNS"
    lines = _turned(model, rows)
    width = len(lines[0])
    at = min(at, len(lines) - 1)
    stop = min(at + count, len(lines))
    if kind == "write":
        desk.put(f"Sheet1!R{min(at, len(model) - 1) + 1}C1", [[f"w{number}"]])
        model[min(at, len(model) - 1)][0] = f"w{number}"
        return model
    if kind == "insert":
        after = at == len(lines)
        desk.batch({"insertDimension": {"range": _span(name, at, at + count), "inheritFromBefore": after}})
        lines[at:at] = [[""] * width for _ in range(count)]
    elif kind == "grow":
        desk.batch({"appendDimension": {"dimension": name, "length": count}})
        lines += [[""] * width for _ in range(count)]
    elif kind in ("delete", "cut") and stop - at < len(lines):
        start, end = (at, stop) if kind == "delete" else (max(1, len(lines) - count), len(lines))
        desk.batch({"deleteDimension": {"range": _span(name, start, end)}})
        del lines[start:end]
    elif kind == "move" and to <= len(lines) and not at < to < stop:
        desk.batch({"moveDimension": {"source": _span(name, at, stop), "destinationIndex": to}})
        moved = lines[at:stop]
        del lines[at:stop]
        place = to if to <= at else to - len(moved)
        lines[place:place] = moved
    return _turned(lines, rows)


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (
            _span("ROWS", 999, 1001),
            "Cannot delete a row that doesn't exist. Tried to delete row index 1000 but there are only 1000 rows.",
        ),
        (_span("ROWS", 0, 1000), "You can't delete all the rows on the sheet."),
        (_span("COLUMNS", 0, 26), "You can't delete all the columns on the sheet."),
        (_span("ROWS", 3, 3), "must be greater than"),
    ],
)
def test_what_cannot_be_deleted(desk: Desk, span: dict[str, Any], words: str) -> None:
    with pytest.raises(ApiError) as caught:
        desk.batch({"deleteDimension": {"range": span}})
    assert words in caught.value.message
    assert caught.value.message.startswith("Invalid requests[0].deleteDimension: ")


@pytest.mark.parametrize("name", ["ROWS", "COLUMNS"])
def test_only_what_is_like_the_last_one_comes_in_behind_it(desk: Desk, name: str) -> None:
    size = {"ROWS": 1000, "COLUMNS": 26}[name]
    with pytest.raises(ApiError) as caught:
        desk.batch({"insertDimension": {"range": _span(name, size, size + 1)}})
    assert caught.value.message == (
        f"Invalid requests[0].insertDimension: range.startIndex[{size}] must be less than the grid size ({size}) "
        "if inheritFromBefore is false."
    )
    desk.batch({"insertDimension": {"range": _span(name, size, size + 1), "inheritFromBefore": True}})


def test_formulas_follow_and_survive(desk: Desk) -> None:
    desk.put("Sheet1!A1", [[1, "=A1+1"], [2, "=SUM(A1:A2)"], [3, "=NOSUCH(A3)"]], TYPED)
    desk.batch(
        {"insertDimension": {"range": _span("ROWS", 0, 2)}}, {"insertDimension": {"range": _span("COLUMNS", 0, 1)}}
    )
    assert desk.values("Sheet1!C3:C5", render="FORMULA") == [["=B3+1"], ["=SUM(B3:B4)"], ["=NOSUCH(B5)"]]
    assert desk.values("Sheet1!C3:C5") == [["2"], ["3"], ["#NAME?"]]
    desk.batch(
        {"updateSheetProperties": {"properties": {"title": "New name"}, "fields": "title"}},
        {"addSheet": {"properties": {"title": "two"}}},
    )
    desk.put("two!A1", [["='New name'!B3", "=SHEETS()"]], TYPED)
    desk.batch({"updateSheetProperties": {"properties": {"title": "Again"}, "fields": "title"}})
    assert desk.values("two!A1:B1", render="FORMULA") == [["=Again!B3", "=SHEETS()"]]
    assert desk.values("two!A1:B1") == [["1", "2"]]


def test_new_rows_are_formatted_like_their_neighbours(desk: Desk) -> None:
    cell = {"userEnteredFormat": {"textFormat": {"bold": True}}}
    desk.batch({"repeatCell": {"range": box(0, 1, 0, 1), "cell": cell, "fields": "userEnteredFormat"}})
    desk.batch({"insertDimension": {"range": _span("ROWS", 1, 2), "inheritFromBefore": True}})
    found = desk.get("sheets.data.rowData.values.userEnteredFormat", "Sheet1!A2")["sheets"][0]["data"][0]["rowData"]
    assert found[0]["values"][0] == cell
    with pytest.raises(ApiError, match="inheritFromBefore"):
        desk.batch({"insertDimension": {"range": _span("ROWS", 0, 1), "inheritFromBefore": True}})


def test_groups_nest_and_unnest(desk: Desk) -> None:
    def groups(kind: str, start: int, stop: int) -> list[tuple[int, int, int]]:
        reply = desk.batch({kind: {"range": _span("COLUMNS", start, stop)}})["replies"][0][kind]
        return [
            (g["range"]["startIndex"], g["range"]["endIndex"], g["depth"]) for g in reply.get("dimensionGroups", [])
        ]

    assert groups("addDimensionGroup", 1, 5) == [(1, 5, 1)]
    assert groups("addDimensionGroup", 2, 4) == [(1, 5, 1), (2, 4, 2)]
    assert groups("deleteDimensionGroup", 1, 5) == [(2, 4, 1)]
    assert groups("deleteDimensionGroup", 2, 4) == []
    with pytest.raises(ApiError):
        groups("deleteDimensionGroup", 2, 4)


def test_hiding_and_sizing(desk: Desk) -> None:
    change = {"range": _span("ROWS", 1, 4), "properties": {"hiddenByUser": True}, "fields": "hiddenByUser"}
    size = {"range": _span("ROWS", 2, 3), "properties": {"pixelSize": 50}, "fields": "pixelSize"}
    desk.batch({"updateDimensionProperties": change}, {"updateDimensionProperties": size})
    desk.batch({"deleteDimension": {"range": _span("ROWS", 1, 2)}})
    found = desk.get("sheets.data.rowMetadata", "Sheet1!A1:A4")["sheets"][0]["data"][0]["rowMetadata"]
    assert found == [
        {"pixelSize": 21},
        {"pixelSize": 50, "hiddenByUser": True},
        {"pixelSize": 21, "hiddenByUser": True},
        {"pixelSize": 21},
    ]
