"""What every page behind the sign-in shows around its content: the sync's line, the count of what needs attention."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, make_response, render_template, request
from werkzeug.wrappers import Response as Answer

from app.database import now, reading, settings
from app.signin import signed_in
from app.sync_line import SyncLine, sync_line
from store import state

blueprint = Blueprint("shell", __name__)


@dataclass(frozen=True, slots=True)
class Shell:
    """`revision` is the number of the book's last change; `never_read` says that no cycle has gone well yet."""

    sync: SyncLine
    attention: int
    revision: int
    never_read: bool


def shell() -> Shell:
    status = state.read_status(reading())
    told = settings()
    line = sync_line(status.last_good_at, status.pending, status.problem, now(), told.timezone, told.sync_seconds)
    return Shell(line, status.attention, state.revision(reading()), status.last_good_at is None)


@blueprint.get("/live")
@signed_in
def live() -> Answer:
    """The sync's line with the book's revision, for the pages that ask every few seconds: 304 while nothing is new."""
    around = shell()
    response = make_response(render_template("parts/sync.html", shell=around))
    response.add_etag()
    return response.make_conditional(request)
