"""The oracle finds what nobody was told of, and nothing that somebody at the app has said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from chaos.oracle import judge
from chaos.standing import Standing
from chaos.tokens import Mint
from chaos.track import Track
from core.model import ChangeState

TAB = 1
LEADS = ("L1", "L2")


class Sheet:
    """A Master of ids and e-mails, and who writes to it."""

    def __init__(self) -> None:
        self.mint, self.requests = Mint(), 0
        self.track = Track("meera", TAB, self.mint)
        self.emails = [self.mint.next("s", "source row", field="email") for _ in LEADS]
        rows = list(zip(LEADS, self.emails, strict=True))
        self.write("app", 0, [("lead_id", "email"), *rows])

    def write(self, who: str, first: int, rows: Sequence[tuple[str, str]]) -> None:
        """Ids and e-mails from a row (0-based) on, in one request."""
        self.requests += 1
        line = {"sheetId": TAB, "requestId": self.requests, "account": who, "place": str(self.requests)}
        cells = [(first + r, c, text) for r, row in enumerate(rows) for c, text in enumerate(row)]
        self.track.follow([{**line, "row": r, "column": c, "after": text} for r, c, text in cells])

    def mixed(self, states: Mapping[str, tuple[ChangeState, str]] = MappingProxyType({}), **known: Any) -> list[str]:
        """What is found, of leads with each other's e-mails."""
        master = [list(row) for _, row in self.track.grid.texts()]
        return [one.told for one in judge(self.track, Standing(states, frozenset(), (), "", master, **known)).findings]


def test_leads_with_each_others_emails_are_found() -> None:
    sheet = Sheet()
    assert sheet.mixed() == []
    sheet.write("meera", 1, list(zip(LEADS, reversed(sheet.emails), strict=True)))
    assert len(sheet.mixed()) == 1


def test_seed_1101_episode_85_nobody_knew_who_was_sorted_before_this_database_saw_them() -> None:
    """A worker of another database had made them."""
    sheet = Sheet()
    sheet.write("meera", 1, list(zip(LEADS, reversed(sheet.emails), strict=True)))
    assert sheet.mixed(strangers=frozenset(LEADS)) == []


def test_who_was_seen_with_the_email_that_was_made_for_it_is_no_stranger() -> None:
    sheet = Sheet()
    sheet.write("meera", 1, list(zip(LEADS, reversed(sheet.emails), strict=True)))
    assert [sheet.track.was_made("L1", email) for email in (*sheet.emails, None)] == [True, False, False]


def test_seed_1101_episode_67_what_was_taken_back_may_be_sorted_under_a_lead_that_is_listed() -> None:
    """The ids were sorted apart from the e-mails: nobody wrote a word."""
    sheet = Sheet()
    one, other = sheet.emails
    sheet.mint.goes("C1", "L1", "email", [other])
    done = {"C1": (ChangeState.DONE, "")}
    sheet.write("meera", 0, [("lead_id", "email"), ("L2", one), ("L1", other)])
    frozen = frozenset(LEADS)
    assert sheet.mixed(states=done, frozen=frozen) == []
    ids = sheet.track.grid.column("lead_id")
    sheet.track.touched = {place: last for place, last in sheet.track.touched.items() if place[1] == ids}
    assert sheet.mixed(states=done, frozen=frozen) == []
    assert [told for told in sheet.mixed(states=done) if "taken back" in told]
    assert sheet.mixed(states=done, accepted=frozen) == []  # seed 3001, episode 25: somebody took them as they are


def test_seed_3001_episode_45_what_was_taken_back_may_stand_in_a_copy_that_is_listed() -> None:
    """A copied row without a name, a phone or an e-mail gets no id of its own; the app says which of the two counts."""
    sheet = Sheet()
    sheet.mint.goes("C1", "L1", "email", [sheet.emails[0]])
    done = {"C1": (ChangeState.DONE, "")}
    sheet.write("app", 3, [("L1", sheet.emails[0])])
    assert [told for told in sheet.mixed(states=done) if "taken back" in told]
    sheet.write("app", 1, [("L1", "")])
    assert [told for told in sheet.mixed(states=done) if "taken back" in told] == []


def test_what_was_taken_back_and_never_went_is_found_also_where_the_lead_is_listed() -> None:
    """Whatever a sort did to the lead's name: nobody gave its row another id."""
    sheet = Sheet()
    sheet.mint.goes("C1", "L1", "email", [sheet.emails[0]])
    found = sheet.mixed(states={"C1": (ChangeState.DONE, "")}, frozen=frozenset(LEADS))
    assert [told for told in found if "taken back" in told]


def test_seed_201_episode_1_copies_of_those_to_whom_somebody_gave_an_email_are_not() -> None:
    """A sort took both e-mails away, they were put back, and an undo that came then gave them to two others, whose rows
    are copied."""
    sheet = Sheet()
    one, other = sheet.emails
    sheet.write("meera", 1, [("L1", ""), ("L2", "")])
    sheet.write("app", 1, [("L1", one), ("L2", other)])
    for lead_id, token in zip(LEADS, sheet.emails, strict=True):
        sheet.mint.goes("undo", lead_id, "email", [token])
        sheet.mint.comes("put back", lead_id, "email", [token])  # said last, and came first
    sheet.write("app", 1, [("L1", ""), ("L2", "")])
    sheet.write("meera", 3, [("L3", one), ("L4", other)])
    assert [told for told in sheet.mixed() if "each other" in told] == []
    sheet.write("app", 1, [("L1", one), ("L2", other)])
    sheet.write("meera", 1, [("L1", ""), ("L2", "")])
    assert len([told for told in sheet.mixed() if "each other" in told]) == 1


def _led_astray_to_a_former_home(last: str) -> list[str]:
    """A third lead's row had the first e-mail once; it became the second one's, and that got its own e-mail back. Then
    the app writes the first one there, where it had been aimed at another row, and `last` after it."""
    sheet = Sheet()
    one, other = sheet.emails
    for lead_id in ("L3", "", "L2"):
        sheet.write("meera", 2, [(lead_id, one)])
    sheet.mint.goes("put back", "L2", "email", [one])
    sheet.write("app", 2, [("L2", other)])
    sheet.write("meera", 2, [("L3", other)])
    for token in (one, other if last == "the other" else last):
        sheet.write("app", 2, [("L3", token)])
    return [told for told in sheet.mixed({"put back": (ChangeState.DONE, "")}) if "taken away" in told]


def test_seed_2601_episode_16_an_email_that_went_astray_may_be_taken_back() -> None:
    assert _led_astray_to_a_former_home("the other") == []


def test_but_not_for_what_had_never_stood_there() -> None:
    assert _led_astray_to_a_former_home("") != []
