"""The order of a column's dates, from its evidence and the locale."""

import random
from datetime import date, timedelta

import pytest

from core.date_orders import decide, locale_order
from core.dates import EPOCH, Order, look
from core.model import Cell

DMY, MDY, OPEN = Order.DAY_FIRST, Order.MONTH_FIRST, Order.UNKNOWN


@pytest.mark.parametrize(
    ("locale", "order"),
    [
        ("en_IN", DMY),
        ("en_GB", DMY),
        ("hi_IN", DMY),
        ("en-IN", DMY),
        ("en_US", MDY),
        ("en", OPEN),
        ("", OPEN),
        ("ja_JP", OPEN),
        ("de_DE", DMY),
    ],
)
def test_locales(locale: str, order: Order) -> None:
    assert locale_order(locale) is order


@pytest.mark.parametrize(
    ("cells", "locale", "style", "order"),
    [
        (["13/08/2025", "05/06/2025"], "en_US", "/", DMY),
        (["08/13/2025", "05/06/2025"], "en_IN", "/", MDY),
        (["05/06/2025"], "en_IN", "/", DMY),
        (["05/06/2025"], "en_US", "/", OPEN),
        (["05/06/2025 10:00:00"], "en_US", "/t", MDY),
        (["05/06/2025"], "", "/", OPEN),
        (["13/08/2025", "08/13/2025", "05/06/2025"], "en_IN", "/", OPEN),
        (["31/02/2025", "05/06/2025"], "", "/", OPEN),  # no day proves nothing
        (["13-08-2025", "05/06/2025"], "", "/", DMY),  # the other style's proof, nothing against it
        (["13-08-2025", "05/06/2025 10:00:00"], "en_US", "/t", OPEN),  # a hand's dashes say nothing about a form
        (["13-08-2025"] * 3 + ["08/13/2025 10:00:00"] * 3, "en_IN", "-", DMY),
        (["13-08-2025"] * 3 + ["08/13/2025 10:00:00"] * 3, "en_IN", "/t", MDY),
        (["13-08-2025"] * 3 + ["08/13/2025 10:00:00"] * 2, "en_IN", "/t", OPEN),
        (["2025-08-13", None, "", "x", 45000], "en_IN", "/", DMY),
    ],
)
def test_decisions(cells: list[Cell], locale: str, style: str, order: Order) -> None:
    assert decide(cells, locale).of(style) is order


def test_serials_that_a_month_first_sheet_may_have_swapped() -> None:
    low = [(date(2025, month, 8) - EPOCH).days for month in range(1, 9)]
    high = [(date(2025, 8, 20) - EPOCH).days]
    typed = ["13/08/2025", "25/08/2025"]
    assert not decide([*typed, *low], "en_US").trust_serials
    assert decide([*typed, *low], "en_IN").trust_serials
    form = [(date(2025, 8, day) - EPOCH).days + 0.6 for day in range(1, 29)]
    beside = decide([*typed, *low, *form], "en_US")  # a hand's dates beside a form's timestamps
    assert (beside.trust_serials, beside.trust_timed) == (False, True)
    assert decide([*typed, *low, *high], "en_US").trust_serials
    assert decide([*typed, *low, "05/06/2025"], "en_US").trust_serials  # the sheet parses no texts here
    assert decide(low, "en_US").trust_serials
    assert not decide(["08/13/2025", "08/25/2025", *low], "en_IN").trust_serials


def test_styles_are_told_apart() -> None:
    assert [
        getattr(look(cell).numbers, "style", None)
        for cell in ("1/2/2025", "1-2-25", "1.2.2025 10:00", "x", "2025-01-02")
    ] == [
        "/",
        "-",
        ".t",
        None,
        None,
    ]


@pytest.mark.parametrize("seed", range(6))
def test_no_wrong_date_is_accepted_whatever_two_hands_do(seed: int) -> None:
    chance = random.Random(seed)
    truths: list[tuple[str, date]] = []
    for _ in range(400):
        day = date(2025, 1, 1) + timedelta(days=chance.randrange(600))
        form = chance.choice(("{0}/{1}/{2}", "{0}-{1}-{2}", "{1}/{0}/{2} 10:00:00", "{1}/{0}/{2}"))
        truths.append((form.format(day.day, day.month, day.year), day))
    orders = decide([text for text, _ in truths], "en_US")
    for text, day in truths:
        numbers = look(text).numbers
        assert numbers is not None
        assert numbers.read(orders.of(numbers.style)) in (None, day)
