"""Tabs as last read, and a person's answer about them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import Engine

from store import tabs
from store.tabs import TabState

ASK = TabState(0, "Liste \x00 ", "ask", ("Name", None, 5, "फ़ोन"), '{"shape": 1}', 9, "d", "no phone column")


def test_a_tab_comes_back_as_it_was_read(engine: Engine) -> None:
    with engine.begin() as conn:
        kept = tabs.put_tab(conn, ASK)
        tabs.put_tab(conn, replace(ASK, sheet_id=5, role="master"))
        assert kept == ASK
        assert tabs.tab(conn, 0) == replace(ASK, title="Liste  ")
        assert [tab.sheet_id for tab in tabs.all_tabs(conn)] == [0, 5]
        tabs.remove_tab(conn, 0)
        assert (tabs.tab(conn, 0), len(tabs.all_tabs(conn))) == (None, 1)


def test_an_answer_outlives_what_the_tab_looks_like_later(engine: Engine) -> None:
    with engine.begin() as conn:
        tabs.put_tab(conn, ASK)
        assert tabs.decide_role(conn, 0, "source")
        assert tabs.put_tab(conn, ASK).role == "source"
        assert tabs.put_tab(conn, replace(ASK, role="skip", why="formulas")).role == "source"
        assert tabs.put_tab(conn, replace(ASK, role="master")).role == "master"  # but never over one of our own
        assert not tabs.decide_role(conn, 0, "skip")
        assert tabs.put_tab(conn, ASK).role == "source"
        assert tabs.decide_role(conn, 0, "ask")
        assert tabs.put_tab(conn, replace(ASK, role="skip")).role == "skip"


def test_only_answers_that_a_person_can_give(engine: Engine) -> None:
    with engine.begin() as conn:
        assert not tabs.decide_role(conn, 404, "source")
        with pytest.raises(ValueError, match="master"):
            tabs.decide_role(conn, 0, "master")
        with pytest.raises(ValueError, match="boss"):
            tabs.decide_role(conn, 0, "boss")  # type: ignore[arg-type]
