from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.fields import Kind
from core.merge import NOTES_LIMIT, lines_of_both, merge_change, size, three_way
from core.model import Change, ChangeKind
from tests.core.library import NOW

_values = st.sampled_from([None, "", "a", "b", "c", 1, 2, True, False])
_lines = st.lists(st.sampled_from(["one", "two", "three", "", "four"]), max_size=5).map(
    lambda lines: "\n".join(lines) or None
)
_phones = st.lists(st.sampled_from(["+911", "+912", "+913"]), max_size=3, unique=True).map(
    lambda p: ", ".join(p) or None
)
_plain = [kind for kind in Kind if kind not in (Kind.LONG_TEXT, Kind.PHONES)]


@given(_values, _values, st.sampled_from(_plain))
def test_unchanged_in_the_sheet_is_ours(base, ours, kind):
    merged = three_way(base, base, ours, kind)
    assert merged.value == (None if ours == "" else ours)
    assert merged.conflict is None


@given(_values, _values, st.sampled_from(list(Kind)))
def test_changed_only_there_is_theirs_and_writes_nothing(base, theirs, kind):
    merged = three_way(base, theirs, base, kind)
    assert merged.value == (None if theirs == "" else theirs)
    assert not merged.write
    assert merged.conflict is None


@given(_values, _values, _values, st.sampled_from(_plain))
def test_a_plain_field_that_both_changed_keeps_the_sheets_value(base, theirs, ours, kind):
    merged = three_way(base, theirs, ours, kind)
    if merged.conflict is not None:
        assert merged.value == (None if theirs == "" else theirs)
        assert not merged.write
        assert merged.conflict.ours == (None if ours == "" else ours)
    else:
        assert three_way(base, ours, theirs, kind).value == merged.value  # without a conflict the sides are alike


@given(_lines, _lines, _lines)
def test_merged_again_after_the_write_nothing_is_written(base, theirs, ours):
    merged = three_way(base, theirs, ours, Kind.LONG_TEXT)
    again = three_way(base, merged.value, ours, Kind.LONG_TEXT)
    assert again.value == merged.value
    assert not again.write
    assert not three_way(ours, merged.value, ours, Kind.LONG_TEXT).write


@given(_lines, _lines, _lines)
def test_the_lines_kept_do_not_depend_on_the_side(base, theirs, ours):
    one = three_way(base, theirs, ours, Kind.LONG_TEXT).value
    other = three_way(base, ours, theirs, Kind.LONG_TEXT).value
    assert Counter(str(one or "").split("\n")) == Counter(str(other or "").split("\n"))


@given(_lines, _lines, _lines)
def test_no_line_that_anyone_added_is_lost(base, theirs, ours):
    kept = Counter(str(three_way(base, theirs, ours, Kind.LONG_TEXT).value or "").split("\n"))
    was = Counter((base or "").split("\n"))
    for side in (theirs, ours):
        for line, count in Counter((side or "").split("\n")).items():
            if line and count > was[line]:
                assert kept[line] >= count - was[line]


@given(_phones, _phones, _phones)
def test_lists_of_phones_keep_both(base, theirs, ours):
    merged = three_way(base, theirs, ours, Kind.PHONES)
    assert merged.conflict is None
    kept, was = (set(str(value or "").split(", ")) - {""} for value in (merged.value, base))
    for side in (theirs, ours):
        assert set((side or "").split(", ")) - {""} - was <= kept


def test_both_edit_the_same_line_and_both_stand():
    merged = three_way("call\nold", "call Asha\nold", "call Ravi\nold", Kind.LONG_TEXT)
    assert merged.value == "call Asha\nold\ncall Ravi"
    assert merged.write


def test_a_line_taken_away_stays_away():
    assert three_way("a\nb", "a\nb\nc", "b", Kind.LONG_TEXT).value == "b\nc"


def test_notes_that_no_longer_fit_stay_the_sheets():
    theirs = "x" * (NOTES_LIMIT - 2)
    merged = three_way(None, theirs, "called", Kind.LONG_TEXT)
    assert merged.value == theirs
    assert not merged.write
    assert merged.conflict is not None
    assert three_way(None, None, "y" * (NOTES_LIMIT + 1), Kind.LONG_TEXT).conflict is not None


def test_size_counts_as_a_sheet_does():
    assert size("abc") == 3
    assert size("अ😀") == 3


