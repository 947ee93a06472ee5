"""Several people: owner, writer, commenter, reader and a stranger, each with a key, through gspread's own sharing."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

import gspread
import pytest
from google.auth.transport.requests import Request
from gspread.exceptions import APIError

from .running import Server, client, credentials, serving

S = "/v4/spreadsheets"
ROLES = ("owner", "writer", "commenter", "reader", "stranger")
CELLS = {"rows": [{"values": [{"userEnteredValue": {"stringValue": "x"}}]}], "fields": "userEnteredValue"}
START = {"sheetId": 0, "rowIndex": 0, "columnIndex": 0}
READS = [
    ("GET", "", None), ("GET", "/values/A1", None), ("GET", "/values:batchGet?ranges=A1", None),
    ("POST", ":getByDataFilter", {"dataFilters": [{"a1Range": "A1"}]}),
    ("POST", "/values:batchGetByDataFilter", {"dataFilters": [{"a1Range": "A1"}]}),
]  # fmt: skip
WRITES = [
    ("PUT", "/values/A1?valueInputOption=RAW", {"values": [["x"]]}),
    ("POST", "/values/A1:append?valueInputOption=RAW", {"values": [["x"]]}),
    ("POST", "/values/A9:clear", {}),
    ("POST", "/values:batchUpdate", {"valueInputOption": "RAW", "data": [{"range": "A1", "values": [["x"]]}]}),
    ("POST", "/values:batchClear", {"ranges": ["A9"]}),
    ("POST", "/values:batchClearByDataFilter", {"dataFilters": [{"a1Range": "A9"}]}),
    ("POST", "/values:batchUpdateByDataFilter",
     {"valueInputOption": "RAW", "data": [{"dataFilter": {"a1Range": "A1"}, "values": [["x"]]}]}),
    ("POST", ":batchUpdate", {"requests": [{"updateCells": {**CELLS, "start": START}}]}),
]  # fmt: skip


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("sheets"), "--no-quota", "--faults") as running:
        yield running


@pytest.fixture(scope="module")
def keys(server: Server) -> dict[str, dict[str, Any]]:
    """Each role's account: its address and its key."""
    return {role: server.account(f"{role}@example.org") for role in ROLES}


@pytest.fixture(scope="module")
def tokens(server: Server, keys: dict[str, dict[str, Any]]) -> dict[str, str]:
    found = {}
    for role in ROLES:
        made = credentials(server, keys[role]["service_account"])
        made.refresh(Request())
        found[role] = str(made.token)
    return found


@pytest.fixture
def book(server: Server, keys: dict[str, dict[str, Any]]) -> gspread.Spreadsheet:
    made = client(server, keys["owner"]["service_account"]).create("shared")
    for role in ("writer", "commenter", "reader"):
        made.share(keys[role]["email"], perm_type="user", role=role, notify=False)
    return made


@pytest.mark.parametrize("role", ROLES)
def test_each_role_may_what_it_may(
    server: Server, book: gspread.Spreadsheet, tokens: dict[str, str], role: str
) -> None:
    for calls, allowed in ((READS, role != "stranger"), (WRITES, role in ("owner", "writer"))):
        for method, path, body in calls:
            status, _, answer = server.ask(method, f"{S}/{book.id}{path}", body, tokens[role])
            assert status == (200 if allowed else 403), (path, answer)
            if not allowed:
                message = {"code": 403, "message": "The caller does not have permission", "status": "PERMISSION_DENIED"}
                assert answer == {"error": message}
    status, _, answer = server.ask(
        "POST", f"{S}/{book.id}/sheets/0:copyTo", {"destinationSpreadsheetId": book.id}, tokens[role]
    )
    assert status == (200 if role in ("owner", "writer") else 403), answer
    assert server.ask("GET", f"/drive/v3/files/{book.id}", token=tokens[role])[0] == (
        404 if role == "stranger" else 200
    )
    body = {"name": "renamed"}
    expected = {"owner": 200, "writer": 200, "stranger": 404}.get(role, 403)
    assert server.ask("PATCH", f"/drive/v3/files/{book.id}", body, tokens[role])[0] == expected


def test_gspread_shares_lists_changes_and_takes_back(server: Server, book: gspread.Spreadsheet, keys: Any) -> None:
    listed = {one["emailAddress"]: one["role"] for one in book.list_permissions()}
    assert listed == {keys[role]["email"]: role for role in ("owner", "writer", "commenter", "reader")}
    theirs = client(server, keys["reader"]["service_account"])
    assert theirs.open_by_key(book.id).sheet1.acell("A1").value is None
    with pytest.raises(APIError, match="403"):
        theirs.open_by_key(book.id).sheet1.update_acell("A1", "x")
    book.share(keys["reader"]["email"], perm_type="user", role="writer", notify=False)
    theirs.open_by_key(book.id).sheet1.update_acell("A1", "mine")
    assert book.id in {one["id"] for one in theirs.list_spreadsheet_files()}
    assert book.remove_permissions(keys["reader"]["email"], role="any")
    with pytest.raises(PermissionError):
        theirs.open_by_key(book.id)
    assert book.id not in {one["id"] for one in theirs.list_spreadsheet_files()}
    listed = {one["emailAddress"] for one in book.list_permissions()}
    assert keys["reader"]["email"] not in listed


