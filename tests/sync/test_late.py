"""Writes that come late, when others have been sent since."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

import pytest

from sync import flush
from sync.errors import AnswerLost, SheetsProblem
from sync.sheets import Sheets, batch
from tests.sync.conftest import Book
from tests.sync.test_repair import book, edit, meddle, rows, sort
from tests.sync.test_repair_meanwhile import die_when_sent

__all__ = ["book"]


@pytest.mark.parametrize("typed", [True, False], ids=["its number typed over", "as it was"])
def test_of_two_repairs_that_come_late_only_one_does(book: Book, typed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the first one wrote would be known to nobody once the other has written over its journal."""
    desk, link, master = book
    before, crm = rows(desk), desk.book.worksheet("_crm")
    edit(link, list(before)[:1])
    meddle(desk, link, sort(master, 2, "des"))
    die_when_sent(desk, link)
    on_their_way: list[Sequence[Mapping[str, Any]]] = []

    def lose(_: Sheets, requests: Sequence[Mapping[str, Any]], *__: object) -> NoReturn:
        on_their_way.append(requests)
        raise AnswerLost("Google answered 503 to a write")

    monkeypatch.setattr(flush, "batch", lose)
    with pytest.raises(AnswerLost):
        desk.cycle(link)
    if typed:
        number = crm.acell("B1", value_render_option="UNFORMATTED_VALUE").value  # type: ignore[arg-type]
        crm.update_acell("B1", int(number) + 1)  # type: ignore[arg-type]
    sort(master, 2, "asc")()
    with pytest.raises(AnswerLost):
        desk.cycle(link)
    monkeypatch.undo()
    sort(master, 5, "des")()
    came = 0
    for requests in on_their_way:
        with contextlib.suppress(SheetsProblem):
            batch(link.sheets, requests, (), "spreadsheetId")
            came += 1
    assert (len(on_their_way), came) == (2, 1)
    for _ in range(3):
        desk.cycle(link)
    assert rows(desk) == {**before, next(iter(before)): ("Token0", before[next(iter(before))][1])}
    assert desk.cycle(link).writes == 0
