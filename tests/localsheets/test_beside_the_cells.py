"""What clients ask for beside cells: pages of other sites, HEAD, My Drive, properties of files, sharing by pages."""

from __future__ import annotations

from typing import Any

from .running import Server
from .test_server import S, server, sid, token

__all__ = ["server", "sid", "token"]  # fixtures


def test_a_page_of_another_site_may_use_googles_paths_as_at_google(server: Server, token: str, sid: str) -> None:
    origin = "https://app.example.org"
    asking = {
        "Origin": origin,
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": "authorization",
    }
    status, headers, body = server.ask("OPTIONS", f"{S}/{sid}/values/A1", headers=asking)
    assert (status, body) == (200, "")
    assert headers["Access-Control-Allow-Origin"] == origin
    assert "PUT" in headers["Access-Control-Allow-Methods"]
    assert headers["Access-Control-Allow-Headers"] == "authorization"
    status, headers, _ = server.ask("GET", f"{S}/{sid}", token=token, headers={"Origin": origin})
    assert (status, headers["Access-Control-Allow-Origin"]) == (200, origin)
    for path in ("/_local/health", f"/spreadsheets/d/{sid}/edit"):
        for method in ("OPTIONS", "GET"):
            status, headers, _ = server.ask(method, path, headers=asking)
            assert status >= 400
            assert "Access-Control-Allow-Origin" not in headers


def test_head_is_a_read_without_its_body(server: Server, token: str, sid: str) -> None:
    for path in (f"{S}/{sid}", f"/drive/v3/files/{sid}"):
        status, headers, body = server.ask("HEAD", path, token=token)
        assert (status, body) == (200, "")
        assert int(headers["Content-Length"]) > 50
    assert server.ask("HEAD", f"{S}/nothing", token=token)[0] == 404
    assert server.ask("HEAD", f"{S}/{sid}")[0] == 401


def test_my_drive_is_a_folder(server: Server, token: str, sid: str) -> None:
    status, _, root = server.ask("GET", "/drive/v3/files/root?fields=name,id,mimeType,parents", token=token)
    assert status == 200
    assert root == {"name": "My Drive", "id": root["id"], "mimeType": "application/vnd.google-apps.folder"}
    found = server.ask("GET", "/drive/v3/files?q='root'+in+parents&fields=files(parents)", token=token)[2]["files"]
    assert {one["parents"][0] for one in found} == {root["id"]}
    assert server.ask("GET", f"/drive/v3/files/{root['id']}", token=token)[2]["name"] == "My Drive"
    assert server.ask("DELETE", "/drive/v3/files/root", token=token)[0] == 404


def test_what_clients_write_beside_a_file_is_kept_found_and_copied(server: Server, token: str) -> None:
    def ask(method: str, path: str, body: Any = None) -> Any:
        status, _, read = server.ask(method, f"/drive/v3/files{path}", body, token)
        assert status in (200, 204), read
        return read

    made = ask("POST", "", {"mimeType": "application/vnd.google-apps.spreadsheet", "name": "Marked",
                            "properties": {"a": "1", "b": "2"}, "appProperties": {"c": "3"}})  # fmt: skip
    ask("PATCH", f"/{made['id']}", {"properties": {"a": None, "d": "4"}})
    both = {"properties": {"b": "2", "d": "4"}, "appProperties": {"c": "3"}}
    assert ask("GET", f"/{made['id']}?fields=properties,appProperties") == both
    copied = ask(
        "POST", f"/{made['id']}/copy?fields=id,properties,appProperties", {"name": "Copy", "properties": {"b": "5"}}
    )
    assert {key: copied[key] for key in both} == {**both, "properties": {"b": "5", "d": "4"}}
    query = "properties+has+{key='b'+and+value='2'}+and+'me'+in+owners".replace("{", "%7B").replace("}", "%7D")
    assert [one["id"] for one in ask("GET", f"?q={query}&fields=files(id)")["files"]] == [made["id"]]
    assert server.ask("PATCH", f"/drive/v3/files/{made['id']}", {"properties": {"a": 5}}, token)[0] == 400
    for one in (made, copied):
        ask("DELETE", f"/{one['id']}")


def test_sharing_is_listed_page_by_page(server: Server, token: str, sid: str) -> None:
    path = f"/drive/v3/files/{sid}/permissions"
    server.ask("POST", path, {"type": "user", "role": "reader", "emailAddress": "ravi@example.org"}, token)
    first = server.ask("GET", f"{path}?pageSize=1&fields=nextPageToken,permissions(role)", token=token)[2]
    assert first["permissions"] == [{"role": "owner"}]
    second = server.ask("GET", f"{path}?pageSize=1&pageToken={first['nextPageToken']}", token=token)[2]
    assert [one["role"] for one in second["permissions"]] == ["reader"]
    assert "nextPageToken" not in second
    assert server.ask("GET", f"{path}?pageSize=0", token=token)[0] == 400
