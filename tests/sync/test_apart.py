"""Two leads that a person has told apart: kept in the sheet, so that a new database does not ask again."""

from __future__ import annotations

from core.near import pair_key
from store import issues, kept
from tests.sync.conftest import HEADER, Desk


def test_an_answer_outlives_the_database_and_nothing_is_asked_again(desk: Desk) -> None:
    tab = desk.add_tab(
        "Form", [HEADER, ("Rajesh Sharma", "9815512345", "", ""), ("Farah Qureshi", "9815512345", "", "")]
    )
    link = desk.link()
    desk.cycle(link)
    with link.engine.begin() as conn:
        [asked] = issues.page(conn, 10).items
        assert len(asked.issue.pair) == 2
        issues.settle_pair(conn, asked.issue.pair)
        kept.put(conn, "apart", {pair_key(asked.issue.pair): '"Neha"'})
    desk.cycle(link)

    fresh = desk.link("fresh")
    desk.cycle(fresh)
    with fresh.engine.begin() as conn:
        assert list(kept.of_keys(conn, "apart", [pair_key(asked.issue.pair)])) == [pair_key(asked.issue.pair)]
    tab.append_row(["Farah Qureshi", "9815512345", "", "Pune"], value_input_option="RAW")
    desk.cycle(fresh)
    desk.cycle(fresh)
    with fresh.engine.begin() as conn:
        assert issues.count(conn) == 0
    assert len(desk.column("lead_id")) == 2
