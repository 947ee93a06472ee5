"""What Activity keeps can be read back."""

from datetime import UTC, date, datetime

import pytest

from core.model import Value
from core.plain import from_plain, plain


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("lead_date", date(2026, 11, 22)),
        ("last_contacted", datetime(2026, 11, 22, 10, 42, 7, tzinfo=UTC)),
        ("lead_score", 71),
        ("do_not_contact", True),
        ("do_not_contact", False),
        ("phone_number", "+919815550142"),
        ("notes", "two\nlines"),
        ("notes", None),
    ],
)
def test_a_value_comes_back_as_its_kind(field: str, value: Value) -> None:
    assert from_plain(field, plain(value)) == value


def test_what_someone_typed_over_stays_text() -> None:
    assert from_plain("lead_date", "next Tuesday") == "next Tuesday"
    assert from_plain("lead", "Asha") == "Asha"
