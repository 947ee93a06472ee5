"""What stands in the hidden `_crm` tab: the fence, whose spreadsheet this is, the journal's head and the packed ledger.

Pure text in, values out. The worker reads the head in every cycle and writes it in every batch; with the database
gone, the ledger here says which source rows have been taken in.

    row 1      mark, fence, installation, spreadsheet id, roles of tabs (JSON), =SHEETS()
    row 2      a word to whoever opens the tab
    from 3     the journal of the last flush (`sync.journal`)
    below      the ledger's heading, then one row for each flush: fence, packed entries
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.model import Cell, Disposition, LedgerEntry
from sync import journal
from sync.keepsakes import is_kept

TITLE = "_crm"
MARK = "bumuk-crm"
NOTE = "Bumuk Library CRM keeps its notes in this tab. Please leave it as it is."
LEDGER_ROW = journal.END_ROW  # 0-based
LEDGER_HEADING = "ledger"
HEAD_COLUMNS = 6
COLUMNS = 50  # of the tab at set-up: Master's and some that people add; the batch widens it where that is not enough
PACKED_CHARACTERS = 40_000  # under the 50,000 that a cell holds
_LETTERS = {
    Disposition.CREATED: "c",
    Disposition.MERGED: "m",
    Disposition.ATTENTION: "a",
    Disposition.SKIPPED: "s",
}
_DISPOSITIONS = {letter: disposition for disposition, letter in _LETTERS.items()}
_REPLACED = "x"
_TAB = "=tab"  # in a fingerprint's place: what a person said of the tab
_ANSWERS = {"source": "S", "skip": "K", "ask": "Q"}
_ANSWERED = {letter: role for role, letter in _ANSWERS.items()}


@dataclass(frozen=True, slots=True)
class Head:
    """Row 1 of `_crm`. `roles` maps master, activity, attention, settings, team and crm to sheetIds; `tabs` is how many
    tabs the spreadsheet has, None where the sheet does not say."""

    fence: int
    installation: str
    spreadsheet_id: str
    roles: Mapping[str, int]
    tabs: int | None = None


def fence_of(remembered: str | None) -> int | None:
    """A fence as a database remembers it; None where it remembers none, or that one is to be found out. Somebody may
    have typed a negative one into the tab."""
    try:
        return int(remembered or "")
    except ValueError:
        return None


def head_cells(head: Head) -> tuple[Cell, ...]:
    """Row 1 as cells; the last is a formula."""
    roles = json.dumps(dict(sorted(head.roles.items())), separators=(",", ":"))
    return (MARK, head.fence, head.installation, head.spreadsheet_id, roles, "=SHEETS()")


def parse_head(row: Sequence[Cell]) -> Head | None:
    """Row 1 as read, or None where someone has cleared or edited it past understanding."""
    mark, fence, installation, spreadsheet_id, roles, tabs = (*row, *(None,) * HEAD_COLUMNS)[:HEAD_COLUMNS]
    if mark != MARK or isinstance(fence, bool) or not isinstance(fence, int | float):
        return None
    try:
        known = json.loads(str(roles))
    except ValueError:
        return None
    if not isinstance(known, dict) or not all(isinstance(i, int) for i in known.values()):
        return None
    count = int(tabs) if isinstance(tabs, int | float) and not isinstance(tabs, bool) else None
    return Head(int(fence), str(installation or ""), str(spreadsheet_id or ""), known, count)


def pack(
    fence: int,
    entries: Iterable[LedgerEntry],
    replaced: Iterable[tuple[int, str]],
    answers: Iterable[tuple[int, str]] = (),
) -> tuple[tuple[Cell, ...], ...]:
    """Ledger rows of one flush: (fence, packed text). `replaced` are (sheetId, fingerprint) of rows that an edit made
    into others, `answers` (sheetId; source, skip or ask) what people said of tabs. A text stays under a cell's limit; a
    large flush takes several rows."""
    lines = [f"{r[0]} {r[1]} - {_REPLACED}" for r in replaced]
    lines += [f"{sheet_id} {_TAB} - {_ANSWERS[role]}" for sheet_id, role in answers]
    lines += [
        " ".join((str(e.sheet_id), e.fingerprint, e.key or "-", _LETTERS[e.disposition], *e.lead_ids)) for e in entries
    ]
    return tuple((fence, text) for text in _joined(lines))


def _joined(lines: Sequence[str]) -> Iterator[str]:
    text: list[str] = []
    size = 0
    for line in lines:
        if text and size + len(line) + 1 > PACKED_CHARACTERS:
            yield "\n".join(text)
            text, size = [], 0
        text.append(line)
        size += len(line) + 1
    if text:
        yield "\n".join(text)


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What the ledger says, later rows over earlier ones; `broken` counts lines that nobody can read any more (their
    rows are matched again by phone and e-mail, which merges and never doubles). `answers`: sheetId -> what a person
    said of the tab."""

    entries: tuple[LedgerEntry, ...]
    broken: int
    answers: Mapping[int, str]


def unpack(rows: Iterable[Sequence[Cell]]) -> Unpacked:
    """The ledger from its rows, as `pack` wrote them."""
    found: dict[tuple[int, str], LedgerEntry] = {}
    answers: dict[int, str] = {}
    broken = 0
    for row in rows:
        text = str(row[1] if len(row) > 1 and row[1] is not None else "")
        for line in () if is_kept(text) else text.split("\n"):
            broken += not _take(line.split(), found, answers) if line.strip() else 0
    return Unpacked(tuple(found.values()), broken, answers)


def _take(parts: Sequence[str], found: dict[tuple[int, str], LedgerEntry], answers: dict[int, str]) -> bool:
    if len(parts) < 4 or not parts[0].isdigit():
        return False
    sheet_id, fingerprint, key, letter = int(parts[0]), parts[1], parts[2], parts[3]
    if fingerprint == _TAB:
        if letter in _ANSWERED:
            answers[sheet_id] = _ANSWERED[letter]
        return letter in _ANSWERED
    if letter == _REPLACED:
        found.pop((sheet_id, fingerprint), None)
        return True
    if letter not in _DISPOSITIONS:
        return False
    entry = LedgerEntry(sheet_id, fingerprint, "" if key == "-" else key, _DISPOSITIONS[letter], tuple(parts[4:]))
    found[sheet_id, fingerprint] = entry
    return True
