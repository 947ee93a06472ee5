"""Many requests in one, through Google's own client and by hand."""

from __future__ import annotations

import json
from typing import Any

from .running import Server
from .test_clients import server, service, sheets, sid
from .test_server import S, token

__all__ = ["server", "sheets", "sid", "token"]  # fixtures
MIXED = {"Content-Type": "multipart/mixed; boundary=b"}


def test_googles_own_client_sends_a_batch(server: Server, sheets: Any, sid: str) -> None:
    made = service(server, "sheets", "v4")
    answers: dict[str, Any] = {}
    batch = made.new_batch_http_request(
        callback=lambda number, answer, error: answers.update({number: answer or error})
    )
    batch._batch_uri = f"{server.base}/batch"  # what the discovery document's root would say
    values = sheets.values()
    row = {"values": [["=DATE(2024,1,5)", "अ & b"]]}
    batch.add(values.update(spreadsheetId=sid, range="A1", valueInputOption="USER_ENTERED", body=row), request_id="w")
    batch.add(values.get(spreadsheetId=sid, range="A1:B1"), request_id="r one")
    batch.add(values.get(spreadsheetId=sid, range="Nowhere!A1"), request_id="x")
    batch.execute()
    assert answers["w"]["updatedCells"] == 2
    assert answers["r one"]["values"] == [["1/5/2024", "अ & b"]]
    assert answers["x"].status_code == 400
    assert "Unable to parse range: Nowhere!A1" in str(answers["x"])


def _part(line: str, *headers: str, body: str = "") -> str:
    inside = "\r\n".join([line, *headers, "", body])
    return f"--b\r\nContent-Type: application/http\r\n\r\n{inside}\r\n"


def test_a_batch_by_hand(server: Server, token: str, sid: str) -> None:
    body = json.dumps({"values": [["ब"]]}, ensure_ascii=False)
    parts = [
        _part(f"PUT {S}/{sid}/values/C1?valueInputOption=RAW HTTP/1.1", "Content-Type: application/json", body=body),
        _part(f"GET https://sheets.googleapis.com{S}/{sid}/values/C1"),
        _part(f"GET {S}/{sid}", "Authorization: Bearer wrong"),
        _part("GET /_local/health HTTP/1.1"),
        _part("POST /batch HTTP/1.1"),
    ]
    status, headers, text = server.ask("POST", "/batch/sheets/v4", ("".join(parts) + "--b--").encode(), token, MIXED)
    assert (status, headers["Content-Type"][:25]) == (200, "multipart/mixed; boundary")
    found = [part.split("HTTP/1.1 ")[1] for part in text.split("--batch_")[1:-1]]
    assert [part[:3] for part in found] == ["200", "200", "401", "404", "404"]
    assert json.loads(found[1].split("\r\n\r\n")[1])["values"] == [["ब"]]


def test_what_is_no_batch_is_refused(server: Server, token: str) -> None:
    for body, headers in (
        (b"{}", {"Content-Type": "application/json"}),
        (b"--b--", MIXED),
        (b"--b\r\nContent-Type: text/plain\r\n\r\nGET /v4/spreadsheets HTTP/1.1\r\n\r\n--b--", MIXED),
        (b"--b\r\nContent-Type: application/http\r\n\r\n\r\n--b--", MIXED),
    ):
        assert server.ask("POST", "/batch", body, token, headers)[0] == 400
    assert server.ask("GET", "/batch", token=token)[0] == 404
