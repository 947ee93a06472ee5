"""A picture of the sheet that belongs to the fence in force: one read where nothing is new.

The first steps of `sync.cycle`: gather, settle, and gather again only where the first picture turned out to be old.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from core.config import Config
from core.model import Issue
from core.reading import hot_rows
from core.renaming import former_labels
from store import issues, state, tabs, watch
from store.config import knows_settings, load_config, read_tabs, save_config_source, save_former, with_former
from store.database import reading
from sync.crm import Head
from sync.errors import Refused
from sync.gather import Picture, TabRead, gather, sized
from sync.link import Link
from sync.proving import wanted
from sync.ranges import GridRange
from sync.reading import read
from sync.restore import FENCE
from sync.settling import settle, take_place
from sync.tabs import TAB_COUNT, UNFINISHED


def look_at_sheet(link: Link, config: Config, now: datetime) -> tuple[Picture, Head]:
    """A picture that belongs to the fence in force. One read where nothing is new."""
    picture = _gather(link, config, now)
    with link.writing.alone():
        head, outdated = settle(link, picture, config, now)
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
    with reading(link.engine) as conn:
        known, fence = tabs.all_tabs(conn), state.get(conn, FENCE)
    if not known:
        return Picture(None, ())

    turn = link.turn if link.window else None
    most = max((hot_rows(one, turn) for one in sized(known) if one.master), default=0)

    def hot() -> list[int]:
        with reading(link.engine) as conn:
            return [row - 1 for row in watch.hot_rows(conn, now.astimezone(config.timezone).date(), now, most)]

    link.step("read")
    proof = [one for tab in known if tab.role == "crm" for one in wanted(link, tab.sheet_id)]
    try:
        picture = gather(link.sheets, known, turn, hot, proof)
        asked = picture.head is not None and str(picture.head.fence) == fence
        with link.writing.alone():  # whoever wrote beside us has remembered it by now, or was cut short
            return replace(picture, proof=picture.proof if asked else (), after=fence)  # else it was written over
    except Refused:
        take_place(link, config)  # a tab was deleted, or grew shorter or narrower than we knew it
        with reading(link.engine) as conn:
            known = tabs.all_tabs(conn)
        return gather(link.sheets, known, None, hot)  # the next window goes by the header that this read shows


def _new_source(link: Link, picture: Picture, config: Config) -> bool:
    """A tab that was no source has other first rows now: look at it properly, once."""
    changed = [one for one in picture.others() if one.digest != one.tab.digest]
    if not changed:
        return False
    before = {one.tab.sheet_id for one in picture.sources()}
    take_place(link, config)
    _remember_others(link, picture)
    with reading(link.engine) as conn:
        return any(tab.role == "source" and tab.sheet_id not in before for tab in tabs.all_tabs(conn))


def _find_end(link: Link, master: TabRead) -> bool:
    """Many rows were deleted at Master's end: where it ends now, by its first column. False where no row is left."""
    rows = read(link.sheets, [GridRange(master.tab.sheet_id, 0, None, 0, 1)])[0]
    with link.engine.begin() as conn:
        tabs.put_tab(conn, replace(master.tab, rows=len(rows), digest=""))
    return len(rows) > 1


def _remember_others(link: Link, picture: Picture) -> None:
    """The first rows of tabs that are no sources, so that only a change makes us look again. One that an import still
    fills is looked at again in every cycle: its name will change, and nothing else may."""
    with link.engine.begin() as conn:
        for one in picture.others():
            kept = tabs.tab(conn, one.tab.sheet_id)
            if kept and kept.role in ("ask", "skip") and not kept.title.startswith(UNFINISHED):
                tabs.put_tab(conn, replace(kept, digest=one.digest))


def heed_settings(link: Link, picture: Picture, config: Config) -> Config:
    """Settings and Team as they stand now; bad rows are shown, the last good ones hold."""
    settings, team = picture.of("settings"), picture.of("team")
    if settings is None or team is None:
        return config
    with link.engine.begin() as conn:
        begun = knows_settings(conn)
        if not save_config_source(conn, settings.rows, team.rows):
            return config
        found = load_config(conn, link.shipped)
        if (found.column_synonyms, found.skipped_tabs) != (config.column_synonyms, config.skipped_tabs):
            _read_anew(conn)
        if begun:
            save_former(conn, former_labels(with_former(conn, config), found))
        found = with_former(conn, found)
        for tab in tabs.all_tabs(conn):
            if tab.role == "master":
                tabs.put_tab(conn, replace(tab, digest=""))  # its words may mean something else now
        for one, bad in zip((settings, team), settings_issues(conn, link, settings, team), strict=True):
            issues.replace(conn, one.tab.sheet_id, [(f"row {issue.row}", issue) for issue in bad])
    return found


def _read_anew(conn: Connection) -> None:
    """Other words for columns, or other tabs to skip: the next cycle looks at every tab as if for the first time."""
    for tab in tabs.all_tabs(conn):
        if tab.role == "source":
            tabs.put_tab(conn, replace(tab, digest=""))
    state.forget(conn, TAB_COUNT)


def settings_issues(
    conn: Connection, link: Link, settings: TabRead, team: TabRead
) -> tuple[tuple[Issue, ...], tuple[Issue, ...]]:
    """What is wrong with the rows of Settings and of Team."""
    found = read_tabs(conn, settings.rows, team.rows, link.shipped)
    return found.settings_issues, found.team_issues
