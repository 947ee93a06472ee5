"""People's tabs and how their columns are understood: each tab's role with its reason, each column with its rule.

A person's answer about a tab is given on Needs attention, or here, where it can be changed later.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import Blueprint, render_template
from flask_login import current_user

from app.database import reading
from app.shell import shell
from app.signin import SignedIn, signed_in
from core.columns import ColumnUse, role_label, shape_from_json
from core.fields import BY_NAME
from store import tabs
from store.tabs import TabState

blueprint = Blueprint("source_tabs", __name__)

_ROLES = {"source": "Its rows become leads", "ask": "Waits for your answer", "skip": "Left alone"}
_MOST_COLUMNS = 100


@dataclass(frozen=True, slots=True)
class Column:
    """A column in words: its header, what it is taken for, and why."""

    header: str
    taken_for: str
    why: str


@dataclass(frozen=True, slots=True)
class ShownTab:
    """A tab in words. `header_row` is its number in the sheet."""

    sheet_id: int
    title: str
    role: str
    state: str
    why: str
    rows: int
    header_row: int
    columns: tuple[Column, ...]


@blueprint.get("/tabs")
@signed_in
def page() -> str:
    may_change = cast(SignedIn, current_user).user.role != "viewer"
    shown = [_shown(tab) for tab in tabs.all_tabs(reading()) if tab.role in _ROLES]
    shown.sort(key=lambda tab: (list(_ROLES).index(tab.role), tab.title.casefold()))
    return render_template("pages/source_tabs.html", shell=shell(), tabs=shown, may_write=may_change)


def _shown(tab: TabState) -> ShownTab:
    shape = shape_from_json(tab.shape_json) if tab.shape_json else None
    columns = tuple(_column(use) for use in shape.columns[:_MOST_COLUMNS]) if shape else ()
    row = shape.header_row + 1 if shape else 1
    return ShownTab(tab.sheet_id, tab.title, tab.role, _ROLES[tab.role], tab.why, max(tab.rows - row, 0), row, columns)


def _column(use: ColumnUse) -> Column:
    if use.dropped:
        return Column(use.header, "Not read", use.rule)
    if not use.field:
        return Column(use.header, "Kept as it is", use.rule)
    label = BY_NAME[use.field].label if use.field in BY_NAME else role_label(use.field).capitalize()
    return Column(use.header, label, use.rule)
