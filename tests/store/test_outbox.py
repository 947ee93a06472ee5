"""Edits on their way: safe when acknowledged, shown at once, put right when they lose."""

from __future__ import annotations

import multiprocessing
import multiprocessing.queues
import os
import signal
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from core.model import ChangeKind, ChangeState, Value
from store import counters, mirror, outbox, search, stopped
from store.database import open_database, reading
from store.rows import UnstorableLead
from tests.born import processes
from tests.store.leads import NOW, TODAY, change, lead, seen

MEMBER = {"status": ("New Lead", "Member")}


def put(engine: Engine, numbers: Iterable[int]) -> None:
    with engine.begin() as conn:
        mirror.put_synced(conn, [seen(lead(n)) for n in numbers])


def test_an_edit_shows_everywhere_at_once_and_base_stays(engine: Engine) -> None:
    put(engine, range(3))
    with engine.begin() as conn:
        before = counters.revision(conn)
        assert outbox.enqueue(conn, [change("c1", "L00000001", MEMBER)]) == 1
    with reading(engine) as conn:
        page = search.page(conn, search.LeadQuery(status="Member"), 10)
        assert [found.lead_id for found in page.leads] == ["L00000001"]
        assert page.marks["L00000001"].saving
        assert dict(counters.by(conn, "status")) == {"New Lead": 2, "Member": 1}
        base = mirror.base(conn, "L00000001")
        assert base is not None
        assert base.status == "New Lead"
        assert counters.revision(conn) > before


def test_an_edit_that_is_not_committed_never_was(engine: Engine) -> None:
    put(engine, [1])
    with engine.connect() as conn:
        outbox.enqueue(conn, [change("c1", "L00000001", MEMBER)])
    with reading(engine) as conn:
        assert outbox.pending_count(conn) == 0
        assert dict(counters.by(conn, "status")) == {"New Lead": 1}


def test_a_lost_edit_gives_way_to_what_the_sheet_shows(engine: Engine) -> None:
    put(engine, [1])
    with engine.begin() as conn:
        outbox.enqueue(conn, [change("c1", "L00000001", {**MEMBER, "notes": (None, "ours")})])
        mirror.put_synced(conn, [seen(lead(1, status="Interested"))])
        shown = mirror.lead(conn, "L00000001")
        assert shown is not None
        assert (shown.status, shown.notes) == ("Member", "ours")
        outbox.mark(conn, ["c1"], ChangeState.CONFLICT, "changed in the sheet")
        shown = mirror.lead(conn, "L00000001")
        assert shown is not None
        assert (shown.status, shown.notes) == ("Interested", None)
        stands = outbox.change(conn, "c1")
        assert stands is not None
        assert (stands.state, stands.why) == (ChangeState.CONFLICT, "changed in the sheet")


def test_an_applied_edit_is_the_base(engine: Engine) -> None:
    put(engine, [1])
    with engine.begin() as conn:
        outbox.enqueue(conn, [change("c1", "L00000001", MEMBER), change("c2", "L00000001", {"city": (None, "Pune")})])
        mirror.put_synced(conn, [seen(lead(1, status="Member"))])
        outbox.mark(conn, ["c1"], ChangeState.APPLIED)
        shown, base = mirror.lead(conn, "L00000001"), mirror.base(conn, "L00000001")
        assert shown is not None
        assert base is not None
        assert (shown.status, shown.city, base.status, base.city) == ("Member", "Pune", "Member", None)
        assert [waiting.change_id for waiting in outbox.pending(conn, 10)] == ["c2"]


def test_edits_of_one_lead_lie_over_each_other_in_order(engine: Engine) -> None:
    put(engine, [1])
    with engine.begin() as conn:
        outbox.enqueue(conn, [change(f"c{n}", "L00000001", {"lead_score": (None, n)}) for n in range(5)])
        outbox.mark(conn, ["c1", "c4"], ChangeState.BLOCKED, "protected")
        shown = mirror.lead(conn, "L00000001")
        assert shown is not None
        assert shown.lead_score == 3
        assert [status.change.change_id for status in outbox.in_state(conn, ChangeState.BLOCKED, 10)] == ["c1", "c4"]


