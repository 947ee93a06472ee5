"""One holder at a time, however many ask at once."""

from __future__ import annotations

import multiprocessing
import multiprocessing.queues
import multiprocessing.synchronize
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

from sqlalchemy import Engine

from store import lease
from store.database import open_database
from tests.born import processes
from tests.store.leads import NOW


def test_held_renewed_over_and_given_back(engine: Engine) -> None:
    with engine.begin() as conn:
        assert lease.take(conn, "flush", "a", NOW, 30)
        assert not lease.take(conn, "flush", "b", NOW + timedelta(seconds=29.999), 30)
        assert lease.take(conn, "other", "b", NOW, 30)
        assert lease.take(conn, "flush", "a", NOW + timedelta(seconds=20), 30)
        assert lease.holder(conn, "flush", NOW + timedelta(seconds=49)) == "a"
        assert lease.holder(conn, "flush", NOW + timedelta(seconds=50)) is None
        assert lease.take(conn, "flush", "b", NOW + timedelta(seconds=50), 30)
        lease.give_back(conn, "flush", "a")  # too late, it is another's
        assert not lease.take(conn, "flush", "a", NOW + timedelta(seconds=50), 30)
        lease.give_back(conn, "flush", "b")
        assert lease.take(conn, "flush", "a", NOW, 30)


def test_of_threads_at_once_one_has_it(engine: Engine) -> None:
    start = Barrier(6)

    def takes(n: int) -> bool:
        start.wait()
        with engine.begin() as conn:
            return lease.take(conn, "flush", f"thread {n}", NOW, 30)

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(takes, range(6))) == [False] * 5 + [True]


def _take(
    url: str, owner: str, start: multiprocessing.synchronize.Barrier, results: multiprocessing.queues.Queue[list[bool]]
) -> None:
    engine = open_database(url)
    start.wait()
    taken = []
    for round_ in range(20):
        with engine.begin() as conn:
            taken.append(lease.take(conn, f"round {round_}", owner, NOW, 30))
    results.put(taken)
    engine.dispose()


def test_of_two_processes_one_has_it_each_time(engine: Engine, url: str) -> None:
    forked = processes()
    start, results = forked.Barrier(2), forked.Queue()
    racing = [forked.Process(target=_take, args=(url, owner, start, results)) for owner in ("web", "worker")]
    for process in racing:
        process.start()
    mine, theirs = results.get(timeout=60), results.get(timeout=60)
    for process in racing:
        process.join(60)
    assert all(one != other for one, other in zip(mine, theirs, strict=True))
    assert len(mine) == 20
