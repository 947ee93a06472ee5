"""The web app at 340,000 leads under gunicorn with two workers, beside its peers in one run.

Peers: a tiny Flask and Jinja app that renders the same 50 rows from memory with the very template of ours (`peers.
static_table`), Datasette's page of the same 50 rows (facets and their suggestions off), and pandas' `str.contains`.
Requests are sent one after the other by two clients, in turns between the servers; figures are medians of five rounds.
"""

from __future__ import annotations

import http.client
import os
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from benchmarks.rows import BenchRow, render
from benchmarks.store_size import made_leads
from store import mirror, search, state, users
from store.database import database_url, open_database, reading
from store.mirror import SheetLead
from store.search import LeadQuery
from store.state import SyncStatus
from store.texts import haystack

LEADS, FEW = 340_000, 4_000
_ROUNDS, _SECONDS, _CLIENTS = 5, 1.5, 2
_KEY = "only for the bench"
_TYPED = (
    *("9", "07", "0791", "007919", "as", "ash", "asha", "o'b", "o'brien", "zoe", "अनु", "reader12", "city 1"),
    *("siblings", "sharma story", "rao brochure", "zzzz", "meera 919"),
)
_PLAIN = (
    "SELECT lead_id, full_name, child_name, child_age, phone_number, status, priority, lead_score, next_follow_up, "
    "assigned_to, lead_source FROM leads"
)


@dataclass(frozen=True, slots=True)
class Served:
    """A server of the bench: where, and what its clients send."""

    port: int
    headers: dict[str, str]


def run() -> list[BenchRow]:
    with tempfile.TemporaryDirectory(prefix="bumuk-web-") as folder:
        large, small = Path(folder) / "large", Path(folder) / "small"
        for place, count in ((large, LEADS), (small, FEW)):
            _fill(place, count)
        return [*_pages(large, small), *_search(large)]


def _fill(folder: Path, count: int) -> None:
    engine = open_database(database_url(None, folder))
    with engine.begin() as conn:
        mirror.put_synced(conn, (SheetLead(lead, n + 2, "") for n, lead in enumerate(made_leads(count))))
        now = datetime.now(UTC)
        state.write_status(conn, SyncStatus(last_cycle_at=now, last_good_at=now, lag_seconds=1.0))
    engine.dispose()


def _pages(large: Path, small: Path) -> list[BenchRow]:
    with _ours(large) as ours, _ours(small) as few, _static(large) as static, _datasette(large) as datasette:
        asked = {
            "leads": (ours, _cycle(["/leads"])),
            "cold": (ours, _walk(large)),
            "few": (few, _cycle(["/leads"])),
            "today": (ours, _cycle(["/"])),
            "dashboard": (ours, _cycle(["/dashboard"])),
            "static": (static, _cycle(["/"])),
            "datasette": (
                datasette,
                _cycle(["/plain/leads?_size=50&_sort=next_follow_up&_nofacet=1&_nosuggest=1&_nocount=1"]),
            ),
        }
        measured: dict[str, list[tuple[float, float]]] = {name: [] for name in asked}
        for server, paths in asked.values():  # the first requests open files and compile templates
            _ask(server, [next(paths) for _ in range(4)])
        for _ in range(_ROUNDS):
            for name, (server, paths) in asked.items():
                measured[name].append(_load(server, paths))
    rate = {name: statistics.median(per_second for per_second, _ in found) for name, found in measured.items()}
    p50 = {name: statistics.median(ms for _, ms in found) for name, found in measured.items()}

    def beside(what: str, mine: str, peer: str, target: float, note: str) -> BenchRow:
        return BenchRow(what, rate[mine], rate[peer], rate[mine] / rate[peer], target, f"requests/s; {note}")

    return [
        beside("leads page", "leads", "static", 0.8, "peer: the same 50 rows from memory, Flask and Jinja"),
        beside(
            "leads pages, each another one", "cold", "static", 0.0, "as above; nothing is kept between two requests"
        ),
        beside("leads page", "leads", "datasette", 5.0, "peer: Datasette, facets and suggestions off"),
        beside("leads pages, each another one", "cold", "datasette", 5.0, "as above"),
        beside("Today", "today", "leads", 0.5, "peer: our leads page"),
        beside("Dashboard", "dashboard", "leads", 0.5, "peer: our leads page"),
        BenchRow(
            "p50 of the leads page at 340,000",
            p50["leads"],
            p50["few"],
            p50["few"] / p50["leads"],
            1 / 1.5,
            "ms; peer: at 4,000",
        ),
    ]


