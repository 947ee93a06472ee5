"""Groups of changes: begun once, followed by state, learnt again from Activity."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from core.ids import change_id, group_id, group_of
from core.model import Change, ChangeState
from store import activity, groups, mirror, outbox
from store.activity import ActivityEntry
from store.groups import Group, Progress
from store.paging import BadCursor
from tests.store.leads import NOW, change, lead, seen

GROUP = group_id("a bulk action")


def of(number: int, group: str = GROUP) -> Change:
    made = change(change_id(str(number), group), f"L{number:08d}", {"city": (None, "Pune")})
    return replace(made, group=group)


def test_a_group_is_followed_by_the_states_of_its_changes(engine: Engine) -> None:
    changes = [of(n) for n in range(6)]
    with engine.begin() as conn:
        mirror.put_synced(conn, [seen(lead(n)) for n in range(6)])
        groups.begin(conn, Group(GROUP, NOW, "Asha", "City: Pune", 6))
        groups.begin(conn, Group(GROUP, NOW, "Someone else", "again", 99))
        outbox.enqueue(conn, [*changes, change("C1", "L00000001", {"city": (None, "Agra")})])
        for number, state in enumerate((ChangeState.APPLIED, ChangeState.DONE, ChangeState.CONFLICT)):
            outbox.mark(conn, [changes[number].change_id], state)
        outbox.mark(conn, [changes[3].change_id], ChangeState.BLOCKED)
        found = groups.group(conn, GROUP)
        assert found == Group(GROUP, NOW, "Asha", "City: Pune", 6)
        assert groups.progress(conn, found) == Progress(2, 1, 1, 1, 1)
        assert not groups.progress(conn, found).settled
        outbox.forget_done(conn, NOW + timedelta(seconds=1))
        assert groups.progress(conn, found) == Progress(2, 1, 1, 1, 1)
        assert [change for change, _ in groups.changes(conn, GROUP)] == [
            one.change_id for n, one in enumerate(changes) if n != 1
        ]


def test_activity_brings_a_group_back_and_counts_it(engine: Engine) -> None:
    other = group_id("another")
    lines = [
        ActivityEntry(NOW, of(n, g).change_id, f"L{n:08d}", "Asha", field, None, "x", "imported")
        for g in (GROUP, other)
        for n in range(3 if g == GROUP else 1)
        for field in ("city", "notes")
    ]
    with engine.begin() as conn:
        activity.append(conn, [*lines, ActivityEntry(NOW, "C5", "L00000009", "Asha", "city", None, "x")])
        found = groups.group(conn, GROUP)
        assert found is not None
        assert (found.size, found.actor, found.why) == (3, "Asha", "imported")
        assert groups.progress(conn, found).done == 3
        assert sorted(lead_id for _, lead_id in groups.changes(conn, GROUP)) == [f"L{n:08d}" for n in range(3)]
        first = groups.recent(conn, 1)
        rest = groups.recent(conn, 1, first.next_cursor)
        assert {one.group_id for one in (*first.items, *rest.items)} == {GROUP, other}
        assert rest.next_cursor is None
        with pytest.raises(BadCursor):
            groups.recent(conn, 1, "rubbish")


def test_nobody_is_in_a_group_by_the_look_of_an_id() -> None:
    assert group_of(change_id("a")) == ""
    assert group_of(change_id("a", GROUP)) == GROUP
    assert change_id("a", GROUP) != change_id("b", GROUP)
