"""What the sheet shows becomes the mirror; where leads stand; who shares a phone."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta, timezone
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, inspect, select

from core.fields import MASTER, NAMES, Kind
from core.model import Lead
from store import config, counters, mirror
from store.database import reading
from store.rows import MAX_ID, UnstorableLead, from_row, to_row
from store.schema import leads as table
from store.values import storable
from tests.store.leads import NOW, TODAY, lead, seen

_BY_KIND: dict[Kind, st.SearchStrategy[object]] = {
    Kind.DAY: st.dates(),
    Kind.MOMENT: st.datetimes(
        min_value=datetime(2, 1, 1),  # noqa: DTZ001  # Hypothesis puts the zone beside it
        max_value=datetime(9998, 1, 1),  # noqa: DTZ001
        timezones=st.sampled_from([UTC, timezone(timedelta(hours=5.5))]),
    ),
    Kind.WHOLE: st.integers(-(2**63), 2**63 - 1),
    Kind.FLAG: st.booleans(),
}
WHOLE_LEADS = st.builds(
    Lead,
    lead_id=st.from_regex(r"L[0-9A-Z]{1,8}", fullmatch=True),
    extra=st.dictionaries(
        st.text(), st.none() | st.text() | st.booleans() | st.integers() | st.floats(allow_nan=False)
    ),
    **{f.name: st.none() | _BY_KIND.get(f.kind, st.text()) for f in MASTER[1:]},
)


def test_columns_are_in_the_order_of_the_leads_fields() -> None:
    assert tuple(f.name for f in fields(Lead)) == (*(f.name for f in MASTER), "extra")


@given(WHOLE_LEADS)
def test_a_row_gives_the_lead_back(whole: Lead) -> None:
    kept: dict[str, Any] = {name: storable(v) for name in NAMES if isinstance(v := getattr(whole, name), str)}
    assert from_row(to_row(whole)) == replace(whole, **kept)  # all but what no database can hold


def test_the_database_gives_the_lead_back(engine: Engine) -> None:
    whole = lead(
        1,
        full_name="अनु\n'\"; DROP\\ %s",
        lead_date=date(999, 1, 2),
        do_not_contact=False,
        child_age=0,
        last_contacted=NOW,
        extra=MappingProxyType({"Mine": 1.5, "": True, "नाम": None}),
    )
    with engine.begin() as conn:
        mirror.put_synced(conn, [seen(whole)])
        assert mirror.lead(conn, whole.lead_id) == whole == mirror.base(conn, whole.lead_id)


@pytest.mark.parametrize("lead_id", ["", "x" * (MAX_ID + 1), "L" * 50_000, "L1\x00", "\ud800"])
def test_an_id_that_is_none_is_refused(engine: Engine, lead_id: str) -> None:
    with engine.begin() as conn, pytest.raises(UnstorableLead, match="lead_id"):
        mirror.put_synced(conn, [seen(replace(lead(1), lead_id=lead_id), 2)])


def test_a_moment_without_a_zone_is_refused_by_name(engine: Engine) -> None:
    with engine.begin() as conn, pytest.raises(UnstorableLead, match=r"L00000001.*time zone"):
        mirror.put_synced(conn, [seen(lead(1, created_at=datetime(2026, 1, 1)))])  # noqa: DTZ001  # the point


def test_cells_as_long_as_a_sheet_allows_are_held_and_found(engine: Engine) -> None:
    long = "पुणे " * 10_000
    texts = {f.name: long for f in MASTER[1:] if f.kind not in _BY_KIND}
    with engine.begin() as conn:
        mirror.put_synced(conn, [seen(lead(1, **texts))])
        assert mirror.lead(conn, "L00000001") == lead(1, **texts)
        assert counters.by(conn, "city") == {long[:100]: 1}
        assert len(mirror.leads_sharing(conn, [long], [])) == 1
        assert mirror.leads_sharing(conn, [long], [], 0) == []


def test_what_did_not_change_is_not_written(engine: Engine) -> None:
    with engine.begin() as conn:
        mirror.put_synced(conn, [seen(lead(n)) for n in range(5)])
        before = counters.revision(conn)
        mirror.put_synced(conn, [seen(lead(n)) for n in range(5)])
        assert counters.revision(conn) == before
        mirror.put_synced(conn, [seen(lead(1, notes="new"))])
        assert counters.revision(conn) > before


def test_of_the_same_lead_twice_the_later_counts(engine: Engine) -> None:
    with engine.begin() as conn:
        mirror.put_synced(conn, [seen(lead(1, city="a"), 2), seen(lead(1, city="b"), 3)])
        assert (mirror.count(conn), mirror.rows_of(conn, ["L00000001"])) == (1, {"L00000001": 3})
        assert counters.by(conn, "city") == {"b": 1}


def test_inserted_above_every_lead_keeps_its_row(engine: Engine) -> None:
    """Rows shift by one over several chunks: each takes the row of the next before that one moves on."""
    n = mirror.CHUNK + 10
    with engine.begin() as conn:
        mirror.put_synced(conn, [seen(lead(i), i + 2) for i in range(n)])
        mirror.put_synced(conn, [seen(lead(i), i + 3) for i in range(n)])
        assert [s.row for s in mirror.seen_rows(conn, 1, n + 9)] == list(range(3, n + 3))
        mirror.move_rows(conn, [(f"L{i:08d}", n + 2 - i) for i in range(n)])
        assert [s.lead_id for s in mirror.seen_rows(conn, 3, 4)] == [f"L{n - 1:08d}", f"L{n - 2:08d}"]
        assert mirror.last_row(conn) == n + 2


@pytest.mark.parametrize("refused", [False, True])
def test_a_first_read_of_many_leaves_every_index_behind(engine: Engine, refused: bool) -> None:
    def indexes() -> set[str]:
        return {str(index["name"]) for index in inspect(conn).get_indexes("listed")}

    many = [seen(lead(n)) for n in range(mirror.CHUNK + 1)]
    with engine.begin() as conn:
        before = indexes()
        if refused:
            with pytest.raises(UnstorableLead):
                mirror.put_synced(conn, [*many, seen(replace(lead(1), lead_id=""), 9)])
        else:
            mirror.put_synced(conn, many)
    with reading(engine) as conn:
        assert (indexes(), len(before)) == (before, 12)
        assert mirror.count(conn) == (0 if refused else len(many))


def test_a_row_holds_one_lead(engine: Engine) -> None:
    with engine.begin() as conn:
        mirror.put_synced(conn, [seen(lead(1), 2), seen(lead(2), 3)])
        mirror.put_synced(conn, [seen(lead(3), 2)])
        mirror.move_rows(conn, [("L00000003", 3)])
        assert mirror.rows_of(conn, [f"L0000000{n}" for n in (1, 2, 3, 9)]) == {"L00000003": 3}
        assert mirror.seen_rows(conn, 2, 3) == [mirror.SeenRow(3, "L00000003", "digest of L00000003")]


def test_states(engine: Engine) -> None:
    with engine.begin() as conn:
        mirror.put_synced(conn, [seen(lead(n)) for n in (1, 2)])
        mirror.set_state(conn, ["L00000001", "L404"], "frozen", "stands twice")
        mirror.set_state(conn, ["L00000002"], "deleted")
        assert [found.lead_id for found in mirror.every_lead(conn)] == ["L00000001"]
        assert (mirror.lead(conn, "L00000002"), mirror.lead(conn, "L00000002", deleted=True)) == (None, lead(2))
        assert mirror.leads_sharing(conn, ["+919000000002", "+919000000001"], []) == [lead(1)]
        mirror.put_synced(conn, [seen(lead(n)) for n in (1, 2)])
        stands = mirror.standing(conn, ["L00000001", "L00000002"])
        assert {i: (s.state, s.why) for i, s in stands.items()} == {
            "L00000001": ("frozen", "stands twice"),
            "L00000002": ("live", ""),
        }
        with pytest.raises(ValueError, match="gone"):
            mirror.set_state(conn, [], "gone")


def test_who_shares_a_phone_or_an_email(engine: Engine) -> None:
    with engine.begin() as conn:
        mirror.put_synced(
            conn,
            [
                seen(lead(1, other_phones="+912222222222, +913333333333", email="Asha@example.com")),
                seen(lead(2, phone_number="+913333333333")),
                seen(lead(3, phone_number=None)),
            ],
        )

        def ids(phones: list[str], emails: list[str]) -> list[int]:
            return [int(found.lead_id[1:]) for found in mirror.leads_sharing(conn, phones, emails)]

        assert ids(["+913333333333"], []) == [1, 2]
        assert ids([], ["asha@EXAMPLE.com"]) == [1]
        assert ids(["", "+91", "\x00"], [""]) == []
        assert ids([f"+91{n}" for n in range(2_000)] + ["+912222222222"], []) == [1]
        mirror.put_synced(conn, [seen(lead(1))])
        assert ids(["+912222222222"], ["asha@example.com"]) == []


def test_leads_come_in_the_order_asked_for(engine: Engine) -> None:
    with engine.begin() as conn:
        mirror.put_synced(conn, [seen(lead(n)) for n in range(1_200)])
        asked = [f"L{n:08d}" for n in (7, 3, 1_199, 9_999)]
        assert [found.lead_id for found in mirror.leads(conn, asked)] == asked[:3]
        assert mirror.lead(conn, "\x00") is None
        assert mirror.lead(conn, "\ud800") is None


def test_loads_count_open_leads_only(engine: Engine) -> None:
    shipped = config.default_config()
    labels = {kind: next(s.label for s in shipped.statuses if s.kind == kind) for kind in ("open", "won", "lost")}
    with engine.begin() as conn:
        given_to = [("Ravi", "open"), ("Ravi", "won"), ("Ravi", "open"), ("Meera", "lost"), (None, "open")]
        mirror.put_synced(
            conn, [seen(lead(n, assigned_to=who, status=labels[kind])) for n, (who, kind) in enumerate(given_to)]
        )
        mirror.put_synced(conn, [seen(lead(9, assigned_to="Meera", status="Nobody knows"))])
        mirror.put_synced(conn, [seen(lead(10, assigned_to="Meera", status=None))])
        assert mirror.person_loads(conn) == {"Ravi": 2, "Meera": 2}


def test_every_lead_in_pieces_while_others_write(engine: Engine) -> None:
    n = mirror.CHUNK + 5
    with engine.begin() as conn:
        mirror.put_synced(conn, [seen(lead(i)) for i in range(n)])
    with reading(engine) as conn:
        going = mirror.every_lead(conn)
        first = next(going)
        with engine.begin() as other:
            mirror.set_state(other, [f"L{n - 1:08d}"], "deleted")
        assert 1 + sum(1 for _ in going) == n  # one consistent picture
    assert first == lead(0)


def test_days_stand_as_text_that_sorts(engine: Engine) -> None:
    with engine.begin() as conn:
        mirror.put_synced(
            conn, [seen(lead(1, next_follow_up=TODAY, created_at=NOW.astimezone(timezone(timedelta(hours=5.5)))))]
        )
        row = conn.execute(select(table.c.next_follow_up, table.c.created_at)).one()
        assert tuple(row) == ("2026-08-04", "2026-08-04T06:30:00+00:00")
