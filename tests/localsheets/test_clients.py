"""Clients that no one here wrote: google-api-python-client on both APIs, gspread-dataframe."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import google_auth_httplib2
import httplib2
import openpyxl
import pandas as pd
import pytest
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError
from googleapiclient.http import MediaFileUpload, MediaIoBaseDownload, MediaIoBaseUpload
from gspread_dataframe import get_as_dataframe, set_with_dataframe

from .running import Server, client, credentials, serving

SHEET = "application/vnd.google-apps.spreadsheet"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("sheets"), "--no-quota") as running:
        yield running


def service(server: Server, name: str, version: str) -> Any:
    http = google_auth_httplib2.AuthorizedHttp(credentials(server), http=httplib2.Http(timeout=30))
    path = "" if name == "sheets" else "/drive/v3/"
    return build(name, version, http=http, static_discovery=True, client_options={"api_endpoint": server.base + path})


@pytest.fixture(scope="module")
def sheets(server: Server) -> Any:
    return service(server, "sheets", "v4").spreadsheets()


@pytest.fixture(scope="module")
def drive(server: Server) -> Any:
    """Drive with uploads sent here too: the client derives their address from the discovery document's root."""
    made = service(server, "drive", "v3")
    made._rootDesc["rootUrl"] = server.base + "/"
    return made


@pytest.fixture
def sid(sheets: Any) -> str:
    return str(sheets.create(body={"properties": {"title": "Made by googleapiclient"}}).execute()["spreadsheetId"])


def test_sheets_through_googles_own_client(sheets: Any, sid: str) -> None:
    values = sheets.values()
    values.update(
        spreadsheetId=sid,
        range="A1:B2",
        valueInputOption="USER_ENTERED",
        body={"values": [["a", "1,200"], ["b", "5%"]]},
    ).execute()
    got = values.get(spreadsheetId=sid, range="'Sheet1'!A1:B2", valueRenderOption="UNFORMATTED_VALUE").execute()
    assert got["values"] == [["a", 1200], ["b", 0.05]]
    values.append(
        spreadsheetId=sid,
        range="Sheet1",
        valueInputOption="RAW",
        insertDataOption="INSERT_ROWS",
        body={"values": [["c"]]},
    ).execute()
    batch = values.batchGet(spreadsheetId=sid, ranges=["A3", "B1"], majorDimension="COLUMNS").execute()
    assert [one["values"] for one in batch["valueRanges"]] == [[["c"]], [["1,200"]]]
    values.batchUpdate(
        spreadsheetId=sid, body={"valueInputOption": "RAW", "data": [{"range": "D1", "values": [[True]]}]}
    ).execute()
    values.batchClear(spreadsheetId=sid, body={"ranges": ["A1:A3"]}).execute()
    values.clear(spreadsheetId=sid, range="B1", body={}).execute()
    request = {"addSheet": {"properties": {"title": "T2", "gridProperties": {"rowCount": 3, "columnCount": 2}}}}
    body = {"requests": [request], "includeSpreadsheetInResponse": True}
    made = sheets.batchUpdate(spreadsheetId=sid, body=body).execute()
    assert [one["properties"]["title"] for one in made["updatedSpreadsheet"]["sheets"]] == ["Sheet1", "T2"]
    copied = sheets.sheets().copyTo(spreadsheetId=sid, sheetId=0, body={"destinationSpreadsheetId": sid}).execute()
    assert copied["title"] == "Copy of Sheet1"
    grid = sheets.get(spreadsheetId=sid, ranges=["Sheet1!A1:D2"], includeGridData=True).execute()
    assert grid["sheets"][0]["data"][0]["rowData"][0]["values"][3]["effectiveValue"] == {"boolValue": True}
    filters = {"dataFilters": [{"a1Range": "Sheet1!D1"}]}
    by_filter = values.batchGetByDataFilter(spreadsheetId=sid, body=filters).execute()
    assert by_filter["valueRanges"][0]["valueRange"]["values"] == [["TRUE"]]
    assert sheets.getByDataFilter(spreadsheetId=sid, body=filters).execute()["spreadsheetId"] == sid


def test_errors_through_googles_own_client(sheets: Any, sid: str) -> None:
    with pytest.raises(HttpError) as refused:
        sheets.values().get(spreadsheetId=sid, range="Nowhere!A1").execute()
    assert refused.value.status_code == 400
    assert refused.value.reason == "Unable to parse range: Nowhere!A1"
    with pytest.raises(HttpError) as missing:
        sheets.get(spreadsheetId="nothing").execute()
    assert missing.value.status_code == 404


def test_drive_listing_pages_and_orders(drive: Any) -> None:
    folder = (
        drive.files().create(body={"name": "Pages", "mimeType": "application/vnd.google-apps.folder"}).execute()["id"]
    )
    for number in (2, 3, 1):
        drive.files().create(body={"name": f"p{number}", "mimeType": SHEET, "parents": [folder]}).execute()
    query, names, token = f"'{folder}' in parents and trashed = false", [], None
    while True:
        page = drive.files().list(q=query, pageSize=2, orderBy="name desc", pageToken=token, fields="*").execute()
        names += [file["name"] for file in page["files"]]
        token = page.get("nextPageToken")
        if token is None:
            break
    assert names == ["p3", "p2", "p1"]
    assert page["incompleteSearch"] is False
    assert page["files"][0]["parents"] == [folder]