def test_the_owner_stays(server: Server, book: gspread.Spreadsheet, tokens: Any) -> None:
    owner = next(one["id"] for one in book.list_permissions() if one["role"] == "owner")
    path = f"/drive/v3/files/{book.id}/permissions/{owner}"
    status, _, answer = server.ask("DELETE", path, token=tokens["owner"])
    assert (status, answer["error"]["message"]) == (403, "The owner of a file cannot be removed.")


def test_a_permission_is_updated_by_drive(server: Server, book: gspread.Spreadsheet, tokens: Any, keys: Any) -> None:
    url = f"/drive/v3/files/{book.id}/permissions"
    ids = {one["emailAddress"]: one["id"] for one in book.list_permissions()}
    reader = ids[keys["reader"]["email"]]
    assert server.ask("PATCH", f"{url}/{reader}", {"role": "writer"}, tokens["reader"])[0] == 403
    assert server.ask("PATCH", f"{url}/{reader}", {"role": "writer"}, tokens["owner"])[0] == 200
    method, path, body = WRITES[0]
    assert server.ask(method, f"{S}/{book.id}{path}", body, tokens["reader"])[0] == 200
    assert server.ask("DELETE", f"{url}/{reader}", token=tokens["owner"])[0] == 204
    assert server.ask(method, f"{S}/{book.id}{path}", body, tokens["reader"])[0] == 403
    owner = ids[keys["owner"]["email"]]
    assert server.ask("DELETE", f"{url}/{owner}", token=tokens["writer"])[0] == 403


def test_the_history_says_who_wrote_each_cell(
    server: Server, book: gspread.Spreadsheet, tokens: Any, keys: Any
) -> None:
    for role in ("owner", "writer"):
        server.ask("PUT", f"{S}/{book.id}/values/B2?valueInputOption=RAW", {"values": [[role]]}, tokens[role])
    writes = server.ask("GET", f"/_local/history?spreadsheetId={book.id}&cell=B2")[2]["writes"]
    assert [(one["account"], one["after"]) for one in writes] == [
        (keys[role]["email"], role) for role in ("owner", "writer")
    ]


def test_a_lock_keeps_others_out_and_its_editors_in(
    server: Server, book: gspread.Spreadsheet, tokens: Any, keys: Any
) -> None:
    second = server.account("second@example.org")
    book.share(second["email"], perm_type="user", role="writer", notify=False)
    book.sheet1.add_protected_range("A1:A9", editor_users_emails=[keys["writer"]["email"]])
    made = credentials(server, second["service_account"])
    made.refresh(Request())
    method, path, body = WRITES[0]
    assert server.ask(method, f"{S}/{book.id}{path}", body, tokens["writer"])[0] == 200
    status, _, answer = server.ask(method, f"{S}/{book.id}{path}", body, made.token)
    assert status == 400
    assert "protected" in answer["error"]["message"]


def test_keys_are_told_apart_and_forged_ones_are_worth_nothing(server: Server, keys: Any, tokens: Any) -> None:
    accounts = server.ask("GET", "/_local/accounts")[2]["accounts"]
    assert {one["email"] for one in keys.values()} <= set(accounts)
    assert accounts[0].startswith("sheets@")
    prefix, _, seal = tokens["stranger"].rpartition(".")
    claims = prefix.removeprefix("ya29.c.")
    decoded = base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4))
    forged = base64.urlsafe_b64encode(decoded.replace(b"stranger@", b"owner@")).rstrip(b"=").decode()
    assert server.ask("GET", "/drive/v3/about?fields=user", token=f"ya29.c.{forged}.{seal}")[0] == 401
    for name in ("", " ", 5, None, "x" * 300):
        assert server.ask("POST", "/_local/accounts", {"name": name})[0] == 400


@pytest.mark.parametrize(("query", "headers"), [("?key=k", {}), ("", {"X-Goog-Api-Key": "k"})])
def test_an_api_key_reads_what_is_shared_with_anyone(
    server: Server, book: gspread.Spreadsheet, query: str, headers: dict[str, str]
) -> None:
    """google-auth's api_key.Credentials, and so gspread.api_key, send it as a header."""
    path = f"/v4/spreadsheets/{book.id}{query}"
    assert server.ask("GET", path, headers=headers)[0] == 403
    book.share("", perm_type="anyone", role="writer")
    assert server.ask("GET", path, headers=headers)[0] == 200
    assert server.ask("POST", f"/v4/spreadsheets/{book.id}:batchUpdate{query}", {}, headers=headers)[0] == 401
