"""Starts and ends the server: `serve` for the front door's `bumuk sheets`, `main` for `python -m localsheets`.

One process owns a data folder (a lock that the operating system takes back however the process ends); what a kill -9
leaves behind is what was answered.
"""

from __future__ import annotations

import argparse
import asyncio
import errno
import fcntl
import logging
import os
import signal
import socket
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from aiohttp import web

from . import accounts, drive_store, entered
from .asked import Respond
from .clock import Clock
from .display import show
from .engine import Engine
from .faults import Faults
from .faults_acting import Misbehaving
from .formula_lanes import Lanes
from .quota import Quotas
from .rooms import postponing, respond_with
from .server import application
from .service import Service
from .switches import Switches
from .token_api import token_uri

HOST = "127.0.0.1"
DATABASE, LOCK, CREDENTIALS = "sheets.sqlite3", "lock", "credentials.json"
# Accepted only with --no-quota, so that recorded conversations can be replayed: the token, and whose it was when the
# public test recordings of gspread were made (their answers name that account as an editor).
RECORDED_TOKEN = "recorded"  # noqa: S105  # a name, not a secret
RECORDED_ACCOUNT = "telegram-budgeter@telegram-budgeter.iam.gserviceaccount.com"
GRACE_SECONDS = 5.0
LATE_SECONDS = 0.02


class CannotStart(Exception):
    """Why the server does not start, in words for the person who started it."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to serve. `recorded`: whether the token of recorded conversations is good here; `faults`: whether the server
    misbehaves on request."""

    port: int
    data: Path
    host: str = HOST
    quota: bool = True
    recorded: bool = False
    faults: bool = False


def _lock(data: Path) -> TextIO:
    """The data folder for this process alone, until it ends; CannotStart where another has it."""
    try:
        data.mkdir(parents=True, exist_ok=True)
        file = (data / LOCK).open("a+")
    except OSError as error:
        raise CannotStart(f"The data folder {data} cannot be used: {error.strerror}.") from None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise CannotStart(f"The data folder {data} is in use by another sheets server.") from None
    return file


def _listen(host: str, port: int) -> socket.socket:
    """A listening socket, or CannotStart where the port is taken or not allowed."""
    try:
        return socket.create_server((host, port), backlog=512)
    except OSError as error:
        why = "is already taken" if error.errno == errno.EADDRINUSE else f"cannot be used: {error.strerror}"
        raise CannotStart(f"Port {port} on {host} {why}.") from None
    except OverflowError:
        raise CannotStart(f"{port} is not a port.") from None


def open_service(options: Options, base: str) -> Service:
    """The service on its data folder, with `credentials.json` written. Call it in the thread that will answer."""
    clock = Clock()
    engine = Engine.open(
        options.data / DATABASE,
        parse=lambda text, locale: entered.parse(text, locale, clock.today()),
        display=show,
    )
    engine.now = clock.now
    accounts.prepare(engine.connection)
    drive_store.prepare(engine.connection)
    account = accounts.default_account(engine.connection, options.data / CREDENTIALS, token_uri(base))
    secret = accounts.signing_secret(engine.connection)
    quotas = Quotas(enabled=options.quota)
    fixed = {RECORDED_TOKEN: RECORDED_ACCOUNT} if options.recorded else {}
    faults = Faults() if options.faults else None
    switches = Switches(metadata_follows_sort=engine.metadata_follows_sort)
    formulas = Lanes(options.data / DATABASE)
    engine.evaluate = formulas.evaluate
    return Service(engine, clock, quotas, secret, account, base, fixed, faults, formulas, switches=switches)


def close_service(service: Service) -> None:
    """Ends what the service has opened; nothing is pending."""
    if service.formulas is not None:
        service.formulas.close()
    service.engine.close()


def responding(service: Service) -> Respond:
    """What answers the requests: the rooms, behind the rules of misbehaving where the server was started so."""
    plain = respond_with(service)
    patient = postponing(service)
    return patient if service.faults is None else Misbehaving(service, service.faults, plain, patient)


async def _apply_late(misbehaving: Misbehaving, worker: ThreadPoolExecutor) -> None:
    """Applies held requests when their time comes though nobody asks anything."""
    while True:
        await asyncio.sleep(LATE_SECONDS)
        if misbehaving.late_is_due():
            await asyncio.get_running_loop().run_in_executor(worker, misbehaving.apply_late)


async def _run(options: Options, listening: socket.socket) -> None:
    host, port = listening.getsockname()[:2]
    base = f"http://{host}:{port}"
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="sheets") as worker:
        service = await loop.run_in_executor(worker, open_service, options, base)
        respond = responding(service)
        late = loop.create_task(_apply_late(respond, worker)) if isinstance(respond, Misbehaving) else None
        runner = web.AppRunner(
            application(respond, worker),
            access_log=None,
            shutdown_timeout=GRACE_SECONDS,
            keepalive_timeout=75,
        )
        await runner.setup()
        await web.SockSite(runner, listening).start()
        print(f"ready {base}", flush=True)  # noqa: T201  # the interface that scripts wait for
        await stop.wait()
        if late is not None:
            late.cancel()
        await runner.cleanup()
        await loop.run_in_executor(worker, close_service, service)


def run(options: Options) -> None:
    """Serves until SIGTERM or SIGINT; CannotStart where the port or the folder is not to be had."""
    os.umask(0o077)  # people's data and the key under all tokens: files for their owner alone
    with _lock(options.data), _listen(options.host, options.port) as listening:
        asyncio.run(_run(options, listening))


def serve(port: int, data_dir: Path, quota: bool = True, faults: bool = False, host: str = HOST) -> None:
    """`bumuk sheets`: prints `ready http://127.0.0.1:P`, serves until it is told to stop. CannotStart says why not.

    With `faults` it misbehaves as `POST /_local/faults` asks (see the module `faults`). Without quotas (the test mode)
    the bearer token `recorded` is good, for an account of its own: recordings send it.
    """
    run(Options(port, Path(data_dir), host, quota, recorded=not quota, faults=faults))


def main(arguments: list[str] | None = None) -> int:
    """`python -m localsheets --port P --data DIR [--host H] [--no-quota] [--faults]`; 0, or 1 with the reason."""
    parser = argparse.ArgumentParser(prog="localsheets", description=(__doc__ or "").partition("\n\n")[0])
    parser.add_argument("--port", type=int, default=9090, help="0 takes a free one")
    parser.add_argument("--data", type=Path, required=True, help="folder for the spreadsheets and credentials.json")
    parser.add_argument("--host", default=HOST)
    parser.add_argument("--no-quota", action="store_true", help="no request quotas; also accepts the token 'recorded'")
    parser.add_argument("--faults", action="store_true", help="misbehave on request")
    given = parser.parse_args(arguments)
    logging.basicConfig(level=os.environ.get("LOG_LEVEL", "WARNING"), stream=sys.stderr)
    try:
        serve(given.port, given.data, not given.no_quota, given.faults, given.host)
    except CannotStart as error:
        print(error, file=sys.stderr)  # noqa: T201  # the reason, for the person who started it
        return 1
    return 0
