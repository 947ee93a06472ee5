"""The npm package google-spreadsheet as a peer: a Node process that does what it is told, one order a line."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chaos.world import Book, World

ROOT = Path(__file__).parent.parent
SCRIPT = ROOT / "benchmarks" / "peers" / "row_save.mjs"


def node() -> str | None:
    """The node to run with; None where it or the package is missing."""
    here = ROOT / ".venv" / "bin" / "node"
    found = shutil.which("node") or (str(here) if here.exists() else None)
    return found if (ROOT / "node_modules" / "google-spreadsheet").is_dir() else None


@dataclass(slots=True)
class RowSave:
    """`row.save()` of an open spreadsheet. Close it."""

    process: subprocess.Popen[str]

    @classmethod
    def begin(cls, world: World) -> RowSave:
        """Raises FileNotFoundError where Node or the package is missing."""
        runs = node()
        if runs is None:
            raise FileNotFoundError("google-spreadsheet is not installed; make setup does it")
        environment = os.environ | {"SHEETS_BASE": world.base, "SHEETS_KEY": str(world.key)}
        pipe = subprocess.PIPE
        process = subprocess.Popen([runs, str(SCRIPT)], cwd=ROOT, env=environment, stdin=pipe, stdout=pipe, text=True)  # noqa: S603  # our own script
        return cls(process)

    def open(self, book: Book) -> None:
        self._do(do="open", spreadsheet=book.sid, title="Master")

    def set(self, lead_id: str, field: str, value: str) -> None:
        """Write one field of a lead. ValueError where the package says that it failed."""
        self._do(do="set", lead_id=lead_id, field=field, value=value)

    def add(self, values: list[str]) -> None:
        """A new row."""
        self._do(do="add", values=values)

    def close(self) -> None:
        if self.process.stdin:
            self.process.stdin.close()
        self.process.wait(20)

    def _do(self, **order: Any) -> None:
        if not self.process.stdin or not self.process.stdout:
            raise RuntimeError("the Node process is closed")
        print(json.dumps(order), file=self.process.stdin, flush=True)
        answer = json.loads(self.process.stdout.readline())
        if "error" in answer:
            raise ValueError(answer["error"])
