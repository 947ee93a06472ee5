"""Recorded conversations with the real service: those in ../shared where that folder is, and a few of our own.

All must agree in full, each interaction. Two things are said here that the tool does not know (decision 0015):
- Some recordings open spreadsheets that their conversation never made: they stood in the recorder's Drive before. These
  are put there first, each as the recording itself shows it; one that was refused belongs to somebody else.
- The answer of an upload through Drive v2 holds addresses and moments of Drive's own making: the hash in a thumbnail's
  address, the number of the account, dates.
"""

from __future__ import annotations

import importlib.util
import json
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from localsheets.command import RECORDED_ACCOUNT

from .running import ROOT, Server, serving

SHARED = ROOT.parent / "shared"
RECORDINGS = sorted((SHARED / "recordings").glob("*.json"))
MADE_UP_BY_DRIVE = {
    "thumbnailLink", "embedLink", "permissionId", "createdDate", "modifiedDate", "modifiedByMeDate",
    "lastViewedByMeDate",
}  # fmt: skip


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("sheets"), "--no-quota") as running:
        yield running


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("replay_recordings", SHARED / "tools" / "replay_recordings.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.MADE_UP_STRINGS |= MADE_UP_BY_DRIVE
    return module


def held_before(recording: Any) -> Iterator[tuple[str, str, Any]]:
    """(id, owner, resource) of each spreadsheet that a recording opens and did not make."""
    known: set[str] = set()
    for one in recording["interactions"]:
        answer = one["response"]
        if one["method"] == "POST" and isinstance(answer, dict):
            known |= {str(answer.get("id")), str(answer.get("spreadsheetId"))}
        opened = re.fullmatch(r"/v4/spreadsheets/([\w-]+)", one["path"])
        if opened is None or one["method"] != "GET" or opened[1] in known or one["status"] == 404:
            continue
        known.add(opened[1])
        ours = one["status"] == 200
        yield opened[1], RECORDED_ACCOUNT if ours else "stranger@example.org", answer if ours else {}


@pytest.mark.skipif(not RECORDINGS, reason="no ../shared/recordings beside this clone")
@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.stem)
def test_shared_recordings(server: Server, tool: ModuleType, path: Path) -> None:
    recording = json.loads(path.read_text())
    for sid, owner, resource in held_before(recording):
        status, _, answer = server.ask("PUT", f"/_local/spreadsheets/{sid}?owner={owner}", resource)
        assert status == 200, answer
    agree, count, first = tool.replay(server.base, "recorded", recording)
    assert (agree, first) == (count, None)


def test_what_a_recording_found_and_did_not_make() -> None:
    made = {"method": "POST", "path": "/drive/v3/files", "status": 200, "response": {"id": "made"}}
    opened = [
        {"method": "GET", "path": f"/v4/spreadsheets/{sid}", "status": status, "response": {"of": sid}}
        for sid, status in (("made", 200), ("found", 200), ("found", 200), ("closed", 403), ("nowhere", 404))
    ]
    assert list(held_before({"interactions": [made, *opened]})) == [
        ("found", RECORDED_ACCOUNT, {"of": "found"}),
        ("closed", "stranger@example.org", {}),
    ]


