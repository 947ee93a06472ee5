"""Deletions, restorations and undos as the oracle sees them: what an acknowledged one allows, and what it asks for.

Part of `chaos.oracle`. Decides.
"""

from __future__ import annotations

from collections.abc import Iterator

from chaos.grid import Place
from chaos.standing import Finding, Standing
from chaos.tokens import Going, tokens_in
from chaos.track import Taken, Track
from core.model import ChangeKind, ChangeState

_ARRIVED = (ChangeState.APPLIED, ChangeState.DONE)


def withdrawn(track: Track, token: str, standing: Standing, lead_id: str, name: str) -> bool:
    """Whether an acknowledged undo took a token out of a field, or a deletion took it with its lead."""
    goings = (g for g in track.mint.goings.get(token, ()) if not g.comes and g.lead_id == lead_id)
    return any(_may_have_come(standing, g.change_id) for g in goings if name in (g.field, "") or _fells(standing, g))


def felled_rightly(track: Track, token: str, place: Place, taken: Taken, standing: Standing) -> bool:
    """Whether a row that the app deleted was of a lead that somebody deleted with this token in sight, or is back. What
    stands in people's own columns goes with its lead, and comes back with it."""
    back = any(number > taken.number for (one, _), number in track.came.items() if one == token)
    return (
        back
        or (place[1] in track.grid.made and _deleted(standing, taken.lead_id))
        or withdrawn(track, token, standing, taken.lead_id, "")
    )


def _deleted(standing: Standing, lead_id: str) -> bool:
    found = (one for one in standing.acknowledged.values() if one.lead_id == lead_id and one.kind is ChangeKind.DELETE)
    return any(_may_have_come(standing, one.change_id) for one in found)


def _fells(standing: Standing, going: Going) -> bool:
    change = standing.acknowledged.get(going.change_id)
    return change is not None and change.kind is ChangeKind.DELETE


def _may_have_come(standing: Standing, change_id: str) -> bool:
    """A change that waits or was set aside has not come; of one that only a deleted database knew nobody can say."""
    state, _ = standing.states.get(change_id, (None, ""))
    return state is None or state in _ARRIVED or change_id in standing.excused


def outcomes(track: Track, standing: Standing) -> Iterator[Finding]:
    """The last that was said of each lead's coming or going, and each undo, is in the sheet once it is said to be."""
    ids = {track.lead_at(row): row for row in track.grid.rows[1:]}
    last = {one.lead_id: one for one in standing.acknowledged.values() if one.kind is not ChangeKind.UPDATE}
    for lead_id, change in last.items():
        if standing.states.get(change.change_id, (None, ""))[0] not in _ARRIVED:
            continue
        if change.kind is ChangeKind.DELETE and lead_id in ids and not _put_there(track, ids[lead_id]):
            yield Finding("lost", track.mint.operation, f"{lead_id} was deleted by {change.change_id} and stands there")
        gone = lead_id not in ids and track.ids.named.get(lead_id, 0) <= track.ids.fell.get(lead_id, 0)
        if change.kind is ChangeKind.RESTORE and gone and lead_id in track.ids.fell:
            yield Finding("lost", track.mint.operation, f"{lead_id} was restored and stands nowhere")
    yield from _undone(track, standing, ids)


def _put_there(track: Track, row: int) -> bool:
    """Whether a person wrote the row's id, or had copied its row: one of the two went."""
    column = track.grid.column("lead_id")
    return track.lead_at(row) in track.ids.doubled or (column is not None and (row, column) in track.touched)


def _undone(track: Track, standing: Standing, ids: dict[str, int]) -> Iterator[Finding]:
    """What was taken back last stands there no more, unless a person wrote there since."""
    for token, goings in track.mint.goings.items():
        last = goings[-1]
        column = track.grid.column(last.field) if last.field else None
        place = (ids.get(last.lead_id, -1), -1 if column is None else column)
        arrived = standing.states.get(last.change_id, (None, ""))[0] in _ARRIVED
        if last.comes or not arrived or token not in tokens_in(track.grid.cells.get(place, "")):
            continue
        if _fells(standing, last) and last.lead_id in track.ids.doubled:
            continue
        if _gone_from_one(track, token, last.lead_id, place) or _came_elsewhere(track, token, standing, last, place):
            continue
        known = last.lead_id in standing.frozen | standing.accepted  # the app lists the lead, or somebody took it so
        if (known or _named_along(track, place[0])) and _sorted_under(track, token, place):
            continue
        if place not in track.touched or track.touched[place][0] < track.came.get((token, place), 0):
            yield Finding("lost", track.mint.operation, f"{token} was taken back by {last} and stands there")


def _gone_from_one(track: Track, token: str, lead_id: str, place: Place) -> bool:
    """Whether a lead stands in several rows, and a token in some of them only: the app counts one, and says which. A
    person may have deleted that one since, or given it to another lead."""
    rows = [row for row in track.grid.rows[1:] if track.lead_at(row) == lead_id]
    if any(token not in tokens_in(track.grid.cells.get((row, place[1]), "")) for row in rows):
        return True
    went = [one for (word, there), one in track.taken.items() if word == token and there[0] != place[0]]
    since = track.came.get((token, place), 0)
    return lead_id in track.ids.doubled and any(
        not one.by_person and one.lead_id == lead_id and one.number > since for one in went
    )


def _came_elsewhere(track: Track, token: str, standing: Standing, last: Going, place: Place) -> bool:
    """Whether the field was another column when the undo came, for people had given that one its header: what it brings
    back has come there. Of one that brings back nothing: a person wrote the header of this column since."""
    change, since = standing.acknowledged.get(last.change_id), track.came.get((token, place), 0)
    words = tokens_in(change.fields[last.field][1]) if change and last.field in change.fields else frozenset[str]()
    if not words:
        return track.touched.get((track.grid.rows[0], place[1]), (0, None))[0] > since
    others = [column for column in track.grid.columns if column != place[1]]
    return any(all(track.came.get((word, (place[0], column)), 0) > since for word in words) for column in others)


def _sorted_under(track: Track, token: str, place: Place) -> bool:
    """Whether a person gave the row its id after the app wrote a token there: as a sort of the ids alone does."""
    column = track.grid.column("lead_id")
    named = track.touched.get((place[0], column), (0, None))[0] if column is not None else 0
    return named > track.came.get((token, place), 0)


def _named_along(track: Track, row: int) -> bool:
    """Whether a person gave the row its id and its name in one: it is that lead's to the app, and nothing to list."""
    places = [(row, column) for column in map(track.grid.column, ("lead_id", "full_name")) if column is not None]
    moments = {track.touched.get(place, (0, None))[0] for place in places}
    return len(places) > 1 and len(moments) == 1
