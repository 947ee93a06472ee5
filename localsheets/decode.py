"""Reads JSON requests the way Google's front end reads protocol buffers: unknown names and wrong types are
refused, proto3 defaults vanish, single-precision numbers are rounded; what comes out is in the shape in which Google
gives it back."""

from __future__ import annotations

import math
import re
import struct
from functools import lru_cache
from typing import Any

from .errors import ApiError, bad_request, field_violations
from .messages import Field, fields_of, values_of

PACKAGE = "google.apps.sheets.v4"
# Fields that keep an explicit zero or false: Google's answers show them (recordings), so they have presence.
PRESENT = {
    "GridRange": {"startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex"},
    "DimensionRange": {"startIndex", "endIndex"},
    "TextFormat": {"bold", "italic", "strikethrough", "underline"},
    "ExtendedValue": {"numberValue", "stringValue", "boolValue", "formulaValue"},
    "Color": {"alpha"},
    "DeveloperMetadataLookup": {"metadataId"},
    "DeveloperMetadataLocation": {"sheetId"},
    "DataFilter": {"a1Range"},
    "TextRotation": {"angle", "vertical"},
    "FilterCriteria": {"visibleBackgroundColor"},
    "SheetProperties": {"sheetId", "index"},
    "SortSpec": {"dimensionIndex"},
    "FilterSpec": {"columnIndex"},
}
_INT = re.compile(r"-?\d+(\.0*)?$")


def decode(message: str, value: Any, where: str = "") -> dict[str, Any]:
    """`value` as a message in canonical JSON (camelCase, defaults and nulls dropped); ApiError 400 in Google's words.

    All violations of one request are collected, as Google does.
    """
    problems: list[tuple[str, str]] = []
    result = _message(message, value, where, problems)
    if problems:
        raise field_violations(problems)
    return result


def _message(message: str, value: Any, where: str, problems: list[tuple[str, str]]) -> dict[str, Any]:
    known = fields_of(message)
    if known is None:
        raise KeyError(message)
    if value is None:
        return {}
    if not isinstance(value, dict):
        problems.append(
            (where, f"Invalid value at '{where}' (type.googleapis.com/{PACKAGE}.{message}), {_shown(value)}")
        )
        return {}
    out: dict[str, Any] = {}
    for name, item in value.items():
        field = known.get(name) or known.get(_camel(name))
        if field is None:
            at = f" at '{where}'" if where else ""
            text = f'Invalid JSON payload received. Unknown name "{name}"{at}: Cannot find field.'
            problems.append((where, text))
        elif item is not None:
            _put(out, message, field, item, f"{where}.{_snake(field.name)}" if where else _snake(field.name), problems)
    return _eight_bits(out) if message == "Color" else out


def _eight_bits(color: dict[str, Any]) -> dict[str, Any]:
    """Sheets keeps eight bits a channel, cut off in single precision: 0.5 comes back as 127/255, 0.01 as 2/255
    (recordings of tab colours)."""
    out = dict(color)
    for name in ("red", "green", "blue"):
        level = math.floor(_single(_single(min(max(color.get(name, 0), 0), 1)) * 255))
        out.pop(name, None)
        if level:
            out[name] = _float(level / 255)
    return out


def _put(
    out: dict[str, Any], message: str, field: Field, item: Any, where: str, problems: list[tuple[str, str]]
) -> None:
    if field.type == "unsupported":
        raise _unsupported(message, field.name, where)
    if field.repeated:
        # google-spreadsheet sends null for a cell with nothing to save; elsewhere null keeps its place.
        entries = [entry for entry in _entries(field, item) if entry is not None or field.type != "Request"]
        numbered = [(f"{where}[{i}]" if isinstance(item, list) else where, entry) for i, entry in enumerate(entries)]
        values = [_value(field, entry, at, problems) for at, entry in numbered]
        if values:
            out[field.name] = values
        return
    read = _value(field, item, where, problems)
    if read or field.name in PRESENT.get(message, ()) or fields_of(field.type) is not None or field.type == "any":
        out[field.name] = read


def _entries(field: Field, item: Any) -> list[Any]:
    """The entries of a repeated field. A list within the list belongs to the same field, as in Google's JSON reader
    (ProtoWriter::Lookup: what has no name inherits the repeated field's); pygsheets sends `requests: [[…]]`."""
    if not isinstance(item, list):
        return [item]
    if field.type == "any" or not any(isinstance(entry, list) for entry in item):
        return item
    return [found for entry in item for found in (_entries(field, entry) if isinstance(entry, list) else [entry])]


