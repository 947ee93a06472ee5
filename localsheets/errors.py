"""What the server refuses, in Google's words and shapes; every other module raises these and the HTTP edge answers
them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

STATUS_OF_CODE = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ABORTED",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
}


class ApiError(Exception):
    """One refusal: HTTP code, message, canonical status and the optional `details` list."""

    def __init__(self, code: int, message: str, status: str | None = None, details: list[Any] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status or STATUS_OF_CODE.get(code, "UNKNOWN")
        self.details = details

    def body(self) -> dict[str, Any]:
        """The answer's JSON object, as Google shapes it."""
        error: dict[str, Any] = {"code": self.code, "message": self.message, "status": self.status}
        if self.details:
            error["details"] = self.details
        return {"error": error}


def bad_request(message: str, details: list[Any] | None = None) -> ApiError:
    """400 INVALID_ARGUMENT with this message."""
    return ApiError(400, message, details=details)


@contextmanager
def named(place: str) -> Iterator[None]:
    """A 400 of what is done inside says where in the request: `Invalid data[0]: Unable to parse range: …`."""
    try:
        yield
    except ApiError as error:
        if error.code != 400:
            raise
        raise bad_request(f"Invalid {place}: {error.message}", error.details) from None


def not_found(message: str = "Requested entity was not found.") -> ApiError:
    """404 as Google words it for a spreadsheet that does not exist."""
    return ApiError(404, message)


def forbidden(message: str = "The caller does not have permission") -> ApiError:
    """403 as Google words it for a spreadsheet that is not shared with this account."""
    return ApiError(403, message)


def field_violations(violations: list[tuple[str, str]]) -> ApiError:
    """400 for JSON that does not fit the message: (field path, description) pairs, one line of message each."""
    listed = [{"field": field, "description": text} if field else {"description": text} for field, text in violations]
    detail = {"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": listed}
    return ApiError(400, "\n".join(text for _, text in violations), details=[detail])


def unknown_name(name: str, where: str) -> ApiError:
    """400 for a JSON key that the message does not have; `where` is the path as Google prints it, "" for the root."""
    at = f" at '{where}'" if where else ""
    return field_violations([(where, f'Invalid JSON payload received. Unknown name "{name}"{at}: Cannot find field.')])
