"""What people did in Master, taken into the mirror.

A step of `sync.cycle`, after the picture and before intake. Refuses pictures that cannot be true.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from core import fields
from core.config import Config
from core.model import ChangeKind, ChangeState
from core.reading import windows
from store import issues, kept, mirror, outbox, state, stopped, tabs, watch
from store.database import reading
from sync import hidden, locked
from sync.batch import MasterShape
from sync.errors import UnsafePicture, Unsettled
from sync.freezing import as_before, sift, whose
from sync.gather import Part, Picture, TabRead
from sync.glancing import Glance, glance, last_seen, look_around, look_closer
from sync.heard import hear
from sync.link import Link
from sync.missed import MISSING, cleared, miss, search_lost, seen_again
from sync.people import NO_IDS, Seen, Unnamed, id_in, look, shape_of, unclear_fields
from sync.proving import UNPROVEN
from sync.restore import FENCE, UNREAD
from sync.standstill import standing_still
from sync.twice import doubled

UNNAMED = "unnamed_rows"  # wait for their ids: a look has met them, and nobody has written those yet
_LOOKS = 2  # a row that is looked at again may itself show who has a name of another


@dataclass(frozen=True, slots=True)
class SeenMaster:
    """Master's shape, and the rows in it that want an id."""

    shape: MasterShape
    unnamed: tuple[Unnamed, ...] = ()


def see_people(link: Link, picture: Picture, config: Config, now: datetime) -> SeenMaster:
    """Master into the mirror. Raises UnsafePicture rather than believe that everything is gone, Unsettled where another
    worker has written since the picture was taken. Leads that we have written since are left to the next picture."""
    seen = picture.of("master")
    if seen is None:
        raise UnsafePicture("Master could not be read")
    shape = shape_of(seen.tab.sheet_id, seen.tab.title, seen.rows[0] if seen.rows else (), seen.last_row)
    with link.engine.begin() as conn:
        gone = [name for name in fields.NAMES if name not in shape.columns]
        stopped.put(conn, gone)
        if not gone:
            stopped.remember_whole(conn, shape.header)
        back = stopped.unread(conn).difference(gone)
        if back:
            state.put(conn, FENCE, UNREAD)
    if back:  # what leads say there is read back as a whole: else it would pass for typed
        raise Unsettled("A header is back under which nothing was read yet")
    with reading(link.engine) as conn:
        written = _written_since(link, conn, picture)
        if "lead_id" not in shape.columns:
            raise UnsafePicture(NO_IDS)
        if seen.last_row <= 1 and any(one.lead_id not in written for one in mirror.seen_rows(conn, 1, 2**31)):
            raise UnsafePicture("Master is suddenly empty")
        kept_back = any(state.get(conn, key) for key in (MISSING, hidden.HIDDEN, UNNAMED, locked.REFUSED))
        waiting = kept_back or outbox.in_state(conn, ChangeState.APPLIED, 1)
        if seen.digest == seen.tab.digest and not waiting:
            return SeenMaster(shape)
        glimpsed = glance(conn, seen.window, shape, config) if seen.window else Glance()
    closer, glimpsed = ((), glimpsed) if seen.complete else look_around(link, seen, glimpsed, shape)
    with reading(link.engine) as conn:  # what takes long holds up nobody
        looked = _look(conn, (*seen.parts, *closer), glimpsed, shape, config)
    if not seen.complete:
        looked = _look_for_owners(link, (*seen.parts, *closer), looked, glimpsed, shape, config)
    with link.writing.alone():  # what was read closer may show a write that is just being remembered
        with link.engine.begin() as conn:
            written = _written_since(link, conn, picture)
            state.put(conn, FENCE, state.get(conn, FENCE) or "")  # held: PostgreSQL would let another worker in between
            if not seen.complete:
                watch.forget_rows_of(conn, cleared(conn, (*seen.parts, *closer), shape))
            _take(conn, seen, looked.but(written), glimpsed.but(written), written, shape, config, now)
            hidden.forget_named(conn, seen, looked.unnamed)
            locked.forget_named(conn, shape, seen, looked.unnamed)
        if link.window and not seen.complete and link.turn % windows(seen.last_row) == 0:
            search_lost(link, shape, now)
    return SeenMaster(shape, looked.unnamed)


def adopted(link: Link) -> None:
    """The rows without an id have had their turn; until then every cycle looks at them anew."""
    with link.engine.begin() as conn:
        state.forget(conn, UNNAMED)


def _written_since(link: Link, conn: Connection, picture: Picture) -> frozenset[str]:
    """The leads that we have written since the picture was taken: it shows them as they were, and that would pass for
    undone by a person. Raises Unsettled where another worker of this database wrote, and nobody here knows what; and
    where rows have moved, so that what is read closer would not stand where the picture shows it."""
    fence = state.get(conn, FENCE)
    wrote = link.writing.since(picture.head.fence, fence) if picture.head else None
    if wrote is None or wrote.moves or picture.gone_back:
        raise Unsettled("The sheet was written to while it was looked at")
    return wrote.leads


