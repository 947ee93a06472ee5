"""Puts the parts together: what the environment says becomes an open store, an open spreadsheet, a web app.

Behind the front door (`bumuk.py`), which only parses commands and prints. Each function imports the room that it opens:
the web needs no worker, the worker no web, the sheet server neither.
"""

from __future__ import annotations

import os
import secrets
import socket
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from processes import Part, wait_until

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy import Engine

    from core.config import Config
    from core.settings import Settings
    from sync.link import Link

ADMIN_EMAIL = "admin@localhost"
LINK_MINUTES = 60.0


class NotStarted(Exception):
    """A part did not start; what it printed says why."""


def settings_now() -> Settings:
    """The settings of this environment. Raises SettingsError, by name."""
    from dotenv import dotenv_values

    from core.settings import parse

    return parse(os.environ, dotenv_values(".env"))


def secret_key(settings: Settings) -> str:
    """SECRET_KEY, or one made once and kept in DATA_DIR."""
    if settings.secret_key:
        return settings.secret_key
    file = settings.data_dir / "secret-key"
    make_data_dir(settings)
    if not file.exists():
        draft = file.with_name(f"secret-key.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48))
        with suppress(FileExistsError):  # another part made it just now: theirs counts
            os.link(draft, file)
        draft.unlink()
    return file.read_text()


def shipped_config(settings: Settings) -> Config:
    """What ships, with what the environment sets."""
    from store.config import default_config

    region, shown = settings.phone_region, settings.phone_format
    return replace(default_config(), timezone=settings.zone, phone_region=region, phone_format=shown)


def open_store(settings: Settings) -> Engine:
    """The database, created and brought up to date. Raises SettingsError, by name, where it cannot be opened."""
    from sqlalchemy.exc import DBAPIError

    from core.settings import SettingsError
    from store.database import database_url, open_database
    from store.migrate import NewerDatabase

    make_data_dir(settings)
    named = "DATABASE_URL" if settings.database_url else "DATA_DIR"
    try:
        return open_database(database_url(settings.database_url, settings.data_dir))
    except ValueError as error:  # says DATABASE_URL itself, and keeps the password to itself
        raise SettingsError(str(error)) from error
    except (NewerDatabase, OSError) as error:
        raise SettingsError(f"{named}: {error}") from error
    except DBAPIError as error:
        raise SettingsError(f"{named}: the database cannot be opened: {str(error.orig).splitlines()[0]}") from error


def make_data_dir(settings: Settings) -> None:
    """The folder of everything that is kept on this machine. Raises SettingsError where it cannot be made."""
    from core.settings import SettingsError

    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"DATA_DIR: the folder {settings.data_dir} cannot be used: {error.strerror}") from error


def sheets_base(settings: Settings) -> str | None:
    """The address of the sheet server; None is Google's."""
    if settings.sheets_api_url or not settings.local:
        return settings.sheets_api_url
    return f"http://127.0.0.1:{settings.sheets_port}"


def sheet_url(settings: Settings, spreadsheet_id: str) -> str:
    """Where people open the sheet."""
    return f"{sheets_base(settings) or 'https://docs.google.com'}/spreadsheets/d/{spreadsheet_id}/edit"


def open_link(settings: Settings, step: Callable[[str], None], *, samples: bool = False) -> Link:
    """The spreadsheet and the store. On the local server the spreadsheet is found by its name, or made."""
    from core.settings import SettingsError
    from sync import access, local
    from sync.link import Link, installation_of, owner_of
    from sync.sheets import Sheets

    file = settings.google_sheets_credentials_file
    if settings.local:
        file = settings.data_dir / "sheets" / "credentials.json"
    key = access.read_key(file, settings.google_sheets_credentials_json)
    http = access.open_client(key, sheets_base(settings))
    spreadsheet_id = settings.spreadsheet_id
    if not spreadsheet_id and settings.local:
        today = datetime.now(settings.zone).date() if samples else None
        spreadsheet_id = local.find(http, settings.crm_name)
        spreadsheet_id = spreadsheet_id or local.create(http, settings.crm_name, settings.timezone, today)
    if not spreadsheet_id:
        raise SettingsError("SPREADSHEET_ID: which spreadsheet? It is the part of its address between /d/ and /edit")
    owner = owner_of(socket.gethostname(), os.getpid())
    installation = installation_of(secret_key(settings))
    config = shipped_config(settings)
    sheets = Sheets(http, spreadsheet_id, meter=access.Meter(most=access.CALLS_A_MINUTE))
    return Link(sheets, open_store(settings), config, installation, owner, step)


def post_of(settings: Settings, link: Link) -> Callable[[], object] | None:
    """What sends the morning e-mails; None where no mail server is named."""
    from sync.digests import Post, send_due
    from sync.mailing import MailServer

    if not settings.smtp_host:
        return None
    server = MailServer(
        settings.smtp_host,
        settings.smtp_port,
        settings.smtp_security,
        settings.smtp_username or "",
        settings.smtp_password or "",
        settings.smtp_from or "",
    )
    post = Post(
        link.engine,
        link.shipped,
        server,
        settings.digest_at,
        settings.crm_name,
        settings.public_url or "",
        link.owner,
        link.installation,
        lambda: datetime.now(UTC),
    )
    return lambda: send_due(post)


@contextmanager
def sheet_server(settings: Settings) -> Iterator[None]:
    """The local sheet server for as long as a command needs it, unless one is there already or Google's is used."""
    if not settings.local or settings.sheets_api_url or answers(f"{sheets_base(settings)}/_local/health"):
        yield
        return
    part = sheets_part(settings)
    part.start()
    try:
        await_part(part, f"{sheets_base(settings)}/_local/health")
        yield
    finally:
        part.end()
        part.wait(10)


def sheets_part(settings: Settings) -> Part:
    data, port = str(settings.data_dir / "sheets"), str(settings.sheets_port)
    return Part("The sheet server", ("sheets", "--port", port, "--data", data, "--no-quota"), {})


def answers(url: str) -> bool:
    """Whether a server of ours answers there."""
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310  # our own address
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def await_part(part: Part, url: str) -> None:
    if not wait_until(lambda: answers(url), part, 60):
        raise NotStarted(f"{part.name} did not start; what it printed above says why")


def web_from_environment(behind_proxy: bool = False) -> Flask:
    """The web app, as gunicorn asks for it; `behind_proxy` on a PaaS, which speaks https for us."""
    from app.factory import create_app
    from app.settings import AppSettings

    settings = settings_now()
    shown = AppSettings(
        secret_key=secret_key(settings),
        crm_name=settings.crm_name,
        version=settings.crm_version,
        timezone=settings.zone,
        sheet_url=sheet_url(settings, settings.spreadsheet_id) if settings.spreadsheet_id else "",
        sync_seconds=settings.sync_seconds,
        secure_cookies=behind_proxy,
        trusted_proxies=int(behind_proxy),
        shipped=shipped_config(settings),
    )
    return create_app(shown, open_store(settings))


def new_login_link(settings: Settings, engine: Engine) -> str:
    """A one-time address that signs in as the admin."""
    from store import users

    email = settings.admin_emails[0] if settings.admin_emails else ADMIN_EMAIL
    with engine.begin() as conn:
        admin = users.user_by_email(conn, email) or users.put_user(conn, "Admin", email, "admin")
        secret = users.create_link(conn, admin.user_id, datetime.now(UTC), LINK_MINUTES)
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104  # compared, not bound
    return f"http://{host}:{settings.port}/login/{secret}"
