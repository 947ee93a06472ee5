"""How everything that hangs on the ranges of a sheet's record follows rows and columns that come, go or move."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

from . import follow as ranges
from .errors import bad_request
from .follow import Deleted, Inserted, Json, Moved, Shift

BY_RANGE = ("layers", "protectedRanges", "filterViews", "bandedRanges")


def follow(doc: Json, own_id: int, shift: Shift, sheet_id: int) -> None:
    """Moves what the record `doc` of the sheet `own_id` says about ranges after a change of the sheet `sheet_id`."""
    pushed = not isinstance(shift, Moved) and shift.band is not None
    for key in BY_RANGE:
        # Cells that are pushed aside take their formats with them; broad formats stay where they are.
        if key in doc and not (pushed and key == "layers"):
            _keep(doc, key, _moved_items(doc[key], shift, sheet_id))
    if "merges" in doc:
        moved = [ranges.grid_range(found, sheet_id, shift) for found in doc["merges"]]
        kept = [found for found in moved if found is not None and _cell_count(found) > 1]
        if isinstance(shift, Moved) and any(_share_cells(one, other) for one, other in combinations(kept, 2)):
            raise bad_request("A merged cell cannot be moved into another one: unmerge one of them first.")
        _keep(doc, "merges", kept)
    if "basicFilter" in doc:
        _follow_filter(doc, shift, sheet_id)
    if "conditionalFormats" in doc:
        _keep(doc, "conditionalFormats", _moved_rules(doc["conditionalFormats"], shift, sheet_id))
    if sheet_id == own_id and not pushed:
        _follow_own(doc, shift)
        _follow_metadata(doc, shift)


def _share_cells(one: Json, other: Json) -> bool:
    """Whether two merges overlap: no cell is in two."""
    return all(
        one[f"start{side}Index"] < other[f"end{side}Index"] and other[f"start{side}Index"] < one[f"end{side}Index"]
        for side in ("Row", "Column")
    )


def _keep(doc: Json, key: str, kept: list[Json]) -> None:
    if kept:
        doc[key] = kept
    else:
        doc.pop(key, None)


def _moved_items(items: list[Json], shift: Shift, sheet_id: int) -> list[Json]:
    """What has a `range` (a protection may name a named range in its place) moves with it and goes with it."""
    kept = []
    for item in items:
        if "range" not in item:
            kept.append(item)
            continue
        moved = ranges.grid_range(item["range"], sheet_id, shift)
        if moved is not None:
            kept.append({**_moved_columns(item, shift, sheet_id), "range": moved})
    return kept


def _moved_columns(found: Json, shift: Shift, sheet_id: int) -> Json:
    """A filter with the columns of its criteria and of its order where they went; what is gone filters no more."""
    pushed = not isinstance(shift, Moved) and shift.band is not None
    if shift.dimension != "COLUMNS" or pushed or found["range"].get("sheetId", 0) != sheet_id:
        return found
    out = dict(found)
    for key, name in (("filterSpecs", "columnIndex"), ("sortSpecs", "dimensionIndex")):
        if key in found:
            places = [(ranges.point(one.get(name, 0), shift), one) for one in found[key]]
            _keep(out, key, [{**one, name: at} for at, one in places if at is not None])
    if "criteria" in found:
        placed = {ranges.point(int(column), shift): one for column, one in found["criteria"].items()}
        out["criteria"] = {str(at): one for at, one in placed.items() if at is not None}
        if not out["criteria"]:
            del out["criteria"]
    return out


def _cell_count(found: Json) -> int:
    rows = found["endRowIndex"] - found.get("startRowIndex", 0)
    columns = found["endColumnIndex"] - found.get("startColumnIndex", 0)
    return int(rows * columns)


def _follow_filter(doc: Json, shift: Shift, sheet_id: int) -> None:
    moved = ranges.grid_range(doc["basicFilter"]["range"], sheet_id, shift)
    if moved is None:
        del doc["basicFilter"]
    else:
        doc["basicFilter"] = {**_moved_columns(doc["basicFilter"], shift, sheet_id), "range": moved}


def _moved_rules(rules: list[Json], shift: Shift, sheet_id: int) -> list[Json]:
    kept = []
    for rule in rules:
        moved = [ranges.grid_range(found, sheet_id, shift) for found in rule["ranges"]]
        left = [found for found in moved if found is not None]
        if left:
            kept.append({**rule, "ranges": left})
    return kept


def _follow_own(doc: Json, shift: Shift) -> None:
    """Groups, sizes and the frozen part count rows or columns of the sheet itself."""
    rows = shift.dimension == "ROWS"
    groups, sizes = ("rowGroups", "rowSizes") if rows else ("columnGroups", "columnSizes")
    kept = []
    for group in doc.get(groups, ()):
        moved = ranges.span(group["range"]["startIndex"], group["range"]["endIndex"], shift)
        if moved is not None:
            kept.append({**group, "range": {**group["range"], "startIndex": moved[0], "endIndex": moved[1]}})
    _keep(doc, groups, kept)
    kept = []
    for size in doc.get(sizes, ()):
        moved = ranges.span(size["startIndex"], size["endIndex"], shift)
        if moved is not None:
            kept.append({**size, "startIndex": moved[0], "endIndex": moved[1]})
    _keep(doc, sizes, kept)
    _follow_frozen(doc["properties"]["gridProperties"], "frozenRowCount" if rows else "frozenColumnCount", shift)


def _follow_metadata(doc: Json, shift: Shift) -> None:
    """Developer metadata goes with its row or column, and dies with it."""
    kept = []
    for entry in doc.get("developerMetadata", ()):
        line = entry["location"].get("dimensionRange")
        if line is not None and line["dimension"] == shift.dimension:
            at = ranges.point(line["startIndex"], shift)
            if at is None:
                continue
            line = {**line, "startIndex": at, "endIndex": at + 1}
            entry = {**entry, "location": {**entry["location"], "dimensionRange": line}}
        kept.append(entry)
    _keep(doc, "developerMetadata", kept)


def rewrite_conditions(node: Json, change: Callable[[str], str]) -> Json:
    """A rule, format or cell with every formula in its conditions passed through `change`; the same object where there
    is none to change."""
    out = node
    for key, value in node.items():
        made = value
        if isinstance(value, dict):
            made = rewrite_conditions(value, change)
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            kept = [rewrite_conditions(item, change) for item in value]
            made = kept if any(a is not b for a, b in zip(kept, value, strict=True)) else value
        elif key == "userEnteredValue" and isinstance(value, str) and value.startswith("="):
            made = change(value)
        if made is not value and made != value:
            out = {**out, key: made}
    return out


def has_formula(rule: Json) -> bool:
    """Whether a condition of a rule is a formula or names cells."""
    values = rule.get("condition", {}).get("values", ())
    return any(str(value.get("userEnteredValue", "")).startswith("=") for value in values)


def _follow_frozen(properties: Json, key: str, shift: Shift) -> None:
    frozen = properties.get(key, 0)
    if not frozen:
        return
    if isinstance(shift, Inserted) and shift.at < frozen:
        properties[key] = frozen + shift.count
    elif isinstance(shift, Deleted):
        left = frozen - max(0, min(shift.stop, frozen) - shift.start)
        properties.pop(key)
        if left:
            properties[key] = left
