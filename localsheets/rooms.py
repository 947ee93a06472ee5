"""Which room answers a path: the Sheets API, Drive, tokens, the local extras or the page."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace

from . import batch_api, web_export
from .asked import Answer, Asked, Postponed, Respond
from .drive_api import answer_drive
from .formula_lanes import PATIENCE, Ask, Computing
from .local_api import answer_local
from .page import answer_page
from .page_not_found import page_not_found
from .service import Handler, Service, guarded, new_request_id
from .sheets_api import answer_sheets
from .token_api import answer_token

_ROOMS: tuple[tuple[str, Handler], ...] = (
    ("/v4/", answer_sheets),
    ("/drive/", answer_drive),
    ("/upload/drive/", answer_drive),
    ("/token", answer_token),
    ("/oauth2/v4/token", answer_token),
    ("/_local/", answer_local),
    ("/spreadsheets", answer_page),
)


def _room(service: Service, asked: Asked) -> Answer:
    if web_export.PATH.fullmatch(asked.path):
        return web_export.answer_export(service, asked)
    if batch_api.PATH.fullmatch(asked.path):
        return batch_api.answer_batch(service, asked)
    for start, handler in _ROOMS:
        if asked.path.startswith(start):
            return handler(service, asked)
    return answer_page(service, asked) if asked.path == "/" else page_not_found(asked.path)


def respond_with(service: Service) -> Callable[[Asked], Answer]:
    """The function that answers every request of this server as it should; it never raises. It waits for formulas."""

    def respond(asked: Asked) -> Answer:
        service.request_id = asked.request_id or new_request_id()
        with _asking(service, Ask.WAITING):
            return guarded(_room, service, asked)

    service.plain = respond
    return respond


def postponing(service: Service) -> Respond:
    """The same, but a request that shows formulas which are not computed yet is postponed, so that no other waits."""

    def respond(asked: Asked) -> Answer | Postponed:
        asked = replace(asked, request_id=asked.request_id or new_request_id())
        end = time.monotonic() + PATIENCE

        def attempt(charged: bool) -> Answer | Postponed:
            service.request_id = asked.request_id
            how = Ask.PUT_OFF if time.monotonic() < end else Ask.AS_IT_IS
            try:
                with _asking(service, how), service.quotas.suspended() if charged else nullcontext():
                    return guarded(_room, service, asked)
            except Computing as computing:
                ready = computing.ready
                return Postponed(lambda: ready() or time.monotonic() >= end, lambda: attempt(charged=True))

        return attempt(charged=False)

    return respond


def _asking(service: Service, how: Ask) -> AbstractContextManager[None]:
    return service.formulas.asking(how) if service.formulas is not None else nullcontext()
