"""Phone cells read and shown: E.164 inside, the library's own way of writing outside.

Where it stands: `normalise` reads source cells with it, `cells` Master's. The rules come from what Indian form sheets
hold: floats, lost digits (`9.87654E+09`), several numbers in a cell, words around numbers, landlines. A number is
taken only where one reading is possible; else the doubt is said and nothing is guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers

from core.config import Config, PhoneFormat
from core.model import Cell
from core.text import cell_text, fold, is_blank, plain_signs

_MOBILE = re.compile(r"[6-9]\d{9}", re.ASCII)
# Every sign of ASCII stands in the tables: `translate` is twice as fast where it finds what it looks up.
_BETWEEN_DIGITS = {code: chr(code) for code in range(128)} | dict.fromkeys(map(ord, " -()\u00a0–"))
_NO_DIGITS = dict.fromkeys(range(128)) | {code: chr(code) for code in range(48, 58)}
# Ten digits that are an Indian mobile, as most people type them, unless they are of those that only fill a box. Five
# zeros at the end want a closer look: 9.19877E+11 that a spreadsheet took for a number has them.
ONE_MOBILE = r"'?(?:\+?910?|0091|091|0)?([6-9]\d{4}(?!0{5})\d{5})(?:\.0+)?,?"
_ROUNDED = re.compile(r"\d{5,}0{5}(\.0+)?", re.ASCII)
FILLERS = frozenset(digit * 10 for digit in "6789")
_DIGITS = re.compile(ONE_MOBILE, re.ASCII)
_NO_NUMBERS = {code: chr(code) for code in range(128)} | dict.fromkeys(map(ord, "0123456789+"), " ")
_GEOGRAPHIC = re.compile(r"(?:\+91|0)?([2-8]\d{9})", re.ASCII)
_MOBILES = re.compile(r"(?<![\d.+-])(?:\+?91[ -]?|0)?([6-9]\d{4}[ -]?\d{5})(?![\d.])", re.ASCII)
_ANY_DIGIT = re.compile(r"\d")
_SCIENTIFIC = re.compile(r"\+?(\d)(?:[.,](\d+))?\s*e\s*\+?(\d{1,2})", re.ASCII | re.IGNORECASE)
_DECIMALS = re.compile(r"(?<=^\d{7})(\d*)\.0+$", re.ASCII)
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{2,3}){3,}", re.ASCII)
_SHORT = re.compile(r"\W*91[ -](?!\d\d(?:[ -]\d\d){3}\W*$)", re.ASCII)  # five pairs are a mobile's
_GROUPED = re.compile(r"\(\d{3}\) \d{3}-\d{4}", re.ASCII)
_AMERICAN = re.compile(r"(?:1[ .-]?)?(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}", re.ASCII)
_EXTENSION = re.compile(r"\b(?:ext(?:n|ension)?|x)\s*[.:]?\s*\d{1,5}\b", re.IGNORECASE)
_CUT = re.compile(r"[/,;|&\n\\]|\b(?:or|and|ya|aur)\b|और|या", re.IGNORECASE)
_LINK = re.compile(r"(?:https?://)?(?:wa\.me/|\S*whatsapp\.com/\S*?phone=)\+?(?=\d)", re.IGNORECASE)
_HALVES = re.compile(r"^(?:\+?91[ -]*)?([6-9]\d{4})\s*[/_·|,\\:~*]\s*(\d{5})$|^\+?91/(?=[6-9]\d{9}$)", re.ASCII)
_PREFIXES = re.compile(r"(?:\+|0|91)*(?:0|91)\+?([6-9]\d{9})", re.ASCII)
_RUN = re.compile(r"\+?\(?\+?\d[\d ().\-]*\d", re.ASCII)
_NOISE = frozenset(
    [
        "mob",
        "mobile",
        "ph",
        "phone",
        "tel",
        "telephone",
        "cell",
        "no",
        "nos",
        "num",
        "number",
        "contact",
        "call",
        "whatsapp",
        "wa",
        "watsapp",
        "whats",
        "app",
        "and",
        "or",
        "india",
        "in",
        "ind",
        "std",
        "isd",
        "primary",
        "same",
    ]
)
_SAME = frozenset(("same", "same as above", "as above", "same number", "same no", "yes", "no", "do", "ditto"))


@dataclass(frozen=True, slots=True)
class PhoneReading:
    """`phones` in E.164, in the order of the cell, each once. `doubt` says what could not be read ("" if all was);
    `words` is the cell's text where it says more than numbers (`9876543210 (wife)`), else ""."""

    phones: tuple[str, ...] = ()
    doubt: str = ""
    words: str = ""


_BLANK = PhoneReading()


def parse(cell: Cell, config: Config, *, own_format: bool = False) -> PhoneReading:
    """Reads a phone cell. `own_format`: the cell is Master's, so `(XXX) XXX-XXXX` is a number of the library's region
    (we wrote it); elsewhere such a number that is also an American one is in doubt."""
    mobile = indian_mobile(cell) if config.phone_region == "IN" else None
    return PhoneReading((mobile,)) if mobile else look_closer(cell, config, own_format=own_format)


