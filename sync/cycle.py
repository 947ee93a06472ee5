"""One cycle of the worker, on one screen: gather, settle, see what people did, take in, carry out, report.

Everything before `carry_out` only reads; everything that it writes goes through the one flush.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from core.config import Config
from core.model import Disposition, Issue
from core.plan import unattended_risk
from core.reading import windows
from core.settings_tab import read_settings, read_team
from store import issues, mirror, state, tabs, watch
from store.config import load_config, save_config_source
from store.state import SyncStatus
from sync.batch import MasterShape
from sync.carry import Carried, carry_out
from sync.crm import Head
from sync.errors import Refused, SheetsProblem, UnsafePicture
from sync.flush import Busy
from sync.gather import Picture, TabRead, gather, read_whole
from sync.intake import Intake, take_in, wants_whole
from sync.link import Link
from sync.people import look, shape_of
from sync.ranges import GridRange
from sync.settling import settle, take_place
from sync.sheets import read
from sync.tabs import LOCALE

MISSING = "missing_leads"


@dataclass(frozen=True, slots=True)
class CycleReport:
    """What a cycle did: source rows by how they ended, leads updated, calls made, seconds taken."""

    cycle: int
    created: int
    merged: int
    attention: int
    skipped: int
    updated: int
    conflicts: int
    reads: int
    writes: int
    seconds: float

    def json(self) -> str:
        """One object, as `bumuk sync --once --json` prints it."""
        found = {name: getattr(self, name) for name in ("cycle", *_COUNTS)}
        calls = {"read": self.reads, "write": self.writes}
        return json.dumps(found | {"calls": calls, "seconds": round(self.seconds, 3)})

    def sentence(self) -> str:
        """The same for a person."""
        rows = self.created + self.merged + self.attention + self.skipped
        if not (rows or self.updated):
            return f"Nothing new. {self.reads} read, {self.writes} written, {self.seconds:.1f} s."
        found = f"{rows:,} rows: {self.created:,} made leads, {self.merged:,} belong to leads that are there, "
        found += f"{self.attention:,} need attention, {self.skipped:,} skipped. {self.updated:,} leads updated."
        return f"{found} Calls: {self.reads} read, {self.writes} written, {self.seconds:.1f} s."


_COUNTS = ("created", "merged", "attention", "skipped", "updated", "conflicts")


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a cycle would carry out."""

    head: Head
    master: MasterShape
    intake: Intake
    config: Config


def run_cycle(link: Link, now: datetime, *, attended: bool = False) -> CycleReport:
    """One whole cycle. Raises SheetsProblem (remembered, so that pages show it) and `flush.Busy`."""
    started, reads, writes = time.perf_counter(), link.sheets.meter.read, link.sheets.meter.write
    link.turn += 1
    try:
        ready = prepare(link, now)
        if not attended:
            refuse_unsafe(link, ready.intake)
        carried = carry_out(link, ready.head, ready.master, ready.intake, ready.config, now)
    except SheetsProblem as problem:
        note(link, now, f"{problem}. {problem.remedy}")
        raise
    except Busy:
        raise
    except Exception as mistake:
        note(
            link,
            now,
            f"The worker stumbled over something it does not know ({type(mistake).__name__}); its log says more",
        )
        raise
    note(link, now, "")
    return _report(link, carried, reads, writes, time.perf_counter() - started)


def prepare(link: Link, now: datetime) -> Prepared:
    """Everything up to the plan; writes nothing but a missing set-up."""
    config = _config(link)
    picture, head = _look(link, config, now)
    config = heed_settings(link, picture, config)
    master = see_people(link, picture, config)
    sources = _whole_where_wanted(link, picture, config)
    with link.engine.begin() as conn:
        locale = state.get(conn, LOCALE) or "en_US"
        intake = take_in(conn, sources, config, locale, now)
    link.step("planned")
    return Prepared(head, master, intake, config)


def _whole_where_wanted(link: Link, picture: Picture, config: Config) -> list[TabRead]:
    """The sources as read, those in doubt read whole."""
    with link.engine.begin() as conn:
        doubtful = {one.tab.sheet_id for one in picture.sources() if wants_whole(conn, one, config)}
    return [read_whole(link.sheets, one.tab) if one.tab.sheet_id in doubtful else one for one in picture.sources()]


