"""A sheet server with a tab of made-up leads as large as asked: the ground for the benches that read.

One for a process of its own; filled through the API like everything else, in batches of 10,000 rows.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import gspread
import orjson

from core import fields
from sync import local
from sync.access import RebasedHTTPClient, open_client, read_key
from sync.sheets import Sheets

BATCH = 10_000
TITLE = "Leads"


@dataclass(frozen=True, slots=True)
class Filled:
    """The spreadsheet, and the tab's sheetId."""

    base: str
    key: Path
    spreadsheet_id: str
    sheet_id: int
    rows: int

    def http(self) -> RebasedHTTPClient:
        return open_client(read_key(self.key, None), self.base)

    def sheets(self) -> Sheets:
        return Sheets(self.http(), self.spreadsheet_id)

    def worksheet(self) -> gspread.Worksheet:
        http = self.http()
        client = gspread.Client(auth=None, session=http.session, http_client=lambda *_, **__: http)  # type: ignore[arg-type]  # gspread asks for a class
        return client.open_by_key(self.spreadsheet_id).get_worksheet_by_id(self.sheet_id)


def row(number: int) -> list[object]:
    """A lead of 29 cells, as Master holds it."""
    made: dict[str, object] = {
        "lead_id": f"L{number:08d}",
        "full_name": f"Asha Person{number}",
        "phone_number": f"(98{number % 10}) {number // 10_000 % 1000:03d}-{number % 10_000:04d}",
        "email": f"asha{number}@example.org",
        "city": ("Delhi", "Pune", "Mumbai", "Bengaluru")[number % 4],
        "lead_date": 45_000 + number % 900,
        "status": ("New Lead", "Interested", "Follow Up 1", "Member")[number % 4],
        "priority": ("Low", "Medium", "High")[number % 3],
        "lead_score": number % 100,
        "lead_source": "Website",
        "assigned_to": ("Neha", "Vikram")[number % 2],
        "next_follow_up": 46_300 + number % 60,
        "notes": f"Asked about story hour {number}",
        "child_name": "Tara",
        "child_age": number % 12,
        "source_tab": "Form",
        "created_at": 46_000.25,
        "updated_at": 46_000.5,
    }
    return [made.get(name, "") for name in fields.NAMES]


@contextmanager
def filled(rows: int) -> Iterator[Filled]:
    """A server of its own with a tab of `rows` leads under a header."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "localsheets", "--port", "0", "--data", folder, "--no-quota"]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout
            base = process.stdout.readline().split()[1]
            yield _fill(base, Path(folder) / "credentials.json", rows)
        finally:
            process.terminate()
            process.wait(30)


def _fill(base: str, key: Path, rows: int) -> Filled:
    http = open_client(read_key(key, None), base)
    spreadsheet_id = local.create(http, "Bench", "Asia/Kolkata", None)
    found = Filled(base, key, spreadsheet_id, 77, rows)
    grid = {"rowCount": rows + 1, "columnCount": len(fields.NAMES)}
    added = {"addSheet": {"properties": {"sheetId": 77, "title": TITLE, "gridProperties": grid}}}
    http.request("post", f"{found.sheets().url}:batchUpdate", json={"requests": [added]})
    _put(http, found, 1, [list(fields.NAMES)])
    for start in range(0, rows, BATCH):
        _put(http, found, start + 2, [row(n) for n in range(start, min(start + BATCH, rows))])
    return found


def _put(http: RebasedHTTPClient, found: Filled, first: int, rows: list[list[object]]) -> None:
    url = f"{found.sheets().url}/values/{TITLE}!A{first}"
    headers = {"Content-Type": "application/json"}
    http.request("put", url, params={"valueInputOption": "RAW"}, data=orjson.dumps({"values": rows}), headers=headers)
