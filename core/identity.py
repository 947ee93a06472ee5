"""Which source row is which: a row is known by what it says, not by where it stands.

The first step on the way in. The shells read a tab, `fingerprints` names its rows, `identify` sorts them against the
ledger into new, the same, edited, copied, gone and doubtful; `core.pairing` finds the edited ones. `core.intake` goes
on from there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from core.ids import short_hash
from core.model import Cell, LeadDraft, LedgerEntry, SourceRow
from core.pairing import Doubtful, KnownRow, Pair, pair_part, pair_whole
from core.text import cell_text, fold

__all__ = ["Doubtful", "Identified", "KnownRow", "Pair", "content_of", "fingerprints", "identify", "row_key", "under"]

_CLOCK = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}[T ]+\d{1,2}:\d\d")
_SERIALS = (20_000.0, 80_000.0)  # the days of 1954 to 2119


@dataclass(frozen=True, slots=True)
class Identified:
    """Each row given stands in exactly one of new, edited, copied, same, doubtful, unsettled. `unsettled` rows can only
    be told after the whole tab has been read (never when `complete`); nothing is to be decided on them before.
    `gone` are the known rows that stand nowhere in the tab any more."""

    new: tuple[SourceRow, ...] = ()
    edited: tuple[Pair, ...] = ()
    copied: tuple[Pair, ...] = ()
    same: tuple[Pair, ...] = ()
    gone: tuple[KnownRow, ...] = ()
    doubtful: tuple[Doubtful, ...] = ()
    unsettled: tuple[SourceRow, ...] = ()

    @property
    def forgotten(self) -> tuple[LedgerEntry, ...]:
        """The entries to take out of the ledger in the flush that applies the plan: gone, or edited into another."""
        return tuple(known.entry for known in (*self.gone, *(pair.known for pair in self.edited)))


def _content(row: Sequence[Cell]) -> str:
    cells = [int(cell) if type(cell) is float and cell.is_integer() else cell for cell in row]
    while cells and (cells[-1] is None or cells[-1] == ""):
        cells.pop()
    if "" in cells:
        cells = [None if cell == "" else cell for cell in cells]
    # repr tells 1, "1" and True apart, and is written in C.
    return blake2b(repr(cells).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def fingerprints(rows: Iterable[Sequence[Cell]]) -> tuple[str, ...]:
    """For each row, `<24 hex digits of its content>:<its number among equal rows, from 0>`.

    Content is type-aware ("1" is not 1; 1 is 1.0, as the sheet has doubles only); None is "", and blanks at the end do
    not count. Pass all rows of the tab that were read, in the tab's order, without the header."""
    seen: dict[str, int] = {}
    names: list[str] = []
    for row in rows:
        content = _content(row)
        number = seen.get(content, 0)
        seen[content] = number + 1
        names.append(f"{content}:{number}")
    return tuple(names)


def content_of(fingerprint: str) -> str:
    """The part of a fingerprint that equal rows share."""
    return fingerprint.partition(":")[0]


def _moment(cells: Sequence[Cell]) -> str:
    """The form's timestamp: the first cell that has a day and a time of day in it, as text or as serial days."""
    for cell in cells:
        if type(cell) is float and _SERIALS[0] < cell < _SERIALS[1] and not cell.is_integer():
            return f"{cell:.6f}"
        if type(cell) is str and _CLOCK.search(cell):
            return cell.strip()
    return ""


def under(header: Sequence[Cell], was: Sequence[Cell], cells: Sequence[Cell]) -> tuple[Cell, ...] | None:
    """What a row that was read under the header `was` says under `header`, where columns were inserted, deleted or
    moved: their titles tell which is which. None where one was renamed or stands twice."""
    now, before = (tuple(fold(cell_text(title)) for title in titles) for titles in (header, was))
    named, known = ([title for title in titles if title] for titles in (now, before))
    if len(set(named)) < len(named) or len(set(known)) < len(known):
        return None
    if not (set(named) <= set(known) or set(known) <= set(named)):
        return None
    places = {title: at for at, title in enumerate(before) if title}
    found = (places.get(title, len(cells)) for title in now)
    return tuple(cells[at] if at < len(cells) else None for at in found)


