"""What `_crm` keeps beside the ledger, as rows below it: deleted leads, frozen ones, decisions, what went astray.

By `store.kept`. Pure text in, values out. A row is the fence and lines of JSON, later rows over earlier ones; what is
longer than a cell holds stands in several rows, one piece in each.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from core.model import Cell
from store.kept import Kept

MARK = "kept"
PIECE = "piece"
_CHARACTERS = 40_000  # under the 50,000 that a cell holds; JSON here is ASCII


def is_kept(text: str) -> bool:
    """Whether a cell below the ledger's heading is one of these."""
    return text.startswith((f"{MARK} ", f"{PIECE} "))


def pack(fence: int, kept: Iterable[Kept]) -> tuple[tuple[Cell, ...], ...]:
    """Rows of one flush."""
    return tuple((fence, text) for text in _texts(kept))


def _texts(kept: Iterable[Kept]) -> Iterator[str]:
    lines: list[str] = []
    for one in kept:
        line = f"{MARK} {json.dumps(one, separators=(',', ':'))}"
        if len(line) > _CHARACTERS:
            pieces = [line[at : at + _CHARACTERS] for at in range(0, len(line), _CHARACTERS)]
            yield from (f"{PIECE} {number} {len(pieces)} {piece}" for number, piece in enumerate(pieces, 1))
            continue
        if lines and sum(map(len, lines)) + len(lines) + len(line) > _CHARACTERS:
            yield "\n".join(lines)
            lines = []
        lines.append(line)
    if lines:
        yield "\n".join(lines)


def unpack(rows: Iterable[Sequence[Cell]]) -> list[Kept]:
    """What is kept, as the last rows say it. A line that nobody can read any more is passed over."""
    found: dict[tuple[str, str], str] = {}
    pieces: list[str] = []
    for row in rows:
        text = str(row[1] if len(row) > 1 and row[1] is not None else "")
        if text.startswith(f"{PIECE} "):
            _, number, of, piece = (*text.split(" ", 3), "", "", "")[:4]
            pieces = [*pieces, piece] if number == str(len(pieces) + 1) else [piece] if number == "1" else []
            if str(len(pieces)) != of:
                continue
            text, pieces = "".join(pieces), []
        for line in text.split("\n"):
            _take(line, found)
    return [(kind, key, value) for (kind, key), value in found.items()]


def _take(line: str, found: dict[tuple[str, str], str]) -> None:
    if not line.startswith(f"{MARK} "):
        return
    try:
        kind, key, value = json.loads(line.removeprefix(f"{MARK} "))
    except (ValueError, TypeError):
        return
    if all(isinstance(one, str) for one in (kind, key, value)):
        found[kind, key] = value
