from __future__ import annotations

import pytest

from app.messages import fill, message, template_key
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


def test_the_text_of_what_ships() -> None:
    assert message(lead(6), default_config(), "Neha", "Bumuk Library") == (
        "Hello Nandini Krishnamurthy-Raghavan, this is Neha from Bumuk Library. Thank you for your interest. "
        "Would Vedavalli like to visit us this week?"
    )
