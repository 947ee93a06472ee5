"""New leads that stand crooked, beside a column that was inserted while they were written, and their neighbours."""

from __future__ import annotations

import contextlib

import pytest

from core.model import Change, ChangeKind, Value
from store import issues, outbox
from sync.errors import SheetsProblem
from tests.sync.conftest import HEADER, NOW, ROWS, Book, person
from tests.sync.test_repair import book, meddle
from tests.sync.test_repair_meanwhile import die_when_sent

__all__ = ["book"]


@pytest.mark.parametrize("apart", [True, False], ids=["sorted apart", "sorted whole"])
def test_a_new_lead_whose_id_was_sorted_to_another_row_takes_none_from_it(book: Book, apart: bool) -> None:
    """Its id came to a column that was inserted in that instant, and that somebody sorts with the ids."""
    desk, link, master = book
    said: dict[str, tuple[Value, Value]] = {
        "full_name": (None, "Zara Person60"), "phone_number": (None, "+919815500060"), "city": (None, "Pune")
    }  # fmt: skip
    before = {row["lead_id"]: row["full_name"] for row in desk.master()}
    with link.engine.begin() as conn:
        outbox.enqueue(conn, [Change("C60", "L-NEW00060", ChangeKind.CREATE, said, "Neha", NOW)])
    meddle(desk, link, lambda: master.insert_cols([["New1"]], col=1))
    die_when_sent(desk, link)
    assert master.cell(ROWS + 2, 1).value == "L-NEW00060"
    master.sort((1, "asc"), range=f"A2:{'B' if apart else 'AE'}{ROWS + 2}")
    assert master.cell(2, 1).value == "L-NEW00060"
    for _ in range(3):
        desk.cycle(link)
    with link.engine.connect() as conn:
        reasons = "\n".join(one.issue.reason for one in issues.page(conn, 50).items)
    names = {row["lead_id"]: row["full_name"] for row in desk.master()}
    assert ("Zara Person60" in reasons) == apart
    assert names.get("L-NEW00060") == (None if apart else "Zara Person60")
    assert names.keys() >= before.keys() if apart else names == before | {"L-NEW00060": "Zara Person60"}
    assert desk.cycle(link).writes == 0


@pytest.mark.parametrize("then", ["sorted apart", "sorted whole", "typed over"])
def test_a_new_lead_of_two_words_whose_id_and_name_were_sorted_to_another_row_takes_none_from_it(
    book: Book, then: str
) -> None:
    """Half of it stands beside its id, and half in its row. Where its city was typed over, that of the other new lead
    is not the other half."""
    desk, link, master = book
    before = {row["lead_id"]: row["full_name"] for row in desk.master()}
    with link.engine.begin() as conn:
        for n in (60, 61):
            said: dict[str, tuple[Value, Value]] = {"full_name": (None, f"Zara Person{n}"), "city": (None, "Goa")}
            outbox.enqueue(conn, [Change(f"C{n}", f"L-NEW000{n}", ChangeKind.CREATE, said, "Neha", NOW)])
    meddle(desk, link, lambda: master.insert_cols([["New1"]], col=1))
    die_when_sent(desk, link)
    if then == "typed over":
        master.update_cell(ROWS + 2, 5, "Typed")
    else:
        master.sort((1, "asc"), range=f"A2:{'B' if then == 'sorted apart' else 'AE'}{ROWS + 3}")
    for _ in range(4):
        with contextlib.suppress(SheetsProblem):
            desk.cycle(link)
    with link.engine.connect() as conn:
        reasons = "\n".join(one.issue.reason for one in issues.page(conn, 50).items)
    assert ("Zara Person60" in reasons) == (then == "sorted apart")
    names = {row["lead_id"]: row["full_name"] for row in desk.master()}
    assert names.keys() >= before.keys()
    assert ("Zara Person60" in names.values()) == (then != "sorted apart")
    assert desk.cycle(link).writes == 0


