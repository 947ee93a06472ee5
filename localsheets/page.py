"""The sheet's page at `/spreadsheets/d/<id>/edit`: where a person works in a spreadsheet, on this machine.

The document is empty of cells: its scripts (`web/`) read and write through /v4 as every client does, with a token that
`POST …/token` gives to this page alone (same machine, same origin). `…/version` is what the page polls to be live.
"""

from __future__ import annotations

import html
import re

from . import accounts, drive_store, oauth
from .asked import Answer, Asked, json_answer
from .errors import ApiError, forbidden
from .local_api import same_machine
from .page_files import PREFIX, web_file
from .page_not_found import page_not_found
from .page_plain import number, plain_page, start_page
from .page_template import SHEET
from .service import Service

_PATH = re.compile(r"/spreadsheets/d/([A-Za-z0-9_-]+)(?:/(edit|version|token)?)?")
_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; img-src 'self'"
_HEADERS = {
    "Content-Security-Policy": _POLICY + "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def _account(service: Service, asked: Asked) -> str:
    """Whose eyes the page has: the local account's, or those of `authuser`, as Google's pages take it."""
    name = (asked.first("authuser") or "").strip().lower()
    if not name or name == "0":
        return service.account
    found = accounts.find(service.engine.connection, accounts.email_for(name))
    return found.email if found else ""


def _token(service: Service, asked: Asked, account: str, role: str) -> Answer:
    """POST: an access token for the page; to no other machine, even where the server listens to them.

    A browser names the origin of a POST: without one it is no page of ours.
    """
    if asked.method != "POST":
        raise ApiError(405, f"{asked.method} is not allowed here.", "METHOD_NOT_ALLOWED")
    if asked.far or asked.headers.get("Origin") is None:
        raise forbidden("Only this server's own page gets a token here.")
    scopes = " ".join(sorted({*oauth.SHEETS_WRITE, oauth.PAGE}))
    token = oauth.issue(service.secret, account, scopes, service.clock.now())
    return json_answer({"token": token, "account": account, "role": role})


def _sheet_page(service: Service, asked: Asked, sid: str, role: str) -> Answer:
    gid = asked.first("gid")
    if gid:
        sheets = service.engine.get(sid, fields="sheets.properties.sheetId")["sheets"]
        if number(asked, "gid", -1) not in [-1, *(one.get("properties", {}).get("sheetId", 0) for one in sheets)]:
            return page_not_found(asked.path)
    shown = SHEET.substitute(title=html.escape(service.engine.title(sid), quote=True), sid=sid, role=role)
    return Answer(200, shown.encode(), "text/html; charset=UTF-8", dict(_HEADERS))


def _of_spreadsheet(service: Service, asked: Asked, sid: str, what: str | None) -> Answer:
    account = _account(service, asked)
    role = drive_store.role_of(service.engine.connection, sid, account) if account else None
    if role is None:
        return page_not_found(asked.path)
    if what == "token":
        return _token(service, asked, account, role)
    if what == "version":
        computed = service.formulas.settled(sid) if service.formulas is not None else 0
        return json_answer({"version": service.engine.version(sid), "computed": computed, "now": service.clock.now()})
    if what is None:
        return Answer(302, headers={"Location": f"/spreadsheets/d/{sid}/edit"})
    if asked.first("page") is not None:
        return plain_page(service, asked, sid)
    return _sheet_page(service, asked, sid, role)


def answer_page(service: Service, asked: Asked) -> Answer:
    """The list of spreadsheets at `/`, a spreadsheet's page with its files, version and token."""
    same_machine(service, asked)
    found = _PATH.fullmatch(asked.path)
    if asked.method not in ("GET", "HEAD") and not (found and found[2] == "token"):
        raise ApiError(405, f"{asked.method} is not allowed here.", "METHOD_NOT_ALLOWED")
    if asked.path in ("/", "/spreadsheets", "/spreadsheets/"):
        return start_page(service)
    if asked.path.startswith(PREFIX):
        return web_file(asked.path)
    return _of_spreadsheet(service, asked, found[1], found[2]) if found else page_not_found(asked.path)
