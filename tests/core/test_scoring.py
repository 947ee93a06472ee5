from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.scoring import age_in_days, explained, priority, score
from tests.core.library import CONFIG, NOW, STATUSES, lead

LEAD = lead("L1", "+919876543210", created_at=NOW - timedelta(30))


def test_each_part_is_named_with_its_points():
    made = replace(LEAD, email="a@x.in", child_name="Emma", child_age=5, city="delhi", lead_source="referral")
    found = score(made, CONFIG, NOW)
    assert found.points == 20 + 10 + 15 + 10 + 10 + 15
    assert found.reasons[:2] == ("+20 every lead", "+10 has an e-mail")
    assert "+15 came by referral" in found.reasons


def test_a_part_that_gives_nothing_is_not_named():
    assert score(LEAD, CONFIG, NOW).reasons == ("+20 every lead",)


def test_points_end_at_0_and_100():
    best = replace(
        LEAD, email="a@x.in", child_age=5, child_name="E", city="Delhi", lead_type="Hot", lead_source="Referral"
    )
    assert score(replace(best, status="Interested", lead_date=date(2026, 8, 3)), CONFIG, NOW).points == 100
    assert score(replace(LEAD, status="Lost - No Response"), CONFIG, NOW).points == 0


def test_age_counts_from_the_lead_date_in_the_librarys_days():
    assert age_in_days(replace(LEAD, lead_date=date(2026, 8, 4)), CONFIG, NOW) == 0
    assert age_in_days(replace(LEAD, lead_date=date(2027, 1, 1)), CONFIG, NOW) == 0
    assert age_in_days(LEAD, CONFIG, NOW) == 30
    assert age_in_days(replace(LEAD, created_at=None), CONFIG, NOW) is None


def label(made) -> tuple[str, str]:
    return priority(score(made, CONFIG, NOW), made, CONFIG, NOW)


def test_priority_follows_score_and_age_and_says_why():
    good = replace(LEAD, email="a@x.in", child_name="E", child_age=5, city="Delhi", lead_type="Hot")
    assert label(good) == ("Urgent", "score 85, came 30 days ago")
    old = replace(good, lead_date=date(2025, 1, 1))
    assert label(old)[0] == "Medium"  # 70 points: High, one step lower
    assert "one step lower" in label(old)[1]


def test_whoever_is_won_lost_or_not_to_be_contacted_comes_last():
    good = replace(LEAD, email="a@x.in", child_name="E", child_age=5, city="Delhi", lead_type="Hot")
    assert label(replace(good, status="Member")) == ("Low", "status Member")
    assert label(replace(good, do_not_contact=True)) == ("Low", "must not be contacted")


def test_what_stands_is_explained_by_today_or_by_its_last_event():
    points = score(LEAD, CONFIG, NOW).points
    told = explained(replace(LEAD, lead_score=points), CONFIG, NOW)
    assert (told.points, told.at, told.ruled) == (points, None, label(LEAD)[0])
    assert told.reasons == score(LEAD, CONFIG, NOW).reasons
    then = NOW - timedelta(28)  # two days old: that gave points then, and gives none today
    made = replace(LEAD, updated_at=then, lead_score=score(LEAD, CONFIG, then).points)
    assert made.lead_score != points
    told = explained(made, CONFIG, NOW)
    assert (told.points, told.at) == (made.lead_score, date(2026, 7, 7))
    assert "2 days ago" in " ".join(told.reasons)


def test_a_score_that_nothing_explains_is_told_with_what_the_rules_say_today():
    told = explained(replace(LEAD, lead_score=99, updated_at=NOW - timedelta(3)), CONFIG, NOW)
    assert (told.points, told.at) == (score(LEAD, CONFIG, NOW).points, None)


@given(st.sampled_from(STATUSES), st.integers(0, 120), st.integers(0, 4000), st.integers(1, 4))
def test_always_a_score_in_range_and_a_priority_of_the_list(status, child_age, days, labels):
    config = replace(CONFIG, priorities=CONFIG.priorities[:labels])
    made = replace(LEAD, status=status.label, child_age=child_age, lead_date=date(2026, 8, 4) - timedelta(days))
    found = score(made, config, NOW)
    assert 0 <= found.points <= 100
    assert priority(found, made, config, NOW)[0] in config.priorities
