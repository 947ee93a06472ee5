"""What a plan would do, in words, and whether a worker may do it with nobody looking. Before the batch is built."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from core.combine import told
from core.model import Change, ChangeKind, Plan

_LEADS = 50
_SHARE = 0.30


def unattended_risk(plan: Plan, book_size: int) -> str | None:
    """Why a person should look at this plan first, None where it may go on by itself.

    The rule (DESIGN.md, "Refuse to act on an unsafe picture"): a plan that changes or deletes more than max(50 leads,
    30 % of the `book_size` leads in Master). New leads harm nobody and do not count: a first import is all new
    leads."""
    touched = {change.lead_id for change in plan.changes if change.kind is not ChangeKind.CREATE}
    limit = max(_LEADS, int(book_size * _SHARE))
    if len(touched) <= limit:
        return None
    size = f"{len(touched):,} of {book_size:,} leads"
    return f"It would change {size}; by itself the worker changes at most {limit:,} at once."


def describe(plan: Plan) -> Iterator[str]:
    """The plan as `bumuk sync --dry-run` prints it, line by line: each change, conflict and issue, and the sums."""
    for change in plan.changes:
        yield _change_line(change)
    for conflict in plan.conflicts:
        sides = f"sheet {conflict.theirs!r}, ours {conflict.ours!r}"
        yield f"conflict  {conflict.lead_id}  {conflict.field}: {sides}"
    for issue in plan.issues:
        yield f"{'attention' if issue.blocking else 'note':<9} {issue.tab}, row {issue.row}: {issue.reason}"
    kinds = Counter(change.kind.value for change in plan.changes)
    rows = Counter(entry.disposition.value for entry in plan.ledger)
    yield "rows: " + (", ".join(f"{count} {name}" for name, count in sorted(rows.items())) or "none")
    yield "leads: " + (", ".join(f"{count} to {name}" for name, count in sorted(kinds.items())) or "nothing to do")


def _change_line(change: Change) -> str:
    if change.kind is ChangeKind.CREATE:
        shown = ("full_name", "phone_number", "child_name", "status", "assigned_to")
        what = "; ".join(told(name, change.fields[name][1]) for name in shown if name in change.fields)
    else:
        what = "; ".join(f"{told(name, old)} -> {new}" for name, (old, new) in change.fields.items())
    return f"{change.kind.value:<9} {change.lead_id}  {what}  ({change.why})"
