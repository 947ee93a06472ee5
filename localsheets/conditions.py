"""Whether a cell meets a condition of the API (BooleanCondition), as colours by rule ask it.

The page has the same rules for what it decides by itself (`web/conditions.js`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence

from .results import Kinded

_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_URL = re.compile(r"(https?://)?[^\s/.]+(\.[^\s/.]+)+(/\S*)?")
DAYS = {"TODAY": 0, "TOMORROW": 1, "YESTERDAY": -1, "PAST_WEEK": -7, "PAST_MONTH": -30, "PAST_YEAR": -365}

_ON_TEXT: Mapping[str, Callable[..., bool]] = {
    "TEXT_EQ": lambda shown, a: shown == a,
    "TEXT_NOT_EQ": lambda shown, a: shown != a,
    "TEXT_CONTAINS": lambda shown, a: a in shown,
    "TEXT_NOT_CONTAINS": lambda shown, a: a not in shown,
    "TEXT_STARTS_WITH": lambda shown, a: shown.startswith(a),
    "TEXT_ENDS_WITH": lambda shown, a: shown.endswith(a),
    "TEXT_IS_EMAIL": lambda shown: _EMAIL.fullmatch(shown) is not None,
    "TEXT_IS_URL": lambda shown: _URL.fullmatch(shown) is not None,
    "BLANK": lambda shown: shown == "",
    "NOT_BLANK": lambda shown: shown != "",
}
_ON_NUMBER: Mapping[str, Callable[..., bool]] = {
    "NUMBER_GREATER": lambda n, a: n > a,
    "NUMBER_GREATER_THAN_EQ": lambda n, a: n >= a,
    "NUMBER_LESS": lambda n, a: n < a,
    "NUMBER_LESS_THAN_EQ": lambda n, a: n <= a,
    "NUMBER_EQ": lambda n, a: n == a,
    "NUMBER_NOT_EQ": lambda n, a: n != a,
    "NUMBER_BETWEEN": lambda n, a, b: a <= n <= b,
    "NUMBER_NOT_BETWEEN": lambda n, a, b: not a <= n <= b,
    "DATE_EQ": lambda n, a: math.floor(n) == a,
    "DATE_NOT_EQ": lambda n, a: math.floor(n) != a,
    "DATE_BEFORE": lambda n, a: n < a,
    "DATE_AFTER": lambda n, a: math.floor(n) > a,
    "DATE_ON_OR_BEFORE": lambda n, a: math.floor(n) <= a,
    "DATE_ON_OR_AFTER": lambda n, a: n >= a,
    "DATE_BETWEEN": lambda n, a, b: a <= math.floor(n) <= b,
    "DATE_NOT_BETWEEN": lambda n, a, b: not a <= math.floor(n) <= b,
    "DATE_IS_VALID": lambda _n: True,
}


def meets(kind: str, cell: Kinded, shown: str, wanted: Sequence[Kinded]) -> bool:
    """Whether a cell (what it comes to, and its text) meets a condition; one whose values are no numbers where it needs
    them is met by nothing. CUSTOM_FORMULA: its value is the one in `wanted`."""
    if kind == "CUSTOM_FORMULA":
        return bool(wanted) and wanted[0][0] in ("bool", "number") and bool(wanted[0][1])
    if kind in _ON_TEXT:
        texts = [str(value).lower() for _, value in wanted]
        return _asked(_ON_TEXT[kind], shown.lower(), texts)
    if kind not in _ON_NUMBER or cell[0] != "number" or any(found[0] != "number" for found in wanted):
        return False
    return _asked(_ON_NUMBER[kind], cell[1], [value for _, value in wanted])


def _asked(test: Callable[..., bool], value: object, wanted: Sequence[object]) -> bool:
    count = test.__code__.co_argcount - 1
    return len(wanted) >= count and test(value, *wanted[:count])
