"""The few calls of the Drive API, version 2, that clients of spreadsheets make: insert, get, copy, delete (as in
version 3). A file is called by its `title` there, and folders are objects."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from . import drive_resource as shown
from .asked import Answer
from .drive_desk import Desk, Json, parent_of, text_of
from .drive_errors import invalid
from .drive_making import copy_file, make_file


def _parent(desk: Desk, body: Json) -> str | None:
    given = body.get("parents") or []
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise invalid("Invalid Value", "parents")
    return parent_of(desk, [one.get("id") for one in given])


def _made(desk: Desk, file_id: str) -> Answer:
    return desk.selected(shown.file_v2(desk.view(file_id), seen=False), "*")


def _insert(desk: Desk) -> Answer:
    body = desk.body()
    return _made(desk, make_file(desk, text_of(body, "mimeType"), text_of(body, "title"), _parent(desk, body)))


def _get(desk: Desk) -> Answer:
    return desk.selected(shown.file_v2(desk.view(desk.call.ids[0])), "*")


def _copy(desk: Desk) -> Answer:
    view, body = desk.view(desk.call.ids[0]), desk.body()
    return _made(desk, copy_file(desk, view, text_of(body, "title"), _parent(desk, body)))


DOING: Mapping[str, Callable[[Desk], Answer]] = {
    "drive.v2.files.insert": _insert,
    "drive.v2.files.get": _get,
    "drive.v2.files.copy": _copy,
}
