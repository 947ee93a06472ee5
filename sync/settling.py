"""Whose spreadsheet is this, and is what we remember still what it holds.

Before anything is taken in or written. Missing tabs are set up; a fence that we do not remember means that something
was written which this database does not know: it is read back first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from core.config import Config
from store import kept, ledger, ownership, state, tabs
from store.config import load_config
from store.database import reading
from store.moving import let_go
from sync import again, crm, layout, proving
from sync.cells import text_row
from sync.dressing import DRESSED, choices
from sync.errors import OtherSpreadsheet, ReadOnlyHere
from sync.flush import caught_up
from sync.gather import Picture
from sync.link import Link
from sync.reading import Rows, read
from sync.repair import mend
from sync.restore import BELONGS, FENCE, UNREAD, read_back
from sync.sheets import FENCE_PREFIX, RAISED_PREFIX, batch
from sync.tabs import TAB_COUNT, Surroundings, look_around, remember, roles


def settle(link: Link, picture: Picture, config: Config, now: datetime) -> tuple[crm.Head, bool]:
    """The head in force, and whether the picture that it came with is out of date. Raises SheetsProblem."""
    head = picture.head
    with reading(link.engine) as conn:
        fence, count, belongs = (state.get(conn, key) for key in (FENCE, TAB_COUNT, BELONGS))
    if head is not None and fence == str(head.fence):  # who has written since, has proven it
        fence = _heed(link, picture.proof or _owed(link, head), fence)
    ours = head is not None and head.installation == link.installation and belongs == link.sheets.spreadsheet_id
    looked = False
    if head is None or not ours or (head.tabs is not None and str(head.tabs) != count):
        head, looked = take_place(link, config), True
    elif not picture.gone_back:
        head = caught_up(link, head)
    if fence != str(head.fence) or not ours:
        link.writing.forget()
        if not looked:  # somebody may have typed over its number: a write that is on its way might bear that one
            head = take_place(link, config)
        link.step("settle")
        head, astray = mend(link, head, config, now)

        def put_right(conn: Connection) -> None:
            again.settle(conn, astray)
            proving.settled(conn)

        read_back(link, head, config, now, put_right)
        looked = True
    return head, looked


def _owed(link: Link, head: crm.Head) -> Sequence[Rows]:
    """The proof that the picture did not bring, for the flush went out while it was taken: what that shows astray
    nobody has typed."""
    ranges = proving.wanted(link, head.roles["crm"]) if "crm" in head.roles else []
    return read(link.sheets, ranges) if ranges else ()


def _heed(link: Link, proof: Sequence[Rows], fence: str) -> str:
    """The last flush is proven now, or its effects are not known after all: the fence that we remember from now on."""
    with link.engine.begin() as conn:
        return fence if not proof or proving.accept(conn, proof) else UNREAD


def take_place(link: Link, config: Config) -> crm.Head:
    """Look around, and set up or sign what is not ours yet. Raises ReadOnlyHere for a copy, or for a spreadsheet that
    another installation writes to, until a person has decided."""
    with link.writing.alone():
        return _take_place(link, config)


def _take_place(link: Link, config: Config) -> crm.Head:
    link.step("look around")
    seen = look_around(link.sheets)
    config = begin_anew(link, config)
    head, found = seen.head, roles(seen)
    if head:
        claim(link, head)
    # Another one beside it is of a set-up that came late: it would refuse the flush of its number for ever.
    standing = head is not None and tuple(seen.about.fences) == (layout.fence_id(head.fence),)
    if head is None or not standing or set(found) != set(layout.TITLES) or not _signed(link, head):
        head = _sign(link, seen, found, config)
    with link.engine.begin() as conn:
        remember(conn, seen, head.roles, config)
    return head


def begin_anew(link: Link, config: Config) -> Config:
    """The configuration in force. Where this database has mirrored another spreadsheet until now, it lets go of that
    one first: its leads are not this one's. Raises OtherSpreadsheet while edits for the other one wait."""
    with link.engine.begin() as conn:
        if state.get(conn, BELONGS) in (None, link.sheets.spreadsheet_id):
            return config
        waiting = state.read_status(conn).pending
        if waiting:
            raise OtherSpreadsheet(f"The database holds {waiting:,} edits for another spreadsheet")
        let_go(conn)
        return load_config(conn, link.shipped)


