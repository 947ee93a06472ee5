"""Numbers as a person types them: signs, separators by locale, percent, money, powers of ten. Used by `entered`.

Rules as Google Sheets behaves: leading zeros fall away; a group separator, a percent sign, a currency sign or an
exponent gives the cell a format with no or two decimals; brackets mean minus. Groups must be whole (1,234 or, as in
India, 12,34,567), else the cell is text.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache

from .formats import NumberFormat
from .locales import NARROW_NBSP, NBSP, Locale

KNOWN_SIGNS = ("$", "€", "£", "¥", "₹", "₽", "₺", "₩", "₪", "฿", "₫", "₴", "₦", "₱")
EXACT_INTEGERS = 1e15


@lru_cache(maxsize=64)
def _shape(locale: Locale) -> re.Pattern[str]:
    groups = {locale.group}
    if locale.group in (NBSP, NARROW_NBSP):
        groups |= {NBSP, NARROW_NBSP, " "}
    if locale.group == "’":
        groups.add("'")
    group = "[" + re.escape("".join(sorted(groups))) + "]"
    signs = "|".join(re.escape(sign) for sign in sorted({*KNOWN_SIGNS, locale.currency}, key=len, reverse=True))
    decimal = re.escape(locale.decimal)
    whole = rf"(?P<whole>[0-9]{{1,3}}(?P<group>{group})(?:[0-9]{{2,3}}{group})*[0-9]{{3}}|[0-9]+)"
    power = r"(?:[eE](?P<power>[+-]?[0-9]{1,4}))?"
    number = rf"(?:{whole}(?:{decimal}(?P<part>[0-9]*))?|{decimal}(?P<only>[0-9]+)){power}"
    blank = rf"[ {NBSP}{NARROW_NBSP}]?"
    after = rf"(?:{blank}(?P<after>{signs}))?" if locale.currency_after else "(?P<after>(?!))?"
    return re.compile(
        rf"(?P<open>\()?(?P<sign>[+-])?(?:(?P<before>{signs}){blank})?(?P<sign2>[+-])?{number}"
        rf"(?P<percent>{blank}%)?{after}(?P<close>\))?"
    )


def _currency_pattern(sign: str, locale: Locale, number: str, after: bool) -> str:
    quoted = f'"{sign}"' if sign == locale.currency else f"[${sign}]"
    return f"{number}\\ {quoted}" if after else f"{quoted}{number}"


def _format(found: re.Match[str], locale: Locale) -> NumberFormat | None:
    grouped = found["group"] is not None
    decimals = ".00" if found["part"] or found["only"] else ""
    sign = found["before"] or found["after"]
    if sign:
        pattern = _currency_pattern(sign, locale, f"#,##0{decimals}", after=found["after"] is not None)
        return NumberFormat("CURRENCY", pattern)
    if found["percent"]:
        return NumberFormat("PERCENT", f"{'#,##0' if grouped else '0'}{decimals}%")
    if found["power"] is not None:
        return NumberFormat("SCIENTIFIC", "0.00E+00")
    return NumberFormat("NUMBER", f"#,##0{decimals}") if grouped else None


def _consistent(found: re.Match[str]) -> bool:
    """Whether brackets pair, there is one sign at most, and money, percent and powers of ten do not mix."""
    bracket = found["open"] is not None
    if bracket != (found["close"] is not None) or (found["sign"] and found["sign2"]):
        return False
    if bracket and (found["sign"] or found["sign2"]):
        return False
    kinds = (found["before"], found["after"], found["percent"], found["power"])
    return sum(kind is not None for kind in kinds) <= 1


def _one_group_sign(found: re.Match[str]) -> bool:
    return found["group"] is None or len({c for c in found["whole"] if not c.isdigit()}) == 1


def parse_number(text: str, locale: Locale) -> tuple[float, NumberFormat | None] | None:
    """The number and the format that typing `text` (already stripped) gives, or None where it is no number."""
    if text[:1].isalpha() and not locale.currency[0].isalpha():
        return None
    found = _shape(locale).fullmatch(text)
    if not found or not _consistent(found) or not _one_group_sign(found):
        return None
    whole = "".join(c for c in found["whole"] or "0" if c.isdigit())
    power = int(found["power"] or 0) - (2 if found["percent"] else 0)
    value = float(f"{whole}.{found['part'] or found['only'] or '0'}e{power}")
    if not math.isfinite(value):
        return None
    if "-" in (found["sign"], found["sign2"]) or found["open"]:
        value = -value
    return as_number(value), _format(found, locale)


def as_number(value: float) -> float:
    """The same number as an int where it is whole and exact, so that it is stored and answered without a fraction."""
    return int(value) if abs(value) < EXACT_INTEGERS and value == int(value) else value
