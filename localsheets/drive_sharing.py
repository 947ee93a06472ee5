"""Drive permissions: who may read, write and own a file; listed, given, changed, offered and taken away."""

from __future__ import annotations

from dataclasses import replace

from . import drive_resource as shown
from . import drive_store as store
from .accounts import permission_id
from .asked import Answer
from .drive_desk import Desk, Json, text_of
from .drive_errors import DriveError, invalid, not_enough_rights, permission_not_found, required
from .drive_listing import page_of, token_for
from .drive_resource import View
from .drive_store import Permission

MOST_PERMISSIONS = 100


def list_permissions(desk: Desk) -> Answer:
    """permissions.list: for those who may change the file."""
    view = desk.view(desk.call.ids[0])
    if not view.may_write:
        raise not_enough_rights()
    first, size = page_of(desk, MOST_PERMISSIONS, MOST_PERMISSIONS)
    listed = [shown.permission(one) for one in view.sharing[first : first + size]]
    more = {"nextPageToken": token_for(first + size)} if first + size < len(view.sharing) else {}
    return desk.selected({"kind": "drive#permissionList", **more, "permissions": listed}, shown.DEFAULT_PERMISSIONS)


def _permission_from(body: Json) -> Permission:
    kind, role = text_of(body, "type"), text_of(body, "role")
    if not kind or not role:
        missing = "type" if not kind else "role"
        raise required(f"The permission {missing} field is required.", f"permission.{missing}")
    if kind not in ("user", "group", "domain", "anyone"):
        raise invalid("The specified permission type is invalid or not applicable.", "permission.type")
    if role not in ("owner", "writer", "commenter", "reader"):
        raise invalid(
            "The specified role is invalid or not applicable for the given permission type.", "permission.role"
        )
    email, domain = text_of(body, "emailAddress").lower(), text_of(body, "domain").lower()
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


def share(desk: Desk) -> Answer:
    """permissions.create."""
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


def get_permission(desk: Desk) -> Answer:
    """permissions.get."""
    view = desk.writable(desk.call.ids[0])
    return desk.selected(shown.permission(_held(view, desk.call.ids[1])), shown.DEFAULT_PERMISSION)


def change(desk: Desk) -> Answer:
    """permissions.update: a role, the offer of ownership, its acceptance."""
    view = desk.writable(desk.call.ids[0])
    body = desk.body()
    held, role = _held(view, desk.call.ids[1]), text_of(body, "role")
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


def unshare(desk: Desk) -> Answer:
    """permissions.delete: by those who may change the file, and by the account itself."""
    view = desk.view(desk.call.ids[0])
    held = _held(view, desk.call.ids[1])
    if held.role == "owner":
        raise DriveError(403, "cannotRemoveOwner", "The owner of a file cannot be removed.")
    if not (view.may_write or held.email == desk.account):
        raise not_enough_rights()
    store.unshare(desk.connection, view.file.id, held.id)
    return Answer(204)
