"""Cells under a merge: all of a merged range but its first cell. Google keeps no value there.

Part of `grid.Grid.edit`, where the switch `covered_cells_keep_values` says so: what is written to such a cell is
dropped without a word, by whichever request it came.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .follow import Json
from .storage.rows import Row


def drop(merges: Sequence[Json], slots: Sequence[int], position: int, row: Row, was: Sequence[Any]) -> None:
    """Gives the covered cells of a row back what they held (`was`, by slot); to blank one is no value and stays."""
    for found in merges:
        if not found["startRowIndex"] <= position < found["endRowIndex"]:
            continue
        first = found["startColumnIndex"] + (position == found["startRowIndex"])
        for slot in slots[first : found["endColumnIndex"]]:
            if row.get(slot) != "":
                row.put(slot, was[slot] if slot < len(was) else "")
