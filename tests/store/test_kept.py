"""What `_crm` keeps is learnt where it is newer than what this database has told there."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, Engine

from store import kept


def standing(conn: Connection) -> dict[str, str]:
    return kept.of_keys(conn, "deleted", ["L1"])


@pytest.mark.parametrize("ours", ["", "as it was"])
def test_what_was_told_is_older_than_what_crm_says_by_now(engine: Engine, ours: str) -> None:
    with engine.begin() as conn:
        kept.learn(conn, [("deleted", "L1", ours)])
        kept.learn(conn, [("deleted", "L1", "as it is")])
        assert standing(conn) == {"L1": "as it is"}
        assert kept.untold(conn, 5) == []


def test_what_is_not_told_yet_is_newer(engine: Engine) -> None:
    with engine.begin() as conn:
        kept.learn(conn, [("deleted", "L1", "as it was")])
        kept.drop(conn, "deleted", ["L1"])
        kept.learn(conn, [("deleted", "L1", "as it was")])
        assert standing(conn) == {}
        assert kept.untold(conn, 5) == [("deleted", "L1", "")]


def test_what_another_database_calls_a_thing_of_the_past_stands_here(engine: Engine) -> None:
    with engine.begin() as conn:
        kept.learn(conn, [("deleted", "L1", "as it was")])
        kept.learn(conn, [("deleted", "L1", "")])
        assert standing(conn) == {"L1": "as it was"}
