"""What a change needs to go, and what waits."""

from __future__ import annotations

from core.homes import needs, stays, that_may_go
from core.model import Change, ChangeKind, Value
from tests.core.library import NOW


def change(lead_id: str, kind: ChangeKind, **fields: tuple[Value, Value]) -> Change:
    return Change(f"C{lead_id}{kind}{sorted(fields)}", lead_id, kind, fields, "Asha", NOW)


def test_an_edit_needs_all_its_columns_and_a_new_lead_those_of_its_words() -> None:
    said: dict[str, tuple[Value, Value]] = {"city": ("Pune", None), "notes": (None, "x")}
    assert needs(change("L1", ChangeKind.UPDATE, **said)) == {"city", "notes"}
    for kind in (ChangeKind.CREATE, ChangeKind.RESTORE):
        assert needs(change("L1", kind, **said)) == {"notes"}
    assert needs(change("L1", ChangeKind.DELETE, **said)) == frozenset()


def test_what_waits_keeps_back_only_what_builds_on_it() -> None:
    edit = change("L1", ChangeKind.UPDATE, city=("Pune", "Goa"))
    other = change("L1", ChangeKind.UPDATE, notes=(None, "x"))
    new, of_new = (
        change("L2", ChangeKind.CREATE, city=(None, "Goa")),
        change("L2", ChangeKind.UPDATE, notes=(None, "y")),
    )
    going = change("L3", ChangeKind.DELETE, city=("Pune", None))
    every = [edit, other, new, of_new, going]
    assert list(that_may_go(every, set())) == every
    assert list(that_may_go(every, {"city"})) == [other, going]


def test_deletions_that_wait_come_behind_all_others_and_meet_what_takes_them_back() -> None:
    waits = [change(f"L{n}", ChangeKind.DELETE, city=("Pune", None)) for n in range(4)]
    blank = change("L8", ChangeKind.DELETE, city=(None, None), notes=("x", None))
    edit, other = (
        change("L5", ChangeKind.UPDATE, notes=(None, "x")),
        change("L6", ChangeKind.UPDATE, city=("Pune", "Goa")),
    )
    back = change("L2", ChangeKind.RESTORE, city=(None, "Pune"))
    after = change("L2", ChangeKind.UPDATE, notes=(None, "y"))
    twice = change("L1", ChangeKind.DELETE, notes=("x", None))
    every = [*waits, edit, other, blank, back, after, twice]
    assert [one for one in waits if stays(one, {"city"})] == waits
    assert not stays(blank, {"city"})
    assert not stays(waits[0], {"notes"})
    assert list(that_may_go(every, {"city"})) == [
        edit,
        *(waits[2], back, after),
        blank,
        *(waits[0], waits[1], twice, waits[3]),
    ]
    assert list(that_may_go(every, set())) == every


def test_what_was_edited_with_a_waiting_edit_in_sight_waits_behind_it() -> None:
    both = change("L1", ChangeKind.UPDATE, city=("Pune", "Goa"), notes=(None, "x"))
    on_it = change("L1", ChangeKind.UPDATE, notes=("x", "y"), lead_type=(None, "Hot"))
    on_that = change("L1", ChangeKind.UPDATE, lead_type=("Hot", "Cold"))
    beside = change("L1", ChangeKind.UPDATE, email=(None, "a@example.org"))
    another = change("L2", ChangeKind.UPDATE, notes=(None, "z"))
    every = [both, on_it, on_that, beside, another]
    assert list(that_may_go(every, {"city"})) == [beside, another]
    assert list(that_may_go(every, {"priority"})) == every
