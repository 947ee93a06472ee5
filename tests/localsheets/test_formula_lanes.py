"""Formulas are computed beside the server: while one takes long, or ends its process, no other request waits."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from localsheets import formula_lanes
from localsheets.formula_child import Child, Died
from localsheets.formula_lanes import Ask, Computing, Lanes
from tests.browser_sheets.sheet import new_book, token_of
from tests.localsheets.engines import TYPED, Desk, box, new_desk
from tests.localsheets.running import serving, start, until

ENDLESS = "=SUM(MAP(A1:A30000,LAMBDA(x,COUNTIF(A$1:A$30000,x))))"  # 900 million comparisons


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    found = new_desk(tmp_path / "b.sqlite3")
    yield found
    found.engine.close()


@pytest.fixture
def lanes(tmp_path: Path, desk: Desk) -> Iterator[Lanes]:
    """The desk's formulas computed in processes, with short patience."""
    made = Lanes(tmp_path / "b.sqlite3", quick=0.3, slow=0.5)
    desk.engine.evaluate = made.evaluate
    yield made
    made.close()


def test_no_other_request_waits_for_a_formula_over_a_huge_area(tmp_path: Path) -> None:
    with serving(tmp_path, "--no-quota") as server:
        book = new_book(server, token_of(server), rowCount=30_000)
        book.write("A1", [[i] for i in range(30_000)], "RAW")
        book.write("C1:C3", [[ENDLESS], ["=SUMPRODUCT(A1:A30000,A1:A30000)"], ["=SUM(A1:A3)"]])
        got: list[Any] = []
        reading = threading.Thread(target=lambda: got.append(book.value("C1")))
        reading.start()
        writes, reads = [], []
        while reading.is_alive():
            start = time.monotonic()
            book.write("E1", [[len(writes)]], "RAW")
            writes.append(time.monotonic() - start)
            assert book.value("E1") == str(len(reads))
            reads.append(time.monotonic() - start)
        assert got == ["Loading..."]
        assert max(writes) < formula_lanes.PATIENCE / 4, "a plain write waited"
        # The first read may wait until the formula is known as a slow one.
        assert sorted(reads)[-2] < formula_lanes.PATIENCE / 4, "a plain read waited"
        assert book.values("C2:C3") == [["8999550005000"], ["3"]], "formulas that can be computed are, meanwhile"


def test_what_takes_too_long_is_an_error_and_the_others_are_computed(desk: Desk, lanes: Lanes) -> None:
    desk.put("Sheet1!A1", [[i] for i in range(30_000)])
    desk.put("Sheet1!C1", [["=A3*2"], [ENDLESS], ["=A4*2"]], TYPED)

    def shown() -> Any:
        with lanes.asking(Ask.WAITING):
            return desk.values("Sheet1!C1:C3")

    until(lambda: shown() == [["4"], ["#ERROR!"], ["6"]])
    desk.put("Sheet1!A3", [[50]])
    assert shown() == [["100"], ["#ERROR!"], ["6"]], "and it is not tried again at once"
    assert desk.values("Sheet1!C2", render="FORMULA") == [[ENDLESS]]


def test_a_request_that_is_put_off_is_asked_again_and_then_shows_what_is_known(desk: Desk, lanes: Lanes) -> None:
    desk.put("Sheet1!C1", [["=A1+1"]], TYPED)
    with lanes.asking(Ask.PUT_OFF), pytest.raises(Computing) as put_off:
        desk.values("Sheet1!C1")
    formula_lanes.wait(put_off.value.waiting)
    assert put_off.value.ready()
    with lanes.asking(Ask.PUT_OFF):
        assert desk.values("Sheet1!C1") == [["1"]]
    desk.put("Sheet1!A1", [[7]])
    with lanes.asking(Ask.AS_IT_IS):
        assert desk.values("Sheet1!C1") == [["1"]], "what it was before"
    desk.put("Sheet1!C2", [["=A1+2"]], TYPED)
    with lanes.asking(Ask.AS_IT_IS):
        assert desk.values("Sheet1!C2") == [["Loading..."]]
        found = desk.get("sheets.data.rowData.values.effectiveValue", "Sheet1!C2")["sheets"][0]["data"][0]
        loading = {"errorValue": {"type": "LOADING", "message": "Loading..."}}
        assert found["rowData"][0]["values"] == [{"effectiveValue": loading}]
    assert desk.values("Sheet1!C1:C2") == [["8"], ["9"]]
    assert lanes.settled(desk.sid) == 1, "a page that was shown older values is told once to read again"
    assert lanes.settled(desk.sid) == 1


def test_a_write_that_sorts_by_formulas_is_put_off_whole_and_done_once(desk: Desk, lanes: Lanes) -> None:
    desk.put("Sheet1!A1", [["=3*1", "c"], ["=1*1", "a"], ["=2*1", "b"]], TYPED)
    sorting = {"sortRange": {"range": box(0, 3, 0, 2), "sortSpecs": [{"dimensionIndex": 0}]}}
    typing = {"updateCells": {"start": {"rowIndex": 5}, "fields": "userEnteredValue",
                              "rows": [{"values": [{"userEnteredValue": {"stringValue": "beside"}}]}]}}  # fmt: skip
    before = len(desk.engine.history(desk.sid))
    with lanes.asking(Ask.PUT_OFF), pytest.raises(Computing) as put_off:
        desk.batch(sorting)
    assert len(desk.engine.history(desk.sid)) == before
    formula_lanes.wait(put_off.value.waiting)
    with lanes.asking(Ask.PUT_OFF):
        desk.batch(sorting)
    assert desk.values("Sheet1!A1:B3") == [["1", "a"], ["2", "b"], ["3", "c"]]
    with lanes.asking(Ask.PUT_OFF):  # what only the write itself can see is computed while it waits
        desk.put("Sheet1!D1", [["=QUERY(A1:B3)"]], TYPED)
        cutting = {"cutPaste": {"source": box(0, 1, 1, 2), "destination": {"rowIndex": 8}}}
        to = {"destination": box(10, 13, 3, 5), "pasteType": "PASTE_VALUES"}
        desk.batch(typing, cutting, {"copyPaste": {"source": box(0, 3, 3, 5), **to}})
    assert desk.values("Sheet1!D11:E13", render="FORMULA") == [[1], [2, "b"], [3, "c"]]


def test_the_process_comes_back_after_a_kill(desk: Desk, lanes: Lanes) -> None:
    desk.put("Sheet1!C1", [["=1+1"]], TYPED)
    assert desk.values("Sheet1!C1") == [["2"]]
    lanes.quick.child.kill()
    desk.put("Sheet1!C1", [["=2+2"]], TYPED)
    assert desk.values("Sheet1!C1") == [["4"]]


def test_a_process_that_dies_over_a_job_says_so(tmp_path: Path) -> None:
    child = Child(tmp_path / "there is no such folder" / "b.sqlite3")
    with pytest.raises(Died):
        child.ask(formula_lanes.Stored("x", 1, 0.0, 1.0, {}))
    child.close()
    assert child.process is None


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="asks Linux who the children of a process are")
def test_a_killed_server_leaves_no_process_behind(tmp_path: Path) -> None:
    server = start(tmp_path)
    book = new_book(server, token_of(server))
    book.write("A1", [["=1+1"]])
    assert book.value("A1") == "2"
    threads = Path(f"/proc/{server.process.pid}/task").iterdir()
    children = [child for thread in threads for child in (thread / "children").read_text().split()]
    assert children
    server.kill()
    until(lambda: not any(Path(f"/proc/{child}/stat").exists() for child in children))