# Our own conversations: (method, path, body, what the answer must hold). {id} is the spreadsheet made first.
V = "/v4/spreadsheets/{id}/values"
Conversation = list[tuple[str, str, Any, dict[str, Any]]]
OWN: dict[str, Conversation] = {
    "typed values": [
        ("PUT", f"{V}/%27Sheet1%27%21A1%3AD2?valueInputOption=USER_ENTERED",
         {"values": [["=4/2", "2020-01-01", "string", 53], ["=3/2", 0.12, "1999-01-02", ""]]},
         {"updatedRange": "Sheet1!A1:D2", "updatedRows": 2, "updatedColumns": 4, "updatedCells": 8}),
        ("GET", f"{V}/A1:D2?valueRenderOption=UNFORMATTED_VALUE", None,
         {"values": [[2, 43831, "string", 53], [1.5, 0.12, 36162]]}),
        ("GET", f"{V}/A1:D2?valueRenderOption=FORMATTED_VALUE", None,
         {"range": "Sheet1!A1:D2", "values": [["2", "2020-01-01", "string", "53"], ["1.5", "0.12", "1999-01-02"]]}),
        ("GET", f"{V}/A1:B1?valueRenderOption=FORMULA", None, {"values": [["=4/2", 43831]]}),
        ("GET", f"{V}/F9", None, {"range": "Sheet1!F9", "majorDimension": "ROWS"}),
    ],
    "one after the other": [
        ("POST", f"{V}/Sheet1:append?valueInputOption=RAW", {"values": [["a", "b"]]},
         {"updates": {"spreadsheetId": "{id}", "updatedRange": "Sheet1!A1:B1", "updatedRows": 1, "updatedColumns": 2,
                      "updatedCells": 2}}),
        ("POST", f"{V}/Sheet1:append?valueInputOption=RAW&includeValuesInResponse=true", {"values": [["c"]]},
         {"tableRange": "Sheet1!A1:B1"}),
        ("POST", f"{V}:batchClear", {"ranges": ["A1:A1", "B1"]}, {"clearedRanges": ["Sheet1!A1", "Sheet1!B1"]}),
        ("GET", f"{V}:batchGet?ranges=A1&ranges=A2", None,
         {"valueRanges": [{"range": "Sheet1!A1", "majorDimension": "ROWS"},
                          {"range": "Sheet1!A2", "majorDimension": "ROWS", "values": [["c"]]}]}),
    ],
    "a new tab": [
        ("POST", "/v4/spreadsheets/{id}:batchUpdate",
         {"requests": [{"addSheet": {"properties": {"title": "New", "sheetId": 7}}}, {"deleteSheet": {"sheetId": 0}}]},
         {"spreadsheetId": "{id}"}),
        ("GET", "/v4/spreadsheets/{id}?fields=sheets.properties(sheetId,title,index)", None,
         {"sheets": [{"properties": {"sheetId": 7, "title": "New", "index": 0}}]}),
    ],
    "colours of a tab: eight bits a channel, and a style without one clears it": [
        ("POST", "/v4/spreadsheets/{id}:batchUpdate", {"requests": [{"updateSheetProperties": {
            "properties": {"tabColorStyle": {"rgbColor": {"red": 0.99, "green": 0.24, "blue": 0.01}}},
            "fields": "tabColorStyle"}}]}, {"replies": [{}]}),
        ("GET", "/v4/spreadsheets/{id}?fields=sheets.properties.tabColorStyle", None, {"sheets": [{"properties": {
            "tabColorStyle": {"rgbColor": {"red": 0.9882353, "green": 0.23921569, "blue": 0.007843138}}}}]}),
        ("POST", "/v4/spreadsheets/{id}:batchUpdate", {"requests": [{"updateSheetProperties": {
            "properties": {"tabColorStyle": {"rgbColor": None}}, "fields": "tabColorStyle"}}]}, {"replies": [{}]}),
        ("GET", "/v4/spreadsheets/{id}?fields=sheets.properties(tabColor,tabColorStyle)", None,
         {"sheets": [{"properties": {}}]}),
    ],
    "a named range behind the title of its sheet": [
        ("POST", "/v4/spreadsheets/{id}:batchUpdate", {"requests": [{"addNamedRange": {"namedRange": {
            "name": "Corner", "namedRangeId": "c", "range": {"startRowIndex": 1, "endRowIndex": 3,
                                                             "startColumnIndex": 1, "endColumnIndex": 3}}}}]}, {}),
        ("PUT", f"{V}/%27Sheet1%27%21Corner?valueInputOption=RAW", {"values": [["a", "b"], ["", "c"]]},
         {"updatedRange": "Sheet1!B2:C3"}),
        ("GET", f"{V}/Sheet1%21Corner", None, {"range": "Sheet1!B2:C3", "values": [["a", "b"], ["", "c"]]}),
    ],
}  # fmt: skip


def filled(value: Any, sid: str) -> Any:
    return json.loads(json.dumps(value).replace("{id}", sid))


@pytest.mark.parametrize("name", OWN)
def test_own_conversations(server: Server, name: str) -> None:
    file = {"name": name, "mimeType": "application/vnd.google-apps.spreadsheet"}
    status, _, made = server.ask("POST", "/drive/v3/files?supportsAllDrives=True", file, "recorded")
    assert (status, made) == (200, {"kind": "drive#file", "id": made["id"], **file})
    for method, path, body, expected in OWN[name]:
        status, _, answer = server.ask(method, path.replace("{id}", made["id"]), body, "recorded")
        assert status == 200, answer
        for key, value in filled(expected, made["id"]).items():
            assert answer[key] == value, (method, path)
    assert server.ask("DELETE", f"/drive/v3/files/{made['id']}", token="recorded")[0] == 204
