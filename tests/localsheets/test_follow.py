from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from localsheets import follow
from localsheets.follow import Deleted, Inserted, Moved


def _list_after(cells: list[int], shift: follow.Shift) -> list[int | None]:
    if isinstance(shift, Inserted):
        return [*cells[: shift.at], *[None] * shift.count, *cells[shift.at :]]
    if isinstance(shift, Deleted):
        return [*cells[: shift.start], *cells[shift.stop :]]
    moved = cells[shift.start : shift.stop]
    rest: list[int | None] = [*cells[: shift.start], *cells[shift.stop :]]
    at = shift.to if shift.to <= shift.start else shift.to - len(moved)
    return [*rest[:at], *moved, *rest[at:]]


@st.composite
def shifts(draw: st.DrawFn) -> follow.Shift:
    kind = draw(st.sampled_from(["insert", "delete", "move"]))
    start = draw(st.integers(0, 18))
    stop = draw(st.integers(start + 1, 20))
    if kind == "insert":
        return Inserted("ROWS", draw(st.integers(0, 20)), stop - start)
    if kind == "delete":
        return Deleted("ROWS", start, stop)
    return Moved("ROWS", start, stop, draw(st.sampled_from([n for n in range(21) if not start < n < stop])))


@given(shifts(), st.integers(0, 19))
def test_a_row_is_found_where_it_went(shift: follow.Shift, index: int) -> None:
    after = _list_after(list(range(20)), shift)
    expected = after.index(index) if index in after else None
    assert follow.point(index, shift) == expected


@given(shifts(), st.integers(0, 19), st.integers(1, 20))
def test_a_range_holds_the_rows_that_it_held(shift: follow.Shift, start: int, size: int) -> None:
    stop = min(start + size, 20)
    found = follow.span(start, stop, shift)
    if (
        isinstance(shift, Moved)
        and not (shift.start <= start and stop <= shift.stop)
        and start < shift.stop
        and shift.start < stop
    ):
        return  # a move across the edge of a range: Google does not say what the range does
    after = _list_after(list(range(20)), shift)
    held = [i for i, row in enumerate(after) if row is not None and start <= row < stop]
    if not held:
        assert found is None
    else:
        assert found == (held[0], held[-1] + 1)


def test_open_ends_stay_open() -> None:
    assert follow.grid_range({"startRowIndex": 1}, 0, Inserted("ROWS", 0, 2)) == {"startRowIndex": 3}
    assert follow.grid_range({"startRowIndex": 0}, 0, Deleted("ROWS", 0, 2)) == {"startRowIndex": 0}
    assert follow.grid_range({"startColumnIndex": 1}, 0, Deleted("ROWS", 0, 2)) == {"startColumnIndex": 1}
    assert follow.grid_range({"sheetId": 5, "startRowIndex": 9}, 0, Deleted("ROWS", 0, 2)) == {
        "sheetId": 5,
        "startRowIndex": 9,
    }


def test_a_band_moves_only_what_lies_wholly_in_it() -> None:
    pushed = Inserted("ROWS", 1, 2, (1, 3))
    inside = {"startRowIndex": 1, "endRowIndex": 4, "startColumnIndex": 1, "endColumnIndex": 3}
    assert follow.grid_range(inside, 0, pushed) == {**inside, "startRowIndex": 3, "endRowIndex": 6}
    for wider in ({**inside, "endColumnIndex": 4}, {**inside, "startColumnIndex": 0}, {"startRowIndex": 1}):
        assert follow.grid_range(wider, 0, pushed) == wider
    pulled = Deleted("COLUMNS", 1, 2, (1, 4))
    assert follow.grid_range(inside, 0, pulled) == {**inside, "endColumnIndex": 2}
    assert follow.grid_range({**inside, "endColumnIndex": 2}, 0, pulled) is None
