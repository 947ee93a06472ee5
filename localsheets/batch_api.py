"""Google's batch addresses (`/batch`, `/batch/drive/v3` …): several HTTP requests as the parts of one, and their
answers as the parts of one. Each is answered by itself and counts by itself; `googleapiclient` sends them so
(`new_batch_http_request`).
"""

from __future__ import annotations

import re
import secrets
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from http import HTTPStatus
from urllib.parse import parse_qsl, urlsplit

from .asked import Answer, Asked
from .errors import bad_request
from .page_not_found import page_not_found
from .service import Service

PATH = re.compile(r"/batch(?:/[a-z]+/v[0-9]+)?/?")
MOST_PARTS = 1_000
_INSIDE = ("/v4/", "/drive/")
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")


def answer_batch(service: Service, asked: Asked) -> Answer:
    """The answers to the requests of a batch, in their order; ApiError 400 for a body that is none."""
    if asked.method != "POST":
        return page_not_found(asked.path)
    parts = _parts(asked)
    requests = [_request(part, asked) for part in parts]
    boundary = f"batch_{secrets.token_urlsafe(24)}"
    out = bytearray()
    for part, request in zip(parts, requests, strict=True):
        # What has been done already must not be asked again, so each waits for its formulas.
        inside = request.path.startswith(_INSIDE)
        answer = service.plain(request) if inside else page_not_found(request.path)
        out += f"--{boundary}\r\n".encode() + _shown(part, answer) + b"\r\n"
    out += f"--{boundary}--\r\n".encode()
    return Answer(200, bytes(out), f"multipart/mixed; boundary={boundary}")


def _parts(asked: Asked) -> list[Message]:
    head = asked.content_type.replace("\r", "").replace("\n", "")
    whole = BytesParser().parsebytes(f"Content-Type: {head}\r\n\r\n".encode() + asked.body)
    found = whole.get_payload() if whole.is_multipart() and whole.get_content_type() == "multipart/mixed" else []
    parts = [part for part in found if isinstance(part, Message)] if isinstance(found, list) else []
    if not 0 < len(parts) <= MOST_PARTS:
        raise bad_request(f"A batch must be multipart/mixed with at least one and at most {MOST_PARTS} requests.")
    return parts


def _request(part: Message, outer: Asked) -> Asked:
    """The request that stands in a part; it is signed as the whole batch is where it is not signed itself."""
    raw = part.get_payload(decode=True)
    head, *body = _BLANK_LINE.split(raw.lstrip() if isinstance(raw, bytes) else b"", maxsplit=1)
    line, _, rest = head.partition(b"\n")
    words = line.decode("latin-1").split()
    if part.get_content_type() != "application/http" or len(words) not in (2, 3):
        raise bad_request("Each part of a batch must be of type application/http and begin with a method and a path.")
    headers = BytesHeaderParser().parsebytes(rest + b"\n\n")
    address = urlsplit(words[1])
    return Asked(
        method=words[0].upper(),
        path=address.path,
        query=tuple(parse_qsl(address.query, keep_blank_values=True)),
        body=body[0] if body else b"",
        content_type=headers.get("Content-Type", ""),
        authorization=headers.get("Authorization", outer.authorization),
        headers=outer.headers,
        far=outer.far,
    )


def _shown(part: Message, answer: Answer) -> bytes:
    lines = ["Content-Type: application/http"]
    if number := part.get("Content-ID"):
        lines.append(f"Content-ID: <response-{number.strip().removeprefix('<')}")
    lines += ["", f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}"]
    if answer.status != 204:
        lines.append(f"Content-Type: {answer.content_type}")
    lines += [f"{name}: {value}" for name, value in answer.headers.items()]
    lines += [f"Content-Length: {len(answer.body)}", "", ""]
    return "\r\n".join(lines).encode() + answer.body
