from __future__ import annotations

import pytest

from localsheets.decode import decode
from localsheets.errors import ApiError


def test_defaults_and_nulls_vanish_but_indices_and_scalars_of_a_value_stay() -> None:
    given = {
        "range": {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 2}, "description": None, "warningOnly": False,
        "editors": {"users": [], "groups": []},
    }  # fmt: skip
    assert decode("ProtectedRange", given) == {"range": {"startRowIndex": 0, "endRowIndex": 2}, "editors": {}}
    assert decode("ExtendedValue", {"numberValue": 0}) == {"numberValue": 0}
    assert decode("ExtendedValue", {"boolValue": False}) == {"boolValue": False}
    assert decode("ExtendedValue", {"stringValue": ""}) == {"stringValue": ""}


def test_snake_case_names_numbers_as_text_and_enum_numbers_are_read() -> None:
    given = {"sheet_id": "7", "dimension": 1, "start_index": 3.0}
    assert decode("DimensionRange", given) == {"sheetId": 7, "dimension": "ROWS", "startIndex": 3}


def test_colours_keep_eight_bits() -> None:
    assert decode("Color", {"red": 1.0, "green": 0.0, "blue": 0.5}) == {"red": 1, "blue": 0.49803922}
    assert decode("Color", {"blue": 0.4980392156862745}) == {"blue": 0.49803922}
    for level in range(256):
        once = decode("Color", {"red": level / 255})
        assert decode("Color", once) == once
        assert round(once.get("red", 0) * 255) == level


def test_an_unknown_name_is_refused_with_its_place() -> None:
    with pytest.raises(ApiError) as caught:
        decode("BatchUpdateSpreadsheetRequest", {"requests": [{"x": {}}]})
    text = "Invalid JSON payload received. Unknown name \"x\" at 'requests[0]': Cannot find field."
    violation = {"field": "requests[0]", "description": text}
    assert caught.value.body() == {
        "error": {
            "code": 400, "message": text, "status": "INVALID_ARGUMENT",
            "details": [{"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [violation]}],
        }
    }  # fmt: skip


def test_values_that_are_no_lists_are_refused_as_google_does() -> None:
    with pytest.raises(ApiError) as caught:
        decode("ValueRange", {"values": "X"}, "data")
    assert (
        caught.value.message == "Invalid value at 'data.values' (type.googleapis.com/google.protobuf.ListValue), \"X\""
    )


@pytest.mark.parametrize(
    ("message", "body", "words"),
    [
        ("GridRange", {"sheetId": True}, "sheet_id"),
        ("GridRange", {"sheetId": 2**31}, "sheet_id"),
        ("GridRange", {"sheetId": 1.5}, "sheet_id"),
        ("GridRange", {"sheetId": "x"}, "TYPE_INT32"),
        ("GridRange", ["no", "object"], "GridRange"),
        ("DimensionRange", {"dimension": "DIAGONALS"}, 'Dimension\\), "DIAGONALS"'),
        ("ExtendedValue", {"numberValue": "nan"}, "TYPE_DOUBLE"),
        ("ExtendedValue", {"stringValue": 5}, "TYPE_STRING"),
        ("ExtendedValue", {"boolValue": 1}, "TYPE_BOOL"),
    ],
)
def test_wrong_types_are_refused(message: str, body: object, words: str) -> None:
    with pytest.raises(ApiError, match=words):
        decode(message, body)


def test_what_google_has_and_this_server_has_not_is_named() -> None:
    with pytest.raises(ApiError, match=r"requests\[1\]\.addChart: This request is not supported"):
        decode("BatchUpdateSpreadsheetRequest", {"requests": [{"addSheet": {}}, {"addChart": {}}]})


def test_a_list_within_a_list_belongs_to_the_same_field() -> None:
    clear = {"clearBasicFilter": {"sheetId": 5}}
    body = {"requests": [[clear], clear, [[clear]]]}
    assert decode("BatchUpdateSpreadsheetRequest", body)["requests"] == [clear] * 3
    assert decode("ValueRange", {"values": [["a"], ["b"]]}) == {"values": [["a"], ["b"]]}
