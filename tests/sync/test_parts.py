"""A plan in flushes: nothing lost, nothing twice, no ledger entry before the leads that it names."""

from __future__ import annotations

from datetime import UTC, datetime

import orjson
from hypothesis import given
from hypothesis import strategies as st

from core.fields import MASTER, NAMES, Kind
from core.model import Change, ChangeKind, Disposition, Issue, LedgerEntry, Plan, Value
from store.config import default_config
from sync.batch import Flush, MasterShape, build
from sync.crm import Head
from sync.link import FLUSH_LEADS
from sync.parts import FLUSH_ENTRIES, parts

AT = datetime(2026, 11, 22, tzinfo=UTC)


def change(number: int) -> Change:
    return Change(f"c{number}", f"L{number}", ChangeKind.CREATE, {}, "sync", AT)


def entry(number: int, *leads: int) -> LedgerEntry:
    ids = tuple(f"L{lead}" for lead in leads)
    return LedgerEntry(1, f"f{number}", "", Disposition.CREATED if ids else Disposition.SKIPPED, ids)


def test_a_plan_with_nothing_to_write_has_no_parts() -> None:
    assert list(parts(Plan())) == []
    assert list(parts(Plan(issues=(Issue("Form", 2, "why"),)))) == []


def test_a_small_plan_is_one_part_and_the_last() -> None:
    found = list(parts(Plan((change(1), change(2)), ledger=(entry(1, 1), entry(2)))))
    assert [(len(part.changes), len(part.ledger), part.last) for part in found] == [(2, 2, True)]


def test_rows_that_made_no_lead_are_carried_too() -> None:
    found = list(parts(Plan(ledger=tuple(entry(n) for n in range(FLUSH_ENTRIES + 1)))))
    assert [(len(part.ledger), part.last) for part in found] == [(FLUSH_ENTRIES, False), (1, True)]


leads = st.integers(0, 3 * FLUSH_LEADS + 7)


@given(leads, st.lists(st.lists(leads, max_size=3), max_size=60))
def test_everything_is_carried_once_and_in_order(count: int, rows: list[list[int]]) -> None:
    changes = tuple(change(number) for number in range(count))
    ledger = tuple(entry(number, *named) for number, named in enumerate(rows))
    found = list(parts(Plan(changes, ledger=ledger)))
    assert tuple(one for part in found for one in part.changes) == changes
    assert sorted(one.fingerprint for part in found for one in part.ledger) == sorted(e.fingerprint for e in ledger)
    assert all(len(part.changes) <= FLUSH_LEADS and len(part.ledger) <= FLUSH_ENTRIES for part in found)
    assert [part.last for part in found] == [False] * (len(found) - 1) + [True] * bool(found)
    made: set[str] = set()
    planned = {one.lead_id for one in changes}
    for part in found:
        made |= {one.lead_id for one in part.changes}
        assert all(planned.intersection(one.lead_ids) <= made for one in part.ledger)


def _word(kind: Kind, name: str) -> Value:
    kinds: dict[Kind, Value] = {Kind.DAY: AT.date(), Kind.MOMENT: AT, Kind.WHOLE: 12, Kind.FLAG: True}
    return kinds.get(kind, "न" * 100 if name == "notes" else "Asha Person")


def test_a_flush_of_new_leads_of_which_every_field_is_filled_is_under_2_mb() -> None:
    """The journal keeps all that is written to them."""
    said: dict[str, tuple[Value, Value]] = {f.name: (None, _word(f.kind, f.name)) for f in MASTER[1:]}
    changes = tuple(Change(f"C{n:016}", f"L{n:08}", ChangeKind.CREATE, said, "sync", AT) for n in range(FLUSH_LEADS))
    master = MasterShape(1, "Master", NAMES, {name: column for column, name in enumerate(NAMES)}, 10)
    head = Head(5, "house", "book", {"master": 1, "crm": 2, "activity": 3, "attention": 4})
    flush = Flush(head, (), master, (), (), (), (), changes, (), None, ())
    assert len(orjson.dumps(build(flush, default_config()).requests)) < 2_000_000
