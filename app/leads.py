"""The list of leads: searched, filtered, sorted, paged, its columns chosen; and the page of one lead (`app.lead_view`).

What was found stands still with the book, so it is rendered once a revision (`app.kept`); around it stands what belongs
to the request.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, make_response, render_template, request
from werkzeug.wrappers import Response as Answer

from app import asking, filters, list_columns, saved_views
from app.asking import Asked
from app.call_card import days, status_words
from app.database import config, reading, today, writing
from app.errors import Fault, Refused, bad_parameter
from app.forms import back, my_name, to
from app.kept import kept, kept_page
from app.lead_view import lead_view
from app.list_columns import COLUMNS_CHOSEN, ListColumn
from app.shell import shell
from app.shown import LeadRow, showing
from app.signin import may_write, me, signed_in
from core.assignment import carriers
from store import mirror, search, views
from store.paging import BadCursor
from store.search import LeadPage

blueprint = Blueprint("leads", __name__)

A_PAGE = 50
MOST_ROWS = 500  # that a page which follows the sheet asks for again at once (static/app.js)
_DOWNWARDS = ("lead_score", "lead_date", "created_at", "updated_at", "last_contacted")  # what one wants largest first


@dataclass(frozen=True, slots=True)
class Head:
    """A column's head; `address` sorts by it, `order` says if it is sorted by now (for aria-sort)."""

    label: str
    css: str = ""
    address: str = ""
    order: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """The list as it was found: its rows as HTML, and the words that change with it."""

    html: str
    counted: str
    total: int
    more: bool


@blueprint.get("/leads")
@signed_in
@kept_page
def listing() -> Response:
    """The page; for htmx its part: what was found (#found), or more rows (#rows)."""
    target = request.headers.get("HX-Target", "") if "HX-Request" in request.headers else ""
    target = target if target in ("found", "rows") else ""  # a form of another page that ends here takes it whole
    try:
        asked = asking.parse(reading(), request.args)
    except Refused as refused:
        if target != "found":
            raise
        return _not_found(refused.fault)
    template = {"found": "parts/leads_answer.html", "rows": "parts/leads_further.html"}.get(target, "pages/leads.html")
    columns = my_columns()
    if target == "rows":
        response = make_response(render_template(template, **_table(asked, _page(asked), columns)))
    else:
        response = make_response(render_template(template, **_parts(asked, columns, whole=not target)))
    response.vary.update(("HX-Request", "HX-Target"))
    if target == "found":
        response.headers["HX-Replace-Url"] = asked.address()
    return response


@blueprint.post("/leads/columns")
@signed_in
def choose_columns() -> Answer:
    """Keeps the columns that this person wants to see; none or "usual" brings the usual ones back."""
    chosen = list_columns.named(request.form.getlist("column"))
    kept_as = "" if request.form.get("usual") else ",".join(column.name for column in chosen)
    with writing() as conn:
        views.choose(conn, me().user_id, COLUMNS_CHOSEN, kept_as)
    return to(back("/leads"))


def my_columns() -> tuple[ListColumn, ...]:
    """The columns that the person of this session has chosen."""
    user = me().user_id
    return kept(("columns", user), lambda: list_columns.columns_of(views.chosen(reading(), user, COLUMNS_CHOSEN)))


def rows_of(page: LeadPage, columns: Sequence[ListColumn]) -> list[LeadRow]:
    """The leads of a page as rows of the list."""
    shown, none = showing(config(), today()), search.Mark(False, 0, "")
    more = tuple(column.name for column in columns if column.plain)
    marked = [(lead, page.marks.get(lead.lead_id, none)) for lead in page.leads]
    return [shown.row(lead, saving=m.saving, conflict=m.conflicts > 0, more=more) for lead, m in marked]


def _page(asked: Asked) -> LeadPage:
    limit = asking.page_limit(request.args, A_PAGE, MOST_ROWS)
    if request.args.get("rows", "").isdecimal():  # a page that follows the sheet keeps as many rows as it had
        limit = max(A_PAGE, min(int(request.args["rows"][:6]), MOST_ROWS))
    query = asked.query(today(), config().timezone, my_name())
    try:
        return search.page(reading(), query, limit, request.args.get("cursor") or None, exact=False)
    except BadCursor as error:
        raise bad_parameter("cursor", "This place in the list is no longer known. Start from the top.") from error


