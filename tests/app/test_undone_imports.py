"""An import is undone as one; a lead stays where somebody has gone on with it."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import Engine

from app.acting import Doer
from app.together import Together, take_back_all
from core.field_checks import Refusal
from core.ids import change_id, group_id
from core.model import Change, ChangeKind, ChangeState
from store import activity, mirror, outbox, refused
from store.activity import ActivityEntry
from tests.app.book import NOW, lead, put


def test_an_import_is_undone_from_what_activity_tells(app: Flask, engine: Engine) -> None:
    group = group_id("an import")

    def line(number: int, field: str, old: object, new: object) -> ActivityEntry:
        change = change_id(str(number), group)
        return ActivityEntry(NOW, change, f"LTEST{number:05}", "sync", field, old, new, "new · Form, row 2")  # type: ignore[arg-type]

    with engine.begin() as conn:
        put(conn, [lead(n, city="Agra") for n in range(4)])
        activity.append(conn, [line(n, "lead", None, "somebody") for n in range(3)])
        activity.append(conn, [line(3, "city", "Delhi", "Agra")])
        activity.append(conn, [ActivityEntry(NOW, "C9", "LTEST00001", "sheet", "city", "Pune", "Agra")])
    with app.app_context():
        made = take_back_all(group, Doer("Neha"))
    assert isinstance(made, Together)
    assert list(made.examples.items()) == [("LTEST00001", "This lead was changed since it was added: undo that first.")]
    with engine.connect() as conn:
        assert [one.lead_id for one in mirror.leads(conn, [f"LTEST{n:05}" for n in range(4)])] == [
            "LTEST00001",
            "LTEST00003",
        ]
        changed = mirror.lead(conn, "LTEST00003")
        assert changed is not None
        assert changed.city == "Delhi"
    with app.app_context():
        assert isinstance(take_back_all("G0", Doer("Neha")), Refusal)
        again = take_back_all(made.group.group_id, Doer("Neha"))  # the undo is a group too
    assert isinstance(again, Together)
    with engine.connect() as conn:
        assert mirror.count(conn) == 4


@pytest.mark.parametrize("state", [ChangeState.PENDING, ChangeState.BLOCKED])
def test_a_lead_with_an_edit_that_the_sheet_has_not_stays_when_its_import_is_undone(
    app: Flask, engine: Engine, state: ChangeState
) -> None:
    group = group_id("an import")
    came = [
        ActivityEntry(NOW, change_id(str(n), group), f"LTEST{n:05}", "sync", "lead", None, "somebody") for n in (0, 1)
    ]
    edit = Change("C9", "LTEST00001", ChangeKind.UPDATE, {"notes": (None, "Comes on Saturday")}, "Neha", NOW)
    with engine.begin() as conn:
        put(conn, [lead(n) for n in range(2)])
        activity.append(conn, came)
        outbox.enqueue(conn, [edit])
        outbox.mark(conn, ["C9"], state)
    with app.app_context():
        made = take_back_all(group, Doer("Vikram"))
    assert isinstance(made, Together)
    assert dict(made.examples) == {"LTEST00001": "This lead was changed since it was added: undo that first."}
    with engine.connect() as conn:
        assert [one.lead_id for one in mirror.leads(conn, ["LTEST00000", "LTEST00001"])] == ["LTEST00001"]


def test_an_edit_that_somebody_has_dismissed_holds_up_no_undo_of_an_import(app: Flask, engine: Engine) -> None:
    """It can be undone by nobody: it was never in the sheet."""
    group = group_id("an import")
    edit = Change("C9", "LTEST00001", ChangeKind.UPDATE, {"notes": (None, "Comes on Saturday")}, "Neha", NOW)
    with engine.begin() as conn:
        put(conn, [lead(1)])
        activity.append(
            conn, [ActivityEntry(NOW, change_id("1", group), "LTEST00001", "sync", "lead", None, "somebody")]
        )
        outbox.enqueue(conn, [edit])
        outbox.mark(conn, ["C9"], ChangeState.BLOCKED)
        refused.dismiss(conn, ["C9"], "Neha")
    with app.app_context():
        made = take_back_all(group, Doer("Vikram"))
    assert isinstance(made, Together)
    assert dict(made.examples) == {}
