"""Search as one types, beside pandas over the same texts in memory: part of the web's bench."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from sqlalchemy import Engine

from benchmarks.rows import BenchRow
from core.model import Lead
from store import search
from store.database import database_url, open_database, reading
from store.search import LeadQuery
from store.texts import haystack

_ROUNDS = 5
_TYPED = (
    *("9", "07", "0791", "007919", "as", "ash", "asha", "o'b", "o'brien", "zoe", "अनु", "reader12", "city 1"),
    *("siblings", "sharma story", "rao brochure", "zzzz", "meera 919"),
)


def searches(folder: Path, leads: Iterable[Lead]) -> list[BenchRow]:
    """Each fragment that is typed: our page of 50 with its count beside pandas over the same texts; first the two must
    find the same leads, all of them."""
    import pandas as pd

    engine = open_database(database_url(None, folder))
    texts = {lead.lead_id: (haystack(lead).split("\n") + [""] * 7)[:7] for lead in leads}  # name, child, e-mail, …
    frame = pd.DataFrame(list(texts.values()), index=list(texts))
    ratios, mine, theirs = [], [], []
    for typed in _TYPED:
        with reading(engine) as conn:
            started = time.perf_counter()
            found = _pandas(frame, typed)
            peer = time.perf_counter() - started
            _same(set(search.ids(conn, LeadQuery(q=typed))), found, typed)
        ours = statistics.median(_seconds(lambda q=typed: _page(engine, q)) for _ in range(_ROUNDS))  # type: ignore[misc]
        mine.append(ours * 1e3)
        theirs.append(peer * 1e3)
        ratios.append(peer / ours)
    engine.dispose()
    slowest = min(range(len(ratios)), key=lambda at: ratios[at])
    return [
        BenchRow(
            f"search as one types, median of {len(_TYPED)}",
            statistics.median(mine),
            statistics.median(theirs),
            statistics.median(ratios),
            100.0,
            "ms; peer: pandas str.contains, every result the same",
        ),
        BenchRow(
            f"the same, slowest of all (“{_TYPED[slowest]}”)",
            mine[slowest],
            theirs[slowest],
            ratios[slowest],
            0.0,
            "ms; as above",
        ),
    ]


def _page(engine: Engine, typed: str) -> search.LeadPage:
    with reading(engine) as conn:
        return search.page(conn, LeadQuery(q=typed), 50, exact=False)


def _pandas(frame: object, typed: str) -> set[str]:
    """As such apps search: `str.contains` over each column, case aside, any of them, for every word."""
    import pandas as pd

    assert isinstance(frame, pd.DataFrame)
    found = pd.Series(True, index=frame.index)  # all of them, to begin with
    for word in typed.split():
        in_any = pd.Series(False, index=frame.index)
        for name in frame.columns:
            in_any |= frame[name].str.contains(word, case=False, regex=False)
        found &= in_any
    return set(frame.index[found])


def _same(ours: set[str], peer: set[str], typed: str) -> None:
    if ours != peer:
        raise AssertionError(f"{typed}: {len(ours)} and {len(peer)} leads found; {sorted(ours ^ peer)[:5]}")


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
