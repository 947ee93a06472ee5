"""Range after range: each is one read, the next one is on its way while one is taken apart, and a broken one is asked
for again."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from sync.access import RebasedHTTPClient
from sync.errors import Unreachable
from sync.ranges import GridRange
from sync.reading import read_on
from sync.sheets import Sheets
from tests.sync.conftest import Desk

ROWS = [[f"row {n}", n] for n in range(9)]


class SpoiledClient(RebasedHTTPClient):
    """Its answers are what they are, but for those numbered in `spoiled`."""

    spoiled: dict[int, bytes]
    asked = 0

    def request(self, method: str, endpoint: str, *args: Any, **kwargs: Any) -> requests.Response:
        answer = super().request(method, endpoint, *args, **kwargs)
        self.asked += 1
        if (bad := self.spoiled.get(self.asked)) is not None:
            answer._content = bad
        return answer


def spoiled(desk: Desk, answers: dict[int, bytes], attempts: int = 2) -> Sheets:
    client = SpoiledClient(desk.http.auth)
    client.base, client.spoiled = desk.http.base, answers
    return Sheets(client, desk.book.id, attempts=attempts)


def thirds(desk: Desk) -> list[GridRange]:
    tab = desk.add_tab("Nine", ROWS)
    return [GridRange(tab.id, start, start + 3) for start in (0, 3, 6)]


def test_each_range_is_one_read_and_they_come_in_order(desk: Desk) -> None:
    wanted, sheets = thirds(desk), Sheets(desk.http, desk.book.id)
    assert [[list(row) for row in part] for part in read_on(sheets, wanted)] == [ROWS[:3], ROWS[3:6], ROWS[6:]]
    assert sheets.meter.read == 3
    assert list(read_on(sheets, [])) == []
    blank = GridRange(wanted[0].sheet_id, 20, 30)
    assert list(read_on(sheets, [blank])) == [()]


def test_no_more_than_one_answer_is_fetched_ahead(desk: Desk) -> None:
    wanted, sheets = thirds(desk), Sheets(desk.http, desk.book.id)
    coming = read_on(sheets, wanted)
    next(coming)
    coming.close()  # waits for the one that is under way
    assert sheets.meter.read <= 2


def test_an_answer_in_pieces_is_asked_for_again(desk: Desk) -> None:
    wanted = thirds(desk)
    sheets = spoiled(desk, {2: b'{"valueRanges": [{"valu'})
    assert [part[0][0] for part in read_on(sheets, wanted)] == ["row 0", "row 3", "row 6"]
    assert sheets.meter.read == 4


def test_what_stays_broken_is_a_failure_and_never_an_empty_tab(desk: Desk) -> None:
    wanted = thirds(desk)
    coming = read_on(spoiled(desk, dict.fromkeys(range(2, 9), b"[]"), attempts=1), wanted)
    assert len(next(coming)) == 3
    with pytest.raises(Unreachable):
        list(coming)
