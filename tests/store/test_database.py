"""Opening, migrating, reading and writing at once."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, select, text, update
from sqlalchemy.exc import DBAPIError

from core.model import Lead
from store import database, migrate, mirror, search, state, text_index
from store.database import database_url, open_database, reading
from store.mirror import SheetLead
from store.schema import listed, metadata, texts
from store.search import LeadQuery
from tests.born import processes


@pytest.fixture(autouse=True)
def migrated_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each database of these tests goes the whole way to head; others are copies of one that has."""
    monkeypatch.setattr(database, "migrate", migrate.migrate)


@pytest.mark.parametrize(
    ("given", "opened"),
    [
        (
            "postgres://u:p%40ss@host:5433/db?sslmode=require",
            "postgresql+psycopg://u:p%40ss@host:5433/db?sslmode=require",
        ),
        ("postgresql://host/db", "postgresql+psycopg://host/db"),
        ("postgresql+psycopg://host/db", "postgresql+psycopg://host/db"),
        ("sqlite:////var/lib/bumuk.db", "sqlite:////var/lib/bumuk.db"),
    ],
)
def test_addresses_as_hosts_give_them(given: str, opened: str, tmp_path: Path) -> None:
    assert database_url(given, tmp_path) == opened


@pytest.mark.parametrize("given", [None, ""])
def test_without_an_address_it_stands_in_the_data_folder(given: str | None, tmp_path: Path) -> None:
    assert database_url(given, tmp_path) == f"sqlite:///{tmp_path}/bumuk.db"


@pytest.mark.parametrize(
    "given", ["mysql://root:hunter2@host/db", "rubbish hunter2", "sqlite://", "sqlite:///:memory:"]
)
def test_other_addresses_are_refused_without_telling_the_password(given: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="DATABASE_URL") as refused:
        database_url(given, tmp_path)
    assert "hunter2" not in str(refused.value)


def test_the_schema_in_code_is_the_schema_of_the_migrations(engine: Engine) -> None:
    with reading(engine) as conn:
        ours = {"include_object": lambda _o, name, *_: not str(name).startswith(("text_index", "ix_texts_haystack"))}
        assert compare_metadata(MigrationContext.configure(conn, opts=ours), metadata) == []
    assert ScriptDirectory.from_config(migrate.alembic_config()).get_current_head() == migrate.HEAD


def test_a_folder_is_made_and_the_file_is_the_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "new folder %20" / "bumuk.db"
    engine = open_database(database_url(None, path.parent))
    with engine.begin() as conn:
        state.put(conn, "a", "b")
        for made in (path, path.with_name("bumuk.db-wal")):
            assert stat.S_IMODE(made.stat().st_mode) == 0o600
    engine.dispose()


def _open(url: str, start: object, results: object) -> None:
    start.wait()  # type: ignore[attr-defined]  # a multiprocessing barrier
    engine = open_database(url)
    with engine.begin() as conn:
        state.put(conn, "opened", "yes")
    results.put(engine.dialect.name)  # type: ignore[attr-defined]  # a multiprocessing queue


def test_several_processes_open_a_new_database_at_once(empty_url: str, backend: str) -> None:
    forked = processes()
    start, results = forked.Barrier(4), forked.Queue()
    opening = [forked.Process(target=_open, args=(empty_url, start, results)) for _ in range(4)]
    for process in opening:
        process.start()
    for process in opening:
        process.join(60)
    assert [process.exitcode for process in opening] == [0, 0, 0, 0]
    assert [results.get(timeout=5) for _ in opening] == [backend] * 4