def _look(conn: Connection, read: Sequence[Part], glimpsed: Glance, shape: MasterShape, config: Config) -> Seen:
    """Compare the rows that were read whole with what was last seen at them, or elsewhere of their leads."""
    rows = dict(pair for part in read for pair in part.body())  # a row may be read in two parts
    before = glimpsed.before or {
        one.lead_id: one for part in read for one in mirror.seen_rows(conn, part.first + 1, part.first + len(part.rows))
    }
    ids = (lead_id for row in rows.values() if (lead_id := id_in(shape, row)))
    known = last_seen(conn, ids, before)
    # A cell that could not be understood is said again at each look, wherever its row stands by then.
    doubtful = {one.issue.row for one in issues.standing(conn, shape.sheet_id)}
    known |= {lead_id: one._replace(digest="") for lead_id, one in known.items() if one.row in doubtful}
    twice = doubled(conn, (id_in(shape, row) for row in rows.values()))
    return look(shape, list(rows.items()), known, config, twice)


def _look_for_owners(
    link: Link, read: Sequence[Part], looked: Seen, glimpsed: Glance, shape: MasterShape, config: Config
) -> Seen:
    """What was looked at, and with it the rows of those who had a name, a phone or an e-mail that a lead has now. No
    read where nobody else had it."""
    for _ in range(_LOOKS):
        shown = {*glimpsed.as_they_were, *looked.unchanged, *(one.lead.lead_id for one in looked.changed)}
        shown.update(lead_id for lead_id, _ in looked.moved)
        with reading(link.engine) as conn:
            rows = whose(conn, looked.changed, looked.unnamed, shown)
        left = sorted(rows - {row for part in read for row, _ in part.body()})
        closer = look_closer(link, shape.sheet_id, left)
        if not closer:
            break
        read = (*read, *closer)
        with reading(link.engine) as conn:
            looked = _look(conn, read, glimpsed, shape, config)
    return looked


def _take(
    conn: Connection, seen: TabRead, looked: Seen, glimpsed: Glance, but: frozenset[str],
    shape: MasterShape, config: Config, now: datetime,
) -> None:  # fmt: skip
    """What was read, into the mirror. The leads `but` are not in it: they stand, and what they say is seen later."""
    present = _see_rows(conn, looked, glimpsed, shape, config, now)
    _doubt(conn, seen.tab.sheet_id, looked, whole=seen.complete and not but)
    if seen.complete:
        miss(conn, present | but, now)
    else:
        seen_again(conn, present)
        if not but:  # else it may have grown since
            watch.forget_rows_after(conn, seen.last_row)
    if looked.unnamed:
        state.put(conn, UNNAMED, "1")
    else:  # they went, or stand where another look shows them anew
        state.forget(conn, UNNAMED)
    _confirm(conn, present, certain=seen.complete or not state.get(conn, UNPROVEN))
    tabs.put_tab(conn, replace(seen.seen(), digest="") if but else seen.seen())


def _doubt(conn: Connection, sheet_id: int, looked: Seen, *, whole: bool) -> None:
    """The issues of Master's rows as they were looked at now; those of others stand, and what is no row's."""
    rows = {f"row {one.row}" for one in looked.changed}
    others = [
        (one.fingerprint, one.issue)
        for one in issues.standing(conn, sheet_id)
        if not (one.fingerprint.startswith("row ") if whole else one.fingerprint in rows)
    ]
    issues.replace(conn, sheet_id, [*others, *((f"row {issue.row}", issue) for issue in looked.issues)])


def _see_rows(
    conn: Connection, seen: Seen, glimpsed: Glance, shape: MasterShape, config: Config, now: datetime
) -> set[str]:
    """The rows of leads into the mirror; the ids that stand in what was read."""
    watch.forget_rows_of(conn, glimpsed.gone)
    changed = standing_still(conn, seen.changed, shape)
    moved = [*glimpsed.moved, *seen.moved]
    as_they_were = {*glimpsed.as_they_were, *seen.unchanged, *(lead_id for lead_id, _ in moved)}
    as_before(conn, as_they_were)
    believed = sift(conn, changed, seen.unnamed, now)
    hear(conn, believed, unclear_fields(seen.issues), config, now)
    kept.drop(conn, "deleted", [one.lead.lead_id for one in believed])  # whoever stands there again is not deleted
    mirror.put_synced(conn, believed)
    mirror.move_rows(conn, moved)
    return as_they_were | {one.lead.lead_id for one in changed}


def _confirm(conn: Connection, present: set[str], *, certain: bool) -> None:
    """Applied changes whose lead a read has shown since are done; of a deleted one, when it shows no more: `certain` is
    that of a whole look, or where the flush that deleted it is proven."""
    applied = [one.change for one in outbox.in_state(conn, ChangeState.APPLIED, 5_000)]
    seen = [one for one in applied if one.kind is not ChangeKind.DELETE and one.lead_id in present]
    seen += [one for one in applied if one.kind is ChangeKind.DELETE and certain and one.lead_id not in present]
    outbox.mark(conn, [change.change_id for change in seen], ChangeState.DONE)
