"""What a command puts into a change is what the sheet reads back, so that no word of ours passes for a person's."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.book import book_of
from core.cells import decode, encode
from core.commands import AddLead, AddNote, Command, LogOutcome, SetDoNotContact, SetFields, decide
from core.field_checks import Refusal, check
from core.fields import BY_NAME, MASTER, Kind
from core.intake import Arrival, plan_intake
from core.model import Change, Value
from core.outcomes import Outcome
from tests.core.library import CONFIG, NOW, draft, lead

PHONE = "+919876543210"
LEAD = lead("L1", PHONE, notes="Likes owls")
_SIGNS = "ab1,. =e\u0301\u0928\u093c\t\r\n\x0b\x85\u00a0\u2028\u200b\u200c\u200d\u200e\ufeff"
WORDS = st.text(st.sampled_from(_SIGNS), max_size=12)
_BY_KIND: dict[Kind, st.SearchStrategy[Value]] = {
    Kind.PHONE: st.sampled_from([PHONE, "+912223456789", "+12125557890", "+1234567"]),
    Kind.PHONES: st.sampled_from([PHONE, f"{PHONE},+12125557890", f"{PHONE}, {PHONE} ,"]),
    Kind.EMAIL: st.sampled_from(["Asha@EXAMPLE.org", "a..b@example.org", "asha@\u200bexample.org"]),
    Kind.DAY: st.dates(date(1899, 1, 1), date(2210, 1, 1)),
    Kind.MOMENT: st.floats(-600_000_000, 3_700_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    Kind.WHOLE: st.integers(-1, 200),
    Kind.FLAG: st.booleans(),
    Kind.STATUS: st.sampled_from(["member", "follow up 2", "Interested "]),
    Kind.PRIORITY: st.sampled_from(["high", " Urgent"]),
    Kind.PERSON: st.sampled_from(["ravi", "Asha "]),
}
_EDITS = st.sampled_from([one for one in MASTER if one.editable]).flatmap(
    lambda known: st.tuples(st.just(known.name), _BY_KIND.get(known.kind, WORDS) | WORDS)
)


def assert_as_read_back(change: Change) -> None:
    for name, (_, new) in change.fields.items():
        kind = BY_NAME[name].kind
        assert decode(kind, encode(kind, new, CONFIG), CONFIG) == new, name


@given(_EDITS, WORDS)
def test_what_is_edited_is_as_read_back(edit: tuple[str, Value], note: str) -> None:
    for command in (SetFields(dict([edit]), note=note), AddLead({"phone_number": PHONE, **dict([edit])})):
        made = decide(command, LEAD, CONFIG, NOW, "Asha")
        if isinstance(made, Change):
            assert_as_read_back(made)


@given(WORDS)
def test_notes_are_as_read_back(words: str) -> None:
    commands: list[Command] = [AddNote(words), SetDoNotContact(True, words), LogOutcome(Outcome.INTERESTED, words)]
    for command in commands:
        made = decide(command, LEAD, CONFIG, NOW, f" Asha{words}")
        if isinstance(made, Change):
            assert_as_read_back(made)
            assert str(made.fields.get("notes", (None, "Likes owls"))[1]).startswith("Likes owls")


@given(WORDS, WORDS)
def test_what_a_row_says_is_as_read_back(name: str, notes: str) -> None:
    rows = [
        draft(2, full_name=name, phone_number=PHONE, notes=notes),
        draft(3, phone_number="+919999988888", city=name),
    ]
    plan = plan_intake([Arrival(one.origin, (one,)) for one in rows], book_of([LEAD]), CONFIG, NOW, {})
    for change in plan.changes:
        assert_as_read_back(change)


@pytest.mark.parametrize(
    ("name", "value", "stands"),
    [
        ("notes", "Mother called \r\n\u200bcomes on Saturday\r\n", "Mother called\ncomes on Saturday"),
        ("notes", "Two  blanks\n\n  and a line between", "Two  blanks\n\n  and a line between"),
        ("city", "Kochi", "Kochi"),
        ("city", "\u200b", None),
        ("city", "Rene\u0301e\u00a0 Nagar", "Renée Nagar"),
        ("full_name", "\u0928\u200d\u093f", "\u0928\u200d\u093f"),
        ("email", "Asha@EXAMPLE.org", "Asha@example.org"),
    ],
)
def test_words_stand_as_typed_but_for_what_no_cell_keeps(name: str, value: str, stands: str | None) -> None:
    assert check(name, value, None, CONFIG) == stands


def test_what_would_not_be_read_back_is_refused() -> None:
    assert isinstance(check("phone_number", "+1234567", None, CONFIG), Refusal)
