"""Rows and cells of the sheet that a person should look at, and tabs that nobody has decided about yet."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response as Answer

from app.asking import page_address, page_limit
from app.database import reading, writing
from app.errors import bad_parameter
from app.forms import back, doer, to
from app.shell import shell
from app.shown import clipped
from app.signin import may_write, signed_in
from app.toast import Toast, say
from core.fields import BY_NAME
from core.model import Issue
from core.near import pair_key
from store import issues, kept, mirror, tabs
from store.paging import BadCursor
from store.rows import id_problem

blueprint = Blueprint("attention", __name__)

A_PAGE = 50
MOST_ROWS = 500


@dataclass(frozen=True, slots=True)
class Item:
    """An issue in words; `field` is the field's label, "" for the whole row; `pair` two leads that may be the same
    person, each with its name."""

    tab: str
    row: int
    reason: str
    field: str
    blocking: bool
    pair: tuple[tuple[str, str], ...] = ()


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
            items=_items([standing.issue for standing in page.items]),
            counts={True: issues.count(reading(), blocking=True), False: issues.count(reading(), blocking=False)},
            undecided=[tab for tab in tabs.all_tabs(reading()) if tab.role == "ask"],
            next_address=following,
        )
    )
    response.vary.add("HX-Target")
    return response


@blueprint.post("/attention/tabs/<int:sheet_id>")
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
    back = "source_tabs.page" if request.form.get("back") == "tabs" else "attention.listing"
    return redirect(url_for(back))


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


def _items(shown: Sequence[Issue]) -> list[Item]:
    ids = dict.fromkeys(lead_id for issue in shown for lead_id in issue.pair)
    names = {lead.lead_id: lead.full_name or lead.lead_id for lead in mirror.leads(reading(), list(ids))}
    return [_item(issue, names) for issue in shown]


def _item(issue: Issue, names: Mapping[str, str]) -> Item:
    field = BY_NAME.get(issue.field)
    pair = tuple((lead_id, clipped(names[lead_id], 100)) for lead_id in issue.pair if lead_id in names)
    label = field.label if field else issue.field
    return Item(issue.tab, issue.row, issue.reason, label, issue.blocking, pair if len(pair) == len(issue.pair) else ())
