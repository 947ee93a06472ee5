"""A spreadsheet under a chosen id."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from .running import Server, client, serving


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("sheets")) as running:
        yield running


def _put(server: Server, sid: str, body: Any) -> tuple[int, Any]:
    status, _, answer = server.ask("PUT", f"/_local/spreadsheets/{sid}", body)
    return status, answer


def test_a_spreadsheet_is_brought_back_under_its_id(server: Server) -> None:
    google = client(server)
    book = google.create("Leads")
    book.sheet1.update([["a", 1], ["b", True]], "A1")
    google.http_client.insert_permission(book.id, "friend@example.org", "user", "writer", notify=False)
    kept = google.http_client.fetch_sheet_metadata(book.id, params={"includeGridData": True})
    book.sheet1.clear()
    assert _put(server, book.id, kept)[0] == 200
    assert google.open_by_key(book.id).sheet1.get_values() == [["a", "1"], ["b", "TRUE"]]
    assert "friend@example.org" in [one.get("emailAddress") for one in google.list_permissions(book.id)]
    google.del_spreadsheet(book.id)
    status, made = _put(server, book.id, kept)
    assert (status, made["spreadsheetId"], made["properties"]["title"]) == (200, book.id, "Leads")
    assert [file["id"] for file in google.list_spreadsheet_files("Leads")] == [book.id]


def test_somebody_elses_stays_closed(server: Server) -> None:
    assert _put(server, "private?owner=stranger@example.org", {})[0] == 200
    with pytest.raises(PermissionError):
        client(server).open_by_key("private")


@pytest.mark.parametrize(
    ("sid", "body", "words"),
    [
        ("no%20id", {}, "letters, digits, hyphens and underscores"),
        ("", {}, "letters, digits, hyphens and underscores"),
        ("x?owner=nobody", {}, "'owner' must be an address"),
        ("x", {"sheets": [{"properties": {"title": "t"}}, {"properties": {"title": "T"}}]}, "already exists"),
        ("x", [], "must be a JSON object"),
    ],
)
def test_refusals(server: Server, sid: str, body: Any, words: str) -> None:
    status, answer = _put(server, sid, body)
    assert status == 400
    assert words in answer["error"]["message"]
    assert server.ask("GET", "/_local/spreadsheets/x")[0] == 405
