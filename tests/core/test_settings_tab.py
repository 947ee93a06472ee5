"""The Settings tab: written, read back, and each bad row named while the rest holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.config import StatusKind
from core.model import Cell
from core.settings_tab import SETTINGS_HEADER, read_settings, settings_rows
from tests.core.shipped import CONFIG

Rows = tuple[tuple[Cell, ...], ...]


def changed(setting: str, name: str, /, **cells: Cell) -> Rows:
    """The shipped rows with cells of one row changed."""
    places = {str(title): at for at, title in enumerate(SETTINGS_HEADER)}
    found = []
    for row in settings_rows(CONFIG):
        kept = list(row)
        if row[:2] == (setting, name):
            for title, cell in cells.items():
                kept[places[title]] = cell
        found.append(tuple(kept))
    return tuple(found)


def test_what_is_written_reads_as_it_was() -> None:
    config, issues = read_settings(settings_rows(CONFIG), CONFIG)
    assert (config, issues) == (CONFIG, ())


def test_a_renamed_status_keeps_its_id() -> None:
    config, issues = read_settings(changed("status", "member", value="Library member", days=31.0), CONFIG)
    assert not issues
    member = next(one for one in config.statuses if one.status_id == "member")
    assert (member.label, member.follow_up_days) == ("Library member", 31)


def test_a_new_status_without_an_id_gets_one() -> None:
    rows = (*settings_rows(CONFIG), ("status", "", "Visit booked soon", "open", 1, "visit soon, coming"))
    config, issues = read_settings(rows, CONFIG)
    assert not issues
    assert config.statuses[-1].status_id == "visit_booked_soon"
    assert config.statuses[-1].synonyms == ("visit soon", "coming")
    assert config.statuses[-1].kind is StatusKind.OPEN


@pytest.mark.parametrize("name", ["member", "Member", "library member"])
def test_points_name_a_status_by_its_id_or_label(name: str) -> None:
    rows = [row for row in changed("status", "member", value="Library member") if row[0] != "status points"]
    config, issues = read_settings((*rows, ("status points", name, 7, "", "", "")), CONFIG)
    assert not issues
    assert config.scoring.status_points == {"member": 7}


@pytest.mark.parametrize(
    ("setting", "name", "cells", "named"),
    [
        ("status", "member", {"kind": "winning"}, "open, won or lost"),
        ("status", "member", {"days": "soon"}, "whole number"),
        ("status", "member", {"days": -1}, "between 0"),
        ("status", "member", {"value": ""}, "label"),
        ("status", "member", {"value": "new lead"}, "stands twice"),
        ("scoring", "base", {"value": "much"}, "whole number"),
        ("scoring", "base", {"value": 20.5}, "whole number"),
        ("source points", "Referral", {"value": "x"}, "whole number"),
        ("option", "clean_typed_cells", {"value": "perhaps"}, "TRUE or FALSE"),
        ("option", "unanswered_limit", {"value": "0"}, "between 1 and 50"),
        ("option", "unanswered_limit", {"value": "five"}, "whole number"),
        ("message", "whatsapp_first", {"value": "Hello {nam}"}, "{nam} is nothing"),
        ("column", "email", {"name": "e-post"}, "no field"),
        ("priority", "Medium", {"name": "", "value": ""}, "needs a name"),
        ("priority", "Medium", {"value": "high"}, "stands twice"),
        ("scoring", "base", {"setting": "scorring"}, "not a setting"),
        ("scoring", "urgent_from", {"value": 10}, "must rise"),
    ],
)
def test_a_bad_row_is_named_and_the_last_good_one_holds(
    setting: str, name: str, cells: dict[str, Cell], named: str
) -> None:
    config, issues = read_settings(changed(setting, name, **cells), CONFIG)
    assert len(issues) == 1
    assert named in issues[0].reason
    assert {one.status_id: one for one in config.statuses} == {one.status_id: one for one in CONFIG.statuses}
    assert config.scoring == CONFIG.scoring
    assert config.priorities == CONFIG.priorities
    assert config.clean_typed_cells == CONFIG.clean_typed_cells


def test_priorities_may_be_renamed_and_be_fewer() -> None:
    rows = tuple(row for row in changed("priority", "High", value="Hot") if row[:2] != ("priority", "Medium"))
    config, issues = read_settings(rows, CONFIG)
    assert (config.priorities, issues) == (("Low", "Hot", "Urgent"), ())


def test_no_open_status_would_leave_new_leads_without_one() -> None:
    rows = (SETTINGS_HEADER, ("status", "member", "Member", "won", 30, ""))
    config, issues = read_settings(rows, CONFIG)
    assert config.statuses == CONFIG.statuses
    assert len(issues) == 1


def test_a_tab_without_rows_or_header_changes_nothing() -> None:
    assert read_settings((), CONFIG) == (CONFIG, ())
    config, issues = read_settings((("a", "b"), ("status", "x")), CONFIG)
    assert config == CONFIG
    assert len(issues) == 1


def test_synonyms_and_words_are_replaced_part_by_part() -> None:
    rows = (
        SETTINGS_HEADER,
        ("source", "Radio", "", "", "", "fm, wireless"),
        ("local city", "Pune", "", "", "", ""),
        ("skipped tab", "Old", "", "", "", ""),
    )
    config, issues = read_settings(rows, CONFIG)
    assert not issues
    assert dict(config.source_synonyms) == {"radio": "Radio", "fm": "Radio", "wireless": "Radio"}
    assert (config.local_cities, config.skipped_tabs) == (("Pune",), ("Old",))
    assert config.column_synonyms == CONFIG.column_synonyms


def test_columns_may_be_moved() -> None:
    order = [5, 3, 0, 2, 1, 4]
    rows = tuple(tuple(row[at] for at in order) for row in settings_rows(CONFIG))
    assert read_settings(rows, CONFIG) == (CONFIG, ())


@given(
    st.lists(
        st.lists(
            st.one_of(
                st.text(max_size=9),
                st.integers(),
                st.floats(),
                st.booleans(),
                st.none(),
                st.sampled_from(["status", "scoring", "option", "column"]),
            ),
            max_size=8,
        ),
        max_size=8,
    )
)
def test_any_rows_leave_a_configuration_that_works(rows: list[list[Cell]]) -> None:
    config, _ = read_settings([SETTINGS_HEADER, *rows], CONFIG)
    assert any(one.kind is StatusKind.OPEN for one in config.statuses)
    assert config.scoring.medium_from <= config.scoring.high_from <= config.scoring.urgent_from
