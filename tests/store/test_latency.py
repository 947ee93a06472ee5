"""How long edits take, remembered and summed up."""

from __future__ import annotations

from sqlalchemy import Engine

from store import latency
from store.latency import REMEMBERED, Latency


def test_the_last_measurements_are_summed_up(engine: Engine) -> None:
    with engine.begin() as conn:
        assert latency.of(conn, "to_sheet") is None
        latency.add(conn, "to_sheet", [0.1] * 90 + [2.0] * 10)
        latency.add(conn, "to_app", [10.0])
        assert latency.of(conn, "to_sheet") == Latency(0.1, 2.0, 100)
        assert latency.of(conn, "to_app") == Latency(10.0, 10.0, 1)
        latency.add(conn, "to_sheet", [0.5] * REMEMBERED)
        assert latency.of(conn, "to_sheet") == Latency(0.5, 0.5, REMEMBERED)


def test_a_clock_that_went_backwards_measures_nothing(engine: Engine) -> None:
    with engine.begin() as conn:
        latency.add(conn, "to_sheet", [-3.0, 86_400.0])
        assert latency.of(conn, "to_sheet") is None
