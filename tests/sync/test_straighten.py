"""New leads and rows that come back, written in the instant in which somebody inserts a column: no word of theirs is
lost, whatever becomes of the column that it came to."""

from __future__ import annotations

import contextlib

import gspread
import pytest

from core.model import Cell, Change, ChangeKind, ChangeState, Value
from store import issues, outbox
from sync.errors import SheetsProblem
from sync.link import Link
from tests.sync.conftest import HEADER, NOW, ROWS, Book, Desk, person
from tests.sync.test_deleting import delete, undo
from tests.sync.test_repair import meddle
from tests.sync.test_repair_meanwhile import die_when_sent


def settle(desk: Desk, link: Link) -> None:
    for _ in range(4):
        with contextlib.suppress(SheetsProblem):
            desk.cycle(link)


def told(link: Link) -> str:
    """What Needs attention says."""
    with link.engine.connect() as conn:
        return "\n".join(one.issue.reason for one in issues.page(conn, 50).items)


def create(link: Link, **more: Value) -> str:
    said: dict[str, tuple[Value, Value]] = {
        "full_name": (None, "Zara Person60"), "phone_number": (None, "+919815500060"), "city": (None, "Pune")
    }  # fmt: skip
    said |= {name: (None, value) for name, value in more.items()}
    with link.engine.begin() as conn:
        outbox.enqueue(conn, [Change("C60", "L-NEW00060", ChangeKind.CREATE, said, "Neha", NOW)])
    return "L-NEW00060"


def own_column(desk: Desk, link: Link, place: int, header: str, cells: list[Cell]) -> None:
    """A column of people's own (1-based)."""
    master = desk.book.worksheet("Master")
    master.insert_cols([[]], col=place, inherit_from_before=place > 1)
    at = gspread.utils.rowcol_to_a1(1, place)
    master.update([[header], *([cell] for cell in cells)], at, value_input_option="USER_ENTERED")  # type: ignore[arg-type]
    desk.cycle(link)


def named(desk: Desk) -> dict[str, dict[str, str]]:
    """Master's rows by their ids, without a column that came."""
    rows = ({k: v for k, v in row.items() if k != "New1"} for row in desk.master())
    return {row["lead_id"]: row for row in rows if row["lead_id"]}


@pytest.mark.parametrize("by", ["form", "app, database deleted"])
def test_what_came_to_a_column_that_was_inserted_and_taken_away_again_comes_to_its_own(book: Book, by: str) -> None:
    """The ledger says that the row of the form is a lead: nobody looks at it again."""
    desk, link, master = book
    if by == "form":
        desk.add_tab("Event", [HEADER, person(60)])
    else:
        create(link, email="asha60@example.org")
    place = master.row_values(1).index("email") + 1
    meddle(desk, link, lambda: master.insert_cols([["New1"]], col=place))
    die_when_sent(desk, link)
    assert "asha60@example.org" in master.col_values(place)
    master.delete_columns(place)
    link = link if by == "form" else desk.link("fresh")
    settle(desk, link)
    row = desk.master()[-1]
    assert (row["email"], row["city"]) == ("asha60@example.org", "Pune")
    assert desk.cycle(link).writes == 0


def test_what_a_bystander_had_comes_to_its_own_though_its_row_came_back_beside_a_column_that_is_gone(
    book: Book,
) -> None:
    """The app had deleted its row by mistake."""
    desk, link, master = book
    lead = desk.master()[2]["lead_id"]
    delete(link, lead)
    before = named(desk)
    place = master.row_values(1).index("email") + 1
    meddle(desk, link, lambda: master.insert_row([""], 2), lambda: master.insert_cols([["New1"]], col=place))
    die_when_sent(desk, link)
    die_when_sent(desk, link)
    master.delete_columns(place)
    settle(desk, link)
    del before[lead]
    assert named(desk) == before


def test_what_a_restored_lead_had_in_a_column_of_theirs_comes_to_its_own_though_an_inserted_one_took_it(
    book: Book,
) -> None:
    desk, link, master = book
    column = len(master.row_values(1)) + 1
    own_column(desk, link, column, "Remarks", [f"Own{n}" for n in range(ROWS)])
    before = named(desk)
    lead = list(before)[2]
    (gone,) = delete(link, lead)
    settle(desk, link)
    assert undo(link, gone) is None
    meddle(desk, link, lambda: master.insert_cols([["New1"]], col=column))
    die_when_sent(desk, link)
    assert "Own2" in master.col_values(column)
    master.delete_columns(column)
    settle(desk, link)
    assert {one: row["Remarks"] for one, row in named(desk).items()} == {k: v["Remarks"] for k, v in before.items()}
    assert desk.cycle(link).writes == 0


