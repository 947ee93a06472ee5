"""New files in Drive: spreadsheets, folders and copies, for every call that makes one."""

from __future__ import annotations

import secrets

from . import drive_store as store
from .drive_desk import Desk
from .drive_errors import DriveError, invalid
from .drive_resource import View
from .drive_store import FOLDER, SPREADSHEET


def make_file(desk: Desk, mime: str, name: str, parent: str | None) -> str:
    """A new spreadsheet or folder of the asking account; returns its id."""
    if mime == FOLDER:
        file_id = "1" + secrets.token_urlsafe(24)
    elif mime == SPREADSHEET:
        caller = desk.service.caller(desk.account)
        made = desk.engine.create(caller, {"properties": {"title": name or "Untitled spreadsheet"}})
        file_id = made["spreadsheetId"]
    else:
        raise invalid(
            f"Files of type {mime or 'application/octet-stream'} are not supported by this server.", "mimeType"
        )
    store.add(desk.connection, store.new_file(file_id, mime, name or "Untitled", desk.account, desk.now, parent))
    return file_id


def copy_file(desk: Desk, view: View, name: str, parent: str | None) -> str:
    """A copy of a spreadsheet, owned by the asking account; returns its id."""
    if view.file.mime != SPREADSHEET:
        raise DriveError(403, "cannotCopyFile", "This file cannot be copied by the user.")
    name = name or f"Copy of {view.name}"
    file_id = desk.engine.copy(desk.service.caller(desk.account), view.file.id, name)
    store.add(desk.connection, store.new_file(file_id, SPREADSHEET, name, desk.account, desk.now, parent))
    return file_id
