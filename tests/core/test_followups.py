from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from core.config import Status, StatusKind
from core.followups import Due, closed_labels, first_labels, first_status, group, library_day, next_follow_up, status_of
from tests.core.library import CONFIG, STATUSES, lead

DAY = date(2026, 8, 4)


@pytest.mark.parametrize(("status", "days"), list(zip(STATUSES, (2, 3, 5, 7, 14, 7, 30, 90, 60), strict=True)))
def test_days_of_each_status(status, days):
    assert next_follow_up(status.label, DAY, CONFIG) == DAY + timedelta(days)
    assert next_follow_up(f" {status.label.upper()} ", DAY, CONFIG) == DAY + timedelta(days)


def test_an_unknown_status_is_followed_up_like_a_new_lead():
    assert next_follow_up("Whatever", DAY, CONFIG) == next_follow_up(None, DAY, CONFIG) == DAY + timedelta(2)


def test_the_librarys_day_is_not_utcs():
    assert library_day(datetime(2026, 8, 3, 18, 29, tzinfo=UTC), CONFIG) == date(2026, 8, 3)
    assert library_day(datetime(2026, 8, 3, 18, 30, tzinfo=UTC), CONFIG) == DAY


def test_what_closed_statuses_are_called_and_were():
    renamed = replace(CONFIG, former={"Joined": "member", "Keen": "interested"})
    assert closed_labels(renamed) - closed_labels(CONFIG) == {"Joined"}
    assert "Member" in closed_labels(CONFIG)
    assert "Interested" not in closed_labels(CONFIG)


def test_what_the_first_status_is_called_and_was():
    renamed = replace(CONFIG, former={"Enquiry": CONFIG.statuses[0].status_id, "Keen": "interested"})
    assert first_labels(renamed) == (CONFIG.statuses[0].label, "Enquiry")


def test_statuses_are_found_by_label_and_id():
    assert status_of("follow_up_2", CONFIG) == status_of("Follow Up 2", CONFIG)
    assert status_of("", CONFIG) is None
    assert first_status(CONFIG).label == "New Lead"


def test_a_label_is_no_other_statuses_id():
    """“Lost - No Response” was renamed, its id is still `lost`, and a status “Lost” was added."""
    renamed = Status("lost", "No Response", StatusKind.LOST, 90)
    added = Status("lost_2", "Lost", StatusKind.LOST, 30)
    config = replace(CONFIG, statuses=(*CONFIG.statuses[:-2], renamed, added))
    assert status_of("lost ", config) == added
    assert status_of("no response", config) == renamed
    assert status_of("member", config) == status_of("Member", config) == CONFIG.statuses[6]
    assert next_follow_up("Lost", date(2026, 8, 3), config) == date(2026, 9, 2)


@pytest.mark.parametrize(("days", "due"), [(-1, Due.OVERDUE), (0, Due.TODAY), (1, Due.UPCOMING), (None, Due.NONE)])
def test_groups(days, due):
    made = lead("L1", next_follow_up=None if days is None else DAY + timedelta(days))
    assert group(made, DAY) is due
    assert group(replace(made, do_not_contact=True), DAY) is Due.NONE
