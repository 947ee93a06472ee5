"""Formulas among the calls of the API: computed on reading, following what they name, arrays that spill."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from localsheets.errors import ApiError
from tests.localsheets.engines import TYPED, Desk, box, new_desk

UNFORMATTED = "UNFORMATTED_VALUE"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    found = new_desk(tmp_path / "b.sqlite3")
    found.batch({"addSheet": {"properties": {"title": "It's 2", "sheetId": 5}}})
    found.put("Sheet1!A1", [["name", "n", "d"], ["b", 2, ""], ["a", "", 5], [], ["c", 3, 0]])
    return found


def typed(desk: Desk, where: str, *formulas: str) -> None:
    desk.put(where, [[formula] for formula in formulas], TYPED)


COPY = [["name", "n", "d"], ["b", 2], ["a", "", 5], [], ["c", 3, 0]]


SALES = [
    ["who", "what", "fee", "day"],
    ["a", "x", 1, 45000],
    ["a", "y", 2, 45400],
    ["b", "x", 4, 45001],
    ["a", "x", 8, 45002],
]


@pytest.mark.parametrize(
    ("query", "shows"),
    [
        ("select A, sum(C) group by A pivot B", [["who", "x", "y"], ["a", 9, 2], ["b", 4]]),
        ("select max(C), count(C) pivot A", [["a max fee", "a count fee", "b max fee", "b count fee"], [8, 3, 4, 1]]),
        ("select C*10-1, year(D), upper(A) where C+1 > 3 label C*10-1 't'",
         [["t", "year(day)", "upper(who)"], [39, 2023, "B"], [79, 2023, "A"]]),
        ("select month(D)+1, sum(C)/2 group by month(D)+1",
         [["sum(month(day)1())", "quotient(sum fee2())"], [3, 6.5], [4, 1]]),
        ("select C where (C - 2) * -1 > 0 or (B = 'x' and (C > 7 or C < 0))", [["fee"], [1], [8]]),
        ("select C/0 limit 1", [["quotient(fee0())"]]),
        ("select dateDiff(D, date '2023-03-15') order by C desc limit 2", [["dateDiff(day2023-03-15())"], [2], [1]]),
        ("select A group by A", [["#VALUE!"]]),
        ("select A, C*sum(C) group by A", [["#VALUE!"]]),
        ("select lower(A, B)", [["#VALUE!"]]),
        ("select sum(C) format sum(C) '0'", [["#VALUE!"]]),
    ],
)  # fmt: skip
def test_what_a_query_calculates(desk: Desk, query: str, shows: Any) -> None:
    desk.put("Sheet1!A1", SALES)
    typed(desk, "It's 2!A1", f'=QUERY(Sheet1!A1:D5,"{query}",1)')
    assert desk.values("It's 2!A1:D9", render=UNFORMATTED) == shows


@pytest.mark.parametrize(
    ("formula", "shows"),
    [
        ("=QUERY(Sheet1!A:C)", COPY),
        ('=query(Sheet1!A1:C, "select *", 1)', COPY),
        ("={Sheet1!A1:C}", COPY),
        ("=ARRAYFORMULA(Sheet1!A1:C5)", COPY),
        ('=QUERY(Sheet1!A:C,"select C,A where A is not null limit 1")', [["d", "name"], ["", "b"]]),
        ('=FILTER(Sheet1!A2:C,Sheet1!A2:A<>"")', [["b", 2], ["a", "", 5], ["c", 3, 0]]),
        ("=FILTER(Sheet1!A2:C;Sheet1!B2:B>2;Sheet1!C2:C=0)", [["c", 3, 0]]),
        ("=FILTER(Sheet1!A2:C,Sheet1!B2:B>100)", [["#N/A"]]),
        ("=SORT(Sheet1!A2:C,2,FALSE)", [["c", 3, 0], ["b", 2], ["a", "", 5]]),
        ("=UNIQUE({Sheet1!A1:A3;Sheet1!A1:A2})", [["name"], ["b"], ["a"]]),
        ("=UNIQUE(Sheet1!C1:C)", [["d"], [], [5], [0]]),
        ('=ARRAYFORMULA(IF(Sheet1!A2:A5="","",UPPER(Sheet1!A2:A5)))', [["B"], ["A"], [], ["C"]]),
        ("={1,2;3,4}", [[1, 2], [3, 4]]),
        ("=TRANSPOSE(Sheet1!A1:B1)", [["name"], ["n"]]),
        ('=IMPORTRANGE("x","A1:B")', [["#REF!"]]),
        ('=QUERY(Sheet1!A:C,"select sum(B)")', [["sum n"], [5]]),
        ('=QUERY(Sheet1!A:C,"select A pivot B")', [["#VALUE!"]]),
        ('=QUERY(Sheet1!A:C,"select A, B where B > 1 and A <> \'c\' order by B desc",1)', [["name", "n"], ["b", 2]]),
        ('=QUERY(Sheet1!A:C,"where "&"B"&" = 3")', [["name", "n", "d"], ["c", 3, 0]]),
        ('=QUERY({Sheet1!A2:C3;Sheet1!A2:C5},"select Col1, count(Col2) where Col1 is not null group by Col1 '
         'order by count(Col2) desc, Col1 label count(Col2) \'how many\'",0)',
         [["", "how many"], ["b", 2], ["c", 1], ["a", 0]]),
        ('=QUERY(Sheet1!A:C,"select A where A starts with \'c\' or not (B is null) limit 1 offset 1",1)',
         [["name"], ["c"]]),
        ('=SPLIT("98, a  b,7",", ")', [[98, "a", "b", 7]]),
        ('=SPLIT("a, b,,c",", ",FALSE)', [["a", "b,,c"]]),
        ('=ARRAYFORMULA(REGEXMATCH(Sheet1!A2:A3,"^b"))', [[True], [False]]),
        ('=REGEXREPLACE("+91 98765","[^0-9]","")', [["9198765"]]),
        ('=REGEXEXTRACT("Emma (8 years)","\\d+")', [["8"]]),
        ('=FILTER(Sheet1!A2:B,REGEXMATCH(Sheet1!A2:A,"[bc]"))', [["b", 2], ["c", 3]]),
        ('=JOIN("|",Sheet1!A2:A3)', [["b|a"]]),
        ("=COUNTUNIQUE(Sheet1!A1:A5)", [[4]]),
        ('=COUNTUNIQUEIFS(Sheet1!A2:A5,Sheet1!B2:B5,">1")', [[2]]),
        ('=COUNTUNIQUEIFS(Sheet1!A1:A5,Sheet1!A1:A5,"N*",Sheet1!B1:B5,Sheet1!B1)', [[1]]),
        ("=AVERAGE.WEIGHTED(Sheet1!B2:B5,{1;0;0;3})", [[2.75]]),
        ("=SORTN(Sheet1!A2:A3,1,0,1,TRUE)", [["a"]]),
        ("=SORTN(Sheet1!A2:A5,1,2)", [["#N/A"]]),
        ('=IF(ISDATE("2020-01-05"),ISDATE("soon"))', [[False]]),
        ('=REGEXEXTRACT("Emma (8 years)","(\\w+) \\((\\d+)")', [["Emma", "8"]]),
        ('=IF(ISEMAIL("asha@example.org"),ADD(1,MULTIPLY(2,3)))', [[7]]),
        ("=FLATTEN({1,2;3,4})", [[1], [2], [3], [4]]),
        ("=ARRAY_CONSTRAIN(Sheet1!A1:C5,2,1)", [["name"], ["b"]]),
        ('=HYPERLINK("https://example.org","go")', [["go"]]),
        ('=GOOGLEFINANCE("GOOG")', [["#N/A"]]),
        ("=SPARKLINE(Sheet1!B2:B5)", None),
        ('=XLOOKUP("c",Sheet1!A:A,Sheet1!B:B)', [[3]]),
        ('=TEXT(45000,"dd-mm-yyyy")&TEXTJOIN(",",TRUE,Sheet1!A2:A4)', [["15-03-2023b,a"]]),
        ("=Sheet1!A1:C9", [["#VALUE!"]]),
        ("=Sheet1!B4", None),
        ("=COUNTA(Sheet1!A2:A)", [[3]]),
        ("=SUM(sheet1!b:b", [[5]]),
        ('=INDIRECT("Sheet1!A2")', [["b"]]),
        ("=ROW()+COLUMN()", [[2]]),
        ('=VLOOKUP("a",Sheet1!A:C,3,FALSE)', [[5]]),
        ('=IFERROR(1/0;"none")', [["none"]]),
        ("=COUNTIFS(Sheet1!A2:A,\"c\",Sheet1!B2:B,\">2\")", [[1]]),
        ("=ROUND(2.5)+ROUNDUP(2.1)*10+ROUNDDOWN(2.9)*100+ROUND(0.04,1)", [[233]]),
        ("=CEILING(2.1)+FLOOR(2.9)*10", [[23]]),
        ('="x"&IFERROR(1/0)', [["x"]]),
        ("=UPLUS(3)+UNARY_PERCENT(50)", [[3.5]]),
        ("=ARRAYFORMULA(ISBETWEEN({1,2,3},1,3))", [[True, True, True]]),
        ("=ARRAYFORMULA(ISBETWEEN({1,2,3},1,3,FALSE,FALSE))", [[False, True, False]]),
        ("=EPOCHTODATE(86400)+EPOCHTODATE(86400000,2)", [[51140]]),
    ],
)  # fmt: skip
def test_what_a_formula_shows(desk: Desk, formula: str, shows: Any) -> None:
    typed(desk, "'It''s 2'!A1", formula)
    assert desk.values("It's 2!A1:D9", render=UNFORMATTED) == shows
    assert desk.values("It's 2!A1", render="FORMULA") == [[formula]]


def test_something_in_the_way_of_an_array_makes_it_an_error_until_it_goes(desk: Desk) -> None:
    typed(desk, "It's 2!A1", "=QUERY(Sheet1!A:C)")
    desk.put("It's 2!B3", [["typed"]])
    assert desk.values("It's 2!A1:C9") == [["#REF!"], [], ["", "typed"]]
    desk.put("It's 2!B3", [[""]])
    assert desk.values("It's 2!A1:C9", render=UNFORMATTED) == COPY
    typed(desk, "It's 2!F1", "=SORT(FILTER(Sheet1!A2:A5,Sheet1!B2:B5>0))")
    desk.put("It's 2!F2", [["typed"]])
    assert desk.values("It's 2!F1:F2") == [["#REF!"], ["typed"]]


def test_spilled_cells_are_seen_by_formulas_by_grid_data_and_by_pastes(desk: Desk) -> None:
    typed(desk, "It's 2!A1", "=QUERY(Sheet1!A:C)")
    typed(desk, "It's 2!F1", "=COUNTA(A1:C)", "=SUM('It''s 2'!B:B)")
    typed(desk, "Sheet1!H1", "={'It''s 2'!A1:B2}")
    assert desk.values("It's 2!F1:F2") == [["10"], ["5"]]
    assert desk.values("Sheet1!H1:I2") == [["name", "n"], ["b", "2"]]
    cells = desk.get("sheets.data.rowData.values(userEnteredValue,effectiveValue)", "It's 2!B2")["sheets"][0]["data"]
    assert cells == [{"rowData": [{"values": [{"effectiveValue": {"numberValue": 2}}]}]}]
    desk.batch({"copyPaste": {"source": box(0, 2, 0, 3, 5), "destination": box(10, 12, 0, 3, 5),
                              "pasteType": "PASTE_VALUES"}})  # fmt: skip
    assert desk.values("It's 2!A11:C12", render="FORMULA") == [["name", "n", "d"], ["b", 2]]


def test_references_follow_also_open_ones(desk: Desk) -> None:
    typed(
        desk,
        "It's 2!A1",
        "=SUM(Sheet1!B2:B)",
        "=COUNTA(Sheet1!A:A)",
        "=Sheet1!$B$5",
        "=SUM(Sheet1!2:2)",
        "=SUM(Sheet1!B4:5)",
    )
    desk.batch({"insertDimension": {"range": {"dimension": "ROWS", "startIndex": 1, "endIndex": 3}}})
    desk.batch({"insertDimension": {"range": {"dimension": "COLUMNS", "startIndex": 0, "endIndex": 1}}})
    assert desk.values("It's 2!A1:A5", render="FORMULA") == [
        ["=SUM(Sheet1!C4:C)"], ["=COUNTA(Sheet1!B:B)"], ["=Sheet1!$C$7"], ["=SUM(Sheet1!4:4)"], ["=SUM(Sheet1!C6:7)"]
    ]  # fmt: skip
    desk.batch({"deleteDimension": {"range": {"dimension": "COLUMNS", "startIndex": 2, "endIndex": 3}}})
    assert desk.values("It's 2!A1:A2", render="FORMULA") == [["=SUM(#REF!)"], ["=COUNTA(Sheet1!B:B)"]]
    desk.batch({"updateSheetProperties": {"properties": {"title": "New one"}, "fields": "title"}})
    assert desk.values("It's 2!A2", render="FORMULA") == [["=COUNTA('New one'!B:B)"]]


def test_a_plain_write_computes_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    typed(desk, "It's 2!A1", "=QUERY(Sheet1!A:C)", "")
    typed(desk, "Sheet1!E1", "=SUM(B:B)")

    def never(*_: Any) -> None:
        raise AssertionError("computed")

    monkeypatch.setattr(desk.engine, "evaluate", never)
    desk.put("Sheet1!B2", [[7]])
    desk.append("Sheet1!A1", [["x", 1]], insertDataOption="INSERT_ROWS")
    desk.batch({"appendCells": {"sheetId": 0, "rows": [{"values": [{}]}], "fields": "userEnteredValue"}})
    assert desk.values("Sheet1!A1:B2") == [["name", "n"], ["b", "7"]]
    assert desk.values("Sheet1!E1", render="FORMULA") == [["=SUM(B:B)"]]
    monkeypatch.undo()
    assert desk.values("Sheet1!E1") == [["11"]]


def test_values_in_an_answer_are_those_after_the_write(desk: Desk) -> None:
    typed(desk, "Sheet1!B7", "=B2*2")
    assert desk.values("Sheet1!B7") == [["4"]]
    answer = desk.put("Sheet1!B2:B7", [[10], [], [], [], [], [None]], {"valueInputOption": "RAW",
                                                                      "includeValuesInResponse": "true"})  # fmt: skip
    assert answer["updatedData"]["values"][5] == ["20"]
    two = desk.batch(
        {"updateCells": {"start": {"rowIndex": 1, "columnIndex": 1}, "fields": "userEnteredValue",
                         "rows": [{"values": [{"userEnteredValue": {"numberValue": 6}}]}]}},
        {"copyPaste": {"source": box(6, 7, 1, 2), "destination": box(7, 8, 1, 2), "pasteType": "PASTE_VALUES"}},
    )  # fmt: skip
    assert len(two["replies"]) == 2
    assert desk.values("Sheet1!B7:B8") == [["12"], ["12"]]


def test_today_follows_the_clock_that_the_server_is_given(desk: Desk) -> None:
    moment = 1_700_000_000.0
    desk.engine.now = lambda: moment
    typed(desk, "Sheet1!F1", "=NOW()-NOW()", "=A1")
    assert desk.values("Sheet1!F1:F2") == [["0"], ["name"]]
    typed(desk, "Sheet1!F1", "=TODAY()")
    assert desk.values("Sheet1!F1", render=UNFORMATTED) == [[45244]]
    moment += 86_400
    assert desk.values("Sheet1!F1", render=UNFORMATTED) == [[45245]]


def test_long_chains_and_circles_end(desk: Desk) -> None:
    count = 5_000
    desk.put("Sheet1!A1", [[f"=A{i + 2}+1"] for i in range(count)] + [["=A1"]], TYPED)
    assert desk.values("Sheet1!A1") == [["#REF!"]]
    desk.put(f"Sheet1!A{count + 1}", [[1]])
    assert desk.values("Sheet1!A1") == [[str(count + 1)]]


def test_names_of_ranges_stand_for_them(desk: Desk) -> None:
    desk.batch({"addNamedRange": {"namedRange": {"name": "numbers", "range": box(1, 5, 1, 2)}}})
    typed(desk, "It's 2!A1", "=SUM(Numbers)", "=numbers_2")
    assert desk.values("It's 2!A1:A2") == [["5"], ["#NAME?"]]


HOSTILE = [
    "=" + "1+" * 20_000 + "1", "=" + "{" * 200, '="' + '""' * 9_000, "=SUM(" + "A1:ZZ9999," * 500 + "1)",
    "=A1:XFD1048576", "=LAMBDA(f,f(f))(LAMBDA(f,f(f)))", "=LET(f,LAMBDA(g,g(g)),f(f))", "=OFFSET(A1,0,0,1000000,16000)",
    "=\u0000", '=REPT(REPT("x",32000),32000)', "='", "=''!A1", "=[x]A1", "=A1#", "=@@@@A1", "=1e999",
    "=ZZZZ99999999999", "=SEQUENCE(1000000,1000)", "=RANDARRAY(100000,1000)",
]  # fmt: skip


@pytest.mark.parametrize("formula", HOSTILE, ids=lambda text: text[:12])
def test_a_formula_never_breaks_the_server(desk: Desk, formula: str) -> None:
    typed(desk, "Sheet1!H1", formula)
    assert len(desk.values("Sheet1!H1") or [[]]) == 1
    assert desk.values("Sheet1!H1", render="FORMULA") == [[formula]]


def test_the_conditions_of_rules_follow_too(desk: Desk) -> None:
    choice = {"condition": {"type": "ONE_OF_RANGE", "values": [{"userEnteredValue": "=Sheet1!$A$2:$A$5"}]}}
    desk.batch(
        {"setDataValidation": {"range": box(0, 3, 6, 7, 5), "rule": choice}},
        {"addConditionalFormatRule": {"rule": {"ranges": [box(1, 9, 0, 3)], "booleanRule": {
            "condition": {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": "=$B2>2"}]},
            "format": {"textFormat": {"bold": True}}}}}},
        {"insertDimension": {"range": {"dimension": "ROWS", "startIndex": 0, "endIndex": 1}}},
    )  # fmt: skip
    found = desk.get("sheets(conditionalFormats,data.rowData.values.dataValidation)", "It's 2!G1", "Sheet1!A1")
    rule = found["sheets"][0]["conditionalFormats"][0]
    assert rule["booleanRule"]["condition"]["values"] == [{"userEnteredValue": "=$B3>2"}]
    cell = found["sheets"][1]["data"][0]["rowData"][0]["values"][0]
    assert cell["dataValidation"]["condition"]["values"] == [{"userEnteredValue": "=Sheet1!$A$3:$A$6"}]


def test_a_query_is_refused_by_no_one(desk: Desk) -> None:
    cell = {"userEnteredValue": {"errorValue": {"type": "REF"}}}
    with pytest.raises(ApiError, match="errorValue"):
        desk.batch({"updateCells": {"start": {}, "rows": [{"values": [cell]}], "fields": "userEnteredValue"}})
