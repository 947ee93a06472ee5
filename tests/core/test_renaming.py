"""A status is its id: renamed, it stays the same status, and its leads follow when a person says so."""

from __future__ import annotations

from dataclasses import replace

from core import picklists
from core.cells import decode
from core.commands import Relabel, decide
from core.config import Config
from core.field_checks import Refusal
from core.fields import Kind
from core.followups import status_of
from core.model import Change, Lead
from core.renaming import Renamed, former_labels, offers
from core.scoring import score
from tests.core.library import NOW
from tests.core.shipped import CONFIG as SHIPPED


def called(config: Config, **labels: str) -> Config:
    statuses = tuple(replace(one, label=labels.get(one.status_id, one.label)) for one in config.statuses)
    after = replace(config, statuses=statuses)
    return replace(after, former=former_labels(config, after))


RENAMED = called(SHIPPED, interested="Keen")
LEAD = Lead("L1", full_name="A", status="Interested", lead_score=1, created_at=NOW, updated_at=NOW)


def test_a_renamed_status_is_known_by_its_id() -> None:
    assert dict(RENAMED.former) == {"Interested": "interested"}
    assert offers(RENAMED) == (Renamed("interested", "Interested", "Keen"),)
    assert status_of("Interested", RENAMED) == status_of("keen", RENAMED)
    assert picklists.status("interested ", RENAMED) == "Keen", "a source row means the status"
    assert decode(Kind.STATUS, "interested ", RENAMED) == "Interested", "Master says it until a person decides"


def test_a_former_label_that_is_no_word_any_more_is_read_as_it_stands() -> None:
    renamed = called(SHIPPED, follow_up_1="Second call")
    assert decode(Kind.STATUS, "Follow Up 1", renamed) == "Follow Up 1"
    assert picklists.status("follow-up 1", renamed) == "Second call"
    lead = replace(LEAD, status="Follow Up 1")
    assert score(lead, renamed, NOW).points == score(lead, SHIPPED, NOW).points


def test_renamed_twice_both_names_are_offered_and_back_again_none() -> None:
    twice = called(called(SHIPPED, member="Card holder"), member="Subscriber")
    assert {(one.old, one.new) for one in offers(twice)} == {("Member", "Subscriber"), ("Card holder", "Subscriber")}
    assert [one.old for one in offers(called(twice, member="Member"))] == ["Card holder", "Subscriber"]


def test_a_status_that_is_gone_or_taken_over_by_another_is_not_offered() -> None:
    gone = replace(RENAMED, statuses=tuple(s for s in RENAMED.statuses if s.status_id != "interested"))
    assert former_labels(RENAMED, gone) == {}
    taken = called(called(SHIPPED, interested="Keen"), contact="Interested")
    assert "Interested" not in taken.former


def test_a_lead_follows_with_its_status_alone() -> None:
    made = decide(Relabel(), LEAD, RENAMED, NOW, "Neha")
    assert isinstance(made, Change)
    assert dict(made.fields) == {"status": ("Interested", "Keen")}
    assert isinstance(decide(Relabel(), replace(LEAD, status="Keen"), RENAMED, NOW, "Neha"), Refusal)
    assert isinstance(decide(Relabel(), replace(LEAD, status="Whatever"), RENAMED, NOW, "Neha"), Refusal)
