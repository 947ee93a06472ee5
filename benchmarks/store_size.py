"""The store at 340,000 leads beside bare sqlite3: a plain table of the same values, with the indexes that one would
give it.

`run()` gives the report's rows. The peer keeps no base, no counters, no search and no overlay; it says what the same
question costs without them.
"""

from __future__ import annotations

import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine

from benchmarks.rows import BenchRow, render
from core.model import Change, ChangeKind, Lead
from store import mirror, outbox, search
from store.database import database_url, open_database, reading
from store.mirror import SheetLead
from store.rows import CONTENT, to_row
from store.search import LeadQuery

LEADS = 340_000
_ROUNDS = 5
_SECONDS_FOR_ALL = 120.0
_START = datetime(2026, 1, 1, tzinfo=UTC)
_FIRST = ("Asha", "Ravi", "Meera", "Arjun", "Divya", "Sanjay", "Lakshmi", "Farah", "Joseph", "Gita", "अनु", "Zoë")
_LAST = ("Rao", "Iyer", "Sharma", "Nair", "Khan", "Das", "Patel", "Singh", "Bose", "Menon", "O'Brien")
_STATUSES = ("New Lead", "Initial Contact", "Follow Up 1", "Follow Up 2", "Interested", "Member", "Lost - No Response")
_WORDS = ("called", "mother", "story", "hour", "weekend", "visit", "library", "brochure", "sent", "asked", "siblings")


def made_leads(count: int, seed: int = 7) -> Iterator[Lead]:
    """Made-up leads, the same for the same seed."""
    chance = random.Random(seed)
    for n in range(count):
        first, last = chance.choice(_FIRST), chance.choice(_LAST)
        yield Lead(
            f"L{n:08d}",
            full_name=f"{first} {last}",
            phone_number=f"+919{n * 7919 % 10**9:09d}",
            email=f"reader{n}@example.in" if n % 4 else None,
            city=f"City {chance.randrange(40)}",
            lead_date=date(2025, 1, 1) + timedelta(days=chance.randrange(600)),
            status=chance.choice(_STATUSES),
            priority=chance.choice(("Low", "Medium", "High", "Urgent")),
            lead_score=chance.randrange(101),
            lead_source=chance.choice(("Website", "Event", "Referral", "Walk-in")),
            assigned_to=chance.choice(("Asha", "Ravi", "Meera", None)),
            next_follow_up=date(2026, 1, 1) + timedelta(days=chance.randrange(400)),
            notes=" ".join(chance.choices(_WORDS, k=8)),
            child_name=chance.choice(_FIRST),
            child_age=chance.randrange(3, 13),
            source_tab="Form Responses 1",
            source_key=f"{n:024x}",
            created_at=_START + timedelta(seconds=n),
            updated_at=_START + timedelta(seconds=2 * n),
        )


def run() -> list[BenchRow]:
    """Loads both once, then medians of five rounds, taken in turns; first the answers are compared."""
    with tempfile.TemporaryDirectory(prefix="bumuk-store-size-") as folder:
        engine = open_database(database_url(None, Path(folder)))
        plain = sqlite3.connect(Path(folder) / "plain.db")
        try:
            return [*_load(engine, plain), *_ask(engine, plain)]
        finally:
            plain.close()
            engine.dispose()


def _load(engine: Engine, plain: sqlite3.Connection) -> list[BenchRow]:
    seen = [SheetLead(lead, n + 2, f"{n:032x}") for n, lead in enumerate(made_leads(LEADS))]
    ours = _seconds(lambda: _put(engine, seen))
    peer = _seconds(lambda: _fill(plain, seen))
    window = seen[100_000:150_000]
    again = _seconds(lambda: _put(engine, window))
    limit = f"seconds; the promise is {_SECONDS_FOR_ALL:g}"
    return [
        BenchRow("mirror 340,000 leads", ours, _SECONDS_FOR_ALL, _SECONDS_FOR_ALL / ours, 1.0, limit),
        BenchRow("mirror 340,000 leads", ours, peer, peer / ours, 0.0, "seconds; peer: bare table and two indexes"),
        BenchRow(
            "a window of 50,000, unchanged", again, peer * 5 / 34, peer * 5 / 34 / again, 0.0, "seconds; as above"
        ),
    ]