def test_a_moment_is_what_the_sheet_keeps_of_it():
    ours, base = NOW + timedelta(days=1), NOW + timedelta(microseconds=766_177)
    for theirs in (NOW, NOW + timedelta(seconds=1)):  # rounded either way
        assert three_way(base, theirs, ours, Kind.MOMENT).conflict is None
        assert three_way(base, theirs, None, Kind.MOMENT).write
    assert three_way(base, NOW + timedelta(minutes=1), ours, Kind.MOMENT).conflict is not None


def test_true_is_not_one():
    assert three_way(1, 1, True, Kind.FLAG).write


@pytest.mark.parametrize(
    ("notes", "more", "both"), [(None, None, None), ("a", None, "a"), ("a\nb", "b\nc\nc", "a\nb\nc")]
)
def test_lines_of_both(notes, more, both):
    assert lines_of_both(notes, more) == both


def change(**fields) -> Change:
    return Change("C1", "L1", ChangeKind.UPDATE, fields, "Asha", NOW)


def test_a_change_is_all_of_its_fields_or_a_conflict():
    wanted = change(status=("New Lead", "Member"), city=("Delhi", "Pune"))
    merged = merge_change(wanted, {"status": "New Lead", "city": "Agra"})
    assert not merged.writes
    assert [conflict.field for conflict in merged.conflicts] == ["city"]
    assert merge_change(wanted, {"status": "New Lead", "city": "Delhi"}).writes == {"status": "Member", "city": "Pune"}


def test_what_the_house_keeps_itself_is_never_a_conflict():
    merged = merge_change(change(city=("Delhi", "Pune"), lead_score=(10, 20)), {"city": "Delhi", "lead_score": 15})
    assert merged.writes == {"city": "Pune", "lead_score": 20}
    assert not merged.conflicts


@given(st.dictionaries(st.sampled_from(["city", "email", "notes"]), st.tuples(_lines, _lines), max_size=3), st.data())
def test_a_change_applied_once_is_empty_the_second_time(fields, data):
    theirs = {name: data.draw(st.one_of(_lines, st.just(base))) for name, (base, _) in fields.items()}
    first = merge_change(change(**fields), theirs)
    second = merge_change(change(**fields), theirs | dict(first.writes))
    assert not second.writes
    assert {c.field for c in second.conflicts} == {c.field for c in first.conflicts}


_FIELDS = ("city", "notes", "other_phones", "status", "do_not_contact", "updated_at")
_DRAWN = {"notes": _lines, "other_phones": _phones, "do_not_contact": st.sampled_from([None, True, False])}
_CELLS = {name: _DRAWN.get(name, st.sampled_from([None, "", "a", "b"])) for name in _FIELDS}
_states = st.fixed_dictionaries(_CELLS)


@st.composite
def _batches(draw):
    """A sheet of some leads, and one change of each, begun from what some leads said before somebody perturbed them."""
    sheet = {f"L{n}": draw(_states) for n in range(draw(st.integers(1, 5)))}
    changes = []
    for lead_id, theirs in sheet.items():
        base = {name: draw(_CELLS[name]) if draw(st.booleans()) else cell for name, cell in theirs.items()}
        wanted = draw(st.lists(st.sampled_from(_FIELDS), min_size=1, unique=True))
        pairs = {name: (base[name], draw(_CELLS[name])) for name in wanted}
        changes.append(Change(f"C{lead_id}", lead_id, ChangeKind.UPDATE, pairs, "Asha", NOW))
    return sheet, changes


def _reconciled(sheet, changes):
    """The sheet after a batch, and the conflicts that it leaves."""
    after, conflicts = {lead_id: dict(cells) for lead_id, cells in sheet.items()}, set()
    for change in changes:
        merged = merge_change(change, after[change.lead_id])
        conflicts.update(merged.conflicts)
        after[change.lead_id].update(merged.writes)
    return after, conflicts


@given(_batches(), st.randoms())
def test_the_order_inside_a_batch_does_not_matter(batch, random):
    sheet, changes = batch
    shuffled = list(changes)
    random.shuffle(shuffled)
    assert _reconciled(sheet, shuffled) == _reconciled(sheet, changes)