def look_closer(cell: Cell, config: Config, *, own_format: bool = False) -> PhoneReading:
    """What `parse` says of a cell that `indian_mobile` leaves to it."""
    text = cell if isinstance(cell, str) else _number_text(cell)
    rounded = None if own_format else _ROUNDED.fullmatch(text)
    if rounded and (rounded[1] or not isinstance(cell, str)):
        return PhoneReading(
            doubt="the spreadsheet may have rounded it; if it is right, type it with a blank in it", words=text
        )
    text = _HALVES.sub(r"\1\2", _LINK.sub("+", plain_signs(text.replace("\n", " / ")).lstrip("'\"").strip()), 1)
    if config.phone_region == "IN":
        plain = None if text.isascii() and text == cell else indian_mobile(text)
        found = PhoneReading((plain,)) if plain else _indian_mobiles_in(text)
        if found:
            return found
    if not _ANY_DIGIT.search(text) and not any(sign.isdigit() for sign in text):
        return _BLANK if is_blank(text) or fold(text) in _SAME else PhoneReading(words=text, doubt="it holds no number")
    digits = _unformatted(text)
    if digits is None:
        return PhoneReading(doubt="the spreadsheet has rounded the number, its last digits are lost", words=text)
    if digits != text:
        return look_closer(digits, config, own_format=own_format)
    if own_format and _GROUPED.fullmatch(text):
        found_own = _valid(text.translate(_NO_DIGITS), config.phone_region)
        return _certain(found_own) if found_own else PhoneReading(doubt="it is not a valid number", words=text)
    return _several(text, config.phone_region)


def indian_mobile(cell: Cell) -> str | None:
    """E.164 of a cell that is one Indian mobile and nothing else; None leaves it to the closer look of `parse`."""
    text = str(cell)
    typed = _DIGITS.fullmatch(text) or _DIGITS.fullmatch(text.translate(_BETWEEN_DIGITS))
    if not typed or typed[1] in FILLERS or (typed[0] == typed[1] and _SHORT.match(text)):
        return None
    return "+91" + typed[1]


def _unformatted(text: str) -> str | None:
    """A number as it was before a spreadsheet put signs into it; None where it has lost digits."""
    if _THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    exponent = _SCIENTIFIC.fullmatch(text)
    if exponent:
        digits = exponent[1] + (exponent[2] or "")
        return digits if len(digits) == int(exponent[3]) + 1 else None
    return _DECIMALS.sub(r"\1", text) if ".0" in text else text


def _number_text(cell: Cell) -> str:
    if isinstance(cell, float) and not cell.is_integer():
        return str(cell)
    return cell_text(cell)


def _certain(phone: str) -> PhoneReading:
    if len(set(phone[3:])) == 1 or phone == "+911234567890":
        return PhoneReading(doubt="it only fills the box, nobody has this number", words=phone)
    return PhoneReading((phone,))


def _indian_mobiles_in(text: str) -> PhoneReading | None:
    """The mobiles of a cell that has no other digits; words may stand around them."""
    pieces = _MOBILES.split(text)  # words, number, words, number, words
    left = " ".join(pieces[::2])
    if len(pieces) == 1 or _ANY_DIGIT.search(left):
        return None
    numbers = [number.translate(_NO_DIGITS) for number in pieces[1::2]]
    if not FILLERS.isdisjoint(numbers):
        return None
    return PhoneReading(tuple(dict.fromkeys(["+91" + number for number in numbers])), "", text if _words(left) else "")


def _several(text: str, region: str) -> PhoneReading:
    """The numbers of a cell that holds words or more than one number."""
    if _RUN.fullmatch(text):
        numbers, doubt = _run(text.strip(" .-"), region, known=False)
        if numbers or doubt:
            return PhoneReading(tuple(dict.fromkeys(numbers)), doubt, text if doubt else "")
    phones: list[str] = []
    doubts: list[str] = []
    short = False
    rest = _EXTENSION.sub(" ext ", text)
    for part in _CUT.split(rest):
        for run in _RUN.findall(part):
            numbers, doubt = _run(run.strip(" .-"), region, known=bool(phones))
            phones += numbers
            short |= not numbers
            if doubt:
                doubts.append(doubt)
    if not phones and not doubts:
        doubts.append("the number is too short")
    more = short or doubts or ("/" in text and len(phones) < 2)  # the 43211 of `98765 43210, 43211`
    kept = text if more or _words(text.translate(_NO_NUMBERS)) else ""
    return PhoneReading(tuple(dict.fromkeys(phones)), "; ".join(dict.fromkeys(doubts)), kept)


@lru_cache(maxsize=1_000)
def _words(text: str) -> bool:
    """Whether words around numbers say more than that they are numbers."""
    return any(word not in _NOISE for word in fold(text).split())


