"""A book of made-up leads with everything that a sheet can wear: drop-downs, ticks, colours by rule, locks, notes."""

from __future__ import annotations

from typing import Any

from tests.browser_sheets.sheet import Book

Json = dict[str, Any]
HEADS = ["lead_id", "Name", "Phone", "City", "Status", "Follow-up", "Fee", "Called", "Notes"]
STATUSES = ["New Lead", "Interested", "Visit booked", "Member", "Lost"]
NAMES = [
    "Asha Rao",
    "Vikram Shah",
    "Farah Khan",
    "Meera Iyer",
    "Arjun Nair",
    "Shalini Gupta",
    "Dev Patel",
    "Leela Menon",
]
CITIES = ["Pune", "Mumbai", "Nagpur", "Nashik"]
BOLD = {"textFormat": {"bold": True}}
WIDTHS = [70, 150, 130, 90, 120, 100, 90, 70, 260]


def rgb(text: str) -> Json:
    red, green, blue = (int(text[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return {"red": red, "green": green, "blue": blue}


def lead(i: int) -> list[Any]:
    day = f"{2026 if i % 6 == 1 else 2028}-{i % 12 + 1:02}-{i % 27 + 1:02}"
    note = ["Asked for weekend hours", "", "Two children, 4 and 7", "Prefers e-mail"][i % 4]
    phone = f"'(981) 555-{100 + i % 100:04}"
    return [
        f"L{i:05}",
        NAMES[i % 8],
        phone,
        CITIES[i % 4],
        STATUSES[i * 7 % 5],
        day,
        500 + i % 7 * 125,
        i % 3 == 0,
        note,
    ]


def cells(column: int, first: int = 1, last: int = 200, width: int = 1) -> Json:
    return {
        "sheetId": 0, "startRowIndex": first, "endRowIndex": last, "startColumnIndex": column,
        "endColumnIndex": column + width,
    }  # fmt: skip


def rule(column: int, kind: str, value: Json, ground: str) -> Json:
    condition = {"type": kind, "values": [value]}
    made = {
        "ranges": [cells(column)],
        "booleanRule": {"condition": condition, "format": {"backgroundColor": rgb(ground)}},
    }
    return {"addConditionalFormatRule": {"rule": made, "index": 0}}


def looks(column: int, fields: str, cell: Json, last: int = 200) -> Json:
    return {
        "repeatCell": {
            "range": cells(column, 1, last),
            "cell": {"userEnteredFormat": cell},
            "fields": f"userEnteredFormat.{fields}",
        }
    }


def frozen(rows: int, columns: int) -> Json:
    counts = {"frozenRowCount": rows, "frozenColumnCount": columns}
    fields = "gridProperties(frozenRowCount,frozenColumnCount)"
    return {"updateSheetProperties": {"properties": {"sheetId": 0, "gridProperties": counts}, "fields": fields}}


def sized(column: int, width: int) -> Json:
    place = {"sheetId": 0, "dimension": "COLUMNS", "startIndex": column, "endIndex": column + 1}
    properties = {"pixelSize": width}
    return {"updateDimensionProperties": {"range": place, "properties": properties, "fields": "pixelSize"}}


def dress(book: Book, rows: int = 60) -> None:
    """Fills the first sheet and adds two more, one of them hidden."""
    book.write(f"Leads!A1:I{rows + 1}", [HEADS, *map(lead, range(1, rows + 1))])
    listed = {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": one} for one in STATUSES]}
    note = {"range": cells(1, 2, 3), "rows": [{"values": [{"note": "Met at the book fair"}]}], "fields": "note"}
    book.batch(
        frozen(1, 2),
        {
            "repeatCell": {
                "range": cells(0, 0, 1, 12),
                "cell": {"userEnteredFormat": BOLD},
                "fields": "userEnteredFormat",
            }
        },
        {"setDataValidation": {"range": cells(4), "rule": {"condition": listed, "strict": True, "showCustomUi": True}}},
        {"setDataValidation": {"range": cells(7), "rule": {"condition": {"type": "BOOLEAN"}, "strict": True}}},
        looks(5, "numberFormat", {"numberFormat": {"type": "DATE", "pattern": "dd-mm-yyyy"}}),
        looks(6, "numberFormat", {"numberFormat": {"type": "CURRENCY", "pattern": "[$₹]#,##0.00"}}),
        rule(4, "TEXT_EQ", {"userEnteredValue": "Member"}, "#d9ead3"),
        rule(4, "TEXT_EQ", {"userEnteredValue": "Interested"}, "#fce5cd"),
        rule(5, "DATE_BEFORE", {"relativeDate": "TODAY"}, "#f4cccc"),
        rule(6, "NUMBER_GREATER", {"userEnteredValue": "1100"}, "#cfe2f3"),
        {"addProtectedRange": {"protectedRange": {"range": cells(0, 0), "description": "ids"}}},
        {"addProtectedRange": {"protectedRange": {"range": cells(2, 0), "warningOnly": True}}},
        {"updateCells": note},
        *(sized(i, width) for i, width in enumerate(WIDTHS)),
        {"addSheet": {"properties": {"sheetId": 7, "title": "Activity"}}},
        {"addSheet": {"properties": {"sheetId": 8, "title": "_crm", "hidden": True}}},
    )
