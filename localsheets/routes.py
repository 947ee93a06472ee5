"""Which call a method and path are: Google's paths under /v4, /drive and /upload, read without decoding slashes away.

Names are those of Google's API reference, e.g. `spreadsheets.values.append`. A range may hold encoded slashes and
colons, so paths are cut while still percent-encoded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote


@dataclass(frozen=True, slots=True)
class Call:
    """One call: its name, what the path names (spreadsheet or file id, range, sheet id …) and whether it writes."""

    name: str
    ids: tuple[str, ...] = ()
    write: bool = False


def _route(method: str, pattern: str, name: str, write: bool) -> tuple[str, re.Pattern[str], str, bool]:
    parts = [r"([^/]+?)" if part == "{}" else re.escape(part) for part in re.split(r"(\{\})", pattern)]
    return method, re.compile("".join(parts)), name, write


_S = "/v4/spreadsheets"
_F = "/drive/v3/files"
_V2 = "/drive/v2/files"
_READ, _WRITE = False, True
_ROUTES = [
    _route("POST", _S, "spreadsheets.create", _WRITE),
    _route("POST", f"{_S}/{{}}:batchUpdate", "spreadsheets.batchUpdate", _WRITE),
    _route("POST", f"{_S}/{{}}:getByDataFilter", "spreadsheets.getByDataFilter", _READ),
    _route("GET", f"{_S}/{{}}/values:batchGet", "spreadsheets.values.batchGet", _READ),
    _route("POST", f"{_S}/{{}}/values:batchGetByDataFilter", "spreadsheets.values.batchGetByDataFilter", _READ),
    _route("POST", f"{_S}/{{}}/values:batchUpdate", "spreadsheets.values.batchUpdate", _WRITE),
    _route("POST", f"{_S}/{{}}/values:batchUpdateByDataFilter", "spreadsheets.values.batchUpdateByDataFilter", _WRITE),
    _route("POST", f"{_S}/{{}}/values:batchClear", "spreadsheets.values.batchClear", _WRITE),
    _route("POST", f"{_S}/{{}}/values:batchClearByDataFilter", "spreadsheets.values.batchClearByDataFilter", _WRITE),
    _route("POST", f"{_S}/{{}}/values/{{}}:append", "spreadsheets.values.append", _WRITE),
    _route("POST", f"{_S}/{{}}/values/{{}}:clear", "spreadsheets.values.clear", _WRITE),
    _route("GET", f"{_S}/{{}}/values/{{}}", "spreadsheets.values.get", _READ),
    _route("PUT", f"{_S}/{{}}/values/{{}}", "spreadsheets.values.update", _WRITE),
    _route("POST", f"{_S}/{{}}/sheets/{{}}:copyTo", "spreadsheets.sheets.copyTo", _WRITE),
    _route("GET", f"{_S}/{{}}/developerMetadata/{{}}", "spreadsheets.developerMetadata.get", _READ),
    _route("POST", f"{_S}/{{}}/developerMetadata:search", "spreadsheets.developerMetadata.search", _READ),
    _route("GET", f"{_S}/{{}}", "spreadsheets.get", _READ),
    _route("GET", "/drive/v3/about", "drive.about.get", _READ),
    _route("GET", _F, "drive.files.list", _READ),
    _route("POST", _F, "drive.files.create", _WRITE),
    _route("GET", f"{_F}/{{}}", "drive.files.get", _READ),
    _route("PATCH", f"{_F}/{{}}", "drive.files.update", _WRITE),
    _route("DELETE", f"{_F}/{{}}", "drive.files.delete", _WRITE),
    _route("POST", f"{_F}/{{}}/copy", "drive.files.copy", _WRITE),
    _route("GET", f"{_F}/{{}}/export", "drive.files.export", _READ),
    _route("GET", f"{_F}/{{}}/comments", "drive.comments.list", _READ),
    _route("GET", f"{_F}/{{}}/permissions", "drive.permissions.list", _READ),
    _route("POST", f"{_F}/{{}}/permissions", "drive.permissions.create", _WRITE),
    _route("GET", f"{_F}/{{}}/permissions/{{}}", "drive.permissions.get", _READ),
    _route("PATCH", f"{_F}/{{}}/permissions/{{}}", "drive.permissions.update", _WRITE),
    _route("DELETE", f"{_F}/{{}}/permissions/{{}}", "drive.permissions.delete", _WRITE),
    _route("POST", f"/upload{_F}", "drive.upload.create", _WRITE),
    _route("PATCH", f"/upload{_F}/{{}}", "drive.upload.update", _WRITE),
    _route("PUT", f"/upload{_V2}/{{}}", "drive.upload.v2", _WRITE),
    _route("POST", _V2, "drive.v2.files.insert", _WRITE),
    _route("GET", f"{_V2}/{{}}", "drive.v2.files.get", _READ),
    _route("DELETE", f"{_V2}/{{}}", "drive.v2.files.delete", _WRITE),
    _route("POST", f"{_V2}/{{}}/copy", "drive.v2.files.copy", _WRITE),
    _route("PUT", f"/upload{_F}", "drive.upload.resume", _WRITE),
    _route("PUT", f"/upload{_F}/{{}}", "drive.upload.resume", _WRITE),
]


# What Google has besides under these addresses.
_ELSEWHERE = (
    (re.compile(r"/drive/v3/files/(generateIds|trash)"), "drive.files.{}"),
    (re.compile(r"/drive/v3/files/[^/]+/(watch|listLabels|modifyLabels|download)"), "drive.files.{}"),
    (re.compile(r"/drive/v3/files/[^/]+/(comments|revisions|accessproposals|approvals)(?:/.*)?"), "drive.{}"),
    (re.compile(r"/drive/v3/(changes|channels|drives|teamdrives|apps|operations)(?:/.*)?"), "drive.{}"),
    (re.compile(r"/drive/(v2)/.*"), "This part of Drive API {}"),
)


def known_elsewhere(path: str) -> str | None:
    """The name of a part of Google's Drive API that this server has not."""
    for pattern, name in _ELSEWHERE:
        found = pattern.fullmatch(path)
        if found:
            return name.format(found[1])
    return None


def find_call(method: str, raw_path: str) -> Call | None:
    """The call for a method and a still encoded path (no query), or None where Google answers 404."""
    path = raw_path.rstrip("/") if len(raw_path) > 1 else raw_path
    # A verb's colon may be encoded, or follow a slash: google-spreadsheet asks for …/{id}/:batchUpdate.
    path = re.sub(r"/?(%3a|:)(?=[A-Za-z]+$)", ":", path, flags=re.IGNORECASE) if method == "POST" else path
    if path in (f"{_F}/generateIds", f"{_F}/trash"):
        return None  # calls of their own, no file ids
    for route_method, pattern, name, write in _ROUTES:
        found = pattern.fullmatch(path) if route_method == method else None
        if found:
            return Call(name, tuple(unquote(part) for part in found.groups()), write)
    return None
