"""A repair is a flush like any other: what it misses is found, taken back and done again, also after a crash, and with
the database deleted on the way."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import gspread
import pytest
import requests

from core.model import Change, ChangeKind, Value
from store import issues, outbox
from sync.access import RebasedHTTPClient
from sync.errors import SheetsProblem
from sync.link import Link
from tests.sync.conftest import HEADER, NOW, ROWS, Book, Desk, person


class Meddling(RebasedHTTPClient):
    """Before each write somebody does the next of `deeds`."""

    deeds: list[Callable[[], object]]

    def request(self, method: str, endpoint: str, *args: Any, **kwargs: Any) -> requests.Response:
        if endpoint.endswith(":batchUpdate") and self.deeds:
            self.deeds.pop(0)()
        return super().request(method, endpoint, *args, **kwargs)


@pytest.fixture
def book(book: Book) -> Book:
    """With a column of people's own, and a city in each row that names it."""
    desk, link, master = book
    master.insert_cols([["Remarks", *(f"Own{n}" for n in range(ROWS))]], col=6)
    master.update([[f"City{n}"] for n in range(ROWS)], "E2")
    desk.cycle(link)
    return desk, link, master


def edit(link: Link, leads: list[str]) -> None:
    with link.engine.begin() as conn:
        for n, lead in enumerate(leads):
            made = {"city": (f"City{n}", f"Token{n}")}
            outbox.enqueue(conn, [Change(f"C{n}", lead, ChangeKind.UPDATE, made, "Neha", NOW)])


def meddle(desk: Desk, link: Link, *deeds: Callable[[], object]) -> Meddling:
    client = Meddling(desk.http.auth)
    client.base, client.deeds = desk.http.base, list(deeds)
    link.sheets.http = client
    return client


def sort(master: gspread.Worksheet, column: int, order: str) -> Callable[[], object]:
    return lambda: master.sort((column, order), range=f"A2:AD{ROWS + 1}")  # type: ignore[arg-type]


def rows(desk: Desk) -> dict[str, tuple[str, str]]:
    return {row["lead_id"]: (row["city"], row["Remarks"]) for row in desk.master() if row["lead_id"]}


def column(master: gspread.Worksheet, place: int, header: str) -> Callable[[], object]:
    return lambda: master.insert_cols([[header]], col=place)


def row(master: gspread.Worksheet, place: int) -> Callable[[], object]:
    return lambda: master.insert_row([""], place)


DEEDS: dict[str, Callable[[gspread.Worksheet], list[Callable[[], object]]]] = {
    "sorted thrice": lambda m: [sort(m, 2, "des"), sort(m, 1, "asc"), sort(m, 5, "des")],
    "a column each time": lambda m: [column(m, 3, "New1"), column(m, 2, "New2")],
    "a column, then sorted": lambda m: [column(m, 4, "New1"), sort(m, 2, "des"), sort(m, 1, "des")],
    "sorted, then a column": lambda m: [sort(m, 2, "des"), column(m, 4, "New1"), sort(m, 1, "asc")],
    "a nameless column": lambda m: [column(m, 5, ""), lambda: m.delete_columns(5), sort(m, 2, "des")],
    "rows come and go": lambda m: [row(m, 2), lambda: m.delete_rows(2), row(m, 3)],
}


@pytest.mark.parametrize("deeds", DEEDS)
def test_a_repair_that_goes_astray_is_done_again(book: Book, deeds: str) -> None:
    desk, link, master = book
    before = rows(desk)
    edited = list(before)[:3]
    edit(link, edited)
    client = meddle(desk, link, *DEEDS[deeds](master))
    for _ in range(4):
        with contextlib.suppress(SheetsProblem):
            desk.cycle(link)
    assert not client.deeds
    wanted = {lead: (f"Token{edited.index(lead)}", own) if lead in edited else (city, own)
              for lead, (city, own) in before.items()}  # fmt: skip
    assert rows(desk) == wanted
    told = [tuple(row[1:5]) for row in desk.book.worksheet("Activity").get_all_values()[1:]]
    assert len(told) == len(set(told)), "told twice"
    last = desk.cycle(link)
    assert (last.reads, last.writes) == (1, 0)


