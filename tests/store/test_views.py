"""Saved views and choices (`store.views`)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import Engine

from store import views
from store.views import View
from tests.store.leads import NOW

MINE = View("", "Warm", "U1", "status=Interested", False)


def test_views_are_kept_shared_and_dropped(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    with engine.begin() as conn:
        warm = views.keep(conn, MINE, NOW)
        assert warm
        again = views.keep(conn, replace(MINE, asked="status=Member", shared=True), NOW)
        assert again == replace(warm, asked="status=Member", shared=True)  # of the same name: in its place
        other = views.keep(conn, View("", "All\x00 mine", "U2", "", False), NOW)
        assert other
        assert other.name == "All mine"
        assert views.seen_by(conn, "U1") == [again]
        assert views.seen_by(conn, "U2") == [other, again]
        assert views.view(conn, warm.view_id) == again
        assert views.view(conn, "\x00") is None
        monkeypatch.setattr(views, "MOST", 1)
        assert views.keep(conn, replace(MINE, name="Second"), NOW) is None
        assert views.keep(conn, MINE, NOW)  # one that is there already is no further one
        views.drop(conn, warm.view_id)
        assert views.seen_by(conn, "U1") == []


def test_a_choice_is_a_persons_own(engine: Engine) -> None:
    with engine.begin() as conn:
        assert views.chosen(conn, "U1", "columns") == ""
        views.choose(conn, "U1", "columns", "phone")
        views.choose(conn, "U1", "columns", "phone,city")
        assert views.chosen(conn, "U1", "columns") == "phone,city"
        assert views.chosen(conn, "U2", "columns") == ""
