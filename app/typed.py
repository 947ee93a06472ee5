"""What people type into forms and programs send as JSON, as canonical values by the kind of the field.

Stands between a request and `core.commands`; whether a value may stand in its field is `core.field_checks`' to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from app.api_words import value_words
from core.cells import Doubt, decode
from core.config import Config
from core.field_checks import Refusal
from core.fields import BY_NAME, Kind
from core.model import Lead, Value
from core.phones import parse
from store.values import storable

_LISTED = frozenset((Kind.STATUS, Kind.PRIORITY, Kind.PERSON))
_PHONES = frozenset((Kind.PHONE, Kind.PHONES))
_NUMBERS = frozenset((Kind.WHOLE, Kind.PHONE, Kind.PHONES))


def values(given: Mapping[str, object], lead: Lead | None, config: Config) -> dict[str, Value] | Refusal:
    """All values in canonical form, or the first that cannot be one of its field. `lead` is the lead as it stands: what
    is sent as it was told stays as it is, to the last blank."""
    made: dict[str, Value] = {}
    for name, one in given.items():
        read = value(name, one, lead, config)
        if isinstance(read, Refusal):
            return read
        made[name] = read
    return made


def value(name: str, given: object, lead: Lead | None, config: Config) -> Value | Refusal:
    """One value: text as people write it, ISO dates, phones in any form; null and "" are blank."""
    field = BY_NAME.get(name)
    if field is None:
        return Refusal("unknown_field", f"There is no field “{storable(name)[:40]}”.", storable(name)[:100])
    if lead is not None and given == value_words(getattr(lead, name)) and type(given) is not bool:
        return getattr(lead, name)  # type: ignore[no-any-return]  # the lead's own value of this field
    if given is None or isinstance(given, str):
        return _words(name, field.kind, storable(given or ""), config)
    if isinstance(given, bool) and field.kind is Kind.FLAG:
        return given
    if isinstance(given, int | float) and not isinstance(given, bool) and field.kind in _NUMBERS:
        return _known(name, field.kind, given, config)
    return Refusal("bad_value", f"{field.label} cannot be {_json_kind(given)}.", name)


def _words(name: str, kind: Kind, text: str, config: Config) -> Value | Refusal:
    if kind is Kind.MOMENT:
        try:
            at = datetime.fromisoformat(text.strip())
            if at.tzinfo is not None:
                return at.astimezone(UTC)
        except (ValueError, OverflowError):
            return _known(name, kind, text, config)
    return _known(name, kind, text, config)


def _known(name: str, kind: Kind, given: str | float, config: Config) -> Value | Refusal:
    try:
        read = decode(kind, given, config)
    except OverflowError:  # a moment at the end of the calendar, on another clock
        read = Doubt(str(given), "it is not a date")
    if kind in _PHONES and not isinstance(read, Doubt) and (words := parse(given, config, own_format=True).words):
        said = f"{BY_NAME[name].label}: “{words.strip()[:40]}” holds more than a number"
        return Refusal("bad_value", f"{said}; write the words into the notes.", name)
    if not isinstance(read, Doubt):
        return read
    if kind in _LISTED:
        return str(given).strip()  # the check names what there is not
    label = BY_NAME[name].label
    if kind in (Kind.DAY, Kind.MOMENT):
        return Refusal("bad_value", f"{label}: “{read.text.strip()[:40]}” is not a date; write it as 31-12-2026.", name)
    return Refusal("bad_value", f"{label}: “{read.text.strip()[:40]}” cannot be taken, {read.reason}.", name)


def _json_kind(given: object) -> str:
    match given:
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case _:
            return "a list or an object"