def _unsupported(message: str, name: str, where: str) -> ApiError:
    if message == "Request":
        return bad_request(f"Invalid {where.rsplit('.', 1)[0]}.{name}: This request is not supported by this server.")
    return bad_request(f"Invalid value at '{where}': The field \"{name}\" is not supported by this server.")


def _value(field: Field, item: Any, where: str, problems: list[tuple[str, str]]) -> Any:
    kind = field.type
    if fields_of(kind) is not None:
        return _message(kind, item, where, problems)
    if kind == "any":
        if field.repeated and not isinstance(item, list):
            problems.append(
                (where, f"Invalid value at '{where}' (type.googleapis.com/google.protobuf.ListValue), {_shown(item)}")
            )
        return item
    enum = values_of(kind)
    try:
        if enum is not None:
            return _enum(enum, item)
        return SCALARS[kind](item)
    except (ValueError, TypeError, OverflowError):
        shown = f"{PACKAGE}.{kind}" if enum is not None else TYPE_NAMES[kind]
        problems.append(
            (where, f"Invalid value at '{where}' ({'type.googleapis.com/' if enum else ''}{shown}), {_shown(item)}")
        )
        return None


def _enum(values: tuple[str, ...], item: Any) -> str | None:
    if isinstance(item, int) and not isinstance(item, bool) and 0 <= item < len(values):
        item = values[item]
    if not isinstance(item, str) or item not in values:
        raise ValueError(item)
    return None if item.endswith("UNSPECIFIED") else item


def _int(item: Any) -> int:
    if isinstance(item, bool) or not isinstance(item, int | float | str):
        raise TypeError(item)
    if isinstance(item, str) and not _INT.match(item):
        raise ValueError(item)
    number = float(item)
    if number != int(number) or not -(2**31) <= number < 2**31:
        raise ValueError(item)
    return int(number)


def _double(item: Any) -> int | float:
    if isinstance(item, bool) or not isinstance(item, int | float | str):
        raise TypeError(item)
    number = float(item)
    if not math.isfinite(number):
        raise ValueError(item)
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def _float(item: Any) -> int | float:
    """Single precision, printed with the eight digits at most that tell it apart: 0.4980392156862745 -> 0.49803922."""
    single = _single(float(_double(item)))
    shortest = next(float(f"{single:.{n}g}") for n in range(6, 10) if _same_single(float(f"{single:.{n}g}"), single))
    return int(shortest) if shortest.is_integer() else shortest


def _single(number: float) -> float:
    return float(struct.unpack("f", struct.pack("f", number))[0])


def _same_single(number: float, single: float) -> bool:
    return _single(number) == single


def _bool(item: Any) -> bool:
    if item in ("true", "false"):
        return bool(item == "true")
    if not isinstance(item, bool):
        raise TypeError(item)
    return item


def _string(item: Any) -> str:
    if not isinstance(item, str):
        raise TypeError(item)
    if not item.isascii():
        item.encode()  # half a surrogate pair is a ValueError
    return item


SCALARS = {
    "int": _int,
    "double": _double,
    "float": _float,
    "bool": _bool,
    "string": _string,
    "mask": _string,
    "long": _string,
}
TYPE_NAMES = {
    "int": "TYPE_INT32",
    "double": "TYPE_DOUBLE",
    "float": "TYPE_FLOAT",
    "bool": "TYPE_BOOL",
    "string": "TYPE_STRING",
    "mask": "Field Mask",
    "long": "TYPE_INT64",
}


@lru_cache(maxsize=4096)
def _camel(name: str) -> str:
    return re.sub(r"_([a-z0-9])", lambda m: m.group(1).upper(), name)


@lru_cache(maxsize=4096)
def _snake(name: str) -> str:
    """Places in refusals are told in the names of the protocol buffers: sheetId is sheet_id."""
    return re.sub(r"[A-Z]", lambda m: "_" + m.group(0).lower(), name)


def _shown(item: Any) -> str:
    """A value as Google prints it in a refusal: strings quoted, the rest bare."""
    if isinstance(item, str):
        return f'"{item}"'
    if isinstance(item, bool):
        return "true" if item else "false"
    return str(item)
