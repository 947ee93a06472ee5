"""How soon what people type is in the app, in a book of 330,000 leads: rows all over it, and its last ones.

`make bench ONLY=seen`. The promises: any row within 90 s, rows at a tab's end within SYNC_SECONDS + 2 s. A fresh
database reads the whole book first, which is reported beside it.
"""

from __future__ import annotations

import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import orjson

from benchmarks.filled import BATCH, filled, row
from benchmarks.latency import SHIPPED, until
from benchmarks.rows import BenchRow
from core.fields import NAMES
from store import mirror
from store.config import default_config
from store.database import open_database
from sync import local
from sync import worker as working
from sync.access import RebasedHTTPClient
from sync.cycle import run_cycle
from sync.layout import TITLES
from sync.link import Link, installation_of
from sync.sheets import Sheets, metadata

ROWS = 330_000  # with the tabs beside it, what a spreadsheet of ten million cells holds
PLACES = 9  # rows that somebody types into, from one end to the other
PATIENCE = 600.0
JSON = {"Content-Type": "application/json"}
_ANY, _READ = 90.0, 180.0  # seconds


def run() -> list[BenchRow]:
    return measured(ROWS)


def measured(rows: int) -> list[BenchRow]:
    """The same at any size."""
    with filled(1) as found, tempfile.TemporaryDirectory() as folder:
        http = found.http()
        book = local.create(http, "Seen", "Asia/Kolkata", None)
        run_cycle(_link(http, book, Path(folder) / "first.db"), datetime.now(UTC), attended=True)
        _fill(http, book, rows)
        link = _link(http, book, Path(folder) / "fresh.db")
        started = time.perf_counter()
        run_cycle(link, datetime.now(UTC), attended=True)
        read = time.perf_counter() - started
        with link.engine.connect() as conn:
            assert mirror.count(conn) == rows
        worker = working.Worker(link, SHIPPED)
        thread = threading.Thread(target=working.run, args=(worker,), kwargs={"on_signals": False})
        thread.start()
        try:
            end = max(_typed(link, http, book, [rows - 1, rows - 2]))
            anywhere = max(_typed(link, http, book, [2 + place * (rows - 200) // PLACES for place in range(PLACES)]))
        finally:
            worker.stop.set()
            thread.join()
    soon = SHIPPED + 2
    return [
        BenchRow(f"all {rows:,} rows into a fresh database", read, _READ, _READ / read, 0.0, "s"),
        BenchRow("typed into any row, longest", anywhere, _ANY, _ANY / anywhere, 1.0, f"s, of {PLACES} rows at once"),
        BenchRow("typed into the last rows, longest", end, soon, soon / end, 1.0, "s, cycle + 2 s"),
    ]


def _link(http: RebasedHTTPClient, book: str, database: Path) -> Link:
    engine = open_database(f"sqlite:///{database}")
    return Link(Sheets(http, book), engine, default_config(), installation_of("bench"), "bench")


def _fill(http: RebasedHTTPClient, book: str, rows: int) -> None:
    """Somebody pastes a whole book of leads, ids and all."""
    grid = {"properties": {"sheetId": _master(http, book), "gridProperties": {"rowCount": rows + 50}}}
    larger = {"updateSheetProperties": {**grid, "fields": "gridProperties.rowCount"}}
    http.request("post", f"{Sheets(http, book).url}:batchUpdate", json={"requests": [larger]})
    for start in range(0, rows, BATCH):
        cells = [row(number) for number in range(start, min(start + BATCH, rows))]
        url = f"{Sheets(http, book).url}/values/{TITLES['master']}!A{start + 2}:append"
        asked = {"valueInputOption": "RAW", "insertDataOption": "OVERWRITE"}
        http.request(
            "post",
            url,
            params=asked,
            data=orjson.dumps({"values": cells}),
            headers={"Content-Type": "application/json"},
        )


def _master(http: RebasedHTTPClient, book: str) -> int:
    return next(one.tab.sheet_id for one in metadata(Sheets(http, book)).tabs if one.tab.title == TITLES["master"])


def _typed(link: Link, http: RebasedHTTPClient, book: str, places: list[int]) -> list[float]:
    """Seconds until the app shows what was typed into these rows (1-based), all at once."""
    column = chr(ord("A") + NAMES.index("city"))
    said = {f"L{_id(number)}": f"Town {time.time():.6f}" for number in places}
    data = [
        {"range": f"{TITLES['master']}!{column}{number}", "values": [[town]]}
        for number, town in zip(places, said.values(), strict=True)
    ]
    started = time.perf_counter()
    http.request("post", f"{Sheets(http, book).url}/values:batchUpdate", json={"valueInputOption": "RAW", "data": data})
    taken: dict[str, float] = {}
    until(lambda: _look(link, said, taken, started), PATIENCE)
    return list(taken.values())


def _id(number: int) -> str:
    return str(row(number - 2)[NAMES.index("lead_id")]).removeprefix("L")


def _look(link: Link, said: dict[str, str], taken: dict[str, float], started: float) -> bool:
    with link.engine.connect() as conn:
        for lead_id in said.keys() - taken.keys():
            lead = mirror.lead(conn, lead_id)
            if lead and lead.city == said[lead_id]:
                taken[lead_id] = time.perf_counter() - started
    return len(taken) == len(said)
