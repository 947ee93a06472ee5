"""Mirror, base, outbox, counters, lists and search against a plain dictionary, over any sequence of what can happen."""

from __future__ import annotations

import dataclasses
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import Connection, Engine, func, select

from core.model import Change, ChangeKind, ChangeState, Lead, Value
from store import counters, mirror, mirror_rows, outbox, search
from store.counters import FACETS
from store.database import reading
from store.schema import contacts, leads, listed, metadata, texts
from store.texts import found, haystack
from tests.store.leads import NOW, TODAY, seen

IDS = tuple(f"L{n}" for n in range(5))
FIELDS: dict[str, st.SearchStrategy[Value]] = {
    "full_name": st.sampled_from([None, "Asha Rao", "ASHA राव", "Zoë O'Brien", '50% "off_"']),
    "phone_number": st.sampled_from([None, "+919876543210", "+919000000001"]),
    "other_phones": st.sampled_from([None, "+919876543210, +912222222222"]),
    "email": st.sampled_from([None, "asha@example.com", "Asha@Example.com"]),
    "status": st.sampled_from([None, "New Lead", "Member"]),
    "city": st.sampled_from([None, "पुणे", "Delhi", "x" * 150, "x" * 160]),
    "assigned_to": st.sampled_from([None, "Ravi"]),
    "notes": st.sampled_from([None, "call at 5\nor 98-76", "_"]),
    "next_follow_up": st.sampled_from([None, TODAY, TODAY - timedelta(days=1)]),
    "lead_score": st.sampled_from([None, 0, 70]),
    "do_not_contact": st.sampled_from([None, True, False]),
    "last_contacted": st.sampled_from([None, NOW]),
    "Shoe size": st.sampled_from([None, 5, "six"]),
}
SOME_FIELDS = st.fixed_dictionaries({}, optional=FIELDS)
QUERIES = (
    "asha",
    "as",
    "%",
    "_",
    '"',
    "o'b",
    "(987) 654-3210",
    "09876543210",
    "98",
    "राव",
    "पु",
    "5",
    "call 98-76",
    "zz",
)


@dataclass
class Known:
    """What the plain model knows of a lead: what the sheet last showed, and how it stands."""

    sheet: Lead | None = None
    state: str = "live"
    why: str = ""
    row: int | None = None


@dataclass
class Model:
    known: dict[str, Known] = field(default_factory=lambda: {i: Known() for i in IDS})
    changes: list[tuple[Change, ChangeState]] = field(default_factory=list)

    def pending(self, lead_id: str) -> list[Change]:
        return [c for c, state in self.changes if c.lead_id == lead_id and state is ChangeState.PENDING]

    def shown(self, lead_id: str) -> tuple[Lead, str] | None:
        """The lead and its state as the mirror shall show it, deleted ones included."""
        known, waiting = self.known[lead_id], self.pending(lead_id)
        making = any(c.kind in (ChangeKind.CREATE, ChangeKind.RESTORE) for c in waiting)
        if known.sheet is None and not making:
            return None
        lead, state = known.sheet or Lead(lead_id), known.state
        for change in waiting:
            lead = laid(lead, change)
            state = after(state, change.kind)
        return lead, state

    def book(self) -> list[Lead]:
        both = (self.shown(i) for i in IDS)
        return [lead for lead, state in filter(None, both) if state != "deleted"]


def laid(lead: Lead, change: Change) -> Lead:
    values = {name: new for name, (_, new) in change.fields.items()}
    extra = dict(lead.extra)
    if "Shoe size" in values:
        extra["Shoe size"] = values.pop("Shoe size")  # type: ignore[assignment]
    return dataclasses.replace(lead, **values, extra=extra)  # type: ignore[arg-type]


def after(state: str, kind: ChangeKind) -> str:
    if kind is ChangeKind.DELETE:
        return "deleted"
    return "live" if state == "deleted" and kind is not ChangeKind.UPDATE else state


