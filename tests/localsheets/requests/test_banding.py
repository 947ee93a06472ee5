"""Banded ranges."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from localsheets.errors import ApiError
from tests.localsheets.engines import Desk, box, new_desk

RED, BLUE = {"red": 1}, {"blue": 1}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return new_desk(tmp_path / "b.sqlite3")


def _bandings(desk: Desk) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = desk.get("sheets.bandedRanges")["sheets"][0].get("bandedRanges", [])
    return found


def _add(desk: Desk, **more: Any) -> dict[str, Any]:
    given = {"range": box(0, 4, 0, 3), "rowProperties": {"firstBandColor": RED}, **more}
    made: dict[str, Any] = desk.batch({"addBanding": {"bandedRange": given}})["replies"][0]["addBanding"]["bandedRange"]
    return made


def test_banding_is_added_follows_its_rows_is_changed_and_goes(desk: Desk) -> None:
    made = _add(desk, bandedRangeId=7)
    assert made["rowProperties"] == {"firstBandColor": RED, "firstBandColorStyle": {"rgbColor": RED}}
    assert _bandings(desk) == [made]
    desk.batch({"insertDimension": {"range": {"dimension": "ROWS", "startIndex": 0, "endIndex": 2}}})
    assert _bandings(desk)[0]["range"]["startRowIndex"] == 2
    change = {"bandedRangeId": 7, "rowProperties": {"secondBandColorStyle": {"rgbColor": BLUE}}}
    desk.batch({"updateBanding": {"bandedRange": change, "fields": "rowProperties.secondBandColorStyle"}})
    assert _bandings(desk)[0]["rowProperties"] == {
        "firstBandColor": RED, "firstBandColorStyle": {"rgbColor": RED},
        "secondBandColor": BLUE, "secondBandColorStyle": {"rgbColor": BLUE},
    }  # fmt: skip
    desk.batch({"deleteBanding": {"bandedRangeId": 7}})
    assert _bandings(desk) == []


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"range": box(3, 9, 2, 9)}, "already has them"),
        ({"bandedRangeId": 7}, "A banded range with ID 7 already exists"),
        ({"rowProperties": None}, "At least one of rowProperties or columnProperties"),
    ],
)
def test_refusals(desk: Desk, more: dict[str, Any], words: str) -> None:
    _add(desk, bandedRangeId=7)
    with pytest.raises(ApiError, match=words):
        _add(desk, **more)
    with pytest.raises(ApiError, match="No banded range with id: 8"):
        desk.batch({"deleteBanding": {"bandedRangeId": 8}})


def test_requests_that_are_null_are_passed_over(desk: Desk) -> None:
    desk.engine.batch_update(desk.caller, desk.sid, {"requests": [None, {"addSheet": {}}, None]})
    assert len(desk.get("sheets.properties.title")["sheets"]) == 2
    with pytest.raises(ApiError, match="Must specify at least one request"):
        desk.engine.batch_update(desk.caller, desk.sid, {"requests": [None]})