class Gone(Exception):
    """The worker ends."""


@pytest.mark.parametrize("deleted", [False, True], ids=["same database", "database deleted"])
@pytest.mark.parametrize("step", ["mend", "send", "sent", "read back", "read back done"])
def test_a_repair_that_goes_astray_survives_its_worker(book: Book, step: str, deleted: bool) -> None:
    desk, link, master = book
    before = rows(desk)
    edited = list(before)[:3]
    edit(link, edited)
    meddle(desk, link, sort(master, 2, "des"), sort(master, 5, "asc"), sort(master, 1, "des"))
    mended = []

    def fall(name: str) -> None:
        mended.append(name)
        if name == step and "mend" in mended:
            mended.clear()
            raise Gone

    link.step = fall
    for _ in range(2):
        with contextlib.suppress(Gone, SheetsProblem):
            desk.cycle(link)
    other = desk.link("fresh" if deleted else "a")
    for _ in range(4):
        with contextlib.suppress(SheetsProblem):
            desk.cycle(other)
    wanted = {lead: (f"Token{edited.index(lead)}", own) if lead in edited else (city, own)
              for lead, (city, own) in before.items()}  # fmt: skip
    assert rows(desk) == wanted


def test_new_leads_that_stand_crooked_are_straightened_though_rows_move_meanwhile(book: Book) -> None:
    desk, link, master = book
    desk.add_tab("Event", [HEADER, person(50), person(51)])
    deeds = [lambda: master.insert_cols([["New1"]], col=1), lambda: master.sort((3, "asc"), range="A2:AE9")]
    client = meddle(desk, link, *deeds)
    for _ in range(4):
        with contextlib.suppress(SheetsProblem):
            desk.cycle(link)
    assert not client.deeds
    for n in (50, 51):
        found = [row for row in desk.master() if row["full_name"] == f"Asha Person{n}"]
        assert len(found) == 1
        said = [found[0][name] for name in ("phone_number", "city", "New1", "Remarks")]
        assert said == [f"(981) 550-00{n}", "Pune", "", ""]
        assert found[0]["lead_id"].startswith("L")
    assert rows(desk).keys() >= {row["lead_id"] for row in desk.master()}
    assert desk.cycle(link).writes == 0


@pytest.mark.parametrize("when", ["with the write", "before it is put right"])
@pytest.mark.parametrize("by", ["app", "form"])
def test_what_a_new_lead_has_for_a_column_that_goes_meanwhile_waits_for_it(book: Book, when: str, by: str) -> None:
    """A column comes in, so that its cells stand crooked, and that of its city goes: it is not wiped and forgotten."""
    desk, link, master = book
    name = "Asha Person60"
    if by == "app":
        said: dict[str, tuple[Value, Value]] = {"full_name": (None, name), "city": (None, "Pune")}
        with link.engine.begin() as conn:
            outbox.enqueue(conn, [Change("C60", "L-NEW00060", ChangeKind.CREATE, said, "Neha", NOW)])
    else:
        desk.add_tab("Event", [HEADER, person(60)])

    def go() -> None:
        master.delete_columns(master.row_values(1).index("city") + 1)

    def come() -> None:
        master.insert_cols([["New1"]], col=3)
        if when == "with the write":
            go()

    left = [go] if when == "before it is put right" else []
    link.step = lambda step: left.pop()() if step == "sent" and left else None
    client = meddle(desk, link, come)
    for _ in range(4):
        with contextlib.suppress(SheetsProblem):
            desk.cycle(link)
    assert not client.deeds
    assert not left
    (found,) = [row for row in desk.master() if row["full_name"] == name]
    assert "Pune" not in found.values()
    assert desk.cycle(link).writes == 0
    master.insert_cols([["city"]], col=4)
    for _ in range(3):
        desk.cycle(link)
    (found,) = [row for row in desk.master() if row["full_name"] == name]
    assert found["city"] == "Pune"
    assert desk.cycle(link).writes == 0


