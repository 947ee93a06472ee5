"""The page's door: who gets a token, what is served, and that a person's page meets no API quota."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from localsheets import oauth, page_files
from localsheets.asked import Asked
from localsheets.command import Options, open_service
from localsheets.errors import ApiError
from localsheets.page import answer_page
from localsheets.service import Service
from localsheets.sheets_api import answer_sheets
from tests.localsheets.running import Server, client, serving


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("page")) as running:
        yield running


@pytest.fixture(scope="module")
def sid(server: Server) -> str:
    return str(client(server).create("Tom & Jerry's <b>").id)


def token(server: Server, sid: str, query: str = "") -> dict[str, Any]:
    status, _, body = server.ask("POST", f"/spreadsheets/d/{sid}/token{query}", b"", headers={"Origin": server.base})
    assert status == 200, body
    return dict(body)


def test_the_page_is_bare_of_script_and_of_cells(server: Server, sid: str) -> None:
    status, headers, text = server.ask("GET", f"/spreadsheets/d/{sid}/edit")
    assert status == 200
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy
    assert "unsafe" not in policy
    assert "nonce" not in policy
    assert "style=" not in text
    assert "<b>" not in text
    assert "Tom &amp; Jerry&#x27;s &lt;b&gt;" in text
    assert f"/spreadsheets/d/{sid}/edit?page=1" in text  # without JavaScript


def test_a_token_reads_and_writes_as_the_local_account(server: Server, sid: str) -> None:
    given = token(server, sid)
    assert (given["role"], given["account"].startswith("sheets@")) == ("owner", True)
    path = f"/v4/spreadsheets/{sid}/values/A1?valueInputOption=USER_ENTERED"
    assert server.ask("PUT", path, {"values": [["x"]]}, given["token"])[0] == 200
    assert server.ask("GET", f"/v4/spreadsheets/{sid}/values/A1", None, given["token"])[2]["values"] == [["x"]]
    assert server.ask("GET", "/drive/v3/files", None, given["token"])[0] == 200


@pytest.mark.parametrize(
    "headers",
    [{}, {"Origin": "null"}, {"Origin": "https://evil.example"}, {"Origin": "http://127.0.0.1:1"},
     {"Host": "evil.example", "Origin": "http://evil.example"}],
)  # fmt: skip
def test_no_one_else_gets_a_token(server: Server, sid: str, headers: dict[str, str]) -> None:
    status, _, body = server.ask("POST", f"/spreadsheets/d/{sid}/token", b"", headers=headers)
    assert status == 403
    assert "token" not in body


@pytest.mark.parametrize("far", [False, True])
def test_another_machine_gets_none_whatever_host_it_names(tmp_path: Path, far: bool) -> None:
    base = "http://0.0.0.0:9090"
    service = open_service(Options(0, tmp_path, host="0.0.0.0"), base)
    try:
        made = answer_sheets(service, Asked("POST", "/v4/spreadsheets", authorization=f"Bearer {full(service)}"))
        path = f"/spreadsheets/d/{json.loads(made.body)['spreadsheetId']}/token"
        headers = {"Host": "127.0.0.1:9090", "Origin": "http://127.0.0.1:9090"}
        asked = Asked("POST", path, headers=headers, far=far)
        if not far:
            assert b"token" in answer_page(service, asked).body
            return
        with pytest.raises(ApiError) as refused:
            answer_page(service, asked)
        assert refused.value.code == 403
    finally:
        service.engine.close()


def full(service: Service) -> str:
    return oauth.issue(service.secret, service.account, " ".join(oauth.SHEETS_WRITE), service.clock.now())


def test_a_token_is_posted_for(server: Server, sid: str) -> None:
    assert server.ask("GET", f"/spreadsheets/d/{sid}/token", headers={"Origin": server.base})[0] == 405
    assert server.ask("POST", "/spreadsheets/d/nothing/token", b"", headers={"Origin": server.base})[0] == 404


def test_authuser_is_a_known_account_with_a_part_in_the_file(server: Server, sid: str) -> None:
    email = server.account("asha")["email"]
    for name in ("asha", email, "nobody"):
        assert server.ask("GET", f"/spreadsheets/d/{sid}/edit?authuser={name}")[0] == 404
    client(server).open_by_key(sid).share(email, perm_type="user", role="reader", notify=False)
    given = token(server, sid, "?authuser=asha")
    assert (given["account"], given["role"]) == (email, "reader")
    path = f"/v4/spreadsheets/{sid}/values/A1?valueInputOption=RAW"
    assert server.ask("PUT", path, {"values": [["x"]]}, given["token"])[0] == 403


def test_a_page_spends_nobodys_quota(server: Server, sid: str) -> None:
    given = token(server, sid)["token"]
    for _ in range(130):
        assert server.ask("GET", f"/v4/spreadsheets/{sid}/values/A1", None, given)[0] == 200
    assert client(server).open_by_key(sid).title.startswith("Tom")


def test_the_version_moves_with_each_write(server: Server, sid: str) -> None:
    before = server.ask("GET", f"/spreadsheets/d/{sid}/version")[2]
    client(server).open_by_key(sid).sheet1.update_acell("B1", "x")
    after = server.ask("GET", f"/spreadsheets/d/{sid}/version")[2]
    assert after["version"] > before["version"]
    assert after["now"] >= before["now"]


@pytest.mark.parametrize("name", ["main.js", "sheet.css", "icon.svg"])
def test_its_files_are_served(server: Server, name: str) -> None:
    status, headers, text = server.ask("GET", f"/spreadsheets/web/{name}")
    assert status == 200
    assert headers["Content-Type"].split(";")[0] in ("text/javascript", "text/css", "image/svg+xml")
    assert len(text) > 100


@pytest.mark.parametrize(
    "path", ["", "../page.py", "..%2fpage.py", "%2e%2e/page.py", "nothing.js", "main.py", "/etc/passwd", "main.js%00"]
)
def test_nothing_else_is(server: Server, path: str) -> None:
    assert server.ask("GET", f"/spreadsheets/web/{path}")[0] == 404


def test_every_part_that_a_script_names_is_there() -> None:
    scripts = sorted(page_files.WEB.glob("*.js"))
    assert len(scripts) > 20
    for script in scripts:
        for line in script.read_text().splitlines():
            if ' from "./' in line:
                assert (page_files.WEB / Path(line.split('"./')[1].split('"')[0])).is_file(), line


def test_no_script_puts_text_in_as_markup() -> None:
    for script in page_files.WEB.glob("*.js"):
        text = script.read_text()
        for word in (
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "eval(",
            "DOMParser",
            'setAttribute("style"',
        ):
            assert word not in text, script.name
