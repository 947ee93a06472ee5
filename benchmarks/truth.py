"""What is true about each messy row, and how right the cleaning was.

`messy` makes the truths; `score` holds drafts against them. Used by tests (the bar) and by `benchmarks.cleaning`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from core.model import LeadDraft


@dataclass(frozen=True, slots=True)
class Truth:
    """One row's truth. `phones` in E.164, the first is the lead's; `day` is None where the row has none or where no one
    could tell (`undecidable`). `family` ties rows of one household; `good` rows have a phone that can be used."""

    tab: str
    row: int
    family: int
    phones: tuple[str, ...] = ()
    email: str | None = None
    name: str | None = None
    children: tuple[tuple[str, int | None], ...] = ()
    city: str | None = None
    status: str | None = None
    day: date | None = None
    undecidable: bool = False
    good: bool = True
    duplicate_of: tuple[str, int] | None = None  # the first row of the same parent or child: tab and row


@dataclass(slots=True)
class Score:
    """Counts of right and wrong; `wrong` keeps examples, field -> (truth, draft) pairs."""

    counts: dict[str, int] = field(default_factory=dict)
    wrong: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def add(self, name: str, right: bool, truth: object = "", said: object = "") -> None:
        self.counts[name] = self.counts.get(name, 0) + 1
        if right:
            self.counts[name + " right"] = self.counts.get(name + " right", 0) + 1
        else:
            self.wrong.setdefault(name, []).append((str(truth), str(said)))

    def share(self, name: str) -> float:
        """The share of right answers, 1.0 where nothing was asked."""
        asked = self.counts.get(name, 0)
        return self.counts.get(name + " right", 0) / asked if asked else 1.0


def score(drafts: Mapping[tuple[str, int], Sequence[LeadDraft]], truths: Iterable[Truth]) -> Score:
    """Holds the drafts of each row (by tab and row) against its truth."""
    result = Score()
    for truth in truths:
        _score_row(result, drafts[truth.tab, truth.row], truth)
    return result


def _score_row(result: Score, drafts: Sequence[LeadDraft], truth: Truth) -> None:
    first = drafts[0]
    fields = first.fields
    raw = first.origin.cells
    if truth.good:
        result.add("good rows let in", not first.blocked, raw, first.issues)
        said = [fields.get("phone_number"), *str(fields.get("other_phones") or "").split(", ")]
        result.add("phones", [one for one in said if one] == list(truth.phones), (truth.phones, raw), said)
    else:
        result.add("bad rows stopped", first.blocked, raw, fields.get("phone_number"))
    if truth.email is not None or fields.get("email"):
        result.add("emails", _same(fields.get("email"), truth.email), truth.email, (fields.get("email"), raw))
    if truth.name is not None:
        result.add("names", fields.get("full_name") == truth.name, truth.name, (fields.get("full_name"), raw))
    if truth.city is not None:
        result.add("cities", fields.get("city") == truth.city, truth.city, (fields.get("city"), raw))
    if truth.status is not None:
        result.add("statuses", fields.get("status") == truth.status, truth.status, (fields.get("status"), raw))
    _score_children(result, drafts, truth)
    _score_day(result, first, truth)


def _same(said: object, truth: str | None) -> bool:
    return (str(said).lower() if said else None) == (truth.lower() if truth else None)


def _score_children(result: Score, drafts: Sequence[LeadDraft], truth: Truth) -> None:
    if not truth.children or not truth.good:
        return
    said = tuple((draft.fields.get("child_name"), draft.fields.get("child_age")) for draft in drafts)
    result.add("children", said == truth.children, truth.children, (said, drafts[0].origin.cells))


def _score_day(result: Score, first: LeadDraft, truth: Truth) -> None:
    said = first.fields.get("lead_date")
    raw = first.origin.cells
    if truth.undecidable:
        result.add("undecidable dates flagged", said is None, raw, said)
    elif truth.day is not None:
        result.add("dates", said == truth.day, truth.day, (said, raw))
        result.add("decidable dates accepted", said is not None, truth.day, raw)
    if said is not None:
        result.add("accepted dates are right", said == truth.day, truth.day, (said, raw))
