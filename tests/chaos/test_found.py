"""What the simulation has found, each on its own: small, fast, and named by the seed that showed it."""

from __future__ import annotations

import contextlib

import gspread

from core.model import Change, ChangeKind, ChangeState
from store import issues, left_out, mirror, outbox
from sync import unmended
from sync.batch import MasterShape
from sync.errors import SheetsProblem
from sync.judging import Turn
from sync.link import Link
from tests.sync.conftest import HEADER, NOW, Desk, account, desk, person

__all__ = ["account", "desk"]


def lines(desk: Desk, who: str) -> list[list[str]]:
    return [row for row in desk.book.worksheet("Activity").get_all_values()[1:] if row[3] == who]


def test_seed_1_episode_0_what_people_typed_is_told_once_though_the_answer_was_lost(desk: Desk) -> None:
    desk.add_tab("Form", [HEADER, person(1)])
    link = desk.link()
    desk.cycle(link)
    desk.book.worksheet("Master").update_acell("E2", "Kochi")

    class Gone(Exception):
        pass

    def fall(step: str) -> None:
        if step == "sent":
            raise Gone

    link.step = fall
    try:
        desk.cycle(link)
    except Gone:
        link.step = lambda step: None
    desk.cycle(link)
    desk.cycle(link)
    assert [row[4:7] for row in lines(desk, "sheet")] == [["city", "Pune", "Kochi"]]
    assert desk.cycle(link).writes == 0


def test_seed_31_episode_7_a_new_lead_waits_for_the_header_that_it_needs(desk: Desk) -> None:
    desk.add_tab("Form", [HEADER, person(1)])
    link = desk.link()
    desk.cycle(link)
    master = desk.book.worksheet("Master")
    master.update_acell("E1", "Town")
    made = {"full_name": (None, "Bina"), "phone_number": (None, "+919815512345"), "city": (None, "Kochi")}
    with link.engine.begin() as conn:
        outbox.enqueue(conn, [Change("C1", "LNEW00001", ChangeKind.CREATE, made, "Neha", NOW)])
    desk.cycle(link)
    with link.engine.begin() as conn:
        waiting = outbox.change(conn, "C1")
        assert waiting
        assert waiting.state is ChangeState.PENDING
    master.update_acell("E1", "city")
    desk.cycle(link)
    assert {row["lead_id"]: row["city"] for row in desk.master()}["LNEW00001"] == "Kochi"


def test_seed_1_episode_2_a_header_that_is_gone_for_a_while_empties_nothing(desk: Desk) -> None:
    desk.add_tab("Form", [HEADER, person(1), person(2)])
    link = desk.link()
    desk.cycle(link)
    master = desk.book.worksheet("Master")
    master.update_acell("E1", "Town")
    master.update_acell("E3", "Kochi")
    desk.cycle(link)
    leads = desk.column("lead_id")
    with link.engine.begin() as conn:
        assert [lead.city for lead in mirror.leads(conn, leads)] == ["Pune", "Pune"]
    assert lines(desk, "sheet") == []
    master.update_acell("E1", "city")
    desk.cycle(link)
    with link.engine.begin() as conn:
        assert [lead.city for lead in mirror.leads(conn, leads)] == ["Pune", "Kochi"]
    assert [row[4:7] for row in lines(desk, "sheet")] == [["city", "Pune", "Kochi"]]


def name_kochi(desk: Desk) -> tuple[Link, int]:
    """A book of one lead, and a word in it that only a person can put right; with the tab that it is named by."""
    desk.add_tab("Form", [HEADER, person(1)])
    link = desk.link()
    desk.cycle(link)
    ids = {tab.title: tab.id for tab in desk.book.worksheets()}
    shape = MasterShape(ids["Master"], "Master", ("lead_id",), {"lead_id": 0}, 2)
    with link.engine.begin() as conn:
        unmended.name(conn, shape, ids["_crm"], 7, [unmended.helpless(Turn((), "x", 4, "y", None, (9, 4), "Kochi"))])
    return link, ids["_crm"]


def test_seed_2_episode_1_a_row_without_an_id_that_was_hit_stays_shown(desk: Desk) -> None:
    link, _ = name_kochi(desk)
    desk.book.worksheet("Master").update_acell("E2", "Mumbai")
    desk.cycle(link)
    with link.engine.begin() as conn:
        assert any("Kochi" in one.issue.reason for one in issues.page(conn, 50).items)


def test_seed_1701_episode_18_what_only_a_person_can_put_right_outlives_the_database(desk: Desk) -> None:
    """Until somebody leaves it out."""
    link, crm = name_kochi(desk)
    desk.cycle(link)

    def named(other: Link) -> list[str]:
        with other.engine.connect() as conn:
            return [one.fingerprint for one in issues.page(conn, 50).items if "Kochi" in one.issue.reason]

    anew = desk.link("anew")
    desk.cycle(anew)
    (fingerprint,) = named(anew)
    with anew.engine.begin() as conn:
        assert left_out.leave_out(conn, crm, fingerprint)
    desk.cycle(anew)
    later = desk.link("later")
    desk.cycle(later)
    assert named(later) == []
    assert desk.cycle(later).writes == 0


