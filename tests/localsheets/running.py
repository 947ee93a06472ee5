"""A localsheets server in a process of its own for tests, and clients that talk to it as they talk to Google."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gspread
from google.oauth2 import service_account

ROOT = Path(__file__).parents[2]
SCOPES = ["https://www.googleapis.com/auth/spreadsheets", "https://www.googleapis.com/auth/drive"]
GOOGLE = ("https://sheets.googleapis.com", "https://www.googleapis.com")
PATIENCE = 30


@dataclass(slots=True)
class Server:
    """A running server: its process, base address and data folder."""

    process: subprocess.Popen[str]
    base: str
    data: Path

    @property
    def key_file(self) -> Path:
        return self.data / "credentials.json"

    def ask(
        self, method: str, path: str, body: Any = None, token: str | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str], Any]:
        """One plain request: (status, headers, JSON or text)."""
        given = dict(headers or {})
        if token:
            given["Authorization"] = f"Bearer {token}"
        data = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data=data, headers=given, method=method)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                status, got, raw = answer.status, dict(answer.headers), answer.read()
        except urllib.error.HTTPError as error:
            status, got, raw = error.code, dict(error.headers), error.read()
        with contextlib.suppress(ValueError):
            return status, got, json.loads(raw)
        return status, got, raw.decode("utf-8", "replace")

    def clock(self, **change: Any) -> float:
        """Drives the server's clock; its time."""
        return float(self.ask("POST", "/_local/clock", change)[2]["now"])

    def account(self, name: str) -> dict[str, Any]:
        """A further account's credentials."""
        status, _, body = self.ask("POST", "/_local/accounts", {"name": name})
        assert status == 200, body
        return dict(body)

    def kill(self) -> None:
        """kill -9."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(PATIENCE)


def command(data: Path, port: int, *options: str) -> list[str]:
    return [sys.executable, "-m", "localsheets", "--port", str(port), "--data", str(data), *options]


def start(data: Path, *options: str, port: int = 0) -> Server:
    """Starts a server and waits until it says `ready`."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        command(data, port, *options), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    )
    assert process.stdout is not None
    ready, _, _ = select.select([process.stdout], [], [], PATIENCE)
    line = process.stdout.readline() if ready else ""
    if not line.startswith("ready "):
        process.kill()
        raise AssertionError(f"not ready: {line!r} {process.communicate()[1]}")
    return Server(process, line.split()[1], data)


@contextlib.contextmanager
def serving(data: Path, *options: str) -> Iterator[Server]:
    """A server for the length of a `with`; ended by SIGTERM, and it must end well."""
    server = start(data, *options)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.process.terminate()
        _, errors = server.process.communicate(timeout=PATIENCE)
        assert "Traceback" not in errors, errors


def credentials(server: Server, info: dict[str, Any] | None = None) -> Any:
    """google-auth's own credentials from a key, as production makes them: for the account itself, because without a
    subject google-auth also asks Google's own IAM, in a thread, where the account may go."""
    read = info or json.loads(server.key_file.read_text())
    made = service_account.Credentials.from_service_account_info(read, scopes=SCOPES)
    return made.with_subject(made.service_account_email)


def client(server: Server, info: dict[str, Any] | None = None) -> gspread.Client:
    """gspread on the server: only the base address differs."""

    class LocalHTTPClient(gspread.HTTPClient):
        def request(self, method: str, endpoint: str, *args: Any, **named: Any) -> Any:
            for google in GOOGLE:
                endpoint = endpoint.replace(google, server.base)
            return super().request(method, endpoint, *args, **named)

    made = gspread.Client(credentials(server, info), http_client=LocalHTTPClient)
    made.set_timeout(PATIENCE)
    return made


def until(what: Any, seconds: float = PATIENCE) -> None:
    """Waits until `what()` is true."""
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)
