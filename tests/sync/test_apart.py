"""Questions about leads and cells: answers are kept in the sheet, and what is still to check comes back too."""

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


def test_doubts_about_cells_come_back_to_a_new_database(desk: Desk) -> None:
    desk.add_tab("Form", [HEADER, ("Asha Rao", "9815512345", "asha@gmial.com", ""), ("Ravi", "98155", "", "")])
    found = []
    for name in ("a", "b"):
        link = desk.link(name)
        for _ in range(2):
            desk.cycle(link)
        with link.engine.begin() as conn:
            found.append({(one.fingerprint, one.issue) for one in issues.page(conn, 10).items})
    assert len(found[0]) == 2
    assert found[0] == found[1]