def look_again(link: Link) -> None:
    """Makes the next cycle look around: the fence refused a batch, and it may be that nobody was quicker but that the
    named range is gone (people find it under Data, Named ranges), or that its number in `_crm` was typed over."""
    with link.engine.begin() as conn:
        state.forget(conn, TAB_COUNT)


_SAID: Mapping[ownership.Why, str] = {
    "copy": "This spreadsheet is a copy of one that the CRM writes to",
    "signed": "Another installation of the CRM writes to this spreadsheet",
    "taken": "Another installation has taken this spreadsheet over",
}


def claim(link: Link, head: crm.Head) -> None:
    """Whether we may write here: `_crm` is signed by us for this spreadsheet, or a person says that we take it over. An
    installation that took over finds the other one read-only at that one's next cycle: one writer, never two."""
    why = dispute(link, head)
    with link.engine.begin() as conn:
        if why is None:
            ownership.settled(conn)
            return
        found = ownership.Dispute(why, head.installation, head.spreadsheet_id, datetime.now(UTC))
        decision = ownership.notice(conn, found)
    if decision != "take_over":
        raise ReadOnlyHere(_SAID[why])


def dispute(link: Link, head: crm.Head) -> ownership.Why | None:
    """Why the spreadsheet is not plainly ours, by what `_crm` says."""
    if head.spreadsheet_id != link.sheets.spreadsheet_id:
        return "copy"
    if head.installation == link.installation:
        return None
    with reading(link.engine) as conn:
        return "taken" if state.get(conn, BELONGS) == link.sheets.spreadsheet_id else "signed"


def _signed(link: Link, head: crm.Head) -> bool:
    return head.installation == link.installation and head.spreadsheet_id == link.sheets.spreadsheet_id


def _sign(link: Link, seen: Surroundings, found: Mapping[str, int], config: Config) -> crm.Head:
    """Make what is missing and sign `_crm` as ours, in one batch behind the fence. Raises Refused where someone else
    was quicker; the next cycle sees what they made."""
    link.step("set up")
    titles = {one.tab.title.lower() for one in seen.about.tabs}
    taken = {one.tab.sheet_id for one in seen.about.tabs}
    missing: list[layout.TabPlan] = []
    for role, wanted in layout.TITLES.items():
        if role not in found:
            title = wanted if role == "crm" else layout.free_title(wanted, frozenset(titles))
            sheet_id = layout.new_sheet_id(f"{link.sheets.spreadsheet_id}/{role}", frozenset(taken))
            missing.append(layout.TabPlan(role, title, sheet_id, layout.first_rows(role, config)))
            taken.add(sheet_id)
    standing = [int(name.removeprefix(FENCE_PREFIX)) for name in seen.about.fences]
    raised = [int(name.removeprefix(RAISED_PREFIX)) for name in seen.about.raised]
    fence = max([seen.head.fence if seen.head else 0, *standing, *raised]) + 1
    made = {plan.role: plan.sheet_id for plan in missing}
    head = crm.Head(fence, link.installation, link.sheets.spreadsheet_id, {**found, **made})
    requests = layout.set_up(missing, head, seen.about.fences, config)
    if "crm" in made:
        requests += _ledger_again(link, fence, made["crm"])
    batch(link.sheets, requests, (), "spreadsheetId")
    with link.engine.begin() as conn:
        ownership.settled(conn)
        if "master" in made:
            state.put(conn, DRESSED, choices(config))
    return head


def _ledger_again(link: Link, fence: int, sheet_id: int) -> list[dict[str, Any]]:
    """The ledger as we remember it, for a `_crm` that was deleted."""
    with link.engine.begin() as conn:
        kept.untell(conn)  # what stood beside the ledger follows with the next flush
        entries = [one.entry for tab in tabs.all_tabs(conn) for one in ledger.known(conn, tab.sheet_id)]
        said = tabs.answers(conn)
    rows = [text_row(row) for row in crm.pack(fence, entries, (), said.items())]
    return [{"appendCells": {"sheetId": sheet_id, "rows": rows, "fields": "userEnteredValue"}}] if rows else []
