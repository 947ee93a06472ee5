"""Text tables (csv and the like) of any encoding and delimiter into rows of text, for `sync.importing`.

What a cell means is decided when the tab is taken in; here it stays the text that it is.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator

import ftfy
from charset_normalizer import from_bytes

from sync.cells import CELL_CHARACTERS
from sync.errors import SheetsProblem

DELIMITERS = ",;\t|"
_LOOKED_AT = 500  # rows whose delimiter is judged
_EXCELS_WORD = re.compile(r'"?sep=(.)"?\r?\n?', re.IGNORECASE)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NOT_WINDOWS = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")  # bytes that mean nothing in Windows-1252
Row = tuple[str | None, ...]


class UnreadableFile(SheetsProblem):
    """A file that is not a workbook or text table."""

    remedy = "Save it as .xlsx or .csv and try again."


def read_table(raw: bytes, name: str) -> tuple[Row, ...]:
    """The rows of the file `name`; blank cells are None. Raises UnreadableFile."""
    text = decoded(raw, name)
    told = _EXCELS_WORD.match(text)
    delimiter, text = (told[1], text[told.end() :]) if told else (delimiter_of(text), text)
    try:
        rows = tuple(tuple(cell.strip() or None for cell in row) for row in _whole_rows(text, delimiter, name))
    except csv.Error as error:
        raise UnreadableFile(f"{name} cannot be read as a table: {error}") from error
    longest = max((len(cell) for row in rows for cell in row if cell), default=0)
    if longest > CELL_CHARACTERS:
        raise UnreadableFile(f"{name} has a cell of {longest:,} characters; a sheet's cell holds {CELL_CHARACTERS:,}")
    return rows


def decoded(raw: bytes, name: str) -> str:
    """The text of a file: by its mark, by the zeros of UTF-16, as UTF-8, else as Windows writes it here, each line for
    itself, since some files are of two programs. Text that was decoded wrongly before is put right."""
    encoding = next((known for mark, known in _MARKS if raw.startswith(mark)), None) or _of_two_bytes(raw)
    if encoding is None and b"\0" in raw:
        raise UnreadableFile(f"{name} is not a text table")
    try:
        return ftfy.fix_encoding(raw.decode(encoding or "utf-8"))
    except UnicodeDecodeError:
        if encoding:
            raise UnreadableFile(f"The encoding of {name} cannot be told") from None
    if _NOT_WINDOWS.search(b"".join(line for line in raw.splitlines(keepends=True) if not _is_utf8(line))):
        best = from_bytes(raw).best()
        if best is None:
            raise UnreadableFile(f"The encoding of {name} cannot be told")
        return ftfy.fix_encoding(str(best))
    lines = raw.splitlines(keepends=True)
    return ftfy.fix_encoding("".join(line.decode("utf-8" if _is_utf8(line) else "cp1252") for line in lines))


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _of_two_bytes(raw: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of a table is zero, or most are."""
    head = raw[: min(len(raw), 4000) // 2 * 2]
    for encoding, zeros, others in (("utf-16-le", head[1::2], head[::2]), ("utf-16-be", head[::2], head[1::2])):
        if zeros and zeros.count(0) > len(zeros) / 3 and zeros.count(0) > 4 * others.count(0):
            return encoding
    return None


def delimiter_of(text: str) -> str:
    """The delimiter under which most rows have the same number of cells, and many of them."""
    return max(DELIMITERS, key=lambda delimiter: _evenness(text[:200_000], delimiter))


def _evenness(text: str, delimiter: str) -> int:
    widths: Counter[int] = Counter()
    try:
        for row, _ in zip(_parsed(text, delimiter), range(_LOOKED_AT), strict=False):
            widths[len(row)] += 1
    except csv.Error:
        return 0
    return max((times * (width - 1) for width, times in widths.items()), default=0)


def _whole_rows(text: str, delimiter: str, name: str) -> Iterator[list[str]]:
    """The rows. A quotation mark that is never closed would take all rows up to the next one into one cell: a row of
    several lines has to be written by the book."""
    lines = io.StringIO(text, newline="").readlines()
    reader, begun = csv.reader(lines, delimiter=delimiter), 0
    for row in reader:
        if reader.line_num > begun + 1:
            _check_quotes(lines[begun : reader.line_num], delimiter, f"{name}, lines {begun + 1} to {reader.line_num}")
        begun = reader.line_num
        yield row


def _check_quotes(lines: list[str], delimiter: str, place: str) -> None:
    try:
        list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error:
        raise UnreadableFile(
            f"{place}: the quotation marks do not match, so nobody can tell where a row ends"
        ) from None


def _parsed(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
