"""Words to the library's picklists."""

import pytest

from core.picklists import flag, person, priority, status
from tests.core.shipped import CONFIG


@pytest.mark.parametrize(
    ("word", "label"),
    [
        ("Follow Up 1", "Follow Up 1"),
        ("follow-up 1", "Follow Up 1"),
        ("FollowUp1", "Follow Up 1"),
        ("Reengage later", "Re-engage Later"),
        ("RE ENGAGE LATER", "Re-engage Later"),
        ("Lost – No Response", "Lost - No Response"),
        ("no-response", "Lost - No Response"),
        ("Intrested", "Interested"),
        ("joined", "Member"),
        ("whatever", None),
        ("", None),
        (" - ", None),
    ],
)
def test_statuses_by_label_synonym_and_without_their_blanks(word: str, label: str | None) -> None:
    assert status(word, CONFIG) == label


def test_priorities_people_and_flags() -> None:
    assert priority("URGENT ", CONFIG) == "Urgent"
    assert person("neha@example.org", CONFIG) == "Neha"
    assert (flag("Yes"), flag("n"), flag("perhaps")) == (True, False, None)
