"""A row of the sheet that waits for a person: what it says, by header, and as the form for a new lead begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from app.lead_form import form_text
from app.shown import clipped
from app.words import day
from core.columns import DATE_FIELDS, ColumnUse, shape_from_json
from core.config import Config
from core.dates import from_serial
from core.leads import lead_of
from core.model import Cell, SourceRow, Tab
from core.normalise import Cleaner
from core.text import cell_text
from store import ledger, tabs
from store.tabs import TabState

_AFTER_ALL_DAYS = 2_958_466  # the serial number of 31-12-9999, plus one


@dataclass(frozen=True, slots=True)
class SaidCell:
    """A cell that says something: its column's header, its text, and the field that it is read as ("" for none)."""

    header: str
    text: str
    field: str


def said(cells: Sequence[Cell], tab: TabState, longest: int) -> list[SaidCell]:
    """The cells of a row that hold anything, as the sheet shows them, clipped."""
    uses = {use.index: use for use in shape_from_json(tab.shape_json).columns} if tab.shape_json else {}
    told = [(index, cell) for index, cell in enumerate(cells) if cell not in (None, "")]
    return [_said(index, cell, tab.header, uses.get(index), longest) for index, cell in told]


def _said(index: int, cell: Cell, header: Sequence[Cell], use: ColumnUse | None, longest: int) -> SaidCell:
    named = cell_text(header[index]) if index < len(header) else ""
    field = use.field if use and not use.dropped else ""
    return SaidCell(clipped(named, 100) or f"Column {index + 1}", _text(cell, field, longest), field)


def _text(cell: Cell, field: str, longest: int) -> str:
    """The cell as the sheet shows it; a day is a serial number there, which nobody would know again."""
    number = isinstance(cell, int | float) and not isinstance(cell, bool)
    if field in DATE_FIELDS and number and 1 <= float(cell) < _AFTER_ALL_DAYS:  # type: ignore[arg-type]  # a number, just seen
        return day(from_serial(cell)[0])  # type: ignore[arg-type]  # as above
    return clipped(cell_text(cell), longest)


def prefill(conn: Connection, config: Config, sheet_id: int, fingerprint: str, names: Sequence[str]) -> dict[str, str]:
    """What the row says of these fields, cleaned where that can be, else as it was typed. Empty for a row that is not
    known (any more)."""
    tab = tabs.tab(conn, sheet_id)
    placed = next(iter(ledger.of_rows(conn, sheet_id, [fingerprint])), None)
    if tab is None or not tab.shape_json or placed is None or placed.cells is None:
        return {}
    row = SourceRow(Tab(sheet_id, tab.title), placed.position or 0, placed.cells, fingerprint)
    drafts = Cleaner(shape_from_json(tab.shape_json), config).drafts(row)
    cleaned = lead_of("", drafts[0].fields) if drafts else lead_of("", {})
    texts = {name: form_text(name, cleaned, config) for name in names}
    typed = {cell.field: cell.text for cell in said(placed.cells, tab, 2_000) if cell.field in names}
    return {name: text for name in names if (text := texts[name] or typed.get(name, ""))}
