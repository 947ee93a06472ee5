"""The requests of spreadsheets.batchUpdate, one function for each kind: canonical JSON in, its reply out."""

from __future__ import annotations

from collections.abc import Callable

from ..book import Book
from ..errors import ApiError, bad_request
from ..follow import Json
from ..storage.history import Journal
from . import (
    banding,
    cells,
    developer_metadata,
    dimensions,
    filling,
    filters,
    pasting,
    pushing,
    ranges,
    replacing,
    sheets,
    sorting,
    tidying,
)
from .context import Context

HANDLERS: dict[str, Callable[[Context, Json], Json]] = {
    "addBanding": banding.add_banding,
    "addConditionalFormatRule": ranges.add_conditional_format_rule,
    "addDimensionGroup": dimensions.add_dimension_group,
    "addFilterView": filters.add_filter_view,
    "addNamedRange": ranges.add_named_range,
    "addProtectedRange": ranges.add_protected_range,
    "addSheet": sheets.add_sheet,
    "appendCells": cells.append_cells,
    "appendDimension": dimensions.append_dimension,
    "autoFill": filling.auto_fill,
    "autoResizeDimensions": dimensions.auto_resize_dimensions,
    "clearBasicFilter": filters.clear_basic_filter,
    "copyPaste": pasting.copy_paste,
    "createDeveloperMetadata": developer_metadata.create_developer_metadata,
    "cutPaste": pasting.cut_paste,
    "deleteBanding": banding.delete_banding,
    "deleteConditionalFormatRule": ranges.delete_conditional_format_rule,
    "deleteDeveloperMetadata": developer_metadata.delete_developer_metadata,
    "deleteDimension": dimensions.delete_dimension,
    "deleteDimensionGroup": dimensions.delete_dimension_group,
    "deleteDuplicates": tidying.delete_duplicates,
    "deleteFilterView": filters.delete_filter_view,
    "deleteNamedRange": ranges.delete_named_range,
    "deleteProtectedRange": ranges.delete_protected_range,
    "deleteRange": pushing.delete_range,
    "deleteSheet": sheets.delete_sheet,
    "duplicateFilterView": filters.duplicate_filter_view,
    "duplicateSheet": sheets.duplicate_sheet,
    "findReplace": replacing.find_replace,
    "insertDimension": dimensions.insert_dimension,
    "insertRange": pushing.insert_range,
    "mergeCells": cells.merge_cells,
    "moveDimension": dimensions.move_dimension,
    "pasteData": filling.paste_data,
    "randomizeRange": tidying.randomize_range,
    "repeatCell": cells.repeat_cell,
    "setBasicFilter": filters.set_basic_filter,
    "setDataValidation": cells.set_data_validation,
    "sortRange": sorting.sort_range,
    "textToColumns": tidying.text_to_columns,
    "trimWhitespace": tidying.trim_whitespace,
    "unmergeCells": cells.unmerge_cells,
    "updateBanding": banding.update_banding,
    "updateBorders": cells.update_borders,
    "updateCells": cells.update_cells,
    "updateConditionalFormatRule": ranges.update_conditional_format_rule,
    "updateDeveloperMetadata": developer_metadata.update_developer_metadata,
    "updateDimensionGroup": dimensions.update_dimension_group,
    "updateDimensionProperties": dimensions.update_dimension_properties,
    "updateFilterView": filters.update_filter_view,
    "updateNamedRange": ranges.update_named_range,
    "updateProtectedRange": ranges.update_protected_range,
    "updateSheetProperties": sheets.update_sheet_properties,
    "updateSpreadsheetProperties": sheets.update_spreadsheet_properties,
}
# Replies that carry something; the others answer {}.
REPLYING = {
    "addBanding", "addDimensionGroup", "addFilterView", "addNamedRange", "addProtectedRange", "addSheet",
    "createDeveloperMetadata", "deleteConditionalFormatRule", "deleteDeveloperMetadata",
    "deleteDimensionGroup", "deleteDuplicates", "duplicateFilterView", "duplicateSheet", "findReplace",
    "trimWhitespace", "updateConditionalFormatRule", "updateDeveloperMetadata",
}  # fmt: skip
# Kinds whose whole effect is cell values, which the history keeps by row.
BY_ROW = {"appendCells"}


def apply(book: Book, requests: list[Json], account: str, at: float, journal: Journal) -> list[Json]:
    """Applies the requests of a batch in order: one reply each. ApiError 400 names the one that
    failed; the caller rolls back."""
    if not requests:
        raise bad_request("Must specify at least one request.")
    return [_apply(book, request, i, account, at, journal) for i, request in enumerate(requests)]


def _apply(book: Book, request: Json, i: int, account: str, at: float, journal: Journal) -> Json:
    if len(request) != 1:
        raise bad_request(
            f"Invalid requests[{i}]: " + ("No request set." if not request else "Exactly one request kind must be set.")
        )
    kind, body = next(iter(request.items()))
    where = f"requests[{i}].{kind}"
    handler = HANDLERS.get(kind)
    if handler is None:
        raise bad_request(f"Invalid {where}: This request is not supported by this server.")
    try:
        reply = handler(Context(book, account, at, journal, where), body)
    except ApiError as error:
        if error.code == 400 and not error.message.startswith(f"Invalid {where}"):
            raise bad_request(f"Invalid {where}: {error.message}", error.details) from None
        raise
    if kind not in BY_ROW:
        journal.operation(_sheet_of(body), kind, body)
    book.forget()
    return {kind: reply} if kind in REPLYING else {}


def _sheet_of(body: Json) -> int:
    """The sheet that a request is about, for the history; 0 where it names none."""
    if "sheetId" in body:
        return int(body["sheetId"])
    for value in body.values():
        if isinstance(value, dict) and "sheetId" in value:
            return int(value["sheetId"])
        if isinstance(value, dict) and isinstance(value.get("range"), dict):
            return int(value["range"].get("sheetId", 0))
    return 0
