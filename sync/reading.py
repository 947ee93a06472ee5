"""What cells hold: the values of many ranges in one call, or range after range where all of a large tab is wanted.

Beside `sync.sheets`, whose calls it makes; everything in sync that looks at cells goes through here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import zip_longest
from typing import Any

from core.model import Cell
from sync.access import call
from sync.errors import Unreachable
from sync.ranges import GridRange, from_json
from sync.sheets import IN_PIECES, Sheets, parsed, repeated, uncollected

Rows = tuple[tuple[Cell, ...], ...]


def read(
    sheets: Sheets, wanted: Sequence[GridRange], *, formulas: bool = False, columns: Sequence[GridRange] = ()
) -> tuple[Rows, ...]:
    """One read of all the ranges: for each of them its rows, trailing blanks cut, blanks between as "", dates as serial
    numbers. With `formulas` a formula's text stands in place of its value. Then for each range of `columns` its
    columns in the same way: like stands by like there, which Google packs into a quarter less."""
    body = _asking(
        (*wanted, *columns), "COLUMNS" if columns else "ROWS", "FORMULA" if formulas else "UNFORMATTED_VALUE"
    )
    found = repeated(sheets, lambda: parsed(_answer(sheets, body), IN_PIECES))
    by_range = _by_range(found)
    by_rows = _turned if columns else tuple
    return (*(by_rows(by_range.get(one, ())) for one in wanted), *(by_range.get(one, ()) for one in columns))


def read_on(sheets: Sheets, wanted: Sequence[GridRange]) -> Iterator[Rows]:
    """The rows of range after range, a read each. While one answer is taken apart the next one is fetched, and no more
    than that: two of them are the most that is held."""

    def fetch(one: GridRange) -> bytes:
        return repeated(sheets, lambda: _answer(sheets, _asking([one], "ROWS", "UNFORMATTED_VALUE")))

    with ThreadPoolExecutor(1, "reads-on") as beside:
        coming = beside.submit(fetch, wanted[0]) if wanted else None
        for one, further in zip_longest(wanted, wanted[1:]):
            assert coming
            raw = coming.result()
            coming = beside.submit(fetch, further) if further else None
            try:
                found = _by_range(parsed(raw, IN_PIECES))
            except Unreachable:  # whole by its length, and not by what it says
                yield read(sheets, [one])[0]
            else:
                yield found.get(one, ())


def _asking(wanted: Sequence[GridRange], by: str, render: str) -> Mapping[str, Any]:
    return {
        "dataFilters": [{"gridRange": one.json()} for one in wanted],
        "majorDimension": by,
        "valueRenderOption": render,
        "dateTimeRenderOption": "SERIAL_NUMBER",
    }


def _answer(sheets: Sheets, body: Mapping[str, Any]) -> bytes:
    url, params = f"{sheets.url}/values:batchGetByDataFilter", {"prettyPrint": "false"}
    return call(sheets.http, sheets.meter, "post", url, write=False, json=body, params=params)


def _by_range(found: Mapping[str, Any]) -> Mapping[GridRange, Rows]:
    by_range: dict[GridRange, Rows] = {}
    with uncollected():
        for match in found.get("valueRanges", ()):
            rows = tuple(map(tuple, match["valueRange"].get("values", ())))
            for data_filter in match.get("dataFilters", ()):
                by_range[from_json(data_filter.get("gridRange", {}))] = rows
    return by_range


def _turned(columns: Rows) -> Rows:
    """Columns as rows, as they would have come as rows."""
    rows = [_trimmed(row) for row in zip_longest(*columns, fillvalue="")]
    while rows and not rows[-1]:
        rows.pop()
    return tuple(rows)


def _trimmed(row: tuple[Cell, ...]) -> tuple[Cell, ...]:
    end = len(row)
    while end and row[end - 1] in ("", None):
        end -= 1
    return row[:end]
