"""`GET /spreadsheets/d/<id>/export?format=xlsx|ods|zip|csv|tsv[&gid=…]`: the download that Google's page offers and
clients use (docs.google.com there; google-spreadsheet's downloadAsXLSX). With a token its account must be able to read
the file; without one it is for this machine, as the page is."""

from __future__ import annotations

import re
from collections.abc import Mapping

from . import open_document, workbook
from .asked import Answer, Asked
from .errors import ApiError, bad_request
from .exports import export
from .local_api import same_machine
from .page_not_found import page_not_found
from .service import Service

PATH = re.compile(r"/spreadsheets/d/([A-Za-z0-9_-]+)/export")
_TYPES: Mapping[str, str] = {
    "xlsx": workbook.XLSX, "ods": open_document.ODS, "zip": "application/zip", "csv": "text/csv",
    "tsv": "text/tab-separated-values",
}  # fmt: skip


def _account(service: Service, asked: Asked) -> str:
    bearer = service.bearer(asked)
    if bearer is not None:
        return bearer.account
    same_machine(service, asked)
    return service.account


def _one_tab(service: Service, sid: str, gid: str, form: str) -> Answer:
    """A tab by its sheetId as text; ApiError 400 where there is none."""
    sheets = service.engine.get(sid, fields="sheets.properties(sheetId,title)")["sheets"]
    for place, tab in zip(sheets, service.engine.cells_for_export(sid), strict=True):
        if str(place["properties"].get("sheetId", 0)) == gid:
            return Answer(200, workbook.write_text(tab, "," if form == "csv" else "\t"), _TYPES[form])
    raise bad_request(f"No grid with id: {gid}")


def answer_export(service: Service, asked: Asked) -> Answer:
    """Answers the path above; ApiError 401, 403, 400."""
    found = PATH.fullmatch(asked.path)
    if found is None:
        return page_not_found(asked.path)
    if asked.method != "GET":
        raise ApiError(405, f"{asked.method} is not allowed here.", "METHOD_NOT_ALLOWED")
    sid, form, gid = found[1], asked.first("format") or "xlsx", asked.first("gid")
    account = _account(service, asked)
    service.require(sid, account, write=False)
    if form not in _TYPES:
        raise bad_request(f"Downloads are {', '.join(_TYPES)}; {form!r} is not made by this server.")
    if gid is not None and form in ("csv", "tsv"):
        return _one_tab(service, sid, gid, form)
    return export(service.engine, sid, _TYPES[form])
