"""What a person should see."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from core.model import Issue
from store import counters, issues
from store.paging import BadCursor

FOUND = [(f"{n}:0", Issue("Form", n + 2, f"reason {n % 2}", "phone_number", blocking=n % 2 == 0)) for n in range(9)]


def test_a_tabs_issues_are_these_and_no_others(engine: Engine) -> None:
    with engine.begin() as conn:
        issues.replace(conn, 7, [*FOUND, FOUND[0]])
        issues.replace(conn, 0, FOUND[:1])
        before = counters.revision(conn)
        issues.replace(conn, 7, FOUND)
        assert (counters.revision(conn), issues.count(conn)) == (before, 10)
        moved = [
            (mark, Issue("Formular", issue.row + 1, issue.reason, issue.field, issue.blocking))
            for mark, issue in FOUND[1:]
        ]
        issues.replace(conn, 7, moved)
        shown = issues.page(conn, 50).items
        assert [(s.sheet_id, s.fingerprint, s.issue) for s in shown] == [(0, *FOUND[0]), *((7, *one) for one in moved)]


def test_pages_by_tab_and_row(engine: Engine) -> None:
    with engine.begin() as conn:
        issues.replace(conn, 7, FOUND)
        issues.add(conn, 7, [("0:0", Issue("Form", 2, "another")), *FOUND])
        got: list[int] = []
        cursor: str | None = None
        while True:
            page = issues.page(conn, 4, cursor)
            got += [s.issue.row for s in page.items]
            cursor = page.next_cursor
            if cursor is None:
                break
        assert got == [2, 2, *range(3, 11)]
        assert [s.issue.row for s in issues.page(conn, 50, blocking=True).items] == [2, 4, 6, 8, 10]
        assert (issues.count(conn), issues.count(conn, blocking=True), issues.count(conn, blocking=False)) == (10, 5, 5)
        with pytest.raises(BadCursor):
            issues.page(conn, 4, "nonsense")


def test_cleared_by_row_or_by_tab(engine: Engine) -> None:
    with engine.begin() as conn:
        issues.replace(conn, 7, FOUND)
        issues.replace(conn, 8, FOUND)
        issues.clear(conn, 7, ["0:0", "unknown"])
        assert issues.count(conn) == 17
        issues.clear(conn, 7)
        assert {s.sheet_id for s in issues.page(conn, 50).items} == {8}


def test_a_question_about_two_leads_goes_when_it_is_answered(engine: Engine) -> None:
    asked = Issue("Form", 2, "perhaps the same", pair=("L2", "L1"))
    with engine.begin() as conn:
        issues.replace(conn, 7, [("a:0", asked), ("b:0", Issue("Form", 3, "another", pair=("L1", "L3")))])
        assert {s.issue.pair for s in issues.page(conn, 50).items} == {("L1", "L2"), ("L1", "L3")}
        assert issues.settle_pair(conn, ("L1", "L2")) == 1
        assert issues.settle_pair(conn, ("L1", "L\x00")) == 0
        assert [s.issue.pair for s in issues.page(conn, 50).items] == [("L1", "L3")]
