"""The sheet as a plain paged table at `/spreadsheets/d/<id>/edit?page=N`, for a browser without JavaScript: read-only.

Also the list of spreadsheets at `/`. Every cell's text is escaped; the page loads nothing from elsewhere.
"""

from __future__ import annotations

import html
import re
import secrets
from typing import Any

import orjson

from . import drive_store
from .a1 import letters, quoted
from .asked import Answer, Asked
from .page_not_found import page_not_found
from .page_plain_template import PAGE, START
from .service import Service

ROWS = 100


def _secured(body: str, nonce: str) -> Answer:
    policy = f"default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; connect-src 'self'"
    headers = {"Content-Security-Policy": policy, "Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}
    return Answer(200, body.encode(), "text/html; charset=UTF-8", headers)


def _tabs(sid: str, sheets: list[dict[str, Any]], chosen: int) -> str:
    links = []
    for sheet in sheets:
        properties = sheet["properties"]
        gid = properties.get("sheetId", 0)
        mark = ' aria-current="page"' if gid == chosen else ""
        address = f"/spreadsheets/d/{sid}/edit?gid={gid}&amp;page=1"
        links.append(f'<a href="{address}"{mark}>{html.escape(properties["title"])}</a>')
    return "".join(links)


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return f"<td>{html.escape(text)}</td>"


def _table(rows: list[list[object]], first: int, columns: int) -> str:
    heads = "".join(f"<th scope=col>{letters(x)}</th>" for x in range(columns))
    lines = []
    for y, row in enumerate(rows):
        cells = "".join(map(_cell, row)) + "<td></td>" * (columns - len(row))
        lines.append(f"<tr><th scope=row>{first + y + 1}</th>{cells}</tr>")
    return f"<table><thead><tr><th></th>{heads}</tr></thead><tbody>{''.join(lines)}</tbody></table>"


def number(asked: Asked, name: str, default: int) -> int:
    """A query parameter as a whole number; the default where it is none."""
    text = asked.first(name) or ""
    return int(text) if re.fullmatch(r"[0-9]{1,10}", text) else default


def _window(service: Service, sid: str, properties: dict[str, Any], page: int) -> tuple[list[list[object]], int, int]:
    """(rows of the page, columns, pages)."""
    grid = properties.get("gridProperties", {})
    height, columns = grid.get("rowCount", 0), grid.get("columnCount", 0)
    pages = max(1, -(-height // ROWS))
    first = min(page, pages) * ROWS - ROWS
    last = min(first + ROWS, height)
    if height == 0 or columns == 0:
        return [], 0, 1
    read = service.engine.values_get(sid, f"{quoted(properties['title'])}!A{first + 1}:{letters(columns - 1)}{last}")
    values = (orjson.loads(read) if isinstance(read, bytes) else read).get("values", [])
    return values + [[] for _ in range(last - first - len(values))], columns, pages


def plain_page(service: Service, asked: Asked, sid: str) -> Answer:
    """One page of one sheet (`gid`, the first by default); 404 where the spreadsheet has no such sheet."""
    known = service.engine.get(sid, fields="properties.title,sheets.properties")
    sheets = known.get("sheets", [])
    gid = number(asked, "gid", sheets[0]["properties"].get("sheetId", 0))
    chosen = next((one["properties"] for one in sheets if one["properties"].get("sheetId", 0) == gid), None)
    if chosen is None:
        return page_not_found(asked.path)
    page = max(1, number(asked, "page", 1))
    rows, columns, pages = _window(service, sid, chosen, page)
    page = min(page, pages)
    nonce = secrets.token_urlsafe(12)
    link = f"/spreadsheets/d/{sid}/edit?gid={gid}&amp;page="
    pager = [f'<a rel=prev href="{link}{page - 1}">Previous</a>'] if page > 1 else []
    pager.append(f"<span>Page {page} of {pages}</span>")
    pager += [f'<a rel=next href="{link}{page + 1}">Next</a>'] if page < pages else []
    shown = PAGE.substitute(
        nonce=nonce, title=html.escape(known["properties"]["title"]), tabs=_tabs(sid, sheets, gid),
        table=_table(rows, (page - 1) * ROWS, columns), pager="".join(pager), sid=sid,
        version=service.engine.version(sid),
    )  # fmt: skip
    return _secured(shown, nonce)


def start_page(service: Service) -> Answer:
    """Every spreadsheet that the local account sees, each with a link to its page."""
    files = drive_store.seen_by(service.engine.connection, service.account)
    listed = "".join(
        f'<li><a href="/spreadsheets/d/{file.id}/edit">{html.escape(service.engine.title(file.id))}</a></li>'
        for file in files
        if file.mime == drive_store.SPREADSHEET and not file.trashed
    )
    nonce = secrets.token_urlsafe(12)
    return _secured(START.substitute(nonce=nonce, files=listed or "<li>No spreadsheets yet.</li>"), nonce)
