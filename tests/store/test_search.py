"""Lists and searches: the same as a plain scan, page after page, and by index."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, event, text

from core.model import Conflict, Lead
from store import conflicts, mirror, search
from store.database import reading
from store.paging import BadCursor
from store.search import LeadQuery, page
from store.texts import found
from tests.store.leads import NOW, TODAY, lead, seen

LETTERS = st.sampled_from(list("aAbß%_'\"*?()+-^:;\\ \n\x009０1٣éİıσςกअनुकि்த😀.,{}[]&|!"))
TEXT = st.text(LETTERS, max_size=8)
PHONES = st.from_regex(r"\+91[6-9][0-9]{9}", fullmatch=True)


def listed(conn: Connection, query: LeadQuery, limit: int = 7) -> Iterator[Lead]:
    """All pages of a query."""
    cursor: str | None = None
    while True:
        shown = page(conn, query, limit, cursor)
        yield from shown.leads
        cursor = shown.next_cursor
        if cursor is None:
            return


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_search_finds_what_a_plain_scan_finds(engine: Engine, data: st.DataObject) -> None:
    fields = {name: st.none() | TEXT for name in ("full_name", "child_name", "email", "city", "notes")}
    book = [
        Lead(f"L{n}", phone_number=phone, **words)  # type: ignore[arg-type]  # texts of text fields
        for n, (phone, words) in enumerate(
            data.draw(st.lists(st.tuples(st.none() | PHONES, st.fixed_dictionaries(fields))))
        )
    ]
    fragments = [
        str(value) for one in book for value in (one.phone_number, one.notes, one.full_name, one.city) if value
    ]
    cut = (
        st.sampled_from(fragments).flatmap(lambda s: st.tuples(st.just(s), st.integers(0, len(s)), st.integers(1, 6)))
        if (fragments)
        else st.just(("", 0, 0))
    )
    queries = data.draw(st.lists(TEXT | cut.map(lambda c: c[0][c[1] : c[1] + c[2]]), max_size=10))
    with engine.connect() as conn, conn.begin() as undone:
        mirror.put_synced(conn, [seen(one, n + 2) for n, one in enumerate(book)])
        for q in queries:
            shown = page(conn, LeadQuery(q=q), 500)
            stored = mirror.leads(conn, [one.lead_id for one in book])
            expected = {one.lead_id for one in stored if found(q, one)}
            assert expected == {
                one.lead_id for one in book if found(q, one)
            }  # storing changes nothing that is searched
            assert ({one.lead_id for one in shown.leads}, shown.total) == (expected, len(expected)), q
        undone.rollback()


def _key(sort: str) -> Callable[[Lead], tuple[object, ...]]:
    def key(one: Lead) -> tuple[object, ...]:
        due = one.next_follow_up or date(9999, 12, 31)
        first: object = {
            "next_follow_up": due,
            "lead_score": one.lead_score or 0,
            "full_name": (one.full_name or "").casefold(),
        }.get(sort, str(getattr(one, sort) or ""))
        facets = ("status", "priority", "assigned_to", "lead_source", "city")
        return (first, due, one.lead_id) if sort in facets else (first, one.lead_id)

    return key


ORDERS = (
    "next_follow_up",
    "full_name",
    "lead_score",
    "lead_date",
    "created_at",
    "updated_at",
    "last_contacted",
    "status",
)


@pytest.fixture
def book(engine: Engine) -> list[Lead]:
    made = [
        lead(
            n,
            full_name=None if n % 11 == 0 else f"{['asha', 'Bala', 'CHITRA'][n % 3]} {n % 5}",
            status=("New Lead", "Member", None)[n % 3],
            assigned_to=("Ravi", "मीरा", None)[n % 4 % 3],
            city=("Pune", "pune", "ß" * 120)[n % 3],
            lead_source=("Website", None)[n % 2],
            priority=("High", "Low")[n % 2],
            lead_score=None if n % 5 == 0 else n % 4,
            lead_date=TODAY - timedelta(days=n % 6),
            created_at=NOW - timedelta(seconds=n % 9, microseconds=n % 2),
            next_follow_up=None if n % 7 == 0 else TODAY + timedelta(days=n % 5 - 2),
            last_contacted=None if n % 3 == 0 else NOW - timedelta(days=n % 7),
            notes=f"note {n}",
        )
        for n in range(60)
    ]
    with engine.begin() as conn:
        mirror.put_synced(conn, [seen(one) for one in made])
    return made


def test_pages_follow_each_other_in_every_order(engine: Engine, book: list[Lead]) -> None:
    with reading(engine) as conn:
        for sort, descending in product(ORDERS, (False, True)):
            found_in_order = list(listed(conn, LeadQuery(sort=sort, descending=descending)))  # type: ignore[arg-type]
            assert found_in_order == sorted(book, key=_key(sort), reverse=descending), (sort, descending)


FILTERS: list[tuple[LeadQuery, Callable[[Lead], bool]]] = [
    (LeadQuery(), lambda one: True),
    (LeadQuery(status="Member"), lambda one: one.status == "Member"),
    (LeadQuery(status=""), lambda one: one.status is None),
    (LeadQuery(city="pune"), lambda one: one.city == "pune"),
    (LeadQuery(city="ß" * 120), lambda one: one.city == "ß" * 120),
    (
        LeadQuery(assigned_to="मीरा", source="Website"),
        lambda one: (one.assigned_to, one.lead_source) == ("मीरा", "Website"),
    ),
    (LeadQuery(priority="Low", q="asha"), lambda one: one.priority == "Low" and found("asha", one)),
    (LeadQuery(overdue_on=TODAY), lambda one: one.next_follow_up is not None and one.next_follow_up < TODAY),
    (LeadQuery(due_from=TODAY, due_to=TODAY), lambda one: one.next_follow_up == TODAY),
    (LeadQuery(due_from=TODAY), lambda one: one.next_follow_up is not None and one.next_follow_up >= TODAY),
    (
        LeadQuery(due_to=TODAY, assigned_to="Ravi"),
        lambda one: one.next_follow_up is not None and one.next_follow_up <= TODAY and one.assigned_to == "Ravi",
    ),
    (
        LeadQuery(overdue_on=TODAY, status="Member", q="note 1", sort="full_name"),
        lambda one: bool(
            one.next_follow_up and one.next_follow_up < TODAY and one.status == "Member" and found("note 1", one)
        ),
    ),
    (LeadQuery(status="\x00"), lambda one: False),
    (LeadQuery(status=("Member", "")), lambda one: one.status in ("Member", None)),
    (LeadQuery(status=()), lambda one: False),
    (
        LeadQuery(status=("Member", "New Lead"), city=("Pune", "pune"), descending=True),
        lambda one: one.status in ("Member", "New Lead") and one.city in ("Pune", "pune"),
    ),
    (LeadQuery(score_from=2), lambda one: (one.lead_score or 0) >= 2),
    (LeadQuery(score_from=1, score_to=2, sort="lead_score"), lambda one: (one.lead_score or 0) in (1, 2)),
    (
        LeadQuery(lead_from=TODAY - timedelta(days=3), lead_to=TODAY - timedelta(days=1)),
        lambda one: bool(one.lead_date and 1 <= (TODAY - one.lead_date).days <= 3),
    ),
    (LeadQuery(lead_to=TODAY), lambda one: one.lead_date is not None),
    (LeadQuery(no_due=True), lambda one: one.next_follow_up is None),
    (LeadQuery(never_contacted=True, priority="Low"), lambda one: one.priority == "Low" and not one.last_contacted),
    (
        LeadQuery(contacted_from=NOW - timedelta(days=3)),
        lambda one: bool(one.last_contacted and one.last_contacted >= NOW - timedelta(days=3)),
    ),
    (
        LeadQuery(contacted_before=NOW - timedelta(days=3), q="note"),
        lambda one: bool(one.last_contacted and one.last_contacted < NOW - timedelta(days=3)),
    ),
    (LeadQuery(city="' OR 1=1 --"), lambda one: False),
]


def test_filters_give_exactly_what_fits(engine: Engine, book: list[Lead]) -> None:
    with reading(engine) as conn:
        for query, fits in FILTERS:
            expected = {one.lead_id for one in book if fits(one)}
            assert {one.lead_id for one in listed(conn, query)} == expected, query
            assert page(conn, query, 1).total == len(expected), query


def test_both_ways_to_search_agree(engine: Engine, book: list[Lead], monkeypatch: pytest.MonkeyPatch) -> None:
    """Walking the order and gathering what was found are chosen by how much was found; here each is forced."""
    queries = [LeadQuery(q=q, status=status) for q in ("asha", "as", "note 1", "9") for status in (None, "Member")]
    queries += [query for query, _ in FILTERS]
    queries += [replace(query, sort=sort, descending=True) for query, _ in FILTERS for sort in ("lead_score", "city")]  # type: ignore[arg-type]
    with reading(engine) as conn:
        answers = [[list(listed(conn, query)) for query in queries]]
        monkeypatch.setattr(search, "_FEW", 0)
        answers.append([list(listed(conn, query)) for query in queries])
    assert answers[0] == answers[1]


def test_leads_that_come_and_go_between_pages_move_no_others(engine: Engine, book: list[Lead]) -> None:
    query = LeadQuery(sort="lead_date")
    with reading(engine) as conn:
        first = page(conn, query, 20)
    with engine.begin() as conn:
        mirror.set_state(conn, [first.leads[3].lead_id, first.leads[-1].lead_id], "deleted")
        mirror.put_synced(conn, [seen(lead(99, lead_date=TODAY - timedelta(days=99)))])
        rest = page(conn, query, 500, first.next_cursor)
    assert [*first.leads, *rest.leads] == sorted(book, key=_key("lead_date"))


def test_marks_say_what_is_on_its_way_in_conflict_or_frozen(engine: Engine, book: list[Lead]) -> None:
    with engine.begin() as conn:
        conflicts.add(conn, "c1", [Conflict("L00000001", "city", None, "a", "b")], NOW)
        mirror.set_state(conn, ["L00000002"], "frozen", "stands twice in Master")
        marks = page(conn, LeadQuery(), 100).marks
    assert set(marks) == {"L00000001", "L00000002"}
    assert marks["L00000001"] == search.Mark(False, 1, "")
    assert marks["L00000002"] == search.Mark(False, 0, "stands twice in Master")


@pytest.mark.parametrize("cursor", ["x", "%%%", "AAAA", "W10", "bnVsbA", "é", "\x00", "A" * 5000, "e30", "W1tbW1tb"])
def test_a_bad_cursor_is_named(engine: Engine, cursor: str) -> None:
    with reading(engine) as conn, pytest.raises(BadCursor):
        page(conn, LeadQuery(), 10, cursor)


def test_a_cursor_of_another_query_is_refused(engine: Engine, book: list[Lead]) -> None:
    with reading(engine) as conn:
        cursor = page(conn, LeadQuery(), 10).next_cursor
        for query in (LeadQuery(status="Member"), LeadQuery(descending=True), LeadQuery(sort="lead_date")):
            with pytest.raises(BadCursor, match="another"):
                page(conn, query, 10, cursor)


def test_an_order_that_there_is_not_is_refused(engine: Engine) -> None:
    with reading(engine) as conn, pytest.raises(ValueError, match="no order by 'pk; --'"):
        page(conn, replace(LeadQuery(), sort="pk; --"), 10)  # type: ignore[arg-type]


@pytest.mark.parametrize("limit", [-1, 0, 1, 10**9])
def test_any_limit_gives_at_least_one_and_never_everything(engine: Engine, book: list[Lead], limit: int) -> None:
    with reading(engine) as conn:
        assert len(page(conn, LeadQuery(), limit).leads) == max(1, min(limit, 60))


def _plans(engine: Engine, query: LeadQuery, cursor: bool) -> list[str]:
    """How the database goes about each statement of a page."""
    statements: list[tuple[str, object]] = []

    def note(_c: object, _cur: object, statement: str, parameters: object, *_: object) -> None:
        statements.append((statement, parameters))

    with reading(engine) as conn:
        at = page(conn, query, 1).next_cursor if cursor else None
        event.listen(engine, "before_cursor_execute", note)
        page(conn, query, 1, at)
        event.remove(engine, "before_cursor_execute", note)
        if engine.dialect.name == "sqlite":
            return [
                "; ".join(str(step[3]) for step in conn.exec_driver_sql("EXPLAIN QUERY PLAN " + sql, parameters))  # type: ignore[arg-type]
                for sql, parameters in statements
            ]
        conn.execute(text("SET LOCAL enable_seqscan = off"))  # sixty leads are read through quicker than looked up
        return [
            json.dumps(conn.exec_driver_sql("EXPLAIN (FORMAT JSON) " + sql, parameters).scalar())  # type: ignore[arg-type]
            for sql, parameters in statements
        ]


BY_INDEX = [
    *(LeadQuery(sort=sort) for sort in (*ORDERS, "priority", "assigned_to", "lead_source", "city")),  # type: ignore[arg-type]
    *(LeadQuery(status="Member"), LeadQuery(city="Pune"), LeadQuery(assigned_to="Ravi"), LeadQuery(source="Website")),
    *(LeadQuery(priority="High"), LeadQuery(overdue_on=TODAY), LeadQuery(overdue_on=TODAY, assigned_to="Ravi")),
]


def test_every_list_and_filter_goes_by_an_index(engine: Engine, book: list[Lead]) -> None:
    for query, cursor in product(BY_INDEX, (False, True)):
        for plan in _plans(engine, query, cursor):
            assert not re.search(r"SCAN (listed|leads|texts)(?! USING)|TEMP B-TREE|Seq Scan", plan), (query, plan)


MANY_AT_ONCE = [
    LeadQuery(status=("Member", "New Lead")),
    LeadQuery(status="Member", city="Pune", sort="lead_score"),
    LeadQuery(score_from=1, score_to=3),
    LeadQuery(score_from=1, sort="lead_score", descending=True),
    LeadQuery(lead_from=TODAY - timedelta(days=3), sort="lead_date"),
    LeadQuery(contacted_from=NOW - timedelta(days=3)),
    LeadQuery(never_contacted=True),
    LeadQuery(no_due=True),
    LeadQuery(
        status=("Member", ""), assigned_to="Ravi", score_to=3, lead_to=TODAY, overdue_on=TODAY, sort="updated_at"
    ),
]


def test_filters_together_go_by_an_index_too(engine: Engine, book: list[Lead], monkeypatch: pytest.MonkeyPatch) -> None:
    """Gathered and sorted, or walked along the order: never read through. What is walked along is not sorted again."""
    for few, query, cursor in product((0, 2_000), MANY_AT_ONCE, (False, True)):
        monkeypatch.setattr(search, "_FEW", few)
        for plan in _plans(engine, query, cursor):
            assert not re.search(r"SCAN (listed|leads|texts)(?! USING)|Seq Scan", plan), (query, plan)
            assert few or engine.dialect.name != "sqlite" or "TEMP B-TREE FOR ORDER" not in plan, (query, plan)


def test_a_page_counts_no_further_than_it_must(
    engine: Engine, book: list[Lead], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "COUNTED", 20)
    together, alone = LeadQuery(status=("Member", "New Lead"), score_from=0), LeadQuery(status=("Member", "New Lead"))
    with reading(engine) as conn:
        assert search.total(conn, together) == search.Total(20, more=True)
        assert search.total(conn, alone) == search.Total(40)  # a kept counter knows
        assert search.total(conn, LeadQuery(q="note")) == search.Total(2, more=True)
        assert search.total(conn, LeadQuery(q="note 59")) == search.Total(1)
        shown = page(conn, together, 50, exact=False)
        assert (len(shown.leads), shown.total, shown.more) == (40, 20, True)
        assert page(conn, together, 50).total == 40


def test_all_ids_of_a_query_come_in_its_order(
    engine: Engine, book: list[Lead], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.paging.MOST", 7)
    query = LeadQuery(score_from=1, sort="full_name")
    with reading(engine) as conn:
        found_in_parts = [i for part in search.found_ids(conn, query) for i in part]
        assert found_in_parts == [one.lead_id for one in listed(conn, query)]
        assert list(search.found_ids(conn, LeadQuery(status="Nonsense"))) == [[]]


@pytest.mark.parametrize("q", ["asha", "note 12", "(900) 000-0012"])
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)  # PostgreSQL's wheel brings no pg_trgm
def test_a_search_goes_by_the_trigrams(engine: Engine, book: list[Lead], q: str) -> None:
    plans = _plans(engine, LeadQuery(q=q), cursor=False)
    assert any("text_index VIRTUAL TABLE INDEX" in plan for plan in plans)
    assert not any(re.search(r"SCAN (listed|leads|texts)(?! USING)", plan) for plan in plans), plans
