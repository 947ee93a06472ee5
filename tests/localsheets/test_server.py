"""The running server: headers, refusals, tokens, quotas, clock, folder and port, the page, strangers' web sites."""

from __future__ import annotations

import gzip
import http.client
import json
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import gspread
import pytest
from google.oauth2.credentials import Credentials as UserCredentials

from .running import PATIENCE, SCOPES, Server, client, command, credentials, serving, start

S = "/v4/spreadsheets"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("sheets"), "--no-quota") as running:
        yield running


@pytest.fixture(scope="module")
def token(server: Server) -> str:
    return fresh_token(server)


def fresh_token(server: Server, info: dict[str, Any] | None = None) -> str:
    from google.auth.transport.requests import Request

    made = credentials(server, info)
    made.refresh(Request())
    return str(made.token)


@pytest.fixture(scope="module")
def sid(server: Server, token: str) -> str:
    return str(server.ask("POST", S, {"properties": {"title": "One <b>&</b>"}}, token)[2]["spreadsheetId"])


def test_headers_are_googles(server: Server, token: str, sid: str) -> None:
    status, headers, _ = server.ask("GET", f"{S}/{sid}", token=token)
    assert status == 200
    assert headers["Content-Type"] == "application/json; charset=UTF-8"
    assert headers["Cache-Control"] == "private"
    assert "ETag" not in headers
    assert "Content-Encoding" not in headers


def test_a_created_spreadsheet_is_a_drive_file(server: Server, token: str, sid: str) -> None:
    status, _, body = server.ask("GET", f"/drive/v3/files/{sid}", token=token)
    assert status == 200
    assert body == {
        "kind": "drive#file", "id": sid, "name": "One <b>&</b>", "mimeType": "application/vnd.google-apps.spreadsheet",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("method", "path", "body", "code", "status", "words"),
    [
        ("GET", S + "/{sid}?colour=red", None, 400, "INVALID_ARGUMENT", 'Unknown name "colour": Cannot bind query'),
        ("GET", S + "/{sid}/values/A1?valueRenderOption=NICE", None, 400, "INVALID_ARGUMENT", "'value_render_option'"),
        ("GET", S + "/{sid}?includeGridData=perhaps", None, 400, "INVALID_ARGUMENT", "'include_grid_data' (TYPE_BOOL)"),
        ("GET", S + "/{sid}?fields=nonsense", None, 400, "INVALID_ARGUMENT", "contains an invalid argument"),
        ("GET", S + "/{sid}/values:batchGet?ranges=A1&fields=valueRanges.walues", None, 400, "INVALID_ARGUMENT",
         "contains an invalid argument"),
        ("PUT", S + "/{sid}/values/A1?valueInputOption=RAW&fields=rows", {"values": [["x"]]}, 400, "INVALID_ARGUMENT",
         "contains an invalid argument"),
        ("POST", S + "/{sid}:batchUpdate?fields=replies.addSheat", {"requests": [{"addSheet": {}}]}, 400,
         "INVALID_ARGUMENT", "contains an invalid argument"),
        ("GET", S + "/nothing", None, 404, "NOT_FOUND", "Requested entity was not found."),
        ("POST", S + "/{sid}:batchUpdate", b'{"requests": [}', 400, "INVALID_ARGUMENT", "Invalid JSON payload"),
        ("POST", S + "/{sid}:batchUpdate", b"{", 400, "INVALID_ARGUMENT", "Unexpected end of string"),
        ("POST", S + "/{sid}:batchUpdate", b"[]", 400, "INVALID_ARGUMENT", "Root element must be a message"),
        ("POST", S + "/{sid}:batchUpdate", {"wishes": []}, 400, "INVALID_ARGUMENT", 'Unknown name "wishes"'),
        ("POST", S + "/{sid}:batchUpdate", {"requests": [{"addSheet": {"properties": {"sheetType": "CUBE"}}}]}, 400,
         "INVALID_ARGUMENT", "sheet_type"),
        ("POST", S + "/{sid}:batchUpdate", {"requests": [{"addSheet": {"properties": {"title": 5}}}]}, 400,
         "INVALID_ARGUMENT", "TYPE_STRING"),
        ("GET", S + "/{sid}/developerMetadata/5", None, 404, "NOT_FOUND", "not found"),
        ("POST", S + "/{sid}/sheets/x:copyTo", {}, 400, "INVALID_ARGUMENT", "sheet_id"),
        ("POST", S + "/{sid}/sheets/0:copyTo", {"destinationSpreadsheetId": "nothing"}, 404, "NOT_FOUND", "not found"),
    ],
)  # fmt: skip
def test_refusals_of_the_sheets_api(
    server: Server, token: str, sid: str, method: str, path: str, body: Any, code: int, status: str, words: str
) -> None:
    got, headers, answer = server.ask(method, path.replace("{sid}", sid), body, token)
    assert got == code, answer
    assert headers["Content-Type"] == "application/json; charset=UTF-8"
    assert (answer["error"]["code"], answer["error"]["status"]) == (code, status)
    assert words in answer["error"]["message"]


