"""`files.list`: the files that an account sees, searched, ordered and paged."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from typing import Any

from . import drive_resource as shown
from . import drive_store as store
from .asked import Answer
from .drive_desk import FILE_FIELDS, Desk, Json
from .drive_errors import invalid, invalid_parameter
from .drive_query import Searched, matching
from .drive_resource import View
from .drive_store import FOLDER, RANKS

MOST_FILES = 1000


def _searched(view: View) -> Searched:
    owners = tuple(one.email for one in view.sharing if one.role == "owner")
    writers = tuple(one.email for one in view.sharing if RANKS[one.role] >= RANKS["writer"])
    readers = tuple(one.email for one in view.sharing)
    root = store.root_of(view.account)
    parents = (view.file.parent, "root") if view.file.parent == root else (view.file.parent,)
    return Searched(
        view.name, view.file.mime, view.file.created, view.modified, view.file.trashed, view.file.starred,
        view.file.owner != view.account, parents, owners, writers, readers, _visibility(view), view.account,
        view.properties,
    )  # fmt: skip


def _visibility(view: View) -> str:
    """How widely a file is shared beyond the accounts that are named."""
    for kind in ("anyone", "domain"):
        shared = [one.discoverable for one in view.sharing if one.type == kind]
        if shared:
            return f"{kind}{'CanFind' if any(shared) else 'WithLink'}"
    return "limited"


_ORDER: dict[str, Callable[[View], Any]] = {
    "createdTime": lambda view: view.file.created,
    "modifiedTime": lambda view: view.modified,
    "modifiedByMeTime": lambda view: view.modified,
    "viewedByMeTime": lambda view: view.modified,
    "sharedWithMeTime": lambda view: view.file.created,
    "recency": lambda view: view.modified,
    "quotaBytesUsed": lambda _: 1024,
    "folder": lambda view: view.file.mime != FOLDER,
    "name": lambda view: view.name.lower(),
    "name_natural": lambda view: view.name.lower(),
    "starred": lambda view: not view.file.starred,
}


def _ordered(views: list[View], order: str) -> list[View]:
    keys = [key.strip().split() for key in order.split(",") if key.strip()]
    for key in reversed(keys):
        if key[0] not in _ORDER or key[1:] not in ([], ["desc"], ["asc"]):
            raise invalid("Invalid Value", "orderBy")
        views = sorted(views, key=_ORDER[key[0]], reverse=key[1:] == ["desc"])
    return views


def page_of(desk: Desk, most: int, usual: int) -> tuple[int, int]:
    """(first, size) of the asked page; DriveError 400 for a size beyond `most` or a token of nobody's."""
    text, token = desk.asked.first("pageSize") or str(usual), desk.asked.first("pageToken") or ""
    if not text.lstrip("-").isdigit() or not 1 <= int(text) <= most:
        raise invalid_parameter(f"Invalid value '{text}'. Values must be within the range: [1, {most}]", "pageSize")
    if not token:
        return 0, int(text)
    try:
        return int(base64.urlsafe_b64decode(token.encode()).decode().removeprefix("~!!~")), int(text)
    except (ValueError, binascii.Error):
        raise invalid("Invalid Value", "pageToken") from None


def token_for(first: int) -> str:
    """The token of the page that begins there."""
    return base64.urlsafe_b64encode(f"~!!~{first}".encode()).decode()


def list_files(desk: Desk) -> Answer:
    """The page asked for; DriveError 400 for what cannot be read."""
    test = matching(desk.asked.first("q") or "")
    first, size = page_of(desk, MOST_FILES, 100)
    for name, allowed in (("corpora", {"user", "domain", "allDrives"}), ("spaces", {"drive"})):
        if (desk.asked.first(name) or min(allowed)) not in allowed:
            raise invalid("Invalid Value", name)
    views = []
    for file in store.seen_by(desk.connection, desk.account):
        view = desk.view_of(file, store.role_of(desk.connection, file.id, desk.account) or "reader")
        if test(_searched(view)):
            views.append(view)
    views = _ordered(sorted(views, key=lambda view: view.modified, reverse=True), desk.asked.first("orderBy") or "")
    body: Json = {"kind": "drive#fileList", "incompleteSearch": False}
    if first + size < len(views):
        body["nextPageToken"] = token_for(first + size)
    body["files"] = [shown.file(view) for view in views[first : first + size]]
    return desk.selected(body, shown.DEFAULT_LIST, FILE_FIELDS, "files")