def _ask(engine: Engine, plain: sqlite3.Connection) -> list[BenchRow]:
    deep = _cursor_at(engine, LeadQuery(sort="created_at"), 20_000)
    due, made = "next_follow_up", "created_at"
    either = "full_name LIKE 'Zoë%' OR child_name LIKE 'Zoë%'"
    questions: list[tuple[str, LeadQuery, str | None, str, str, float]] = [
        ("page of 50 by follow-up", LeadQuery(), None, "1=1", due, 0.0),
        ("page of 50 of a status", LeadQuery(status="Member"), None, "status = 'Member'", due, 0.0),
        ("page at row 20,000", LeadQuery(sort="created_at"), deep, "1=1", made, 1.0),
        ("search: nine digits", LeadQuery(q="000 007-919"), None, "phone_number LIKE '%000007919%'", due, 10.0),
        ("search: o'brien", LeadQuery(q="o'brien"), None, "full_name LIKE '%o''brien%'", due, 1.0),
        ("search: two letters", LeadQuery(q="zo"), None, either, due, 0.0),
    ]
    rows: list[BenchRow] = []
    for name, query, cursor, where, order, target in questions:
        offset = 20_000 if cursor else 0
        _same_answer(_page(engine, query, cursor), _plain_page(plain, where, order, offset), name)
        ours, peer = [], []
        for _ in range(_ROUNDS):
            ours.append(_seconds(lambda q=query, c=cursor: _page(engine, q, c)))  # type: ignore[misc]  # bound now
            peer.append(_seconds(lambda w=where, o=order, n=offset: _plain_page(plain, w, o, n)))  # type: ignore[misc]
        mine, other = statistics.median(ours) * 1e3, statistics.median(peer) * 1e3
        rows.append(
            BenchRow(f"{name}, with its total", mine, other, other / mine, target, "ms; peer: SELECT and count(*)")
        )
    return [*rows, _edits(engine, plain)]


def _same_answer(ours: search.LeadPage, peer: tuple[int, list[tuple[object, ...]]], name: str) -> None:
    total, rows = peer
    if (ours.total, [lead.lead_id for lead in ours.leads]) != (total, [row[0] for row in rows]):
        raise AssertionError(f"{name}: the two do not answer the same")


def _edits(engine: Engine, plain: sqlite3.Connection) -> BenchRow:
    ours, peer = [], []
    for n in range(_ROUNDS * 3):
        change = Change(f"c{n}", f"L{n:08d}", ChangeKind.UPDATE, {"status": ("New Lead", "Member")}, "Asha", _START)
        ours.append(_seconds(lambda c=change: _enqueue(engine, c)))  # type: ignore[misc]  # bound now
        peer.append(_seconds(lambda i=change.lead_id: _plain_edit(plain, i)))  # type: ignore[misc]
    mine, other = statistics.median(ours) * 1e3, statistics.median(peer) * 1e3
    return BenchRow("an edit, safe on disk", mine, other, other / mine, 0.0, "ms; peer: bare UPDATE, synchronous=FULL")


def _put(engine: Engine, seen: list[SheetLead]) -> None:
    with engine.begin() as conn:
        mirror.put_synced(conn, seen)


def _enqueue(engine: Engine, change: Change) -> None:
    with engine.begin() as conn:
        outbox.enqueue(conn, [change])


def _page(engine: Engine, query: LeadQuery, cursor: str | None) -> search.LeadPage:
    with reading(engine) as conn:
        return search.page(conn, query, 50, cursor)


def _cursor_at(engine: Engine, query: LeadQuery, depth: int) -> str | None:
    cursor: str | None = None
    with reading(engine) as conn:
        for _ in range(depth // 500):
            cursor = search.page(conn, query, 500, cursor).next_cursor
    return cursor


def _fill(plain: sqlite3.Connection, seen: list[SheetLead]) -> None:
    plain.execute("PRAGMA journal_mode=WAL")
    plain.execute("PRAGMA synchronous=FULL")
    plain.execute(f"CREATE TABLE leads ({', '.join(CONTENT)}, PRIMARY KEY (lead_id))")
    marks = ", ".join("?" * len(CONTENT))
    with plain:
        plain.executemany(f"INSERT INTO leads VALUES ({marks})", (to_row(one.lead) for one in seen))
        plain.execute("CREATE INDEX by_follow_up ON leads (next_follow_up, lead_id)")
        plain.execute("CREATE INDEX by_status ON leads (status, next_follow_up, lead_id)")


def _plain_page(plain: sqlite3.Connection, where: str, order: str, offset: int) -> tuple[int, list[tuple[object, ...]]]:
    paged = f"SELECT * FROM leads WHERE {where} ORDER BY {order}, lead_id LIMIT 50 OFFSET {offset}"
    rows = plain.execute(paged).fetchall()
    return int(plain.execute(f"SELECT count(*) FROM leads WHERE {where}").fetchone()[0]), rows


def _plain_edit(plain: sqlite3.Connection, lead_id: str) -> None:
    with plain:
        plain.execute("UPDATE leads SET status = 'Member' WHERE lead_id = ?", (lead_id,))


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    print(render(run()))
