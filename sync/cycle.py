"""One cycle of the worker, on one screen: gather, settle, see what people did, take in, carry out, report.

Everything before `carry_out` only reads; everything that it writes goes through the one flush.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime

from core.config import Config
from core.plan import unattended_risk
from store import mirror, ownership, state
from store.config import load_config
from store.database import reading
from sync.adopting import adopt
from sync.batch import MasterShape
from sync.carry import Carried, carry_answers, carry_out
from sync.crm import Head
from sync.dressing import dress
from sync.errors import FenceLost, ReadOnlyHere, SheetsProblem, UnsafePicture, Unsettled
from sync.flush import Busy
from sync.gather import Picture, TabRead, read_whole
from sync.intake import Intake, take_in, wants_whole
from sync.link import Link
from sync.looking import heed_settings, look_at_sheet
from sync.outgoing import drain
from sync.pacing import take_turn
from sync.people import Unnamed
from sync.report import CycleReport, note, report_of
from sync.seeing import adopted, see_people
from sync.settling import look_again
from sync.tabs import LOCALE

ATTEMPTS = 4  # to put a flush right, within one cycle


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a cycle would carry out."""

    head: Head
    master: MasterShape
    intake: Intake
    config: Config
    unnamed: tuple[Unnamed, ...]


def run_cycle(link: Link, now: datetime, *, attended: bool = False) -> CycleReport:
    """One whole cycle. Raises SheetsProblem (remembered, so that pages show it) and `flush.Busy`."""
    started, reads, writes = time.perf_counter(), link.sheets.meter.read, link.sheets.meter.write
    try:
        take_turn(link, now)
        carried = _until_settled(link, now, attended)
    except SheetsProblem as problem:
        link.writing.ready = False
        if isinstance(problem, FenceLost):
            look_again(link)
        note(link, now, f"{problem}. {problem.remedy}")
        raise
    except Busy:
        raise
    except Exception as mistake:
        link.writing.ready = False
        said = f"The worker stumbled over something it does not know ({type(mistake).__name__}); its log says more"
        note(link, now, said)
        raise
    note(link, now, "")
    return report_of(link, carried, reads, writes, time.perf_counter() - started)


def taking_over(link: Link, now: datetime, *, attended: bool = False) -> CycleReport:
    """A cycle for a person who has decided that we write here, whoever did before."""
    try:
        return run_cycle(link, now, attended=attended)
    except ReadOnlyHere:
        with link.engine.begin() as conn:
            ownership.decide(conn, "take_over")
    return run_cycle(link, now, attended=attended)


def _until_settled(link: Link, now: datetime, attended: bool) -> Carried:
    """A flush that went astray is put right by looking again, at once; so is one beside this cycle whose end is not
    known and that moved the fence."""
    for _ in range(ATTEMPTS - 1):
        try:
            return _turn(link, now, attended)
        except Unsettled:
            continue
        except FenceLost:
            if link.writing.ready:
                raise
    return _turn(link, now, attended)


def _turn(link: Link, now: datetime, attended: bool) -> Carried:
    ready = prepare(link, now)
    if not attended:
        refuse_unsafe(link, ready.intake)
    head, master = drain(link, ready.head, ready.master, ready.config, now)
    head = adopt(link, head, master, ready.unnamed, ready.config, now)
    if ready.unnamed:
        adopted(link)
    head = carry_answers(link, head, master, ready.config, now)
    carried = carry_out(link, head, master, ready.intake, ready.config, now)
    dress(link, master, ready.config)
    return carried


def prepare(link: Link, now: datetime) -> Prepared:
    """Everything up to the plan; writes nothing but a missing set-up."""
    config = _config(link)
    picture, head = look_at_sheet(link, config, now)
    link.step("settled")
    config = heed_settings(link, picture, config)
    seen = see_people(link, picture, config, now)
    link.writing.ready = True
    sources = _whole_where_wanted(link, picture, config)
    with reading(link.engine) as conn:
        locale = state.get(conn, LOCALE) or "en_US"
        intake = take_in(conn, sources, config, locale, now)
    link.step("planned")
    return Prepared(head, seen.shape, intake, config, seen.unnamed)


def _whole_where_wanted(link: Link, picture: Picture, config: Config) -> list[TabRead]:
    """The sources as read, those in doubt read whole."""
    with reading(link.engine) as conn:
        doubtful = {one.tab.sheet_id for one in picture.sources() if wants_whole(conn, one, config)}
    return [read_whole(link.sheets, one.tab) if one.tab.sheet_id in doubtful else one for one in picture.sources()]


def _config(link: Link) -> Config:
    with reading(link.engine) as conn:
        return load_config(conn, link.shipped)


def refuse_unsafe(link: Link, intake: Intake) -> None:
    """A plan that would change more of Master than a careful person lets pass unseen waits for `bumuk sync --once`."""
    with reading(link.engine) as conn:
        risk = unattended_risk(intake.plan, mirror.count(conn))
    if risk:
        raise UnsafePicture(risk)
