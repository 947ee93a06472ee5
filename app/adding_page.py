"""The form for a new lead: name and phone are enough, and a number that is known shows its family at once."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from app import typed
from app.adding import KnownNumber, add, family_of
from app.database import config, reading, today, writing
from app.forms import doer, status_of, to
from app.lead_form import all_fields, standing_fields
from app.shell import shell
from app.shown import LeadRow, showing
from app.signin import may_write, signed_in
from app.toast import Toast, say
from app.waiting_rows import prefill
from app.words import day
from core.field_checks import Refusal
from core.model import Lead
from store import left_out

blueprint = Blueprint("adding", __name__)

_FIELDS = ("full_name", "phone_number", "child_name", "child_age", "email", "city", "lead_source", "notes")
_KNOWN = Refusal("known_number", "This number is in the book already: open the family, or tick the box beside it.")


@blueprint.get("/leads/new")
@signed_in
@may_write
def form() -> Response:
    """Blank, or with what a row of Needs attention says (`row`)."""
    sheet_id, fingerprint = _row(request.args.get("row", ""))
    return _page(prefill(reading(), config(), sheet_id, fingerprint, _FIELDS) if fingerprint else {})


@blueprint.get("/leads/known")
@signed_in
@may_write
def known() -> str:
    """The family of a number, while it is typed: for htmx."""
    return render_template("parts/family.html", family=_family(request.args.get("phone_number", "")))


@blueprint.post("/leads/new")
@signed_in
@may_write
def create() -> Answer:
    given = {name: request.form[name].replace("\r\n", "\n") for name in _FIELDS if request.form.get(name)}
    made = add(given, doer(), force=request.form.get("force") == "1")
    if isinstance(made, KnownNumber):
        return _page(given, _KNOWN, 409)
    if isinstance(made, Refusal):
        return _page(given, made, status_of(made))
    lead_id = made.status.change.lead_id
    sheet_id, fingerprint = _row(request.form.get("row", ""))
    if fingerprint and made.fresh:
        with writing() as conn:
            left_out.leave_out(conn, sheet_id, fingerprint, lead_id)
    due = made.lead.next_follow_up if made.lead else None
    words = f"Added · next follow-up {day(due)}" if due else "Added"
    say(Toast(words, url_for("lead_actions.undo", lead_id=lead_id), made.change_id))
    return to(url_for("leads.lead_page", lead_id=lead_id))


def _row(name: str) -> tuple[int, str]:
    """The tab and the fingerprint of a row that the form begins with; "" for none."""
    tab, _, fingerprint = name.partition(":")
    return (int(tab), fingerprint) if tab.isascii() and tab.isdecimal() and len(tab) < 12 else (0, "")


def _page(given: dict[str, str], problem: Refusal | None = None, status: int = 200) -> Response:
    blank = Lead("")
    every = [
        *all_fields(blank, config(), today(), given, problem),
        *standing_fields(blank, config(), today(), given, problem),
    ]
    by_name = {field.name: field for field in every}
    page = render_template(
        "pages/add.html",
        shell=shell(),
        fields=[by_name[name] for name in _FIELDS],
        family=_family(given.get("phone_number", "")),
        problem=problem,
        row=request.values.get("row", ""),
    )
    return make_response(page, status)


def _family(phone: str) -> list[LeadRow]:
    read = typed.value("phone_number", phone, None, config())
    if isinstance(read, Refusal) or not read:
        return []
    shown = showing(config(), today())
    return [shown.row(lead) for lead in family_of(reading(), {"phone_number": read})]
