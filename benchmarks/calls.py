"""Calls to the sheet: ours beside the usual ways, counted at the client, not timed.

An idle poll of six source tabs, fifty new rows over them, and twenty edits of leads.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import gspread

from benchmarks.filled import filled
from benchmarks.peers.usual_sheets import FindThenUpdate, idle_poll
from benchmarks.rows import BenchRow
from core.model import Change, ChangeKind
from store import outbox
from store.config import default_config
from store.database import open_database
from sync import local
from sync.cycle import run_cycle
from sync.link import Link, installation_of
from sync.sheets import Sheets

TABS, NEW, EDITS = 6, 50, 20
NOW = datetime(2026, 11, 22, 5, 12, tzinfo=UTC)
HEADER = ["Name", "Contact Number", "Email Address", "Location"]


@dataclass(frozen=True, slots=True)
class Both:
    """The same spreadsheet through our link and through a counting gspread."""

    link: Link
    book: gspread.Spreadsheet
    tabs: list[gspread.Worksheet]


def person(number: int) -> list[str]:
    """A row by somebody made up."""
    return [f"Asha Person{number}", f"98155{number:05d}", f"asha{number}@example.org", "Pune"]


def ours(both: Both, deed: Callable[[], None]) -> int:
    """Calls of one cycle after a deed of people or of the app."""
    deed()
    report = run_cycle(both.link, NOW, attended=True)
    return report.reads + report.writes


def theirs(both: Both, way: Callable[[], object]) -> int:
    """Calls that a usual way makes."""
    http = both.book.client
    count, send = 0, http.session.request

    def counting(*args: object, **kwargs: object) -> object:
        nonlocal count
        count += 1
        return send(*args, **kwargs)

    http.session.request = counting
    try:
        way()
    finally:
        http.session.request = send
    return count


def run() -> list[BenchRow]:
    """Three rows; `ratio` is how many calls the usual way makes for each of ours."""
    with filled(1) as found, tempfile.TemporaryDirectory() as folder:
        both = _both(found.http(), Path(folder))
        poll = theirs(both, lambda: idle_poll(both.book))  # before our own tabs are there, which it could not read
        run_cycle(both.link, NOW, attended=True)
        idle = ours(both, lambda: None)
        new = ours(both, lambda: _append(both))
        rows = theirs(both, lambda: [both.tabs[0].append_row(person(9000 + n)) for n in range(NEW)])
        run_cycle(both.link, NOW, attended=True)
        run_cycle(both.link, NOW, attended=True)
        ids = both.book.worksheet("Master").col_values(1)[1 : EDITS + 1]
        edits = ours(both, lambda: _edit(both, ids))
        usual = FindThenUpdate(both.book.worksheet("Master"))
        updates = theirs(both, lambda: [usual.set(lead_id, "city", "Kochi") for lead_id in ids])
    return [
        BenchRow(f"calls of an idle poll of {TABS} tabs", idle, poll, poll / idle, 0, "calls, beside get_all_records"),
        BenchRow(f"calls for {NEW} new rows", new, rows, rows / new, 0, "calls, beside append_row"),
        BenchRow(f"calls for {EDITS} edits", edits, updates, updates / edits, 0, "calls, beside find and update_cell"),
    ]


def _both(http: gspread.HTTPClient, folder: Path) -> Both:
    spreadsheet_id = local.create(http, "Calls", "Asia/Kolkata", None)
    client = gspread.Client(auth=None, session=http.session, http_client=lambda *_, **__: http)  # type: ignore[arg-type]  # gspread asks for a class
    book = client.open_by_key(spreadsheet_id)
    book.client.session = http.session
    tabs = []
    for number in range(TABS):
        tab = book.add_worksheet(f"Form {number}", rows=200, cols=6)
        tab.update([HEADER, person(number)], "A1")
        tabs.append(tab)
    engine = open_database(f"sqlite:///{folder}/calls.db")
    link = Link(Sheets(http, spreadsheet_id), engine, default_config(), installation_of("bench"), "bench")
    return Both(link, book, tabs)


def _append(both: Both) -> None:
    for number in range(NEW):
        both.tabs[number % TABS].append_row(person(100 + number))


def _edit(both: Both, ids: list[str]) -> None:
    changes = [
        Change(f"CBENCH{n:012d}", lead_id, ChangeKind.UPDATE, {"notes": (None, f"note {n}")}, "bench", NOW)
        for n, lead_id in enumerate(ids)
    ]
    with both.link.engine.begin() as conn:
        outbox.enqueue(conn, changes)


if __name__ == "__main__":
    for line in run():
        print(line)
