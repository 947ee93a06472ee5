"""Uploads to Drive: simple, multipart and resumable bodies become sheets of a spreadsheet.

Typed text in a CSV is read as if typed (as Drive's conversion does), workbooks keep their values.
"""

from __future__ import annotations

import email.parser
import email.policy
import re
import secrets
from dataclasses import dataclass, replace
from typing import Any

import orjson

from . import workbook
from .asked import Answer, Asked, json_answer
from .drive_errors import DriveError, invalid
from .engine import Caller, Engine, SheetContent

Json = dict[str, Any]
MOST_OPEN = 16


@dataclass(frozen=True, slots=True)
class Upload:
    """What was uploaded: for which file (None: a new one), the metadata beside it, the content and its type."""

    file_id: str | None
    metadata: Json
    content_type: str
    content: bytes

    def check(self) -> None:
        """DriveError 400 where the content is of no kind that becomes a spreadsheet."""
        if self.content_type not in workbook.BOOKS and self.content_type not in workbook.TEXTS:
            raise DriveError(400, "badRequest", "Bad Request: the content cannot be converted to a spreadsheet.")

    def sheets(self, title: str, read: workbook.Read) -> list[SheetContent]:
        """The content as sheets; one from a text table is named after the file (as Drive does) and `read` as typed."""
        self.check()
        try:
            if self.content_type in workbook.TEXTS:
                return [workbook.read_text(self.content, title, workbook.TEXTS[self.content_type], read)]
            return workbook.read_book(self.content)
        except workbook.CannotRead:
            raise DriveError(400, "badRequest", "Bad Request: the content is not what its type says.") from None


def _type(text: str) -> str:
    return text.partition(";")[0].strip().lower()


def _metadata(data: bytes) -> Json:
    try:
        read = orjson.loads(data or b"{}")
    except orjson.JSONDecodeError:
        raise DriveError(400, "parseError", "Parse Error") from None
    if not isinstance(read, dict):
        raise DriveError(400, "parseError", "Parse Error")
    return read


def _multipart(asked: Asked, file_id: str | None) -> Upload:
    head = f"Content-Type: {asked.content_type}\r\n\r\n".encode("latin-1", "replace")
    message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + asked.body)
    parts = list(message.iter_parts()) if message.is_multipart() else []
    if len(parts) != 2:
        raise DriveError(400, "badContent", "Malformed multipart body.")
    first, second = (part.get_payload(decode=True) for part in parts)
    assert isinstance(first, bytes)
    assert isinstance(second, bytes)
    return Upload(file_id, _metadata(first), _type(parts[1].get_content_type()), second)


def read_upload(asked: Asked, file_id: str | None) -> Upload:
    """The upload in one request, `uploadType` media or multipart."""
    if asked.first("uploadType") == "multipart" or _type(asked.content_type).startswith("multipart/"):
        return _multipart(asked, file_id)
    return Upload(file_id, {}, _type(asked.content_type), asked.body)


def store_upload(engine: Engine, caller: Caller, file_id: str, title: str, upload: Upload) -> None:
    """Replaces all that the spreadsheet holds by the upload, in one step."""
    locale = str(engine.get(file_id, fields="properties.locale")["properties"]["locale"])
    sheets = upload.sheets(title, lambda text: engine.parse(text, locale))
    engine.replace_with_sheets(caller, file_id, sheets)


# Resumable uploads that have begun and not ended; they do not outlive the process, and clients then begin again (404).
_open: dict[str, Upload] = {}


def start_resumable(base: str, asked: Asked, metadata: Json, file_id: str | None) -> Answer:
    """Opens a resumable upload; its address is in the `Location` header."""
    if len(_open) >= MOST_OPEN:
        _open.pop(next(iter(_open)))
    key = secrets.token_urlsafe(24)
    kind = _type(asked.headers.get("X-Upload-Content-Type", "")) or str(metadata.get("mimeType", ""))
    _open[key] = Upload(file_id, metadata, kind, b"")
    fields = asked.first("fields")
    tail = f"&fields={fields}" if fields else ""
    location = f"{base}/upload/drive/v3/files?uploadType=resumable&upload_id={key}{tail}"
    return Answer(200, headers={"Location": location, "X-GUploader-UploadID": key})


def resume(asked: Asked) -> Upload | Answer:
    """Takes the next part: the whole upload when it is complete, else 308 with what has arrived."""
    key = asked.first("upload_id") or ""
    if key not in _open:
        raise DriveError(404, "notFound", "Upload session not found.", "upload_id")
    found = re.fullmatch(r"bytes (?:(\d+)-(\d+)|\*)/(\d+|\*)", asked.headers.get("Content-Range", ""))
    held = _open[key]
    if found and found[1] is not None and int(found[1]) != len(held.content):
        raise invalid("The part does not follow the last one.", "Content-Range")
    held = replace(held, content=held.content + asked.body)
    if found and (found[3] == "*" or len(held.content) < int(found[3])):
        _open[key] = held
        arrived = {"Range": f"bytes=0-{len(held.content) - 1}"} if held.content else {}
        return replace(json_answer(b"", 308), headers=arrived)
    del _open[key]
    return held if held.content_type else replace(held, content_type=_type(asked.content_type))
