"""Which room answers a path: the Sheets API, Drive, tokens, the local extras or the page."""

from __future__ import annotations

from collections.abc import Callable

from . import web_export
from .asked import Answer, Asked
from .drive_api import answer_drive
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
    for start, handler in _ROOMS:
        if asked.path.startswith(start):
            return handler(service, asked)
    return answer_page(service, asked) if asked.path == "/" else page_not_found(asked.path)


def respond_with(service: Service) -> Callable[[Asked], Answer]:
    """The function that answers every request of this server as it should; it never raises."""

    def respond(asked: Asked) -> Answer:
        service.request_id = asked.request_id or new_request_id()
        return guarded(_room, service, asked)

    service.plain = respond
    return respond
