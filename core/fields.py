"""The columns of Master: one registry that sheet, store, forms and API read.

A field's kind says what its canonical value is and how a cell holds it. Where it stands: under everything; it
imports nothing but the model.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a field holds. In a cell: words, phones and ids as stringValue; day and moment as numberValue (serial days
    since 1899-12-30 in the library's time zone) with a column format; whole as numberValue; flag as boolValue."""

    IDENTITY = "identity"
    TEXT = "text"
    LONG_TEXT = "long_text"
    PHONE = "phone"
    PHONES = "phones"
    EMAIL = "email"
    DAY = "day"
    MOMENT = "moment"
    WHOLE = "whole"
    FLAG = "flag"
    STATUS = "status"
    PRIORITY = "priority"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Field:
    """A column of Master: its name (also its header at set-up), its kind, the label that pages show, and whether
    people may edit it in the app."""

    name: str
    kind: Kind
    label: str
    editable: bool = True


MASTER: tuple[Field, ...] = (
    Field("lead_id", Kind.IDENTITY, "Lead id", editable=False),
    Field("full_name", Kind.TEXT, "Name"),
    Field("phone_number", Kind.PHONE, "Phone"),
    Field("email", Kind.EMAIL, "E-mail"),
    Field("city", Kind.TEXT, "City"),
    Field("lead_date", Kind.DAY, "Lead since"),
    Field("status", Kind.STATUS, "Status"),
    Field("priority", Kind.PRIORITY, "Priority"),
    Field("lead_score", Kind.WHOLE, "Score", editable=False),
    Field("lead_source", Kind.TEXT, "Source"),
    Field("lead_type", Kind.TEXT, "Type"),
    Field("assigned_to", Kind.PERSON, "With"),
    Field("next_follow_up", Kind.DAY, "Next follow-up"),
    Field("last_contacted", Kind.MOMENT, "Last contacted"),
    Field("status_updated_date", Kind.DAY, "Status since", editable=False),
    Field("notes", Kind.LONG_TEXT, "Notes"),
    Field("child_name", Kind.TEXT, "Child"),
    Field("child_age", Kind.WHOLE, "Child's age"),
    Field("other_phones", Kind.PHONES, "Other phones"),
    Field("do_not_contact", Kind.FLAG, "Do not contact"),
    Field("customer_segment", Kind.TEXT, "Segment"),
    Field("potential_value", Kind.TEXT, "Potential value"),
    Field("engagement_strategy", Kind.LONG_TEXT, "Engagement strategy"),
    Field("library_benefits", Kind.LONG_TEXT, "Library benefits"),
    Field("household", Kind.TEXT, "Household", editable=False),
    Field("source_tab", Kind.TEXT, "Source tab", editable=False),
    Field("source_key", Kind.TEXT, "Source key", editable=False),
    Field("created_at", Kind.MOMENT, "Created", editable=False),
    Field("updated_at", Kind.MOMENT, "Updated", editable=False),
)

BY_NAME = {field.name: field for field in MASTER}
NAMES: tuple[str, ...] = tuple(field.name for field in MASTER)