def test_seed_31_episode_5_a_crash_between_repair_and_reading_back_does_nothing_twice(desk: Desk) -> None:
    desk.add_tab("Form", [HEADER, *(person(n) for n in range(4))])
    link = desk.link()
    desk.cycle(link)
    leads = desk.column("lead_id")
    with link.engine.begin() as conn:
        for number, lead in enumerate(leads):
            made = {"city": ("Pune", f"Token{number}")}
            outbox.enqueue(conn, [Change(f"C{number}", lead, ChangeKind.UPDATE, made, "Neha", NOW)])

    class Gone(Exception):
        pass

    def meddle(step: str) -> None:
        if step == "send" and desk.column("city")[0] == "Pune":
            desk.book.worksheet("Master").sort((1, "des"), range="A2:AC5")
            desk.book.worksheet("Master").insert_row([""], 2)
        if step == "read back":
            raise Gone

    link.step = meddle
    for _ in range(2):
        with contextlib.suppress(Gone):
            desk.cycle(link)
    link.step = lambda step: None
    for _ in range(3):
        desk.cycle(link)
    told = [row[1] for row in lines(desk, "Neha")]
    assert sorted(told) == ["C0", "C1", "C2", "C3"]
    rows = {row["lead_id"]: row["city"] for row in desk.master() if row["lead_id"]}
    assert rows == {lead: f"Token{number}" for number, lead in enumerate(leads)}


def test_seed_1_what_waits_to_be_done_again_is_not_forgotten_with_the_fence(desk: Desk) -> None:
    """A write went astray, was put right and read back; before it was done again, somebody took the fence away."""
    desk.add_tab("Form", [HEADER, *(person(n) for n in range(4))])
    link = desk.link()
    desk.cycle(link)
    master, lead = desk.book.worksheet("Master"), desk.column("lead_id")[0]
    with link.engine.begin() as conn:
        edit = {"city": ("Pune", "Kochi")}
        outbox.enqueue(conn, [Change("C1", lead, ChangeKind.UPDATE, edit, "Neha", NOW)])

    class Gone(Exception):
        pass

    steps: list[str] = []

    def meddle(step: str) -> None:
        steps.append(step)
        if steps.count("send") == 1 and step == "send":
            master.sort((1, "des" if desk.column("lead_id")[0] < desk.column("lead_id")[-1] else "asc"), range="A2:AC5")
        if step == "planned" and "read back done" in steps:
            raise Gone

    link.step = meddle
    with contextlib.suppress(Gone):
        desk.cycle(link)
    link.step = lambda step: None
    assert "read back done" in steps
    (fence,) = [one["namedRangeId"] for one in desk.book.fetch_sheet_metadata()["namedRanges"]]
    desk.book.batch_update({"requests": [{"deleteNamedRange": {"namedRangeId": fence}}]})
    for _ in range(4):
        with contextlib.suppress(SheetsProblem):
            desk.cycle(link)
    assert {row["lead_id"]: row["city"] for row in desk.master()}[lead] == "Kochi"
    assert desk.cycle(link).writes == 0


def test_seed_201_episode_9_a_repair_tells_of_the_field_though_its_header_was_doubled_meanwhile(desk: Desk) -> None:
    """Both cells that went astray were told of under one name: an undo would have gone into the other column."""
    desk.add_tab("Form", [HEADER, person(1), person(2)])
    link = desk.link()
    desk.cycle(link)
    master = desk.book.worksheet("Master")
    names = ("potential_value", "customer_segment")
    places = {name: master.row_values(1).index(name) + 1 for name in names}
    for name, place in places.items():
        master.update([[f"{name} {row}"] for row in (1, 2)], gspread.utils.rowcol_to_a1(2, place))
    desk.cycle(link)
    lead, other = desk.column("lead_id")
    fields = {name: (f"{name} 1", f"new {name}") for name in names}
    with link.engine.begin() as conn:
        outbox.enqueue(conn, [Change("C1", lead, ChangeKind.UPDATE, fields, "Neha", NOW)])

    def meddle(step: str) -> None:
        if step == "send":
            link.step = lambda _: None
            master.update_cell(1, places["customer_segment"], "potential_value")
            master.insert_row(master.row_values(3), 2)
            master.delete_rows(4)

    link.step = meddle
    for _ in range(2):
        with contextlib.suppress(SheetsProblem):
            desk.cycle(link)
    master.update_cell(1, places["customer_segment"], "customer_segment")
    for _ in range(3):
        desk.cycle(link)
    told = [row[2:7] for row in desk.book.worksheet("Activity").get_all_values()[1:] if row[1].startswith("repair ")]
    assert sorted(told) == sorted([other, "sync", name, f"new {name}", f"{name} 2"] for name in names)
    says = {row["lead_id"]: [row[name] for name in names] for row in desk.master()}
    assert says == {lead: [f"new {name}" for name in names], other: [f"{name} 2" for name in names]}
