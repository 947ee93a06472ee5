"""Says what was lost, what stands under a stranger, what was done twice: at rest, from the history, the sheet and the
store. Decides; `chaos.episode` gathers what it needs.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from chaos.goings import felled_rightly, outcomes, withdrawn
from chaos.grid import Place
from chaos.standing import Finding, Standing, Verdict
from chaos.tokens import Mint, Promise, tokens_in
from chaos.track import Taken, Track
from core.model import ChangeKind, ChangeState

_ID = re.compile("L[0-9A-Z]+")  # a name that came to stand among the ids, with a row that had come crooked, is none


@dataclass(slots=True)
class Judgement:
    """Findings, and what was overwritten by a change whose writer had not seen it (allowed, and counted)."""

    findings: list[Finding] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)


def judge(track: Track, standing: Standing) -> Judgement:
    """Everything that the sheet at rest says."""
    found = Judgement()
    replay = _replayed(track, standing)
    found.findings += replay
    for token in track.mint.promises:
        found.findings += _lost(track, token, standing, found.unseen)
        found.findings += _misplaced(track, token, standing)
    found.findings += _sources(track, standing)
    found.findings += [*_halves(track, standing), *_twice(track, standing), *_theirs(track), *_ids(track, standing)]
    found.findings += [*_mixed(track, standing), *outcomes(track, standing)]
    return found


def _replayed(track: Track, standing: Standing) -> list[Finding]:
    """The replay of the history must be the sheet, or the oracle speaks of something else."""
    real = {(r, c): v for r, row in enumerate(standing.master) for c, v in enumerate(row) if v not in ("", None)}
    told = {(r, c): v for r, row in track.grid.texts() for c, v in enumerate(row) if v != ""}
    for place in sorted(real.keys() | told.keys()):
        one, other = real.get(place, ""), told.get(place, "")
        formula = isinstance(other, dict) and str(one).startswith("=")
        if tokens_in(one) != tokens_in(other) or (one == "") != (other == "" and not formula):
            return [Finding("replay", track.mint.operation, f"{place}: the sheet has {one!r}, the replay {other!r}")]
    return []


def _lost(track: Track, token: str, standing: Standing, unseen: list[str]) -> Iterator[Finding]:
    promise = track.mint.promises[token]
    places = track.stood.get(token, set())
    if token.startswith("a") and (promise.change_id in standing.excused or _set_aside(promise, standing)):
        return
    undone = withdrawn(track, token, standing, promise.lead_id, promise.field)
    said, told = (promise.lead_id, promise.field), token in standing.issues
    told = told or _went_with_its_column(track, promise)
    if token.startswith("a") and not (places or undone or told or _superseded(track, token, standing, *said)):
        state, why = standing.states.get(promise.change_id, (None, ""))
        yield Finding("lost", promise.operation, f"{promise} never came to its lead; its change is {state} {why}")
    for place in places:
        if token in tokens_in(track.grid.cells.get(place, "")):
            continue
        taken = track.taken[token, place]
        if taken.by_person or track.touched.get(place, (0, None))[0] > taken.number:
            continue
        if place[1] not in track.grid.columns:
            continue  # a person deleted the column since: there is no place to put it back to
        if taken.felled:
            if not felled_rightly(track, token, place, taken, standing):
                yield Finding("lost", promise.operation, f"{promise} went with a row that the app deleted: {taken}")
            continue
        if place[0] not in track.grid.rows:
            continue  # and so of the row
        if told:
            continue  # a row without an id, or a column that nobody can tell: a person is asked to put it right
        if withdrawn(track, token, standing, taken.lead_id, taken.field):
            continue
        home = said if promise.lead_id else (taken.lead_id, taken.field)
        if home == (taken.lead_id, taken.field) and _stands(track, promise):
            continue  # taken back whole too, and done again in the column that its field is now
        if _put_right(track, token, place, taken) or _superseded(track, token, standing, *home):
            continue  # taken back whole with an edit that had missed elsewhere, and done again with the one after it
        if token in track.landed and (taken.lead_id, taken.field) != (promise.lead_id, promise.field):
            continue  # a person had pasted it where it does not belong
        if not _replaced(track, token, taken, unseen):
            yield Finding("lost", promise.operation, f"{promise} was taken away by the app: {taken}")


def _went_with_its_column(track: Track, promise: Promise) -> bool:
    """Whether it came to the column that had been its field's, while that had another header, or to its row, while its
    id stood under another one and has found its place since; and a person deleted the column then."""
    homes = [(track.lead_at(row), column) for row, column in track.strays.get(promise.token, ())]
    homes += track.homes.get(promise.token, ())
    columns = [column for lead_id, column in homes if lead_id == promise.lead_id]
    return any(track.origin.get(c) == promise.field and c not in track.grid.columns for c in columns)


def _put_right(track: Track, token: str, place: Place, taken: Taken) -> bool:
    """Whether the app put a row right to which a word of ours had come besides: a person had copied it there, with a
    change that had landed by half, or a repair missed to there, after a sort of ids alone. It gave the lead back what
    it had taken from it, or the blank that stood there; and the word stands where it had landed."""
    home = (taken.lead_id, place[1])
    given = all(home in track.homes.get(one, ()) for one in taken.instead)
    return given and any(token in tokens_in(track.grid.cells.get(one, "")) for one in track.landed.get(token, ()))


def _set_aside(promise: Promise, standing: Standing) -> bool:
    """Whether a person is asked about the change, or has decided about it. It may have stood there, and made way for
    what somebody typed in the same instant; or the lead came without it, for its column was gone, and it waits."""
    carry = (promise.change_id, standing.kept_back.get(promise.token, ""))
    return any(_asked(change_id, promise, standing) for change_id in carry)


def _asked(change_id: str, promise: Promise, standing: Standing) -> bool:
    """Whether a change is in the conflict list, blocked with its reason, or of a lead that is listed as mixed up; or
    somebody decided against it, or for it, and the same is true of what that made."""
    state, why = standing.states.get(change_id, (None, ""))
    if state is ChangeState.CONFLICT and change_id not in standing.conflicts:
        found = standing.decided.get(change_id, ())
        own = [one for one in found if one.field == promise.field] or found
        ours = [one for one in own if one.ours]
        return all(_decided(one, promise, standing) for one in ours) if ours else bool(found)
    waits = state is ChangeState.PENDING and promise.lead_id in standing.frozen
    return state is ChangeState.CONFLICT or waits or bool(state is ChangeState.BLOCKED and why)


def _decided(one: Verdict, promise: Promise, standing: Standing) -> bool:
    """Whether a decision for the app's value asks for nothing more: something newer stood there, or its change is with
    a person again."""
    made = standing.acknowledged.get(one.made)
    newer = made is None or promise.field not in made.fields
    return newer or one.made in standing.excused or _asked(one.made, promise, standing)


def _superseded(track: Track, token: str, standing: Standing, lead_id: str, name: str) -> bool:
    """Whether a later change of the field where a token stood, made with it in sight, landed instead, or was taken back
    again: all went in one flush."""
    later = [one.token for one in track.mint.of_field(lead_id, name) if token in one.seen]
    return any(
        one in track.landed
        or withdrawn(track, one, standing, lead_id, name)
        or _superseded(track, one, standing, lead_id, name)
        for one in later
    )


def _replaced(track: Track, token: str, taken: Taken, unseen: list[str]) -> bool:
    """Whether an acknowledged change of that very field came instead."""
    mint: Mint = track.mint
    came = [mint.promises[one] for one in taken.instead if one.startswith("a")]
    rightly = any(one.lead_id == taken.lead_id and one.field == taken.field for one in came)
    if rightly and not any(token in one.seen for one in mint.of_field(taken.lead_id, taken.field)):
        unseen.append(token)
    return rightly


def _misplaced(track: Track, token: str, standing: Standing) -> Iterator[Finding]:
    promise = track.mint.promises[token]
    for row, column in track.strays.get(token, ()):
        if token not in tokens_in(track.grid.cells.get((row, column), "")):
            continue
        lead, name = track.lead_at(row), track.field_at(column)
        if (lead, name) == (promise.lead_id, promise.field) or token in standing.issues:
            continue
        yield Finding("misplaced", promise.operation, f"{promise} stands under {lead or 'no id'} in {name or '?'}")


def _sources(track: Track, standing: Standing) -> Iterator[Finding]:
    """Each row of the form has become a lead."""
    for token in sorted(standing.form - track.wrote.keys()):
        yield Finding("lost", track.mint.promises[token].operation, f"the row with {token} became no lead")


def _halves(track: Track, standing: Standing) -> Iterator[Finding]:
    """All fields of a change or none. Of one that was set aside nothing stands: what had landed of it was taken away.
    Unless a later edit carried it on, or a person put it there, as by a sort of what had gone astray."""
    by_change: dict[str, list[bool]] = {}
    for promise in track.mint.promises.values():
        if promise.change_id:
            state, _ = standing.states.get(promise.change_id, (None, ""))
            if state in (ChangeState.CONFLICT, ChangeState.BLOCKED, ChangeState.PENDING):  # which waits for its lead
                by_hand = (promise.lead_id, track.grid.column(promise.field)) in track.typed.get(promise.token, ())
                came = _stands(track, promise) and not by_hand and not _brought_back(track.mint, promise.token)
            else:
                taken_back = any(
                    not going.comes for going in track.mint.goings.get(promise.token, ())
                )  # before it came
                came = (
                    promise.token in track.landed
                    or promise.token in track.stood
                    or _superseded(track, promise.token, standing, promise.lead_id, promise.field)
                    or taken_back
                )
            by_change.setdefault(promise.change_id, []).append(came)
    for change_id, all_came in by_change.items():
        if any(all_came) and not all(all_came) and change_id not in standing.excused:
            tokens = [p for p in track.mint.promises.values() if p.change_id == change_id]
            yield Finding("half", tokens[0].operation, f"only some fields of {change_id} landed: {tokens}")


def _stands(track: Track, promise: Promise) -> bool:
    """Whether a token stands where it was meant to, now."""
    column = track.grid.column(promise.field)
    rows = [row for row in track.grid.rows[1:] if track.lead_at(row) == promise.lead_id]
    return any(
        promise.token in tokens_in(track.grid.cells.get((row, column), "")) for row in rows if column is not None
    )


def _brought_back(mint: Mint, token: str) -> bool:
    """Whether another change brings a token to its field: the undo of one that was made with it in sight."""
    return any(going.comes for going in mint.goings.get(token, ()))


def _twice(track: Track, standing: Standing) -> Iterator[Finding]:
    """Activity tells of each field of each change once, and a source row made one lead."""
    lines = Counter((row[1], row[2], row[4]) for row in standing.activity if len(row) > 4)
    for (change_id, lead_id, name), times in lines.items():
        if times > 1:
            yield Finding("twice", 0, f"Activity tells {times} times of {name} of {lead_id} in {change_id}")
    back = {change_id for change_id, one in standing.acknowledged.items() if one.kind is ChangeKind.RESTORE}
    new = (row for row in standing.activity if len(row) > 5 and row[4] == "lead" and not row[5])
    made = Counter(row[2] for row in new if row[1] not in back and not str(row[1]).startswith("repair "))
    for lead_id, times in made.items():
        if times > 1:
            yield Finding("twice", 0, f"Activity tells {times} times that {lead_id} was made")
    for token, leads in track.wrote.items():
        if len(leads) > 1:
            yield Finding("twice", track.mint.promises[token].operation, f"{token} became {sorted(leads)}")
    for token in track.landed:
        promise = track.mint.promises[token]
        told = {key for key in lines if key[0] == promise.change_id and key[2] in (promise.field, "lead")}
        if promise.change_id and not told and not _brought_back(track.mint, token):
            yield Finding("twice", promise.operation, f"Activity does not tell of {promise}")


def _theirs(track: Track) -> Iterator[Finding]:
    """People's own columns hold what people left there; where a person left a formula, one stands."""
    for place in {*track.touched, *track.grid.cells}:
        if place[1] in track.grid.made and place[0] in track.grid.rows and place[1] in track.grid.columns:
            left = track.touched.get(place, (0, ""))[1]
            now = track.grid.cells.get(place, "")
            formula = isinstance(left, dict) and tokens_in(left) == tokens_in(now)
            if (
                left != now
                and not formula
                and not _came_back(track, place, now)
                and not _was_astray(track, place, left)
            ):
                yield Finding("theirs", track.mint.operation, f"a person left {left!r}, now it says {now!r}")