def _cycle(paths: Sequence[str]) -> Iterator[str]:
    while True:
        yield from paths


def _walk(folder: Path) -> Iterator[str]:
    """The list's pages one after the other: each asks for rows that no request has asked for before."""
    engine = open_database(database_url(None, folder))
    query, cursor = LeadQuery(), None
    with reading(engine) as conn:
        while True:
            cursor = search.page(conn, query, 50, cursor, exact=False).next_cursor
            yield f"/leads?cursor={cursor}" if cursor else "/leads"


def _load(server: Served, paths: Iterator[str]) -> tuple[float, float]:
    """Requests per second of two clients, and their median time in ms."""
    parts = [[next(paths) for _ in range(400)] for _ in range(_CLIENTS)]
    started = time.perf_counter()
    with ThreadPoolExecutor(_CLIENTS) as clients:
        times = [ms for found in clients.map(lambda part: _ask(server, part, _SECONDS), parts) for ms in found]
    return len(times) / (time.perf_counter() - started), statistics.median(times)


def _ask(server: Served, paths: Sequence[str], seconds: float = 60.0) -> list[float]:
    """How long each request took, in ms, for as many as fit into the time (the paths again, if they are too few)."""
    link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    until, times, at = time.perf_counter() + seconds, [], 0
    while (started := time.perf_counter()) < until and at < (len(paths) if seconds == 60.0 else 10**9):
        link.request("GET", paths[at % len(paths)], headers=server.headers)
        answer = link.getresponse()
        body = answer.read()
        if answer.status != 200 or len(body) < 2_000:
            raise AssertionError(f"{paths[at % len(paths)]}: {answer.status} {body[:200]!r}")
        times.append((time.perf_counter() - started) * 1e3)
        at += 1
    link.close()
    return times


@contextmanager
def _ours(folder: Path) -> Iterator[Served]:
    environment = {
        "DATA_DIR": str(folder),
        "SECRET_KEY": _KEY,
        "SPREADSHEET_ID": "bench",
        "SHEETS_API_URL": "http://127.0.0.1:9",
    }
    with _gunicorn("bumuk:web_from_environment()", environment) as port:
        yield Served(port, {"Cookie": _session(folder, port)})


def _session(folder: Path, port: int) -> str:
    """Signs in as a person does: a one-time link, its form, a session."""
    engine = open_database(database_url(None, folder))
    with engine.begin() as conn:
        user = users.put_user(conn, "Neha", "neha@example.com", "admin")
        link = "/login/" + users.create_link(conn, user.user_id, datetime.now(UTC), 60)
    engine.dispose()
    first = _request(port, "GET", link, {})
    token = first[1].split('name="csrf_token" value="')[1].split('"')[0]
    form = {
        "Cookie": first[0],
        "Content-Type": "application/x-www-form-urlencoded",
        "Referer": f"http://127.0.0.1:{port}/",
    }
    return _request(port, "POST", link, form, f"csrf_token={token}")[0]


def _request(port: int, method: str, path: str, headers: dict[str, str], body: str | None = None) -> tuple[str, str]:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=180)
    link.request(method, path, body, headers)
    answer = link.getresponse()
    told = answer.read().decode()
    return (answer.getheader("Set-Cookie") or "").split(";")[0], told


@contextmanager
def _static(folder: Path) -> Iterator[Served]:
    with _gunicorn("benchmarks.peers.static_table:create()", {"DATA_DIR": str(folder)}) as port:
        yield Served(port, {})


