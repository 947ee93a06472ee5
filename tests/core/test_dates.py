"""Dates: one cell under a known order. A wrong date is never accepted."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.dates import EPOCH, Numbers, Order, _closer_look, _quick_look, from_serial, parse_typed, read
from core.model import Cell

INDIA = ZoneInfo("Asia/Kolkata")
DAY = date(2025, 8, 12)
SERIAL = (DAY - EPOCH).days


def day_of(cell: Cell, order: Order = Order.UNKNOWN) -> date | None:
    return read(cell, lambda _: order, INDIA).day


@pytest.mark.parametrize(
    "cell",
    [
        "2025-08-12",
        "2025/08/12",
        "2025.08.12",
        "2025-8-12",
        "2025-08-12 14:05",
        "2025-08-12T14:05:33",
        "2025-08-12T09:00:00Z",
        "2025-08-12T23:30:00+05:30",
        "2025/08/12 2:05:33 PM GMT+5:30",
        "12th Aug 2025",
        "12 Aug 2025",
        "12 August 2025",
        "Aug 12, 2025",
        "August 12 2025",
        "12-Aug-2025",
        "12-Aug-25",
        "12 Aug 25",
        "12/Aug/2025",
        "12Aug2025",
        "Tue, 12 Aug 2025",
        "Tuesday 12 August 2025",
        "12th of August, 2025",
        "2025 Aug 12",
        "12 aug 2025 5:30 pm",
        "Aug 12, 2025 at 5pm",
        "12 अगस्त 2025",
        "२०२५-०८-१२",
        SERIAL,
        float(SERIAL),
        SERIAL + 0.999,
        str(SERIAL),
        f"{SERIAL}.5",
        20250812,
        "20250812",
        "'2025-08-12",
        " 2025-08-12 ",
        "12 AUG 2025",
        "12-AUG-25",
        "Aug. 12, 2025",
        "12 Sept 2025".replace("Sept", "Aug"),
        "2025-08-12 14:05:33.123",
        "2025-08-12 02:05 p.m.",
        "12th  August  2025",
        "Tue Aug 12 2025 10:30:00 GMT+0530 (India Standard Time)",
        "12 Aug 2025 (Tue)",
        "Date: 12 Aug 2025",
        "on 2025-08-12",
    ],
)
def test_dates_that_need_no_order(cell: Cell) -> None:
    assert day_of(cell) == DAY


@pytest.mark.parametrize(
    "cell",
    [
        "12/08/2025",
        "12/8/2025",
        "12-08-2025",
        "12.08.2025",
        "12-8-25",
        "12.8.25",
        "12/08/25",
        "12 08 2025",
        "12 / 08 / 2025",
        "12.08.2025.",
        "12/08/2025 22.30",
        "12\\08\\2025",
        "12_08_2025",
        "12/08/2025 14:05",
        "12/08/2025 2:05 PM",
        "12/08/2025, 14:05:33",
        "12-08-2025 14.05.33",
        "12-08-2025 at 5 pm",
        "१२/०८/२०२५",
        "12–08–2025",
        "12082025",
        "12\u00a0/08/2025",
    ],
)
def test_dates_that_need_an_order(cell: Cell) -> None:
    assert day_of(cell, Order.DAY_FIRST) == DAY
    assert day_of(cell, Order.MONTH_FIRST) == date(2025, 12, 8)
    assert day_of(cell) is None


@pytest.mark.parametrize(
    "cell",
    [
        "31/02/2025",
        "30-02-2025",
        "31.04.2025",
        "00/08/2025",
        "32/01/2025",
        "29/02/2025",
        "13/13/2025",
        "2025-13-08",
        "2025-02-30",
        "tomorrow",
        "today",
        "10",
        10,
        "12 Aug",
        "Aug 2025",
        "2025",
        2025,
        "12/08/2205",
        "12/08/225",
        "12/08/20255",
        "12/08-2025",
        "25-08-12",
        True,
        "12/2025",
        "next week",
        0,
        -5,
        1e9,
        float("inf"),
        float("nan"),
        "9876543210",
        9876543210,
        "31 Feb 2025",
        "12 13 Aug 2025",
        "12 Foo 2025",
        "12 Aug 2025 or 13 Aug 2025",
        "1/2/3/2025",
        "12:30",
        "25:00 12/08/2025",
        "monday",
    ],
)
@pytest.mark.parametrize("order", list(Order))
def test_what_is_no_date_is_doubted(cell: Cell, order: Order) -> None:
    reading = read(cell, lambda _: order, INDIA)
    assert reading.day is None
    assert reading.doubt
    assert reading.words


@pytest.mark.parametrize("cell", [None, "", " ", "-", "NA", "nil"])
def test_blank_dates(cell: Cell) -> None:
    reading = read(cell, lambda _: Order.DAY_FIRST, INDIA)
    assert reading.day is None
    assert not reading.doubt


def test_one_reading_alone_is_possible() -> None:
    assert day_of("13/08/2025", Order.MONTH_FIRST) == date(2025, 8, 13)
    assert day_of("08/13/2025", Order.DAY_FIRST) == date(2025, 8, 13)
    assert day_of("08/08/2025") == date(2025, 8, 8)


def test_an_instant_is_the_librarys_day() -> None:
    assert day_of("2025-08-12T20:30:00Z") == date(2025, 8, 13)
    assert day_of("2025-08-12 20:30:00") == DAY


def test_times() -> None:
    assert read("12/08/2025 2:05:33 PM", lambda _: Order.DAY_FIRST, INDIA).seconds == 14 * 3600 + 5 * 60 + 33
    assert read("2025-08-12 12:00 am", lambda _: Order.UNKNOWN, INDIA).seconds == 0
    assert read(SERIAL + 0.5, lambda _: Order.UNKNOWN, INDIA).seconds == 43200


@given(st.dates(date(2000, 1, 1), date(2068, 12, 31)))
def test_every_day_in_every_writing(day: date) -> None:
    for text in (
        f"{day:%d/%m/%Y}",
        f"{day.day}-{day.month}-{day:%Y}",
        f"{day:%d %b %Y}",
        f"{day:%B %d, %Y}",
        day.isoformat(),
    ):
        assert day_of(text, Order.DAY_FIRST) == day
    assert day_of(f"{day.month}/{day.day}/{day.year} 9:05:00", Order.MONTH_FIRST) == day
    assert day_of((day - EPOCH).days) == day


@given(
    st.one_of(st.text(), st.integers(), st.floats(), st.booleans(), st.none(), st.from_regex(r"[\d/:. T-]{0,24}")),
    st.sampled_from(list(Order)),
)
def test_any_cell_is_read_and_a_doubt_keeps_its_words(cell: Cell, order: Order) -> None:
    reading = read(cell, lambda _: order, INDIA)
    assert not (reading.day and reading.doubt)
    assert bool(reading.doubt) == bool(reading.words)


@given(st.integers(1, 31), st.integers(1, 31), st.integers(2000, 2060))
def test_without_an_order_only_certain_dates(first: int, second: int, year: int) -> None:
    day = Numbers(first, second, year, "/").read(Order.UNKNOWN)
    if day is not None:
        assert {day.day, day.month} == {first, second}
        assert first > 12 or second > 12 or first == second


@pytest.mark.parametrize(
    "text",
    [
        "12-08-2025",
        "12/08/2025",
        "12.8.2025",
        "2025-08-12",
        "2025-08-12T10:00",
        " 12-08-2025 ",
        "12 Aug 2025",
        "12-08-25",
    ],
)
def test_typed_days(text: str) -> None:
    assert parse_typed(text) == DAY


@pytest.mark.parametrize("text", ["08-13-2025", "31-02-2025", "soon", "45000", "12-08", "20250812", "0"])
def test_typed_nonsense_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match="is not a date"):
        parse_typed(text)


def test_typed_blank() -> None:
    assert parse_typed("  ") is None


@given(st.integers(18264, 73049), st.integers(0, 86399))
def test_serials_to_the_second(days: int, seconds: int) -> None:
    assert from_serial(days + seconds / 86400) == (EPOCH + timedelta(days=days), seconds)


DATELIKE = st.builds(
    "{}{}{}{}{}{}".format,
    st.integers(0, 33) | st.integers(1945, 2105),
    st.sampled_from(["/", "-", ".", " / ", " ", "th ", "st of ", ""]),
    st.integers(0, 14) | st.sampled_from(["Aug", "MAY", "sept", "december", "xyz", "of"]),
    st.sampled_from(["/", "-", ".", " / ", " ", ", ", ""]),
    st.integers(0, 99) | st.integers(1945, 2105),
    st.sampled_from(
        [
            "",
            "",
            " 9:05",
            " 23:59:59",
            "T24:00:00",
            " 14:60",
            " 2:05 pm",
            " 12:00am",
            " 14:05 PM",
            " 0:30 AM",
            " 1:2",
            "Z",
            " 2:05:33 PM GMT+5:30",
            " 14:05 GMT-11:45",
            " 2:05 GMT",
            " 9.30",
            " 9",
        ]
    ),
)
NAMED = st.builds(
    "{}{}{}{}{}{}".format,
    st.sampled_from(["", "", "Thursday, ", "sun ", "Wed.", "FRIDAY  "]),
    st.sampled_from(["Aug", "MAY ", "sept-", "december ", "xyz ", "of "]),
    st.integers(0, 33) | st.sampled_from(["5th", "1st", "2 nd"]),
    st.sampled_from([", ", " ", "-", "", ",", "/"]),
    st.integers(0, 99) | st.integers(1945, 2105),
    st.sampled_from(["", " 9:05", " 23:59:59", " 2:05 PM"]),
)


@settings(max_examples=600)
@given(
    DATELIKE
    | NAMED
    | st.builds("{}{}".format, st.sampled_from(["", "Monday, ", "sat "]), DATELIKE)
    | st.decimals(9990, 99999, places=2).map(str)
)
def test_the_quick_look_says_what_the_closer_look_says(text: str) -> None:
    assert _quick_look(text) in (None, _closer_look(text))


@pytest.mark.parametrize("cell", ["12//08//2025", "12,08,2025", "12|08|2025", "12/8/'25", "Date: 12/08/2025 - Tue"])
def test_slips_between_the_numbers(cell: str) -> None:
    assert read(cell, lambda _: Order.DAY_FIRST, INDIA).day == DAY
