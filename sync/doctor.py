"""What stands between this installation and a working sync, each problem with its remedy.

`bumuk doctor` prints the findings in order; what depends on something broken is not looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from core import fields
from core.settings import SettingsError
from core.text import fold
from store.database import reading
from store.state import read_status
from sync import layout
from sync.errors import SheetsProblem
from sync.link import Link
from sync.tabs import Surroundings, look_around, roles

CELLS = 10_000_000  # that a spreadsheet can hold
CALLS_A_MINUTE = 60


@dataclass(frozen=True, slots=True)
class Finding:
    """Something looked at: how it is, and what to do where it is not well."""

    good: bool
    what: str
    remedy: str = ""


def examine(open_link: Callable[[], Link]) -> Iterator[Finding]:
    """The findings, one after another. Two reads; no write."""
    try:
        link = open_link()
    except SettingsError as error:
        yield Finding(False, str(error), "Set it in the environment or in .env; .env.example shows how.")
        return
    except SheetsProblem as error:
        yield Finding(False, str(error), error.remedy)
        return
    yield Finding(True, "The credentials can be read and the database opens")
    try:
        seen = look_around(link.sheets)
    except SheetsProblem as error:
        yield Finding(False, str(error), error.remedy)
        return
    yield Finding(True, f"The spreadsheet “{seen.about.title}” is shared with us and answers")
    yield from _installation(link, seen)
    yield from _headers(seen)
    yield _size(seen)
    yield _budget(link)


def _installation(link: Link, seen: Surroundings) -> Iterator[Finding]:
    if seen.head is None:
        yield Finding(True, "It has not been set up yet; the first cycle does that")
    elif seen.head.spreadsheet_id != link.sheets.spreadsheet_id:
        yield Finding(
            False,
            "It is a copy of a spreadsheet that the CRM writes to",
            "Decide on the page Conflicts or with `bumuk sync --take-over`; or delete its tab _crm to begin anew.",
        )
    elif seen.head.installation != link.installation:
        yield Finding(
            False, "Another installation writes to it", "Decide on the page Conflicts or with `bumuk sync --take-over`."
        )
    else:
        yield Finding(True, f"This installation writes to it (flush {seen.head.fence})")


def _headers(seen: Surroundings) -> Iterator[Finding]:
    sheet_id = roles(seen).get("master")
    if sheet_id is None:
        return
    glance = seen.glances.get(sheet_id, ())
    there = {fold(str(cell)) for cell in (glance[0] if glance else ()) if cell is not None}
    gone = [name for name in fields.NAMES if fold(name) not in there]
    if "lead_id" in gone:
        yield Finding(False, "Master has no lead_id column", "Bring it back with File, Version history in the sheet.")
    elif gone:
        yield Finding(
            False, f"Master has no column {', '.join(gone)}", "Type the name into the first row of an empty column."
        )
    else:
        yield Finding(True, "Master has all of its columns")
    missing = set(layout.TITLES) - set(roles(seen))
    if seen.head and missing:
        names = ", ".join(layout.TITLES[role] for role in sorted(missing))
        yield Finding(False, f"These tabs are gone: {names}", "The next cycle sets them up again.")


def _size(seen: Surroundings) -> Finding:
    used = sum(one.rows * one.columns for one in seen.about.tabs)
    share = used / CELLS
    said = f"{used:,} of the ten million cells are used ({share:.0%})"
    remedy = "Delete empty columns and rows to the right and below, or move old source tabs to another spreadsheet."
    return Finding(share < 0.8, said, "" if share < 0.8 else remedy)


def _budget(link: Link) -> Finding:
    with reading(link.engine) as conn:
        calls = read_status(conn).calls_last_minute
    said = f"{calls} of {CALLS_A_MINUTE} calls were made in the last minute of the worker"
    return Finding(calls < CALLS_A_MINUTE, said, "" if calls < CALLS_A_MINUTE else "Set SYNC_SECONDS higher.")
