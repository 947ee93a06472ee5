"""What a cell of a known column says: one reader for each field of a source tab.

Where it stands: between the cleaners of single things (phones, dates, names …) and `core.gathering`, which puts the
readings of a row together. A reader never raises: what it cannot read comes back as `words` with a `doubt`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any

from core import cities, dates, emails, names, phone_columns, phones, picklists
from core.config import Config
from core.date_orders import DateOrders
from core.dates import DateReading
from core.model import Cell, Value
from core.names import Child
from core.text import cell_text, fold, is_blank, mend, squash, tidy, tidy_lines

_FIRST_LEAD = date(2000, 1, 1)
_CLASS = re.compile(r"(?:std|standard|class|grade|kg|lkg|ukg|nursery|playschool|play school|school)\b", re.IGNORECASE)
_AND_MORE = re.compile(r"\s+[-–]\s+|\s*[:(,]\s*")
_DIGIT_RUN = re.compile(r"[+(]*\d[\d ().\-]{5,}\d")


@dataclass(frozen=True, slots=True)
class Reading:
    """What one cell says: the value of its field; all of them (`more`) where a field takes several; `doubt`, a reason
    in plain words; `words`, the text that goes to the notes because no field holds it; `stop`: nobody may contact this
    lead, whatever field was asked for."""

    value: Value = None
    more: tuple[str, ...] = ()
    children: tuple[Child, ...] = ()
    ages: tuple[int, ...] = ()
    doubt: str = ""
    words: str = ""
    stop: bool = False


NOTHING = Reading()
Reader = Callable[[Cell], Reading]


def reader_for(field: str, orders: DateOrders | None, config: Config) -> Reader:
    """The reader of a column that holds `field` (a field of Master or a role of `core.headers`)."""
    if field in ("phone_number", "other_phones"):
        return partial(_phone, config=config)
    if field in ("lead_date", "birth_date", "next_follow_up", "last_contacted"):
        return partial(_date, field=field, orders=orders or DateOrders(), config=config)
    simple: dict[str, Reader] = {
        "email": partial(_email, reader=emails.EmailReader(config)),
        "full_name": _name,
        "parent_name": _name,
        "first_name": _name,
        "last_name": _name,
        "child_last_name": _name,
        "child_name": _children,
        "child_and_age": _children,
        "child_age": _ages,
        "city": partial(_city, config=config),
        "address": partial(_address, config=config),
        "status": _StatusReader(config, free=False).read,
        "response": _StatusReader(config, free=True).read,
        "lead_source": partial(_source, config=config),
        "lead_type": partial(_lead_type, config=config),
        "notes": _note,
        "priority": partial(_listed, find=picklists.priority, config=config, what="a priority"),
        "assigned_to": partial(_listed, find=picklists.person, config=config, what="of the team"),
        "do_not_contact": _flag,
    }
    return simple.get(field, _text)


@dataclass(frozen=True, slots=True)
class Quick:
    """A quicker way to read a field. `cell` gives a value at once where the cell is nothing but that value, else the
    field's own reading. `column` gives the value of every cell that one pattern knows, and what its second argument
    says of the others; None where a field has no such pattern."""

    cell: Callable[[Cell], Value | Reading]
    column: Callable[[Sequence[Cell], Callable[[Cell], Any]], list[Any]] | None = None


def quick_for(field: str, orders: DateOrders | None, config: Config) -> Quick | None:
    """The quicker way to read `field`; None where it needs none."""
    if field == "phone_number" and config.phone_region == "IN":
        wordings = phone_columns.Wordings(config)
        return Quick(partial(_quick_phone, wordings=wordings), phone_columns.indian_mobiles)
    if field == "email":
        reader = emails.EmailReader(config)
        return Quick(partial(_quick_email, reader=reader), reader.clear_column)
    if field in ("full_name", "parent_name"):
        return Quick(lambda cell: names.clear(cell) or _name(cell))
    if field == "lead_date" and orders is not None:
        return Quick(lambda cell: _clear_date(cell, orders) or _date(cell, field, orders, config))
    return None


def _phone(cell: Cell, config: Config) -> Reading:
    found = phones.parse(cell, config)
    return Reading(more=found.phones, doubt=found.doubt, words=found.words)


def _one_or_all(found: tuple[str, ...], doubt: str, words: str) -> str | Reading:
    """The only value of a cell that says nothing else, or all that it says."""
    return found[0] if len(found) == 1 and not doubt and not words else Reading(more=found, doubt=doubt, words=words)


def _quick_phone(cell: Cell, wordings: phone_columns.Wordings) -> str | Reading:
    found = wordings.read(cell)
    return _one_or_all(found.phones, found.doubt, found.words)


def _quick_email(cell: Cell, reader: emails.EmailReader) -> str | Reading:
    found = reader.read(cell)
    return _one_or_all(found.emails, found.doubt, found.words)


def _email(cell: Cell, reader: emails.EmailReader) -> Reading:
    found = reader.read(cell)
    return Reading(more=found.emails, doubt=found.doubt, words=found.words)


def _date(cell: Cell, field: str, orders: DateOrders, config: Config) -> Reading:
    found = read_date(cell, orders, config)
    if found.day is None:
        return Reading(doubt=found.doubt, words=found.words)
    if field == "lead_date" and found.day < _FIRST_LEAD:
        return Reading(doubt="its year cannot be right", words=cell_text(cell))
    if field != "last_contacted":
        return Reading(found.day)
    moment = datetime.combine(found.day, time(0), config.timezone) + timedelta(seconds=found.seconds or 0)
    return Reading(moment.astimezone(UTC))


def _clear_date(cell: Cell, orders: DateOrders) -> date | None:
    """The day of a text without a doubt and without a distance from UTC; None leaves it to `_date`."""
    seen = dates.look(cell) if isinstance(cell, str) else None
    if seen is None or seen.offset is not None:
        return None
    day = seen.read(orders.of)
    return day if day is not None and day >= _FIRST_LEAD else None


def read_date(cell: Cell, orders: DateOrders, config: Config) -> DateReading:
    """A date under the orders of its column; a serial number that the column's texts speak against is in doubt."""
    found = dates.read(cell, orders.of, config.timezone)
    trusted = orders.trust_timed if isinstance(cell, float) and cell % 1 else orders.trust_serials
    if found.day is None or trusted or isinstance(cell, str):
        return found
    if found.day.day > 12 or found.day.day == found.day.month:
        return found
    words = f"{found.day:%d-%m-%Y}"
    return DateReading(doubt="the spreadsheet may have swapped its day and month", words=words)


