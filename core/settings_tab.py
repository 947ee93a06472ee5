"""The Settings tab: what stands in it at set-up, and how it is read.

Where it stands: the sync writes `settings_rows` once into a new spreadsheet and reads the tab every cycle. One row says
one thing: `setting` names the part, `name` what it is about, `value`, `kind` and `days` say it, `synonyms` are words
that mean the same, with commas between. A part that has rows replaces that part of the defaults; a bad row is an Issue,
and what it is about stays as the configuration in force before had it. The Team tab is `core.team_tab`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from types import MappingProxyType
from typing import Any

from core import messages, picklists
from core.config import Config, Scoring, Status, StatusKind
from core.config_parse import synonym_table
from core.headers import FIELDS
from core.model import Cell, Issue
from core.team_tab import read_team, team_rows
from core.text import cell_text, fold, tidy, tidy_lines

__all__ = ["SETTINGS_HEADER", "read_settings", "read_team", "settings_rows", "team_rows"]

TITLE = "Settings"
SETTINGS_HEADER: tuple[Cell, ...] = ("setting", "name", "value", "kind", "days", "synonyms")
_POINTS = {"source points": "source_points", "type points": "type_points", "status points": "status_points"}
_WHOLES = tuple(part.name for part in fields(Scoring) if part.name not in _POINTS.values())
_WORD_LISTS = {"local city": "local_cities", "e-mail domain": "email_domains", "skipped tab": "skipped_tabs"}
_TABLES = {"column": "column_synonyms", "source": "source_synonyms", "city": "city_aliases"}
_OPTIONS = ("clean_typed_cells", "unanswered_limit")
_MOST_DAYS, _MOST_POINTS, _MOST_CALLS = 3650, 1000, 50


class _BadRowError(ValueError):
    """A row of Settings that cannot hold; the message is for the person who typed it."""


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    setting: str
    name: str
    value: str
    kind: str
    days: str
    synonyms: tuple[str, ...]


def settings_rows(config: Config) -> tuple[tuple[Cell, ...], ...]:
    """The tab's rows with its header, as set-up writes them."""
    rows: list[tuple[Cell, ...]] = [SETTINGS_HEADER]
    rows += [
        ("status", one.status_id, one.label, one.kind.value, one.follow_up_days, ", ".join(one.synonyms))
        for one in config.statuses
    ]
    rows += [("priority", label, label, "", "", "") for label in config.priorities]
    rows += [("scoring", name, getattr(config.scoring, name), "", "", "") for name in _WHOLES]
    for setting, part in _POINTS.items():
        points: Mapping[str, int] = getattr(config.scoring, part)
        rows += [(setting, name, value, "", "", "") for name, value in points.items()]
    for setting, part in _WORD_LISTS.items():
        rows += [(setting, word, "", "", "", "") for word in getattr(config, part)]
    rows += [("option", name, getattr(config, name), "", "", "") for name in _OPTIONS]
    rows += [("message", name, text, "", "", "") for name, text in config.names.items()]
    for setting, part in _TABLES.items():
        rows += [
            (setting, name, "", "", "", ", ".join(words)) for name, words in _grouped(getattr(config, part)).items()
        ]
    return tuple(rows)


def _grouped(table: Mapping[str, str]) -> dict[str, list[str]]:
    """Canonical name -> its other words."""
    groups: dict[str, list[str]] = {}
    for word, canonical in table.items():
        words = groups.setdefault(canonical, [])
        if word != fold(canonical):
            words.append(word)
    return groups


def read_settings(
    rows: Sequence[Sequence[Cell]], base: Config, good: Config | None = None
) -> tuple[Config, tuple[Issue, ...]]:
    """What the tab's rows (header first) make of `base`, and an Issue for each row that cannot hold: what it is about
    stays as in `good`, the last configuration that held (`base` where there was none)."""
    if not rows:
        return base, ()
    places, issues = _places(rows[0])
    if issues:
        return good or base, issues
    reader = _Reader(base, good or base)
    for number, cells in enumerate(rows[1:], 2):
        row = _row(number, cells, places)
        if row.setting or row.name or row.value:
            reader.take(row)
    return reader.finish()


def _places(header: Sequence[Cell]) -> tuple[dict[str, int], tuple[Issue, ...]]:
    places = {fold(cell_text(cell)): at for at, cell in enumerate(header)}
    missing = [str(name) for name in SETTINGS_HEADER if name not in places]
    if missing:
        reason = f"The header of {TITLE} lacks {', '.join(missing)}; the last good settings stay in force"
        return places, (Issue(TITLE, 1, reason),)
    return places, ()


