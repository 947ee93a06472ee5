"""What people do to a lead from its card or its page: an outcome, a note, a snooze, an edit, an undo.

Each is a POST that parses, decides, enqueues, and answers with the page that follows (303) and a toast. What is refused
comes back as the page it came from, with the reason and everything that was typed, and has changed nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from urllib.parse import parse_qsl

from flask import Blueprint, request, url_for
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response as Answer

from app import typed
from app.acting import Done, act
from app.addresses import parted
from app.database import config, writing
from app.errors import unknown_lead
from app.forms import back, doer, status_of, to
from app.lead_form import form_text
from app.lead_view import lead_view
from app.shown import clipped
from app.signin import may_write, signed_in
from app.toast import Toast, say
from app.today import today_page
from app.undoing import take_back
from app.words import day
from core.commands import AddNote, Command, DeleteLead, LogOutcome, SetDoNotContact, SetFields, Snooze
from core.field_checks import Refusal
from core.fields import BY_NAME
from core.model import ChangeKind, Lead, Value
from core.outcomes import Outcome
from store import left_out

blueprint = Blueprint("lead_actions", __name__)


@blueprint.post("/leads/<path:lead_id>/outcome")
@signed_in
@may_write
def outcome(lead_id: str) -> Answer:
    try:
        went = Outcome(request.form.get("outcome", ""))
    except ValueError as error:
        raise BadRequest from error

    def ask(_: Lead) -> Command | Refusal:
        agreed = _day("day")
        if isinstance(agreed, Refusal):
            return agreed
        reason = request.form.get("reason", "") or request.form.get("reason_words", "")
        return LogOutcome(went, request.form.get("note", ""), reason, agreed)

    return _carry_out(lead_id, ask, lambda done: f"Marked {went}{_next(done)}")


@blueprint.post("/leads/<path:lead_id>/snooze")
@signed_in
@may_write
def snooze(lead_id: str) -> Answer:
    def ask(_: Lead) -> Command | Refusal:
        until = _day("day")
        if until is None:
            return Refusal("bad_value", "Choose a day to snooze until.", "day")
        return until if isinstance(until, Refusal) else Snooze(until)

    return _carry_out(lead_id, ask, lambda done: f"Snoozed{_next(done, 'until')}")


@blueprint.post("/leads/<path:lead_id>/note")
@signed_in
@may_write
def note(lead_id: str) -> Answer:
    return _carry_out(lead_id, lambda _: AddNote(request.form.get("text", "")), lambda _: "Note added")


@blueprint.post("/leads/<path:lead_id>/do-not-contact")
@signed_in
@may_write
def do_not_contact(lead_id: str) -> Answer:
    on = request.form.get("on") == "1"
    words = "Marked do not contact" if on else "May be contacted again"
    return _carry_out(lead_id, lambda _: SetDoNotContact(on, request.form.get("reason", "")), lambda _: words)


@blueprint.post("/leads/<path:lead_id>/edit")
@signed_in
@may_write
def edit(lead_id: str) -> Answer:
    """Saves the fields of a form that differ from what the form was shown with (`was.<field>`): what others changed
    meanwhile is not overwritten, and a field that both changed is for the merge to decide."""
    was = {name: request.form.get(f"was.{name}", "").replace("\r\n", "\n") for name in BY_NAME}
    given = {name: text for name, text in _fields() if text != was[name]}

    def ask(lead: Lead) -> Command | Refusal:
        if not given:
            return Refusal("unchanged", "Nothing was changed.")
        wanted = typed.values(given, lead, config())
        if isinstance(wanted, Refusal):
            return wanted
        return SetFields(wanted, seen_by_form(wanted, lead))

    return _carry_out(lead_id, ask, lambda done: f"Saved{_next(done)}")


@blueprint.post("/leads/<path:lead_id>/delete")
@signed_in
@may_write
def delete(lead_id: str) -> Answer:
    """Takes the lead out of Master; its page stays at its address and can bring it back."""

    def ask(_: Lead) -> Command | Refusal:
        if request.form.get("sure") != "1":
            return Refusal("confirm", "Press the button below the warning to delete this lead.")
        return DeleteLead(request.form.get("why", "").strip()[:200])

    return _carry_out(lead_id, ask, _deleted, url_for("leads.listing"))


@blueprint.post("/leads/<path:lead_id>/undo")
@signed_in
@may_write
def undo(lead_id: str) -> Answer:
    done = take_back(request.form.get("change_id", ""), lead_id, doer())
    here = back(url_for("leads.lead_page", lead_id=lead_id))
    if isinstance(done, Refusal):
        say(Toast(done.message, problem=True))
        return to(here)
    say(Toast("Undone"))
    if done.lead is None:
        with writing() as conn:
            left_out.take_back_of(conn, lead_id)
    return to(here if done.lead is not None else url_for("leads.listing"))


def _carry_out(
    lead_id: str, ask: Callable[[Lead], Command | Refusal], told: Callable[[Done], str], onward: str = ""
) -> Answer:
    """`onward`: the page that follows, where it is not the one that the form stood on."""
    done = act(lead_id, ask, doer())
    here = back(url_for("leads.lead_page", lead_id=lead_id))
    if not isinstance(done, Refusal):
        undo_at = url_for("lead_actions.undo", lead_id=lead_id)
        say(Toast(told(done), undo_at, done.change_id, request.form.get("undo_back", "") or here))
        return to(onward or here)
    if done.code == "no_such_lead":
        raise unknown_lead(lead_id)
    if done.code == "unchanged":
        say(Toast("Nothing to change: the lead says this already."))
        return to(here)
    return _refused(lead_id, done)


def _refused(lead_id: str, why: Refusal) -> Answer:
    """The page that the form stands on, with the reason and what was typed."""
    came = parted(request.form.get("undo_back", ""))
    if came.path == "/":
        asked = dict(parse_qsl(came.query))
        return today_page(asked.get("group", ""), asked.get("with", ""), lead_id, why, status_of(why))
    return lead_view(lead_id, problem=why, given=request.form, status=status_of(why))


def _fields() -> list[tuple[str, str]]:
    """The fields that the form has; a line break as browsers send it is one."""
    return [(name, request.form[name].replace("\r\n", "\n")) for name in BY_NAME if name in request.form]


def seen_by_form(wanted: dict[str, Value], lead: Lead) -> dict[str, Value]:
    """What the form was shown with, where the lead says something else by now."""
    seen: dict[str, Value] = {}
    for name in wanted:
        text = request.form.get(f"was.{name}", "").replace("\r\n", "\n")
        if text == form_text(name, lead, config()).replace("\r\n", "\n"):
            continue
        read = typed.value(name, text, None, config())
        if not isinstance(read, Refusal):
            seen[name] = read
    return seen


def _day(name: str) -> date | Refusal | None:
    read = typed.value("next_follow_up", request.form.get(name, ""), None, config())
    return read if isinstance(read, date | Refusal) or read is None else None


def _deleted(done: Done) -> str:
    before, _ = done.status.change.fields.get("full_name", (None, None))
    return f"Deleted {clipped(str(before), 60) if before else 'the lead'}"


def _next(done: Done, word: str = "· next follow-up") -> str:
    """The follow-up that the change set, in words."""
    change = done.status.change
    _, due = change.fields.get("next_follow_up", (None, None))
    return f" {word} {day(due)}" if change.kind is ChangeKind.UPDATE and isinstance(due, date) else ""
