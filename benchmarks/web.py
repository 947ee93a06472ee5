"""The web app at 340,000 leads under gunicorn with two workers, beside its peers in one run.

Peers: a tiny Flask and Jinja app that renders the same 50 rows from memory with the very template of ours (`peers.
static_table`), Datasette's page of the same 50 rows (facets and their suggestions off), and pandas' `str.contains`.
Requests are sent one after the other by two clients, in turns between the servers; figures are medians of five rounds.
Pandas is asked once for each search: the answer that ours is compared with is the one that is timed.
"""

from __future__ import annotations

import gzip
import re
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.finding import searches
from benchmarks.rows import BenchRow, render
from benchmarks.serving import Served, ask, body_of, datasette, load, ours, static
from benchmarks.store_size import made_leads
from store import mirror, search, state
from store.database import database_url, open_database, reading
from store.mirror import SheetLead
from store.search import LeadQuery
from store.state import SyncStatus

LEADS, FEW = 340_000, 4_000
_ROUNDS = 5


def run() -> list[BenchRow]:
    with tempfile.TemporaryDirectory(prefix="bumuk-web-") as folder:
        large, small = Path(folder) / "large", Path(folder) / "small"
        for place, count in ((large, LEADS), (small, FEW)):
            _fill(place, count)
        return [*_pages(large, small), *searches(large, made_leads(LEADS))]


def _fill(folder: Path, count: int) -> None:
    engine = open_database(database_url(None, folder))
    with engine.begin() as conn:
        mirror.put_synced(conn, (SheetLead(lead, n + 2, "") for n, lead in enumerate(made_leads(count))))
        now = datetime.now(UTC)
        state.write_status(conn, SyncStatus(last_cycle_at=now, last_good_at=now, lag_seconds=1.0))
    engine.dispose()


def _pages(large: Path, small: Path) -> list[BenchRow]:
    with ours(large) as book, ours(small) as few, static(large) as table, datasette(large) as plain:
        asked = {
            "leads": (book, _cycle(["/leads"])),
            "cold": (book, _walk(large)),
            "few": (few, _cycle(["/leads"])),
            "today": (book, _cycle(["/"])),
            "few today": (few, _cycle(["/"])),
            "dashboard": (book, _cycle(["/dashboard"])),
            "few dashboard": (few, _cycle(["/dashboard"])),
            "static": (table, _cycle(["/"])),
            "datasette": (
                plain,
                _cycle(["/plain/leads?_size=50&_sort=next_follow_up&_nofacet=1&_nosuggest=1&_nocount=1"]),
            ),
        }
        measured: dict[str, list[tuple[float, float]]] = {name: [] for name in asked}
        for server, paths in asked.values():  # the first requests open files and compile templates
            ask(server, [next(paths) for _ in range(4)])
        for _ in range(_ROUNDS):
            for name, (server, paths) in asked.items():
                measured[name].append(load(server, paths))
        first = _first_load(book)
    rate = {name: statistics.median(per_second for per_second, _ in found) for name, found in measured.items()}
    p50 = {name: min(ms for _, ms in found) for name, found in measured.items()}  # of the round least disturbed

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
        *(
            BenchRow(
                f"p50 of {words} at 340,000", p50[large], p50[at], p50[at] / p50[large], target, "ms; peer: at 4,000"
            )
            for words, large, at, target in (
                ("the leads page", "leads", "few", 1 / 1.5),
                ("Today", "today", "few today", 1 / 1.5),
                ("Dashboard", "dashboard", "few dashboard", 1 / 1.5),
            )
        ),
        BenchRow("first load of the leads page", first, 150, 150 / first, 1.0, "KB gz with all it asks for; peer: 150"),
    ]


def _first_load(server: Served) -> float:
    """KB of the leads page and of everything that it names, compressed as a browser gets it."""
    page = body_of(server, "/leads")
    html = gzip.decompress(page).decode()
    asked = set(re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js|svg|woff2)[^"]*)"', html))
    asked |= {f"/static/vendor/source-{face}.woff2" for face in ("sans-3", "serif-4")}  # named by base.css
    return (len(page) + sum(len(body_of(server, path.replace("&amp;", "&"))) for path in asked)) / 1024


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


if __name__ == "__main__":
    print(render(run()))
