"""The Drive API, version 3 (and the upload of version 2 that clients use), over the engine and Drive's own tables."""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import orjson

from . import drive_resource as shown
from . import drive_store as store
from . import masks, oauth
from .accounts import permission_id
from .asked import Answer, Asked, json_answer
from .drive_errors import (
    DriveError,
    bad_credentials,
    file_not_found,
    invalid,
    invalid_parameter,
    login_required,
    not_enough_rights,
    permission_not_found,
    required,
)
from .drive_query import Searched, matching
from .drive_resource import View
from .drive_store import FOLDER, RANKS, SPREADSHEET, File, Permission
from .errors import ApiError
from .exports import export
from .page_not_found import page_not_found
from .routes import Call, find_call
from .service import Service
from .uploads import Upload, read_upload, resume, start_resumable, store_upload

Json = dict[str, Any]
MOST_FILES = 1000
_FILE_FIELDS = frozenset(
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
        name, modified, version = file.name, file.modified, file.changes + 1
        if file.mime == SPREADSHEET:
            name = self.engine.title(file.id)
            modified = max(modified, self.engine.modified(file.id))
            version += self.engine.version(file.id)
        sharing = tuple(store.permissions(self.connection, file.id))
        return View(file, name, modified, version, sharing, self.account, role, self.service.base)

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
        return self.selected(shown.file(self.view(file_id)), shown.DEFAULT_FILE, _FILE_FIELDS)


def _text(body: Json, name: str, default: str = "") -> str:
    value = body.get(name)
    if value is None:
        return default
    if not isinstance(value, str):
        raise invalid("Invalid Value", name)
    return value


def _parent(desk: Desk, value: object) -> str | None:
    """The folder that a `parents` list names; one at most, as in Drive."""
    if value is None or value == []:
        return None
    if not isinstance(value, list) or len(value) != 1 or not isinstance(value[0], str):
        raise DriveError(400, "invalid", "A file can have one parent.", "parents")
    return _folder(desk, value[0])


def _folder(desk: Desk, folder: str) -> str:
    root = store.root_of(desk.account)
    if folder in ("root", root):
        return root
    view = desk.view(folder)
    if view.file.mime != FOLDER:
        raise DriveError(403, "parentNotAFolder", "The specified parent is not a folder.", "parents")
    if not view.may_write:
        raise not_enough_rights()
    return folder


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


def _create(desk: Desk) -> Answer:
    body = desk.body()
    parent = _parent(desk, body.get("parents"))
    return desk.file_answer(make_file(desk, _text(body, "mimeType"), _text(body, "name"), parent))


def _get(desk: Desk) -> Answer:
    if desk.asked.first("alt") == "media":
        desk.view(desk.call.ids[0])
        message = "Only files with binary content can be downloaded. Use Export with Docs Editors files."
        raise DriveError(403, "fileNotDownloadable", message, "alt")
    return desk.file_answer(desk.call.ids[0])


def _searched(view: View) -> Searched:
    owners = tuple(one.email for one in view.sharing if one.role == "owner")
    writers = tuple(one.email for one in view.sharing if RANKS[one.role] >= RANKS["writer"])
    readers = tuple(one.email for one in view.sharing)
    root = store.root_of(view.account)
    parents = (view.file.parent, "root") if view.file.parent == root else (view.file.parent,)
    return Searched(
        view.name, view.file.mime, view.file.created, view.modified, view.file.trashed, view.file.starred,
        view.file.owner != view.account, parents, owners, writers, readers,
    )  # fmt: skip


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


def _page(desk: Desk) -> tuple[int, int]:
    """(first, size) of the asked page."""
    text, token = desk.asked.first("pageSize") or "100", desk.asked.first("pageToken") or ""
    if not text.lstrip("-").isdigit() or not 1 <= int(text) <= MOST_FILES:
        raise invalid_parameter(
            f"Invalid value '{text}'. Values must be within the range: [1, {MOST_FILES}]", "pageSize"
        )
    if not token:
        return 0, int(text)
    try:
        return int(base64.urlsafe_b64decode(token.encode()).decode().removeprefix("~!!~")), int(text)
    except (ValueError, binascii.Error):
        raise invalid("Invalid Value", "pageToken") from None


def _list(desk: Desk) -> Answer:
    test = matching(desk.asked.first("q") or "")
    first, size = _page(desk)
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
        body["nextPageToken"] = base64.urlsafe_b64encode(f"~!!~{first + size}".encode()).decode()
    body["files"] = [shown.file(view) for view in views[first : first + size]]
    return desk.selected(body, shown.DEFAULT_LIST, _FILE_FIELDS, "files")


def update_facts(desk: Desk, view: View, body: Json) -> None:
    """Name, bin, star, description and folder of a file from a files.update body and its query."""
    file = view.file
    for name in ("trashed", "starred"):
        if body.get(name) is not None and not isinstance(body[name], bool):
            raise invalid("Invalid Value", name)
    if body.get("trashed") is not None and file.owner != desk.account:
        raise not_enough_rights()
    if "parents" in body:
        message = "The parents field is not directly writable in update requests. Use the addParents and removeParents"
        raise DriveError(403, "fieldNotWritable", f"{message} parameters instead.")
    parent = file.parent
    if desk.asked.first("addParents"):
        parent = _folder(desk, desk.asked.first("addParents") or "")
    elif desk.asked.first("removeParents") in (file.parent, "root"):
        parent = store.root_of(file.owner)
    name = _text(body, "name")
    if name and file.mime == SPREADSHEET and name != view.name:
        desk.engine.set_title(desk.service.caller(desk.account), file.id, name)
    changed = replace(
        file,
        name=name or file.name,
        trashed=body.get("trashed", file.trashed) or False,
        starred=body.get("starred", file.starred) or False,
        description=_text(body, "description", file.description),
        parent=parent,
        modified=desk.now if name else file.modified,
    )
    if changed != file:
        store.save(desk.connection, changed)


def _update(desk: Desk) -> Answer:
    view = desk.writable(desk.call.ids[0])
    update_facts(desk, view, desk.body())
    return desk.file_answer(view.file.id)


def _delete(desk: Desk) -> Answer:
    view = desk.view(desk.call.ids[0])
    if view.role != "owner":
        raise not_enough_rights()
    inside = store.inside(desk.connection, view.file.id) if view.file.mime == FOLDER else []
    for file in [view.file, *inside]:
        store.remove(desk.connection, file.id)
        if file.mime == SPREADSHEET:
            desk.engine.delete(desk.service.caller(desk.account), file.id)
    return Answer(204)


def _copy(desk: Desk) -> Answer:
    view, body = desk.view(desk.call.ids[0]), desk.body()
    if view.file.mime != SPREADSHEET:
        raise DriveError(403, "cannotCopyFile", "This file cannot be copied by the user.")
    parent = _parent(desk, body.get("parents"))
    name = _text(body, "name") or f"Copy of {view.name}"
    file_id = desk.engine.copy(desk.service.caller(desk.account), view.file.id, name)
    store.add(desk.connection, store.new_file(file_id, SPREADSHEET, name, desk.account, desk.now, parent))
    return desk.file_answer(file_id)


def _export(desk: Desk) -> Answer:
    view = desk.view(desk.call.ids[0])
    mime = desk.asked.first("mimeType")
    if not mime:
        raise required("Required parameter: mimeType", "mimeType")
    if view.file.mime != SPREADSHEET:
        message = "Export only supports Docs Editors files."
        raise DriveError(403, "fileNotExportable", message)
    return export(desk.engine, view.file.id, mime)


def _comments(desk: Desk) -> Answer:
    desk.view(desk.call.ids[0])
    if not desk.asked.first("fields"):
        raise required("The 'fields' parameter is required for this method.", "fields")
    return desk.selected({"kind": "drive#commentList", "comments": []}, "*")


def _about(desk: Desk) -> Answer:
    if not desk.asked.first("fields"):
        raise required("The 'fields' parameter is required for this method.", "fields")
    quota = {"limit": "16106127360", "usage": "0", "usageInDrive": "0", "usageInDriveTrash": "0"}
    body: Json = {
        "kind": "drive#about", "user": shown.user(desk.account, desk.account), "storageQuota": quota,
        "importFormats": {mime: [SPREADSHEET] for mime in ("text/csv", "text/tab-separated-values", *_BOOK_TYPES)},
        "exportFormats": {SPREADSHEET: list(_EXPORTED)}, "maxUploadSize": str(1 << 30), "appInstalled": False,
        "maxImportSizes": {SPREADSHEET: "104857600"}, "folderColorPalette": [], "canCreateDrives": False,
    }  # fmt: skip
    return desk.selected(body, "*", frozenset({*body, "*"}))


_BOOK_TYPES = ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "application/vnd.ms-excel")
_EXPORTED = (
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "text/csv",
    "text/tab-separated-values",
)


