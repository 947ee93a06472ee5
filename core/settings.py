"""What a deployment sets through its environment, checked by name before anything starts.

The front door reads the environment and `.env` and hands the mapping in; every room receives the parts that it needs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import time
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from phonenumbers import SUPPORTED_REGIONS
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from core.config import PhoneFormat

LOCAL_SHEETS_PORT = 9090


class SettingsError(ValueError):
    """A variable is unknown or its value cannot be used. The message names it and says what would do."""


class Settings(BaseModel):
    """The deployment's settings. Field names are the variables' names in lower case; blanks count as not set."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    google_sheets_credentials_file: Path | None = None
    google_sheets_credentials_json: str | None = None
    spreadsheet_id: str | None = None
    sheets_api_url: str | None = None
    database_url: str | None = None
    data_dir: Path = Path("var")
    secret_key: str | None = None
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    sheets_port: Annotated[int, Field(ge=0, le=65535)] = LOCAL_SHEETS_PORT
    admin_emails: tuple[str, ...] = ()
    google_client_id: str | None = None
    google_client_secret: str | None = None
    openai_api_key: str | None = None
    openai_model: str = "gpt-4o-mini"
    openai_base_url: str | None = None
    crm_name: str = "Bumuk Library CRM"
    crm_version: str = "0.1.0"
    timezone: str = "Asia/Kolkata"
    phone_region: str = "IN"
    phone_format: PhoneFormat = PhoneFormat.GROUPED
    sync_seconds: Annotated[int, Field(ge=1, le=3600)] = 10
    public_url: str | None = None
    smtp_host: str | None = None
    smtp_port: Annotated[int, Field(ge=1, le=65535)] = 587
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_username: str | None = None
    smtp_password: str | None = None
    smtp_from: str | None = None
    digest_at: time = time(8)

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError("not a time zone; write one like Asia/Kolkata") from error
        return name

    @field_validator("phone_region")
    @classmethod
    def _known_region(cls, region: str) -> str:
        if region.upper() not in SUPPORTED_REGIONS:
            raise ValueError("not a region; write two letters like IN")
        return region.upper()

    @field_validator("phone_format", mode="before")
    @classmethod
    def _known_format(cls, name: object) -> object:
        return name.strip().lower() if isinstance(name, str) and not name.startswith("(") else name

    @field_validator("admin_emails", mode="before")
    @classmethod
    def _split(cls, emails: object) -> object:
        return tuple(e.strip().lower() for e in emails.split(",") if e.strip()) if isinstance(emails, str) else emails

    @field_validator("smtp_from")
    @classmethod
    def _mail_address(cls, address: str | None) -> str | None:
        if address is not None and not re.fullmatch(r"[!-?A-~]+@[A-Za-z0-9.-]+", address):
            raise ValueError("not an e-mail address")
        return address

    @field_validator("digest_at", mode="before")
    @classmethod
    def _hour(cls, text: object) -> object:
        if isinstance(text, str) and not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text):
            raise ValueError("not a time of day; write it as 08:00")
        return text

    @model_validator(mode="after")
    def _mail_as_a_whole(self) -> Settings:
        if self.smtp_host and not self.smtp_from:
            raise ValueError("SMTP_FROM: who sends the e-mails? SMTP_HOST is set, so this is needed")
        if not self.smtp_host and (self.smtp_from or self.smtp_username or self.smtp_password):
            raise ValueError("SMTP_HOST: which mail server? Another SMTP_ setting is there, so this is needed")
        if bool(self.smtp_username) != bool(self.smtp_password):
            raise ValueError("SMTP_USERNAME and SMTP_PASSWORD belong together: set both or neither")
        return self

    @field_validator("sheets_api_url", "openai_base_url", "public_url")
    @classmethod
    def _web_address(cls, url: str | None) -> str | None:
        if url is not None and not url.startswith(("http://", "https://")):
            raise ValueError("not an address; it starts with http:// or https://")
        return url.rstrip("/") if url else url

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def local(self) -> bool:
        """Without credentials everything runs on the local sheet server."""
        return self.google_sheets_credentials_file is None and self.google_sheets_credentials_json is None


VARIABLES = frozenset(name.upper() for name in Settings.model_fields)


def parse(environment: Mapping[str, str], dotenv: Mapping[str, str | None]) -> Settings:
    """Settings from the environment over the lines of a `.env` file. Variables of the environment that are not ours
    are other people's; a line of `.env` that is not ours is a mistake. Raises SettingsError, by name."""
    unknown = sorted(set(dotenv) - VARIABLES)
    if unknown:
        raise SettingsError(f"{', '.join(unknown)}: no setting has this name; .env.example lists them all")
    merged = {k: v for k, v in dotenv.items() if v} | {k: environment[k] for k in VARIABLES if environment.get(k)}
    try:
        return Settings.model_validate({name.lower(): value for name, value in merged.items()})
    except ValidationError as error:
        raise SettingsError("; ".join(_plain(e["loc"], e["msg"], merged) for e in error.errors())) from None


def _plain(loc: tuple[int | str, ...], message: str, given: Mapping[str, str]) -> str:
    if not loc:
        return message.removeprefix("Value error, ")  # about several at once; it names them
    name = str(loc[0]).upper()
    shown = "" if any(word in name for word in ("KEY", "SECRET", "JSON", "PASSWORD")) else f" is {given.get(name)!r}"
    return f"{name}{shown}: {message.removeprefix('Value error, ')}"