@pytest.mark.parametrize("path", ["/v4/nothing", "/v4/spreadsheets", "/nothing", "/drive/v3/nothing", "/v4/<script>"])
def test_unknown_methods_are_an_html_404(server: Server, token: str, path: str) -> None:
    status, headers, text = server.ask("GET", path, token=token)
    assert status == 404
    assert headers["Content-Type"].startswith("text/html")
    assert "<script>" not in text


def test_no_token_a_bad_token_an_api_key(server: Server, sid: str) -> None:
    for given in (None, "nonsense", "ya29.c.e30.x"):
        status, headers, body = server.ask("GET", f"{S}/{sid}", token=given)
        assert (status, body["error"]["status"]) == (401, "UNAUTHENTICATED")
        assert headers["WWW-Authenticate"].startswith("Bearer")
        status, _, body = server.ask("GET", "/drive/v3/files", token=given)
        assert (status, body["error"]["errors"][0]["location"]) == (401, "Authorization")
    assert server.ask("GET", f"{S}/{sid}?key=anything")[0] == 403
    assert server.ask("POST", f"{S}/{sid}:batchUpdate?key=anything", {"requests": []})[0] == 401


def test_an_api_key_reads_what_anyone_may_read(server: Server, token: str) -> None:
    sid = server.ask("POST", S, {}, token)[2]["spreadsheetId"]
    server.ask("POST", f"/drive/v3/files/{sid}/permissions", {"type": "anyone", "role": "reader"}, token)
    assert server.ask("GET", f"{S}/{sid}/values/A1?key=anything")[0] == 200


def test_scopes_bound_what_a_token_may_do(server: Server, sid: str) -> None:
    from google.auth.transport.requests import Request

    narrow = credentials(server).with_scopes(["https://www.googleapis.com/auth/spreadsheets.readonly"])
    narrow.refresh(Request())
    assert server.ask("GET", f"{S}/{sid}", token=narrow.token)[0] == 200
    status, _, body = server.ask("POST", f"{S}/{sid}/values/A1:clear", {}, narrow.token)
    assert (status, body["error"]["message"]) == (403, "Request had insufficient authentication scopes.")
    assert server.ask("GET", "/drive/v3/files", token=narrow.token)[0] == 403


