"""Every source row ends once, and is known again wherever it moves."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from core.identity import KnownRow, fingerprints, identify
from core.model import Cell, Disposition, LedgerEntry, SourceRow, Tab
from store import ledger
from store.ledger import PlacedEntry


def placed(
    mark: str,
    position: int | None = 2,
    cells: tuple[Cell, ...] | None = None,
    ids: tuple[str, ...] = ("L1",),
    how: Disposition = Disposition.CREATED,
    sheet_id: int = 7,
) -> PlacedEntry:
    return PlacedEntry(LedgerEntry(sheet_id, mark, "key of " + mark, how, ids), position, cells)


def test_a_tab_comes_back_in_the_order_of_its_rows(engine: Engine) -> None:
    entries = [placed("c:0", 4), placed("a:0", 3, ("x", 1, 1.0, True, None, "")), placed("b:0", None), placed("a:1", 2)]
    with engine.begin() as conn:
        ledger.put(conn, [*entries, placed("c:0", 2, sheet_id=0)])
        assert ledger.known(conn, 7) == [entries[3], entries[1], entries[0], entries[2]]
        assert ledger.known(conn, 8) == []


CELLS = st.none() | st.text() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None)
@given(st.lists(CELLS, max_size=6).map(tuple))
def test_cells_come_back_type_and_all(engine: Engine, cells: tuple[Cell, ...]) -> None:
    with engine.begin() as conn:
        ledger.put(conn, [placed("a:0", 2, cells)])
        (back,) = ledger.known(conn, 7)
        assert back.cells == cells
        assert [type(cell) for cell in back.cells or ()] == [type(cell) for cell in cells]


def test_an_entry_takes_the_place_of_the_one_before_leads_and_all(engine: Engine) -> None:
    with engine.begin() as conn:
        ledger.put(conn, [placed("a:0", ids=("L1", "L2")), placed("b:0", ids=("L2",))])
        ledger.put(conn, [placed("a:0", ids=("L3",), how=Disposition.MERGED)])
        assert ledger.rows_of_lead(conn, "L1") == []
        assert [p.entry.fingerprint for p in ledger.rows_of_lead(conn, "L2")] == ["b:0"]
        assert [p.entry.disposition for p in ledger.rows_of_lead(conn, "L3")] == [Disposition.MERGED]


def test_rows_move(engine: Engine) -> None:
    with engine.begin() as conn:
        ledger.put(conn, [placed(f"{n}:0", n + 2) for n in range(10)])
        ledger.reposition(conn, 7, [(f"{n}:0", 11 - n) for n in range(10)])
        ledger.reposition(conn, 8, [("0:0", 99)])
        ledger.reposition(conn, 7, [("1:0", None), ("unknown", 5)])
        found = [(p.entry.fingerprint, p.position) for p in ledger.known(conn, 7)]
        assert found == [*((f"{n}:0", 11 - n) for n in (9, 8, 7, 6, 5, 4, 3, 2)), ("0:0", 11), ("1:0", None)]


def test_rows_and_tabs_are_forgotten(engine: Engine) -> None:
    with engine.begin() as conn:
        ledger.put(conn, [placed("a:0"), placed("b:0"), placed("a:0", sheet_id=8)])
        ledger.remove(conn, 7, ["a:0", "unknown"])
        assert [(p.entry.sheet_id, p.entry.fingerprint) for p in ledger.rows_of_lead(conn, "L1")] == [
            (7, "b:0"),
            (8, "a:0"),
        ]
        ledger.forget_tab(conn, 7)
        assert [p.entry.sheet_id for p in ledger.rows_of_lead(conn, "L1")] == [8]


def test_totals_add_up(engine: Engine) -> None:
    hows = [Disposition.CREATED] * 3 + [Disposition.ATTENTION] * 2
    with engine.begin() as conn:
        ledger.put(conn, [placed(f"{n}:0", n, how=how, ids=()) for n, how in enumerate(hows)])
        ledger.put(conn, [placed("x:0", sheet_id=8, how=Disposition.SKIPPED)])
        assert dict(ledger.totals(conn)) == {"created": 3, "merged": 0, "attention": 2, "skipped": 1}
        assert sum(ledger.totals(conn, 7).values()) == 5


@pytest.mark.parametrize("n", [ledger.CHUNK + 1])
def test_more_than_a_chunk(engine: Engine, n: int) -> None:
    with engine.begin() as conn:
        ledger.put(conn, (placed(f"{i}:0", i) for i in range(n)))
        assert [p.position for p in ledger.known(conn, 7)] == list(range(n))


ROWS = st.lists(st.sampled_from("abcdef"), max_size=14)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(ROWS, st.lists(st.sampled_from("abcdefgh"), max_size=6), st.integers(2, 16), st.booleans())
def test_what_is_near_tells_a_part_apart_as_all_that_is_known_does(
    engine: Engine, before: list[str], part: list[str], first: int, unplaced: bool
) -> None:
    names = fingerprints([(text,) for text in before])
    rows = [
        SourceRow(Tab(7, "Form"), first + at, (text,), name)
        for at, (text, name) in enumerate(zip(part, fingerprints([(text,) for text in part]), strict=True))
    ]
    with engine.begin() as conn:
        ledger.forget_tab(conn, 7)
        entries = [
            placed(name, None if unplaced and at % 5 == 4 else at + 2, (before[at],)) for at, name in enumerate(names)
        ]
        ledger.put(conn, [*entries, placed("a:0", 2, sheet_id=8)])
        near = ledger.near(conn, 7, [row.fingerprint for row in rows], [row.row for row in rows])
        known = ledger.known(conn, 7)
    told = [
        identify(rows, [KnownRow(one.entry, one.position, one.cells) for one in some], False) for some in (near, known)
    ]
    assert told[0] == told[1]


def test_what_is_near_does_not_grow_with_the_tab(engine: Engine) -> None:
    with engine.begin() as conn:
        ledger.put(conn, [placed(f"{n:024x}:0", n + 2) for n in range(500)])
        found = ledger.near(conn, 7, ["new:0", f"{3:024x}:0"], [400, 600])
        assert [one.position for one in found] == [5, 400]
