"""The follow-ups as a calendar that people subscribe to (iCalendar, RFC 5545), behind an address that only they have.

Overdue leads stand on today, so that they are seen; who must not be contacted is in no list of what is due and so not
here. A calendar asks every hour or so; while nothing changed the answer is 304.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import icalendar
from flask import Blueprint, abort, make_response, request, url_for
from werkzeug.wrappers import Response as Answer

from app.calendar_links import feed_id
from app.database import config, now, reading, settings, today, writing
from app.limits import limiter
from app.shown import Showing, child, clipped, showing
from core.model import Lead
from store import counters, feeds, search, users
from store.feeds import Feed
from store.search import LeadQuery

blueprint = Blueprint("calendar", __name__)

MOST = 500  # events; the nearest
_AHEAD = timedelta(days=60)
_TOUCH_AFTER = timedelta(hours=1)


@blueprint.get("/calendar/<secret>.ics")
@limiter.limit("120 per minute")
def feed(secret: str) -> Answer:
    found = feeds.feed(reading(), feed_id(secret))
    owner = users.user(reading(), found.user_id) if found else None
    if found is None or owner is None or not owner.active:
        abort(404)
    response = make_response()
    response.set_etag(f"{counters.revision(reading())}-{today()}")
    response.make_conditional(request)
    if response.status_code != 304:
        response.set_data(_calendar(found))
    response.mimetype = "text/calendar"
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Robots-Tag"] = "noindex"
    _touch(found)
    return response


def _calendar(of: Feed) -> bytes:
    query = LeadQuery(due_to=today() + _AHEAD, assigned_to=of.person or None)
    found = search.page(reading(), query, MOST, exact=False)
    made = icalendar.Calendar()
    made.add("prodid", f"-//{settings().crm_name}//Follow-ups//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", f"{settings().crm_name}: {of.person or 'everyone'}")
    made.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    shown = showing(config(), today())
    for lead in found.leads:
        made.add_component(_event(lead, shown, today(), now()))
    return bytes(made.to_ical())


def _event(lead: Lead, shown: Showing, day: date, at: datetime) -> icalendar.Event:
    due = lead.next_follow_up or day
    who = f"{clipped(lead.full_name, 120) or 'No name'}{f' ({child(lead)})' if child(lead) else ''}"
    late = shown.follow_up(lead)
    event = icalendar.Event()
    event.add("uid", f"{lead.lead_id}@bumuk-library-crm")
    event.add("dtstamp", lead.updated_at or at)
    event.add("dtstart", max(due, day))
    event.add("dtend", max(due, day) + timedelta(days=1))
    event.add("summary", f"{f'{late.words}: ' if late and late.late else ''}call {who}")
    event.add("description", "\n".join(_told(lead, shown)))
    event.add("url", url_for("leads.lead_page", lead_id=lead.lead_id, _external=True))
    event.add("transp", "TRANSPARENT")
    return event


def _told(lead: Lead, shown: Showing) -> list[str]:
    phone = shown.phone(lead.phone_number)
    told = (phone.number if phone else "", clipped(lead.status, 60), clipped(lead.assigned_to, 60))
    return [line for line in told if line]


def _touch(of: Feed) -> None:
    if of.used_at is None or now() - of.used_at > _TOUCH_AFTER:
        with writing() as conn:
            feeds.touch(conn, of.feed_id, now())
