"""Requests about what hangs on ranges: names, protections, filters, conditional formats."""

from __future__ import annotations

import re
import secrets

from .. import masks
from ..errors import bad_request
from ..follow import Json
from ..grid import Grid, range_of
from ..guard import REFUSAL, may_edit
from .context import Context
from .formatting import canonical_format

_NAME = re.compile(r"^[^\W\d]\w*$")
_CELL_LIKE = re.compile(r"^([A-Za-z]{1,3}\d+|[Rr]\d*[Cc]\d*|true|false)$", re.IGNORECASE)


# -- named ranges -----------------------------------------------------------------------------------------------------


def add_named_range(context: Context, request: Json) -> Json:
    given = request.get("namedRange", {})
    names = context.book.doc.setdefault("namedRanges", [])
    made = {"namedRangeId": given.get("namedRangeId") or _fresh_id(names), "name": given.get("name", "")}
    if any(found["namedRangeId"] == made["namedRangeId"] for found in names):
        raise bad_request(f"A named range with ID {made['namedRangeId']} already exists.")
    _check_name(context, made["name"], made["namedRangeId"])
    made["range"] = _named_box(context, given.get("range"))
    names.append(made)
    return {"namedRange": made}


def _named_box(context: Context, found: Json | None) -> Json:
    grid, box = context.closed(found)
    return range_of(box, grid.sheet_id)


def _fresh_id(names: list[Json]) -> str:
    used = {found["namedRangeId"] for found in names}
    while (found := str(secrets.randbelow(2**31 - 1) + 1)) in used:
        pass
    return found


def _check_name(context: Context, name: str, own: str) -> None:
    if not _NAME.match(name) or _CELL_LIKE.match(name) or len(name) > 250:
        raise bad_request(f'The name "{name}" is not a valid name for a named range.')
    other = context.book.named(name)
    if other is not None and other["namedRangeId"] != own:
        raise bad_request(f'A named range with the name "{name}" already exists.')


def _find_named(context: Context, number: str | None) -> Json:
    for found in context.book.doc.get("namedRanges", ()):
        if found["namedRangeId"] == number:
            named: Json = found
            return named
    raise bad_request(f"Cannot find named range with ID: {number or ''}")


def _find_to_change(context: Context, number: str | None) -> Json | None:
    """The same for what changes it: None where the book forgives that there is none."""
    known = any(found["namedRangeId"] == number for found in context.book.doc.get("namedRanges", ()))
    return None if not known and "missing_named_range" in context.book.forgiving else _find_named(context, number)


def update_named_range(context: Context, request: Json) -> Json:
    given = request.get("namedRange", {})
    paths = masks.write_paths(request.get("fields"), "NamedRange", context.where)
    named = _find_to_change(context, given.get("namedRangeId"))
    if named is None:
        return {}
    made = masks.write(named, {**given, "namedRangeId": named["namedRangeId"]}, paths)
    made["namedRangeId"] = named["namedRangeId"]
    _check_name(context, made.get("name", ""), named["namedRangeId"])
    made["range"] = _named_box(context, made.get("range"))
    names = context.book.doc["namedRanges"]
    names[names.index(named)] = made
    return {}


def delete_named_range(context: Context, request: Json) -> Json:
    names = context.book.doc.get("namedRanges", [])
    named = _find_to_change(context, request.get("namedRangeId"))
    if named is not None:
        names.remove(named)
    if not names:
        context.book.doc.pop("namedRanges", None)
    return {}


# -- protected ranges -------------------------------------------------------------------------------------------------


def add_protected_range(context: Context, request: Json) -> Json:
    given = request.get("protectedRange", {})
    number = given.get("protectedRangeId") or secrets.randbelow(2**31 - 1) + 1
    if any(
        found["protectedRangeId"] == number
        for grid in context.book.sheets
        for found in grid.doc.get("protectedRanges", ())
    ):
        raise bad_request(f"A protected range with ID {number} already exists.")
    made, grid = _protection(context, {**given, "protectedRangeId": number})
    shown = {key: value for key, value in made.items() if key != "editors"}
    shown["editors"] = given.get("editors", {})
    made["editors"] = _with_owner(context, given.get("editors", {}))
    grid.doc.setdefault("protectedRanges", []).append(made)
    return {"protectedRange": {**shown, "requestingUserCanEdit": True}}


def _with_owner(context: Context, editors: Json) -> Json:
    """The owner and whoever protects a range can always edit it."""
    users = list(dict.fromkeys([context.account, *editors.get("users", [])]))
    return {**editors, "users": users}


def _protection(context: Context, given: Json) -> tuple[Json, Grid]:
    made = {key: value for key, value in given.items() if key != "requestingUserCanEdit"}
    found = _find_named(context, made["namedRangeId"])["range"] if "namedRangeId" in made else made.get("range")
    grid, box = context.ranged(found)
    whole = box.top == 0 and box.bottom is None and box.left == 0 and box.right is None
    sheet = {"sheetId": grid.sheet_id} if grid.sheet_id else {}
    if "namedRangeId" not in made:
        made["range"] = sheet if whole and not _bounded(found or {}) else range_of(grid.closed(box), grid.sheet_id)
    return made, grid


