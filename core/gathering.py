"""Puts together what the cells of one row say, and makes its drafts.

Where it stands: `normalise` feeds it the readings of a row column by column; it knows the rules for two columns of one
field (stated in `core.columns`), for children, and for what goes to the notes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from types import MappingProxyType
from typing import TypeVar

from core.columns import ColumnUse
from core.model import Cell, Issue, LeadDraft, SourceRow, Value
from core.names import Child
from core.readers import Reading
from core.text import cell_text, fold

_V = TypeVar("_V")
MOST_NOTES = 40_000  # signs; a cell of the sheet holds 50,000
_DIGIT = re.compile(r"\d")
_NO_EXTRA = MappingProxyType[str, Cell]({})
_CALLED = {
    "phone_number": "phone", "other_phones": "phone", "email": "e-mail", "lead_date": "date", "birth_date": "birthday",
    "full_name": "name", "parent_name": "name", "first_name": "name", "last_name": "name", "child_age": "child's age",
    "child_last_name": "child's name", "assigned_to": "person", "next_follow_up": "next follow-up",
    "last_contacted": "last contact",
}  # fmt: skip


class Gathering:
    """What the columns of one row have said so far."""

    __slots__ = (
        "ages",
        "birthdays",
        "children",
        "doubts",
        "emails",
        "extra",
        "issues",
        "names",
        "notes",
        "phones",
        "row",
        "surnames",
        "typed_notes",
        "values",
    )

    def __init__(self, row: SourceRow, clear: dict[str, Value], children: list[Child]) -> None:
        """`clear` are the fields, and `children` the children, of columns that were read at once."""
        phone, email = clear.pop("phone_number", None), clear.pop("email", None)
        name, age, note = clear.pop("full_name", None), clear.pop("child_age", None), clear.pop("notes", None)
        self.row = row
        self.values = clear
        self.phones: list[str] = [str(phone)] if phone else []
        self.doubts: list[str] = []
        self.emails: list[str] = [str(email)] if email else []
        self.names: dict[str, str] = {"full_name": str(name)} if name else {}
        self.children = children
        self.surnames: list[str] = []  # of children
        self.ages: list[int] = [age] if isinstance(age, int) else []
        self.birthdays: list[date] = []
        self.typed_notes: list[str] = [str(note)] if note else []
        self.notes: list[str] = []
        self.extra: dict[str, Cell] = {}
        self.issues: list[Issue] = []

    def hear(self, use: ColumnUse, reading: Reading, cell: Cell) -> None:
        """Takes in one cell of a known column."""
        field, value = use.field, reading.value
        if reading.words and not self._repeated(field, reading):
            self.notes.append(f"{use.header}: {reading.words}")
        if reading.doubt:
            self._doubt(field, reading)
        if reading.stop:
            self.values["do_not_contact"] = True
        if field == "phone_number" or field == "other_phones":
            self.phones += reading.more
        elif field == "email":
            self.emails += reading.more
        elif field in ("full_name", "parent_name", "first_name", "last_name"):
            self.children += reading.children
            if value is not None:
                self._fill(self.names, use, str(value), cell)
        elif field in ("child_name", "child_and_age"):
            self.children += reading.children
        elif field == "child_last_name":
            self.surnames += [str(value)] if value is not None else []
        elif field == "child_age":
            self.ages += reading.ages
        elif field == "notes":
            if value is not None:
                self.typed_notes.append(str(value))
        elif value is not None:
            self._value(use, reading, cell)

    def keep(self, header: str, cell: Cell) -> None:
        """Keeps a cell of a column that nobody knows; a header that stands twice is numbered."""
        name, number = header, 2
        while name in self.extra and self.extra[name] != cell:
            name, number = f"{header} ({number})", number + 1
        self.extra[name] = cell

    def _keep_and_tell(self, header: str, cell: Cell) -> None:
        """Keeps what is known to be of the lead and has no field of its own, where people see it too: in the notes."""
        self.keep(header, cell)
        self.notes.append(f"{header}: {cell_text(cell)}")

    def _value(self, use: ColumnUse, reading: Reading, cell: Cell) -> None:
        value = reading.value
        if use.field == "birth_date" and isinstance(value, date):
            self.birthdays.append(value)
            self._keep_and_tell(use.header, f"{value:%d-%m-%Y}")
        elif use.field == "address":
            self._keep_and_tell(use.header, str(value))
            if reading.more:
                self.values.setdefault("address_city", reading.more[0])
        else:
            self._fill(self.values, use, value, cell)

    def _fill(self, kept: dict[str, _V], use: ColumnUse, value: _V, cell: Cell) -> None:
        """The first column of a field fills it; another that says something else is kept beside."""
        if kept.setdefault(use.field, value) != value:
            self._keep_and_tell(use.header, f"{value:%d-%m-%Y}" if isinstance(value, date) else cell)

    def _repeated(self, field: str, reading: Reading) -> bool:
        """Whether words of a second phone column say nothing ("same as above, on WhatsApp too")."""
        said = fold(reading.words)
        return field == "other_phones" and not reading.more and "same" in said.split() and not _DIGIT.search(said)

    def _doubt(self, field: str, reading: Reading) -> None:
        called = _CALLED.get(field, field.replace("_", " "))
        text = reading.words if len(reading.words) < 80 else reading.words[:77] + "…"
        reason = f"The {called} “{text}”: {reading.doubt}" if text else f"The {called}: {reading.doubt}"
        if field in ("phone_number", "other_phones"):
            self.doubts.append(reason)
        else:
            self._issue(reason, field if field in _KNOWN else "")

    def _issue(self, reason: str, field: str, *, blocking: bool = False) -> None:
        self.issues.append(Issue(self.row.tab.title, self.row.row, reason, field, blocking))

    def drafts(self) -> tuple[LeadDraft, ...]:
        """The drafts of the row: one for each child, one where no child is named or the row is blocked."""
        self._settle_phones()
        self._settle_values()
        children = self._settle_children()
        common = self._common()
        blocked = any(issue.blocking for issue in self.issues)
        if len(children) > 1 and blocked:
            common["notes"] = "\n".join(
                filter(None, [str(common.get("notes") or ""), "Children: " + ", ".join(c.name or "" for c in children)])
            )
            children = children[:1]
        extra = MappingProxyType(self.extra) if self.extra else _NO_EXTRA
        issues = tuple(self.issues)
        if not children:
            return (LeadDraft(MappingProxyType(common), self.row, issues, extra),)
        return tuple(
            LeadDraft(MappingProxyType(_with_child(common, child)), self.row, () if at else issues, extra)
            for at, child in enumerate(children)
        )

    def _settle_phones(self) -> None:
        found = self.phones
        if len(found) > 1:
            found = self.phones = list(dict.fromkeys(found))
        if found:
            for reason in self.doubts:
                self._issue(reason, "phone_number")
        elif self.doubts:
            self._issue("; ".join(dict.fromkeys(self.doubts)), "phone_number", blocking=True)
        else:
            self._issue("There is no phone number", "phone_number", blocking=True)

    def _settle_values(self) -> None:
        values = self.values
        address_city = values.pop("address_city", None)
        if address_city is not None:
            values.setdefault("city", address_city)
        response = values.pop("response", None)
        if response is not None and values.setdefault("status", response) != response:
            self.notes.append(f"Response: {response}")

    def _settle_children(self) -> list[Child]:
        children = self.children
        if len(children) > 1:
            children = list({fold(child.name or ""): child for child in reversed(children)}.values())[::-1]
        children = self._with_surnames(children)
        ages = self.ages or self._ages_on_the_day()
        if not ages:
            return children
        open_ones = [at for at, child in enumerate(children) if child.age is None]
        if not children and len(ages) == 1:
            return [Child(None, ages[0])]
        if len(open_ones) == len(ages):
            for at, age in zip(open_ones, ages, strict=True):
                children[at] = Child(children[at].name, age)
        elif [child.age for child in children] != ages:
            self.notes.append("Child's age: " + ", ".join(map(str, ages)))
        return children

    def _with_surnames(self, children: list[Child]) -> list[Child]:
        """Children whose last names stand in columns of their own: one for each, or one for all."""
        surnames = self.surnames * len(children) if len(self.surnames) == 1 else self.surnames
        if len(surnames) != len(children) or not children:
            self.notes += [f"Child's last name: {surname}" for surname in self.surnames]
            return children
        both = zip(children, surnames, strict=True)
        return [Child(_named(child.name, surname), child.age) for child, surname in both]

    def _ages_on_the_day(self) -> list[int]:
        """Ages in whole years on the day of the lead; without that day a birthday says no age."""
        day = self.values.get("lead_date")
        if not self.birthdays or not isinstance(day, date):
            return []
        ages = [day.year - born.year - ((day.month, day.day) < (born.month, born.day)) for born in self.birthdays]
        return [age for age in ages if 0 <= age <= 18]

    def _common(self) -> dict[str, Value]:
        """The fields that all drafts of the row share."""
        fields = dict(self.values)
        name = self._full_name()
        if name:
            fields["full_name"] = name
        if self.phones:
            fields["phone_number"] = self.phones[0]
            if len(self.phones) > 1:
                fields["other_phones"] = ", ".join(self.phones[1:])
        if self.emails:
            fields["email"] = self.emails[0]
            self.notes += [f"Other e-mail: {other}" for other in self.emails[1:] if other != self.emails[0]]
        if self.notes or self.typed_notes:
            notes = joined(self.typed_notes + self.notes)
            fields["notes"] = notes[:MOST_NOTES]
            if len(notes) > MOST_NOTES:
                self._issue(f"The notes are too long: the lead has the first {MOST_NOTES:,} signs of them", "notes")
        return fields

    def _full_name(self) -> str:
        said = self.names
        if len(said) < 2:
            return next(iter(said.values()), "")
        split = " ".join(said[part] for part in ("first_name", "last_name") if part in said)
        chosen = said.get("parent_name") or said.get("full_name") or split
        for other in (said.get("full_name"), split):
            if other and fold(other) not in fold(chosen):
                self.notes.append(f"Name: {other}")
        if fold(chosen) == fold(said.get("full_name") or "") and "last_name" in said and " " not in chosen:
            return f"{chosen} {said['last_name']}"
        return chosen


def _named(name: str | None, surname: str) -> str | None:
    known = fold(surname) in fold(name or "").split() or not name
    return name if known else f"{name} {surname}"


_KNOWN = frozenset(
    (
        "email",
        "lead_date",
        "child_age",
        "full_name",
        "status",
        "priority",
        "assigned_to",
        "next_follow_up",
        "last_contacted",
        "do_not_contact",
    )
)


def joined(notes: Iterable[Value]) -> str:
    """Lines of notes as one text, each once; a lead has `MOST_NOTES` signs of it."""
    return "\n".join(dict.fromkeys(map(str, notes)))


def _with_child(common: dict[str, Value], child: Child) -> dict[str, Value]:
    """The fields of one child's draft; a lead that nobody names goes by its child."""
    fields = dict(common)
    if child.name:
        fields["child_name"] = child.name
        fields.setdefault("full_name", child.name)
    if child.age is not None:
        fields["child_age"] = child.age
    return fields