def test_a_new_lead_is_in_the_book_before_the_sheet_has_it(engine: Engine) -> None:
    made = change("c1", "LNEW", {"full_name": (None, "Asha"), "next_follow_up": (None, TODAY)}, ChangeKind.CREATE)
    with engine.begin() as conn:
        outbox.enqueue(conn, [made, change("c2", "LNEW", {"city": (None, "Pune")})])
        assert [found.full_name for found in mirror.leads(conn, ["LNEW"])] == ["Asha"]
        assert mirror.base(conn, "LNEW") is None
        outbox.mark(conn, ["c1"], ChangeState.APPLIED)
        base = mirror.base(conn, "LNEW")
        assert base is not None
        assert (base.full_name, base.city) == ("Asha", None)
        outbox.mark(conn, ["c2"], ChangeState.BLOCKED)
        assert mirror.lead(conn, "LNEW") == base


def test_a_new_lead_that_is_refused_goes_again(engine: Engine) -> None:
    with engine.begin() as conn:
        outbox.enqueue(conn, [change("c1", "LNEW", {"full_name": (None, "Asha")}, ChangeKind.CREATE)])
        outbox.mark(conn, ["c1"], ChangeState.BLOCKED, "full")
        assert (mirror.lead(conn, "LNEW"), mirror.count(conn)) == (None, 0)
        assert outbox.change(conn, "c1") is not None


def test_deleting_hides_and_undoing_it_brings_back(engine: Engine) -> None:
    put(engine, [1])
    with engine.begin() as conn:
        outbox.enqueue(conn, [change("c1", "L00000001", {}, ChangeKind.DELETE)])
        assert (mirror.lead(conn, "L00000001"), mirror.count(conn)) == (None, 0)
        assert mirror.rows_of(conn, ["L00000001"]) == {"L00000001": 3}  # the flush must know which row to delete
        outbox.mark(conn, ["c1"], ChangeState.APPLIED)
        assert mirror.rows_of(conn, ["L00000001"]) == {}
        outbox.enqueue(conn, [change("c2", "L00000001", {}, ChangeKind.RESTORE)])
        assert mirror.lead(conn, "L00000001") == lead(1)


def test_an_edit_of_a_lead_nobody_has_read_waits_for_it(engine: Engine) -> None:
    with engine.begin() as conn:
        outbox.enqueue(conn, [change("c1", "L00000001", MEMBER)])
        assert (mirror.lead(conn, "L00000001"), outbox.pending_count(conn)) == (None, 1)
        mirror.put_synced(conn, [seen(lead(1))])
        assert [found.status for found in mirror.leads(conn, ["L00000001"])] == ["Member"]


def test_a_change_that_no_row_can_hold_is_refused_whole(engine: Engine) -> None:
    put(engine, [1])
    with pytest.raises(UnstorableLead), engine.begin() as conn:
        outbox.enqueue(conn, [change("c0", "L00000001", MEMBER), change("c1", "x" * 65, {}, ChangeKind.CREATE)])
    with reading(engine) as conn:
        assert outbox.pending_count(conn) == 0


def test_hostile_text_goes_in_and_comes_out(engine: Engine) -> None:
    told = "'; DROP TABLE leads; --\u202e\U0001f4da %s ? :x {} \\ \x00\ud800 अनु"
    with engine.begin() as conn:
        made = change("c1", "LNEW", {"full_name": (None, told), "My \x00 own": (None, told)}, ChangeKind.CREATE)
        outbox.enqueue(conn, [made])
        waiting = outbox.pending(conn, 1)[0]
        assert waiting == made
        shown = mirror.lead(conn, "LNEW")
        assert shown is not None
        assert shown.full_name == told.replace("\x00", "").replace("\ud800", "")


def test_forgetting_leaves_what_is_not_done(engine: Engine) -> None:
    put(engine, [1])
    with engine.begin() as conn:
        outbox.enqueue(conn, [change("c1", "L00000001", MEMBER), change("c2", "L00000001", MEMBER)])
        outbox.mark(conn, ["c1"], ChangeState.DONE)
        assert outbox.forget_done(conn, NOW) == 0
        assert outbox.forget_done(conn, NOW + timedelta(seconds=1)) == 1
        assert [outbox.change(conn, c) is None for c in ("c1", "c2")] == [True, False]


