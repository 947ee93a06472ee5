"""How cells look in the end: links and theme colours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.localsheets.engines import RAW, TYPED, Desk, box, new_desk

LINK = {"red": 0.06666667, "green": 0.33333334, "blue": 0.8}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return new_desk(tmp_path / "b.sqlite3")


def _cell(desk: Desk, where: str) -> dict[str, Any]:
    rows = desk.get("sheets.data.rowData.values", where)["sheets"][0]["data"][0]["rowData"]
    cell: dict[str, Any] = rows[0]["values"][0]
    return cell


def _format(desk: Desk, column: int, text_format: dict[str, Any]) -> None:
    cell = {"userEnteredFormat": {"textFormat": text_format}}
    fields = "userEnteredFormat.textFormat"
    desk.batch({"repeatCell": {"range": box(0, 1, column, column + 1), "cell": cell, "fields": fields}})


def test_a_link_colours_and_underlines_in_the_effective_format_alone(desk: Desk) -> None:
    desk.put("A1:B1", [["label", '=HYPERLINK("https://example.org/b","b")']], TYPED)
    _format(desk, 0, {"link": {"uri": "https://example.org/a"}})
    for where, uri in (("A1", "https://example.org/a"), ("B1", "https://example.org/b")):
        cell = _cell(desk, where)
        look = cell["effectiveFormat"]["textFormat"]
        assert (cell["hyperlink"], look["link"], look["underline"]) == (uri, {"uri": uri}, True)
        assert (look["foregroundColor"], look["foregroundColorStyle"]) == (LINK, {"rgbColor": LINK})
    assert "userEnteredFormat" not in _cell(desk, "B1")
    _format(desk, 0, {"link": {"uri": "https://example.org/a"}, "underline": False})
    assert _cell(desk, "A1")["effectiveFormat"]["textFormat"]["underline"] is False


def test_a_theme_colour_comes_with_its_colour(desk: Desk) -> None:
    desk.put("A1", [["x"]])
    _format(desk, 0, {"foregroundColorStyle": {"themeColor": "LINK"}})
    look = _cell(desk, "A1")["effectiveFormat"]["textFormat"]
    assert (look["foregroundColorStyle"], look["foregroundColor"]) == ({"themeColor": "LINK"}, LINK)


@pytest.mark.parametrize("option", [TYPED, RAW])
def test_a_web_address_is_a_link_by_itself(desk: Desk, option: dict[str, str]) -> None:
    desk.put(
        "A1:E1",
        [["https://example.org/a?b=1#c", "HTTP://Example.org", "see https://example.org", "http://", "x"]],
        option,
    )
    assert [_cell(desk, where).get("hyperlink") for where in ("A1", "B1", "C1", "D1", "E1")] == [
        "https://example.org/a?b=1#c", "HTTP://Example.org", None, None, None,
    ]  # fmt: skip
    look = _cell(desk, "A1")["effectiveFormat"]
    assert (look["hyperlinkDisplayType"], look["textFormat"]["underline"]) == ("LINKED", True)
    assert "userEnteredFormat" not in _cell(desk, "A1")
    plain = {"userEnteredFormat": {"hyperlinkDisplayType": "PLAIN_TEXT"}}
    fields = "userEnteredFormat.hyperlinkDisplayType"
    desk.batch({"repeatCell": {"range": box(0, 1, 0, 1), "cell": plain, "fields": fields}})
    assert "hyperlink" not in _cell(desk, "A1")
