"""The pen of a process, and what it remembers of its own flushes."""

from __future__ import annotations

import threading
import time

from sync.writing import REMEMBERED, Writing, Wrote

PATIENCE = 30.0


def test_the_pen_goes_round_and_may_be_taken_twice() -> None:
    writing, order = Writing(), list[str]()

    def wait() -> None:
        with writing.alone():
            order.append("other")

    other = threading.Thread(target=wait)
    with writing.alone(), writing.alone():
        other.start()
        while not writing.waited_for:
            time.sleep(0.001)
        with writing.alone():
            order.append("first")
    with writing.alone():
        order.append("again")
    other.join(PATIENCE)
    assert order == ["first", "other", "again"]


def test_what_was_written_since() -> None:
    writing = Writing()
    for fence in (4, 5, 7):
        writing.wrote(fence, Wrote(frozenset({f"L{fence}"}), moves=fence == 5))
    assert writing.since(3, "4") == (frozenset({"L4"}), False)
    assert writing.since(3, "5") == (frozenset({"L4", "L5"}), True)
    assert writing.since(5, "5") == (frozenset(), False)
    unknown = [(5, "7"), (6, "5"), (2, "4"), (3, None), (3, "unread"), (7, "8"), (3, str(3 + REMEMBERED))]
    assert [writing.since(*one) for one in unknown] == [None] * len(unknown)
    for fence in range(8, 8 + 2 * REMEMBERED):
        writing.wrote(fence, Wrote(frozenset(), moves=False))
    assert writing.since(7, "8") is None
    assert len(writing._wrote) <= REMEMBERED + 1
