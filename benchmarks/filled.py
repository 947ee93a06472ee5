"""A sheet server with a tab of made-up leads as large as asked: the ground for the benches that read.

One for a process of its own; filled through the API like everything else, in batches of 10,000 rows.
"""

from __future__ import annotations

import random
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
from core.ids import short_hash
from core.samples import CHILDREN, FIRST, LAST
from sync import local
from sync.access import RebasedHTTPClient, open_client, read_key
from sync.sheets import Sheets

BATCH = 10_000
TITLE = "Leads"
_SAID = (
    "asked about story hour", "wants weekend slots", "will discuss at home", "call after 6", "mother speaks Hindi",
    "has a sibling of 4", "visited on Sunday", "liked the reading corner", "fees are high", "no answer",
    "brochure sent", "from school fair", "moving in March", "grandfather picks up", "prefers WhatsApp", "reads Tinkle",
    "shy at first",
)  # fmt: skip


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
    """A lead of 29 cells, as Master holds it after some months: its ids, phone and moments are as good as random, its
    notes somebody's own words, so that it compresses no better than a real one."""
    chance = random.Random(number)
    name = f"{chance.choice(FIRST)} {chance.choice(LAST)}"
    seed, made = str(number), 45_500 + chance.random() * 480
    called = chance.random() < 0.6
    values: dict[str, object] = {
        "lead_id": "L" + short_hash(seed, 5),
        "full_name": name,
        "phone_number": f"({chance.randint(600, 999)}) {chance.randint(0, 999):03d}-{chance.randint(0, 9999):04d}",
        "email": f"{name.replace(' ', '.').lower()}{chance.randint(1, 99)}@example.org" if number % 4 else "",
        "city": chance.choice(("Delhi", "Pune", "Mumbai", "Bengaluru", "Gurugram", "Chennai", "Hoshiarpur")),
        "lead_date": int(made),
        "status": chance.choice(("New Lead", "Interested", "Follow Up 1", "Follow Up 2", "Member", "Re-engage Later")),
        "priority": chance.choice(("Low", "Medium", "High", "Urgent")),
        "lead_score": chance.randint(5, 95),
        "lead_source": chance.choice(("Website", "Instagram", "Quiz", "Walk-in", "Referral")),
        "lead_type": chance.choice(("Hot", "Warm", "Cold", "")),
        "assigned_to": chance.choice(("Neha", "Vikram", "Farah")),
        "next_follow_up": int(made) + chance.randint(2, 90),
        "last_contacted": round(made + chance.random() * 30, 9) if called else "",
        "status_updated_date": int(made) + chance.randint(0, 30) if called else "",
        "notes": " ".join(chance.choices(_SAID, k=chance.randint(2, 9))) if called else "",
        "child_name": chance.choice(CHILDREN),
        "child_age": chance.randint(2, 12),
        "household": "H" + short_hash(seed, 5),
        "source_tab": chance.choice(("Library leads", "Quiz", "Contact form")),
        "source_key": short_hash("row " + seed, 10),
        "created_at": round(made, 9),
        "updated_at": round(made + chance.random() * 30, 9),
    }
    return [values.get(name, "") for name in fields.NAMES]


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