@pytest.mark.parametrize("when", ["with the row", "before it"])
def test_a_formula_of_a_row_that_comes_back_looks_where_it_did(book: Book, when: str) -> None:
    """Beside it, a column comes in: as the row is written, or between its deletion and that."""
    desk, link, master = book
    own_column(desk, link, 5, "Sum", [f"=LEN(B{n + 2})+LEN(F{n + 2})" for n in range(ROWS)])
    before = named(desk)
    lead, other = list(before)[2], list(before)[1]

    def come() -> None:
        master.insert_cols([["New1"]], col=3)

    delete(link, lead)
    meddle(desk, link, lambda: master.insert_row([""], 2), *([come] if when == "with the row" else []))
    if when == "before it":
        die_when_sent(desk, link)
        come()
    settle(desk, link)
    assert named(desk)[other] == before[other]
    row = master.col_values(1).index(other) + 1
    assert master.acell(f"F{row}", value_render_option="FORMULA").value == f"=LEN(B{row})+LEN(G{row})"  # type: ignore[arg-type]
    assert desk.cycle(link).writes == 0


@pytest.mark.parametrize("typed", ["where it came to", "where it belongs"])
def test_what_somebody_typed_over_in_a_crooked_new_lead_comes_to_its_own(book: Book, typed: str) -> None:
    """Its city stands under the header of the e-mail. What somebody has typed stays where they did."""
    desk, link, master = book
    create(link)
    place = master.row_values(1).index("email") + 1
    meddle(desk, link, lambda: master.insert_cols([["New1"]], col=place))
    die_when_sent(desk, link)
    assert master.cell(ROWS + 2, place + 1).value == "Pune"
    by = 1 if typed == "where it came to" else 2
    master.update_cell(ROWS + 2, place + by, "zara@example.org" if by == 1 else "Delhi")
    settle(desk, link)
    row = desk.master()[-1]
    assert (row["email"], row["city"]) == (("zara@example.org", "Pune") if by == 1 else ("", "Delhi"))
    assert desk.cycle(link).writes == 0


@pytest.mark.parametrize("its_row", ["stands", "goes, and somebody types it again"])
def test_a_crooked_new_lead_whose_id_was_cleared_is_put_right(book: Book, its_row: str) -> None:
    """What somebody has typed below with the same words is theirs."""
    desk, link, master = book
    lead = create(link)
    meddle(desk, link, lambda: master.insert_cols([["New1"]], col=3))
    die_when_sent(desk, link)
    assert master.cell(ROWS + 2, 1).value == lead
    if its_row == "stands":
        master.batch_clear([f"A{ROWS + 2}"])
    else:
        master.delete_rows(ROWS + 2)
        again = ["", "Zara Person60", "", "(981) 550-0060", "", "Pune"]
        master.update([again], f"A{ROWS + 2}", raw=True)
    settle(desk, link)
    row = desk.master()[-1]
    words = (row["full_name"], row["phone_number"], row["email"], row["city"], row["New1"])
    assert words == ("Zara Person60", "(981) 550-0060", "", "Pune", "")
    assert row["lead_id"] not in ("", lead)
    assert desk.cycle(link).writes == 0


@pytest.mark.parametrize("back", ["as it was", "with an id for the row"])
def test_a_new_lead_keeps_its_id_though_the_column_of_ids_was_deleted_and_is_back(book: Book, back: str) -> None:
    """What somebody has given its row meanwhile stays there. Nobody has changed an id: no change of one waits."""
    desk, link, master = book
    lead, was = create(link), master.col_values(1)
    before = named(desk)
    meddle(desk, link, lambda: master.delete_columns(1))
    die_when_sent(desk, link)
    given = lead if back == "as it was" else "L-THEIRS"
    master.insert_cols([was if given == lead else [*was, given]], col=1)
    settle(desk, link)
    rows = named(desk)
    assert {one: rows[one] for one in before} == before
    assert (rows[given]["full_name"], rows[given]["city"]) == ("Zara Person60", "Pune")
    with link.engine.connect() as conn:
        assert outbox.pending_count(conn) == 0
        assert not outbox.in_state(conn, ChangeState.BLOCKED, 5)
    assert desk.cycle(link).writes == 0


@pytest.mark.parametrize("first", ["insert", "delete"])
def test_a_crooked_new_lead_is_straightened_though_its_repair_goes_astray_and_back(book: Book, first: str) -> None:
    """Seed 1004001, episode 77: the second repair comes to its row, and takes what it is known by away for a moment."""
    desk, link, master = book
    said: dict[str, tuple[Value, Value]] = {"full_name": (None, "Zara Person60"), "city": (None, "Pune")}
    made = Change("C60", "L-NEW00060", ChangeKind.CREATE, said, "Neha", NOW)
    with link.engine.begin() as conn:
        outbox.enqueue(conn, [made])
    rows = [lambda: master.insert_row([""], 2), lambda: master.delete_rows(2)]
    client = meddle(
        desk, link, lambda: master.insert_cols([["New1"]], col=1), *(rows if first == "insert" else rows[::-1])
    )
    for _ in range(5):
        with contextlib.suppress(SheetsProblem):
            desk.cycle(link)
    assert not client.deeds
    now = {row["lead_id"]: (row["full_name"], row["city"], row["email"]) for row in desk.master() if row["full_name"]}
    assert now["L-NEW00060"] == ("Zara Person60", "Pune", "")
    assert desk.cycle(link).writes == 0
