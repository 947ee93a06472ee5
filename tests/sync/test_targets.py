"""Aiming: a value goes only where the lead stands now, and only over what it was decided on."""

from __future__ import annotations

from dataclasses import replace

import gspread
import pytest

from core.model import Change, ChangeKind, Value
from store import mirror
from store.config import default_config
from sync.batch import MasterShape
from sync.link import Link
from sync.people import shape_of
from sync.targets import Aimed, aim
from tests.sync.conftest import HEADER, NOW, Desk, person

CONFIG = default_config()


@pytest.fixture
def link(desk: Desk) -> Link:
    """Five leads in Master."""
    desk.add_tab("Form", [HEADER, *(person(n) for n in range(5))])
    made = desk.link()
    assert desk.cycle(made).created == 5
    return made


def master(desk: Desk) -> gspread.Worksheet:
    return desk.book.worksheet("Master")


def shape(desk: Desk) -> MasterShape:
    tab = master(desk)
    return shape_of(tab.id, tab.title, tab.row_values(1), tab.row_count)


def decided(lead_id: str, **values: tuple[Value, Value]) -> Change:
    return Change(f"c-{lead_id}", lead_id, ChangeKind.UPDATE, values, "sync", NOW)


def aimed(desk: Desk, link: Link, *changes: Change) -> Aimed:
    with link.engine.begin() as conn:
        rows = {i: row - 1 for i, row in mirror.rows_of(conn, [c.lead_id for c in changes]).items()}
    return aim(link.sheets, shape(desk), changes, rows, CONFIG)


def test_nothing_to_aim_is_no_read(desk: Desk, link: Link) -> None:
    before = link.sheets.meter.read
    assert aimed(desk, link) == Aimed(shape(desk), (), ())
    assert link.sheets.meter.read == before


def test_what_nobody_touched_is_hit_with_one_read(desk: Desk, link: Link) -> None:
    ids, before = desk.column("lead_id"), link.sheets.meter.read
    found = aimed(desk, link, *(decided(i, city=("Pune", "Goa")) for i in ids))
    assert [(w.lead_id, w.row, dict(w.values)) for w in found.writes] == [
        (lead_id, row, {"city": "Goa"}) for row, lead_id in enumerate(ids, 1)
    ]
    assert (found.stale, link.sheets.meter.read - before) == ((), 1)


def test_what_a_person_changed_is_decided_anew(desk: Desk, link: Link) -> None:
    ids = desk.column("lead_id")
    master(desk).update_cell(3, shape(desk).columns["city"] + 1, "Nashik")
    found = aimed(desk, link, *(decided(i, city=("Pune", "Goa")) for i in ids))
    assert (len(found.writes), found.stale) == (4, (ids[1],))


def test_a_person_who_wrote_the_same_stands_in_nobodys_way(desk: Desk, link: Link) -> None:
    lead_id = desk.column("lead_id")[1]
    master(desk).update_cell(3, shape(desk).columns["city"] + 1, "Goa")
    assert aimed(desk, link, decided(lead_id, city=("Pune", "Goa"))).stale == ()


def test_rows_that_moved_are_found_by_their_ids(desk: Desk, link: Link) -> None:
    ids, tab = desk.column("lead_id"), master(desk)
    tab.insert_row(["a note"], 2)
    tab.sort((shape(desk).columns["full_name"] + 1, "des"), range="A3:AC7")
    found = aimed(desk, link, *(decided(i, city=("Pune", "Goa")) for i in ids))
    assert found.stale == ()
    now = tab.col_values(1)
    assert [now[w.row] for w in found.writes] == [w.lead_id for w in found.writes]
    assert len(found.writes) == 5


def test_a_deleted_row_is_stale_and_hits_nobody(desk: Desk, link: Link) -> None:
    ids = desk.column("lead_id")
    master(desk).delete_rows(2)
    found = aimed(desk, link, decided(ids[0], city=("Pune", "Goa")), decided(ids[1], city=("Pune", "Goa")))
    assert ([w.lead_id for w in found.writes], found.stale) == ([ids[1]], (ids[0],))


def test_a_doubled_id_means_the_first_row(desk: Desk, link: Link) -> None:
    ids, tab = desk.column("lead_id"), master(desk)
    row = tab.row_values(6)
    tab.delete_rows(6)
    tab.insert_rows([row, row], 3, value_input_option="RAW")  # type: ignore[arg-type]
    found = aimed(desk, link, decided(ids[4], city=("Pune", "Goa")))
    assert [w.row for w in found.writes] == [2]


def test_a_formula_is_left_alone_beside_a_value_that_is_written(desk: Desk, link: Link) -> None:
    lead_id = desk.column("lead_id")[0]
    master(desk).update_cell(2, shape(desk).columns["city"] + 1, '="Pu"&"ne"')
    found = aimed(desk, link, decided(lead_id, city=("Pune", "Goa"), email=("asha0@example.org", "new@example.org")))
    assert [dict(w.values) for w in found.writes] == [{"email": "new@example.org"}]
    assert [set(c.fields) for w in found.writes for c in w.changes] == [{"email"}]


def test_a_word_where_a_day_belongs_is_left_alone(desk: Desk, link: Link) -> None:
    lead_id = desk.column("lead_id")[0]
    master(desk).update_cell(2, shape(desk).columns["next_follow_up"] + 1, "after Diwali")
    found = aimed(desk, link, decided(lead_id, next_follow_up=(None, NOW.date()), city=("Pune", "Goa")))
    assert [dict(w.values) for w in found.writes] == [{"city": "Goa"}]


def test_columns_are_found_by_their_header_at_the_moment_of_writing(desk: Desk, link: Link) -> None:
    """Also where they moved after the cycle had read them; one that is gone is not written."""
    lead_id, tab, before = desk.column("lead_id")[0], master(desk), shape(desk)
    tab.insert_cols([["my own"]], col=3)
    tab.update_cell(1, before.columns["notes"] + 2, "our notes")
    with link.engine.begin() as conn:
        rows = {i: row - 1 for i, row in mirror.rows_of(conn, [lead_id]).items()}
    found = aim(link.sheets, before, [decided(lead_id, city=("Pune", "Goa"), notes=(None, "x"))], rows, CONFIG)
    assert found.master.columns["city"] == before.columns["city"] + 1
    assert "notes" not in found.master.columns
    assert [dict(w.values) for w in found.writes] == [{"city": "Goa"}]


def test_a_lead_that_was_never_seen_is_looked_for(desk: Desk, link: Link) -> None:
    lead_id = desk.column("lead_id")[3]
    found = aim(link.sheets, shape(desk), [decided(lead_id, city=("Pune", "Goa"))], {}, CONFIG)
    assert [w.row for w in found.writes] == [4]
    nobody = replace(decided(lead_id, city=("Pune", "Goa")), lead_id="Lnobody")
    assert aim(link.sheets, shape(desk), [nobody], {}, CONFIG).stale == ("Lnobody",)