@pytest.mark.parametrize(
    ("form", "error"),
    [
        (b"", "unsupported_grant_type"),
        (b"grant_type=password", "unsupported_grant_type"),
        (b"grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=x", "invalid_grant"),
        (b"grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer", "invalid_grant"),
        (b"grant_type=refresh_token&refresh_token=x", "invalid_grant"),
        (b"\xff\xfe", "unsupported_grant_type"),
    ],
)
def test_refused_grants(server: Server, form: bytes, error: str) -> None:
    status, _, body = server.ask("POST", "/token", form, headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert (status, body["error"]) == (400, error)


def test_an_authorized_user_file_works(server: Server) -> None:
    info = server.account("meera")["authorized_user"]
    made = UserCredentials(
        None, refresh_token=info["refresh_token"], token_uri=info["token_uri"], client_id=info["client_id"],
        client_secret=info["client_secret"], scopes=SCOPES,
    )  # fmt: skip
    from google.auth.transport.requests import Request

    made.refresh(Request())
    assert server.ask("GET", "/drive/v3/about?fields=user", token=made.token)[2]["user"]["emailAddress"].startswith(
        "meera@"
    )


def test_tokens_expire_by_the_servers_clock_and_google_auth_renews(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        old = fresh_token(server)
        gc = client(server)
        book = gc.create("kept")
        server.clock(advance=3601)
        assert server.ask("GET", f"{S}/{book.id}", token=old)[0] == 401
        assert book.sheet1.get_all_values() == [[]]
        before = server.ask("GET", "/_local/clock")[2]["now"]
        assert server.clock(set=5_000_000_000, stopped=True) == 5_000_000_000 > before
        assert server.clock(advance=10) == 5_000_000_010
        assert server.clock(reset=True) < before
        assert server.ask("POST", "/_local/clock", {"leap": 1})[0] == 400


def test_a_clock_goes_on_from_where_it_stood(server: Server) -> None:
    assert server.clock(set=5_000_000_000, stopped=True, advance=5) == 5_000_000_005
    try:
        body = server.ask("POST", "/_local/clock", {"stopped": False})[2]
        assert body["stopped"] is False
        assert 5_000_000_005 <= body["now"] < 5_000_000_065
        for wrong in ({}, {"stopped": 1}, {"set": True}, {"advance": "x"}, {"set": 5, "leap": 1}):
            assert server.ask("POST", "/_local/clock", wrong)[0] == 400
    finally:
        server.clock(reset=True)


def test_quotas_by_the_servers_clock(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        server.clock(set=4_000_000_000, stopped=True)
        token = fresh_token(server)
        sid = server.ask("POST", S, {}, token)[2]["spreadsheetId"]
        for _ in range(60):
            assert server.ask("GET", f"{S}/{sid}/values/A1", token=token)[0] == 200
        status, _, body = server.ask("GET", f"{S}/{sid}/values/A1", token=token)
        assert (status, body["error"]["status"]) == (429, "RESOURCE_EXHAUSTED")
        assert (
            "limit 'Read requests per minute per user' of service 'sheets.googleapis.com'" in body["error"]["message"]
        )
        assert server.ask("POST", f"{S}/{sid}/values/A1:clear", {}, token)[0] == 200
        assert server.ask("GET", "/drive/v3/files", token=token)[0] == 200
        server.clock(advance=60)
        assert server.ask("GET", f"{S}/{sid}/values/A1", token=token)[0] == 200


def test_the_recorded_token_is_good_only_without_quotas(server: Server, tmp_path: Path) -> None:
    assert server.ask("POST", S, {}, "recorded")[0] == 200
    with serving(tmp_path) as strict:
        assert strict.ask("POST", S, {}, "recorded")[0] == 401


def test_fields_alt_and_pretty_printing(server: Server, token: str, sid: str) -> None:
    path = f"{S}/{sid}?fields=properties.title,sheets.properties(title,index)"
    assert server.ask("GET", path, token=token)[2] == {
        "properties": {"title": "One <b>&</b>"}, "sheets": [{"properties": {"title": "Sheet1", "index": 0}}],
    }  # fmt: skip
    for pretty, lines in (("true", True), ("false", False)):
        request = http.client.HTTPConnection(urlsplit(server.base).netloc, timeout=PATIENCE)
        request.request("GET", f"{path}&prettyPrint={pretty}&alt=json", headers={"Authorization": f"Bearer {token}"})
        assert (b"\n" in request.getresponse().read()) is lines
    body = {"values": [["x", "y"]]}
    answer = server.ask("PUT", f"{S}/{sid}/values/A1?valueInputOption=RAW&fields=updatedCells", body, token)
    assert answer[2] == {"updatedCells": 2}


def test_a_post_stands_for_a_long_get(server: Server, token: str, sid: str) -> None:
    form = "&".join(["ranges=A1"] * 500).encode()
    headers = {"X-HTTP-Method-Override": "GET", "Content-Type": "application/x-www-form-urlencoded"}
    status, _, body = server.ask("POST", f"{S}/{sid}/values:batchGet", form, token, headers)
    assert status == 200
    assert len(body["valueRanges"]) == 500


def test_compressed_and_large_bodies(server: Server, token: str, sid: str) -> None:
    rows = [[f"row {y} column {x} {'x' * 20}" for x in range(20)] for y in range(1000)]
    data = json.dumps({"values": rows}).encode()
    path = f"{S}/{sid}/values/A1?valueInputOption=RAW"
    headers = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
    status, _, body = server.ask("PUT", path, gzip.compress(data), token, headers)
    assert (status, body["updatedCells"]) == (200, 20_000)
    big = json.dumps({"values": [["x" * 40_000] * 26] * 20}).encode()
    assert len(big) > 20_000_000
    assert server.ask("PUT", path, big, token)[0] == 200


def test_history_tells_each_write(server: Server, token: str) -> None:
    sid = server.ask("POST", S, {}, token)[2]["spreadsheetId"]
    server.ask("PUT", f"{S}/{sid}/values/B2?valueInputOption=RAW", {"values": [["before"]]}, token)
    server.ask("PUT", f"{S}/{sid}/values/B2?valueInputOption=RAW", {"values": [["after"]]}, token)
    writes = server.ask("GET", f"/_local/history?spreadsheetId={sid}")[2]["writes"]
    cell = [one for one in writes if (one["row"], one["column"]) == (1, 1)]
    assert [json.dumps(one["after"]).count("after") for one in cell] == [0, 1]
    assert "before" in json.dumps(cell[1]["before"])
    assert cell[0]["requestId"] != cell[1]["requestId"]
    assert cell[0]["account"].startswith("sheets@")
    assert server.ask("GET", "/_local/history?spreadsheetId=nothing")[0] == 404
    assert server.ask("GET", f"/_local/history?spreadsheetId={sid}&limit=x")[0] == 400


def test_the_page_shows_what_the_cells_show(server: Server, token: str, sid: str) -> None:
    server.ask("PUT", f"{S}/{sid}/values/A150?valueInputOption=RAW", {"values": [["<script>alert(1)</script>"]]}, token)
    status, headers, text = server.ask("GET", f"/spreadsheets/d/{sid}/edit?page=2")
    assert status == 200
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "&lt;script&gt;alert(1)" in text
    assert "<script>alert" not in text
    assert "One &lt;b&gt;" in text
    assert "Page 2 of 10" in text
    assert f"/spreadsheets/d/{sid}/edit" in server.ask("GET", "/")[2]
    version = server.ask("GET", f"/spreadsheets/d/{sid}/version")[2]["version"]
    server.ask("POST", f"{S}/{sid}/values/A150:clear", {}, token)
    assert server.ask("GET", f"/spreadsheets/d/{sid}/version")[2]["version"] > version
    for odd in ("page=0", "page=999999999", "page=x", "gid=", "page=-1"):
        assert server.ask("GET", f"/spreadsheets/d/{sid}/edit?{odd}")[0] == 200
    assert server.ask("GET", f"/spreadsheets/d/{sid}/edit?gid=77")[0] == 404
    assert server.ask("GET", "/spreadsheets/d/nothing/edit")[0] == 404
    assert server.ask("POST", f"/spreadsheets/d/{sid}/edit")[0] == 405


@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Origin": "https://evil.example"}, {"Origin": "null"}])
def test_other_web_sites_get_nothing_without_a_token(server: Server, sid: str, headers: dict[str, str]) -> None:
    assert server.ask("GET", f"/spreadsheets/d/{sid}/edit", headers=headers)[0] == 403
    assert server.ask("POST", "/_local/clock", {"advance": 1}, headers=headers)[0] == 403
    assert server.ask("POST", "/_local/accounts", {"name": "thief"}, headers=headers)[0] == 403


def test_one_process_owns_a_folder_and_a_port(server: Server, tmp_path: Path) -> None:
    second = subprocess.run(command(server.data, 0), capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert (second.returncode, second.stdout) == (1, "")
    assert "in use by another sheets server" in second.stderr
    port = urlsplit(server.base).port
    assert port is not None
    taken = subprocess.run(command(tmp_path, port), capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert taken.returncode == 1
    assert "already taken" in taken.stderr
    assert "Traceback" not in taken.stderr + second.stderr
    (tmp_path / "file").write_text("")
    blocked = subprocess.run(
        command(tmp_path / "file", 0), capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert (blocked.returncode, "Traceback" in blocked.stderr) == (1, False)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_cleanly_and_keeps_its_key(tmp_path: Path, number: signal.Signals) -> None:
    server = start(tmp_path)
    key = json.loads(server.key_file.read_text())
    book = client(server).create("kept")
    server.process.send_signal(number)
    assert server.process.wait(PATIENCE) == 0
    with serving(tmp_path) as again:
        kept = json.loads(again.key_file.read_text())
        assert all(file.stat().st_mode & 0o077 == 0 for file in tmp_path.iterdir())
        assert kept["private_key"] == key["private_key"]
        assert kept["token_uri"] == again.base + "/token"
        assert client(again).open_by_key(book.id).title == "kept"


def test_a_client_that_hangs_up_harms_nobody(server: Server, token: str, sid: str) -> None:
    address = urlsplit(server.base)
    for fragment in (
        b"GET ",
        b"POST /v4/spreadsheets HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{",
        b"\x00\xff\r\n\r\n",
    ):
        with socket.create_connection((address.hostname, address.port), timeout=PATIENCE) as raw:
            raw.sendall(fragment)
    assert server.ask("GET", f"{S}/{sid}", token=token)[0] == 200


def test_gspread_sees_googles_error_shape(server: Server) -> None:
    with pytest.raises(gspread.SpreadsheetNotFound):
        client(server).open_by_key("nothing")
