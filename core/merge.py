"""The three-way merge of one field and of one change: what the app wants (ours), what the sheet says (theirs), what
both began from (base).

Stands between the outbox and the batch (DESIGN.md, "Writing without harming anyone", step 3). All values are
canonical, so formatting is never a conflict. None and "" are the same blank.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.fields import BY_NAME, Kind
from core.model import Change, Conflict, Value

_TICK = timedelta(seconds=1)  # a sheet keeps moments to the second
NOTES_LIMIT = 50_000  # characters in a cell (Google Sheets)


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Both sides changed a field, and only one value can stand. The sheet's stands; a person may choose ours."""

    base: Value
    ours: Value
    theirs: Value


@dataclass(frozen=True, slots=True)
class Merged:
    """What a field shall be, whether the sheet has to be written for it, and the disagreement if there is one (then
    `value` is the sheet's and nothing is written)."""

    value: Value
    conflict: Disagreement | None
    write: bool


def _blank(value: Value) -> Value:
    return None if value == "" else value


def _equal(one: Value, other: Value) -> bool:
    if isinstance(one, datetime) and isinstance(other, datetime):
        return abs(one - other) < _TICK
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def size(text: str) -> int:
    """Characters as a sheet counts them at most: UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def three_way(base: Value, theirs: Value, ours: Value, kind: Kind) -> Merged:
    """One field. Unchanged in the sheet: ours; changed only there: theirs; both the same: that; both: long texts keep
    both line by line and lists of phones keep both, where that fits into a cell; anything else is theirs and a
    disagreement.

    Idempotent: merged again after the write, nothing is written. The values kept do not depend on which side is which
    where both are kept; otherwise the sheet's side wins."""
    base, theirs, ours = _blank(base), _blank(theirs), _blank(ours)
    if _equal(ours, theirs) or _equal(ours, base):
        return Merged(theirs, None, False)
    merged: Value = None
    if _equal(theirs, base):
        merged = ours
    elif kind is Kind.LONG_TEXT:
        merged = _both(base, theirs, ours, "\n")
    elif kind is Kind.PHONES:
        merged = _both(base, theirs, ours, ", ")
    else:
        return Merged(theirs, Disagreement(base, ours, theirs), False)
    if isinstance(merged, str) and size(merged) > NOTES_LIMIT:
        return Merged(theirs, Disagreement(base, ours, theirs), False)
    return Merged(merged, None, not _equal(merged, theirs))


def _parts(value: Value, between: str) -> list[str]:
    if value is None:
        return []
    parts = str(value).split(between)
    return [part.strip() for part in parts if part.strip()] if between == ", " else parts


def _kept(was: int, there: int, wanted: int) -> int:
    """How often a part shall stand that stood `was` times: as often as the side that added most says, else as seldom as
    the one that took most away; one added and one took away: nothing added is lost."""
    return min(there, wanted) if max(there, wanted) <= was else max(there, wanted)


def _both(base: Value, theirs: Value, ours: Value, between: str) -> Value:
    """Theirs, without what ours took away, and with what ours added at the end. A part that both added stands once; one
    that both changed stands in both forms."""
    old, mine, other = (_parts(value, between) for value in (base, ours, theirs))
    was, wanted, there = Counter(old), Counter(mine), Counter(other)
    left = {part: _kept(was[part], there[part], wanted[part]) for part in (*wanted, *there)}
    result: list[str] = []
    for part in (*other, *mine):
        if left[part] > 0:
            left[part] -= 1
            result.append(part)
    return between.join(result) or None


def lines_of_both(notes: str | None, more: str | None) -> str | None:
    """The lines of two notes, the first one's as they stand and those of the other that are not there yet, in order."""
    if not notes or not more:
        return notes or more or None
    there = set(notes.split("\n"))
    added = [line for line in more.split("\n") if line.strip() and line not in there]
    return "\n".join((notes, *dict.fromkeys(added)))


# What the house keeps itself: nobody types there, so ours stands and there is nothing to disagree about.
OURS = frozenset(
    {"lead_score", "status_updated_date", "household", "source_tab", "source_key", "created_at", "updated_at"}
)


@dataclass(frozen=True, slots=True)
class MergedChange:
    """What one change does to its lead as the sheet has it now: the cells to write, or the conflicts for which none of
    it is written. Both empty: the sheet says all of it already."""

    writes: Mapping[str, Value]
    conflicts: tuple[Conflict, ...] = ()


def merge_change(change: Change, theirs: Mapping[str, Value]) -> MergedChange:
    """All fields of a change against the sheet's values of its lead, or its conflicts: never half of it."""
    writes: dict[str, Value] = {}
    conflicts: list[Conflict] = []
    for name, (base, ours) in change.fields.items():
        merged = three_way(base, theirs.get(name), ours, BY_NAME[name].kind)
        if merged.conflict is not None and name not in OURS:
            clash = merged.conflict
            conflicts.append(Conflict(change.lead_id, name, clash.base, clash.ours, clash.theirs))
        elif merged.conflict is not None:
            writes[name] = ours
        elif merged.write:
            writes[name] = merged.value
    return MergedChange({}, tuple(conflicts)) if conflicts else MergedChange(writes)
