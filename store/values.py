"""How canonical values stand in text columns: lead fields in columns of their own, every other value as tagged JSON.

Days are ISO text, moments ISO text in UTC: both sort as they are. What no database text can hold, NUL and lone
surrogates, is taken out here, at the edge.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from types import MappingProxyType

from core.model import Cell, Value

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
EMPTY_EXTRA: Mapping[str, Cell] = MappingProxyType({})


def storable(text: str) -> str:
    """The text without NUL and lone surrogates (PostgreSQL refuses the one, UTF-8 the other)."""
    return _UNSTORABLE.sub("", text) if not text.isascii() or "\x00" in text else text


def askable(text: str) -> str:
    """The text as a database can be asked for it: what it can hold nothing of stands for itself as U+FFFD, so that a
    hostile address or filter finds nothing, rather than failing."""
    return _UNSTORABLE.sub("\ufffd", text)


def moment_text(at: datetime) -> str:
    """A moment as ISO text in UTC, so that text order is the order in time. Raises ValueError for a naive one."""
    if at.tzinfo is None:
        raise ValueError("a moment without a time zone cannot be stored")
    return at.astimezone(UTC).isoformat()


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def value_json(value: Value) -> str:
    """A canonical value as JSON that gives the same value back, type and all."""
    return json.dumps(_tagged(value))


def value_from_json(text: str) -> Value:
    return _untagged(json.loads(text))


def fields_json(fields: Mapping[str, tuple[Value, Value]]) -> str:
    """The fields of a change, (base, new) by name."""
    return json.dumps({name: [_tagged(base), _tagged(new)] for name, (base, new) in fields.items()})


def fields_from_json(text: str) -> Mapping[str, tuple[Value, Value]]:
    raw = json.loads(text)
    return MappingProxyType({name: (_untagged(base), _untagged(new)) for name, (base, new) in raw.items()})


def cells_json(cells: tuple[Cell, ...]) -> str:
    return json.dumps(cells, separators=(",", ":")) if cells else "[]"


def cells_from_json(text: str) -> tuple[Cell, ...]:
    return tuple(json.loads(text))


def extra_json(extra: Mapping[str, Cell]) -> str:
    return json.dumps(dict(extra), sort_keys=True, separators=(",", ":")) if extra else "{}"


def extra_from_json(text: str) -> Mapping[str, Cell]:
    return EMPTY_EXTRA if text == "{}" else MappingProxyType(json.loads(text))


def _tagged(value: Value) -> object:
    if isinstance(value, datetime):
        return {"moment": moment_text(value)}
    return {"day": value.isoformat()} if isinstance(value, date) else value


def _untagged(raw: object) -> Value:
    if isinstance(raw, dict):
        return moment(raw["moment"]) if "moment" in raw else date.fromisoformat(raw["day"])
    if raw is None or isinstance(raw, str | int | float | bool):
        return raw
    raise ValueError(f"not a stored value: {raw!r}")
