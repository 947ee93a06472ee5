"""Cells as the API writes and answers them: CellData with an exact type, never parsed as if typed.

Text and phones go in as stringValue, so `+91…` and `=…` stay text; used by set-up, by the batch, and by its
verification.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from core import cells
from core.config import Config
from core.fields import Kind
from core.model import Cell, Value

CELL_CHARACTERS = 50_000
WRITTEN = "userEnteredValue,userEnteredFormat.numberFormat"


def cell_data(value: Cell) -> dict[str, Any]:
    """CellData that holds `value` literally; blank is an empty object, which clears."""
    if value is None or value == "":
        return {}
    if isinstance(value, bool):
        return {"userEnteredValue": {"boolValue": value}}
    if isinstance(value, int | float):
        return {"userEnteredValue": {"numberValue": value}}
    return {"userEnteredValue": {"stringValue": value[:CELL_CHARACTERS]}}


def formula(text: str) -> dict[str, Any]:
    """CellData that holds a formula of ours."""
    return {"userEnteredValue": {"formulaValue": text}}


def field_data(kind: Kind, value: Value, config: Config) -> dict[str, Any]:
    """CellData of a field in canonical form, with the number format that its kind is shown in; a blank day has one too,
    for the day when it is filled in."""
    return cell_data(cells.encode(kind, value, config)) | number_format(kind)


def number_format(kind: Kind) -> dict[str, Any]:
    """CellData of the format that a kind is shown in; empty where it needs none."""
    pattern = cells.number_format(kind)
    shown = "DATE_TIME" if kind is Kind.MOMENT else "DATE"
    return {"userEnteredFormat": {"numberFormat": {"type": shown, "pattern": pattern}}} if pattern else {}


def row_data(row: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """RowData of cells."""
    return {"values": list(row)}


def text_row(row: Sequence[Cell]) -> dict[str, Any]:
    """RowData of plain values."""
    return row_data([cell_data(cell) for cell in row])


def id_of(cell: Cell) -> str:
    """The id that a cell says, "" for a blank one: a number that a person typed by its digits, a text without the
    spaces around it. Whoever looks for a lead and whoever writes to it read it so."""
    whole = isinstance(cell, float) and cell.is_integer()
    return "" if cell is None else str(int(cell) if whole else cell).strip()


def entered(data: Mapping[str, Any]) -> Cell:
    """What stands in a cell of an answer: the value typed or written, a formula as its text."""
    value = data.get("userEnteredValue", {})
    for name in ("stringValue", "formulaValue"):
        if name in value:
            return str(value[name])
    if "boolValue" in value:
        return bool(value["boolValue"])
    number = value.get("numberValue")
    return None if number is None else _plain(number)


def _plain(number: float) -> int | float:
    return int(number) if float(number).is_integer() and abs(number) < 2**53 else float(number)
