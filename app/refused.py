"""What was saved here and the sheet did not take: told on its lead's page and on the page of conflicts, with what was
wanted and why it is not there, until somebody sets it again or wants to hear no more of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, request, url_for
from sqlalchemy import Connection
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response as Answer

from app.acting import GONE, Doer, Done, answered, put
from app.database import config, now, writing
from app.forms import back, doer, to
from app.shown import Showing, clipped
from app.signin import may_write, me, signed_in
from app.toast import Toast, say
from core.commands import SetFields, decide
from core.config import Config
from core.field_checks import Refusal
from core.fields import BY_NAME, Kind
from core.merge import three_way
from core.model import Change, ChangeKind, ChangeState, Lead, Value
from store import bulk, covered, mirror, outbox, refused
from store.outbox import ChangeStatus

blueprint = Blueprint("refused", __name__)

_LONGEST = 200
_UNKNOWN = Refusal("unknown_change", "This is settled already, or goes by itself.")
_DONE: Mapping[ChangeKind, str] = {
    ChangeKind.UPDATE: "Not in the sheet",
    ChangeKind.CREATE: "Not added to the sheet",
    ChangeKind.DELETE: "Not deleted",
    ChangeKind.RESTORE: "Not restored",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A field and what it was to be."""

    label: str
    words: str


@dataclass(frozen=True, slots=True)
class Card:
    """A change that the sheet did not take, in words. `stands`: its lead has a page; `again`: it can be set again;
    `waits`: it goes by itself, so it can only be undone; `together`: how many of one bulk change stand so."""

    change_id: str
    lead_id: str
    name: str
    title: str
    who: str
    at: datetime
    wanted: tuple[Wanted, ...]
    why: str
    stands: bool
    again: bool
    waits: bool
    together: int = 0


def cards(conn: Connection, found: Iterable[ChangeStatus], shown: Showing) -> list[Card]:
    """As the store gives them."""
    these, waiting = list(found), covered.waiting(conn)
    sizes = {group: refused.count(conn, group) for group in {one.change.group for one in these} if group}
    return [_card(conn, one, shown, one.change.change_id in waiting, sizes.get(one.change.group, 0)) for one in these]


@blueprint.post("/refused/<change_id>/again")
@signed_in
@may_write
def again(change_id: str) -> Answer:
    here = back(url_for("conflicts.listing"))
    done = set_again(change_id, doer().name)
    if isinstance(done, Refusal):
        say(Toast(done.message, problem=True))
    elif done is None:
        say(Toast("Nothing to change: the lead says this already."))
    else:
        undo_at = url_for("lead_actions.undo", lead_id=done.status.change.lead_id)
        say(Toast("Set again", undo_at, done.change_id, here))
    return to(here)


@blueprint.post("/refused/<change_id>/dismiss")
@signed_in
@may_write
def dismiss(change_id: str) -> Answer:
    """Nothing more is told of this change; with `all` neither of what stands so of the same bulk change."""
    here = back(url_for("conflicts.listing"))
    with writing() as conn:
        bulk.hold(conn)
        found = _open(conn, change_id)
        if found is None:
            raise BadRequest
        group = found.change.group if request.form.get("all") == "1" else ""
        these = set(refused.of_group(conn, group)) - {*covered.waiting(conn)} if group else {change_id}
        refused.dismiss(conn, these, doer().name)
    undo = "" if group else url_for("refused.take_back", change_id=change_id)
    say(Toast("Taken off the list", undo, back=here))
    return to(here)


@blueprint.post("/refused/<change_id>/take-back")
@signed_in
@may_write
def take_back(change_id: str) -> Answer:
    with writing() as conn:
        refused.take_back(conn, [change_id])
    say(Toast("It is on the list again"))
    return to(back(url_for("conflicts.listing")))


def set_again(change_id: str, by: str) -> Done | Refusal | None:
    """The same change of the lead as it is now, in the place of the one that was not taken; None where the lead says it
    already. Pressed twice it is one."""
    in_force = config()
    with writing() as conn:
        bulk.hold(conn)
        found = _open(conn, change_id)
        if found is None or found.change.kind is not ChangeKind.UPDATE:
            return _UNKNOWN
        named = Doer(by, f"again:{change_id}")
        known = answered(conn, named.request, found.change.lead_id)
        done = known or _set(conn, found.change, named, in_force)
        if isinstance(done, Done) or done is None:
            refused.dismiss(conn, [change_id], by)
        return done


def _open(conn: Connection, change_id: str) -> ChangeStatus | None:
    """The change, where the sheet did not take it and it does not go by itself."""
    found = outbox.change(conn, change_id)
    if found is None or found.state is not ChangeState.BLOCKED or change_id in covered.waiting(conn):
        return None
    return found


def _set(conn: Connection, change: Change, by: Doer, in_force: Config) -> Done | Refusal | None:
    lead = mirror.lead(conn, change.lead_id)
    if lead is None:
        return GONE
    fields = {name: _merged(name, lead, *change.fields[name]) for name in _settable(change)}
    done = put(conn, decide(SetFields(fields), lead, in_force, now(), by.name, by.request))
    return None if isinstance(done, Refusal) and done.code == "unchanged" else done


def _merged(name: str, lead: Lead, base: Value, new: Value) -> Value:
    """What the field shall be: of notes and lists of phones what was added since stays, and so does a later call."""
    stands: Value = getattr(lead, name)
    merged = three_way(base, stands, new, BY_NAME[name].kind)
    if merged.conflict and isinstance(stands, datetime) and isinstance(new, datetime):
        return max(stands, new)
    return new if merged.conflict else merged.value


def _settable(change: Change) -> list[str]:
    return [name for name in change.fields if BY_NAME[name].editable]


def _card(conn: Connection, found: ChangeStatus, shown: Showing, waits: bool, together: int) -> Card:
    change = found.change
    lead = mirror.lead(conn, change.lead_id)
    update = change.kind is ChangeKind.UPDATE
    told = _settable(change) if change.kind in (ChangeKind.UPDATE, ChangeKind.CREATE) else []
    return Card(
        change_id=change.change_id,
        lead_id=change.lead_id,
        name=_name(change, lead),
        title=_DONE[change.kind],
        who=_who(change.actor),
        at=change.at,
        wanted=tuple(wanted(name, change.fields[name], shown) for name in told),
        why=clipped(found.why, _LONGEST),
        stands=lead is not None,
        again=update and lead is not None and bool(told) and not waits,
        waits=waits,
        together=together if together > 1 else 0,
    )


def wanted(name: str, pair: tuple[Value, Value], shown: Showing) -> Wanted:
    """What a field was to be, in words: of the notes what was added."""
    base, new = pair
    if BY_NAME[name].kind is Kind.LONG_TEXT:
        new = str(new or "").removeprefix(str(base or "")).strip()
    return Wanted(BY_NAME[name].label, clipped(shown.word(name, new), _LONGEST))


def _name(change: Change, lead: Lead | None) -> str:
    said = lead.full_name if lead else next((str(v) for v in change.fields.get("full_name", ()) if v), "")
    return clipped(said, 120) or ("No name" if lead else "A lead that was deleted")


def _who(actor: str) -> str:
    if actor == "sync":
        return "Taken in from the sheet"
    return "You" if actor == me().name else clipped(actor, 60)
