from dataclasses import replace
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from core.book import book_of
from core.identity import KnownRow, content_of, fingerprints, identify, row_key
from core.intake import arrivals_of, plan_intake
from core.model import Cell, ChangeKind, Disposition, Issue, Lead, LeadDraft, LedgerEntry, SourceRow, Tab
from tests.core.library import CONFIG, FORM, NOW, applied, rows

Table = list[tuple[Cell, ...]]


def read(row: SourceRow) -> tuple[LeadDraft, ...]:
    """A tab of name, phone, e-mail, city, as a cleaner would read it."""
    cells = (*row.cells, None, None, None, None)[:4]
    if not any(cells):
        return ()
    names = ("full_name", "phone_number", "email", "city")
    fields = {name: cell for name, cell in zip(names, cells, strict=True) if cell}
    issues = () if fields.get("phone_number") else (Issue(row.tab.title, row.row, "no phone", "phone_number", True),)
    return (LeadDraft(MappingProxyType(fields), row, issues),)


def key(row: SourceRow) -> str:
    return row_key(row.cells, read(row))


def known_of(table: Table, positions: bool = True, cells: bool = True) -> list[KnownRow]:
    return [
        KnownRow(
            LedgerEntry(FORM.sheet_id, item.fingerprint, key(item), Disposition.CREATED, (f"L{item.row}",)),
            item.row if positions else None,
            item.cells if cells else None,
        )
        for item in rows(table)
    ]


def look(before: Table, after: Table, complete: bool = True, positions: bool = True, cells: bool = True):
    return identify(rows(after), known_of(before, positions, cells), complete, key)


PEOPLE: Table = [(f"Name {n}", f"+91987654{n:04d}", f"r{n}@x.in", f"City {n}") for n in range(8)]


def edited(person: tuple[Cell, ...], place: int, cell: Cell) -> tuple[Cell, ...]:
    return (*person[:place], cell, *person[place + 1 :])


def test_fingerprints_tell_types_and_equal_rows_apart_and_cut_blanks():
    names = fingerprints([["1", None], ["1"], [1], [1.0, ""], [True], ["1", "", "x"], ["1", None, "x"], []])
    assert [name.rpartition(":")[2] for name in names] == ["0", "1", "0", "1", "0", "0", "1", "0"]
    assert len({content_of(name) for name in names}) == 5


@pytest.mark.parametrize("cell", ["\ud800", float("nan"), float("inf"), 10**400, -0.0, "'", "\\", "𝔘"])
def test_fingerprints_take_any_cell(cell):
    assert fingerprints([[cell], [cell]])[0].endswith(":0")


def test_a_sorted_tab_has_nothing_new():
    found = look(PEOPLE, PEOPLE[::-1])
    assert len(found.same) == 8
    assert not (found.new)
    assert not (found.edited)
    assert not (found.gone)
    assert not (found.doubtful)


def test_insert_and_delete():
    table = [*PEOPLE[:3], ("New", "+919000000000"), *PEOPLE[4:]]
    found = look(PEOPLE, table)
    assert [row.cells[0] for row in found.new] == ["New"]
    assert [item.position for item in found.gone] == [5]
    assert not found.edited


@pytest.mark.parametrize("place", [0, 1, 2, 3])
@pytest.mark.parametrize("cells", [True, False])
def test_an_edit_of_any_cell_in_its_place_is_known(place, cells):
    table = [*PEOPLE[:3], edited(PEOPLE[3], place, "+919111111111"), *PEOPLE[4:]]
    found = look(PEOPLE, table, cells=cells)
    assert [pair.known.position for pair in found.edited] == [5]
    assert not (found.new)
    assert not (found.gone)
    assert not (found.doubtful)


@pytest.mark.parametrize("place", [0, 1, 2, 3])
def test_edits_in_a_tab_sorted_at_once_are_known_by_key_or_cells(place):
    table = [edited(person, place, f"+91911111{n:04d}") if n % 3 == 0 else person for n, person in enumerate(PEOPLE)]
    found = look(PEOPLE, table[::-1])
    assert {pair.known.position: pair.row.cells for pair in found.edited} == {n + 2: table[n] for n in (0, 3, 6)}
    assert not (found.new)
    assert not (found.gone)
    assert not (found.doubtful)


