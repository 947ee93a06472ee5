"""The household on a lead's page: this lead and the others of its family, each by the child, with what links them."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from sqlalchemy import Connection

from app.marks import StatusMark
from app.shown import Showing, child
from core.model import Lead
from store.households import Relative, family

_MOST = 20  # of a family shown; a front desk's phone may stand on thousands
_LINKS = {"phone": "same phone", "e-mail": "same e-mail", "": "same household"}


@dataclass(frozen=True, slots=True)
class Member:
    """A lead of the family: `name` is the child, where it is known; `about` whose it is and what it shares. `address`
    "" is the lead of the page itself."""

    name: str
    about: str
    address: str
    status: StatusMark | None


@dataclass(frozen=True, slots=True)
class Household:
    """`link` is what all of them share, "" where that differs; `all_address` lists who has the phone, where there are
    more than are shown."""

    members: tuple[Member, ...]
    link: str = ""
    all_address: str = ""


def household(conn: Connection, lead: Lead, shown: Showing) -> Household | None:
    """None for a lead that has no family in the book."""
    found = family(conn, lead, _MOST + 1)
    if not found:
        return None
    links = {_LINKS[one.shares] for one in found}
    link = links.pop() if len(links) == 1 else ""
    others = tuple(_member(one, lead, shown, told=not link) for one in found[:_MOST])
    me = Member(child(lead) or shown.row(lead).name, "this lead", "", shown.status(lead.status))
    number = f"/leads?q={quote(lead.phone_number)}" if lead.phone_number and len(found) > _MOST else ""
    return Household((me, *others), link, number)


def _member(one: Relative, lead: Lead, shown: Showing, *, told: bool) -> Member:
    row = shown.row(one.lead)
    names = {one.lead.child_name, lead.full_name}
    with_whom = f"with {row.name}" if row.child and one.lead.full_name not in names else ""
    return Member(
        row.child or row.name, _joined(with_whom, _LINKS[one.shares] if told else ""), row.address, row.status
    )


def _joined(*words: str) -> str:
    return " · ".join(word for word in words if word)
