"""The HTTP shell: aiohttp takes requests in, one worker thread answers them all, Google's headers go out.

The thread is the engine's: requests are served one after the other, as Google serialises the writes of a spreadsheet. A
client that hangs up does not undo what its request began.
"""

from __future__ import annotations

import asyncio
import gzip
import ipaddress
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from urllib.parse import parse_qsl

import aiohttp
from aiohttp import web

from . import cross_origin
from .asked import Answer, Asked, Postponed, Respond

LARGEST_BODY = 1 << 30
COMPRESS_FROM = 1400
_GOOGLE_HEADERS = {
    "Cache-Control": "private",
    "Vary": "Origin, X-Origin, Referer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Server": "ESF",
}
_KEPT_HEADERS = (
    "Host", "Origin", "Content-Range", "X-Upload-Content-Type", "X-HTTP-Method-Override", "X-Goog-Api-Key",
    "Access-Control-Request-Method", "Access-Control-Request-Headers",
)  # fmt: skip

SOON_SECONDS, POLL_SECONDS = 0.001, 0.01


async def _asked(request: web.Request) -> Asked:
    kept = {name: value for name in _KEPT_HEADERS if (value := request.headers.get(name)) is not None}
    asked = Asked(
        method=request.method,
        path=request.raw_path.partition("?")[0],
        query=tuple(request.query.items()),
        body=await request.read() if request.body_exists else b"",
        content_type=request.headers.get("Content-Type", ""),
        authorization=request.headers.get("Authorization", ""),
        headers=kept,
        far=_far(request),
    )
    return _overridden(asked)


def _overridden(asked: Asked) -> Asked:
    """Google takes a POST for another method where a header says so, as clients do with too long addresses. HEAD is
    answered as GET; the HTTP library leaves the body out."""
    if asked.method == "HEAD":
        return replace(asked, method="GET")
    method = asked.headers.get("X-HTTP-Method-Override", "").upper()
    if asked.method != "POST" or method not in ("GET", "PUT", "PATCH", "DELETE"):
        return asked
    if method == "GET" and asked.content_type.startswith("application/x-www-form-urlencoded"):
        return replace(asked, method=method, query=tuple(parse_qsl(asked.body.decode("utf-8", "replace"))), body=b"")
    return replace(asked, method=method)


def _far(request: web.Request) -> bool:
    """Whether the client is on another machine; on this one compressing costs more time than it saves."""
    try:
        return not ipaddress.ip_address(request.remote or "").is_loopback
    except ValueError:
        return False


async def _response(request: web.Request, asked: Asked, answer: Answer) -> web.StreamResponse:
    headers = _GOOGLE_HEADERS | cross_origin.readable(asked) | answer.headers
    body = answer.body
    if answer.status != 204:
        headers["Content-Type"] = answer.content_type
    if answer.wire.how == "truncate":
        return await _part(request, answer, headers)
    accepted = "gzip" in request.headers.get("Accept-Encoding", "")
    if accepted and len(body) >= COMPRESS_FROM and _far(request):
        body = await asyncio.get_running_loop().run_in_executor(None, gzip.compress, body, 1)
        headers["Content-Encoding"] = "gzip"
    return web.Response(status=answer.status, body=body, headers=headers)


async def _part(request: web.Request, answer: Answer, headers: dict[str, str]) -> web.StreamResponse:
    """The headers of the whole answer, a part of its body, and the end of the connection."""
    response = web.StreamResponse(status=answer.status, headers=headers)
    response.content_length = len(answer.body)
    await response.prepare(request)
    await response.write(answer.body[: int(len(answer.body) * answer.wire.keep)])
    if request.transport is not None:
        request.transport.close()
    return response


def _cut(request: web.Request) -> web.Response:
    """Ends the connection before any byte of an answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


class Shell:
    """Takes requests to `respond` in the one thread of `worker`, and waits where an answer is postponed."""

    def __init__(self, respond: Respond, worker: ThreadPoolExecutor) -> None:
        self.respond, self.worker = respond, worker
        self.closing = False

    async def exchange(self, request: web.Request) -> web.StreamResponse:
        """One request and its answer."""
        try:
            asked = await _asked(request)
        except (ConnectionError, aiohttp.ClientPayloadError, web.RequestPayloadError):
            return web.Response(status=400)  # hung up, or sent a body that cannot be unpacked
        allowed = cross_origin.preflight(asked)
        if allowed is not None:
            return await _response(request, asked, allowed)
        loop = asyncio.get_running_loop()
        answer = await loop.run_in_executor(self.worker, self.respond, asked)
        while isinstance(answer, Postponed):
            waited = 0.0
            while not answer.ready():
                if self.closing:
                    return _cut(request)
                step = SOON_SECONDS if waited < POLL_SECONDS else POLL_SECONDS
                await asyncio.sleep(step)
                waited += step
            answer = await loop.run_in_executor(self.worker, answer.then)
        return _cut(request) if answer.wire.how == "cut" else await _response(request, asked, answer)

    async def close(self, _: web.Application) -> None:
        """What is still postponed is cut off, so that the server can end."""
        self.closing = True


def application(respond: Respond, worker: ThreadPoolExecutor) -> web.Application:
    """The web application: every request goes to `respond` in the one thread of `worker`."""
    shell = Shell(respond, worker)
    app = web.Application(client_max_size=LARGEST_BODY)
    app.router.add_route("*", "/{path:.*}", shell.exchange)
    app.on_shutdown.append(shell.close)
    return app