def _run(run: str, region: str, *, known: bool) -> tuple[list[str], str]:
    """One run of digits, blanks and brackets: its numbers, or why it is none. Short runs beside a number are words
    (a time, a flat number)."""
    digits = run.translate(_NO_DIGITS)
    if len(digits) < 7:
        return [], ("" if known or len(digits) < 5 else f"it has {len(digits)} digits")
    if region == "IN" and digits[0] not in "6789" and "+" not in run and _AMERICAN.fullmatch(run) and _american(run):
        return [], "it looks like a number from North America without +1"
    if region == "IN" and len(digits) == 10 and _SHORT.match(run):
        return [], "it has only 8 digits behind 91"
    found = _valid(("+" if run.lstrip("(").startswith("+") else "") + digits, region)
    if found:
        reading = _certain(found)
        return list(reading.phones), reading.doubt
    halves = _split(run, region)
    if halves:
        return halves, ""
    return [], f"it is not a valid number ({len(digits)} digits)"


def _american(run: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(run, "US"))
    except phonenumbers.NumberParseException:
        return False


def _split(run: str, region: str) -> list[str]:
    """Two or more numbers with only blanks between them, or none."""
    groups = [group for group in re.split(r"[ .\-()]+", run) if group]
    plus = "+" if run.startswith("+") else ""
    for cut in range(1, len(groups)):
        left = _valid(plus + "".join(groups[:cut]).lstrip("+"), region)
        if left is None:
            continue
        behind = " ".join(groups[cut:])
        right = _valid(behind.replace(" ", ""), region)
        more = [right] if right else _split(behind, region)
        if more:
            return [left, *more]
    digits = re.sub(r"\D", "", run)
    if region == "IN" and len(digits) in (20, 30):
        parts = [digits[at : at + 10] for at in range(0, len(digits), 10)]
        if all(_MOBILE.fullmatch(part) for part in parts):
            return ["+91" + part for part in parts]
    return []


def _valid(number: str, region: str) -> str | None:
    """E.164 of a digit string (with or without +), None where it is no number."""
    if region == "IN":
        national = _indian_mobile(number)
        if national:
            return "+91" + national
        if number.startswith("+91") and number[3:4] == "0":
            number = number[3:]
        if len(number) < 10 and not number.startswith("+"):
            return None  # an area code is missing
        if len(number) == 11 and number[0] not in "01+":
            return None  # a digit too many, and no toll-free number
        geographic = _GEOGRAPHIC.fullmatch(number)
        if geographic:
            return "+91" + geographic[1] if _indian_numbers().fullmatch(geographic[1]) else None
    if number.startswith("00") and len(number) > 11:
        number = "+" + number[2:]
    found = _of_the_world(number, region)
    # A code typed twice, or behind a 0: no number of another country, so one reading is left.
    typed = _PREFIXES.fullmatch(number) if found is None and region == "IN" else None
    return "+91" + typed[1] if typed else found


def _of_the_world(number: str, region: str) -> str | None:
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(parsed):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


@lru_cache(maxsize=1)
def _indian_numbers() -> re.Pattern[str]:
    """The landlines and mobiles of ten digits, by the library's tables: asking it for each takes ten times as long."""
    known = phonenumbers.PhoneMetadata.metadata_for_region("IN", None)
    kinds = (known.fixed_line, known.mobile) if known else ()
    return re.compile("|".join(f"(?:{kind.national_number_pattern})" for kind in kinds if kind), re.ASCII)


def _indian_mobile(number: str) -> str | None:
    """The ten digits behind +91, 91, 091, 0091, 0 or 91 0, if they are a mobile's."""
    digits = number.lstrip("+")
    if number.startswith("+") and not (digits.startswith("91") and len(digits) > 11):
        return None
    for prefix in ("0091", "091", "91"):
        if digits.startswith(prefix) and len(digits) > 10:
            digits = digits[len(prefix) :]
            break
    digits = digits.removeprefix("0")
    return digits if _MOBILE.fullmatch(digits) else None


def display(e164: str, config: Config) -> str:
    """A canonical phone as the library writes it. `(XXX) XXX-XXXX` only for ten-digit numbers of its own region."""
    if config.phone_format is PhoneFormat.E164:
        return e164
    if config.phone_format is PhoneFormat.GROUPED and config.phone_region == "IN" and e164.startswith("+91"):
        digits = e164[3:]
        if len(digits) == 10:
            return f"({digits[:3]}) {digits[3:6]}-{digits[6:]}"
        return e164
    try:
        parsed = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return e164
    own = phonenumbers.region_code_for_number(parsed) == config.phone_region
    digits = str(parsed.national_number)
    if config.phone_format is PhoneFormat.GROUPED and own and len(digits) == 10:
        return f"({digits[:3]}) {digits[3:6]}-{digits[6:]}"
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
