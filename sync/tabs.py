"""Which tabs the spreadsheet has and what each of them is: ours by role, people's a source, asked about, or left alone.

Two calls, made at a start and when `_crm` says that tabs came or went; the answer is kept in `store.tabs`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from core.columns import recognise, shape_to_json
from core.config import Config
from core.header_rows import find_top, names_others
from core.model import Cell
from core.text import fold
from store import state, tabs
from store.tabs import Role, TabState
from sync import crm, layout
from sync.gather import GLANCE_ROWS
from sync.ranges import GridRange
from sync.reading import Rows, read
from sync.sheets import Metadata, Sheets, TabProperties, metadata

LOCALE = "locale"
TAB_COUNT = "tab_count"
TITLE = "sheet_title"
UNFINISHED = "(importing) "  # a tab that an import is still filling
_FIRST_HEADERS = {"master": "lead_id", "activity": "at", "attention": "tab"}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the spreadsheet says of itself, the first rows of its tabs, which of them hold formulas, `_crm`'s head."""

    about: Metadata
    glances: Mapping[int, Rows]
    formulas: frozenset[int]
    head: crm.Head | None


def look_around(sheets: Sheets) -> Surroundings:
    """Two reads, three where a cell looks like a formula. Raises SheetsProblem."""
    about = metadata(sheets)
    grids = [one for one in about.tabs if one.grid]
    wanted = [GridRange(one.tab.sheet_id, 0, GLANCE_ROWS) for one in grids]
    glances = dict(zip((one.tab.sheet_id for one in grids), read(sheets, wanted, formulas=True), strict=True))
    computed = _with_formulas(sheets, {i: rows for i, rows in glances.items() if any(map(_looks_computed, rows))})
    hidden = next((g for g in grids if g.tab.title == crm.TITLE and glances[g.tab.sheet_id]), None)
    head = crm.parse_head(glances[hidden.tab.sheet_id][0]) if hidden else None
    return Surroundings(about, glances | computed, frozenset(computed), head)


def _looks_computed(row: Sequence[Cell]) -> bool:
    return any(isinstance(cell, str) and cell.startswith("=") for cell in row)


def _with_formulas(sheets: Sheets, suspects: Mapping[int, Rows]) -> dict[int, Rows]:
    """What the tabs with formulas show. A formula shows another value than its text; a word that someone began with =
    shows itself."""
    if not suspects:
        return {}
    values = read(sheets, [GridRange(sheet_id, 0, GLANCE_ROWS) for sheet_id in suspects])
    pairs = zip(suspects.items(), values, strict=True)
    return {i: shown for (i, rows), shown in pairs if any(map(_computed, rows, (*shown, *((),) * len(rows))))}


def _computed(row: Sequence[Cell], shown: Sequence[Cell]) -> bool:
    values = (*shown, *(None,) * len(row))
    return any(isinstance(c, str) and c.startswith("=") and c != v for c, v in zip(row, values, strict=False))


def roles(seen: Surroundings) -> dict[str, int]:
    """Which tab plays which role of ours: as `_crm` says, else by title and first header."""
    standing = {one.tab.sheet_id for one in seen.about.tabs if one.grid}
    said = seen.head.roles if seen.head else {}
    found = {role: i for role, i in said.items() if i in standing and role in layout.TITLES}
    for one in seen.about.tabs:
        role = next((r for r, title in layout.TITLES.items() if title == one.tab.title and r not in found), None)
        if role and one.grid and one.tab.sheet_id not in found.values() and _fits(role, seen, one.tab.sheet_id):
            found[role] = one.tab.sheet_id
    return found


def _fits(role: str, seen: Surroundings, sheet_id: int) -> bool:
    rows = seen.glances.get(sheet_id, ())
    header = {str(cell).strip().lower() for cell in (rows[0] if rows else ()) if cell is not None}
    return role not in _FIRST_HEADERS or _FIRST_HEADERS[role] in header


def remember(conn: Connection, seen: Surroundings, ours: Mapping[str, int], config: Config) -> None:
    """Keep what was seen, so that the next cycles need no look around."""
    known = {tab.sheet_id: tab for tab in tabs.all_tabs(conn)}
    people = {one.tab.sheet_id: one for one in seen.about.tabs if one.grid and one.tab.sheet_id not in ours.values()}
    titles = {one.tab.sheet_id: one.tab.title for one in seen.about.tabs}
    grids = {one.tab.sheet_id: one.rows for one in seen.about.tabs}
    for gone in set(known) - set(people) - set(ours.values()):
        tabs.remove_tab(conn, gone)
    for role, sheet_id in ours.items():
        rows = _rows(known.get(sheet_id), grids.get(sheet_id, 0))
        tabs.put_tab(conn, TabState(sheet_id, titles.get(sheet_id, layout.TITLES[role]), _role(role), rows=rows))
    for sheet_id, one in people.items():
        formulas = sheet_id in seen.formulas
        glance = seen.glances.get(sheet_id, ())
        before = known.get(sheet_id)
        judged = judge(one, glance, config, seen.about.locale, formulas=formulas)
        tabs.put_tab(conn, replace(_kept(judged, before), rows=_rows(before, one.rows)))
    state.put(conn, LOCALE, seen.about.locale)
    state.put(conn, TITLE, seen.about.title)
    made = sum(sheet_id not in titles for sheet_id in ours.values())
    state.put(conn, TAB_COUNT, str(len(seen.about.tabs) + made))


def _rows(before: TabState | None, grid: int) -> int:
    """The last row as we know it; before the first read the size of the grid, which counts blank rows too."""
    return min(before.rows, grid) if before and before.rows else grid


def _kept(judged: TabState, before: TabState | None) -> TabState:
    """A source that still has its header keeps what its rows said of its columns, and need not be read again."""
    if before is None or (before.role, before.header) != (judged.role, judged.header):
        return judged
    return replace(judged, shape_json=before.shape_json or judged.shape_json, digest=before.digest)


def _role(name: str) -> Role:
    assert name in layout.TITLES
    return name  # type: ignore[return-value]  # the titles' keys are roles


def judge(one: TabProperties, glance: Rows, config: Config, locale: str, *, formulas: bool) -> TabState:
    """What a tab of people's is. `store.tabs` keeps a person's answer over this."""
    top = find_top(glance, config)
    body = glance[top.row + 1 :]
    shape = replace(recognise(top.header, body, config, locale, formulas=formulas), header_row=top.row)
    role: Role = "source" if shape.verdict == "source" else "ask" if shape.verdict == "ask" else "skip"
    why = shape.why
    if role == "source" and names_others(one.tab.title):
        role, why = "ask", "its title says that it lists the library's own people"
    skipped = {fold(title) for title in config.skipped_tabs}
    if fold(one.tab.title) in skipped or one.tab.title.startswith(UNFINISHED):
        role = "skip"
    return TabState(one.tab.sheet_id, one.tab.title, role, top.header, shape_to_json(shape), why=why)