def _permissions(desk: Desk) -> Answer:
    view = desk.view(desk.call.ids[0])
    if not view.may_write:
        raise not_enough_rights()
    listed = [shown.permission(one) for one in view.sharing]
    return desk.selected({"kind": "drive#permissionList", "permissions": listed}, shown.DEFAULT_PERMISSIONS)


def _permission_from(body: Json) -> Permission:
    kind, role = _text(body, "type"), _text(body, "role")
    if not kind or not role:
        missing = "type" if not kind else "role"
        raise required(f"The permission {missing} field is required.", f"permission.{missing}")
    if kind not in ("user", "group", "domain", "anyone"):
        raise invalid("The specified permission type is invalid or not applicable.", "permission.type")
    if role not in ("owner", "writer", "commenter", "reader"):
        raise invalid(
            "The specified role is invalid or not applicable for the given permission type.", "permission.role"
        )
    email, domain = _text(body, "emailAddress").lower(), _text(body, "domain").lower()
    if kind in ("user", "group"):
        if email.count("@") != 1 or email.startswith("@") or email.endswith("@"):
            raise invalid("The specified emailAddress is invalid or not applicable for the given permission type.",
                          "permission.emailAddress")  # fmt: skip
        return Permission(permission_id(email), kind, role, email)
    if role == "owner" or (kind == "domain" and not domain):
        raise invalid(
            "The specified role is invalid or not applicable for the given permission type.", "permission.role"
        )
    discoverable = body.get("allowFileDiscovery") is True
    if kind == "domain":
        return Permission(permission_id(domain) + "k", kind, role, "", domain, discoverable)
    return Permission("anyone" if discoverable else "anyoneWithLink", kind, role, discoverable=discoverable)


