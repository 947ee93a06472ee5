"""The page of one lead, as it is and after a form on it was refused (`app.lead_actions`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from flask import Response, make_response, render_template, request, url_for
from flask_login import current_user

from app import lead_page
from app.addresses import parted
from app.call_card import REASONS, call_card
from app.database import config, now, reading, settings, today
from app.errors import unknown_lead
from app.lead_form import STANDING, all_fields, standing_fields
from app.shell import shell
from app.shown import showing
from app.signin import SignedIn
from core.field_checks import Refusal
from core.model import Lead
from core.scoring import explained


def lead_view(
    lead_id: str,
    *,
    editing: bool = False,
    problem: Refusal | None = None,
    given: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    """`editing` opens the form over all fields. `problem` is why a form was refused, `given` what was typed into it.
    Raises `Refused` (404) where there is no such lead."""
    parts = lead_page.parts(reading(), config(), today(), lead_id, request.args.get("older") or None)
    if parts is None:
        return _deleted_view(lead_id)
    lead = cast(Lead, parts["lead"])
    me = cast(SignedIn, current_user).user
    typed = given or {}
    whole = editing or "full_name" in typed
    page = render_template(
        "pages/lead.html",
        shell=shell(),
        back=_back(),
        card=call_card(lead, showing(config(), today()), now(), me.name, settings().crm_name),
        reasons=REASONS,
        may_write=me.role != "viewer",
        here=url_for("leads.lead_page", lead_id=lead_id),
        standing=standing_fields(lead, config(), today(), {} if whole else typed, problem),
        fields=all_fields(lead, config(), today(), typed if whole else {}, problem) if whole else (),
        problem=problem,
        problem_beside=problem is not None and (whole or problem.field in STANDING),
        note=typed.get("text", ""),
        explained=explained(lead, config(), now()),
        **parts,
    )
    return make_response(page, status)


def _deleted_view(lead_id: str) -> Response:
    """A lead that is gone (404) with the way to bring it back."""
    parts = lead_page.deleted_parts(reading(), config(), today(), lead_id, request.args.get("older") or None)
    if parts is None:
        raise unknown_lead(lead_id)
    writes = cast(SignedIn, current_user).user.role != "viewer"
    here = url_for("leads.lead_page", lead_id=lead_id)
    page = render_template("pages/lead_deleted.html", shell=shell(), may_write=writes, here=here, **parts)
    return make_response(page, 404)


def _back() -> str:
    """The list that one came from, with its filters; the whole list from anywhere else."""
    came = parted(request.referrer or "")
    listing_address = url_for("leads.listing")
    if came.netloc != request.host or came.path != listing_address or not came.query:
        return listing_address
    return f"{listing_address}?{came.query}"
