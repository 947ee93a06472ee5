"""Rows that a flush deleted although others stood there by then come back from the journal. Part of `sync.repair`.

What brings them back has a journal of its own, so they are brought back once. What stands in Master again by then, as
somebody has pasted an older page over it, is back already.
"""

from __future__ import annotations

from collections.abc import Sequence

from sync.batch import MasterShape
from sync.judging import Felled
from sync.ranges import GridRange
from sync.reading import Rows, read
from sync.sheets import Sheets
from sync.worth import content_of


def still_gone(sheets: Sheets, shape: MasterShape, felled: Sequence[Felled]) -> tuple[Felled, ...]:
    """Those that do not stand in Master now. One read, two where a row without an id is among them."""
    if not felled:
        return ()
    column = shape.columns.get("lead_id", 0)
    ids = read(sheets, [GridRange(shape.sheet_id, 0, None, column, column + 1)])[0]
    there = {str(row[0]).strip() for row in ids if row}
    nameless = any(not one.owner for one in felled)
    whole: Rows = read(sheets, [GridRange(shape.sheet_id)], formulas=True)[0] if nameless else ()
    width = len(shape.header)
    contents = {content_of(row[:width], number) for number, row in enumerate(whole)}
    return tuple(one for one in felled if not _back(one, there, contents, width))


def _back(one: Felled, ids: set[str], contents: set[str], width: int) -> bool:
    return one.owner in ids if one.owner else content_of(one.cells[:width], one.crm_row) in contents
