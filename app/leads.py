"""The list of leads: searched, filtered, sorted, paged; and the page of one lead (`app.lead_view`)."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, make_response, render_template, request

from app import asking, filters
from app.asking import Asked
from app.database import config, reading, today
from app.errors import bad_parameter
from app.lead_view import lead_view
from app.shell import shell
from app.shown import LeadRow, showing
from app.signin import may_write, signed_in
from store import mirror, search
from store.paging import BadCursor
from store.search import LeadPage

blueprint = Blueprint("leads", __name__)

A_PAGE = 50
MOST_ROWS = 500  # that a page which follows the sheet asks for again at once (static/app.js)


@dataclass(frozen=True, slots=True)
class Head:
    """A column's head; `address` sorts by it, `order` says if it is sorted by now (for aria-sort)."""

    label: str
    css: str = ""
    address: str = ""
    order: str = ""


_HEADS = (
    ("Parent and child", "", "full_name"),
    ("Phone", "", ""),
    ("Status", "", "status"),
    ("Priority", "", ""),
    ("Score", "num", "lead_score"),
    ("Next follow-up", "", "next_follow_up"),
    ("With", "", "assigned_to"),
    ("Source", "wide", "lead_source"),
    ("City", "wide roomy", "city"),
)
_DOWNWARDS = ("lead_score", "lead_date", "created_at", "updated_at", "last_contacted")  # what one wants largest first


@blueprint.get("/leads")
@signed_in
def listing() -> Response:
    """The page; for htmx its part: what was found (#found), or more rows (#rows)."""
    asked = asking.parse(reading(), request.args)
    page = _page(asked)
    target = request.headers.get("HX-Target", "") if "HX-Request" in request.headers else ""
    template = {"found": "parts/leads_answer.html", "rows": "parts/leads_further.html"}.get(target, "pages/leads.html")
    shown = showing(config(), today())
    rows = [
        shown.row(lead, saving=mark.saving, conflict=mark.conflicts > 0)
        for lead in page.leads
        for mark in (page.marks.get(lead.lead_id, search.Mark(False, 0, "")),)
    ]
    response = make_response(render_template(template, **_parts(asked, page, rows, whole=not target)))
    response.vary.update(("HX-Request", "HX-Target"))
    if target == "found":
        response.headers["HX-Replace-Url"] = asked.address()
    return response


def _page(asked: Asked) -> LeadPage:
    limit = asking.page_limit(request.args, A_PAGE, MOST_ROWS)
    if request.args.get("rows", "").isdecimal():  # a page that follows the sheet keeps as many rows as it had
        limit = max(A_PAGE, min(int(request.args["rows"][:6]), MOST_ROWS))
    try:
        return search.page(reading(), asked.query(today()), limit, request.args.get("cursor") or None)
    except BadCursor as error:
        raise bad_parameter("cursor", "This place in the list is no longer known. Start from the top.") from error


def _parts(asked: Asked, page: LeadPage, rows: list[LeadRow], *, whole: bool) -> dict[str, object]:
    everyone = mirror.count(reading())
    words = filters.pick_words(asked)
    return {
        "asked": asked,
        "rows": rows,
        "shell": shell(),
        "counted": f"{page.total:,} of {everyone:,}" if asked.narrowed else f"{everyone:,} in all",
        "heads": [_head(asked, *head) for head in _HEADS],
        "sorted_by": next((label for value, label in filters.SORTS if value == asked.sort), "another column"),
        "picks": filters.picks(reading(), config(), asked) if whole else words,
        "sorts": filters.sorts(asked),
        "chosen": filters.chips(asked),
        "next_address": asked.address(cursor=page.next_cursor) if page.next_cursor else "",
        "shown_words": _shown_words(page),
    }


def _shown_words(page: LeadPage) -> str:
    if request.args.get("cursor"):
        return f"{page.total:,} in all."
    return f"Showing {len(page.leads):,} of {page.total:,}." if page.next_cursor else ""


def _head(asked: Asked, label: str, css: str, field: str) -> Head:
    if not field:
        return Head(label, css)
    now_by, downwards = asked.sort.removeprefix("-"), asked.sort.startswith("-")
    first = f"-{field}" if field in _DOWNWARDS else field
    if now_by != field:
        return Head(label, css, asked.sorted_by(first).address())
    turned = field if downwards else f"-{field}"
    return Head(label, css, asked.sorted_by(turned).address(), "descending" if downwards else "ascending")


@blueprint.get("/leads/<lead_id>")
@signed_in
def lead_page(lead_id: str) -> Response:
    return lead_view(lead_id)


@blueprint.get("/leads/<lead_id>/edit")
@signed_in
@may_write
def edit_page(lead_id: str) -> Response:
    """The lead's page with the form over all its fields open; htmx takes the form alone."""
    return lead_view(lead_id, editing=True)
