"""The short update of a lead: status, follow-up, priority, person and a note, in the table or on a page of its own; and
the page that finds the lead to be updated, by its id, name or phone."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from app import typed
from app.acting import Done, act
from app.database import config, reading, today
from app.errors import unknown_lead
from app.forms import back, doer, my_name, status_of, to
from app.lead_actions import seen_by_form
from app.lead_form import STANDING, standing_fields
from app.leads import my_columns, rows_of
from app.shell import shell
from app.shown import showing
from app.signin import may_write, signed_in
from app.toast import Toast, say
from app.words import day
from core.commands import Command, SetFields
from core.field_checks import Refusal
from core.model import Lead
from store import mirror, search
from store.search import LeadPage, LeadQuery

blueprint = Blueprint("quick", __name__)

_SHOWN = 20  # leads found by a name


@blueprint.get("/update")
@signed_in
@may_write
def find() -> Answer:
    """Finds whom to update. A lead id leads straight to the form."""
    asked = " ".join(request.args.get("q", "").split())[:200]
    for lead_id in (asked, asked.upper()):  # as it stands there first: ids that people typed may have small letters
        if asked and mirror.lead(reading(), lead_id) is not None:
            return redirect(url_for("quick.form", lead_id=lead_id))
    page = search.page(reading(), LeadQuery(q=asked), _SHOWN, exact=False) if asked else None
    shown = showing(config(), today())
    found = [shown.row(lead) for lead in page.leads] if page else []
    return make_response(render_template("pages/update.html", shell=shell(), q=asked, found=found, page=page))


@blueprint.get("/leads/<path:lead_id>/quick")
@signed_in
@may_write
def form(lead_id: str) -> Response:
    lead = mirror.lead(reading(), lead_id)
    if lead is None:
        raise unknown_lead(lead_id)
    return _shown(lead, {}, None)


@blueprint.post("/leads/<path:lead_id>/quick")
@signed_in
@may_write
def save(lead_id: str) -> Answer:
    """Saves the fields that differ from what the form was shown with, and the note, as one change."""
    given = {name: request.form[name] for name in STANDING if name in request.form}
    given = {name: text for name, text in given.items() if text != request.form.get(f"was.{name}", "")}
    note = request.form.get("note", "").replace("\r\n", "\n")

    def ask(lead: Lead) -> Command | Refusal:
        wanted = typed.values(given, lead, config())
        return wanted if isinstance(wanted, Refusal) else SetFields(wanted, seen_by_form(wanted, lead), note)

    done = act(lead_id, ask, doer())
    if isinstance(done, Refusal) and done.code == "no_such_lead":
        raise unknown_lead(lead_id)
    if isinstance(done, Refusal) and done.code != "unchanged":
        lead = mirror.lead(reading(), lead_id)
        if lead is None:
            raise unknown_lead(lead_id)
        return _shown(lead, request.form, done, status_of(done))
    return _saved(lead_id, done)


def _saved(lead_id: str, done: Done | Refusal) -> Answer:
    here = back(url_for("quick.find"))
    toast = Toast("Nothing to change: the lead says this already.")
    if isinstance(done, Done):
        _, due = done.status.change.fields.get("next_follow_up", (None, None))
        words = f"Saved · next follow-up {day(due)}" if hasattr(due, "year") else "Saved"  # type: ignore[arg-type]
        toast = Toast(words, url_for("lead_actions.undo", lead_id=lead_id), done.change_id, here)
    if not _in_table():
        say(toast)
        return to(here)
    lead = mirror.lead(reading(), lead_id)
    if lead is None:  # saved before, and gone since
        raise unknown_lead(lead_id)
    columns = my_columns()
    page = LeadPage((lead,), search.marks(reading(), [lead_id]), None, 1)
    parts = {"rows": rows_of(page, columns), "columns": {column.name for column in columns}}
    labels = {column.name: column for column in columns}
    return make_response(
        render_template("parts/quick_saved.html", **parts, labels=labels, may_write=True, toast=toast, shell=shell())
    )


def _shown(lead: Lead, given: Mapping[str, str], problem: Refusal | None, status: int = 200) -> Response:
    """The form: as a row of the table for htmx, else as a page."""
    response = make_response(
        render_template(
            "parts/quick_row.html" if _in_table() else "pages/quick.html",
            shell=None if _in_table() else shell(),
            row=showing(config(), today()).row(lead),
            fields=standing_fields(lead, config(), today(), given, problem),
            note=given.get("note", ""),
            problem=problem,
            mine=my_name(),
            columns=len(my_columns()) + 3,
        ),
        status,
    )
    response.vary.add("HX-Request")
    return response


def _in_table() -> bool:
    return "HX-Request" in request.headers and "HX-Boosted" not in request.headers