def test_edits_of_many_at_once_are_all_there(engine: Engine) -> None:
    put(engine, range(8))

    def edits(worker: int) -> None:
        for n in range(10):
            with engine.begin() as conn:
                fields: dict[str, tuple[Value, Value]] = {
                    "lead_score": (None, n),
                    "status": ("New Lead", f"S{(worker + n) % 3}"),
                }
                outbox.enqueue(conn, [change(f"{worker}-{n}", f"L{(worker + n) % 8:08d}", fields)])

    def reads(_: int) -> None:
        for _ in range(10):
            put(engine, range(8))

    with ThreadPoolExecutor(5) as pool:
        done = [*pool.map(edits, range(4)), *pool.map(reads, range(1))]
    assert len(done) == 5
    with reading(engine) as conn:
        assert outbox.pending_count(conn) == 40
        by_status: dict[str, int] = {}
        for found in mirror.every_lead(conn):
            by_status[found.status or ""] = by_status.get(found.status or "", 0) + 1
        assert dict(counters.by(conn, "status")) == by_status


KILLED = """
import sys
from store.database import open_database
from store import outbox
from tests.store.leads import change
engine = open_database(sys.argv[1])
for n in range(1_000_000):
    with engine.begin() as conn:
        outbox.enqueue(conn, [change(f"c{n}", "L00000001", {"lead_score": (None, n)})])
    print(n, flush=True)
"""


@pytest.mark.parametrize("after", [1, 7, 30])
def test_what_was_acknowledged_survives_kill_9(engine: Engine, url: str, after: int) -> None:
    put(engine, [1])
    with subprocess.Popen([sys.executable, "-c", KILLED, url], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        acknowledged = -1
        while acknowledged < after:
            acknowledged = int(process.stdout.readline())
        os.kill(process.pid, signal.SIGKILL)
        rest = process.stdout.read().split("\n")
        acknowledged = max([acknowledged, *(int(line) for line in rest[:-1] if line)])
    again = open_database(url)
    with reading(again) as conn:
        kept = [waiting.change_id for waiting in outbox.pending(conn, 10_000_000)]
        assert kept[: acknowledged + 1] == [f"c{n}" for n in range(acknowledged + 1)]
        shown = mirror.lead(conn, "L00000001")
        assert shown is not None
        assert shown.lead_score == len(kept) - 1  # the row in the outbox and what pages show are one
        assert mirror.standing(conn, ["L00000001"])["L00000001"].saving == len(kept)
    again.dispose()


def _enqueue_same(url: str, results: multiprocessing.queues.Queue[int]) -> None:
    engine = open_database(url)
    with engine.begin() as conn:
        results.put(outbox.enqueue(conn, [change("same", "L00000001", MEMBER)]))
    engine.dispose()


def test_the_same_change_from_several_processes_is_one(engine: Engine, url: str) -> None:
    put(engine, [1])
    forked = processes()
    results: multiprocessing.queues.Queue[int] = forked.Queue()
    sending = [forked.Process(target=_enqueue_same, args=(url, results)) for _ in range(3)]
    for process in sending:
        process.start()
    for process in sending:
        process.join(60)
    assert sorted(results.get(timeout=5) for _ in sending) == [0, 0, 1]


def test_changes_whose_header_is_gone_hold_up_nobody_else_however_many_they_are(engine: Engine) -> None:
    put(engine, range(9))
    urgent: dict[str, tuple[Value, Value]] = {"priority": ("Low", "Urgent")}
    fresh: dict[str, tuple[Value, Value]] = {"full_name": (None, "Asha Rao"), "priority": (None, "Low")}
    plain: dict[str, tuple[Value, Value]] = {"full_name": (None, "Ravi Rao"), "priority": (None, None)}
    with engine.begin() as conn:
        outbox.enqueue(conn, [change(f"stuck{n}", f"L0000000{n}", urgent) for n in range(5)])
        outbox.enqueue(
            conn,
            [
                change("goes", "L00000001", MEMBER),
                change("both", "L00000002", MEMBER | urgent),
                change("new", "LNEW00001", fresh, ChangeKind.CREATE),
                change("of the new", "LNEW00001", MEMBER),
                change("new too", "LNEW00002", plain, ChangeKind.CREATE),
                change("deleted", "L00000003", urgent, ChangeKind.DELETE),
            ],
        )
        assert [one.change_id for one in outbox.ready(conn, 3)] == ["stuck0", "stuck1", "stuck2"]
        stopped.put(conn, ["priority"])
        assert [one.change_id for one in outbox.ready(conn, 3)] == ["goes", "new too", "deleted"]
        stopped.put(conn, [])
        assert len(outbox.ready(conn, 20)) == 11