@pytest.mark.parametrize(
    ("arguments", "location"),
    [({"q": "colour = 'red'"}, "q"), ({"pageSize": 0}, "pageSize"), ({"pageToken": "??"}, "pageToken"),
     ({"orderBy": "colour"}, "orderBy"), ({"fields": "files(colour)"}, "fields"), ({"spaces": "moon"}, "spaces")],
)  # fmt: skip
def test_what_a_listing_refuses(drive: Any, arguments: dict[str, Any], location: str) -> None:
    with pytest.raises(HttpError) as refused:
        drive.files().list(**arguments).execute()
    assert refused.value.status_code == 400
    assert refused.value.error_details[0]["location"] == location


def test_a_files_life(drive: Any, sid: str) -> None:
    files = drive.files()
    before = files.get(fileId=sid, fields="version,modifiedTime,owners,capabilities,webViewLink").execute()
    renamed = files.update(fileId=sid, body={"name": "Renamed"}, fields="name,version").execute()
    assert renamed["name"] == "Renamed"
    assert int(renamed["version"]) > int(before["version"])
    files.update(fileId=sid, body={"trashed": True}).execute()
    assert files.get(fileId=sid, fields="trashed").execute() == {"trashed": True}
    assert sid not in {file["id"] for file in files.list(q="trashed = false", pageSize=1000).execute()["files"]}
    files.update(fileId=sid, body={"trashed": False, "starred": True}).execute()
    assert sid in {file["id"] for file in files.list(q="starred = true").execute()["files"]}
    about = drive.about().get(fields="user,storageQuota").execute()
    assert about["user"]["me"] is True
    copied = files.copy(fileId=sid, body={}).execute()
    assert copied["name"] == "Copy of Renamed"
    files.delete(fileId=sid).execute()
    with pytest.raises(HttpError) as gone:
        files.get(fileId=sid).execute()
    assert gone.value.status_code == 404
    assert gone.value.error_details[0]["reason"] == "notFound"


def workbook_bytes() -> bytes:
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first.title = "People & co"
    first.append(["name", "phone", "joined", "share"])
    first.append(["Asha", "+91 98765 43210", pd.Timestamp("2025-08-12"), 0.5])
    second = book.create_sheet("Second")
    second["B2"] = 7
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("resumable", [False, True])
def test_a_workbook_comes_in_and_goes_out(drive: Any, sheets: Any, resumable: bool) -> None:
    media = MediaIoBaseUpload(io.BytesIO(workbook_bytes()), XLSX, chunksize=256 * 1024, resumable=resumable)
    sid = drive.files().create(body={"name": "Uploaded", "mimeType": SHEET}, media_body=media).execute()["id"]
    values = sheets.values()
    titles = [one["properties"]["title"] for one in sheets.get(spreadsheetId=sid).execute()["sheets"]]
    assert titles == ["People & co", "Second"]
    rows = values.get(spreadsheetId=sid, range="'People & co'").execute()["values"]
    assert rows == [["name", "phone", "joined", "share"], ["Asha", "+91 98765 43210", "8/12/2025", "0.5"]]
    raw = values.get(spreadsheetId=sid, range="C2", valueRenderOption="UNFORMATTED_VALUE").execute()["values"]
    assert raw == [[45881]]
    downloaded = io.BytesIO()
    download = MediaIoBaseDownload(downloaded, drive.files().export_media(fileId=sid, mimeType=XLSX))
    while not download.next_chunk()[1]:
        pass
    book = openpyxl.load_workbook(downloaded)
    assert book.sheetnames == ["People & co", "Second"]
    assert book["People & co"]["B2"].value == "+91 98765 43210"
    assert book["People & co"]["C2"].value == pd.Timestamp("2025-08-12")
    assert book["Second"]["B2"].value == 7


def test_content_replaces_content(drive: Any, sheets: Any, sid: str, tmp_path: Path) -> None:
    table = tmp_path / "table.tsv"
    table.write_text("a\t1,200\n\tb\n", encoding="utf-16")
    drive.files().update(fileId=sid, media_body=MediaFileUpload(str(table), "text/tab-separated-values")).execute()
    assert sheets.values().get(spreadsheetId=sid, range="A1:B2").execute()["values"] == [["a", "1,200"], ["", "b"]]
    tsv = drive.files().export(fileId=sid, mimeType="text/tab-separated-values").execute()
    assert tsv == b"a\t1,200\r\n\tb"


@pytest.mark.parametrize(("mime", "content"), [(XLSX, b"no zip"), ("image/png", b"x"), (XLSX, b"")])
def test_content_that_is_no_sheet_changes_nothing(drive: Any, sheets: Any, sid: str, mime: str, content: bytes) -> None:
    sheets.values().update(spreadsheetId=sid, range="A1", valueInputOption="RAW", body={"values": [["kept"]]}).execute()
    media = MediaIoBaseUpload(io.BytesIO(content), mime)
    with pytest.raises(HttpError) as refused:
        drive.files().update(fileId=sid, media_body=media).execute()
    assert refused.value.status_code == 400
    with pytest.raises(HttpError):
        drive.files().create(body={"name": "bad", "mimeType": SHEET}, media_body=media).execute()
    assert not drive.files().list(q="name = 'bad'").execute()["files"]
    assert sheets.values().get(spreadsheetId=sid, range="A1").execute()["values"] == [["kept"]]


def test_frames_go_there_and_back(server: Server) -> None:
    sheet = client(server).create("frames").sheet1
    frame = pd.DataFrame({"name": ["Asha", "Ravi"], "age": [7, 8], "share": [0.5, None], "ok": [True, False]})
    set_with_dataframe(sheet, frame, resize=True)
    assert (sheet.row_count, sheet.col_count) == (3, 4)
    back = get_as_dataframe(sheet, evaluate_formulas=True)
    pd.testing.assert_frame_equal(back, frame, check_dtype=False)