def _was_astray(track: Track, place: Place, left: object) -> bool:
    """Whether somebody had copied a row, or moved it, while an edit of the app stood there astray, with all that is
    written along with it: it took them out of both. So it does where a page of the sheet was pasted awry, and the edit
    came to stand beside where it was."""
    tokens, lead_id = tokens_in(left), track.lead_at(place[0])
    astray = {t for t in tokens if any(place[1] == c or lead_id == lead for lead, c in track.misled.get(t, ()))}
    return tokens == astray and any(token.startswith("a") for token in astray)


def _came_back(track: Track, place: Place, now: object) -> bool:
    """Whether a lead that was deleted had come back with what it had there, into a row where nobody had put a word. The
    row may have another id since: somebody has copied it. What is no word of the mint's somebody had once pasted into
    that column."""
    if track.touched.get(place, (0, None))[1] not in ("", None):
        return False
    tokens, put = tokens_in(now), (left for one, (_, left) in track.touched.items() if one[1] == place[1])
    return all(place in track.stood.get(one, ()) for one in tokens) if tokens else now in put


def _ids(track: Track, standing: Standing) -> Iterator[Finding]:
    """Ids stand once, or people doubled them and the app says so; and the app takes no lead's id away. Of two rows the
    copy gets another one, also where a person clears the first one's in that instant."""
    ids = Counter(track.lead_at(row) for row in track.grid.rows[1:])
    for lead_id, times in ids.items():
        if lead_id and times > 1 and lead_id not in standing.issues:
            yield Finding("ids", track.mint.operation, f"{lead_id} stands {times} times and nobody is told")
    for lead_id, place in track.ids.overwritten.items():
        gone = _ID.fullmatch(lead_id) and lead_id not in {*ids, *(track.ids.doubled & track.ids.cleared)}
        last = track.touched.get(place, (0, None))[0] <= track.ids.written[place]
        if gone and last and place[0] in track.grid.rows:
            yield Finding("ids", track.mint.operation, f"the app overwrote {lead_id}, which stands nowhere now")