def _may_give(desk: Desk, view: View, role: str, offered: bool = False) -> None:
    """Ownership is given by the owner, or taken by the one to whom it is offered."""
    if role != "owner":
        return
    if not desk.asked.flag("transferOwnership"):
        message = "The transferOwnership parameter must be enabled when the permission role is 'owner'."
        raise DriveError(403, "forbidden", message, "transferOwnership")
    if view.role != "owner" and not offered:
        raise not_enough_rights()


def _share(desk: Desk) -> Answer:
    view, one = desk.writable(desk.call.ids[0]), _permission_from(desk.body())
    existing = next((held for held in view.sharing if held.id == one.id), None)
    if existing and existing.role == "owner":
        return desk.selected(shown.permission(existing), shown.DEFAULT_PERMISSION)
    _may_give(desk, view, one.role)
    store.share(desk.connection, view.file.id, one)
    return desk.selected(shown.permission(one), shown.DEFAULT_PERMISSION)


def _held(view: View, permission: str) -> Permission:
    held = next((one for one in view.sharing if one.id == permission), None)
    if held is None:
        raise permission_not_found(permission)
    return held


def _permission(desk: Desk) -> Answer:
    view = desk.writable(desk.call.ids[0])
    return desk.selected(shown.permission(_held(view, desk.call.ids[1])), shown.DEFAULT_PERMISSION)


def _reshare(desk: Desk) -> Answer:
    view = desk.writable(desk.call.ids[0])
    body = desk.body()
    held, role = _held(view, desk.call.ids[1]), _text(body, "role")
    if role not in ("owner", "writer", "commenter", "reader"):
        raise invalid(
            "The specified role is invalid or not applicable for the given permission type.", "permission.role"
        )
    pending = body.get("pendingOwner") is True
    _may_give(desk, view, role, offered=held.pending and held.email == desk.account)
    if (held.role == "owner" and role != "owner") or (pending and view.role != "owner"):
        raise not_enough_rights()
    held = replace(held, role=role, pending=pending and role != "owner")
    store.share(desk.connection, view.file.id, held)
    return desk.selected(shown.permission(held), shown.DEFAULT_PERMISSION)