@pytest.mark.parametrize("place", [1, 2])
@pytest.mark.parametrize("then", ["the column goes", "its id is typed over", "its row goes too"])
def test_a_new_lead_whose_id_went_with_the_column_that_it_came_to_gets_it_back(
    book: Book, then: str, place: int
) -> None:
    """Two of one name: where its row is gone too, the other one is left alone."""
    desk, link, master = book
    if place == 2:  # a column of theirs before the ids
        master.insert_cols([["Mine"]], col=1)
    said: dict[str, tuple[Value, Value]] = {
        "full_name": (None, "Zara Person60"), "phone_number": (None, "+919815500060"), "city": (None, "Pune")
    }  # fmt: skip
    with link.engine.begin() as conn:
        outbox.enqueue(conn, [Change("C59", "L-NEW00059", ChangeKind.CREATE, said, "Neha", NOW)])
    desk.cycle(link)
    before = desk.master()
    with link.engine.begin() as conn:
        outbox.enqueue(conn, [Change("C60", "L-NEW00060", ChangeKind.CREATE, said, "Neha", NOW)])
    meddle(desk, link, lambda: master.insert_cols([["New1"]], col=place))
    die_when_sent(desk, link)
    assert master.cell(ROWS + 3, place).value == "L-NEW00060"
    if then == "its id is typed over":
        master.update_cell(ROWS + 3, place, "Mine too")
    else:
        master.delete_columns(place)
    if then == "its row goes too":
        master.delete_rows(ROWS + 3)
    for _ in range(3):
        desk.cycle(link)
    now = desk.master()
    assert [{k: v for k, v in row.items() if k != "New1"} for row in now[: ROWS + 1]] == before
    words = [(row["lead_id"], row["full_name"], row["phone_number"], row["city"]) for row in now[ROWS + 1 :]]
    came = [("L-NEW00060", "Zara Person60", "(981) 550-0060", "Pune")]
    assert words == ([] if then == "its row goes too" else came)
    assert [row.get("New1") for row in now[ROWS + 1 :]] == [
        "Mine too" if then == "its id is typed over" else None
    ] * len(words)
    assert desk.cycle(link).writes == 0


@pytest.mark.parametrize("city", ["Pune", "Kochi"], ids=["the same city", "another city"])
def test_a_new_lead_that_stands_crooked_takes_nothing_from_the_row_above_it_though_its_repair_goes_up_and_down(
    book: Book, city: str
) -> None:
    """The new lead's id names that row after the first repair, and the blank one below after the second."""
    desk, link, master = book
    place = master.row_values(1).index("city") + 1
    master.update_cell(ROWS + 1, place, city)
    desk.cycle(link)
    before = {row["lead_id"]: row for row in desk.master()}
    desk.add_tab("Event", [HEADER, person(50)])
    deeds = [
        lambda: master.insert_cols([["New1"]], col=1),
        lambda: master.insert_row([], 3),
        lambda: master.delete_rows(3),
    ]
    client = meddle(desk, link, *deeds)
    for _ in range(5):
        with contextlib.suppress(SheetsProblem):
            desk.cycle(link)
    assert not client.deeds
    now = {row["lead_id"]: {name: said for name, said in row.items() if name != "New1"} for row in desk.master()}
    assert {lead: row for lead, row in now.items() if lead in before} == before
    assert [row["city"] for row in now.values() if row["full_name"] == "Asha Person50"] == ["Pune"]
    assert len(now) == ROWS + 1
    assert desk.cycle(link).writes == 0


