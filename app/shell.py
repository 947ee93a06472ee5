"""What every page behind the sign-in shows around its content: the sync's line, and how much waits where."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, make_response, render_template, request
from werkzeug.wrappers import Response as Answer

from app import matters
from app.database import config, now, reading, settings, today
from app.signin import signed_in
from app.sync_line import SyncLine, sync_line
from store import counters, state

blueprint = Blueprint("shell", __name__)


@dataclass(frozen=True, slots=True)
class Shell:
    """`due` are the leads to be called by today; `revision` is the number of the book's last change; `never_read` says
    that no cycle has gone well yet."""

    sync: SyncLine
    due: int
    conflicts: int
    matters: int
    attention: int
    revision: int
    never_read: bool

    @property
    def waiting(self) -> int:
        """What a person has to decide or to look at."""
        return self.conflicts + self.matters + self.attention


def shell() -> Shell:
    status = state.read_status(reading())
    told = settings()
    line = sync_line(status.last_good_at, status.pending, status.problem, now(), told.timezone, told.sync_seconds)
    due = counters.due(reading(), None, today())
    revision = state.revision(reading())
    waiting = matters.count(reading(), config())
    return Shell(line, due, status.conflicts, waiting, status.attention, revision, status.last_good_at is None)


@blueprint.get("/live")
@signed_in
def live() -> Answer:
    """The sync's line with the book's revision, for the pages that ask every few seconds: 304 while nothing is new."""
    around = shell()
    response = make_response(render_template("parts/sync.html", shell=around))
    response.add_etag()
    return response.make_conditional(request)
