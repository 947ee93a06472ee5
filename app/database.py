"""One read transaction for a request, begun when a view first asks and ended with the request; writes on their own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import cast

from flask import Flask, current_app, g
from sqlalchemy import Connection, Engine

from app.settings import AppSettings
from core.config import Config
from store import counters, database, state
from store.config import default_config, load_config

_ENGINE = "bumuk_engine"
_SETTINGS = "bumuk_settings"
_CONFIG = "bumuk_config"


@dataclass(frozen=True, slots=True)
class _KeptConfig:
    """The configuration that was in force at a revision of the book, over what ships."""

    shipped: Config
    revision: int
    config: Config


def attach(app: Flask, settings: AppSettings, engine: Engine) -> None:
    """Make settings and engine known to the views of `app`."""
    shipped = settings.shipped or replace(default_config(), timezone=settings.timezone)
    app.extensions[_ENGINE] = engine
    app.extensions[_SETTINGS] = settings
    app.extensions[_CONFIG] = _KeptConfig(shipped, -1, shipped)
    app.teardown_request(_close)


def settings() -> AppSettings:
    return cast(AppSettings, current_app.extensions[_SETTINGS])


def now() -> datetime:
    """The present, UTC."""
    return settings().clock()


def local(at: datetime) -> datetime:
    """A moment as the library's clock shows it."""
    return at.astimezone(settings().timezone)


def today() -> date:
    """The library's day, which is not UTC's."""
    return local(now()).date()


def reading() -> Connection:
    """This request's connection: one consistent picture of the book for everything that a page shows."""
    if "reading" not in g:
        g.reading_ends = ExitStack()
        g.reading = g.reading_ends.enter_context(database.reading(_engine()))
    return cast(Connection, g.reading)


@contextmanager
def writing() -> Iterator[Connection]:
    """A transaction of its own, committed when the block ends well. Reads of this request see it from then on, also
    where the block itself has read."""
    _close()
    with _engine().begin() as conn:
        yield conn
    _close()


def revision() -> int:
    """The book's revision in this request's picture of it, asked for once."""
    conn = reading()
    if "revision" not in g:
        g.revision = counters.revision(conn)
    return cast(int, g.revision)


def sync_told() -> str:
    """What the sync said last of itself, as it is kept; asked for once in a request."""
    conn = reading()
    if "sync_told" not in g:
        g.sync_told = state.get(conn, state.STATUS) or ""
    return cast(str, g.sync_told)


def config() -> Config:
    """The configuration in force. It is read again when the book's revision moved, as it does with Settings."""
    kept = cast(_KeptConfig, current_app.extensions[_CONFIG])
    if kept.revision != revision():
        kept = replace(kept, revision=revision(), config=load_config(reading(), kept.shipped))
        current_app.extensions[_CONFIG] = kept
    return kept.config


def _engine() -> Engine:
    return cast(Engine, current_app.extensions[_ENGINE])


def _close(_error: BaseException | None = None) -> None:
    g.pop("reading", None)
    g.pop("revision", None)
    g.pop("sync_told", None)
    ends = cast("ExitStack | None", g.pop("reading_ends", None))
    if ends is not None:
        ends.close()
