"""Settings gains or renames a status: Master's drop-downs and colours follow, and what people made there stays."""

from __future__ import annotations

from typing import Any

from sync.link import Link
from tests.sync.conftest import HEADER, Desk, person


def master_of(desk: Desk) -> dict[str, Any]:
    found = desk.http.request(
        "get",
        f"https://sheets.googleapis.com/v4/spreadsheets/{desk.book.id}",
        params={
            "ranges": "Master!A1:AE2",
            "fields": "sheets(properties,conditionalFormats,data.rowData.values(dataValidation,userEnteredValue))",
        },
    ).json()
    return dict(found["sheets"][0])


def offered(desk: Desk, name: str) -> list[str]:
    rows = master_of(desk)["data"][0]["rowData"]
    column = next(n for n, cell in enumerate(rows[0]["values"]) if cell["userEnteredValue"]["stringValue"] == name)
    rule = rows[1]["values"][column].get("dataValidation", {}).get("condition", {})
    return [value["userEnteredValue"] for value in rule.get("values", ())]


def coloured(desk: Desk) -> list[str]:
    rules = [rule["booleanRule"]["condition"] for rule in master_of(desk).get("conditionalFormats", ())]
    return [rule["values"][0].get("userEnteredValue", "") for rule in rules if rule["type"] == "TEXT_EQ"]


def begun(desk: Desk) -> Link:
    desk.add_tab("Form", [HEADER, person(1)])
    link = desk.link()
    desk.cycle(link)
    return link


def row_of(desk: Desk, word: str) -> int:
    return next(n for n, row in enumerate(desk.book.worksheet("Settings").get_all_values(), 1) if word in row)


def test_choices_and_colours_follow_settings_and_team(desk: Desk) -> None:
    link = begun(desk)
    assert (desk.cycle(link).reads, desk.cycle(link).writes) == (1, 0)
    settings, master = desk.book.worksheet("Settings"), desk.book.worksheet("Master")
    theirs = {
        "ranges": [{"sheetId": master.id, "startColumnIndex": 6, "endColumnIndex": 7}],
        "booleanRule": {
            "condition": {"type": "TEXT_EQ", "values": [{"userEnteredValue": "Their own"}]},
            "format": {"backgroundColor": {"red": 1.0}},
        },
    }
    desk.book.batch_update({"requests": [{"addConditionalFormatRule": {"rule": theirs, "index": 2}}]})
    settings.append_row(["status", "trial", "Trial week", "open", 4])
    settings.update_cell(row_of(desk, "Interested"), 3, "Keen")
    desk.book.worksheet("Team").append_row(["Neha Arora", "neha@example.org", "staff", True])
    desk.cycle(link)
    statuses = [row[2] for row in settings.get_all_values() if row[0] == "status"]
    assert "Trial week" in statuses
    assert "Keen" in statuses
    assert offered(desk, "status") == statuses
    assert "Neha Arora" in offered(desk, "assigned_to")
    assert sorted(coloured(desk)) == sorted([*statuses, "Their own"])
    assert desk.cycle(link).writes == 0


def test_they_follow_to_where_the_columns_stand(desk: Desk) -> None:
    link = begun(desk)
    master = desk.book.worksheet("Master")
    move = {"source": {"sheetId": master.id, "dimension": "COLUMNS", "startIndex": 6, "endIndex": 7}}
    desk.book.batch_update({"requests": [{"moveDimension": move | {"destinationIndex": 2}}]})
    desk.book.worksheet("Settings").append_row(["status", "trial", "Trial week", "open", 4])
    desk.cycle(link)
    assert "Trial week" in offered(desk, "status")
    assert coloured(desk).count("Trial week") == 1
    assert coloured(desk).count("New Lead") == 1


def test_a_status_column_that_is_gone_leaves_nothing_behind(desk: Desk) -> None:
    link = begun(desk)
    master = desk.book.worksheet("Master")
    master.update_acell("G1", "was the status")
    desk.book.worksheet("Settings").append_row(["status", "trial", "Trial week", "open", 4])
    desk.cycle(link)
    assert desk.cycle(link).writes == 0
    assert "Trial week" not in offered(desk, "was the status")