def test_several_threads_open_a_new_database_at_once(empty_url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        opened = list(pool.map(open_database, [empty_url] * 4))
    for engine in opened:
        with engine.begin() as conn:
            state.put(conn, "opened", "yes")
        engine.dispose()


def test_a_database_of_a_newer_program_is_refused(engine: Engine, url: str) -> None:
    with engine.begin() as conn:
        conn.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(migrate.NewerDatabase, match="9999"):
        open_database(url)


def test_reading_refuses_to_write_and_the_connection_can_write_again_later(engine: Engine) -> None:
    with pytest.raises(DBAPIError, match=r"read-?only"), reading(engine) as conn:
        state.put(conn, "a", "b")
    for _ in range(20):  # whichever connection of the pool it gets
        with engine.begin() as conn:
            state.put(conn, "a", "c")


def test_a_reader_keeps_its_picture_and_does_not_wait_for_a_writer(engine: Engine) -> None:
    with engine.begin() as writer:
        state.put(writer, "a", "1")
    with reading(engine) as reader:
        assert state.get(reader, "a") == "1"
        with engine.begin() as writer:
            state.put(writer, "a", "2")
        assert state.get(reader, "a") == "1"
    with reading(engine) as reader:
        assert state.get(reader, "a") == "2"


def test_writers_at_once_wait_for_each_other(engine: Engine) -> None:
    """Each reads, then writes: without a write lock from the start SQLite would refuse all but one as busy."""
    with engine.begin() as conn:
        conn.execute(text("INSERT INTO counters VALUES ('test', '', '', 0)"))

    def adds(_: int) -> None:
        for _ in range(20):
            with engine.begin() as conn:
                lock = " FOR UPDATE" if conn.dialect.name == "postgresql" else ""
                n = conn.scalar(text("SELECT n FROM counters WHERE kind = 'test'" + lock))
                conn.execute(text("UPDATE counters SET n = :n WHERE kind = 'test'"), {"n": (n or 0) + 1})

    with ThreadPoolExecutor(4) as pool:
        assert len(list(pool.map(adds, range(4)))) == 4
    with reading(engine) as conn:
        assert conn.scalar(text("SELECT n FROM counters WHERE kind = 'test'")) == 80


def test_sqlite_keeps_what_it_acknowledged_through_a_power_loss(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'a.db'}")
    with reading(engine) as conn:
        assert conn.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert conn.exec_driver_sql("PRAGMA synchronous").scalar() == 2  # FULL
    engine.dispose()


def test_the_fourth_step_counts_as_the_code_does(empty_url: str) -> None:
    """A database of the schema before comes out of the step as if its leads had been written after it."""
    engine = open_database(empty_url)
    with engine.begin() as conn:
        mirror.put_synced(conn, some_leads())
        counted = sorted(map(tuple, conn.execute(text("SELECT * FROM counters WHERE kind <> 'revision'"))))
        due = list(conn.scalars(text("SELECT due FROM listed ORDER BY pk")))
        for statement in (
            "ALTER TABLE issues DROP COLUMN pair",
            "DROP TABLE feeds",
            "DROP TABLE digests",
            "DELETE FROM counters WHERE kind IN ('fresh', 'person_fresh')",
            "UPDATE listed SET due = '2026-11-22' WHERE due = '~'",
            "UPDATE alembic_version SET version_num = '0003'",
        ):
            conn.execute(text(statement))
    engine.dispose()
    engine = open_database(empty_url)
    with reading(engine) as conn:
        assert sorted(map(tuple, conn.execute(text("SELECT * FROM counters WHERE kind <> 'revision'")))) == counted
        assert list(conn.scalars(text("SELECT due FROM listed ORDER BY pk"))) == due
    engine.dispose()


def test_the_sixth_step_finds_as_the_code_does(empty_url: str) -> None:
    """Texts that were folded before it are found by whoever searches now; the others stay as they are."""
    kept = [
        ("सूर्\u200dया", "सूर्या"),
        ("अन\u200cु", "अनु"),
        ("ര\u0d7b", "ര\u0d28\u0d4d"),
        ("asha \u200d rao", "asha rao"),
        ("zoe", "zoe"),
    ]
    engine = open_database(empty_url)
    with engine.begin() as conn:
        mirror.put_synced(conn, [SheetLead(Lead(f"L{n}", full_name=old), n, "") for n, (old, _) in enumerate(kept, 2)])
        new = kept_texts(conn)
        for pk, (old, _) in enumerate(kept, 1):  # as it was put before
            text_index.write(conn, {pk: old}, (), ())
            conn.execute(update(listed).where(listed.c.pk == pk).values(name=old))
        assert kept_texts(conn) != new
        conn.execute(text("UPDATE alembic_version SET version_num = '0005'"))
    engine.dispose()
    engine = open_database(empty_url)
    with reading(engine) as conn:
        assert kept_texts(conn) == new
        for n, (old, now) in enumerate(kept, 2):
            for asked in (old, now):
                assert [one.lead_id for one in search.page(conn, LeadQuery(q=asked), 5).leads] == [f"L{n}"]
    engine.dispose()


def kept_texts(conn: Connection) -> list[tuple[object, ...]]:
    query = select(texts.c.haystack, listed.c.name).join(listed, listed.c.pk == texts.c.pk)
    return list(map(tuple, conn.execute(query.order_by(texts.c.pk))))


def some_leads() -> list[SheetLead]:
    day, called = date(2026, 11, 22), datetime(2026, 11, 20, tzinfo=UTC)
    leads = [
        Lead("L1", status="New Lead", assigned_to="Neha", next_follow_up=day),
        Lead("L2", status="New Lead", next_follow_up=day, do_not_contact=True),
        Lead("L3", status="New Lead", assigned_to="Neha", last_contacted=called),
        Lead("L4", status="Member"),
    ]
    return [SheetLead(one, at, one.lead_id) for at, one in enumerate(leads, 2)]
