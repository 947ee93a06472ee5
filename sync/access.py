"""The only door to Google Sheets and Drive: credentials, transport, and errors in our words.

gspread's own HTTP client over google-auth's session, with the base address replaced where SHEETS_API_URL names a local
server. Under `sync.sheets`, which speaks in ranges and batches.
"""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import gspread
import requests
from google.auth.exceptions import GoogleAuthError, RefreshError, TransportError
from google.oauth2.service_account import Credentials
from gspread.exceptions import APIError

from sync.errors import (
    AnswerLost,
    BadCredentials,
    NotFound,
    NotShared,
    OverQuota,
    Refused,
    ServiceDown,
    SheetsProblem,
    Unreachable,
)

SCOPES = ("https://www.googleapis.com/auth/spreadsheets", "https://www.googleapis.com/auth/drive")
SHEETS_BASE = "https://sheets.googleapis.com"
DRIVE_BASE = "https://www.googleapis.com"
CALLS_A_MINUTE = 58  # of a process, reads and writes together
PIECE_BYTES = 1 << 20  # of an answer at a time: requests itself takes ten kilobytes, thousands of times in a large one
TIMEOUT_SECONDS = (10.0, 185.0)  # connect, read: Google itself gives up on a request after 180 s


@dataclass(slots=True)
class Meter:
    """Counts calls, for the cycle's report and the minute's budget. With `most` a call waits until the last 60 s have
    room for it: Google allows 60 reads and 60 writes, and another process may use the same account."""

    read: int = 0
    write: int = 0
    recent: deque[float] = field(default_factory=deque)
    most: int | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)  # edits go beside a cycle

    def count(self, *, write: bool) -> None:
        while wait := self.wait():
            time.sleep(wait)
        with self._lock:
            self.write += write
            self.read += not write
            self.recent.append(time.monotonic())

    def wait(self) -> float:
        """Seconds until the next call has room."""
        if self.most is None or self.last_minute() < self.most:
            return 0.0
        oldest = next(iter(self.recent), time.monotonic())
        return max(oldest + 60 - time.monotonic(), 0.0) + 0.01

    def last_minute(self) -> int:
        with self._lock:
            while self.recent and self.recent[0] < time.monotonic() - 60:
                self.recent.popleft()
            return len(self.recent)


class RebasedHTTPClient(gspread.HTTPClient):
    """gspread's client, sent to another server that speaks the same API."""

    base = ""

    def request(self, method: str, endpoint: str, *args: Any, **kwargs: Any) -> requests.Response:
        for google in (SHEETS_BASE, DRIVE_BASE):
            if self.base and endpoint.startswith(google):
                endpoint = self.base + endpoint.removeprefix(google)
        return super().request(method, endpoint, *args, **kwargs)


def credentials_from(info: Mapping[str, Any]) -> Credentials:
    """Service-account credentials from a key's JSON object. Raises BadCredentials."""
    try:
        made: Credentials = Credentials.from_service_account_info(dict(info), scopes=SCOPES)  # type: ignore[no-untyped-call]  # google-auth leaves it unannotated
        return made
    except (ValueError, GoogleAuthError) as error:
        raise BadCredentials(f"The service account's key cannot be used: {error}") from error


def read_key(file: Path | None, text: str | None) -> Mapping[str, Any]:
    """The key's JSON object from a file or from the text itself. Raises BadCredentials."""
    try:
        found = json.loads(text if text is not None else (file or Path()).read_text())
    except OSError as error:
        raise BadCredentials(f"The key file {file} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise BadCredentials("The service account's key is not valid JSON") from error
    if not isinstance(found, dict):
        raise BadCredentials("The service account's key is not a JSON object")
    return found


def open_client(key: Mapping[str, Any], base: str | None) -> RebasedHTTPClient:
    """gspread's transport as in production; only `base` differs on a local server."""
    credentials = credentials_from(key)
    if base:
        # An account that acts as itself: without a subject google-auth also asks Google's own IAM where it may go.
        credentials = credentials.with_subject(credentials.service_account_email)  # type: ignore[no-untyped-call]  # unannotated
    return client_of(credentials, base)


def client_of(credentials: Credentials, base: str | None) -> RebasedHTTPClient:
    """The transport of an account whose key has been read."""
    http = RebasedHTTPClient(credentials)
    http.base = (base or "").rstrip("/")
    http.set_timeout(TIMEOUT_SECONDS)
    http.session.stream = True  # `call` takes it in pieces
    return http


def call(client: gspread.HTTPClient, meter: Meter, method: str, url: str, *, write: bool, **kwargs: Any) -> bytes:
    """One request, counted; the answer's bytes. Never repeats anything: reads are repeated by who asks, writes are
    settled by the fence. Raises a SheetsProblem."""
    meter.count(write=write)
    try:
        return b"".join(client.request(method, url, **kwargs).iter_content(PIECE_BYTES))
    except APIError as error:
        raise _refusal(error, write=write) from error
    except RefreshError as error:
        raise _sign_in_problem(error) from error
    except (requests.ConnectTimeout, TransportError) as error:
        raise Unreachable("The sheet's server cannot be reached") from error
    except requests.RequestException as error:
        raise _cut(error, write=write) from error


def _sign_in_problem(error: RefreshError) -> SheetsProblem:
    if getattr(error, "retryable", False):
        return Unreachable("Google could not sign the service account in just now")
    return BadCredentials(f"Google refused the service account's key: {error.args[0] if error.args else error}")


def _cut(error: requests.RequestException, *, write: bool) -> SheetsProblem:
    never_sent = isinstance(error, requests.ConnectionError) and "NewConnectionError" in repr(error)
    if write and not never_sent:
        return AnswerLost("The sheet's answer to a write was lost on the way")
    return Unreachable("The sheet's server cannot be reached")


def _refusal(error: APIError, *, write: bool) -> SheetsProblem:
    status, message = error.response.status_code, _message(error)
    if status == 429:
        return OverQuota("Google's limit of calls per minute is used up")
    if status >= 500:
        return AnswerLost(f"Google answered {status} to a write") if write else ServiceDown(f"Google answered {status}")
    if status == 404:
        return NotFound("There is no spreadsheet with this id")
    if status == 403:
        return NotShared("The spreadsheet is not shared with the service account")
    if status == 401:
        return BadCredentials("Google does not accept the service account's sign-in")
    return Refused(message)


def _message(error: APIError) -> str:
    found = error.error.get("message") if isinstance(error.error, dict) else None
    return str(found or error)