def _parts(asked: Asked, columns: tuple[ListColumn, ...], *, whole: bool) -> dict[str, object]:
    around = shell()
    found = _found(asked, columns, never_read=around.never_read)
    parts: dict[str, object] = {
        "asked": asked,
        "shell": around,
        "found": found,
        "picks": filters.pick_words(asked),
        "chosen": filters.chips(asked),
        "strip": saved_views.strip(asked),
    }
    if whole:
        names = {column.name for column in columns}
        parts |= {
            "filters": kept(("filters", asked.address()), lambda: _filters(asked)),
            "choices": [(column, column.name in names) for column in list_columns.COLUMNS],
            "bulk": kept(("bulk", today()), _bulk),
        }
    return parts


def _found(asked: Asked, columns: tuple[ListColumn, ...], *, never_read: bool) -> Found:
    key = (
        *("found", asked.address(), request.args.get("cursor"), request.args.get("rows"), request.args.get("limit")),
        *(columns, my_name(), me().role, today(), never_read),
    )

    def made() -> Found:
        page = _page(asked)
        table = _table(asked, page, columns)
        html = render_template("parts/leads_found.html", **table, never_read=never_read, chosen=filters.chips(asked))
        return Found(html, str(table["counted"]), page.total, page.more)

    return kept(key, made)


def _table(asked: Asked, page: LeadPage, columns: tuple[ListColumn, ...]) -> dict[str, object]:
    everyone = kept("everyone", lambda: mirror.count(reading()))
    many = f"{'over ' if page.more else ''}{page.total:,}"
    return {
        "asked": asked,
        "rows": rows_of(page, columns),
        "columns": {column.name for column in columns},
        "labels": {column.name: column for column in columns},
        "may_write": me().role != "viewer",
        "counted": f"{many} of {everyone:,}" if asked.narrowed else f"{everyone:,} in all",
        "heads": [_head(asked, "Parent and child", "", "full_name"), *(_of(asked, column) for column in columns)],
        "sorted_by": next((label for value, label in filters.SORTS if value == asked.sort), "another column"),
        "next_address": asked.address(cursor=page.next_cursor) if page.next_cursor else "",
        "shown_words": _shown_words(page, many),
    }


def _shown_words(page: LeadPage, many: str) -> str:
    if request.args.get("cursor"):
        return f"{many[0].upper()}{many[1:]} in all."
    return f"Showing {len(page.leads):,} of {many}." if page.next_cursor else ""


def _filters(asked: Asked) -> str:
    return render_template(
        "parts/leads_picks.html", picks=filters.picks(reading(), config(), asked), sorts=filters.sorts(asked)
    )


def _bulk() -> dict[str, object]:
    """What can be set on many leads at once."""
    return {
        "statuses": status_words(config(), today()),
        "people": [person.name for person in carriers(config().team)],
        "priorities": list(reversed(config().priorities)),
        "days": days(today()),
    }


def _not_found(fault: Fault) -> Response:
    """What cannot be looked for, said in the place of the list."""
    response = make_response(render_template("parts/leads_wrong.html", fault=fault), 422)
    response.headers["Cache-Control"] = "no-store"
    return response


def _of(asked: Asked, column: ListColumn) -> Head:
    return _head(asked, column.label, column.css, column.sort)


def _head(asked: Asked, label: str, css: str, field: str) -> Head:
    if not field:
        return Head(label, css)
    now_by, downwards = asked.sort.removeprefix("-"), asked.sort.startswith("-")
    first = f"-{field}" if field in _DOWNWARDS else field
    if now_by != field:
        return Head(label, css, asked.sorted_by(first).address())
    turned = field if downwards else f"-{field}"
    return Head(label, css, asked.sorted_by(turned).address(), "descending" if downwards else "ascending")


@blueprint.get("/leads/<path:lead_id>")
@signed_in
def lead_page(lead_id: str) -> Response:
    return lead_view(lead_id)


@blueprint.get("/leads/<path:lead_id>/edit")
@signed_in
@may_write
def edit_page(lead_id: str) -> Response:
    """The lead's page with the form over all its fields open; htmx takes the form alone."""
    return lead_view(lead_id, editing=True)
