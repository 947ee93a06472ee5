"""Paths to calls: encoded ranges, colons, custom verbs, unknown paths."""

from __future__ import annotations

import pytest

from localsheets.routes import Call, find_call

S = "/v4/spreadsheets/abc_-1"


@pytest.mark.parametrize(
    ("method", "path", "call"),
    [
        ("POST", "/v4/spreadsheets", Call("spreadsheets.create", (), True)),
        ("GET", S, Call("spreadsheets.get", ("abc_-1",))),
        ("POST", S + ":batchUpdate", Call("spreadsheets.batchUpdate", ("abc_-1",), True)),
        ("POST", S + "%3AbatchUpdate", Call("spreadsheets.batchUpdate", ("abc_-1",), True)),
        ("POST", S + ":getByDataFilter", Call("spreadsheets.getByDataFilter", ("abc_-1",))),
        ("GET", S + "/values/A1:B2", Call("spreadsheets.values.get", ("abc_-1", "A1:B2"))),
        ("GET", S + "/values/%27a%2Fb%27%21A1%3AD2", Call("spreadsheets.values.get", ("abc_-1", "'a/b'!A1:D2"))),
        ("PUT", S + "/values/%27x%3Ay%27", Call("spreadsheets.values.update", ("abc_-1", "'x:y'"), True)),
        ("POST", S + "/values/A1:B2:append", Call("spreadsheets.values.append", ("abc_-1", "A1:B2"), True)),
        ("POST", S + "/values/%27a%27%21A1:append", Call("spreadsheets.values.append", ("abc_-1", "'a'!A1"), True)),
        ("POST", S + "/values/A1%3AB2:clear", Call("spreadsheets.values.clear", ("abc_-1", "A1:B2"), True)),
        ("GET", S + "/values:batchGet", Call("spreadsheets.values.batchGet", ("abc_-1",))),
        ("POST", S + "/values:batchClear", Call("spreadsheets.values.batchClear", ("abc_-1",), True)),
        ("POST", S + "/values:batchGetByDataFilter", Call("spreadsheets.values.batchGetByDataFilter", ("abc_-1",))),
        ("POST", S + "/sheets/-7:copyTo", Call("spreadsheets.sheets.copyTo", ("abc_-1", "-7"), True)),
        ("PUT", "/upload/drive/v2/files/x", Call("drive.upload.v2", ("x",), True)),
        ("DELETE", "/drive/v3/files/x/permissions/p", Call("drive.permissions.delete", ("x", "p"), True)),
        ("DELETE", S, None),
        ("GET", "/v4/spreadsheets", None),
        ("GET", "/v4/spreadsheets/a/b/c", None),
        ("POST", S + ":explode", None),
        ("GET", "/v4/", None),
        ("GET", "/v5/spreadsheets/x", None),
    ],
)  # fmt: skip
def test_paths(method: str, path: str, call: Call | None) -> None:
    assert find_call(method, path) == call


def test_a_verbs_colon_may_follow_a_slash_or_be_encoded() -> None:
    for path in (
        "/v4/spreadsheets/s:batchUpdate",
        "/v4/spreadsheets/s/:batchUpdate",
        "/v4/spreadsheets/s%3AbatchUpdate",
    ):
        call = find_call("POST", path)
        assert call is not None
        assert (call.name, call.ids) == ("spreadsheets.batchUpdate", ("s",))
    assert find_call("GET", "/v4/spreadsheets/s/:batchUpdate") is None
