"""The page of conflicts: what one person set, what the sheet says instead, one click each way, and back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask_login import current_user
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response as Answer

from app.asking import page_address
from app.database import config, reading, today
from app.deciding import Decided, Keep, decide_conflict, goes_too
from app.deciding import reopen as take_back
from app.errors import bad_parameter
from app.forms import doer, to
from app.marks import StatusMark
from app.matters import matters as open_matters
from app.matters import settle
from app.refused import Wanted, wanted
from app.refused import cards as refused_cards
from app.shell import shell
from app.shown import Showing, child, clipped, showing
from app.signin import SignedIn, may_write, signed_in
from app.toast import Toast, say
from core.field_checks import Refusal
from core.fields import BY_NAME, Kind
from core.model import Lead, Value
from store import conflicts, lost, mirror, outbox, refused
from store.conflicts import StandingConflict
from store.paging import BadCursor

blueprint = Blueprint("conflicts", __name__)

A_PAGE = 20
_LATELY = 3


@dataclass(frozen=True, slots=True)
class Side:
    """A value as a word, as a chip where it is a status, and with its weekday where it is a day."""

    words: str
    chip: StatusMark | None = None
    weekday: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A conflict in words. `too` is what was held back with it and is saved whichever value is kept."""

    conflict_id: str
    lead_id: str
    name: str
    child: str
    field: str
    who: str
    at: datetime
    was: Side
    ours: Side
    theirs: Side
    gone: bool
    moved_on: bool
    too: tuple[Wanted, ...] = ()


@dataclass(frozen=True, slots=True)
class Lately:
    """A conflict that somebody has decided."""

    conflict_id: str
    lead_id: str
    name: str
    field: str
    kept: str
    ours: bool


@blueprint.get("/conflicts")
@signed_in
def listing() -> Response:
    try:
        page = conflicts.open_conflicts(reading(), A_PAGE, request.args.get("cursor"))
        untaken = refused.page(reading(), A_PAGE, request.args.get("untaken"))
    except BadCursor as error:
        raise bad_parameter("cursor", "This place in the list is no longer known. Start from the top.") from error
    shown = showing(config(), today())
    return make_response(
        render_template(
            "pages/conflicts.html",
            shell=shell(),
            matters=open_matters(reading(), config()),
            cards=[_card(found, shown) for found in page.items],
            lately=[_lately(conflict_id, shown) for conflict_id in lost.decided(reading(), _LATELY)],
            next_address=_address("cursor", page.next_cursor),
            untaken=refused_cards(reading(), untaken.items, shown),
            next_untaken=_address("untaken", untaken.next_cursor),
        )
    )


@blueprint.post("/conflicts/<conflict_id>")
@signed_in
@may_write
def choose(conflict_id: str) -> Answer:
    keep = request.form.get("keep")
    if keep not in ("ours", "theirs"):
        raise BadRequest
    _tell(decide_conflict(conflict_id, cast(Keep, keep), doer().name), keep)
    return to(url_for("conflicts.listing"))


@blueprint.post("/matters/<path:key>")
@signed_in
@may_write
def settle_matter(key: str) -> Answer:
    """What the sheet wants decided besides conflicts (`app.matters`)."""
    settled = settle(key, request.form.get("choice", ""), doer())
    if isinstance(settled, Refusal):
        say(Toast(settled.message, problem=True))
    else:
        undo = url_for("bulk_page.undo", group_id=settled.group) if settled.group else ""
        say(Toast(settled.words, undo=undo))
    return to(url_for("conflicts.listing"))


@blueprint.post("/conflicts/<conflict_id>/undo")
@signed_in
@may_write
def reopen(conflict_id: str) -> Answer:
    _tell(take_back(conflict_id, doer().name), "")
    return to(url_for("conflicts.listing"))


def _address(name: str, cursor: str | None) -> str:
    """Where one of the two lists goes on, "" at its end."""
    return page_address("conflicts.listing", {name: cursor}) if cursor else ""


def _tell(decided: Decided | Refusal, keep: str) -> None:
    """`keep` "" is a decision taken back."""
    if isinstance(decided, Refusal):
        say(Toast(decided.message, problem=True))
        return
    if not keep:
        say(Toast("The conflict stands open again."))
        return
    conflict, shown = decided.found.conflict, showing(config(), today())
    stands = shown.word(conflict.field, getattr(decided.lead, conflict.field)) if decided.lead else ""
    words = f"Kept {stands or 'it blank'}" if keep == "ours" else f"Kept the sheet’s value{_and_too(decided)}"
    say(Toast(words, undo=url_for("conflicts.reopen", conflict_id=decided.found.conflict_id)))


def _and_too(decided: Decided) -> str:
    """What was saved besides, named."""
    fields = decided.done.status.change.fields if decided.done else ()
    labels = [BY_NAME[name].label for name in fields if BY_NAME[name].editable]
    return f". {', '.join(labels)} {'is' if len(labels) == 1 else 'are'} saved too" if labels else ""


def _card(found: StandingConflict, shown: Showing) -> Card:
    conflict = found.conflict
    lead = mirror.lead(reading(), conflict.lead_id)
    change = outbox.change(reading(), found.change_id)
    stands = getattr(lead, conflict.field) if lead else conflict.theirs
    return Card(
        conflict_id=found.conflict_id,
        lead_id=conflict.lead_id,
        name=_name(lead),
        child=child(lead) if lead else "",
        field=_field(conflict.field),
        who=_who(change.change.actor if change else ""),
        at=change.change.at if change else found.at,
        was=_side(conflict.field, conflict.base, shown),
        ours=_side(conflict.field, conflict.ours, shown),
        theirs=_side(conflict.field, stands, shown),
        gone=lead is None,
        moved_on=stands != conflict.theirs,
        too=tuple(wanted(name, pair, shown) for name, pair in goes_too(reading(), found).items()),
    )


def _side(field: str, canonical: Value, shown: Showing) -> Side:
    kind = BY_NAME[field].kind if field in BY_NAME else Kind.TEXT
    chip = shown.status(str(canonical)) if kind is Kind.STATUS and canonical else None
    day = f"{canonical:%A}" if kind is Kind.DAY and isinstance(canonical, date) else ""
    return Side(shown.word(field, canonical), chip, day)


def _lately(conflict_id: str, shown: Showing) -> Lately:
    found = conflicts.conflict(reading(), conflict_id)
    assert found is not None  # the same reading has just named it
    conflict = found.conflict
    lead = mirror.lead(reading(), conflict.lead_id)
    ours = conflict.resolution == "ours"
    kept = shown.word(conflict.field, conflict.ours if ours else conflict.theirs)
    return Lately(conflict_id, conflict.lead_id, _name(lead), _field(conflict.field), kept, ours)


def _name(lead: Lead | None) -> str:
    return (clipped(lead.full_name, 120) or "No name") if lead else "A lead that was deleted"


def _field(name: str) -> str:
    label = BY_NAME[name].label if name in BY_NAME else name
    return label[0].lower() + label[1:]


def _who(actor: str) -> str:
    if not actor:
        return "Someone"
    return "You" if actor == cast(SignedIn, current_user).user.name else clipped(actor, 60)
