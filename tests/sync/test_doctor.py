"""Each problem that stands in the way, found on a real server, with its remedy."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
import requests

from core.settings import SettingsError
from store import state
from store.state import SyncStatus
from sync.access import open_client, read_key
from sync.doctor import CALLS_A_MINUTE, Finding, examine
from sync.errors import BadCredentials
from sync.link import Link
from sync.sheets import Sheets
from tests.sync.conftest import HEADER, NOW, Desk, person


def problems(link: Link) -> list[Finding]:
    return [one for one in examine(lambda: link) if not one.good]


@pytest.fixture
def link(desk: Desk) -> Link:
    """A spreadsheet in good order."""
    desk.add_tab("Form", [HEADER, person(1)])
    made = desk.link()
    desk.cycle(made)
    return made


def test_an_empty_spreadsheet_is_no_problem(desk: Desk) -> None:
    said = [one.what for one in examine(desk.link)]
    assert problems(desk.link()) == []
    assert any("not been set up yet" in what for what in said)


def test_all_is_well(desk: Desk, link: Link) -> None:
    found = list(examine(lambda: link))
    assert all(one.good and not one.remedy for one in found)
    assert any("This installation writes to it" in one.what for one in found)


def test_looking_writes_nothing(desk: Desk, link: Link) -> None:
    before = link.sheets.meter.write
    list(examine(lambda: link))
    assert link.sheets.meter.write == before


def test_a_setting_that_is_missing() -> None:
    def broken() -> Link:
        raise SettingsError("SPREADSHEET_ID: which spreadsheet?")

    assert [(one.good, one.what) for one in examine(broken)] == [(False, "SPREADSHEET_ID: which spreadsheet?")]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "cannot be read"),
        ("{", "not valid JSON"),
        ("[]", "not a JSON object"),
        ("{}", "cannot be used"),
        ('{"client_email": "a@example.org", "token_uri": "http://x/token", "private_key": "no key"}', "cannot be used"),
    ],
)
def test_a_key_that_cannot_be_used(desk: Desk, tmp_path: Path, content: str | None, said: str) -> None:
    file = tmp_path / "key.json"
    if content is not None:
        file.write_text(content)

    def broken() -> Link:
        link = desk.link()
        link.sheets.http = open_client(read_key(file, None), desk.server.base)
        return link

    found = list(examine(broken))
    assert [one.good for one in found] == [False]
    assert said in found[0].what
    assert found[0].remedy == BadCredentials.remedy


def test_a_key_that_google_refuses(desk: Desk, link: Link) -> None:
    key = dict(read_key(desk.server.key, None)) | {"client_email": "nobody@example.org"}
    link.sheets.http = open_client(key, desk.server.base)
    assert [one.remedy for one in problems(link)] == [BadCredentials.remedy]


def test_no_spreadsheet_has_this_id(desk: Desk, link: Link) -> None:
    other = replace(link, sheets=Sheets(desk.http, "nosuch", attempts=1))
    found = problems(other)
    assert [one.what for one in found] == ["There is no spreadsheet with this id"]
    assert "SPREADSHEET_ID" in found[0].remedy


def test_a_spreadsheet_that_is_not_shared_with_this_account(desk: Desk, link: Link) -> None:
    made = requests.post(f"{desk.server.base}/_local/accounts", json={"name": f"stranger-{desk.book.id}"}).json()
    stranger = open_client(made["service_account"], desk.server.base)
    found = problems(replace(link, sheets=Sheets(stranger, desk.book.id, attempts=1)))
    assert [one.what for one in found] == ["The spreadsheet is not shared with the service account"]
    assert "Share the spreadsheet" in found[0].remedy
    desk.book.share(made["email"], perm_type="user", role="writer", notify=False)
    assert problems(replace(link, sheets=Sheets(stranger, desk.book.id, attempts=1))) == []


def test_a_server_that_does_not_answer(desk: Desk, link: Link) -> None:
    http = open_client(read_key(desk.server.key, None), "http://127.0.0.1:1")
    http.auth = desk.http.auth
    http.session.credentials = desk.http.session.credentials
    found = problems(replace(link, sheets=Sheets(http, desk.book.id, attempts=1)))
    assert [one.what for one in found] == ["The sheet's server cannot be reached"]


def test_a_header_that_is_gone(desk: Desk, link: Link) -> None:
    tab = desk.book.worksheet("Master")
    tab.update_cell(1, tab.row_values(1).index("city") + 1, "Stadt")
    assert [one.what for one in problems(link)] == ["Master has no column city"]
    assert "first row" in problems(link)[0].remedy


def test_an_id_column_that_is_gone(desk: Desk, link: Link) -> None:
    desk.book.worksheet("Master").delete_columns(1)
    found = problems(link)
    assert [one.what for one in found] == ["Master has no lead_id column"]
    assert "Version history" in found[0].remedy


def test_a_tab_that_is_gone(desk: Desk, link: Link) -> None:
    desk.book.del_worksheet(desk.book.worksheet("Activity"))
    assert [one.what for one in problems(link)] == ["These tabs are gone: Activity"]


def test_another_installation(desk: Desk, link: Link) -> None:
    found = problems(desk.link("b", installation="another"))
    assert [one.what for one in found] == ["Another installation writes to it"]
    assert found[0].remedy


def test_a_copy(desk: Desk, link: Link) -> None:
    copied = desk.http.request("post", f"https://www.googleapis.com/drive/v3/files/{desk.book.id}/copy", json={}).json()
    found = problems(replace(link, sheets=Sheets(desk.http, copied["id"], attempts=1)))
    assert [one.what for one in found] == ["It is a copy of a spreadsheet that the CRM writes to"]
    assert "_crm" in found[0].remedy


def test_a_minute_that_is_used_up(desk: Desk, link: Link) -> None:
    with link.engine.begin() as conn:
        state.write_status(conn, SyncStatus(last_cycle_at=NOW, calls_last_minute=CALLS_A_MINUTE))
    found = problems(link)
    assert [one.remedy for one in found] == ["Set SYNC_SECONDS higher."]


def test_a_spreadsheet_that_is_nearly_full(desk: Desk, link: Link) -> None:
    desk.book.add_worksheet("Archive", rows=400_000, cols=20)
    found = problems(link)
    assert [re.search(r"used \(8[1-9]%\)", one.what) is not None for one in found] == [True]