def _name(cell: Cell) -> Reading:
    text = mend(cell_text(cell))
    name = names.parse(text)
    if name is None:
        return NOTHING
    if not names.looks_like_name(name):
        rest = names.parse(_DIGIT_RUN.sub(" ", name))
        if rest and names.looks_like_name(rest):
            return Reading(rest, words=tidy(text))
        return Reading(doubt="it is not a name", words=tidy(text))
    if any(sign.isdigit() for sign in name) and names.has_age(name):
        children = names.children(text)
        if children and children[0].name:
            return Reading(children[0].name, children=children)
    return Reading(name)


def _children(cell: Cell) -> Reading:
    text = mend(cell_text(cell))
    if is_blank(text):
        return NOTHING
    named = names.children(text)
    found = tuple(child for child in named if not _CLASS.match(child.name or ""))
    return Reading(children=found, words="" if found == named and found and names.all_told(text, found) else tidy(text))


def _ages(cell: Cell) -> Reading:
    text = cell_text(cell)
    age = names.parse_age(cell)
    if age is not None:
        return Reading(ages=(age,))
    if is_blank(text):
        return NOTHING
    parts = [part for part in re.split(r"[,;/&+\n]|\band\b", text) if part.strip()]
    several = [names.parse_age(part) for part in parts]
    if len(parts) > 1 and None not in several:
        return Reading(ages=tuple(age for age in several if age is not None))
    return Reading(doubt="it is not a child's age in years", words=tidy(text))


def _city(cell: Cell, config: Config) -> Reading:
    found = cities.parse(mend(cell) if isinstance(cell, str) else cell, config)
    return Reading(found.city, words=found.words)


def _address(cell: Cell, config: Config) -> Reading:
    text = re.sub(r"(?:\s*,\s*)+", ", ", tidy(cell_text(cell).replace("\n", ", "))).strip(" ,")
    if is_blank(text):
        return NOTHING
    city = cities.known_part(text, config)
    return Reading(text, more=(city,) if city else ())


class _StatusReader:
    """Reads statuses by a table made once. `free`: the column holds free text too."""

    def __init__(self, config: Config, *, free: bool) -> None:
        self._table, self._free = picklists.status_table(config.statuses), free

    def read(self, cell: Cell) -> Reading:
        text = tidy_lines(cell_text(cell))
        folded = fold(text)
        label = self._table.get(folded) or self._table.get(squash(folded))
        if label is not None:
            own_word = squash(folded) == squash(fold(label))
            return Reading(label, words=text if self._free and not own_word else "")
        if is_blank(text) and not (self._free and folded == "no"):  # no response is an answer, too
            return NOTHING
        left = picklists.stop_word(text)
        if left is not None and (not left or left in self._table):
            return Reading(self._table.get(left), words=text, stop=True)
        return Reading(words=text, doubt="" if self._free else "it is not a status of the library")


def _source(cell: Cell, config: Config) -> Reading:
    text = tidy(cell_text(cell))
    folded = fold(text)
    known = config.source_synonyms.get(folded) or config.source_synonyms.get(squash(folded))
    if known:
        return Reading(known)
    first = _AND_MORE.split(text, maxsplit=1)[0]  # `Referral - Neha`
    known = config.source_synonyms.get(fold(first)) if first != text else None
    return Reading(known, words=text) if known else _cased(cell)


def _lead_type(cell: Cell, config: Config) -> Reading:
    """Hot, Warm, Cold as the library scores them, also as `hot lead` or `H`; any other word as it is."""
    said = fold(re.sub(r"\bleads?\b", "", cell_text(cell), flags=re.IGNORECASE))
    known = [name for name in config.scoring.type_points if said and said in (fold(name), fold(name)[:1])]
    return Reading(known[0]) if len(known) == 1 else _cased(cell)


def _cased(cell: Cell) -> Reading:
    return Reading(names.parse(cell))


def _text(cell: Cell) -> Reading:
    text = tidy(cell_text(cell)).lstrip("= ")
    return NOTHING if is_blank(text) else Reading(text)


def _note(cell: Cell) -> Reading:
    text = tidy_lines(cell_text(cell))
    if text.startswith("="):
        return Reading(words=text)  # behind its header: a cell of Master that begins so is taken for a formula
    return NOTHING if is_blank(text) else Reading(text)


def _listed(cell: Cell, find: Callable[[str, Config], str | None], config: Config, what: str) -> Reading:
    text = tidy(cell_text(cell))
    known = find(text, config)
    if known is not None or is_blank(text):
        return Reading(known)
    return Reading(doubt=f"it is not {what}", words=text)


def _flag(cell: Cell) -> Reading:
    known = picklists.flag(cell)
    text = tidy(cell_text(cell))
    if known is None and picklists.stop_word(text) == "":
        return Reading(True)
    if known is not None or is_blank(text):
        return Reading(known)
    return Reading(doubt="it is neither yes nor no", words=text)
