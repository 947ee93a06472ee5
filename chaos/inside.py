"""The local sheet server inside this process: the same rooms and the same misbehaving, asked without a socket.

Requests of our own come through a `requests` adapter; worker processes that are to be killed still come by HTTP. Both
meet in the one thread that answers everything, as in a server process.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
from aiohttp import web
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

from localsheets.asked import Answer, Asked, Postponed, Respond
from localsheets.book import evaluate_here
from localsheets.command import Options, close_service, open_service, responding
from localsheets.server import application
from localsheets.service import Service


@dataclass(slots=True)
class Inside:
    """A running server. Close it."""

    base: str
    service: Service
    respond: Respond
    worker: ThreadPoolExecutor
    loop: asyncio.AbstractEventLoop
    runner: web.AppRunner
    thread: threading.Thread

    @classmethod
    def begin(cls, folder: Path) -> Inside:
        """Opens the data in `folder`, and listens on a free port for other processes."""
        folder.mkdir(parents=True, exist_ok=True)
        listening = socket.create_server(("127.0.0.1", 0), backlog=64)
        base = f"http://127.0.0.1:{listening.getsockname()[1]}"
        worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sheets")
        service = worker.submit(_open, folder, base).result()
        respond = responding(service)
        loop = asyncio.new_event_loop()
        runner = web.AppRunner(application(respond, worker), access_log=None, shutdown_timeout=1)
        thread = threading.Thread(target=loop.run_forever, daemon=True)
        thread.start()
        asyncio.run_coroutine_threadsafe(_listen(runner, listening), loop).result(20)
        return cls(base, service, respond, worker, loop, runner, thread)

    def ask(self, asked: Asked) -> Answer:
        """One request, answered in the server's thread."""
        answer = self.worker.submit(self.respond, asked).result()
        while isinstance(answer, Postponed):
            answer = self.worker.submit(answer.then).result() if answer.ready() else answer
        return answer

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self.runner.cleanup(), self.loop).result(20)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(20)
        self.worker.submit(close_service, self.service).result()
        self.worker.shutdown()


def _open(folder: Path, base: str) -> Service:
    """The service, computing its few formulas itself: processes for them would cost more than they save."""
    service = open_service(Options(0, folder, quota=False, recorded=True, faults=True), base)
    if service.formulas is not None:
        service.formulas.close()
        service.formulas, service.engine.evaluate = None, evaluate_here
    return service


async def _listen(runner: web.AppRunner, listening: socket.socket) -> None:
    await runner.setup()
    await web.SockSite(runner, listening).start()


class InsideAdapter(BaseAdapter):
    """What `requests` sends to the server's address, without the wire. A cut or truncated answer is what the wire would
    have made of it."""

    def __init__(self, server: Inside) -> None:
        super().__init__()
        self.server = server

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        answer = self.server.ask(_asked(request))
        if answer.wire.how == "cut":
            raise requests.ConnectionError("('Connection aborted.', RemoteDisconnected('cut'))", request=request)
        if answer.wire.how == "truncate":
            raise requests.exceptions.ChunkedEncodingError("Connection broken: IncompleteRead", request=request)
        return _response(request, answer)

    def close(self) -> None:
        """Nothing is open."""


def _asked(request: requests.PreparedRequest) -> Asked:
    address, headers = urlsplit(request.url or ""), request.headers
    body = request.body or b""
    return Asked(
        method=request.method or "GET",
        path=address.path,
        query=tuple(parse_qsl(address.query, keep_blank_values=True)),
        body=body.encode() if isinstance(body, str) else bytes(body),
        content_type=_text(headers, "Content-Type"),
        authorization=_text(headers, "Authorization"),
        headers={"Host": address.netloc},
    )


def _text(headers: Mapping[str, str | bytes], name: str) -> str:
    found = headers.get(name, "")
    return found.decode() if isinstance(found, bytes) else found


def _response(request: requests.PreparedRequest, answer: Answer) -> requests.Response:
    made = requests.Response()
    made.status_code = answer.status
    made.headers = CaseInsensitiveDict({"Content-Type": answer.content_type, **answer.headers})
    made.encoding = "utf-8"
    made.raw = BytesIO(answer.body)
    made.url, made.request = request.url or "", request
    return made
