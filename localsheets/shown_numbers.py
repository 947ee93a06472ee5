"""Digits under a number pattern: groups, decimals, percent, thousands, powers of ten, fractions. For `display`."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from .locales import Locale
from .patterns import Piece


def round_half_up(value: Decimal, decimals: int) -> Decimal:
    """To `decimals` places, halves away from zero, as spreadsheets round for showing."""
    exponent = Decimal(1).scaleb(-decimals)
    if value.adjusted() + decimals > 25:
        return value
    return value.quantize(exponent, rounding=ROUND_HALF_UP)


def _with_groups(digits: str, locale: Locale) -> str:
    """Group signs every three digits; in India every two after the first three."""
    head, tail = digits[:-3], digits[-3:]
    step = 2 if locale.indian_groups else 3
    parts = [tail]
    while head:
        parts.insert(0, head[-step:])
        head = head[:-step]
    return locale.group.join(parts)


def _whole(pieces: list[Piece], digits: str, grouped: bool, locale: Locale) -> str:
    """The whole part: placeholders filled from the right, the first takes what is left, literals keep their place."""
    places = [i for i, piece in enumerate(pieces) if piece.kind == "digit"]
    if grouped and places == list(range(places[0], places[0] + len(places))):
        zeros = sum(pieces[i].text == "0" for i in places)
        body = _with_groups(digits.rjust(zeros, "0"), locale) if digits or zeros else ""
        return "".join(p.text for p in pieces[: places[0]]) + body + "".join(p.text for p in pieces[places[-1] + 1 :])
    out: list[str] = []
    left = digits
    for i in range(len(pieces) - 1, -1, -1):
        piece = pieces[i]
        if piece.kind != "digit":
            out.append(piece.text)
        elif i == places[0]:
            out.append(left or _filler(piece.text))
            left = ""
        else:
            out.append(left[-1:] or _filler(piece.text))
            left = left[:-1]
    return "".join(reversed(out))


def _filler(placeholder: str) -> str:
    return {"0": "0", "?": " "}.get(placeholder, "")


def _decimals(pieces: list[Piece], digits: str) -> str:
    """The part after the point: `#` drops trailing zeros, `?` makes them blanks."""
    out: list[str] = []
    place = sum(piece.kind == "digit" for piece in pieces)
    trailing = True
    for piece in reversed(pieces):
        if piece.kind != "digit":
            out.append(piece.text)
            continue
        place -= 1
        digit = digits[place]
        if trailing and digit == "0" and piece.text != "0":
            out.append(" " if piece.text == "?" else "")
        else:
            trailing = False
            out.append(digit)
    return "".join(reversed(out))


def _without_commas(pieces: tuple[Piece, ...]) -> tuple[list[Piece], bool, int]:
    """(the pieces without commas, whether digits are grouped, how many thousands are cut off)."""
    digits = [i for i, piece in enumerate(pieces) if piece.kind == "digit"]
    stops = [i for i, piece in enumerate(pieces) if piece.kind in ("point", "exponent")]
    last_whole = max((i for i in digits if not stops or i < stops[0]), default=-1)
    kept: list[Piece] = []
    grouped, thousands = False, 0
    for i, piece in enumerate(pieces):
        if piece.kind != "comma":
            kept.append(piece)
        elif digits and digits[0] < i < last_whole:
            grouped = True
        elif i > max(last_whole, digits[0]) and all(
            p.kind in ("comma", "digit", "point") for p in pieces[digits[0] : i]
        ):
            thousands += 1
        else:
            kept.append(Piece("literal", ","))
    return kept, grouped, thousands


def show_digits(pieces: tuple[Piece, ...], size: float, locale: Locale) -> str:
    """`size` (not negative) under the pieces of one number section."""
    kept, grouped, thousands = _without_commas(pieces)
    percents = sum(piece.kind == "percent" for piece in kept)
    value = Decimal(repr(size)).scaleb(2 * percents - 3 * thousands)
    power_at = next((i for i, piece in enumerate(kept) if piece.kind == "exponent"), None)
    after: list[Piece] = []
    if power_at is not None:
        kept, after = kept[:power_at], kept[power_at:]
    point = next((i for i, piece in enumerate(kept) if piece.kind == "point"), len(kept))
    whole, part = kept[:point], kept[point + 1 :]
    places = sum(piece.kind == "digit" for piece in part)
    power = ""
    if after:
        value, power = _scientific(value, places, after[0].text, sum(p.kind == "digit" for p in whole))
    digits = f"{round_half_up(value, places):.{places}f}"
    before, _, behind = digits.partition(".")
    shown = (
        _whole(whole, before.lstrip("0"), grouped, locale)
        if any(p.kind == "digit" for p in whole)
        else _plain(whole, before)
    )
    if point < len(kept):
        shown += locale.decimal + _decimals(part, behind) if places else locale.decimal + "".join(p.text for p in part)
    return shown + power + "".join(piece.text for piece in after[1:])


def _plain(whole: list[Piece], before: str) -> str:
    return "".join(piece.text for piece in whole) + before.lstrip("0")


def _scientific(value: Decimal, places: int, written: str, whole_places: int) -> tuple[Decimal, str]:
    """(the mantissa, the exponent as shown) for an exponent written like E+00."""
    step = max(whole_places, 1)
    exponent = value.adjusted() if value else 0
    exponent -= exponent % step if step > 1 else 0
    mantissa = round_half_up(value.scaleb(-exponent), places)
    if mantissa >= Decimal(10) ** step:
        exponent += step
        mantissa = value.scaleb(-exponent)
    sign = "-" if exponent < 0 else "+" if written[1] == "+" else ""
    return mantissa, f"E{sign}{abs(exponent):0{len(written) - 2}d}"


def show_fraction(pieces: tuple[Piece, ...], size: float) -> str:
    """`# ?/?` and its kin: whole number and a fraction with as many digits as there are places below the line."""
    slash = next(i for i, piece in enumerate(pieces) if piece.kind == "slash")
    below = "".join(piece.text for piece in pieces[slash + 1 :] if piece.kind in ("digit", "literal")).strip()
    fixed = int(below) if below.isdigit() and int(below) else None
    limit = 10 ** max(len(below), 1) - 1
    exact = Fraction(repr(size))
    fraction = Fraction(round(exact * fixed), fixed) if fixed else exact.limit_denominator(limit)
    mixed = any(piece.kind == "literal" and piece.text == " " for piece in pieces[:slash])
    whole, rest = divmod(fraction, 1) if mixed else (0, fraction)
    above = int(rest * fixed) if fixed else rest.numerator
    part = f"{above}/{fixed or rest.denominator}"
    if not mixed:
        return part
    return f"{whole} {part}" if whole and rest else part if rest else str(whole)