def _config(link: Link) -> Config:
    with link.engine.begin() as conn:
        return load_config(conn, link.shipped)


def _look(link: Link, config: Config, now: datetime) -> tuple[Picture, Head]:
    """A picture that belongs to the fence in force. One read where nothing is new."""
    picture = _gather(link, config, now)
    head, outdated = settle(link, picture.head, config)
    if outdated:
        picture = _gather(link, config, now)
        _remember_others(link, picture)
    elif _new_source(link, picture, config):
        picture = _gather(link, config, now)
    master = picture.of("master")
    if master and master.end_lost and _find_end(link, master):
        picture = _gather(link, config, now)
    return picture, head


def _gather(link: Link, config: Config, now: datetime) -> Picture:
    with link.engine.begin() as conn:
        known = tabs.all_tabs(conn)
    if not known:
        return Picture(None, ())

    def hot() -> list[int]:
        with link.engine.begin() as conn:
            return [row - 1 for row in watch.hot_rows(conn, now.astimezone(config.timezone).date(), now)]

    link.step("read")
    try:
        return gather(link.sheets, known, link.turn, hot)
    except Refused:
        take_place(link, config)  # a tab was deleted, or grew shorter than we knew it
        with link.engine.begin() as conn:
            known = tabs.all_tabs(conn)
        return gather(link.sheets, known, link.turn, hot)


def _new_source(link: Link, picture: Picture, config: Config) -> bool:
    """A tab that was no source has other first rows now: look at it properly, once."""
    changed = [one for one in picture.others() if one.digest != one.tab.digest]
    if not changed:
        return False
    before = {one.tab.sheet_id for one in picture.sources()}
    take_place(link, config)
    _remember_others(link, picture)
    with link.engine.begin() as conn:
        return any(tab.role == "source" and tab.sheet_id not in before for tab in tabs.all_tabs(conn))


def _find_end(link: Link, master: TabRead) -> bool:
    """Many rows were deleted at Master's end: where it ends now, by its first column. False where no row is left."""
    rows = read(link.sheets, [GridRange(master.tab.sheet_id, 0, None, 0, 1)])[0]
    with link.engine.begin() as conn:
        tabs.put_tab(conn, replace(master.tab, rows=len(rows), digest=""))
    return len(rows) > 1


def _remember_others(link: Link, picture: Picture) -> None:
    """The first rows of tabs that are no sources, so that only a change makes us look again."""
    with link.engine.begin() as conn:
        for one in picture.others():
            kept = tabs.tab(conn, one.tab.sheet_id)
            if kept and kept.role in ("ask", "skip"):
                tabs.put_tab(conn, replace(kept, digest=one.digest))


def heed_settings(link: Link, picture: Picture, config: Config) -> Config:
    """Settings and Team as they stand now; bad rows are shown, the last good ones hold."""
    settings, team = picture.of("settings"), picture.of("team")
    if settings is None or team is None:
        return config
    with link.engine.begin() as conn:
        if not save_config_source(conn, settings.rows, team.rows):
            return config
        found = load_config(conn, link.shipped)
        for one, bad in zip((settings, team), settings_issues(link, settings, team), strict=True):
            issues.replace(conn, one.tab.sheet_id, [(f"row {issue.row}", issue) for issue in bad])
    return found


def settings_issues(link: Link, settings: TabRead, team: TabRead) -> tuple[tuple[Issue, ...], tuple[Issue, ...]]:
    """What is wrong with the rows of Settings and of Team."""
    config, bad = read_settings(settings.rows, link.shipped)
    return bad, read_team(team.rows, config)[1]


