"""Drive's version 2, and the parts of Drive that are not here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .running import Server, serving


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("sheets"), "--no-quota") as running:
        yield running


def test_parts_of_drive_that_are_not_here_are_refused_by_name(server: Server) -> None:
    for method, path, name in (
        ("GET", "/drive/v3/files/x/revisions", "drive.revisions"),
        ("GET", "/drive/v3/changes/startPageToken", "drive.changes"),
        ("GET", "/drive/v3/files/generateIds", "drive.files.generateIds"),
        ("DELETE", "/drive/v3/files/trash", "drive.files.trash"),
        ("POST", "/drive/v3/files/x/watch", "drive.files.watch"),
        ("GET", "/drive/v2/about", "This part of Drive API v2"),
    ):
        status, _, answer = server.ask(method, path, token="recorded")
        assert (status, answer["error"]["message"]) == (400, f"{name} is not supported by this server.")


def test_drive_v2_makes_copies_and_deletes_files(server: Server) -> None:
    given = {"title": "Old style", "mimeType": "application/vnd.google-apps.spreadsheet", "parents": [{"id": "root"}]}
    status, _, made = server.ask("POST", "/drive/v2/files", given, "recorded")
    assert "thumbnailLink" not in made  # there is nothing to see yet
    assert (status, made["kind"], made["title"], made["labels"]["trashed"]) == (200, "drive#file", "Old style", False)
    copied = server.ask("POST", f"/drive/v2/files/{made['id']}/copy", {}, "recorded")[2]
    assert copied["title"] == "Copy of Old style"
    assert server.ask("GET", f"/drive/v2/files/{copied['id']}", token="recorded")[2]["title"] == "Copy of Old style"
    assert server.ask("DELETE", f"/drive/v2/files/{copied['id']}", token="recorded")[0] == 204
    assert server.ask("GET", f"/drive/v2/files/{copied['id']}", token="recorded")[0] == 404