def _part(text: str) -> str:
    return short_hash(text, 5)[:6] if text else ""


def row_key(cells: Sequence[Cell], drafts: Sequence[LeadDraft]) -> str:
    """The key by which an edit of the row is known again (`LedgerEntry.key`): `contact.moment.name`, each six
    characters of a hash or blank; "" where the row has none of them. Contact is the phone, else the e-mail; moment the
    form's timestamp as the cell says it; name the grown-up's and the children's names."""
    fields: list[Mapping[str, object]] = [draft.fields for draft in drafts]
    contact = next((str(f[name]) for name in ("phone_number", "email") for f in fields if f.get(name)), "")
    names = [str(f[name]).casefold() for f in fields for name in ("full_name", "child_name") if f.get(name)]
    parts = (_part(contact), _part(_moment(cells)), _part("\0".join(dict.fromkeys(names))))
    return ".".join(parts) if any(parts) else ""


def no_key(row: SourceRow) -> str:  # noqa: ARG001 - it stands in for a function of the row
    """For callers that cannot say a row's key: edits are then known by content and neighbours alone."""
    return ""


def identify(
    rows: Sequence[SourceRow],
    known: Sequence[KnownRow],
    complete: bool,
    key_of: Callable[[SourceRow], str] = no_key,
) -> Identified:
    """Tell the rows of one tab apart: sorted, inserted, deleted, edited, pasted again, all at once.

    `rows` in the tab's order with fingerprints of this read; `known` the ledger's rows of this tab, whose fingerprints
    are distinct; `complete` False: only a part of the tab was read, nothing is called gone. `key_of` gives `row_key` of
    a row, and is asked only for rows that content does not know. Near-linear. Never raises."""
    by_fingerprint = {item.entry.fingerprint: item for item in known}
    same: list[Pair] = []
    unknown: list[SourceRow] = []
    for row in rows:
        item = by_fingerprint.pop(row.fingerprint, None)
        if item is None:
            unknown.append(row)
        else:
            same.append(Pair(row, item, "same content"))
    if not unknown:
        return Identified(same=tuple(same), gone=tuple(by_fingerprint.values()) if complete else ())
    copied, unknown = _copies(unknown, known)
    left = list(by_fingerprint.values())
    repeated = {pair.row.fingerprint for pair in copied}
    standing = [row for row in rows if row.fingerprint not in repeated] if repeated else rows
    if complete:
        found = pair_whole(standing, unknown, same, left, known, key_of)
    else:
        found = pair_part(standing, unknown, same, left, key_of)
    paired = {pair.known.entry.fingerprint for pair in found.edited}
    gone = [item for item in left if item.entry.fingerprint not in paired] if complete else []
    return Identified(
        new=found.new,
        edited=found.edited,
        copied=tuple(copied),
        same=tuple(same),
        gone=tuple(gone),
        doubtful=found.doubtful,
        unsettled=found.unsettled,
    )


def _copies(unknown: Sequence[SourceRow], known: Sequence[KnownRow]) -> tuple[list[Pair], list[SourceRow]]:
    """Rows that say word for word what a known row says: pasted again. They join that row's leads, even where a person
    has since changed the lead's phone, so nothing comes twice."""
    by_content: dict[str, KnownRow] = {}
    for item in known:
        by_content.setdefault(content_of(item.entry.fingerprint), item)
    copied: list[Pair] = []
    rest: list[SourceRow] = []
    for row in unknown:
        original = by_content.get(content_of(row.fingerprint))
        if original is None:
            rest.append(row)
        else:
            copied.append(Pair(row, original, "the same row again"))
    return copied, rest
