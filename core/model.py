"""The things that walk through the house: what comes in, what stands in the book, what is to be done.

`SourceRow -> LeadDraft -> Match -> Change -> Plan` on the way in, `Command -> Change -> Plan` on the way out.
Frozen, slotted, canonical: phones in E.164, days as `date`, instants as UTC `datetime`, flags as `bool`.
Pure values; nothing here reads or decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

Cell = str | int | float | bool | None
"""A cell as the sheet gives it under UNFORMATTED_VALUE and SERIAL_NUMBER. None and "" are both blank."""

Value = str | int | float | bool | date | datetime | None
"""A field of a lead in canonical typed form (see `core.fields`). None is blank; never ""."""


class Disposition(StrEnum):
    """Where a source row ended. Each row has exactly one."""

    CREATED = "created"
    MERGED = "merged"
    ATTENTION = "attention"
    SKIPPED = "skipped"


class ChangeKind(StrEnum):
    """What a change does to its lead."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    RESTORE = "restore"


class ChangeState(StrEnum):
    """How far a change has come. `pending`: in the outbox; `applied`: verified from the answer of its batch;
    `done`: seen in a later read; `conflict`: a person decides; `blocked`: the target refuses for good."""

    PENDING = "pending"
    APPLIED = "applied"
    DONE = "done"
    CONFLICT = "conflict"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab of the spreadsheet, known by its sheetId; people rename the title."""

    sheet_id: int
    title: str


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row of a source tab. `row` is its 1-based number when it was read (to show, never to identify);
    `cells` are in the tab's column order, trailing blanks cut; `fingerprint` names its content together with its
    number among equal rows of the tab (`core.identity.fingerprints`)."""

    tab: Tab
    row: int
    cells: tuple[Cell, ...]
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Issue:
    """Something that a person should see. `field` is a field name of `core.fields`, "" for the whole row;
    `reason` is a plain sentence; `blocking` rows do not become leads (they stand in Needs attention); `pair` are the
    ids of two leads that may be the same person, where that is what it says."""

    tab: str
    row: int
    reason: str
    field: str = ""
    blocking: bool = False
    pair: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LeadDraft:
    """What one source row says about one child or parent, cleaned. A row with two children makes two drafts.
    `fields` holds only what the row knows; `extra` the columns nobody knows, by header."""

    fields: Mapping[str, Value]
    origin: SourceRow
    issues: tuple[Issue, ...] = ()
    extra: Mapping[str, Cell] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def blocked(self) -> bool:
        return any(issue.blocking for issue in self.issues)


@dataclass(frozen=True, slots=True)
class Lead:
    """A lead as Master holds it, canonical. Field names are Master's column names. `extra` holds the users' own
    columns by header, as the sheet gives them. Text blanks are None."""

    lead_id: str
    full_name: str | None = None
    phone_number: str | None = None  # E.164
    email: str | None = None
    city: str | None = None
    lead_date: date | None = None
    status: str | None = None
    priority: str | None = None
    lead_score: int | None = None  # 0 to 100
    lead_source: str | None = None
    lead_type: str | None = None
    assigned_to: str | None = None
    next_follow_up: date | None = None
    last_contacted: datetime | None = None
    status_updated_date: date | None = None
    notes: str | None = None
    child_name: str | None = None
    child_age: int | None = None  # years
    other_phones: str | None = None  # E.164, comma and blank between
    do_not_contact: bool | None = None
    customer_segment: str | None = None
    potential_value: str | None = None
    engagement_strategy: str | None = None
    library_benefits: str | None = None
    household: str | None = None
    source_tab: str | None = None
    source_key: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    extra: Mapping[str, Cell] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Match:
    """Which lead a draft belongs to: an existing or planned `lead_id`, or None for a new one. `rule` says why in
    words that Activity shows ("same phone", "same e-mail", "same household, new child", "new")."""

    draft: LeadDraft
    lead_id: str | None
    rule: str


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one lead, all of its fields or a conflict, never half of them. `fields` maps a field to
    (base, new): what it was when the change was decided and what it shall be. `group` ties the changes of one bulk
    action or import, "" where it stands alone."""

    change_id: str
    lead_id: str
    kind: ChangeKind
    fields: Mapping[str, tuple[Value, Value]]
    actor: str
    at: datetime
    why: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Conflict:
    """One field on which two sides disagree. `resolution` is "" while open, else "ours" or "theirs"."""

    lead_id: str
    field: str
    base: Value
    ours: Value
    theirs: Value
    resolution: str = ""


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """How one source row ended: the row's identity (tab and fingerprint), the key by which an edit of it is known again
    (`key`: its phone or e-mail and its timestamp, hashed), its disposition and the leads that it made or joined."""

    sheet_id: int
    fingerprint: str
    key: str
    disposition: Disposition
    lead_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What one flush shall do. Can be printed (`bumuk sync --dry-run`) before it is applied. `ledger` are the
    dispositions that become true when the changes are in the sheet."""

    changes: tuple[Change, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    issues: tuple[Issue, ...] = ()
    ledger: tuple[LedgerEntry, ...] = ()

    @property
    def empty(self) -> bool:
        return not (self.changes or self.conflicts or self.issues or self.ledger)
