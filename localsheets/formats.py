"""A number format as a cell carries it: what typing assigns (`entered`) and what showing follows (`display`)."""

from __future__ import annotations

from dataclasses import dataclass

TYPES = ("TEXT", "NUMBER", "PERCENT", "CURRENCY", "DATE", "TIME", "DATE_TIME", "SCIENTIFIC")


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """`type` is one of TYPES (or NUMBER_FORMAT_TYPE_UNSPECIFIED); an empty `pattern` means the locale's default."""

    type: str
    pattern: str = ""
