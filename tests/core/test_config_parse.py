"""What ships, and how wrong text is named."""

import pytest

from core.config_parse import ConfigError, parse_defaults
from core.headers import FIELDS
from core.text import fold
from tests.core.shipped import CONFIG


def test_the_nine_statuses_and_their_days() -> None:
    assert [(one.label, one.follow_up_days) for one in CONFIG.statuses] == [
        ("New Lead", 2),
        ("Initial Contact", 3),
        ("Follow Up 1", 5),
        ("Follow Up 2", 7),
        ("Follow Up 3", 14),
        ("Interested", 7),
        ("Member", 30),
        ("Lost - No Response", 90),
        ("Re-engage Later", 60),
    ]
    assert CONFIG.priorities == ("Low", "Medium", "High", "Urgent")
    assert {one.kind.value for one in CONFIG.statuses if one.label in ("Member", "Lost - No Response")} == {
        "won",
        "lost",
    }


def test_no_word_means_two_statuses() -> None:
    words = [word for one in CONFIG.statuses for word in {fold(word) for word in (one.label, *one.synonyms)}]
    assert sorted(words) == sorted(set(words))


def test_tables_are_folded_and_lead_to_fields() -> None:
    for table in (CONFIG.column_synonyms, CONFIG.city_aliases, CONFIG.source_synonyms):
        assert all(word == fold(word) and word for word in table)
    assert set(CONFIG.column_synonyms.values()) <= FIELDS
    assert CONFIG.city_aliases["bombay"] == "Mumbai"
    assert CONFIG.source_synonyms["insta"] == "Instagram"


def test_the_sample_team_can_be_given_leads() -> None:
    assert [person.name for person in CONFIG.team if person.active][:2] == ["Neha", "Vikram"]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("x = [", "not TOML"),
        ("", "status"),
        ('priorities = "Low"\n[[status]]\nid="a"\nlabel="A"\nkind="open"\nfollow_up_days=1', "priorities"),
        ('[[status]]\nid="a"\nlabel="A"\nkind="odd"\nfollow_up_days=1', "open, won or lost"),
        ('[[status]]\nid="a"\nlabel="A"\nkind="open"\nfollow_up_days="1"', "whole number"),
    ],
)
def test_wrong_text_is_named(text: str, named: str) -> None:
    with pytest.raises(ConfigError, match=named):
        parse_defaults(text)
