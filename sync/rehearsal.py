"""What a cycle would do, line by line: `bumuk sync --dry-run`. Reads the sheet and writes nothing to it.

A cycle's own `prepare` sets missing tabs up, and mends what a flush wrote astray, on its way to the plan. Before a
first set-up the plan is made here from what stands in the source tabs, beside an empty Master; else it is only said
what a cycle would begin with. The link that is used here cannot write, whatever the cycle comes to do one day.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from core.plan import describe
from store import state
from store.config import load_config
from store.database import reading
from sync import layout
from sync.cycle import prepare
from sync.errors import OnlyRehearsed
from sync.gather import read_whole
from sync.intake import take_in
from sync.link import Link
from sync.settling import begin_anew, claim, dispute
from sync.tabs import Surroundings, judge, look_around, roles


def rehearse(link: Link, now: datetime) -> Iterator[str]:
    """The lines. Raises SheetsProblem."""
    link = replace(link, sheets=replace(link.sheets, may_write=False))
    seen = look_around(link.sheets)
    begin_anew(link, link.shipped)
    missing = [title for role, title in layout.TITLES.items() if role not in roles(seen)]
    if _takes_over(link, seen):
        yield "take over the spreadsheet, as was decided, then read it back"
    elif not missing:
        yield from _plan(link, now)
    else:
        yield f"set up    {', '.join(missing)}"
        if seen.head is None:
            yield from _first_plan(link, seen, now)


def _plan(link: Link, now: datetime) -> Iterator[str]:
    try:
        plan = prepare(link, now).intake.plan
    except OnlyRehearsed:
        yield "put right what the last flush wrote astray; what comes after that can only be told then"
        return
    with reading(link.engine) as conn:
        waiting = state.read_status(conn).pending
    if waiting:
        yield f"edits     {waiting:,} of people's would be merged with the sheet and written first"
    yield from describe(plan)


def _takes_over(link: Link, seen: Surroundings) -> bool:
    """Whether a person has decided that we take over what another installation has signed. Raises ReadOnlyHere where
    nobody has."""
    if seen.head is None or dispute(link, seen.head) is None:
        return False
    claim(link, seen.head)
    return True


def _first_plan(link: Link, seen: Surroundings, now: datetime) -> Iterator[str]:
    with link.engine.begin() as conn:
        config = load_config(conn, link.shipped)
    ours, locale = set(roles(seen).values()), seen.about.locale
    judged = [
        judge(one, seen.glances.get(one.tab.sheet_id, ()), config, locale, formulas=one.tab.sheet_id in seen.formulas)
        for one in seen.about.tabs
        if one.grid and one.tab.sheet_id not in ours
    ]
    sources = [tab for tab in judged if tab.role == "source"]
    reads = [read_whole(link.sheets, tab) for tab in sources]
    with link.engine.begin() as conn:
        yield from describe(take_in(conn, reads, config, locale, now).plan)
