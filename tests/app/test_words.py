from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from app.words import value
from core.model import Value

KOLKATA = ZoneInfo("Asia/Kolkata")


@pytest.mark.parametrize(
    ("canonical", "words"),
    [
        (None, ""),
        (True, "Yes"),
        (False, "No"),
        (0, "0"),
        (date(2026, 3, 1), "01-03-2026"),
        (date(25, 3, 1), "01-03-0025"),
        (datetime(2026, 11, 22, 19, 0, tzinfo=UTC), "23-11-2026 00:30"),
        ("<b>", "<b>"),
    ],
)
def test_values_read_as_people_write_them(canonical: Value, words: str) -> None:
    assert value(canonical, KOLKATA) == words
