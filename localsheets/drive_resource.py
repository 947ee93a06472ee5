"""Files and permissions as Drive shows them: the v3 resources, and the v2 one that an upload through v2 answers."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .accounts import permission_id
from .drive_store import FOLDER, RANKS, SPREADSHEET, File, Permission, root_of

Json = dict[str, Any]
EXPORTS = {
    "application/x-vnd.oasis.opendocument.spreadsheet": "ods",
    "text/tab-separated-values": "tsv",
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "text/csv": "csv",
    "application/zip": "zip",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
}
DEFAULT_FILE = "kind,id,name,mimeType"
DEFAULT_LIST = f"kind,incompleteSearch,nextPageToken,files({DEFAULT_FILE})"
DEFAULT_PERMISSION = "kind,id,type,role"
DEFAULT_PERMISSIONS = f"kind,nextPageToken,permissions({DEFAULT_PERMISSION})"


@dataclass(frozen=True, slots=True)
class View:
    """A file as one account sees it: its facts, present name, times and version, its sharing, the account's role, and
    what clients have written beside it."""

    file: File
    name: str
    modified: float
    version: int
    sharing: tuple[Permission, ...]
    account: str
    role: str
    base: str
    properties: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def may_write(self) -> bool:
        """Whether the account may change the file."""
        return RANKS[self.role] >= RANKS["writer"]


def moment(at: float) -> str:
    """RFC 3339 in UTC with milliseconds, as Drive writes times."""
    return dt.datetime.fromtimestamp(at, dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def user(email: str, asking: str) -> Json:
    """A person or service account, v3."""
    return {
        "kind": "drive#user",
        "displayName": email,
        "me": email == asking,
        "permissionId": permission_id(email),
        "emailAddress": email,
    }


def permission(one: Permission) -> Json:
    """One permission in full, v3."""
    shown: Json = {"kind": "drive#permission", "id": one.id, "type": one.type, "role": one.role}
    if one.email:
        shown |= {"emailAddress": one.email, "displayName": one.email, "deleted": False, "pendingOwner": one.pending}
    if one.domain:
        shown |= {"domain": one.domain, "displayName": one.domain}
    if one.type in ("anyone", "domain"):
        shown["allowFileDiscovery"] = one.discoverable
    return shown


def _links(view: View) -> Json:
    kind = "spreadsheets/d" if view.file.mime == SPREADSHEET else "drive/folders"
    tail = "/edit?usp=drivesdk" if view.file.mime == SPREADSHEET else ""
    return {"webViewLink": f"{view.base}/{kind}/{view.file.id}{tail}"}


def _export_links(view: View) -> Json:
    start = f"{view.base}/drive/v3/files/{view.file.id}/export?mimeType="
    return {mime: start + mime.replace("/", "%2F") for mime in EXPORTS}


def _capabilities(view: View) -> Json:
    writes, owns = view.may_write, view.role == "owner"
    return {
        "canEdit": writes, "canComment": RANKS[view.role] >= RANKS["commenter"], "canCopy": True, "canDownload": True,
        "canShare": writes, "canRename": writes, "canModifyContent": writes, "canReadRevisions": writes,
        "canDelete": owns, "canTrash": owns, "canUntrash": owns, "canChangeCopyRequiresWriterPermission": owns,
        "canListChildren": view.file.mime == FOLDER, "canAddChildren": view.file.mime == FOLDER and writes,
    }  # fmt: skip


def file(view: View) -> Json:
    """Everything v3 knows of a file; a `fields` mask selects from it."""
    facts, owner = view.file, user(view.file.owner, view.account)
    shown: Json = {
        "kind": "drive#file", "id": facts.id, "name": view.name, "mimeType": facts.mime, "starred": facts.starred,
        "trashed": facts.trashed, "explicitlyTrashed": facts.trashed, "spaces": ["drive"], "version": str(view.version),
        **_links(view), "iconLink": f"https://drive-thirdparty.googleusercontent.com/16/type/{facts.mime}",
        "hasThumbnail": False, "thumbnailVersion": "0", "viewedByMe": True, "viewedByMeTime": moment(view.modified),
        "createdTime": moment(facts.created), "modifiedTime": moment(view.modified), "modifiedByMe": True,
        "modifiedByMeTime": moment(view.modified), "owners": [owner], "lastModifyingUser": owner,
        "shared": len(view.sharing) > 1, "ownedByMe": facts.owner == view.account,
        "capabilities": _capabilities(view), "viewersCanCopyContent": True, "copyRequiresWriterPermission": False,
        "writersCanShare": True, "isAppAuthorized": True, "quotaBytesUsed": "1024", "size": "1024",
    }  # fmt: skip
    if facts.owner == view.account or not facts.parent.startswith("0A"):
        shown["parents"] = [facts.parent]
    if facts.description:
        shown["description"] = facts.description
    shown |= view.properties
    if facts.mime == SPREADSHEET:
        shown["exportLinks"] = _export_links(view)
    if view.may_write:
        shown["permissions"] = [permission(one) for one in view.sharing]
        shown["permissionIds"] = [one.id for one in view.sharing]
    return shown


def _v2_user(email: str, asking: str) -> Json:
    return {
        "displayName": email,
        "kind": "drive#user",
        "isAuthenticatedUser": email == asking,
        "permissionId": permission_id(email),
        "emailAddress": email,
        "picture": {"url": "https://lh3.googleusercontent.com/a/default-user=s64"},
    }


def _tag(*parts: object) -> str:
    return hashlib.blake2b(repr(parts).encode(), digest_size=14).hexdigest()


def file_v2(view: View, *, seen: bool = True) -> Json:
    """The whole v2 resource, as an upload through /upload/drive/v2 answers it (recordings); a file that has just been
    made has no thumbnail (`seen` is false)."""
    facts = view.file
    link = f"https://www.googleapis.com/drive/v2/files/{facts.id}"
    docs = f"https://docs.google.com/spreadsheets/d/{facts.id}"
    export = f"https://docs.google.com/spreadsheets/export?id={facts.id}&exportFormat="
    parent = {
        "selfLink": f"{link}/parents/{facts.parent}", "id": facts.parent,
        "isRoot": facts.parent == root_of(facts.owner), "kind": "drive#parentReference",
        "parentLink": f"https://www.googleapis.com/drive/v2/files/{facts.parent}",
    }  # fmt: skip
    mine: Json = {
        "id": "me", "type": "user", "role": view.role, "kind": "drive#permission", "selfLink": f"{link}/permissions/me",
        "etag": f'"{_tag(facts.id, view.account, view.role)}"', "pendingOwner": False,
    }  # fmt: skip
    labels = {
        "viewed": True, "restricted": False, "starred": facts.starred, "hidden": False, "trashed": facts.trashed,
    }  # fmt: skip
    changed = moment(view.modified)
    thumbnail = {
        "thumbnailLink": f"https://docs.google.com/feeds/vt?gd=true&id={facts.id}&v=1&s={_tag(facts.id)}&sz=s220"
    }
    return {
        "kind": "drive#file", "userPermission": mine, "selfLink": link, "ownerNames": [facts.owner],
        "lastModifyingUserName": view.account, "editable": view.may_write, "writersCanShare": True,
        "mimeType": facts.mime, "exportLinks": {mime: export + ending for mime, ending in EXPORTS.items()},
        "parents": [parent],
        **(thumbnail if seen else {}), "appDataContents": False,
        "iconLink": f"https://drive-thirdparty.googleusercontent.com/16/type/{facts.mime}",
        "shared": len(view.sharing) > 1, "lastModifyingUser": _v2_user(view.account, view.account),
        "owners": [_v2_user(facts.owner, view.account)], "copyable": True, "etag": f'"{_tag(facts.id, view.version)}"',
        "alternateLink": f"{docs}/edit?usp=drivesdk",
        "embedLink": f"{docs}/htmlembed?ouid={permission_id(view.account)}", "fileSize": "1024",
        "copyRequiresWriterPermission": False, "spaces": ["drive"], "id": facts.id, "title": view.name,
        "labels": labels, "explicitlyTrashed": facts.trashed, "createdDate": moment(facts.created),
        "modifiedDate": changed, "modifiedByMeDate": changed, "lastViewedByMeDate": changed,
        "markedViewedByMeDate": moment(0), "quotaBytesUsed": "1024", "version": str(view.version),
        "capabilities": {"canEdit": view.may_write, "canCopy": True},
    }  # fmt: skip