def _unshare(desk: Desk) -> Answer:
    view = desk.view(desk.call.ids[0])
    held = _held(view, desk.call.ids[1])
    if held.role == "owner" or not (view.may_write or held.email == desk.account):
        raise not_enough_rights()
    store.unshare(desk.connection, view.file.id, held.id)
    return Answer(204)


def _upload_into(desk: Desk, file_id: str, upload: Upload) -> None:
    view = desk.writable(file_id)
    if view.file.mime != SPREADSHEET:
        raise invalid("Only spreadsheets take content on this server.")
    store_upload(desk.engine, desk.service.caller(desk.account), file_id, view.name, upload)
    update_facts(desk, desk.view(file_id), {key: value for key, value in upload.metadata.items() if key != "parents"})


def _finish_upload(desk: Desk, upload: Upload) -> Answer:
    """Content for the named file, or a new spreadsheet made of it."""
    if upload.file_id is None:
        mime = _text(upload.metadata, "mimeType") or upload.content_type
        if mime != SPREADSHEET:
            raise invalid(
                "Uploads are stored as spreadsheets only: give mimeType application/vnd.google-apps.spreadsheet."
            )
        upload.check()
        name = _text(upload.metadata, "name") or "Untitled"
        file_id = make_file(desk, SPREADSHEET, name, _parent(desk, upload.metadata.get("parents")))
        store_upload(desk.engine, desk.service.caller(desk.account), file_id, name, upload)
        return desk.file_answer(file_id)
    _upload_into(desk, upload.file_id, upload)
    return desk.file_answer(upload.file_id)


def _upload(desk: Desk) -> Answer:
    file_id = desk.call.ids[0] if desk.call.ids else None
    if file_id is not None:
        desk.writable(file_id)
    if desk.asked.first("uploadType") == "resumable":
        return start_resumable(desk.service.base, desk.asked, desk.body(), file_id)
    return _finish_upload(desk, read_upload(desk.asked, file_id))


def _resume(desk: Desk) -> Answer:
    done = resume(desk.asked)
    return _finish_upload(desk, done) if isinstance(done, Upload) else done


def _upload_v2(desk: Desk) -> Answer:
    file_id = desk.call.ids[0]
    upload = read_upload(desk.asked, file_id)
    metadata = {"name": upload.metadata["title"]} if "title" in upload.metadata else {}
    _upload_into(desk, file_id, replace(upload, metadata=metadata))
    return desk.selected(shown.file_v2(desk.view(file_id)), "*")


_DOING: Mapping[str, Callable[[Desk], Answer]] = {
    "drive.about.get": _about, "drive.files.list": _list, "drive.files.create": _create, "drive.files.get": _get,
    "drive.files.update": _update, "drive.files.delete": _delete, "drive.files.copy": _copy,
    "drive.files.export": _export, "drive.comments.list": _comments, "drive.permissions.list": _permissions,
    "drive.permissions.create": _share, "drive.permissions.get": _permission, "drive.permissions.update": _reshare,
    "drive.permissions.delete": _unshare, "drive.upload.create": _upload, "drive.upload.update": _upload,
    "drive.upload.v2": _upload_v2, "drive.upload.resume": _resume,
}  # fmt: skip


def _identify(service: Service, call: Call, asked: Asked) -> str:
    try:
        bearer = service.bearer(asked)
    except ApiError:
        raise bad_credentials() from None
    if bearer is None:
        if asked.first("key") and not call.write:
            return ""
        raise login_required()
    if not bearer.scopes & (oauth.DRIVE_WRITE if call.write else oauth.DRIVE_READ):
        raise DriveError(
            403, "insufficientPermissions", "Insufficient Permission: Request had insufficient authentication scopes."
        )
    return bearer.account


def answer_drive(service: Service, asked: Asked) -> Answer:
    """Answers anything under /drive and /upload/drive; DriveError for a refusal."""
    call = find_call(asked.method, asked.path)
    if call is None:
        return page_not_found(asked.path)
    account = _identify(service, call, asked)
    desk = Desk(service, asked, call, account)
    if not call.write:
        return _DOING[call.name](desk)
    with service.engine.transaction():
        return _DOING[call.name](desk)
