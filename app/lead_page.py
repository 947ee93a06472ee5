"""Everything known about one lead: its facts, what happened, and the rows it came from beside what they became."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from app.errors import bad_parameter
from app.household import household
from app.refused import cards as refused_cards
from app.shown import Showing, clipped, email_address, showing
from app.timeline import events, waiting
from app.waiting_rows import SaidCell, said
from app.words import value
from core.config import Config
from core.fields import BY_NAME, MASTER, Kind
from core.model import ChangeKind, Lead
from core.text import cell_text
from store import activity, ledger, mirror, outbox, refused, search, tabs
from store.activity import ActivityEntry
from store.ledger import PlacedEntry
from store.paging import BadCursor
from store.tabs import TabState

_EVENTS = 50  # activity entries on a page
_ROWS = 10  # source rows shown
_UNTAKEN = 5  # changes that the sheet did not take; the page of conflicts has all
_LONGEST_CELL = 2_000
_READ_AS = {  # what the parts of a name and the like became
    **dict.fromkeys(("parent_name", "first_name", "last_name"), "full_name"),
    **dict.fromkeys(("child_and_age", "child_last_name"), "child_name"),
    "birth_date": "child_age",
    "response": "status",
    "address": "city",
}
_ON_TOP = frozenset(
    (
        *("lead_id", "full_name", "phone_number", "email", "child_name", "child_age", "lead_date"),
        *("status", "priority", "lead_score", "next_follow_up", "assigned_to", "notes", "source_key", "household"),
    )
)


@dataclass(frozen=True, slots=True)
class Fact:
    label: str
    words: str
    long: bool = False


@dataclass(frozen=True, slots=True)
class RawCell:
    """A cell of the source row as it stands in the sheet, and the lead's value of the field that it was read as."""

    header: str
    raw: str
    cleaned: str


@dataclass(frozen=True, slots=True)
class RawRow:
    title: str
    cells: tuple[RawCell, ...]


def parts(conn: Connection, config: Config, today: date, lead_id: str, older: str | None) -> dict[str, object] | None:
    """What the template places; None where there is no such lead."""
    lead = mirror.lead(conn, lead_id)
    if lead is None:
        return None
    shown = showing(config, today)
    mark = search.marks(conn, [lead_id]).get(lead_id, search.Mark(False, 0, ""))
    try:
        log = activity.of_lead(conn, lead_id, _EVENTS, older)
    except BadCursor as error:
        raise bad_parameter("older", "This place in the history is no longer known. Open the lead again.") from error
    on_way = [status.change for status in outbox.of_lead(conn, lead_id) if status.change.kind is ChangeKind.UPDATE]
    saving = frozenset(change.change_id for change in on_way)
    return {
        "lead": lead,
        "row": shown.row(lead, saving=mark.saving, conflict=mark.conflicts > 0),
        "frozen_why": mark.frozen_why,
        "email": clipped(lead.email, 200),
        "mailto": email_address(lead.email),
        "facts": _facts(lead, shown),
        "own": [Fact(clipped(h, 60), clipped(cell_text(c), _LONGEST_CELL)) for h, c in lead.extra.items() if c != ""],
        "events": events((*([] if older else waiting(on_way)), *log.items), shown, saving),
        "older": f"?older={log.next_cursor}" if log.next_cursor else "",
        "sources": _sources(conn, lead, shown),
        "household": household(conn, lead, shown),
        "untaken": refused_cards(conn, refused.of_lead(conn, lead_id, _UNTAKEN), shown),
    }


def deleted_parts(
    conn: Connection, config: Config, today: date, lead_id: str, older: str | None
) -> dict[str, object] | None:
    """What the page of a deleted lead places; None where nobody ever knew it. A deletion that the sheet does not have
    yet stands on top."""
    lead = mirror.base(conn, lead_id) or mirror.lead(conn, lead_id, deleted=True)
    if lead is None:
        return None
    name = clipped(lead.full_name, 100) or lead_id
    try:
        log = activity.of_lead(conn, lead_id, _EVENTS, older)
    except BadCursor as error:
        raise bad_parameter("older", "This place in the history is no longer known. Open the lead again.") from error
    going = [] if older else outbox.deletions(conn, lead_id)
    told = [ActivityEntry(c.at, c.change_id, lead_id, c.actor, "lead", name, None, c.why) for c in going]
    return {
        "lead": lead,
        "name": name,
        "events": events((*told, *log.items), showing(config, today), frozenset(one.change_id for one in going)),
        "untaken": refused_cards(conn, refused.of_lead(conn, lead_id, _UNTAKEN), showing(config, today)),
        "older": f"?older={log.next_cursor}" if log.next_cursor else "",
    }


def _facts(lead: Lead, shown: Showing) -> list[Fact]:
    known = ((field, getattr(lead, field.name)) for field in MASTER if field.name not in _ON_TOP)
    return [
        Fact(f.label, _word(f.name, lead, shown), f.kind is Kind.LONG_TEXT) for f, v in known if v not in (None, "")
    ]


def _word(field: str, lead: Lead, shown: Showing) -> str:
    canonical = getattr(lead, field)
    if BY_NAME[field].kind in (Kind.PHONE, Kind.PHONES):
        return ", ".join(phone.number for phone in shown.phones(canonical))
    return clipped(value(canonical, shown.config.timezone), _LONGEST_CELL)


def _sources(conn: Connection, lead: Lead, shown: Showing) -> list[RawRow]:
    known = {tab.sheet_id: tab for tab in tabs.all_tabs(conn)}
    placed = ledger.rows_of_lead(conn, lead.lead_id)[:_ROWS]
    return [
        _source(row, known[row.entry.sheet_id], lead, shown)
        for row in placed
        if row.cells is not None and row.entry.sheet_id in known
    ]


def _source(row: PlacedEntry, tab: TabState, lead: Lead, shown: Showing) -> RawRow:
    title = f"{clipped(tab.title, 100)}, row {row.position}" if row.position else clipped(tab.title, 100)
    told = said(row.cells or (), tab, _LONGEST_CELL)
    return RawRow(title, tuple(RawCell(one.header, one.text, _cleaned(one, lead, shown)) for one in told))


def _cleaned(one: SaidCell, lead: Lead, shown: Showing) -> str:
    if one.field == "response" and one.text.strip() in (lead.notes or ""):
        return "In the notes"
    field = "status" if one.field == "response" else _READ_AS.get(one.field, one.field)
    return _word(field, lead, shown) if field in BY_NAME else ""
