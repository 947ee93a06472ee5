"""What the edit of a source row does to the lead that the row made. Used by `core.intake`.

Only the fields that the edit changed are touched, and only where the lead still says what the row had said: what a
person has changed since is stronger, and the edit then stands in the notes and is told.
"""

from __future__ import annotations

from core.book import join_phones, phones_of, split_phones
from core.combine import keep, same, told
from core.config import Config
from core.fields import BY_NAME
from core.followups import first_labels
from core.leads import Draft
from core.merge import three_way
from core.model import LeadDraft, Value

_STICKS = frozenset({"do_not_contact"})
_NEVER_CLEARED = frozenset({"phone_number", "status", "child_name", "full_name"})


def apply_edit(lead: Draft, before: LeadDraft | None, after: LeadDraft, why: str, config: Config) -> list[str]:
    """Take an edited row to its lead (`lead` is written to); what a person should know, in sentences. `before` None:
    what the row said is not known any more, so blanks are filled and nothing else."""
    if before is None:
        lead.take(after, why or "edited")
        return ["The row was edited; what it said before is no longer known, so only blank fields were filled."]
    kept: list[str] = []
    touched = False
    for name in dict.fromkeys((*before.fields, *after.fields)):
        was, new = before.fields.get(name), after.fields.get(name)
        if was == new or name not in BY_NAME or (name in _STICKS and not new):
            continue
        touched = True
        if not _take_field(lead, name, was, new, config) and new is not None:
            kept.append(told(name, new))
    if touched:
        lead.because(why or "edited", after.origin)
    if not kept:
        return []
    notes = lead.saying.fields.get("notes")
    edit = "; ".join(kept)
    line = f"{after.origin.tab.title}, edited: {edit}"
    lead.saying.fields["notes"] = keep(lead.saying, notes if isinstance(notes, str) else None, line)
    return [f"The row was edited, but {lead.lead_id} was changed since and keeps what it says. The edit: {edit}"]


def _take_field(lead: Draft, name: str, was: Value, new: Value, config: Config) -> bool:
    """Whether the lead now says what the edit says (or the edit takes away something that was not the lead's)."""
    fields = lead.saying.fields
    mine = fields.get(name)
    if name == "notes" or name == "other_phones":
        merged = three_way(was, mine, new, BY_NAME[name].kind)
        fields[name] = merged.value
        return merged.conflict is None
    if mine is not None and new is not None and same(mine, new) and mine != was:
        return True
    untouched = mine is None or mine == was or (name == "status" and was is None and mine in first_labels(config))
    if name == "phone_number" and isinstance(new, str):
        return _take_phone(fields, was, new)
    if not untouched:
        return False
    if new is None and name in _NEVER_CLEARED:
        return True
    fields[name] = new
    return True


def _take_phone(fields: dict[str, Value], was: Value, new: str) -> bool:
    """A corrected number takes the place of the wrong one, wherever that stands; Activity shows the old one. Kept
    beside the right one, a wrong number would let a stranger's rows join this lead."""
    others = [phone for phone in split_phones(fields.get("other_phones")) if phone not in (was, new)]
    if fields.get("phone_number") in (was, None):
        fields["phone_number"] = new
        fields["other_phones"] = join_phones(others)
        return True
    if new not in phones_of(fields):
        fields["other_phones"] = join_phones((*others, new))
    return True