def test_without_the_old_cells_a_changed_phone_in_a_sorted_tab_is_a_doubt_not_a_guess():
    table = [edited(PEOPLE[0], 1, "+919111111111"), *PEOPLE[1:]]
    found = look(PEOPLE, table[::-1], positions=False, cells=False)
    assert [doubt.candidates[0].entry.lead_ids for doubt in found.doubtful] == [("L2",)]
    assert not (found.new)
    assert not (found.edited)


def test_edits_at_the_edges_of_a_tab_whose_old_places_are_unknown():
    table = [edited(PEOPLE[0], 0, "Other"), edited(PEOPLE[1], 1, "+919111111111")]
    found = look(PEOPLE[:2], table, positions=False, cells=False)
    assert [pair.known.entry.lead_ids for pair in found.edited] == [("L2",)]
    assert [doubt.candidates[0].entry.lead_ids for doubt in found.doubtful] == [("L3",)]


def test_two_edits_that_could_be_swapped_are_doubts():
    twins: Table = [("Emma", "+919876543210"), ("Ria", "+919876543210"), *PEOPLE]
    table = [*PEOPLE[::-1], ("Emmy", "+919876543210"), ("Riya", "+919876543210")]
    found = look(twins, table, cells=False)
    assert len(found.doubtful) == 2
    assert not (found.new)
    assert not (found.edited)


def test_a_row_pasted_again_joins_the_leads_of_the_first_one():
    found = look(PEOPLE, [*PEOPLE, PEOPLE[2]])
    assert [(pair.row.row, pair.known.position) for pair in found.copied] == [(10, 4)]
    assert not found.new


def test_another_row_written_over_an_old_one_is_new_not_an_edit():
    table = [*PEOPLE[:3], ("Zoya", "+919000000000", "z@x.in", "Agra"), *PEOPLE[4:]]
    found = look(PEOPLE, table)
    assert len(found.new) == 1
    assert len(found.gone) == 1


def test_strangers_who_share_city_and_source_are_not_taken_for_one_another():
    people: Table = [(f"Name {n}", f"+91987654{n:04d}", "Website", "Hot", "Delhi") for n in range(8)]
    table = [*people[:2], *people[3:6], ("Zoya", "+919000000000", "Website", "Hot", "Delhi"), *people[6:]]
    for after in (table, table[::-1]):
        found = look(people, after)
        assert [row.cells[0] for row in found.new] == ["Zoya"]
        assert [item.position for item in found.gone] == [4]


def test_a_namesake_inserted_elsewhere_is_not_an_edit_of_a_deleted_row():
    people: Table = [(f"Name {n}", f"+91987654{n:04d}", "Website", "Delhi") for n in range(8)]
    table = [*people[1:4], ("Name 0", "+919000000000", "Website", "Delhi"), *people[4:]]
    found = look(people, table)
    assert not found.edited
    assert len(found.new) + len(found.doubtful) == 1


def test_an_edit_beside_a_pasted_row_is_known():
    table = [PEOPLE[1], edited(PEOPLE[0], 1, "+919111111111"), PEOPLE[1]]
    found = look(PEOPLE[:2], table)
    assert [pair.known.position for pair in found.edited] == [2]
    assert len(found.copied) == 1


def test_a_row_without_a_lead_is_tried_again_when_it_changes():
    table: Table = [("Zoya", "", "z@x.in", "Agra"), *PEOPLE]
    known = [replace(item, entry=replace(item.entry, lead_ids=())) for item in known_of(table)]
    seen = rows([edited(table[0], 1, "+919000000000"), *PEOPLE])
    found = identify(seen, known, True, key)
    assert [entry.fingerprint for entry in found.forgotten] == [known[0].entry.fingerprint]
    plan = plan_intake(arrivals_of(found, read), book_of(()), CONFIG, NOW, {})
    assert [entry.disposition for entry in plan.ledger] == [Disposition.CREATED]


def test_columns_moved_leave_every_row_known_by_its_key():
    moved = [(city, name, phone, email) for name, phone, email, city in PEOPLE]
    found = identify(
        rows(moved), known_of(PEOPLE), True, lambda row: key(replace(row, cells=(*row.cells[1:], row.cells[0])))
    )
    assert len(found.edited) == 8