def _bounded(found: Json) -> bool:
    return any(key in found for key in ("startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex"))


def _find_protection(context: Context, number: int | None) -> tuple[Json, list[Json], Grid]:
    for grid in context.book.sheets:
        for found in grid.doc.get("protectedRanges", ()):
            if found["protectedRangeId"] == number:
                if not may_edit(context.book, found, context.account):
                    raise bad_request(REFUSAL)
                return found, grid.doc["protectedRanges"], grid
    raise bad_request(f"No protected range with ID: {number or 0}")


def update_protected_range(context: Context, request: Json) -> Json:
    given = request.get("protectedRange", {})
    paths = masks.write_paths(request.get("fields"), "ProtectedRange", context.where)
    found, listed, _ = _find_protection(context, given.get("protectedRangeId"))
    made = masks.write(found, given, paths)
    made["protectedRangeId"] = found["protectedRangeId"]
    if any(path[:1] == ("namedRangeId",) for path in paths) and "namedRangeId" in made:
        made.pop("range", None)
    elif any(path[:1] == ("range",) for path in paths):
        made.pop("namedRangeId", None)
    made, grid = _protection(context, made)
    made["editors"] = _with_owner(context, made.get("editors", {}))
    listed[listed.index(found)] = made
    if made not in grid.doc.get("protectedRanges", []):
        listed.remove(made)
        grid.doc.setdefault("protectedRanges", []).append(made)
    return {}


def delete_protected_range(context: Context, request: Json) -> Json:
    found, listed, grid = _find_protection(context, request.get("protectedRangeId"))
    listed.remove(found)
    if not listed:
        grid.doc.pop("protectedRanges")
    return {}


# -- conditional formats ----------------------------------------------------------------------------------------------


def _rule(context: Context, given: Json | None) -> tuple[Json, Grid]:
    if not given or not given.get("ranges"):
        raise bad_request("ConditionalFormatRule.ranges is required.")
    ranges, sheets = [], []
    for found in given["ranges"]:
        grid, box = context.ranged(found, empty=True)
        closed = grid.closed(box)
        ranges.append(range_of(closed, grid.sheet_id))
        sheets.append(grid)
    if any(grid is not sheets[0] for grid in sheets):
        raise bad_request("All ranges of a conditional format rule must be on the same sheet.")
    if ("booleanRule" in given) == ("gradientRule" in given):
        raise bad_request("Exactly one of booleanRule and gradientRule must be set.")
    made = {**given, "ranges": ranges}
    if "booleanRule" in given:
        rule = given["booleanRule"]
        made["booleanRule"] = {**rule, "format": canonical_format(rule.get("format", {}))}
    return made, sheets[0]


def add_conditional_format_rule(context: Context, request: Json) -> Json:
    made, grid = _rule(context, request.get("rule"))
    context.check_sheet(grid)
    rules = grid.doc.setdefault("conditionalFormats", [])
    index = request.get("index", 0)
    if index < 0 or index > len(rules):
        raise bad_request(f"No conditional format on sheet: {grid.sheet_id} at index: {index}")
    rules.insert(index, made)
    return {}


def _rules(grid: Grid, index: int) -> list[Json]:
    rules: list[Json] = grid.doc.get("conditionalFormats", [])
    if not 0 <= index < len(rules):
        raise bad_request(f"No conditional format on sheet: {grid.sheet_id} at index: {index}")
    return rules


def update_conditional_format_rule(context: Context, request: Json) -> Json:
    """Replaces a rule or moves it; the reply has the old rule of one that was replaced, the old index of one moved."""
    index = request.get("index", 0)
    if "rule" in request:
        made, grid = _rule(context, request["rule"])
        context.check_sheet(grid)
        rules = _rules(grid, index)
        old, rules[index] = rules[index], made
        before: Json = {"oldRule": old}
        new_index = index
    else:
        grid = context.book.sheet(request.get("sheetId", 0))
        context.check_sheet(grid)
        rules = _rules(grid, index)
        new_index = request.get("newIndex", 0)
        _rules(grid, new_index)
        made = rules.pop(index)
        rules.insert(new_index, made)
        before = {"oldIndex": index} if index else {}
    return {"newRule": made, **({"newIndex": new_index} if new_index else {}), **before}


def delete_conditional_format_rule(context: Context, request: Json) -> Json:
    grid = context.book.sheet(request.get("sheetId", 0))
    context.check_sheet(grid)
    rules = _rules(grid, request.get("index", 0))
    old = rules.pop(request.get("index", 0))
    if not rules:
        grid.doc.pop("conditionalFormats")
    return {"rule": old}
