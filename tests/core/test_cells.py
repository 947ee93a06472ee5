"""Cells of Master to canonical values and back."""

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cells import Doubt, decode, encode, number_format
from core.fields import Kind
from core.model import Cell, Value
from tests.core.shipped import CONFIG


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        (Kind.TEXT, "  Asha  Rao ", "Asha Rao"),
        (Kind.TEXT, 12.0, "12"),
        (Kind.LONG_TEXT, "a \r\nb\n", "a\nb"),
        (Kind.PHONE, "(987) 654-3210", "+919876543210"),
        (Kind.PHONE, 9876543210.0, "+919876543210"),
        (Kind.PHONES, "(987) 654-3210, (999) 998-8888", "+919876543210, +919999988888"),
        (Kind.EMAIL, " Asha@EXAMPLE.org ", "Asha@example.org"),
        (Kind.DAY, 45881, date(2025, 8, 12)),
        (Kind.DAY, 45881.6, date(2025, 8, 12)),
        (Kind.DAY, "12-08-2025", date(2025, 8, 12)),
        (Kind.DAY, "2025-08-12", date(2025, 8, 12)),
        (Kind.MOMENT, 45881.5, datetime(2025, 8, 12, 6, 30, tzinfo=UTC)),
        (Kind.MOMENT, "12-08-2025 12:00", datetime(2025, 8, 12, 6, 30, tzinfo=UTC)),
        (Kind.WHOLE, 8.0, 8),
        (Kind.WHOLE, "8", 8),
        (Kind.FLAG, "yes", True),
        (Kind.FLAG, False, False),
        (Kind.FLAG, "", None),
        (Kind.STATUS, "new lead", "New Lead"),
        (Kind.STATUS, "joined", "Member"),
        (Kind.PRIORITY, "HIGH", "High"),
        (Kind.PERSON, "neha", "Neha"),
        (Kind.PERSON, "vikram@example.org", "Vikram"),
        (Kind.PERSON, "Someone Else", "Someone Else"),
        (Kind.DAY, "", None),
        (Kind.PHONE, "  ", None),
        (Kind.EMAIL, None, None),
        (Kind.EMAIL, "-", None),
    ],
)
def test_decoding(kind: Kind, cell: Cell, value: Value) -> None:
    assert decode(kind, cell, CONFIG) == value


@pytest.mark.parametrize(
    ("kind", "cell"),
    [
        (Kind.PHONE, "98765"),
        (Kind.PHONE, "9876543210 / 9999988888"),
        (Kind.EMAIL, "asha"),
        (Kind.EMAIL, "a@example.org b@example.org"),
        (Kind.DAY, "31-02-2025"),
        (Kind.DAY, "soon"),
        (Kind.DAY, True),
        (Kind.DAY, float("nan")),
        (Kind.MOMENT, 1e12),
        (Kind.WHOLE, "eight"),
        (Kind.WHOLE, 8.5),
        (Kind.WHOLE, True),
        (Kind.FLAG, "perhaps"),
        (Kind.STATUS, "nonsense"),
        (Kind.PRIORITY, "very"),
    ],
)
def test_doubts(kind: Kind, cell: Cell) -> None:
    found = decode(kind, cell, CONFIG)
    assert isinstance(found, Doubt)
    assert found.reason
    assert found.text


@given(st.sampled_from(list(Kind)), st.one_of(st.text(), st.integers(), st.floats(), st.booleans(), st.none()))
def test_any_cell_decodes_and_what_it_decodes_to_stays(kind: Kind, cell: Cell) -> None:
    value = decode(kind, cell, CONFIG)
    if not isinstance(value, Doubt):
        assert value != ""
        again = decode(kind, encode(kind, value, CONFIG), CONFIG)
        assert again == value


_MOMENTS = st.integers(-600_000_000, 3_700_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
_VALUES: st.SearchStrategy[tuple[Kind, Value]] = st.one_of(
    st.tuples(st.just(Kind.DAY), st.dates(date(1950, 1, 1), date(2099, 12, 31))),
    st.tuples(st.just(Kind.MOMENT), _MOMENTS),
    st.tuples(st.just(Kind.WHOLE), st.integers(-(10**9), 10**9)),
    st.tuples(st.just(Kind.FLAG), st.booleans()),
    st.tuples(st.just(Kind.STATUS), st.sampled_from([one.label for one in CONFIG.statuses])),
    st.tuples(
        st.just(Kind.PHONE),
        st.sampled_from(["+919876543210", "+912223456789", "+12125557890", "+912125557890", "+918004251234"]),
    ),
)


@given(_VALUES)
def test_round_trip(pair: tuple[Kind, Value]) -> None:
    kind, value = pair
    assert decode(kind, encode(kind, value, CONFIG), CONFIG) == value


def test_moments_are_of_the_librarys_zone_and_rounded_to_the_second() -> None:
    noon = datetime(2025, 8, 12, 6, 30, 0, 600_000, tzinfo=UTC)
    assert encode(Kind.MOMENT, noon, CONFIG) == pytest.approx(45881.5 + 1 / 86400)
    tokyo = replace(CONFIG, timezone=ZoneInfo("Asia/Tokyo"))
    assert encode(Kind.MOMENT, datetime(2025, 8, 12, 3, tzinfo=UTC), tokyo) == 45881.5


def test_what_goes_into_cells() -> None:
    assert encode(Kind.PHONE, "+919876543210", CONFIG) == "(987) 654-3210"
    assert encode(Kind.PHONES, "+919876543210, +919999988888", CONFIG) == "(987) 654-3210, (999) 998-8888"
    assert encode(Kind.DAY, date(2025, 8, 12), CONFIG) == 45881
    assert encode(Kind.FLAG, True, CONFIG) is True
    assert encode(Kind.TEXT, None, CONFIG) is None
    assert [number_format(kind) for kind in (Kind.DAY, Kind.MOMENT, Kind.TEXT)] == [
        "dd-mm-yyyy",
        "dd-mm-yyyy hh:mm",
        None,
    ]
