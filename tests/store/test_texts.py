"""How texts are folded and queries read."""

from __future__ import annotations

import pytest

from core.model import Lead
from store.texts import LONGEST_QUERY, fold, found, haystack, needles

ASHA = Lead(
    "L1",
    full_name="Zoë  O'Brien-Rao",
    child_name="अनु",
    email="Zoe@Example.com",
    city="Pune",
    notes="100% sure_thing\n\tsaid “yes” at ５ pm, flat 12-B",
    phone_number="+919876543210",
    other_phones="+912212345678, +12125557890",
)


@pytest.mark.parametrize(
    "query",
    [
        "zoe",
        "ZOË",
        "o'brien",
        "brien-rao",
        "zoe pune",
        "pune zoe",
        "अनु",
        "अन",
        "example.com",
        "100%",
        "sure_t",
        "at 5 pm",
        "9876543210",
        "+91 98765-43210",
        "(987) 654-3210",
        "098765 43210",
        "00919876543210",
        "65 43",
        "2125557890",
        "22123",
        *("\u202a+91 98765 43210\u202c", "\u200ezoe", "pu\u00adne\u200b", "\ufeffzoe"),
        *("98765\u201143210", "98765–43210", "98765−43210"),
        *("", "   ", "zoe 98765", "zoe 098765-43210", "९८७६५", "12-b", "\x00zoe\x00", "PUNE\u00a0zoe", "ｚｏｅ"),
    ],
)
def test_it_is_found_by(query: str) -> None:
    assert found(query, ASHA)


@pytest.mark.parametrize(
    "query",
    [
        *("zoo", "%%", "100_", "zoe delhi", "9876543219", "98765 43210 1", "o''brien", "L1", "yes\nno"),
        *("98765–43211", "zoe–brien"),
    ],
)
def test_it_is_not_found_by(query: str) -> None:
    assert not found(query, ASHA)


def test_folding_undoes_case_and_latin_accents_and_keeps_indian_vowels() -> None:
    assert fold("  JOSÉ \n Müller ") == "jose muller"
    assert fold("किशोर") == "किशोर" != fold("कशर")
    assert fold("STRASSE") == fold("straße")
    assert fold("१२३ ４５") == "123 45"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("सूर्\u200dया", "सूर्या"),
        ("ಅರ್\u200cಥ", "ಅರ್ಥ"),
        ("അരവിന്ദ\u0d7b", "അരവിന്ദ\u0d28\u0d4d\u200d"),
        ("ഹ\u0d7cഷ", "ഹ\u0d30\u0d4d\u200dഷ"),
        ("উ\u09ceপল", "উ\u09a4\u09cd\u200dপল"),
    ],
)
def test_joiners_and_letters_of_one_sign_find_each_other(one: str, other: str) -> None:
    assert fold(one) == fold(other)
    assert fold(fold(one)) == fold(one)
    assert found(one, Lead("L1", full_name=f"{other} Rao"))
    assert found(other, Lead("L1", full_name=f"{one} Rao"))
    assert not found(one[:-1] + "ക", Lead("L1", full_name=other))


def test_a_fragment_never_joins_two_fields() -> None:
    assert not found("punezoe", ASHA)
    assert haystack(ASHA).count("\n") == 7


def test_a_query_that_is_a_phone_is_one_word() -> None:
    assert len(needles("98765 43210")) == 1
    assert [needle.forms for needle in needles("asha (98)")] == [("asha",), ("(98)", "98")]
    assert needles("+-()") == needles("+-() ") != ()


def test_a_query_without_end_is_cut() -> None:
    assert len(needles("a " * 10_000)) == LONGEST_QUERY / 2
