from __future__ import annotations

import pytest

from core.messages import fill, letter, template_key, texts, unknown
from store.config import default_config
from tests.app.book import lead

KNOWN = {"name": "Farah", "child": "Zoya", "staff": "Neha", "library": "Bumuk"}


@pytest.mark.parametrize(
    ("template", "blank", "text"),
    [
        ("Hello {name}, this is {staff}. Would {child} come?", (), "Hello Farah, this is Neha. Would Zoya come?"),
        ("Hello {name}, this is {staff}. Would {child} come?", ("child",), "Hello Farah, this is Neha."),
        ("Hello {name}, this is {staff}.", ("name",), "Hello, this is Neha."),
        ("Welcome to {library}, {name}. Bye.", ("name",), "Welcome to Bumuk. Bye."),
        ("Hello {nothing}. Bye.", (), "Bye."),
        ("{child}?", ("child",), ""),
        ("", (), ""),
        ("{staff.__class__} {", (), "{staff.__class__} {"),
        ("{0}{}", (), ""),
        ("Would {child|your child} come?", ("child",), "Would your child come?"),
        ("Would {child|your child} come?", (), "Would Zoya come?"),
        ("Dear {name},\n\nWe like {child}. Come by.\n\n{staff}", ("child",), "Dear Farah,\n\nCome by.\n\nNeha"),
        ("Hello. We like {child}.\n\nBye.", ("child",), "Hello.\n\nBye."),
        ("नमस्ते {name}। आइए।", (), "नमस्ते Farah। आइए।"),
    ],
)
def test_templates_are_filled(template: str, blank: tuple[str, ...], text: str) -> None:
    assert fill(template, {name: None if name in blank else one for name, one in KNOWN.items()}) == text


@pytest.mark.parametrize(
    ("status", "notes", "key"),
    [
        ("New Lead", None, "whatsapp_first"),
        (None, None, "whatsapp_first"),
        ("Interested", None, "whatsapp_follow_up"),
        ("Member", None, "whatsapp_member"),
        ("Initial Contact", "01-11-2026 Neha: No answer (1)", "whatsapp_no_answer"),
        ("Interested", "01-11-2026 Neha: Visit booked for 24-11-2026", "whatsapp_visit"),
    ],
)
def test_the_template_fits_the_lead(status: str | None, notes: str | None, key: str) -> None:
    assert template_key(lead(2, status=status, notes=notes), default_config()) == key


def test_the_texts_that_ship_with_the_fitting_one_first() -> None:
    offered = texts(lead(6, child_name=None), default_config(), "Neha", "Bumuk Library")
    assert offered[0].words == (
        "Hello Nandini Krishnamurthy-Raghavan, this is Neha from Bumuk Library. Thank you for your interest. "
        "Would your child like to visit us this week?"
    )
    assert [one.label for one in offered] == ["First", "Follow up", "Visit", "No answer", "Member", "Hours"]
    assert texts(lead(5), default_config(), "Neha", "Bumuk")[0].label == "Member"
    assert all(not unknown(template) for template in default_config().names.values())


def test_a_letter_keeps_its_paragraphs() -> None:
    subject, body = letter(lead(6, full_name=None), default_config(), "Neha", "Bumuk Library")
    assert subject == "Bumuk Library: a library for Vedavalli"
    assert body.startswith("Dear,\n\nThank you")
    assert body.endswith("Warm regards,\nNeha")


@pytest.mark.parametrize(("template", "named"), [("{nobody}", "{nobody}"), ("{name} {child|x}", ""), ("{}", "{}")])
def test_what_a_template_cannot_name_is_named(template: str, named: str) -> None:
    assert unknown(template) == named
