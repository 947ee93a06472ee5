"""Reads `core/defaults.toml` into a `Config`. The shells read the file, this turns its text into types.

Where it stands: at start, before the Settings and Team tabs (`core.settings_tab`) are laid over it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from types import MappingProxyType

from core.config import Config, Person, Scoring, Status, StatusKind
from core.headers import FIELDS
from core.text import fold

_Toml = dict[str, object]


class ConfigError(ValueError):
    """The configuration's text is wrong; the message names the place."""


def parse_defaults(toml_text: str) -> Config:
    """The configuration that ships. Raises `ConfigError` naming what is wrong."""
    try:
        return _config(tomllib.loads(toml_text))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"not TOML: {error}") from error
    except KeyError as error:
        raise ConfigError(f"{error.args[0]} is missing") from error


def _config(table: _Toml) -> Config:
    statuses = tuple(_status(row) for row in _tables(table, "status"))
    if not statuses:
        raise ConfigError("no [[status]]")
    return Config(
        statuses=statuses,
        priorities=_words(table, "priorities"),
        column_synonyms=column_table(_lists(table, "columns")),
        source_synonyms=synonym_table(_lists(table, "sources")),
        city_aliases=synonym_table(_lists(table, "cities")),
        local_cities=_words(table, "local_cities"),
        email_domains=_words(table, "email_domains"),
        skipped_tabs=_words(table, "skipped_tabs"),
        scoring=_scoring(_table(table, "scoring")),
        team=tuple(_person(row) for row in _tables(table, "team")),
        names=MappingProxyType({key: _text(_table(table, "messages"), key) for key in _table(table, "messages")}),
    )


def synonym_table(names: Mapping[str, tuple[str, ...]]) -> Mapping[str, str]:
    """Folded word -> canonical name; the canonical name itself counts. Earlier names win."""
    found: dict[str, str] = {}
    for canonical in names:
        found.setdefault(fold(canonical), canonical)
    for canonical, synonyms in names.items():
        for synonym in synonyms:
            found.setdefault(fold(synonym), canonical)
    found.pop("", None)
    return MappingProxyType(found)


def column_table(names: Mapping[str, tuple[str, ...]]) -> Mapping[str, str]:
    """Folded header -> field. Raises `ConfigError` for a field that does not exist."""
    for field in names:
        if field not in FIELDS:
            raise ConfigError(f"columns: there is no field {field}")
    return synonym_table(names)


def _status(row: _Toml) -> Status:
    try:
        kind = StatusKind(_text(row, "kind"))
    except ValueError as error:
        raise ConfigError(f"status {row.get('id')}: kind is open, won or lost") from error
    synonyms = _words(row, "synonyms") if "synonyms" in row else ()
    return Status(_text(row, "id"), _text(row, "label"), kind, _whole(row, "follow_up_days"), synonyms)


def _person(row: _Toml) -> Person:
    return Person(_text(row, "name"), _text(row, "email"), _text(row, "role"))


def _scoring(table: _Toml) -> Scoring:
    return Scoring(
        base=_whole(table, "base"),
        email=_whole(table, "email"),
        child_known=_whole(table, "child_known"),
        child_in_age=_whole(table, "child_in_age"),
        child_age_from=_whole(table, "child_age_from"),
        child_age_to=_whole(table, "child_age_to"),
        city_local=_whole(table, "city_local"),
        source_points=_points(table, "sources"),
        type_points=_points(table, "types"),
        status_points=_points(table, "statuses"),
        fresh=_whole(table, "fresh"),
        fresh_days=_whole(table, "fresh_days"),
        stale=_whole(table, "stale"),
        stale_days=_whole(table, "stale_days"),
        urgent_from=_whole(table, "urgent_from"),
        high_from=_whole(table, "high_from"),
        medium_from=_whole(table, "medium_from"),
    )


def _points(table: _Toml, key: str) -> Mapping[str, int]:
    part = _table(table, key)
    return MappingProxyType({name: _whole(part, name) for name in part})


def _table(table: _Toml, key: str) -> _Toml:
    value = table[key]
    if not isinstance(value, dict):
        raise ConfigError(f"{key} is not a table")
    return value


def _tables(table: _Toml, key: str) -> list[_Toml]:
    value = table[key]
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise ConfigError(f"{key} is not a list of tables")
    return value


def _lists(table: _Toml, key: str) -> dict[str, tuple[str, ...]]:
    part = _table(table, key)
    return {name: _words(part, name) for name in part}


def _words(table: _Toml, key: str) -> tuple[str, ...]:
    value = table[key]
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise ConfigError(f"{key} is not a list of words")
    return tuple(value)


def _text(table: _Toml, key: str) -> str:
    value = table[key]
    if not isinstance(value, str):
        raise ConfigError(f"{key} is not a text")
    return value


def _whole(table: _Toml, key: str) -> int:
    value = table[key]
    if not isinstance(value, int) or isinstance(value, bool):
        raise ConfigError(f"{key} is not a whole number")
    return value