@given(_batches())
def test_reconciling_what_a_batch_has_applied_finds_nothing_to_write(batch):
    """From any perturbed bases: sent again, its answer lost, a batch writes nothing more and asks nothing new."""
    sheet, changes = batch
    after, conflicts = _reconciled(sheet, changes)
    for change in changes:
        again = merge_change(change, after[change.lead_id])
        assert not again.writes
        assert set(again.conflicts) <= conflicts
    assert _reconciled(after, changes)[0] == after


@given(_batches())
def test_a_change_is_all_there_or_a_conflict_and_touches_nothing_else(batch):
    sheet, changes = batch
    after, conflicts = _reconciled(sheet, changes)
    for change in changes:
        before, now = sheet[change.lead_id], after[change.lead_id]
        assert all(now[name] == before[name] for name in before if name not in change.fields)
        if any(one.lead_id == change.lead_id for one in conflicts):
            assert now == before


@st.composite
def _chains(draw):
    """A sheet of some leads that people have typed into, and up to four edits of each that build on one another, as
    the app makes them: each begun from what the one before it wanted."""
    sheet, chains = {}, []
    for n in range(draw(st.integers(1, 3))):
        shown = draw(_states)  # what the app showed when the first edit began
        theirs = {name: draw(_CELLS[name]) if draw(st.booleans()) else cell for name, cell in shown.items()}
        sheet[f"L{n}"] = theirs
        chain = []
        for k in range(draw(st.integers(1, 4))):
            wanted = draw(st.lists(st.sampled_from(_FIELDS), min_size=1, unique=True))
            ours = {name: draw(_CELLS[name]) for name in wanted}
            pairs = {name: (shown[name], ours[name]) for name in wanted}
            chain.append(Change(f"C{n}-{k}", f"L{n}", ChangeKind.UPDATE, pairs, "Asha", NOW))
            shown = shown | {name: ours[name] for name in wanted}
        chains.append(chain)
    return sheet, chains


@given(_chains(), st.randoms())
def test_edits_of_one_lead_keep_their_order_and_leads_do_not_mind_each_other(batch, random):
    sheet, chains = batch
    left, mixed = [list(chain) for chain in chains], []
    while left := [chain for chain in left if chain]:
        mixed.append(random.choice(left).pop(0))
    assert _reconciled(sheet, mixed) == _reconciled(sheet, [change for chain in chains for change in chain])


@given(_chains())
def test_the_last_edit_that_found_what_it_began_from_is_what_stands(batch):
    """Of several edits of one lead each ends in one round: written whole, said already, or a conflict. What stands in a
    plain field is the sheet's, or what the last one wanted that was no conflict."""
    sheet, chains = batch
    for chain in chains:
        stands = dict(sheet[chain[0].lead_id])
        for change in chain:
            merged = merge_change(change, stands)
            assert not (merged.writes and merged.conflicts)
            if merged.conflicts:
                continue
            for name in ("city", "status", "do_not_contact"):
                if name in change.fields:
                    now = merged.writes.get(name, stands[name])
                    base, ours = change.fields[name]
                    assert (now or None) in ((ours or None), (stands[name] or None))
                    assert (now or None) == (ours or None) or (base or None) == (ours or None)
            stands |= merged.writes
        undisturbed = all(sheet[chain[0].lead_id][n] == pair[0] for n, pair in chain[0].fields.items())
        if len(chain) == 1 and undisturbed:
            assert all((stands[n] or None) == (pair[1] or None) for n, pair in chain[0].fields.items())


@given(_chains(), st.lists(st.sampled_from(_FIELDS).flatmap(lambda n: st.tuples(st.just(n), _CELLS[n])), max_size=6))
def test_an_outbox_empties_however_people_type_meanwhile(batch, typing):
    """Rounds of the worker, somebody typing before each: every edit is decided in the first round that sees it."""
    sheet, chains = batch
    waiting, rounds = [list(chain) for chain in chains], 0
    after = {lead_id: dict(cells) for lead_id, cells in sheet.items()}
    decided = []
    while any(waiting):
        for name, typed in typing[rounds : rounds + 1]:
            after["L0"][name] = typed
        for chain in waiting:
            for change in chain[:2]:  # a flush takes so many
                merged = merge_change(change, after[change.lead_id])
                after[change.lead_id].update(merged.writes)
                decided.append(change.change_id)
            del chain[:2]
        rounds += 1
    assert rounds <= 2
    assert sorted(decided) == sorted(change.change_id for chain in chains for change in chain)
