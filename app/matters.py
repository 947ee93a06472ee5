"""What the sheet wants decided besides conflicts: mixed-up names, renamed statuses, whose spreadsheet this is, and
columns that are gone. Each in plain words, with the choices that there are; pages and API carry them out alike."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from app import mixups as mixing
from app.acting import Doer
from app.database import config, reading, writing
from app.together import Together, act_on_all, not_complete
from core.commands import Relabel
from core.config import Config
from core.field_checks import Refusal
from core.fields import BY_NAME
from core.model import Lead, Value
from core.renaming import offers
from store import counters, mirror, mixups, ownership, stopped
from store.mixups import MixUp
from store.ownership import Dispute
from store.search import LeadQuery

UNKNOWN = Refusal("unknown_matter", "This is settled already, or was never asked.")
_EXAMPLES = 5
_DISPUTES: Mapping[ownership.Why, tuple[str, str]] = {
    "copy": (
        "This spreadsheet is a copy",
        "It was copied from a spreadsheet that the CRM writes to. Nothing is written here until you decide.",
    ),
    "signed": (
        "Another installation writes to this spreadsheet",
        "Two may not write at once. Nothing is written from here until you decide; if this one takes over, the other "
        "one only reads.",
    ),
    "taken": (
        "Another installation has taken this spreadsheet over",
        "It writes there now, and this one only reads. Edits made here wait.",
    ),
}
_MIXED_UP = (
    "The sheet shows them beside other lead ids than before: a sort of some columns only, it seems. These leads "
    "are not written until you decide; edits of them wait."
)


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person may answer: `value` for programs, `label` for people."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Matter:
    """Something to decide, or (without choices) to put right in the sheet. `otherwise` answers whoever chooses what is
    not, or no longer, among the choices."""

    key: str
    title: str
    words: str
    lines: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    otherwise: Refusal = UNKNOWN


@dataclass(frozen=True, slots=True)
class Settled:
    """A decision that was carried out. `group` is what undoes it, "" where that is another decision."""

    words: str
    group: str = ""


def matters(conn: Connection, in_force: Config) -> list[Matter]:
    """Everything that waits for a person, the most pressing first."""
    dispute = ownership.current(conn)
    found = [_ownership(dispute)] if dispute and dispute.decision == "" else []
    found += [_mixed_up(one, conn) for one in mixups.incidents(conn, _EXAMPLES)]
    found += [_stopped(name) for name in stopped.fields(conn)]
    return [*found, *_renamed(conn, in_force)]


def settle(key: str, choice: str, by: Doer) -> Settled | Refusal:
    """Carries a choice out. Refused where the matter or the choice is unknown."""
    found = next((one for one in matters(reading(), config()) if one.key == key), None)
    if found is None or choice not in {one.value for one in found.choices}:
        return found.otherwise if found else UNKNOWN
    kind, _, name = key.partition(":")
    return _SETTLING[kind](name, choice, by)


def unnamed(key: str, choice: str) -> str:
    """The name of a choice to which its caller gives none. A status may come back after it was renamed: by an undo, or
    typed again."""
    kind, _, name = key.partition(":")
    request = f"matter:{key}:{choice}"
    return not_complete(request, _renaming(name)) if kind == "renamed" else request


def _ownership(dispute: Dispute) -> Matter:
    title, words = _DISPUTES[dispute.why]
    choices = (Choice("take_over", "Write here from now on"), Choice("stay_away", "Leave it alone"))
    return Matter("ownership:", title, words, choices=choices)


def _settle_ownership(_: str, choice: str, by: Doer) -> Settled | Refusal:  # noqa: ARG001  # all of these are called alike
    take_over = choice == "take_over"
    with writing() as conn:
        if not ownership.decide(conn, "take_over" if take_over else "stay_away"):
            return UNKNOWN
    return Settled("It is taken over with the next cycle" if take_over else "It is left alone")


def _mixed_up(found: mixups.Incident, conn: Connection) -> Matter:
    leads = mirror.leads(conn, [one.lead_id for one in found.examples])
    names = {lead.lead_id: lead.full_name or lead.lead_id for lead in leads}
    lines = tuple(line for one in found.examples for line in _differences(one, names.get(one.lead_id, one.lead_id)))
    parts = mixing.would_part(found.along)
    choices = (*(() if parts else (Choice("put_back", "Put them back"),)), Choice("keep_sheet", "The sheet is right"))
    title = f"Names or phones of {found.size:,} leads are mixed up"
    words = f"{_MIXED_UP} {parts.message if parts else _and_theirs(found.along)}"
    return Matter(f"mixup:{found.incident}", title, words, lines, choices, parts or UNKNOWN)


def _and_theirs(along: Collection[str]) -> str:
    """What to do besides putting back, where people's own columns went along: nobody but people write those."""
    if not along:
        return "Undoing the sort in the sheet settles it too."
    own = ", ".join(f"“{title}”" for title in sorted(along))
    return f"{own} went along and would stay where it is, unless a formula fills it. {mixing.UNDO}"


def _differences(one: MixUp, name: str) -> list[str]:
    return [
        f"{name}: {BY_NAME[field].label} was {_word(was)}, the sheet says {_word(one.says.get(field))}"
        for field, was in one.was.items()
    ]


def _word(value: Value) -> str:
    return f"“{value}”" if value is not None else "nothing"


def _settle_mixup(incident: str, choice: str, by: Doer) -> Settled | Refusal:
    if choice == "put_back":
        made = mixing.put_back(incident, by)
        return made if isinstance(made, Refusal) else Settled(f"{made.size:,} leads are put back")
    taken = mixing.accept(incident)
    return taken if isinstance(taken, Refusal) else Settled(f"{taken:,} leads are taken as the sheet has them")


def _stopped(name: str) -> Matter:
    label = BY_NAME[name].label if name in BY_NAME else name
    return Matter(
        f"stopped:{name}",
        f"Master has no column “{name}” any more, or more than one",
        f"{label} stands still: it keeps what it said, and edits of it wait. Type {name} into the first row of its "
        "column and of no other, and it goes on.",
    )


def _renamed(conn: Connection, in_force: Config) -> list[Matter]:
    found = []
    for one in offers(in_force):
        size = counters.one(conn, "status", one.old)
        if size:
            words = f"{size:,} leads still say “{one.old}”. They count as “{one.new}” already."
            choices = (Choice("rename", f"Write “{one.new}” on them"),)
            found.append(Matter(f"renamed:{one.old}", f"“{one.old}” is called “{one.new}” now", words, (), choices))
    return found


def _settle_renamed(old: str, _: str, by: Doer) -> Settled | Refusal:
    def ask(_: Lead) -> Relabel:
        return Relabel()

    made = act_on_all(LeadQuery(status=old), ask, _renaming(old), by)
    if isinstance(made, Together):
        return Settled(f"{made.group.size:,} leads are renamed", made.group.group_id)
    return made


def _renaming(old: str) -> str:
    return f"Renamed the status “{old}”"


_SETTLING: Mapping[str, Callable[[str, str, Doer], Settled | Refusal]] = {
    "ownership": _settle_ownership,
    "mixup": _settle_mixup,
    "renamed": _settle_renamed,
}
