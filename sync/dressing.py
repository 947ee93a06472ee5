"""Master's drop-downs and colours brought up to date when Settings or Team change what can be chosen.

The last step of `sync.cycle`; a read and a write only when something changed. Rules that people made stay: ours are
known by the column they stand on and the colours that only we use.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from core.config import Config
from core.model import Issue
from store import issues, state
from store.database import reading
from sync.batch import MasterShape
from sync.errors import Refused
from sync.layout import OUR_COLOURS, colours, drop_downs
from sync.link import Link
from sync.ranges import from_json
from sync.sheets import batch, conditional_formats

DRESSED = "dressed"
_PICKED = ("status", "priority", "assigned_to", "next_follow_up", "do_not_contact")


def choices(config: Config) -> str:
    """What Master offers to choose from, as remembered."""
    statuses = [[one.label, one.kind.value] for one in config.statuses]
    team = [person.name for person in config.team if person.active]
    return json.dumps([statuses, list(config.priorities), team])


def dress(link: Link, master: MasterShape, config: Config) -> None:
    """Drop-downs and colour rules as the configuration has them now, where those columns stand now. Raises
    SheetsProblem where nobody answers; then the next cycle tries again."""
    wanted = choices(config)
    with reading(link.engine) as conn:
        if state.get(conn, DRESSED) == wanted:
            return
    link.step("dress")
    standing = conditional_formats(link.sheets, master.sheet_id)
    columns = {name: column for name, column in master.columns.items() if name in _PICKED}
    header = ["" if column not in columns.values() else name for column, name in _by_column(master)]
    requests = [*_without(master.sheet_id, standing, columns), *drop_downs(master.sheet_id, header, config)]
    requests += colours(master.sheet_id, columns, config)
    said: list[tuple[str, Issue]] = []
    try:
        batch(link.sheets, requests, (), "spreadsheetId")
    except Refused as refusal:  # for good: leads go on, and a person sees why the choices are the old ones
        reason = f"The drop-downs of {master.title} could not be brought up to date: {refusal}"
        said = [(DRESSED, Issue(master.title, 1, reason))]
    with link.engine.begin() as conn:
        issues.clear(conn, master.sheet_id, [DRESSED])
        issues.add(conn, master.sheet_id, said)
        state.put(conn, DRESSED, wanted)


def _by_column(master: MasterShape) -> Iterator[tuple[int, str]]:
    names = {column: name for name, column in master.columns.items()}
    return ((column, names.get(column, "")) for column in range(max(names, default=-1) + 1))


def _without(
    sheet_id: int, standing: Sequence[Mapping[str, Any]], columns: Mapping[str, int]
) -> Iterator[dict[str, Any]]:
    """Takes our own rules down, the last one first, so that the places of the others hold."""
    for index in range(len(standing) - 1, -1, -1):
        if is_ours(standing[index], columns):
            yield {"deleteConditionalFormatRule": {"sheetId": sheet_id, "index": index}}


def is_ours(rule: Mapping[str, Any], columns: Mapping[str, int]) -> bool:
    """A rule on the status or follow-up column alone, in one of our colours."""
    places = [from_json(one) for one in rule.get("ranges", ())]
    shown = rule.get("booleanRule", {}).get("format", {}).get("backgroundColor", {})
    colour = tuple(round(shown.get(part, 0.0), 2) for part in ("red", "green", "blue"))
    ours = {columns.get("status"), columns.get("next_follow_up")} - {None}
    alone = all(one.column in ours and one.column_end == one.column + 1 for one in places)
    return bool(places) and alone and colour in OUR_COLOURS
