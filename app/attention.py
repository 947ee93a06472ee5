"""Rows and cells of the sheet that a person should look at, and tabs that nobody has decided about yet.

A row leaves this list when it is put right in the sheet; here it is added by hand, left out, or found to be right.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response as Answer

from app.asking import page_address, page_limit
from app.database import reading, settings, writing
from app.errors import bad_parameter
from app.forms import back, doer, to
from app.shell import shell
from app.shown import clipped
from app.signin import may_write, signed_in
from app.toast import Toast, say
from app.waiting_rows import SaidCell, said
from core.fields import BY_NAME
from core.model import Cell, Issue
from core.near import pair_key
from store import issues, kept, ledger, left_out, mirror, tabs
from store.issues import StandingIssue
from store.paging import BadCursor
from store.rows import id_problem
from store.tabs import TabState

blueprint = Blueprint("attention", __name__)

_TAB = f"<int(max={2**31 - 1}):sheet_id>"  # the largest number that a tab can have
A_PAGE = 50
MOST_ROWS = 500
_CELLS = 12  # of a row shown
_LONGEST_CELL = 120


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, in words; `field` is the field's label, "" for the whole row; `pair` two leads that may be the same person,
    each with its name."""

    words: str
    field: str
    pair: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """A row of the sheet that waits. `address` is that row in the sheet, `said` what it says. `fingerprint` "": no
    source row, which can only be put right in the sheet."""

    tab: str
    row: int
    reasons: tuple[Reason, ...]
    blocking: bool
    address: str
    sheet_id: int
    fingerprint: str
    said: tuple[SaidCell, ...]

    @property
    def doubtful(self) -> bool:
        """Whether some doubt is not settled by telling two leads apart."""
        return any(not reason.pair for reason in self.reasons)

    @property
    def name(self) -> str:
        """What the form for a new lead calls the row."""
        return f"{self.sheet_id}:{self.fingerprint}"


@blueprint.get("/attention")
@signed_in
def listing() -> Response:
    """Rows that are no leads yet; with `check=1` those that became leads with a doubt."""
    blocking = request.args.get("check", "") != "1"
    try:
        page = issues.page(
            reading(), page_limit(request.args, A_PAGE, MOST_ROWS), request.args.get("cursor"), blocking=blocking
        )
    except BadCursor as error:
        raise bad_parameter("cursor", "This place in the list is no longer known. Start from the top.") from error
    check = {} if blocking else {"check": "1"}
    following = page_address("attention.listing", check | {"cursor": page.next_cursor}) if page.next_cursor else ""
    part = request.headers.get("HX-Target") == "found"
    response = make_response(
        render_template(
            "parts/attention_found.html" if part else "pages/attention.html",
            shell=shell(),
            blocking=blocking,
            items=_items(page.items),
            counts={one: issues.count_rows(reading(), blocking=one) for one in (True, False)},
            undecided=[tab for tab in tabs.all_tabs(reading()) if tab.role == "ask"],
            here=page_address("attention.listing", check),
            next_address=following,
        )
    )
    response.vary.add("HX-Target")
    return response


@blueprint.post(f"/attention/rows/{_TAB}/<fingerprint>/leave-out")
@signed_in
@may_write
def leave_row_out(sheet_id: int, fingerprint: str) -> Answer:
    """No lead is to come of this row, or nothing is wrong with it; pressed twice it is one."""
    here = back(url_for("attention.listing"))
    with writing() as conn:
        left = left_out.leave_out(conn, sheet_id, fingerprint)
    if left:
        undo = url_for("attention.take_row_back", sheet_id=sheet_id, fingerprint=fingerprint)
        say(Toast("Taken off the list", undo, back=here))
    return to(here)


@blueprint.post(f"/attention/rows/{_TAB}/<fingerprint>/take-back")
@signed_in
@may_write
def take_row_back(sheet_id: int, fingerprint: str) -> Answer:
    with writing() as conn:
        stands = left_out.take_back(conn, sheet_id, fingerprint)
    say(Toast("It is on the list again" if stands else "This row is another by now: it was looked at anew."))
    return to(back(url_for("attention.listing")))