def test_a_part_says_nothing_about_the_rest():
    known = known_of(PEOPLE)
    tail = rows([*PEOPLE[6:], ("New", "+919000000000")])
    tail = tuple(replace(row, row=row.row + 6) for row in tail)
    found = identify(tail, known, False, key)
    assert [row.cells[0] for row in found.new] == ["New"]
    assert not found.gone


def test_a_part_in_which_rows_have_moved_waits_for_the_whole_tab():
    tail = tuple(replace(row, row=row.row + 5) for row in rows([*PEOPLE[6:], ("New", "+919000000000")]))
    found = identify(tail, known_of(PEOPLE), False, key)
    assert len(found.unsettled) == 1
    assert not found.new


def test_a_part_knows_an_edit_in_its_place():
    tail = tuple(replace(row, row=row.row + 6) for row in rows([edited(PEOPLE[6], 3, "Pune"), PEOPLE[7]]))
    found = identify(tail, known_of(PEOPLE), False, key)
    assert [pair.known.position for pair in found.edited] == [8]


@given(st.permutations(range(8)), st.sets(st.integers(0, 7)), st.booleans(), st.booleans())
def test_each_row_is_told_exactly_once(order, changed, positions, cells):
    table = [edited(PEOPLE[n], n % 4, f"+91911111{n:04d}") if n in changed else PEOPLE[n] for n in order]
    found = look(PEOPLE, table, positions=positions, cells=cells)
    told = [row.row for row in found.new] + [p.row.row for p in (*found.same, *found.edited, *found.copied)]
    told += [doubt.row.row for doubt in found.doubtful]
    assert sorted(told) == list(range(2, 10))
    partners = [p.known.position or p.known.entry.lead_ids for p in (*found.same, *found.edited)]
    assert len(partners) == len(set(partners))


def test_a_tab_turned_upside_down_with_a_tenth_edited_is_near_linear():
    people = [(f"Name {n}", f"+9198{n:08d}", f"r{n}@x.in", "Delhi") for n in range(20_000)]
    table = [edited(person, n % 3, f"+9191{n:08d}") if n % 10 == 0 else person for n, person in enumerate(people)]
    found = look(people, table[::-1])
    assert len(found.edited) + len(found.doubtful) == 2000
    assert not found.new


