"""Servers for the web's bench, each on a port of its own, and clients that ask them as fast as they answer."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from store import users
from store.database import database_url, open_database

_SECONDS, _CLIENTS = 1.0, 2
_KEY = "only for the bench"
_PLAIN = (
    "SELECT lead_id, full_name, child_name, child_age, phone_number, status, priority, lead_score, next_follow_up, "
    "assigned_to, lead_source FROM leads"
)


@dataclass(frozen=True, slots=True)
class Served:
    """A server of the bench: where, and what its clients send."""

    port: int
    headers: dict[str, str]


def load(server: Served, paths: Iterator[str]) -> tuple[float, float]:
    """Requests per second of two clients, and their median time in ms."""
    parts = [[next(paths) for _ in range(400)] for _ in range(_CLIENTS)]
    started = time.perf_counter()
    with ThreadPoolExecutor(_CLIENTS) as clients:
        times = [ms for found in clients.map(lambda part: ask(server, part, _SECONDS), parts) for ms in found]
    return len(times) / (time.perf_counter() - started), statistics.median(times)


def ask(server: Served, paths: Sequence[str], seconds: float = 60.0) -> list[float]:
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


def body_of(server: Served, path: str) -> bytes:
    link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    link.request("GET", path, headers=server.headers | {"Accept-Encoding": "gzip"})
    answer = link.getresponse()
    if answer.status != 200:
        raise AssertionError(f"{path}: {answer.status}")
    return answer.read()


@contextmanager
def ours(folder: Path) -> Iterator[Served]:
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
def static(folder: Path) -> Iterator[Served]:
    with _gunicorn("benchmarks.peers.static_table:create()", {"DATA_DIR": str(folder)}) as port:
        yield Served(port, {})


@contextmanager
def datasette(folder: Path) -> Iterator[Served]:
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