def see_people(link: Link, picture: Picture, config: Config) -> MasterShape:
    """Master into the mirror. Raises UnsafePicture rather than believe that everything is gone."""
    seen = picture.of("master")
    if seen is None:
        raise UnsafePicture("Master could not be read")
    shape = shape_of(seen.tab.sheet_id, seen.tab.title, seen.rows[0] if seen.rows else (), seen.last_row)
    with link.engine.begin() as conn:
        if "lead_id" not in shape.columns:
            raise UnsafePicture("Master has no lead_id column any more")
        if seen.last_row <= 1 and mirror.count(conn):
            raise UnsafePicture("Master is suddenly empty")
        if seen.digest == seen.tab.digest and not state.get(conn, MISSING):
            return shape
        present, doubts = _see_parts(conn, seen, shape, config)
        if seen.complete:
            issues.replace(conn, seen.tab.sheet_id, doubts)
            _miss(conn, present)
        else:
            issues.add(conn, seen.tab.sheet_id, doubts)
            watch.forget_rows_after(conn, seen.last_row)
        tabs.put_tab(conn, seen.seen())
    if not seen.complete and link.turn % windows(seen.last_row) == 0:
        _search_lost(link, shape)
    return shape


def _see_parts(
    conn: Connection, seen: TabRead, shape: MasterShape, config: Config
) -> tuple[set[str], list[tuple[str, Issue]]]:
    """The ids that stand in what was read, and cells that could not be understood."""
    present: set[str] = set()
    doubts: list[tuple[str, Issue]] = []
    for part in seen.parts:
        first, rows = (2, part.rows[1:]) if part.first == 0 else (part.first + 1, part.rows)
        found = look(shape, rows, first, mirror.seen_rows(conn, first, first + len(rows) - 1), config)
        mirror.put_synced(conn, found.changed)
        mirror.move_rows(conn, found.moved)
        present.update(one.lead.lead_id for one in found.changed)
        present.update(found.unchanged, (lead_id for lead_id, _ in found.moved))
        doubts += [(f"row {issue.row}", issue) for issue in found.issues]
    return present, doubts


def _miss(conn: Connection, present: set[str]) -> None:
    """A lead is taken for deleted only when two complete looks agree."""
    known = {one.lead_id for one in mirror.seen_rows(conn, 1, 2**31)} | set(watch.lost(conn))
    once = set(json.loads(state.get(conn, MISSING) or "[]"))
    missing = known - present
    mirror.set_state(conn, sorted(missing & once), "deleted")
    again = sorted(missing - once)
    if again:
        state.put(conn, MISSING, json.dumps(again))
    else:
        state.forget(conn, MISSING)


def _search_lost(link: Link, master: MasterShape) -> None:
    """Leads that a whole round of windows has not met: look for them in the whole id column, one read."""
    with link.engine.begin() as conn:
        lost = watch.lost(conn)
    if not lost:
        return
    column = master.columns["lead_id"]
    cells = read(link.sheets, [GridRange(master.sheet_id, 1, None, column, column + 1)])[0]
    rows = {str(row[0]): number for number, row in enumerate(cells, 2) if row}
    with link.engine.begin() as conn:
        mirror.move_rows(conn, [(lead_id, rows[lead_id]) for lead_id in lost if lead_id in rows])
        _miss(conn, set(rows))


def refuse_unsafe(link: Link, intake: Intake) -> None:
    """A plan that would change more of Master than a careful person lets pass unseen waits for `bumuk sync --once`."""
    with link.engine.begin() as conn:
        risk = unattended_risk(intake.plan, mirror.count(conn))
    if risk:
        raise UnsafePicture(risk)


def note(link: Link, now: datetime, problem: str) -> None:
    """How the sync goes, for the pages and /readyz; `problem` in plain words, "" for none."""
    with link.engine.begin() as conn:
        before = state.read_status(conn)
        good = before.last_good_at if problem else now
        lag = (now - good).total_seconds() if good else None
        calls = link.calls_last_minute()
        state.write_status(
            conn,
            SyncStatus(last_cycle_at=now, last_good_at=good, lag_seconds=lag, calls_last_minute=calls, problem=problem),
        )


def _report(link: Link, carried: Carried, reads: int, writes: int, seconds: float) -> CycleReport:
    rows = Counter(entry.disposition for entry in carried.entries)
    with link.engine.begin() as conn:
        number = int(state.get(conn, "cycles") or 0) + 1
        state.put(conn, "cycles", str(number))
        conflicts = state.read_status(conn).conflicts
    meter = link.sheets.meter
    created, merged, attention, skipped = (rows[one] for one in Disposition)
    return CycleReport(
        number,
        created,
        merged,
        attention,
        skipped,
        carried.updated,
        conflicts,
        meter.read - reads,
        meter.write - writes,
        seconds,
    )