class Tab_(RuleBasedStateMachine):  # noqa: N801 - a tab, not the model's Tab
    """People at work in a source tab, and a worker that comes by now and then. Each person has a name, phone and e-mail
    of their own, so a row stands for one lead as long as one cell at a time is edited."""

    remembers = True  # whether the worker still knows the old cells and positions

    def __init__(self) -> None:
        super().__init__()
        self.table: list[tuple[int, tuple[Cell, ...]]] = []
        self.tab = Tab(7, "Form")
        self.count = 0
        self.touched: set[int] = set()  # rows edited since the worker came: one edit each
        self.known: list[KnownRow] = []
        self.leads: dict[str, Lead] = {}
        self.lead_of: dict[int, str] = {}
        self.lost_track: set[int] = set()

    def person(self, phone: bool = True) -> tuple[int, tuple[Cell, ...]]:
        self.count += 1
        n = self.count
        return n, (f"Name{n} Of{n}", f"+9198{n:08d}" if phone else "", f"r{n}@x.in", f"City{n}")

    @initialize(size=st.integers(0, 6))
    def begin(self, size: int) -> None:
        self.table = [self.person() for _ in range(size)]

    @rule(place=st.integers(0, 50), phone=st.booleans())
    def insert(self, place: int, phone: bool) -> None:
        self.table.insert(place % (len(self.table) + 1), self.person(phone))

    @precondition(lambda self: self.table)
    @rule(place=st.integers(0, 50))
    def delete(self, place: int) -> None:
        who, _ = self.table.pop(place % len(self.table))
        self.touched.add(who)

    @precondition(lambda self: self.table)
    @rule(place=st.integers(0, 50), column=st.integers(0, 3))
    def edit(self, place: int, column: int) -> None:
        index = place % len(self.table)
        who, cells = self.table[index]
        if who in self.touched:
            return
        self.touched.add(who)
        self.count += 1
        new = (f"Other{self.count}", f"+9197{self.count:08d}", f"n{self.count}@x.in", f"Town{self.count}")[column]
        self.table[index] = (who, edited(cells, column, new))

    @precondition(lambda self: self.table)
    @rule(source=st.integers(0, 50), place=st.integers(0, 50))
    def paste_again(self, source: int, place: int) -> None:
        who, cells = self.table[source % len(self.table)]
        self.lost_track.add(who)  # two rows for one lead: which one the lead follows is not asked
        self.table.insert(place % (len(self.table) + 1), (who, cells))

    @rule(column=st.integers(0, 3), backwards=st.booleans())
    def sort(self, column: int, backwards: bool) -> None:
        self.table.sort(key=lambda item: str(item[1][column]), reverse=backwards)

    @rule()
    def rename(self) -> None:
        self.tab = Tab(7, self.tab.title + "x")

    @rule()
    def work(self) -> None:
        seen = rows([cells for _, cells in self.table], self.tab)
        known = self.known if self.remembers else [replace(k, position=None, cells=None) for k in self.known]
        found = identify(seen, known, True, key)
        plan = plan_intake(arrivals_of(found, read), book_of(self.leads.values()), CONFIG, NOW, {})
        self.leads = applied(plan, self.leads)
        entries = {item.entry.fingerprint: item.entry for item in self.known}
        for entry in found.forgotten:
            del entries[entry.fingerprint]
        entries.update((entry.fingerprint, entry) for entry in plan.ledger)
        assert set(entries) == {row.fingerprint for row in seen}  # each row in exactly one disposition
        self.known = [KnownRow(entries[row.fingerprint], row.row, row.cells) for row in seen]
        self.check(seen, {doubt.row.row for doubt in found.doubtful})
        again = identify(seen, self.known, True, key)
        assert plan_intake(arrivals_of(again, read), book_of(self.leads.values()), CONFIG, NOW, {}).empty
        self.touched.clear()

    def check(self, seen: tuple[SourceRow, ...], doubtful: set[int]) -> None:
        for (who, cells), item in zip(self.table, self.known, strict=True):
            if item.position in doubtful:
                self.lost_track.add(who)
                assert item.entry.disposition is Disposition.ATTENTION
            if who in self.lost_track:
                continue
            ids = item.entry.lead_ids
            if not cells[1]:
                assert item.entry.disposition is Disposition.ATTENTION
                continue
            assert len(ids) == 1
            assert self.lead_of.setdefault(who, ids[0]) == ids[0]  # an edit updates its lead, nothing comes twice
            if self.remembers:
                lead = self.leads[ids[0]]
                assert (lead.full_name, lead.phone_number, lead.email, lead.city) == cells

    @invariant()
    def every_lead_has_one_person(self) -> None:
        tracked = [lead for who, lead in self.lead_of.items() if who not in self.lost_track]
        assert len(tracked) == len(set(tracked))

    def teardown(self) -> None:
        self.work()
        assert len(self.leads) <= self.count


class Forgetful(Tab_):
    """The same with a worker whose database is deleted before each visit: it knows the ledger of the sheet alone."""

    remembers = False


TestTab = Tab_.TestCase
TestForgetful = Forgetful.TestCase
TestTab.settings = TestForgetful.settings = settings(max_examples=100, stateful_step_count=30, deadline=None)


def test_nothing_is_made_twice_when_a_persons_edit_hides_the_phone():
    """The lead's phone was corrected in Master; the same row pasted again still joins it."""
    table: Table = [("Asha", "+919876543210", "a@x.in", "Delhi")]
    seen = rows(table)
    plan = plan_intake(arrivals_of(identify(seen, (), True, key), read), book_of(()), CONFIG, NOW, {})
    leads = applied(plan, {})
    lead_id = next(iter(leads))
    leads[lead_id] = replace(leads[lead_id], phone_number="+919000000000", email=None)
    known = [KnownRow(plan.ledger[0], 2, seen[0].cells)]
    found = identify(rows(table * 2), known, True, key)
    again = plan_intake(arrivals_of(found, read), book_of(leads.values()), CONFIG, NOW, {})
    assert not [change for change in again.changes if change.kind is ChangeKind.CREATE]
    assert again.ledger[0].lead_ids == (lead_id,)
