"""The first-run tour: three steps above Today, while the book is empty and the person has not put it away. Each step
says what to do, offers the page for it, and shows a tick once it is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import Blueprint, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as Answer

from app.database import config, reading, writing
from app.forms import to
from app.signin import SignedIn, signed_in
from core.assignment import carriers
from store import state, views

blueprint = Blueprint("tour", __name__)

_PUT_AWAY = "tour"
_STEPS = 3


@dataclass(frozen=True, slots=True)
class Step:
    """`sheet` says that its button opens the sheet; else `button` leads to `address`."""

    number: int
    title: str
    words: str
    button: str
    address: str
    sheet: bool
    done: bool
    steps: int = _STEPS


def tour_step(user_id: str, leads: int) -> Step | None:
    """The step to show, or None: the one that the address asks for (`?tour=2`), else, on an empty book, the first."""
    asked = request.args.get("tour", "")
    if asked in ("1", "2", "3"):
        return _steps(leads)[int(asked) - 1]
    if leads or views.chosen(reading(), user_id, _PUT_AWAY):
        return None
    return next((one for one in _steps(leads) if not one.done), None)


@blueprint.post("/tour/away")
@signed_in
def put_away() -> Answer:
    me = cast(SignedIn, current_user).user
    with writing() as conn:
        views.choose(conn, me.user_id, _PUT_AWAY, "away")
    return to(url_for("today.page"))


def _steps(leads: int) -> tuple[Step, Step, Step]:
    read = state.read_status(reading()).last_good_at is not None
    team = any(one.email for one in carriers(config().team))
    return (
        Step(
            1,
            "Bring your leads in",
            "Put rows into any tab of the sheet that has a name column and a phone column: form answers, lists, "
            "registrations. Each becomes a lead here within seconds. A file comes in with bumuk import.",
            "Open the sheet",
            "",
            True,
            read and leads > 0,
        ),
        Step(
            2,
            "Say who calls",
            "Write your colleagues into the Team tab of the sheet, with e-mail and role. New leads are given to them "
            "in turn; here you see who carries what.",
            "Look at the team",
            url_for("team.page"),
            False,
            team and leads > 0,
        ),
        Step(
            3,
            "Call the first family",
            "Today shows one family at a time. Press Call, then what happened: the next one comes by itself, and Undo "
            "takes a mistake back.",
            "Read how",
            url_for("help.task", slug="call-a-lead-and-say-how-it-went"),
            False,
            False,
        ),
    )
