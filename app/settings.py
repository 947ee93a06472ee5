"""What the web app is told at start. The front door fills it from the environment; nothing here reads one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from core.config import Config


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class AppSettings:
    """A deployment of the web app.

    `sheet_url` is where people open the spreadsheet ("" while there is none). `secure_cookies` holds back the session
    cookie from plain http and belongs on wherever the site is served over https. `trusted_proxies` is how many
    proxies in front rewrite X-Forwarded-*: 0 trusts none of those headers. `shipped` is the configuration under the
    Settings tab, with the environment's phone region and format; without it, what ships, in `timezone`. `clock` gives
    the present in UTC. Limits are in Flask-Limiter's words and hold for each web process.
    """

    secret_key: str = field(repr=False)
    crm_name: str = "Bumuk Library CRM"
    version: str = "0.1.0"
    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Kolkata"))
    sheet_url: str = ""
    sync_seconds: int = 10
    secure_cookies: bool = False
    trusted_proxies: int = 0
    sign_in_limit: str = "20 per minute"
    api_limit: str = "6000 per minute"
    shipped: Config | None = None
    clock: Callable[[], datetime] = utc_now
