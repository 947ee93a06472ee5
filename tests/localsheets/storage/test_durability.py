"""kill -9 loses no answered write, leaves no half of one, and the file opens again."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from localsheets.engine import Engine
from tests.localsheets.engines import new_desk

WRITER = """
import sys
from pathlib import Path
from localsheets.engine import Caller, Engine
engine = Engine.open(Path(sys.argv[1]))
sid, first = sys.argv[2], int(sys.argv[3])
for n in range(first, first + 100000):
    caller = Caller("w@example.org", f"r{n}", 1.0 + n)
    rows = [{"values": [{"userEnteredValue": {"numberValue": n}}, {"userEnteredValue": {"stringValue": str(i)}}]}
    for i in range(3)]
    engine.batch_update(caller, sid, {"requests": [
        {"appendCells": {"sheetId": 0, "rows": rows, "fields": "userEnteredValue"}},
        {"insertDimension": {"range": {"sheetId": 0, "dimension": "ROWS", "startIndex": 0, "endIndex": 1}}},
    ]})
    print(n, flush=True)
"""


@pytest.mark.parametrize("rounds", [3])
def test_every_acknowledged_batch_is_there_whole_after_kill_9(tmp_path: Path, rounds: int) -> None:
    path = tmp_path / "book.sqlite3"
    desk = new_desk(path)
    desk.engine.close()
    seen = 0
    for _ in range(rounds):
        acknowledged = _killed_after(path, desk.sid, seen + 1)
        assert acknowledged > seen
        engine = Engine.open(path)
        rows = json.loads(engine.values_get(desk.sid, "Sheet1", render="UNFORMATTED_VALUE")).get("values", [])
        engine.close()
        found = [row for row in rows if row]
        numbers = [row[0] for row in found]
        last = max(numbers)
        # What was answered is there; at most one unanswered batch more, and that one whole.
        assert last in (acknowledged, acknowledged + 1)
        assert numbers == [n for n in range(1, last + 1) for _ in range(3)]
        assert len(rows) - len(found) == last  # one blank row on top for each batch
        seen = last


def _killed_after(path: Path, sid: str, first: int) -> int:
    root = Path(__file__).parents[3]
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), sid, str(first)], stdout=subprocess.PIPE, text=True, cwd=root
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        time.sleep(0.4)
        process.send_signal(signal.SIGKILL)
        lines = process.stdout.read().split("\n")
    complete = [int(line) for line in lines[:-1] if line]
    return complete[-1] if complete else first
