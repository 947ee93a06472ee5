"""Thousands of leads changed by one request: through the app, flush by flush, into the sheet; and back by one undo.

Two and a half thousand here; `BULK_LEADS=10000` for all that one bulk change takes, some minutes on a small machine.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest

from app.acting import Doer
from app.factory import create_app
from app.together import Together, act_on_all, take_back_all
from core.commands import SetFields
from store import groups, outbox
from store.search import LeadQuery
from sync.link import Link
from sync.outgoing import drain_now
from tests.app.conftest import settings
from tests.sync.conftest import HEADER, NOW, Desk, person

LEADS = int(os.environ.get("BULK_LEADS", "1500"))
UNDER = 2_000_000  # bytes of a request


def written(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The sizes of the batches that are sent from here on."""
    sizes: list[int] = []
    send: Callable[..., Any] = desk.http.session.request

    def counted(method: str, url: str, *args: Any, **more: Any) -> Any:
        answer = send(method, url, *args, **more)
        if url.endswith(":batchUpdate"):
            sizes.append(len(answer.request.body))
        return answer

    monkeypatch.setattr(desk.http.session, "request", counted)
    return sizes


def drained(desk: Desk, link: Link) -> None:
    """As the worker does it between two cycles; then the poll that sees it all."""
    while drain_now(link, NOW):
        pass
    desk.cycle(link)
    with link.engine.connect() as conn:
        assert outbox.pending_count(conn) == 0


@pytest.mark.slow
def test_thousands_of_leads_go_to_the_sheet_and_come_back(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    link = desk.link()
    desk.add_tab("Form", [HEADER, person(0)])
    desk.cycle(link)  # sets the spreadsheet up
    master = desk.book.worksheet("Master")
    header = master.row_values(1)
    made_up = {"lead_id": "LBULK{:05}", "full_name": "Asha {}", "city": "Town {}", "notes": "न" * 40}
    filled = [[made_up.get(name, "").format(n) for name in header] for n in range(1, LEADS)]
    master.append_rows(filled, value_input_option="RAW")  # type: ignore[arg-type]
    desk.cycle(link)
    before = desk.column("city")
    assert len(before) == LEADS
    app = create_app(settings(), link.engine)
    sizes = written(desk, monkeypatch)
    with app.app_context():
        made = act_on_all(LeadQuery(), lambda _: SetFields({"city": "Agra"}), "City: Agra", Doer("Neha", "r"))
    assert isinstance(made, Together)
    assert made.group.size == LEADS
    drained(desk, link)
    assert set(desk.column("city")) == {"Agra"}
    assert len(sizes) >= LEADS // 500
    assert max(sizes) < UNDER
    with app.app_context():
        back = take_back_all(made.group.group_id, Doer("Neha", "u"))
    assert isinstance(back, Together)
    assert back.group.size == LEADS
    drained(desk, link)
    assert desk.column("city") == before
    assert max(sizes) < UNDER
    with link.engine.connect() as conn:
        assert groups.progress(conn, back.group).settled
