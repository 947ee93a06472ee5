"""What becomes of each edit that waits, by what the sheet says now: written, said already, lost to it, or blocked.

Decides only; between `sync.targets`, which finds the rows, and `sync.outgoing`, which carries it out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from core import fields
from core.config import Config
from core.homes import needs, that_may_go
from core.leads import FOLLOWS, ruled
from core.merge import OURS, merge_change
from core.model import Change, ChangeKind, Conflict, Value
from core.undo import cancels
from sync.batch import RowWrite
from sync.judging import at
from sync.merged import covered
from sync.targets import Located, Standing

_ADDING = (ChangeKind.CREATE, ChangeKind.RESTORE)


@dataclass(slots=True)
class Sorted:
    """Changes by what becomes of them. `said`: the sheet says it already; `later`: deletions behind an edit of their
    lead; `spared`: deletions and edits that were taken back before they went, and what took them back; `covered`: with
    the fields whose cells are under a merge."""

    writes: dict[str, RowWrite] = field(default_factory=dict)
    fells: list[RowWrite] = field(default_factory=list)
    creates: list[Change] = field(default_factory=list)
    said: list[Change] = field(default_factory=list)
    later: list[Change] = field(default_factory=list)
    spared: list[Change] = field(default_factory=list)
    lost: list[tuple[Change, tuple[Conflict, ...]]] = field(default_factory=list)
    blocked: list[tuple[Change, str]] = field(default_factory=list)
    covered: list[tuple[Change, list[str]]] = field(default_factory=list)

    def carried(self) -> list[str]:
        """The changes that the flush applies."""
        written = [change for write in self.writes.values() for change in write.changes]
        return [change.change_id for change in (*written, *self.creates)]


def sort_out(changes: Sequence[Change], located: Located, config: Config) -> Sorted:
    """What becomes of each change, in order: later changes of a lead build on the earlier ones."""
    found = Sorted()
    standing = dict(located.rows)
    adding: set[str] = set()
    gone = frozenset(fields.NAMES) - located.master.columns.keys()  # stopped until their headers are back
    goes = {change.change_id for change in that_may_go(changes, gone) if gone.isdisjoint(needs(change))}
    spared = _taken_back(changes, standing)
    for change in changes:
        there = standing.get(change.lead_id)
        if change.kind in _ADDING and change.lead_id not in adding:
            if _spare(change, found):
                pass
            elif there is None:
                adding.add(change.lead_id)
                if needs(change) <= located.master.columns.keys():  # else it waits until the header is back
                    found.creates.append(change)
            else:
                found.said.append(change)
        elif change.lead_id in adding:
            continue  # its row comes with this flush; the edit of it with the next
        elif there is None and change.kind is ChangeKind.DELETE:
            found.said.append(change)
        elif there is None:
            found.blocked.append((change, "This lead is no longer in the sheet"))
        elif change.kind is ChangeKind.DELETE:
            _fell(change, there, located, found)
        elif any(write.lead_id == change.lead_id for write in found.fells):
            continue  # its row goes with this flush
        elif change.change_id in spared:
            found.spared.append(change)
        elif change.change_id in goes:
            standing[change.lead_id] = _merge(change, there, located, found, config)
    return found


def _fell(change: Change, there: Standing, located: Located, found: Sorted) -> None:
    """A lead goes only as it was when somebody said so: what the sheet says since is not thrown away unseen."""
    columns = located.master.columns
    unseen = any(old is not None and name not in columns for name, (old, _) in change.fields.items())
    hidden = any(at(there.cells, column) is not None for column in located.unclear)
    if unseen or hidden or change.lead_id in found.writes:
        found.later.append(change)  # its header has to come back, or an edit of it goes first
        return
    was = {name: change.fields[name][0] if name in change.fields else None for name in there.values}
    differs = [n for n, old in was.items() if n not in OURS | {"lead_id"} and there.values[n] != old]
    # A word that its column cannot hold is seen by nobody in the app; what a formula comes to is.
    kept = {n: change.fields.get(n, (None, None))[0] for n in sorted(there.kept - there.odd)}
    differs += [n for n, old in kept.items() if (there.shown[n] != old if n in there.shown else not old)]
    differs += sorted(there.odd)
    if differs:
        labels = ", ".join(fields.BY_NAME[name].label for name in differs)
        found.blocked.append((change, f"It was changed in the sheet since ({labels}): look at it, and delete it again"))
        return
    found.fells.append(RowWrite(change.lead_id, (change,), there.row, {}, seen=there.cells))


def _spare(change: Change, found: Sorted) -> bool:
    """Whether a lead comes back that was to go but has not gone: it stays where it is."""
    going = [write for write in found.fells if write.lead_id == change.lead_id]
    later = [one for one in found.later if one.lead_id == change.lead_id]
    found.fells = [write for write in found.fells if write not in going]
    found.later = [one for one in found.later if one not in later]
    taken_back = [*(one for write in going for one in write.changes), *later]
    found.spared += [*taken_back, change] if taken_back else []
    return bool(taken_back)


def _taken_back(changes: Sequence[Change], standing: Mapping[str, Standing]) -> frozenset[str]:
    """Edits that were taken back before they went, and what took them back, with nothing in between: the sheet need not
    hear of either, whatever it says by now."""
    waiting: dict[str, list[Change]] = defaultdict(list)
    found: set[str] = set()
    for change in changes:
        before, there = waiting[change.lead_id], standing.get(change.lead_id)
        if before and there and cancels(change, before[-1]) and _not_begun(before, there):
            found |= {before.pop().change_id, change.change_id}
        else:
            before.append(change)
    return frozenset(found)


def _not_begun(waiting: Sequence[Change], there: Standing) -> bool:
    """Whether neither the sheet says anything yet of the last of these edits, nor those before it will: somebody may
    have set the same twice."""
    *before, last = waiting
    says = {name: new for one in before for name, (_, new) in one.fields.items()}
    fresh = {name: pair for name, pair in last.fields.items() if name not in OURS}
    return all(there.values.get(n) != new and says.get(n, old) == old for n, (old, new) in fresh.items())


def _merge(change: Change, there: Standing, located: Located, found: Sorted, config: Config) -> Standing:
    change, own = _without_what_follows(change, there, located, config)
    if own:
        labels = ", ".join(fields.BY_NAME[name].label for name in sorted(own))
        found.blocked.append((change, f"{labels}: the sheet has a formula or other words there, which stay"))
        return there
    if behind := _behind(change, found):
        found.covered.append((change, behind))
        return there
    merged = merge_change(change, there.values)
    if merged.conflicts and change.why == FOLLOWS:  # nobody's word disagrees with nobody: what was said stands
        change = _without(change, {one.field for one in merged.conflicts})
        merged = merge_change(change, there.values)
    if merged.conflicts:
        found.lost.append((change, merged.conflicts))
        return there
    if not merged.writes:
        found.said.append(change)
        return there
    if under := covered(located.merges, there.row, merged.writes, located.master.columns):
        found.covered.append((change, under))
        return there
    _add(change, there, merged.writes, found)
    return replace(there, values={**there.values, **merged.writes})


def _without_what_follows(
    change: Change, there: Standing, located: Located, config: Config
) -> tuple[Change, frozenset[str]]:
    """The change without what only follows from it where a person's own stands, and the other fields where one does.
    Where nothing else would be left of it, a person has set just that."""
    stays = located.filled.get(change.change_id, ())  # what it had shown before it shows again
    own = {n for n in change.fields if n in there.kept or (n in stays and there.values.get(n) is not None)}
    if not own:
        return change, frozenset()
    follows = own & ruled(change, there.values, config)
    if change.actor != "sync" and change.fields.keys() <= follows | OURS:
        follows &= OURS
    return _without(change, follows), frozenset(own - follows)


def _without(change: Change, names: Collection[str]) -> Change:
    return replace(change, fields={name: pair for name, pair in change.fields.items() if name not in names})


def _behind(change: Change, found: Sorted) -> list[str]:
    """The fields of an earlier change of this lead that waits for a merge, where this one touches one of them: it would
    be said first, and undone by the earlier one when the cells are free."""
    waiting = ((one, under) for one, under in found.covered if one.lead_id == change.lead_id)
    touched = change.fields.keys() - OURS
    return next((under for one, under in waiting if not touched.isdisjoint(one.fields)), [])


def _add(change: Change, there: Standing, writes: Mapping[str, Value], found: Sorted) -> None:
    before = found.writes.get(change.lead_id)
    kept = replace(change, fields={n: (there.values.get(n), value) for n, value in writes.items()})
    if before:
        found.writes[change.lead_id] = replace(
            before, changes=(*before.changes, kept), values={**before.values, **writes}
        )
    else:
        found.writes[change.lead_id] = RowWrite(change.lead_id, (kept,), there.row, writes, seen=there.cells)