def sorted_away(book: Book, besides: str) -> str:
    """A new lead that comes beside a column inserted before the city, and whose id, name and phone are sorted to the
    first row, mostly with a blank one in between, that comes to its own. The place of its city, that stays."""
    desk, link, master = book
    said: dict[str, tuple[Value, Value]] = {
        "full_name": (None, "Zara Person60"), "phone_number": (None, "+919815500060"), "city": (None, "Pune60")
    }  # fmt: skip
    with link.engine.begin() as conn:
        outbox.enqueue(conn, [Change("C60", "A-NEW00060", ChangeKind.CREATE, said, "Neha", NOW)])
    place = master.row_values(1).index("city") + 1
    meddle(desk, link, lambda: master.insert_cols([["New1"]], col=place))
    die_when_sent(desk, link)
    if besides != "another's id":
        master.insert_row([], 3)
    city = master.find("Pune60")
    assert city is not None
    master.sort((1, "asc"), range=f"A2:D{city.row}")
    if besides == "a row like it":
        master.update_cell(city.row + 3, city.col, "Pune60")
    if besides != "another city":
        master.update_cell(2, place + 1, "")
    assert "A-NEW00060" in master.row_values(2)
    return str(city.address)


def settle(book: Book) -> str:
    """What Needs attention says afterwards."""
    desk, link, _ = book
    for _ in range(4):
        with contextlib.suppress(SheetsProblem):
            desk.cycle(link)
    with link.engine.connect() as conn:
        return "\n".join(one.issue.reason for one in issues.page(conn, 50).items)


@pytest.mark.parametrize("besides", ["nothing", "a row like it", "another city", "another's id"])
def test_what_a_sort_left_of_a_new_lead_under_a_wrong_header_goes_from_there(book: Book, besides: str) -> None:
    """Seed 1004401, episode 286. With two such rows nobody can tell which of them is somebody's own. Where the other
    row has a city, or this one an id, somebody is told."""
    desk, _, master = book
    left = sorted_away(book, besides)
    reasons = settle(book)
    (row,) = (row for row in desk.master() if row["lead_id"] == "A-NEW00060")
    city = "City0" if besides == "another city" else "Pune60"
    assert (row["full_name"], row["city"]) == ("Zara Person60", city)
    assert ("The row of A-NEW00060" in reasons and "“Pune60”" in reasons) == (besides == "another city")
    assert ("The row of L" in reasons and "“Pune60” now" in reasons) == (besides == "another's id")
    assert master.acell(left).value == (None if besides == "nothing" else "Pune60")
    assert desk.cycle(book[1]).writes == 0


@pytest.mark.parametrize("its", ["id, name and phone", "whole row"])
def test_a_new_lead_whose_id_was_sorted_beside_anothers_takes_nothing_from_them(book: Book, its: str) -> None:
    """Seed 1004401, episode 414: the column of ids was moved away as it was written. A sort of the first columns brings
    its id and name to another's row, and somebody is told all that it says; one of all columns brings it nowhere."""
    desk, link, master = book
    said: dict[str, tuple[Value, Value]] = {
        "full_name": (None, "Zara Person60"), "phone_number": (None, "+919815500060"), "city": (None, "Pune60")
    }  # fmt: skip
    with link.engine.begin() as conn:
        outbox.enqueue(conn, [Change("C60", "A-NEW00060", ChangeKind.CREATE, said, "Neha", NOW)])
    ids = {"sheetId": master.id, "dimension": "COLUMNS", "startIndex": 0, "endIndex": 1}
    move = {"source": ids, "destinationIndex": 13}
    meddle(desk, link, lambda: master.spreadsheet.batch_update({"requests": [{"moveDimension": move}]}))
    die_when_sent(desk, link)
    assert master.acell(f"A{ROWS + 2}").value == "A-NEW00060"
    before = {row["lead_id"]: row for row in desk.master() if row["lead_id"]}
    master.sort((1, "asc"), range=f"A2:{'C' if its == 'id, name and phone' else 'AE'}{ROWS + 2}")
    first = desk.master()[0]
    reasons = settle(book)
    now = desk.master()
    if its == "whole row":
        (row,) = (row for row in now if row["lead_id"] == "A-NEW00060")
        assert (row["full_name"], row["city"]) == ("Zara Person60", "Pune60")
        assert {row["lead_id"]: row for row in now if row["lead_id"] in before} == before
    else:
        assert all(said in reasons for said in ("A-NEW00060", "Zara Person60", "Pune60"))
        assert now[0] == first
    assert desk.cycle(link).writes == 0