@contextmanager
def _datasette(folder: Path) -> Iterator[Served]:
    """Datasette on a plain table of the same leads, with the index that the order asks for."""
    plain = folder / "plain.db"
    with sqlite3.connect(folder / "bumuk.db") as conn:
        conn.execute("ATTACH ? AS plain", (str(plain),))
        conn.execute(f"CREATE TABLE plain.leads AS {_PLAIN}")
        conn.execute("CREATE INDEX plain.by_day ON leads (next_follow_up)")
    options = ["--setting", "suggest_facets", "off", "--setting", "allow_facet", "off"]
    with _server(["-m", "datasette", str(plain), "--host", "127.0.0.1", *options, "--port"], {}) as port:
        yield Served(port, {})


@contextmanager
def _gunicorn(app: str, environment: dict[str, str]) -> Iterator[int]:
    command = ["-m", "gunicorn", "--workers", "2", "--threads", "4", "--log-level", "error", app, "--bind"]
    with _server(command, environment, bind=True) as port:
        yield port


@contextmanager
def _server(command: list[str], environment: dict[str, str], *, bind: bool = False) -> Iterator[int]:
    port = _free_port()
    last = f"127.0.0.1:{port}" if bind else str(port)
    process = subprocess.Popen(
        [sys.executable, *command, last],
        env=os.environ | environment,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait(port)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int) -> None:
    """Until it answers; gunicorn listens before its workers are there."""
    until = time.monotonic() + 180
    while time.monotonic() < until:
        try:
            _request(port, "GET", "/", {})
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"nothing answers at {port}")


def _search(folder: Path) -> list[BenchRow]:
    """Each fragment that is typed: our page of 50 with its count beside pandas over the same texts; first the two must
    find the same leads, all of them."""
    import pandas as pd

    engine = open_database(database_url(None, folder))
    leads = list(made_leads(LEADS))
    texts = [(haystack(lead).split("\n") + [""] * 7)[:7] for lead in leads]  # name, child, e-mail, city, notes, phones
    frame = pd.DataFrame(texts, index=[lead.lead_id for lead in leads])
    ratios, mine, theirs = [], [], []
    for typed in _TYPED:
        with reading(engine) as conn:
            _same(set(search.ids(conn, LeadQuery(q=typed))), _pandas(frame, typed), typed)
        ours = statistics.median(_seconds(lambda q=typed: _page(engine, q)) for _ in range(_ROUNDS))  # type: ignore[misc]
        peer = statistics.median(_seconds(lambda q=typed: _pandas(frame, q)) for _ in range(3))  # type: ignore[misc]
        mine.append(ours * 1e3)
        theirs.append(peer * 1e3)
        ratios.append(peer / ours)
    engine.dispose()
    slowest = min(range(len(ratios)), key=lambda at: ratios[at])
    return [
        BenchRow(
            f"search as one types, median of {len(_TYPED)}",
            statistics.median(mine),
            statistics.median(theirs),
            statistics.median(ratios),
            100.0,
            "ms; peer: pandas str.contains, every result the same",
        ),
        BenchRow(
            f"the same, slowest of all (“{_TYPED[slowest]}”)",
            mine[slowest],
            theirs[slowest],
            ratios[slowest],
            0.0,
            "ms; as above",
        ),
    ]


def _page(engine: Engine, typed: str) -> search.LeadPage:
    with reading(engine) as conn:
        return search.page(conn, LeadQuery(q=typed), 50, exact=False)


def _pandas(frame: object, typed: str) -> set[str]:
    """As such apps search: `str.contains` over each column, case aside, any of them, for every word."""
    import pandas as pd

    assert isinstance(frame, pd.DataFrame)
    found = pd.Series(True, index=frame.index)  # all of them, to begin with
    for word in typed.split():
        in_any = pd.Series(False, index=frame.index)
        for name in frame.columns:
            in_any |= frame[name].str.contains(word, case=False, regex=False)
        found &= in_any
    return set(frame.index[found])


def _same(ours: set[str], peer: set[str], typed: str) -> None:
    if ours != peer:
        raise AssertionError(f"{typed}: {len(ours)} and {len(peer)} leads found; {sorted(ours ^ peer)[:5]}")


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    print(render(run()))