def _mixed(track: Track, standing: Standing) -> Iterator[Finding]:
    """Leads that have each other's e-mails are listed: two values that changed places were put there by nobody who knew
    them. What somebody at the app took from its lead did not go astray: a copy of whom it went to may keep it."""
    column = track.grid.column("email")
    if column is None or standing.forgetful:
        return
    says = {track.lead_at(row): tokens_in(track.grid.cells.get((row, column), "")) for row in track.grid.rows[1:]}
    left = {
        token: leads
        - standing.accepted
        - standing.frozen
        - standing.strangers
        - {one for one in leads if _said(track.mint, one, token) is False or _app_took(track, one, token, column)}
        for token, leads in track.wrote.items()
    }
    strange = {
        lead_id: token
        for lead_id, tokens in says.items()
        for token in tokens
        if lead_id
        and lead_id not in standing.accepted
        and not _said(track.mint, lead_id, token)
        and _belongs_elsewhere(lead_id, left.get(token, set()), token, says)
    }
    if len(set(strange.values())) > 1 and not strange.keys() & standing.frozen:
        yield Finding("mixed", track.mint.operation, f"leads have each other's e-mails, nobody is told: {strange}")


def _app_took(track: Track, lead_id: str, token: str, column: int) -> bool:
    """Whether the app wrote over a token of a lead, in the order in which its changes arrived."""
    return any(track.app_took(token, (row, column)) for row in track.grid.rows[1:] if track.lead_at(row) == lead_id)


def _said(mint: Mint, lead_id: str, token: str) -> bool | None:
    """Whether somebody at the app said that a lead has this e-mail, or has it no more (who puts a mix-up right may take
    that back); None where nobody said either."""
    goings = [one for one in mint.goings.get(token, ()) if (one.lead_id, one.field) == (lead_id, "email")]
    return goings[-1].comes if goings else None


def _belongs_elsewhere(lead_id: str, owners: set[str], token: str, says: Mapping[str, frozenset[str]]) -> bool:
    """Whether the lead that an e-mail was written for stands there without it."""
    return lead_id not in owners and any(one in says and token not in says[one] for one in owners)
