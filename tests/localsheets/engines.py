"""An engine with one spreadsheet for the tests of the engine's modules."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from localsheets.engine import Caller, Engine

OWNER = Caller("owner@example.org", "r1", 1_700_000_000.0)
RAW = {"valueInputOption": "RAW"}
TYPED = {"valueInputOption": "USER_ENTERED"}


@dataclass
class Desk:
    """A spreadsheet and short ways to it."""

    engine: Engine
    sid: str
    caller: Caller = OWNER

    def put(self, where: str, rows: list[list[Any]], query: dict[str, str] = RAW) -> dict[str, Any]:
        return self.engine.values_update(self.caller, self.sid, where, query, {"values": rows})

    def append(self, where: str, rows: list[list[Any]], **query: str) -> dict[str, Any]:
        return self.engine.values_append(self.caller, self.sid, where, {**RAW, **query}, {"values": rows})

    def read(self, where: str, **how: str) -> dict[str, Any]:
        return loaded(self.engine.values_get(self.sid, where, **how))

    def values(self, where: str = "Sheet1", **how: str) -> Any:
        return self.read(where, **how).get("values")

    def batch(self, *requests: dict[str, Any], **more: Any) -> dict[str, Any]:
        return self.engine.batch_update(self.caller, self.sid, {"requests": list(requests), **more})

    def get(self, fields: str | None = None, *ranges: str, **how: Any) -> dict[str, Any]:
        return loaded(self.engine.get(self.sid, fields=fields, ranges=ranges, **how))

    def reopened(self, path: Path) -> Desk:
        self.engine.close()
        return Desk(Engine.open(path), self.sid, self.caller)


def loaded(answer: Any) -> Any:
    return orjson.loads(answer if isinstance(answer, bytes) else orjson.dumps(answer))


def new_desk(path: Path, title: str = "Book") -> Desk:
    engine = Engine.open(path)
    return Desk(engine, engine.create(OWNER, {"properties": {"title": title}})["spreadsheetId"])


def box(top: int, bottom: int, left: int, right: int, sheet: int = 0) -> dict[str, int]:
    return {
        "sheetId": sheet,
        "startRowIndex": top,
        "endRowIndex": bottom,
        "startColumnIndex": left,
        "endColumnIndex": right,
    }
