"""A person's command, carried out: decided about the lead as it is now and put into the outbox, in one transaction.

Pages and API both come through here. The same request again changes nothing: its change is known by its id, whatever
became of it, and is answered once more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType

from sqlalchemy import Connection

from app.database import config, now, writing
from core.commands import Command, decide
from core.field_checks import Refusal
from core.fields import BY_NAME
from core.ids import change_id, group_of
from core.model import Change, ChangeKind, ChangeState, Lead
from store import activity, bulk, mirror, outbox, undone
from store.outbox import ChangeStatus

GONE = Refusal("no_such_lead", "This lead is no longer in Master.")
UNDONE = Refusal("undone", "This was undone since. Press it once more to do it again.")


@dataclass(frozen=True, slots=True)
class Doer:
    """Who acts, and the name of the request ("" where the caller gave none): unique among the requests of all.
    `presses`: a button of a page, which browsers keep and show again; what was undone since is not told as done."""

    name: str
    request: str = ""
    presses: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """A change that is safe in the outbox, and its lead as pages now show it. `fresh`: it was not known before."""

    status: ChangeStatus
    lead: Lead | None
    fresh: bool = True

    @property
    def change_id(self) -> str:
        return self.status.change.change_id


def act(lead_id: str, ask: Callable[[Lead], Command | Refusal], by: Doer) -> Done | Refusal:
    """Carries out what `ask` makes of the lead as it stands. A Refusal changes nothing."""
    in_force = config()
    with writing() as conn:
        bulk.hold(conn)
        known = done_before(conn, by, lead_id)
        if known is not None:
            return known
        lead = mirror.lead(conn, lead_id)
        if lead is None:
            return GONE
        command = ask(lead)
        if isinstance(command, Refusal):
            return command
        return put(conn, decide(command, lead, in_force, now(), by.name, by.request))


def put(conn: Connection, made: Change | Refusal) -> Done | Refusal:
    """A decision into the outbox, in the caller's transaction."""
    if isinstance(made, Refusal):
        return made
    fresh = outbox.enqueue(conn, [made]) > 0
    return _done(conn, made.change_id, made.lead_id, fresh=fresh)


def done_before(conn: Connection, by: Doer, lead_id: str) -> Done | Refusal | None:
    """As `answered`, or that it was undone since, for a person who reads the answer."""
    known = answered(conn, by.request, lead_id)
    if known is not None and by.presses and undone.change(conn, known.change_id, lead_id):
        return UNDONE
    return known


def answered(conn: Connection, request: str, lead_id: str) -> Done | None:
    """What this request has made of the lead already: as the outbox knows, or, when that has forgotten it, Activity."""
    for kind in ChangeKind if request else ():
        known = id_of(request, kind, lead_id)
        status = outbox.change(conn, known) or _told(conn, known, kind, lead_id)
        if status is not None:
            return Done(status, mirror.lead(conn, lead_id), fresh=False)
    return None


def _told(conn: Connection, known: str, kind: ChangeKind, lead_id: str) -> ChangeStatus | None:
    """The change as Activity tells of it, where it does."""
    entries = activity.of_change(conn, known, lead_id)
    if not entries:
        return None
    pairs = {one.field: (one.old, one.new) for one in entries if one.field in BY_NAME}
    first = entries[0]
    made = Change(known, lead_id, kind, MappingProxyType(pairs), first.actor, first.at, first.why, group_of(known))
    return ChangeStatus(made, ChangeState.DONE, "")


def id_of(request: str, kind: ChangeKind, lead_id: str) -> str:
    """The id that `core.commands` gives the change of a named request; a test holds the two together."""
    return change_id(f"{request}:{kind}:{lead_id}:")


def numbered(name: str, nth: int) -> str:
    """The name of a request that its caller did not name, which may be made again: the first one wears no number."""
    return f"{name}:{nth}" if nth else name


def _done(conn: Connection, change: str, lead_id: str, *, fresh: bool) -> Done:
    status = outbox.change(conn, change)
    assert status is not None  # it was put or found in this very transaction
    return Done(status, mirror.lead(conn, lead_id), fresh)
