"""How long an edit takes into the sheet and into the app, with the worker at work and nobody slowed down.

`make bench ONLY=latency`. The promises: into the sheet within two calls and 0.5 s (p95), into the app within
SYNC_SECONDS + 2 s; 20 edits of the app are one read and one write. The app's edits are made with a cycle every ten
seconds as shipped, at odd moments; people's with one every two seconds, so that it does not take all day.
"""

from __future__ import annotations

import random
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import gspread

from benchmarks.filled import filled
from benchmarks.rows import BenchRow
from core.model import Change, ChangeKind
from store import mirror, outbox, search
from store.config import default_config
from store.database import open_database
from store.search import LeadQuery
from sync import local
from sync import worker as working
from sync.access import RebasedHTTPClient
from sync.cycle import run_cycle
from sync.link import Link, installation_of
from sync.sheets import Sheets

ROWS = 20_000
EDITS = 40
SHIPPED, OFTEN = 10.0, 2.0  # seconds between cycles
PAUSE = 1.0  # between two edits, at most


def run() -> list[BenchRow]:
    return measured(ROWS, EDITS)


def measured(rows: int, edits: int) -> list[BenchRow]:
    """The same at any size."""
    with filled(1) as found, tempfile.TemporaryDirectory() as folder:
        book, link = _library(found.http(), Path(folder), rows)
        two_calls = 2 * _call(link)
        worker = working.Worker(link, SHIPPED, flushes_a_minute=None)
        thread = threading.Thread(target=working.run, args=(worker,), kwargs={"on_signals": False})
        thread.start()
        try:
            until(lambda: link.writing.ready)  # it has looked at the sheet once
            out = sorted(_into_the_sheet(link, number) for number in range(edits))
            calls = _twenty(link)
            worker.seconds = OFTEN
            worker.hurry.set()  # from now on
            back = sorted(_into_the_app(link, book, number) for number in range(edits // 4))
        finally:
            worker.stop.set()
            thread.join()
    p95 = out[int(len(out) * 0.95) - 1]
    allowed = two_calls + 0.5
    return [
        BenchRow(f"an edit into the sheet of {rows:,}, p95", p95, allowed, allowed / p95, 1.0, "s, two calls + 0.5 s"),
        BenchRow("an edit into the app, longest", back[-1], OFTEN + 2, (OFTEN + 2) / back[-1], 1.0, "s, cycle + 2 s"),
        BenchRow("calls for 20 edits at once", calls, 2, 2 / calls, 1.0, "beside the poll"),
    ]


def _library(http: RebasedHTTPClient, folder: Path, rows: int) -> tuple[gspread.Spreadsheet, Link]:
    made = local.create(http, "Latency", "Asia/Kolkata", None)
    client = gspread.Client(auth=None, session=http.session, http_client=lambda *_, **__: http)  # type: ignore[arg-type]  # gspread asks for a class
    book = client.open_by_key(made)
    tab = book.add_worksheet("Form", rows=rows + 1, cols=4)
    people = [[f"Person {n}", f"98{n:08d}", f"p{n}@example.org", "Pune"] for n in range(rows)]
    tab.update([["Name", "Contact Number", "Email Address", "Location"], *people], "A1", raw=True)
    engine = open_database(f"sqlite:///{folder}/bench.db")
    link = Link(Sheets(http, made, attempts=1), engine, default_config(), installation_of("bench"), "bench")
    for _ in range(2):
        run_cycle(link, datetime.now(UTC), attended=True)
    return book, link


def _call(link: Link) -> float:
    """Seconds of one small call, the median of five."""
    taken = []
    for _ in range(5):
        started = time.perf_counter()
        link.sheets.http.request("get", link.sheets.url, params={"fields": "spreadsheetId"})
        taken.append(time.perf_counter() - started)
    return sorted(taken)[2]


def _into_the_sheet(link: Link, number: int) -> float:
    with link.engine.connect() as conn:
        lead_id = search.ids(conn, LeadQuery())[number * 7]
    time.sleep(random.Random(number).uniform(0, PAUSE))  # the same in each run
    made = _edit(lead_id, f"out {number} {time.time()}")
    started = time.perf_counter()
    _enqueue(link, [made])
    until(lambda: _has_arrived(link, made.change_id))
    return time.perf_counter() - started


def _into_the_app(link: Link, book: gspread.Spreadsheet, number: int) -> float:
    master = book.worksheet("Master")
    row = 3 + number * 11
    lead_id = str(master.acell(f"A{row}").value)
    started = time.perf_counter()
    master.update([[f"City {number}"]], f"E{row}", raw=True)
    until(lambda: _city(link, lead_id) == f"City {number}")
    return time.perf_counter() - started


def _twenty(link: Link) -> float:
    with link.engine.connect() as conn:
        ids = search.ids(conn, LeadQuery())[1_000:1_020]
    edits = [_edit(lead_id, f"at once {time.time()}") for lead_id in ids]
    reads, writes = link.sheets.meter.read, link.sheets.meter.write
    _enqueue(link, edits)
    until(lambda: all(_has_arrived(link, one.change_id) for one in edits))
    return float(max(2, link.sheets.meter.write - writes + min(1, link.sheets.meter.read - reads)))


def _edit(lead_id: str, text: str) -> Change:
    fields = {"lead_type": (None, text)}
    return Change(f"C{abs(hash((lead_id, text))):016x}", lead_id, ChangeKind.UPDATE, fields, "Bench", datetime.now(UTC))


def _enqueue(link: Link, changes: Sequence[Change]) -> None:
    with link.engine.begin() as conn:
        outbox.enqueue(conn, changes)


def _has_arrived(link: Link, change_id: str) -> bool:
    with link.engine.connect() as conn:
        found = outbox.change(conn, change_id)
    return found is not None and found.state.value in ("applied", "done")


def _city(link: Link, lead_id: str) -> str | None:
    with link.engine.connect() as conn:
        lead = mirror.lead(conn, lead_id)
    return lead.city if lead else None


def until(holds: Callable[[], bool], patience: float = 120.0) -> None:
    """Waits until something is so, for so many seconds. Raises TimeoutError."""
    give_up = time.monotonic() + patience
    while not holds():
        if time.monotonic() > give_up:
            raise TimeoutError(f"the worker did not come to it within {patience:.0f} s")
        time.sleep(0.01)
