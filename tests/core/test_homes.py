"""What a change needs to go, and what waits."""

from __future__ import annotations

from core.homes import needs, that_may_go
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
