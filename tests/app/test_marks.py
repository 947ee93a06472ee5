from __future__ import annotations

from dataclasses import replace

from app.marks import priority_marks, status_marks
from core.config import Status, StatusKind
from store.config import default_config

CONFIG = default_config()


def test_the_nine_that_ship_are_told_apart() -> None:
    marks = status_marks(CONFIG)
    assert len(marks) == 9
    assert len({(mark.icon, mark.dots) for mark in marks.values()}) == 9
    assert [marks[f"Follow Up {n}"].dots for n in (1, 2, 3)] == [1, 2, 3]
    assert marks["Member"].tone == "member"
    assert marks["Re-engage Later"].icon == "s-later"


def test_a_renamed_status_keeps_its_mark() -> None:
    renamed = tuple(replace(s, label="Fresh") if s.status_id == "new" else s for s in CONFIG.statuses)
    assert status_marks(replace(CONFIG, statuses=renamed))["Fresh"].icon == "s-new"


def test_a_new_status_takes_the_mark_of_its_kind() -> None:
    added = replace(CONFIG, statuses=(*CONFIG.statuses, Status("moved", "Moved away", StatusKind.LOST, 90)))
    assert status_marks(added)["Moved away"].icon == "s-closed"


def test_priorities_rise() -> None:
    marks = priority_marks(CONFIG)
    assert [marks[p].icon for p in CONFIG.priorities] == ["flag-low", "flag-mid", "flag-high", "flag-top"]
    assert [marks[p].strong for p in CONFIG.priorities] == [False, False, True, True]


def test_one_priority_alone() -> None:
    assert list(priority_marks(replace(CONFIG, priorities=("Normal",)))) == ["Normal"]
