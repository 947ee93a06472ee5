"""What every page behind the sign-in shows around its content: the sync's line, and how much waits where."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, make_response, render_template, request
from werkzeug.wrappers import Response as Answer

from app import matters
from app.database import config, now, reading, revision, settings, sync_told, today
from app.kept import kept
from app.signin import signed_in
from app.sync_line import SyncLine, sync_line
from store import counters, issues, refused, state, tabs

blueprint = Blueprint("shell", __name__)


@dataclass(frozen=True, slots=True)
class Shell:
    """`due` are the leads to be called by today; `to_decide` is what stands on the page of conflicts, `attention` on
    that of Needs attention; `revision` is the number of the book's last change; `never_read` says that no cycle went
    well yet."""

    sync: SyncLine
    due: int
    to_decide: int
    attention: int
    revision: int
    never_read: bool

    @property
    def waiting(self) -> int:
        """What a person has to decide or to look at."""
        return self.to_decide + self.attention


def shell() -> Shell:
    status = kept(("status", sync_told()), lambda: state.read_status(reading()))
    told = settings()
    line = sync_line(status.last_good_at, status.pending, status.problem, now(), told.timezone, told.sync_seconds)
    due = kept(("due", today()), lambda: counters.due(reading(), None, today()))
    attention = kept("attention", _attention)
    others = kept("matters", lambda: len(matters.matters(reading(), config())))
    untaken = kept("refused", lambda: refused.count(reading()))
    to_decide = status.conflicts + others + untaken
    return Shell(line, due, to_decide, attention, revision(), status.last_good_at is None)


def _attention() -> int:
    """Rows that are no leads, and tabs that nobody has decided about."""
    undecided = sum(tab.role == "ask" for tab in tabs.all_tabs(reading()))
    return issues.count_rows(reading(), blocking=True) + undecided


@blueprint.get("/live")
@signed_in
def live() -> Answer:
    """The sync's line with the book's revision, for the pages that ask every few seconds: 304 while nothing is new."""
    around = shell()
    response = make_response(render_template("parts/sync.html", shell=around))
    response.add_etag()
    return response.make_conditional(request)
