"""One Drive request at work: who asks, what for, and the answers' shapes that every Drive call shares."""

from __future__ import annotations

from typing import Any

import orjson

from . import drive_resource as shown
from . import drive_store as store
from . import masks
from .asked import Answer, Asked, json_answer
from .drive_errors import DriveError, file_not_found, invalid, invalid_parameter, not_enough_rights
from .drive_resource import View
from .drive_store import FOLDER, SPREADSHEET, File
from .errors import ApiError
from .routes import Call
from .service import Service

Json = dict[str, Any]
FILE_FIELDS = frozenset(
    {
        "kind", "id", "name", "mimeType", "description", "starred", "trashed", "explicitlyTrashed",
        "trashingUser", "trashedTime", "parents", "properties", "appProperties", "spaces", "version",
        "webContentLink", "webViewLink", "iconLink", "hasThumbnail", "thumbnailLink", "thumbnailVersion",
        "viewedByMe", "viewedByMeTime", "createdTime", "modifiedTime", "modifiedByMeTime", "modifiedByMe",
        "sharedWithMeTime", "sharingUser", "owners", "teamDriveId", "driveId", "lastModifyingUser", "shared",
        "ownedByMe", "capabilities", "viewersCanCopyContent", "copyRequiresWriterPermission", "writersCanShare",
        "permissions", "permissionIds", "hasAugmentedPermissions", "folderColorRgb", "originalFilename",
        "fullFileExtension", "fileExtension", "md5Checksum", "sha1Checksum", "sha256Checksum", "size",
        "quotaBytesUsed", "headRevisionId", "contentHints", "imageMediaMetadata", "videoMediaMetadata",
        "isAppAuthorized", "exportLinks", "shortcutDetails", "contentRestrictions", "labelInfo", "resourceKey",
        "linkShareMetadata", "inheritedPermissionsDisabled", "downloadRestrictions", "*",
    }
)  # fmt: skip


class Desk:
    """One Drive request at work: the service, who asks and what was asked."""

    def __init__(self, service: Service, asked: Asked, call: Call, account: str) -> None:
        self.service, self.asked, self.call, self.account = service, asked, call, account
        self.connection, self.engine = service.engine.connection, service.engine
        self.now = service.clock.now()

    def body(self) -> Json:
        """The JSON body as an object; DriveError 400 otherwise."""
        if not self.asked.body.strip():
            return {}
        try:
            read = orjson.loads(self.asked.body)
        except orjson.JSONDecodeError:
            raise DriveError(400, "parseError", "Parse Error") from None
        if not isinstance(read, dict):
            raise DriveError(400, "parseError", "Parse Error")
        return read

    def view(self, file_id: str) -> View:
        """A file as the asking account sees it; 404 where it sees none."""
        file = store.find(self.connection, file_id)
        role = store.role_of(self.connection, file_id, self.account) if file else None
        if file is None or role is None:
            raise file_not_found(file_id)
        return self.view_of(file, role)

    def view_of(self, file: File, role: str) -> View:
        """The same for facts and role already at hand."""
        name, modified, version = file.name, file.modified, file.changes + 1
        if file.mime == SPREADSHEET:
            name = self.engine.title(file.id)
            modified = max(modified, self.engine.modified(file.id))
            version += self.engine.version(file.id)
        sharing = tuple(store.permissions(self.connection, file.id))
        beside = store.properties(self.connection, file.id)
        return View(file, name, modified, version, sharing, self.account, role, self.service.base, beside)

    def writable(self, file_id: str) -> View:
        """The same for a change; 403 for a reader."""
        view = self.view(file_id)
        if not view.may_write:
            raise not_enough_rights()
        return view

    def selected(self, value: Json, default: str, known: frozenset[str] | None = None, below: str = "") -> Answer:
        """The part of an answer that `fields` asks for, or Drive's default part."""
        text = self.asked.first("fields") or self.asked.first("$fields")
        try:
            mask = masks.parse(text or default)
        except ApiError:
            raise invalid_parameter(f"Invalid field selection {text}", "fields") from None
        inner = mask.children.get(below) if below else mask
        for name in inner.children if inner and text else ():
            if known is not None and name not in known:
                raise invalid_parameter(f"Invalid field selection {name}", "fields")
        pretty = (self.asked.first("prettyPrint") or "").lower() == "true"
        return json_answer(masks.select(mask, value), pretty=pretty)

    def file_answer(self, file_id: str) -> Answer:
        """A file after a change or a look."""
        return self.selected(shown.file(self.view(file_id)), shown.DEFAULT_FILE, FILE_FIELDS)


def text_of(body: Json, name: str, default: str = "") -> str:
    """A string of the body, or `default` where it is absent; DriveError 400 for another type."""
    value = body.get(name)
    if value is None:
        return default
    if not isinstance(value, str):
        raise invalid("Invalid Value", name)
    return value


def put_properties(desk: Desk, file_id: str, body: Json) -> None:
    """Writes the `properties` and `appProperties` of a body; DriveError 400 where they are no texts by key."""
    for kind in ("properties", "appProperties"):
        given = body.get(kind)
        if given is None:
            continue
        if not isinstance(given, dict) or not all(value is None or isinstance(value, str) for value in given.values()):
            raise invalid("Invalid Value", kind)
        store.put_properties(desk.connection, file_id, kind, given)


def parent_of(desk: Desk, value: object) -> str | None:
    """The folder that a `parents` list names; one at most, as in Drive."""
    if value is None or value == []:
        return None
    if not isinstance(value, list) or len(value) != 1 or not isinstance(value[0], str):
        raise DriveError(400, "invalid", "A file can have one parent.", "parents")
    return folder_of(desk, value[0])


def folder_of(desk: Desk, folder: str) -> str:
    """A folder's id, `root` resolved; DriveError where it is none or not writable."""
    root = store.root_of(desk.account)
    if folder in ("root", root):
        return root
    view = desk.view(folder)
    if view.file.mime != FOLDER:
        raise DriveError(403, "parentNotAFolder", "The specified parent is not a folder.", "parents")
    if not view.may_write:
        raise not_enough_rights()
    return folder
