"""The Drive API, version 3 (and the upload of version 2 that clients use), over the engine and Drive's own tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from . import drive_resource as shown
from . import drive_sharing, drive_v2, oauth
from . import drive_store as store
from .asked import Answer, Asked
from .drive_desk import FILE_FIELDS, Desk, Json, folder_of, parent_of, put_properties, text_of
from .drive_errors import DriveError, bad_credentials, invalid, login_required, not_enough_rights, required
from .drive_listing import list_files
from .drive_making import copy_file, make_file
from .drive_resource import View
from .drive_store import FOLDER, SPREADSHEET
from .errors import ApiError
from .exports import export
from .page_not_found import page_not_found
from .routes import Call, find_call, known_elsewhere
from .service import Service
from .uploads import Upload, read_upload, resume, start_resumable, store_upload


def _create(desk: Desk) -> Answer:
    body = desk.body()
    parent = parent_of(desk, body.get("parents"))
    file_id = make_file(desk, text_of(body, "mimeType"), text_of(body, "name"), parent)
    put_properties(desk, file_id, body)
    return desk.file_answer(file_id)


def _get(desk: Desk) -> Answer:
    if desk.call.ids[0] in ("root", store.root_of(desk.account)) and desk.account:
        root = store.new_file(store.root_of(desk.account), FOLDER, "My Drive", desk.account, 0.0)
        shown_root = {key: value for key, value in shown.file(desk.view_of(root, "owner")).items() if key != "parents"}
        return desk.selected(shown_root, shown.DEFAULT_FILE, FILE_FIELDS)
    if desk.asked.first("alt") == "media":
        desk.view(desk.call.ids[0])
        message = "Only files with binary content can be downloaded. Use Export with Docs Editors files."
        raise DriveError(403, "fileNotDownloadable", message, "alt")
    return desk.file_answer(desk.call.ids[0])


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
        parent = folder_of(desk, desk.asked.first("addParents") or "")
    elif desk.asked.first("removeParents") in (file.parent, "root"):
        parent = store.root_of(file.owner)
    name = text_of(body, "name")
    if name and file.mime == SPREADSHEET and name != view.name:
        desk.engine.set_title(desk.service.caller(desk.account), file.id, name)
    changed = replace(
        file,
        name=name or file.name,
        trashed=body.get("trashed", file.trashed) or False,
        starred=body.get("starred", file.starred) or False,
        description=text_of(body, "description", file.description),
        parent=parent,
        modified=desk.now if name else file.modified,
    )
    if changed != file:
        store.save(desk.connection, changed)
    put_properties(desk, file.id, body)


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
    parent = parent_of(desk, body.get("parents"))
    file_id = copy_file(desk, view, text_of(body, "name"), parent)
    put_properties(desk, file_id, dict(view.properties))
    put_properties(desk, file_id, body)
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
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/zip",
)


def _upload_into(desk: Desk, file_id: str, upload: Upload) -> None:
    view = desk.writable(file_id)
    if view.file.mime != SPREADSHEET:
        raise invalid("Only spreadsheets take content on this server.")
    store_upload(desk.engine, desk.service.caller(desk.account), file_id, view.name, upload)
    update_facts(desk, desk.view(file_id), {key: value for key, value in upload.metadata.items() if key != "parents"})


def _finish_upload(desk: Desk, upload: Upload) -> Answer:
    """Content for the named file, or a new spreadsheet made of it."""
    if upload.file_id is None:
        mime = text_of(upload.metadata, "mimeType") or upload.content_type
        if mime != SPREADSHEET:
            raise invalid(
                "Uploads are stored as spreadsheets only: give mimeType application/vnd.google-apps.spreadsheet."
            )
        upload.check()
        name = text_of(upload.metadata, "name") or "Untitled"
        file_id = make_file(desk, SPREADSHEET, name, parent_of(desk, upload.metadata.get("parents")))
        store_upload(desk.engine, desk.service.caller(desk.account), file_id, name, upload)
        put_properties(desk, file_id, upload.metadata)
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
    "drive.about.get": _about,
    "drive.files.list": list_files,
    "drive.files.create": _create,
    "drive.files.get": _get,
    "drive.files.update": _update,
    "drive.files.delete": _delete,
    "drive.files.copy": _copy,
    "drive.files.export": _export,
    "drive.comments.list": _comments,
    "drive.permissions.list": drive_sharing.list_permissions,
    "drive.permissions.create": drive_sharing.share,
    "drive.permissions.get": drive_sharing.get_permission,
    "drive.permissions.update": drive_sharing.change,
    "drive.permissions.delete": drive_sharing.unshare,
    "drive.upload.create": _upload,
    "drive.upload.update": _upload,
    "drive.upload.v2": _upload_v2,
    "drive.upload.resume": _resume,
    "drive.v2.files.delete": _delete,
    **drive_v2.DOING,
}


def _identify(service: Service, call: Call, asked: Asked) -> str:
    try:
        bearer = service.bearer(asked)
    except ApiError:
        raise bad_credentials() from None
    if bearer is None:
        if asked.api_key and not call.write:
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
        name = known_elsewhere(asked.path)
        if name:
            raise DriveError(400, "badRequest", f"{name} is not supported by this server.")
        return page_not_found(asked.path)
    account = _identify(service, call, asked)
    desk = Desk(service, asked, call, account)
    if not call.write:
        return _DOING[call.name](desk)
    with service.engine.transaction():
        return _DOING[call.name](desk)