def _row(number: int, cells: Sequence[Cell], places: Mapping[str, int]) -> _Row:
    def at(name: str) -> str:
        place = places[name]
        return cell_text(cells[place]).strip() if place < len(cells) else ""

    synonyms = tuple(word for word in (tidy(part) for part in re.split(r"[,;\n]", at("synonyms"))) if word)
    return _Row(
        number, fold(at("setting")), tidy(at("name")), tidy_lines(at("value")), at("kind"), at("days"), synonyms
    )


class _Reader:
    """Collects the rows of Settings part by part."""

    def __init__(self, base: Config, good: Config) -> None:
        self.base, self.good = base, good
        self.issues: list[Issue] = []
        self.statuses: list[Status] = []
        self.priorities: list[str] = []
        self.wrong_priorities = False
        self.tables: dict[str, dict[str, tuple[str, ...]]] = {}
        self.words: dict[str, list[str]] = {}
        self.points: dict[str, dict[str, int]] = {}
        self.wholes: dict[str, int] = {}
        self.messages: dict[str, str] = {}
        self.options: dict[str, Any] = {}
        self.kinds: dict[str, Callable[[_Row], None]] = {
            "status": self._status,
            "priority": self._priority,
            "scoring": self._whole,
            "option": self._option,
            "message": self._message,
        }
        for parts, take in ((_TABLES, self._table), (_POINTS, self._point), (_WORD_LISTS, self._word)):
            self.kinds |= dict.fromkeys(map(fold, parts), take)

    def take(self, row: _Row) -> None:
        """Reads one row; a bad one becomes an Issue and leaves what it is about as it was."""
        try:
            take = self.kinds.get(row.setting)
            if take is None:
                raise _BadRowError(f"“{row.setting}” is not a setting")
            take(row)
        except _BadRowError as error:
            self.issues.append(Issue(TITLE, row.number, f"{TITLE}, row {row.number}: {error}"))
            self._keep(row)

    def _keep(self, row: _Row) -> None:
        scoring, name = self.good.scoring, row.name
        if row.setting == "status":
            known = [one for one in self.good.statuses if one.status_id == _status_id(row)]
            taken = {one.status_id for one in self.statuses} | {fold(one.label) for one in self.statuses}
            self.statuses += [one for one in known if one.status_id not in taken and fold(one.label) not in taken]
        elif row.setting == "priority":  # each has its place among all: they stay together
            self.wrong_priorities = True
        elif row.setting in _POINTS and name in (points := getattr(scoring, _POINTS[row.setting])):
            self.points.setdefault(row.setting, {})[name] = points[name]
        elif row.setting == "scoring" and name in _WHOLES:
            self.wholes[name] = getattr(scoring, name)
        elif row.setting == "option" and name in _OPTIONS:
            self.options[name] = getattr(self.good, name)
        elif row.setting == "message" and name in self.good.names:
            self.messages[name] = self.good.names[name]

    def _status(self, row: _Row) -> None:
        label = tidy(row.value)
        if not label:
            raise _BadRowError("a status needs a label in “value”")
        if any(fold(label) == fold(one.label) for one in self.statuses):
            raise _BadRowError(f"the status “{label}” stands twice")
        status_id = _status_id(row)
        if any(status_id == one.status_id for one in self.statuses):
            raise _BadRowError(f"the status id “{status_id}” stands twice")
        try:
            kind = StatusKind(fold(row.kind))
        except ValueError as error:
            raise _BadRowError(f"the kind of “{label}” is open, won or lost, not “{row.kind}”") from error
        days = _number(row.days, f"the follow-up days of “{label}”", 0, _MOST_DAYS)
        self.statuses.append(Status(status_id, label, kind, days, row.synonyms))

    def _priority(self, row: _Row) -> None:
        label = tidy(row.value or row.name)
        if not label:
            raise _BadRowError("a priority needs a name")
        if fold(label) in map(fold, self.priorities):
            raise _BadRowError(f"the priority “{label}” stands twice")
        self.priorities.append(label)

    def _table(self, row: _Row) -> None:
        setting = row.setting
        if not row.name:
            raise _BadRowError(f"a {setting} needs a name")
        if setting == "column" and row.name not in FIELDS:
            raise _BadRowError(f"there is no field “{row.name}”")
        known = self.tables.setdefault(setting, {})
        known[row.name] = known.get(row.name, ()) + row.synonyms

    def _word(self, row: _Row) -> None:
        if not row.name:
            raise _BadRowError(f"“{row.setting}” needs a name")
        self.words.setdefault(row.setting, []).append(row.name)

    def _point(self, row: _Row) -> None:
        points = _number(row.value, f"the points of “{row.name}”", -_MOST_POINTS, _MOST_POINTS)
        self.points.setdefault(row.setting, {})[row.name] = points

    def _whole(self, row: _Row) -> None:
        if row.name not in _WHOLES:
            raise _BadRowError(f"there is no scoring “{row.name}”")
        low = 0 if row.name.endswith(("_days", "_from", "_to")) else -_MOST_POINTS
        self.wholes[row.name] = _number(row.value, f"“{row.name}”", low, _MOST_DAYS)

    def _option(self, row: _Row) -> None:
        if row.name == "unanswered_limit":
            self.options[row.name] = _number(row.value, f"“{row.name}”", 1, _MOST_CALLS)
            return
        wanted = picklists.flag(row.value)
        if row.name != "clean_typed_cells":
            raise _BadRowError(f"there is no option “{row.name}”")
        if wanted is None:
            raise _BadRowError(f"“{row.name}” is TRUE or FALSE, not “{row.value}”")
        self.options[row.name] = wanted

    def _message(self, row: _Row) -> None:
        if not row.name:
            raise _BadRowError("a message needs a name")
        unknown, known = messages.unknown(row.value), " ".join(f"{{{name}}}" for name in messages.FIELDS)
        if unknown:
            raise _BadRowError(f"{unknown} is nothing that “{row.name}” can name; there are {known}")
        self.messages[row.name] = row.value

    def finish(self) -> tuple[Config, tuple[Issue, ...]]:
        base, words = self.base, {fold(part): name for part, name in _WORD_LISTS.items()}
        found: dict[str, tuple[str, ...]] = {words[setting]: tuple(kept) for setting, kept in self.words.items()}
        tables = {_TABLES[setting]: synonym_table(kept) for setting, kept in self.tables.items()}
        statuses = self._checked_statuses()
        config = replace(
            base,
            statuses=statuses,
            priorities=self.good.priorities if self.wrong_priorities else tuple(self.priorities) or base.priorities,
            column_synonyms=tables.get("column_synonyms", base.column_synonyms),
            source_synonyms=tables.get("source_synonyms", base.source_synonyms),
            city_aliases=tables.get("city_aliases", base.city_aliases),
            local_cities=found.get("local_cities", base.local_cities),
            email_domains=tuple(map(str.lower, found.get("email_domains", base.email_domains))),
            skipped_tabs=found.get("skipped_tabs", base.skipped_tabs),
            scoring=self._scoring(statuses),
            **self.options,
            names=MappingProxyType(dict(base.names) | self.messages),
        )
        return config, tuple(self.issues)

    def _checked_statuses(self) -> tuple[Status, ...]:
        if not self.statuses:
            return self.base.statuses
        if not any(one.kind is StatusKind.OPEN for one in self.statuses):
            reason = f"{TITLE}: no status is open, so new leads could have none; the last good statuses stay in force"
            self.issues.append(Issue(TITLE, 1, reason))
            return self.good.statuses
        return tuple(self.statuses)

    def _scoring(self, statuses: Sequence[Status]) -> Scoring:
        kept: dict[str, Any] = {name: getattr(self.base.scoring, name) for name in Scoring.__slots__}
        scoring = Scoring(**kept | self.wholes)
        points = {_POINTS[setting]: MappingProxyType(kept) for setting, kept in self.points.items()}
        scoring = replace(
            scoring,
            source_points=points.get("source_points", scoring.source_points),
            type_points=points.get("type_points", scoring.type_points),
            status_points=_by_id(points.get("status_points", scoring.status_points), statuses),
        )
        if not scoring.medium_from <= scoring.high_from <= scoring.urgent_from:
            reason = f"{TITLE}: medium_from, high_from and urgent_from must rise; the last good ones stay in force"
            self.issues.append(Issue(TITLE, 1, reason))
            good = self.good.scoring
            scoring = replace(
                scoring, medium_from=good.medium_from, high_from=good.high_from, urgent_from=good.urgent_from
            )
        return scoring


def _by_id(points: Mapping[str, int], statuses: Sequence[Status]) -> Mapping[str, int]:
    """The points of statuses by their ids, also where a row names one by its label."""
    ids = {fold(one.label): one.status_id for one in statuses} | {one.status_id: one.status_id for one in statuses}
    return MappingProxyType({ids.get(name, ids.get(fold(name), name)): kept for name, kept in points.items()})


def _status_id(row: _Row) -> str:
    return row.name or fold(row.value).replace(" ", "_")


def _number(text: str, what: str, low: int, high: int) -> int:
    if not re.fullmatch(r"-?\d{1,6}(?:\.0+)?", text, re.ASCII):
        raise _BadRowError(f"{what} must be a whole number, not “{text}”")
    value = int(text.split(".")[0])
    if not low <= value <= high:
        raise _BadRowError(f"{what} must be between {low} and {high}, not {value}")
    return value
