"""Sample data: four messy tabs in the four formats, the same every time."""

from datetime import date, timedelta

from core.columns import recognise
from core.model import SourceRow, Tab
from core.normalise import Cleaner
from core.samples import sample_tabs
from tests.core.shipped import CONFIG

TODAY = date(2026, 11, 22)


def test_four_sources_with_a_few_bad_rows_and_many_good_ones() -> None:
    tabs = sample_tabs(1, TODAY)
    assert [(tab.title, len(tab.rows) - 1) for tab in tabs] == [
        ("Library leads", 120),
        ("Quiz registrations", 90),
        ("Contact form", 80),
        ("Story-hour contacts", 60),
    ]
    phones: list[object] = []
    for tab in tabs:
        header, *rows = tab.rows
        shape = recognise(header, rows, CONFIG, "en_IN")
        assert shape.verdict == "source"
        found = [
            draft
            for row in Cleaner(shape, CONFIG).clean([SourceRow(Tab(1, tab.title), 2, row, "") for row in rows])
            for draft in row
        ]
        assert 1 <= sum(draft.blocked for draft in found) <= len(rows) // 8
        days = [draft.fields["lead_date"] for draft in found if "lead_date" in draft.fields]
        assert all(isinstance(day, date) and TODAY - timedelta(days=60) <= day <= TODAY for day in days)
        phones += [draft.fields.get("phone_number") for draft in found]
    assert len(set(phones)) < len(phones) * 0.75  # people come more than once


def test_the_same_every_time() -> None:
    assert sample_tabs(3, TODAY) == sample_tabs(3, TODAY)
    assert sample_tabs(3, TODAY) != sample_tabs(4, TODAY)