@pytest.mark.parametrize("by", ["app", "form"])
@pytest.mark.parametrize("deed", ["delete", "rename"])
def test_what_a_new_lead_has_comes_though_the_column_that_it_came_to_is_gone(book: Book, deed: str, by: str) -> None:
    """A column comes in before its city, which stands under that of somebody's own then, and goes with it."""
    desk, link, master = book
    if by == "app":
        said: dict[str, tuple[Value, Value]] = {"full_name": (None, "Asha Person60"), "city": (None, "Pune")}
        with link.engine.begin() as conn:
            outbox.enqueue(conn, [Change("C60", "L-NEW00060", ChangeKind.CREATE, said, "Neha", NOW)])
    else:
        desk.add_tab("Event", [HEADER, person(60)])
    city = master.row_values(1).index("city") + 1
    left = [lambda: master.delete_columns(city) if deed == "delete" else master.update_cell(1, city, "Town")]
    link.step = lambda step: left.pop()() if step == "sent" and left else None
    client = meddle(desk, link, lambda: master.insert_cols([["New1"]], col=city))
    for _ in range(4):
        with contextlib.suppress(SheetsProblem):
            desk.cycle(link)
    assert not client.deeds
    assert not left
    (found,) = [row for row in desk.master() if row["full_name"] == "Asha Person60"]
    assert (found["city"], found.get("Town", "")) == ("Pune", "")
    assert desk.cycle(link).writes == 0


def test_a_row_without_an_id_gets_its_words_back(book: Book) -> None:
    desk, link, master = book
    before = rows(desk)
    edit(link, [next(iter(before))])
    nameless = ["", "", "", "", "Typed here", "Mine"]
    meddle(desk, link, lambda: master.insert_row(nameless, 2))
    desk.cycle(link)
    assert master.row_values(2) == nameless
    assert rows(desk)[next(iter(before))][0] == "Token0"


def test_a_row_without_an_id_that_was_changed_besides_is_known_all_the_same(book: Book) -> None:
    desk, link, master = book
    edit(link, [next(iter(rows(desk)))])

    def deed() -> None:
        master.insert_row(["", "", "", "", "Typed here"], 2)
        link.step = lambda name: master.update_acell("F2", "Mine") if name == "mend" else None

    meddle(desk, link, deed)
    desk.cycle(link)
    assert master.row_values(2)[4:] == ["Typed here", "Mine"]


def test_a_row_without_an_id_that_nobody_knows_any_more_is_shown(book: Book) -> None:
    desk, link, master = book
    edit(link, [next(iter(rows(desk)))])

    def deed() -> None:
        master.insert_row(["", "", "", "", "Typed here", "This", "That"], 2)
        link.step = lambda name: master.update([["Other", "Words"]], "F2") if name == "mend" else None

    meddle(desk, link, deed)
    desk.cycle(link)
    with link.engine.begin() as conn:
        assert any("Typed here" in one.issue.reason for one in issues.page(conn, 50).items)


def test_a_row_without_an_id_is_found_behind_the_last_lead_too(book: Book) -> None:
    """A sort puts it there: no id stands below it."""
    desk, link, master = book
    lead = next(iter(rows(desk)))
    edit(link, [lead])
    place = f"A2:AD{ROWS + 2}"

    def deed() -> None:
        master.insert_row([""], 2)
        link.step = lambda name: master.sort((2, "asc"), range=place) if name == "mend" else None

    meddle(desk, link, deed)
    desk.cycle(link)
    assert len(master.col_values(5)) == ROWS + 1, "nothing of ours stands in the blank row"
    assert rows(desk)[lead][0] == "Token0"
    assert desk.cycle(link).writes == 0