@blueprint.post("/attention/apart")
@signed_in
@may_write
def tell_apart() -> Answer:
    """Two leads are two people: kept for good, and not asked again."""
    pair = tuple(request.form.getlist("lead"))
    if len(set(pair)) != 2 or any(id_problem(lead_id) for lead_id in pair):
        raise BadRequest
    with writing() as conn:
        if not issues.settle_pair(conn, pair):
            raise NotFound
        kept.put(conn, "apart", {pair_key(pair): json.dumps(doer().name)})
    say(Toast("Kept as two. This will not be asked again."))
    return to(back(url_for("attention.listing", check=1)))


@blueprint.post(f"/attention/tabs/{_TAB}")
@signed_in
@may_write
def decide_tab(sheet_id: int) -> Answer:
    """A person's answer about a tab that is neither plainly a source nor plainly not."""
    answer = request.form.get("role")
    with writing() as conn:
        if answer == "source":
            known = tabs.decide_role(conn, sheet_id, "source")
        elif answer == "skip":
            known = tabs.decide_role(conn, sheet_id, "skip")
        else:
            raise BadRequest
    if not known:
        raise NotFound
    page = "source_tabs.page" if request.form.get("back") == "tabs" else "attention.listing"
    return redirect(url_for(page))


def row_address(sheet_id: int, row: int) -> str:
    """The row in the sheet, as Google addresses it; "" without a sheet."""
    at = f"&range=A{row}" if row else ""
    return f"{settings().sheet_url}?gid={sheet_id}#gid={sheet_id}{at}" if settings().sheet_url else ""


def _items(found: Sequence[StandingIssue]) -> list[Item]:
    """The issues of a page by the rows that they are about."""
    by_row = [list(group) for _, group in groupby(found, key=lambda one: (one.sheet_id, one.fingerprint))]
    known = {tab.sheet_id: tab for tab in tabs.all_tabs(reading())}
    ids = dict.fromkeys(lead_id for one in found for lead_id in one.issue.pair)
    names = {lead.lead_id: clipped(lead.full_name, 100) or "No name" for lead in mirror.leads(reading(), list(ids))}
    cells = _cells(found)
    return [_item(rows, known.get(rows[0].sheet_id), cells, names) for rows in by_row]


def _item(
    rows: Sequence[StandingIssue],
    tab: TabState | None,
    cells: Mapping[tuple[int, str], Sequence[Cell]],
    names: Mapping[str, str],
) -> Item:
    first = rows[0]
    key = (first.sheet_id, first.fingerprint)
    source = tab is not None and tab.role == "source"
    return Item(
        first.issue.tab,
        first.issue.row,
        tuple(_reason(one.issue, names) for one in rows),
        first.issue.blocking,
        row_address(first.sheet_id, first.issue.row),
        first.sheet_id,
        first.fingerprint if source else "",
        tuple(said(cells.get(key, ()), tab, _LONGEST_CELL))[:_CELLS] if tab else (),
    )


def _reason(issue: Issue, names: Mapping[str, str]) -> Reason:
    field = BY_NAME.get(issue.field)
    pair = tuple((lead_id, names[lead_id]) for lead_id in issue.pair if lead_id in names)
    return Reason(issue.reason, field.label if field else issue.field, pair if len(pair) == len(issue.pair) else ())


def _cells(found: Sequence[StandingIssue]) -> dict[tuple[int, str], Sequence[Cell]]:
    """What these rows say."""
    wanted: dict[int, list[str]] = {}
    for one in found:
        wanted.setdefault(one.sheet_id, []).append(one.fingerprint)
    placed = (
        (sheet_id, one) for sheet_id, names in wanted.items() for one in ledger.of_rows(reading(), sheet_id, names)
    )
    return {(sheet_id, one.entry.fingerprint): one.cells or () for sheet_id, one in placed}