class OneTruth(RuleBasedStateMachine):
    engine: Engine

    def __init__(self) -> None:
        super().__init__()
        self.model = Model()
        self.looked = 0
        with self.engine.begin() as conn:
            ids = list(conn.scalars(select(leads.c.lead_id)))
            mirror_rows.write(conn, [(row, None) for row in mirror_rows.read(conn, ids).values()])
            for table in metadata.sorted_tables:
                conn.execute(table.delete())

    @rule(values=st.dictionaries(st.sampled_from(IDS), SOME_FIELDS, min_size=1), rows=st.permutations(range(2, 9)))
    def read(self, values: dict[str, dict[str, Value]], rows: list[int]) -> None:
        changes = {
            i: Change("", i, ChangeKind.UPDATE, {n: (None, v) for n, v in f.items()}, "", NOW)
            for i, f in values.items()
        }
        given = [seen(laid(Lead(i), c), row, f"d{row}") for (i, c), row in zip(changes.items(), rows, strict=False)]
        with self.engine.begin() as conn:
            mirror.put_synced(conn, given)
        self._take({s.row for s in given})
        for s in given:
            known = self.model.known[s.lead.lead_id]
            known.sheet, known.row = s.lead, s.row
            if known.state != "frozen":
                known.state, known.why = "live", ""

    @rule(i=st.sampled_from(IDS), kind=st.sampled_from(ChangeKind), values=SOME_FIELDS, twice=st.booleans())
    def edit(self, i: str, kind: ChangeKind, values: dict[str, Value], twice: bool) -> None:
        fields = {name: (None, value) for name, value in values.items()}
        change = Change(f"c{len(self.model.changes)}", i, kind, fields, "Asha", NOW)
        with self.engine.begin() as conn:
            assert outbox.enqueue(conn, [change, change] if twice else [change]) == 1
        if twice:
            with self.engine.begin() as conn:
                assert outbox.enqueue(conn, [dataclasses.replace(change, actor="another")]) == 0
        self.model.changes.append((change, ChangeState.PENDING))

    @rule(data=st.data(), state=st.sampled_from(ChangeState))
    def mark(self, data: st.DataObject, state: ChangeState) -> None:
        if not self.model.changes:
            return
        at = data.draw(st.sampled_from(range(len(self.model.changes))))
        change, before = self.model.changes[at]
        with self.engine.begin() as conn:
            outbox.mark(conn, [change.change_id, "unknown"], state, "because")
        known = self.model.known[change.lead_id]
        arrived = before is ChangeState.PENDING and state in (ChangeState.APPLIED, ChangeState.DONE)
        if arrived and self.model.shown(change.lead_id) is not None:
            if known.sheet is None and change.kind in (ChangeKind.CREATE, ChangeKind.RESTORE):
                known.sheet = laid(Lead(change.lead_id), change)
            known.state = after(known.state, change.kind)
        self.model.changes[at] = (change, state)
        self._settle(change.lead_id)

    @rule(ids=st.sets(st.sampled_from(IDS)), state=st.sampled_from(["live", "deleted", "frozen"]))
    def stand(self, ids: set[str], state: str) -> None:
        with self.engine.begin() as conn:
            mirror.set_state(conn, ids, state, "two of them")
        for i in ids:
            if self.model.shown(i) is not None:
                self.model.known[i].state, self.model.known[i].why = state, "" if state == "live" else "two of them"
                self._settle(i)
                if state == "deleted":
                    self.model.known[i].row = None

    @rule(moves=st.dictionaries(st.sampled_from(IDS), st.integers(2, 9)))
    def sort(self, moves: dict[str, int]) -> None:
        moves = {i: row for row, i in {row: i for i, row in moves.items()}.items()}
        with self.engine.begin() as conn:
            mirror.move_rows(conn, moves.items())
        self._take(set(moves.values()))
        for i, row in moves.items():
            shown = self.model.shown(i)
            if shown is not None and (shown[1] != "deleted" or self.model.pending(i)):
                self.model.known[i].row = row

    def _take(self, rows: set[int]) -> None:
        for known in self.model.known.values():
            known.row = None if known.row in rows else known.row

    def _settle(self, lead_id: str) -> None:
        known = self.model.known[lead_id]
        if self.model.shown(lead_id) is None:
            self.model.known[lead_id] = Known()
        elif known.state == "deleted" and not self.model.pending(lead_id):
            known.row = None

    @invariant()
    def agrees(self) -> None:
        with reading(self.engine) as conn:
            self._leads_agree(conn)
            self._counters_agree(conn)
            self._lists_agree(conn)
        if self.engine.dialect.name == "sqlite":
            with self.engine.begin() as conn:  # raises if the index differs from the texts
                conn.exec_driver_sql("INSERT INTO text_index (text_index, rank) VALUES ('integrity-check', 1)")

    def _leads_agree(self, conn: Connection) -> None:
        bases, edits, standing = mirror.bases_of(conn, IDS), outbox.of_leads(conn, IDS), mirror.standing(conn, IDS)
        for i in IDS:
            expected, known, waiting = self.model.shown(i), self.model.known[i], self.model.pending(i)
            assert mirror.lead(conn, i, deleted=True) == (expected[0] if expected else None)
            assert bases.get(i) == known.sheet
            assert [s.change for s in edits if s.change.lead_id == i] == waiting
            if expected:
                stands = standing[i]
                assert (stands.state, stands.row, stands.saving) == (expected[1], known.row, len(waiting))
        waiting = [c for c, state in self.model.changes if state is ChangeState.PENDING]
        assert outbox.pending(conn, 1000) == waiting
        assert outbox.pending_count(conn) == len(waiting)
        book = self.model.book()
        assert sorted(mirror.every_lead(conn), key=lambda lead: lead.lead_id) == book
        rows = {known.row: i for i, known in self.model.known.items() if known.row}
        assert [(s.row, s.lead_id) for s in mirror.seen_rows(conn, 1, 99)] == sorted(rows.items())
        shared = [lead for lead in book if "+919876543210" in (lead.phone_number, (lead.other_phones or "")[:13])]
        assert mirror.leads_sharing(conn, ["+919876543210"], []) == shared

    def _counters_agree(self, conn: Connection) -> None:
        book = self.model.book()
        assert mirror.count(conn) == len(book)
        for facet in FACETS:
            assert dict(counters.by(conn, facet)) == Counter((getattr(lead, facet) or "")[:100] for lead in book)
        pairs = Counter((lead.assigned_to or "", lead.status or "") for lead in book)
        assert dict(counters.by_person_and_status(conn)) == pairs
        due = [lead for lead in book if lead.next_follow_up and not lead.do_not_contact]
        new = [
            lead for lead in book if lead.status == "New Lead" and not lead.last_contacted and not lead.do_not_contact
        ]
        assert counters.fresh(conn, "New Lead") == len(new)
        assert counters.fresh(conn, "New Lead", "Ravi") == sum(lead.assigned_to == "Ravi" for lead in new)
        assert counters.due(conn, None, TODAY - timedelta(days=1)) == sum(lead.next_follow_up < TODAY for lead in due)  # type: ignore[operator]
        assert counters.due(conn, TODAY, TODAY, "Ravi") == sum(
            lead.next_follow_up == TODAY and lead.assigned_to == "Ravi" for lead in due
        )

    def _lists_agree(self, conn: Connection) -> None:
        book = self.model.book()
        for table in (listed, texts):
            assert conn.scalar(select(func.count()).select_from(table)) == len(book)
        assert Counter(conn.scalars(select(texts.c.haystack))) == Counter(haystack(lead) for lead in book)
        assert set(conn.scalars(select(contacts.c.pk))) <= set(conn.scalars(select(listed.c.pk)))
        self.looked += 1
        for q in (QUERIES[(self.looked * 3 + n) % len(QUERIES)] for n in range(3)):
            page = search.page(conn, search.LeadQuery(q=q), 50)
            expected = {lead.lead_id for lead in book if found(q, lead)}
            assert ({lead.lead_id for lead in page.leads}, page.total) == (expected, len(expected)), q
            member = search.page(conn, search.LeadQuery(q=q, status="Member"), 50)
            assert {lead.lead_id for lead in member.leads} == {
                x.lead_id for x in book if found(q, x) and x.status == "Member"
            }
        page = search.page(conn, search.LeadQuery(overdue_on=TODAY), 50)
        assert {x.lead_id for x in page.leads} == {
            x.lead_id for x in book if x.next_follow_up and x.next_follow_up < TODAY and not x.do_not_contact
        }


@pytest.mark.slow
def test_every_sequence_leaves_one_truth(engine: Engine) -> None:
    machine = type("OneTruthHere", (OneTruth,), {"engine": engine})
    calm = settings(
        max_examples=15,
        stateful_step_count=20,
        phases=(Phase.explicit, Phase.reuse, Phase.generate),  # shrinking such sequences takes minutes
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    run_state_machine_as_test(machine, settings=calm)
