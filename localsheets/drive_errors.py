"""Refusals in the Drive API's own shape: `errors` with a reason and a place beside code and message."""

from __future__ import annotations

from typing import Any

from .errors import ApiError


class DriveError(ApiError):
    """One refusal of the Drive API."""

    def __init__(self, code: int, reason: str, message: str, location: str = "", kind: str = "parameter") -> None:
        super().__init__(code, message)
        self.reason, self.location, self.kind = reason, location, kind

    def body(self) -> dict[str, Any]:
        """Drive's JSON for it."""
        one = {"message": self.message, "domain": "global", "reason": self.reason}
        if self.location:
            one |= {"location": self.location, "locationType": self.kind}
        return {"error": {"code": self.code, "message": self.message, "errors": [one]}}


def file_not_found(file_id: str) -> DriveError:
    """404, also for a file that is not shared with the asking account."""
    return DriveError(404, "notFound", f"File not found: {file_id}.", "fileId")


def permission_not_found(permission: str) -> DriveError:
    """404 for a permission id that the file does not have."""
    return DriveError(404, "notFound", f"Permission not found: {permission}.", "permissionId")


def not_enough_rights() -> DriveError:
    """403 for a reader who writes."""
    return DriveError(
        403, "insufficientFilePermissions", "The user does not have sufficient permissions for this file."
    )


def invalid(message: str, location: str = "") -> DriveError:
    """400 for a value that makes no sense."""
    return DriveError(400, "invalid", message, location)


def invalid_parameter(message: str, location: str) -> DriveError:
    """400 for a query parameter that cannot be used."""
    return DriveError(400, "invalidParameter", message, location)


def required(message: str, location: str = "") -> DriveError:
    """400 for something that is missing."""
    return DriveError(400, "required", message, location)


def login_required() -> DriveError:
    """401 without a token."""
    return DriveError(401, "required", "Login Required.", "Authorization", "header")


def bad_credentials() -> DriveError:
    """401 with a token that is no good any more."""
    return DriveError(401, "authError", "Invalid Credentials", "Authorization", "header")
