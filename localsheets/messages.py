"""The messages of the Sheets API, version 4: their field names and types, as Google's public discovery document
lists them.

A line is `Message = field:type field:type …`; `[type]` is repeated, `enum Name = VALUES`, `unsupported` is a field that
Google has and this server refuses by name. `decode` reads requests by this table, so a name that Google does not
know is refused here as it is there.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

TABLE = """
enum InsertDataOption = OVERWRITE INSERT_ROWS
enum AutoRecalc = RECALCULATION_INTERVAL_UNSPECIFIED ON_CHANGE MINUTE HOUR
enum BorderStyle = STYLE_UNSPECIFIED DOTTED DASHED SOLID SOLID_MEDIUM SOLID_THICK NONE DOUBLE
enum ColorType = THEME_COLOR_TYPE_UNSPECIFIED TEXT BACKGROUND ACCENT1 ACCENT2 ACCENT3 ACCENT4 ACCENT5 ACCENT6 LINK
enum CommentsViewMode = COMMENTS_VIEW_MODE_UNSPECIFIED COMMENTS_VIEW_MODE_DEFAULT_FOR_CURRENT_ACCESS
  COMMENTS_VIEW_MODE_OMITTED COMMENTS_VIEW_MODE_INCLUDED
enum ConditionType = CONDITION_TYPE_UNSPECIFIED NUMBER_GREATER NUMBER_GREATER_THAN_EQ NUMBER_LESS NUMBER_LESS_THAN_EQ
  NUMBER_EQ NUMBER_NOT_EQ NUMBER_BETWEEN NUMBER_NOT_BETWEEN TEXT_CONTAINS TEXT_NOT_CONTAINS TEXT_STARTS_WITH
  TEXT_ENDS_WITH TEXT_EQ TEXT_IS_EMAIL TEXT_IS_URL DATE_EQ DATE_BEFORE DATE_AFTER DATE_ON_OR_BEFORE DATE_ON_OR_AFTER
  DATE_BETWEEN DATE_NOT_BETWEEN DATE_IS_VALID ONE_OF_RANGE ONE_OF_LIST BLANK NOT_BLANK CUSTOM_FORMULA BOOLEAN
  TEXT_NOT_EQ DATE_NOT_EQ FILTER_EXPRESSION
enum DateTimeRenderOption = SERIAL_NUMBER FORMATTED_STRING
enum DelimiterType = DELIMITER_TYPE_UNSPECIFIED COMMA SEMICOLON PERIOD SPACE CUSTOM AUTODETECT
enum Dimension = DIMENSION_UNSPECIFIED ROWS COLUMNS
enum ErrorValueType = ERROR_TYPE_UNSPECIFIED ERROR NULL_VALUE DIVIDE_BY_ZERO VALUE REF NAME NUM N_A LOADING
enum HorizontalAlignment = HORIZONTAL_ALIGN_UNSPECIFIED LEFT CENTER RIGHT
enum HyperlinkDisplayType = HYPERLINK_DISPLAY_TYPE_UNSPECIFIED LINKED PLAIN_TEXT
enum InterpolationPointType = INTERPOLATION_POINT_TYPE_UNSPECIFIED MIN MAX NUMBER PERCENT PERCENTILE
enum LocationMatchingStrategy = DEVELOPER_METADATA_LOCATION_MATCHING_STRATEGY_UNSPECIFIED EXACT_LOCATION
  INTERSECTING_LOCATION
enum LocationType = DEVELOPER_METADATA_LOCATION_TYPE_UNSPECIFIED ROW COLUMN SHEET SPREADSHEET
enum MergeType = MERGE_ALL MERGE_COLUMNS MERGE_ROWS
enum NumberFormatType = NUMBER_FORMAT_TYPE_UNSPECIFIED TEXT NUMBER PERCENT CURRENCY DATE TIME DATE_TIME SCIENTIFIC
enum PasteOrientation = NORMAL TRANSPOSE
enum PasteType = PASTE_NORMAL PASTE_VALUES PASTE_FORMAT PASTE_NO_BORDERS PASTE_FORMULA PASTE_DATA_VALIDATION
  PASTE_CONDITIONAL_FORMATTING
enum RelativeDate = RELATIVE_DATE_UNSPECIFIED PAST_YEAR PAST_MONTH PAST_WEEK YESTERDAY TODAY TOMORROW
enum SheetType = SHEET_TYPE_UNSPECIFIED GRID OBJECT DATA_SOURCE
enum SortOrder = SORT_ORDER_UNSPECIFIED ASCENDING DESCENDING
enum TextDirection = TEXT_DIRECTION_UNSPECIFIED LEFT_TO_RIGHT RIGHT_TO_LEFT
enum ThemeColor = THEME_COLOR_TYPE_UNSPECIFIED TEXT BACKGROUND ACCENT1 ACCENT2 ACCENT3 ACCENT4 ACCENT5 ACCENT6 LINK
enum ValueInputOption = INPUT_VALUE_OPTION_UNSPECIFIED RAW USER_ENTERED
enum ValueRenderOption = FORMATTED_VALUE UNFORMATTED_VALUE FORMULA
enum VerticalAlignment = VERTICAL_ALIGN_UNSPECIFIED TOP MIDDLE BOTTOM
enum Visibility = DEVELOPER_METADATA_VISIBILITY_UNSPECIFIED DOCUMENT PROJECT
enum WrapStrategy = WRAP_STRATEGY_UNSPECIFIED OVERFLOW_CELL LEGACY_WRAP CLIP WRAP
AddBandingRequest = bandedRange:BandedRange
AddConditionalFormatRuleRequest = index:int rule:ConditionalFormatRule
AddDimensionGroupRequest = range:DimensionRange
AddFilterViewRequest = filter:FilterView
AddNamedRangeRequest = namedRange:NamedRange
AddProtectedRangeRequest = protectedRange:ProtectedRange
AddSheetRequest = properties:SheetProperties
AppendCellsRequest = fields:mask rows:[RowData] sheetId:int tableId:string
AppendDimensionRequest = dimension:Dimension length:int sheetId:int
AutoFillRequest = range:GridRange sourceAndDestination:SourceAndDestination useAlternateSeries:bool
AutoResizeDimensionsRequest = dataSourceSheetDimensions:unsupported dimensions:DimensionRange
BandedRange = bandedRangeId:int bandedRangeReference:string columnProperties:BandingProperties range:GridRange
  rowProperties:BandingProperties
BandingProperties = firstBandColor:Color firstBandColorStyle:ColorStyle footerColor:Color footerColorStyle:ColorStyle
  headerColor:Color headerColorStyle:ColorStyle secondBandColor:Color secondBandColorStyle:ColorStyle
BasicFilter = criteria:any filterSpecs:[FilterSpec] range:GridRange sortSpecs:[SortSpec] tableId:string
BatchClearValuesByDataFilterRequest = dataFilters:[DataFilter]
BatchClearValuesRequest = ranges:[string]
BatchGetValuesByDataFilterRequest = dataFilters:[DataFilter] dateTimeRenderOption:DateTimeRenderOption
  majorDimension:Dimension valueRenderOption:ValueRenderOption
BatchUpdateSpreadsheetRequest = commentsViewMode:CommentsViewMode includeSpreadsheetInResponse:bool requests:[Request]
  responseIncludeGridData:bool responseRanges:[string]
BatchUpdateValuesByDataFilterRequest = data:[DataFilterValueRange] includeValuesInResponse:bool
  responseDateTimeRenderOption:DateTimeRenderOption responseValueRenderOption:ValueRenderOption
  valueInputOption:ValueInputOption
BatchUpdateValuesRequest = data:[ValueRange] includeValuesInResponse:bool
  responseDateTimeRenderOption:DateTimeRenderOption responseValueRenderOption:ValueRenderOption
  valueInputOption:ValueInputOption
BooleanCondition = type:ConditionType values:[ConditionValue]
BooleanRule = condition:BooleanCondition format:CellFormat
Border = color:Color colorStyle:ColorStyle style:BorderStyle width:int
Borders = bottom:Border left:Border right:Border top:Border
CellData = chipRuns:unsupported dataSourceFormula:unsupported dataSourceTable:unsupported
  dataValidation:DataValidationRule effectiveFormat:CellFormat effectiveValue:ExtendedValue formattedValue:string
  hyperlink:string note:string pivotTable:unsupported textFormatRuns:[TextFormatRun] userEnteredFormat:CellFormat
  userEnteredValue:ExtendedValue
CellFormat = backgroundColor:Color backgroundColorStyle:ColorStyle borders:Borders
  horizontalAlignment:HorizontalAlignment hyperlinkDisplayType:HyperlinkDisplayType numberFormat:NumberFormat
  padding:Padding textDirection:TextDirection textFormat:TextFormat textRotation:TextRotation
  verticalAlignment:VerticalAlignment wrapStrategy:WrapStrategy
ClearBasicFilterRequest = sheetId:int
Color = alpha:float blue:float green:float red:float
ColorStyle = rgbColor:Color themeColor:ThemeColor
ConditionValue = relativeDate:RelativeDate userEnteredValue:string
ConditionalFormatRule = booleanRule:BooleanRule gradientRule:GradientRule ranges:[GridRange]
CopyPasteRequest = destination:GridRange pasteOrientation:PasteOrientation pasteType:PasteType source:GridRange
CopySheetToAnotherSpreadsheetRequest = destinationSpreadsheetId:string
CreateDeveloperMetadataRequest = developerMetadata:DeveloperMetadata
CutPasteRequest = destination:GridCoordinate pasteType:PasteType source:GridRange
DataFilter = a1Range:string developerMetadataLookup:DeveloperMetadataLookup gridRange:GridRange
DataFilterValueRange = dataFilter:DataFilter majorDimension:Dimension values:[any]
DataValidationRule = condition:BooleanCondition inputMessage:string showCustomUi:bool strict:bool
DeleteBandingRequest = bandedRangeId:int
DeleteConditionalFormatRuleRequest = index:int sheetId:int
DeleteDeveloperMetadataRequest = dataFilter:DataFilter
DeleteDimensionGroupRequest = range:DimensionRange
DeleteDimensionRequest = range:DimensionRange
DeleteDuplicatesRequest = comparisonColumns:[DimensionRange] range:GridRange
DeleteFilterViewRequest = filterId:int
DeleteNamedRangeRequest = namedRangeId:string
DeleteProtectedRangeRequest = protectedRangeId:int
DeleteRangeRequest = range:GridRange shiftDimension:Dimension
DeleteSheetRequest = sheetId:int
DeveloperMetadata = location:DeveloperMetadataLocation metadataId:int metadataKey:string metadataValue:string
  visibility:Visibility
DeveloperMetadataLocation = dimensionRange:DimensionRange locationType:LocationType sheetId:int spreadsheet:bool
DeveloperMetadataLookup = locationMatchingStrategy:LocationMatchingStrategy locationType:LocationType metadataId:int
  metadataKey:string metadataLocation:DeveloperMetadataLocation metadataValue:string visibility:Visibility
DimensionGroup = collapsed:bool depth:int range:DimensionRange
DimensionProperties = dataSourceColumnReference:unsupported developerMetadata:[DeveloperMetadata] hiddenByFilter:bool
  hiddenByUser:bool pixelSize:int
DimensionRange = dimension:Dimension endIndex:int sheetId:int startIndex:int
DuplicateFilterViewRequest = filterId:int
DuplicateSheetRequest = insertSheetIndex:int newSheetId:int newSheetName:string sourceSheetId:int
Editors = domainUsersCanEdit:bool groups:[string] users:[string]
ErrorValue = message:string type:ErrorValueType
ExtendedValue = boolValue:bool errorValue:ErrorValue formulaValue:string numberValue:double stringValue:string
FilterCriteria = condition:BooleanCondition hiddenValues:[string] visibleBackgroundColor:Color
  visibleBackgroundColorStyle:ColorStyle visibleForegroundColor:Color visibleForegroundColorStyle:ColorStyle
FilterSpec = columnIndex:int dataSourceColumnReference:unsupported filterCriteria:FilterCriteria
FilterView = criteria:any filterSpecs:[FilterSpec] filterViewId:int namedRangeId:string range:GridRange
  sortSpecs:[SortSpec] tableId:string title:string
FindReplaceRequest = allSheets:bool find:string includeFormulas:bool matchCase:bool matchEntireCell:bool
  range:GridRange replacement:string searchByRegex:bool sheetId:int
GetSpreadsheetByDataFilterRequest = commentsViewMode:CommentsViewMode dataFilters:[DataFilter]
  excludeTablesInBandedRanges:bool includeGridData:bool
GradientRule = maxpoint:InterpolationPoint midpoint:InterpolationPoint minpoint:InterpolationPoint
GridCoordinate = columnIndex:int rowIndex:int sheetId:int
GridData = columnMetadata:[DimensionProperties] rowData:[RowData] rowMetadata:[DimensionProperties] startColumn:int
  startRow:int
GridProperties = columnCount:int columnGroupControlAfter:bool frozenColumnCount:int frozenRowCount:int
  hideGridlines:bool rowCount:int rowGroupControlAfter:bool
GridRange = endColumnIndex:int endRowIndex:int sheetId:int startColumnIndex:int startRowIndex:int
InsertDimensionRequest = inheritFromBefore:bool range:DimensionRange
InsertRangeRequest = range:GridRange shiftDimension:Dimension
InterpolationPoint = color:Color colorStyle:ColorStyle type:InterpolationPointType value:string
IterativeCalculationSettings = convergenceThreshold:double maxIterations:int
Link = uri:string
MergeCellsRequest = mergeType:MergeType range:GridRange
MoveDimensionRequest = destinationIndex:int source:DimensionRange
NamedRange = name:string namedRangeId:string range:GridRange
NumberFormat = pattern:string type:NumberFormatType
Padding = bottom:int left:int right:int top:int
PasteDataRequest = coordinate:GridCoordinate data:string delimiter:string html:bool type:PasteType
ProtectedRange = description:string editors:Editors namedRangeId:string protectedRangeId:int range:GridRange
  requestingUserCanEdit:bool tableId:string unprotectedRanges:[GridRange] warningOnly:bool
RandomizeRangeRequest = range:GridRange
RepeatCellRequest = cell:CellData fields:mask range:GridRange
Request = addBanding:AddBandingRequest addChart:unsupported addCommentReply:unsupported
  addConditionalFormatRule:AddConditionalFormatRuleRequest addDataSource:unsupported
  addDimensionGroup:AddDimensionGroupRequest addFilterView:AddFilterViewRequest addNamedRange:AddNamedRangeRequest
  addProtectedRange:AddProtectedRangeRequest addSheet:AddSheetRequest addSlicer:unsupported addTable:unsupported
  appendCells:AppendCellsRequest appendDimension:AppendDimensionRequest autoFill:AutoFillRequest
  autoResizeDimensions:AutoResizeDimensionsRequest cancelDataSourceRefresh:unsupported
  clearBasicFilter:ClearBasicFilterRequest copyPaste:CopyPasteRequest
  createDeveloperMetadata:CreateDeveloperMetadataRequest cutPaste:CutPasteRequest deleteBanding:DeleteBandingRequest
  deleteComment:unsupported deleteCommentReply:unsupported
  deleteConditionalFormatRule:DeleteConditionalFormatRuleRequest deleteDataSource:unsupported
  deleteDeveloperMetadata:DeleteDeveloperMetadataRequest deleteDimension:DeleteDimensionRequest
  deleteDimensionGroup:DeleteDimensionGroupRequest deleteDuplicates:DeleteDuplicatesRequest
  deleteEmbeddedObject:unsupported deleteFilterView:DeleteFilterViewRequest deleteNamedRange:DeleteNamedRangeRequest
  deleteProtectedRange:DeleteProtectedRangeRequest deleteRange:DeleteRangeRequest deleteSheet:DeleteSheetRequest
  deleteTable:unsupported duplicateFilterView:DuplicateFilterViewRequest duplicateSheet:DuplicateSheetRequest
  findReplace:FindReplaceRequest insertComment:unsupported insertDimension:InsertDimensionRequest
  insertRange:InsertRangeRequest mergeCells:MergeCellsRequest moveDimension:MoveDimensionRequest
  pasteData:PasteDataRequest randomizeRange:RandomizeRangeRequest refreshDataSource:unsupported
  repeatCell:RepeatCellRequest setBasicFilter:SetBasicFilterRequest setDataValidation:SetDataValidationRequest
  sortRange:SortRangeRequest textToColumns:TextToColumnsRequest trimWhitespace:TrimWhitespaceRequest
  unmergeCells:UnmergeCellsRequest updateBanding:UpdateBandingRequest updateBorders:UpdateBordersRequest
  updateCells:UpdateCellsRequest updateChartSpec:unsupported updateCommentPost:unsupported
  updateConditionalFormatRule:UpdateConditionalFormatRuleRequest updateDataSource:unsupported
  updateDeveloperMetadata:UpdateDeveloperMetadataRequest updateDimensionGroup:UpdateDimensionGroupRequest
  updateDimensionProperties:UpdateDimensionPropertiesRequest updateEmbeddedObjectBorder:unsupported
  updateEmbeddedObjectPosition:unsupported updateFilterView:UpdateFilterViewRequest
  updateNamedRange:UpdateNamedRangeRequest updateProtectedRange:UpdateProtectedRangeRequest
  updateSheetProperties:UpdateSheetPropertiesRequest updateSlicerSpec:unsupported
  updateSpreadsheetProperties:UpdateSpreadsheetPropertiesRequest updateTable:unsupported
RowData = values:[CellData]
SearchDeveloperMetadataRequest = dataFilters:[DataFilter]
SetBasicFilterRequest = filter:BasicFilter
SetDataValidationRequest = filteredRowsIncluded:bool range:GridRange rule:DataValidationRule
Sheet = bandedRanges:[BandedRange] basicFilter:BasicFilter charts:unsupported columnGroups:[DimensionGroup]
  commentAnchors:[unsupported] conditionalFormats:[ConditionalFormatRule] data:[GridData]
  developerMetadata:[DeveloperMetadata] filterViews:[FilterView] merges:[GridRange] properties:SheetProperties
  protectedRanges:[ProtectedRange] rowGroups:[DimensionGroup] slicers:unsupported tables:unsupported
SheetProperties = dataSourceSheetProperties:unsupported gridProperties:GridProperties hidden:bool index:int
  rightToLeft:bool sheetId:int sheetType:SheetType tabColor:Color tabColorStyle:ColorStyle title:string
SortRangeRequest = range:GridRange sortSpecs:[SortSpec]
SortSpec = backgroundColor:Color backgroundColorStyle:ColorStyle dataSourceColumnReference:unsupported
  dimensionIndex:int foregroundColor:Color foregroundColorStyle:ColorStyle sortOrder:SortOrder
SourceAndDestination = dimension:Dimension fillLength:int source:GridRange
Spreadsheet = comments:[unsupported] commentsViewMode:CommentsViewMode dataSourceSchedules:unsupported
  dataSources:unsupported developerMetadata:[DeveloperMetadata] namedRanges:[NamedRange]
  properties:SpreadsheetProperties sheets:[Sheet] spreadsheetId:string spreadsheetUrl:string
SpreadsheetProperties = autoRecalc:AutoRecalc defaultFormat:CellFormat importFunctionsExternalUrlAccessAllowed:bool
  iterativeCalculationSettings:IterativeCalculationSettings locale:string spreadsheetTheme:SpreadsheetTheme
  timeZone:string title:string
SpreadsheetTheme = primaryFontFamily:string themeColors:[ThemeColorPair]
TextFormat = bold:bool fontFamily:string fontSize:int foregroundColor:Color foregroundColorStyle:ColorStyle
  italic:bool link:Link strikethrough:bool underline:bool
TextFormatRun = format:TextFormat startIndex:int
TextRotation = angle:int vertical:bool
TextToColumnsRequest = delimiter:string delimiterType:DelimiterType source:GridRange
ThemeColorPair = color:ColorStyle colorType:ColorType
TrimWhitespaceRequest = range:GridRange
UnmergeCellsRequest = range:GridRange
UpdateBandingRequest = bandedRange:BandedRange fields:mask
UpdateBordersRequest = bottom:Border innerHorizontal:Border innerVertical:Border left:Border range:GridRange
  right:Border top:Border
UpdateCellsRequest = fields:mask range:GridRange rows:[RowData] start:GridCoordinate
UpdateConditionalFormatRuleRequest = index:int newIndex:int rule:ConditionalFormatRule sheetId:int
UpdateDeveloperMetadataRequest = dataFilters:[DataFilter] developerMetadata:DeveloperMetadata fields:mask
UpdateDimensionGroupRequest = dimensionGroup:DimensionGroup fields:mask
UpdateDimensionPropertiesRequest = dataSourceSheetRange:unsupported fields:mask properties:DimensionProperties
  range:DimensionRange
UpdateFilterViewRequest = fields:mask filter:FilterView
UpdateNamedRangeRequest = fields:mask namedRange:NamedRange
UpdateProtectedRangeRequest = fields:mask protectedRange:ProtectedRange
UpdateSheetPropertiesRequest = fields:mask properties:SheetProperties
UpdateSpreadsheetPropertiesRequest = fields:mask properties:SpreadsheetProperties
ValueRange = majorDimension:Dimension range:string values:[any]
AddBandingResponse = bandedRange:BandedRange
AddDimensionGroupResponse = dimensionGroups:[DimensionGroup]
AddFilterViewResponse = filter:FilterView
AddNamedRangeResponse = namedRange:NamedRange
AddProtectedRangeResponse = protectedRange:ProtectedRange
AddSheetResponse = properties:SheetProperties
AppendValuesResponse = spreadsheetId:string tableRange:string updates:UpdateValuesResponse
BatchClearValuesByDataFilterResponse = clearedRanges:[string] spreadsheetId:string
BatchClearValuesResponse = clearedRanges:[string] spreadsheetId:string
BatchGetValuesByDataFilterResponse = spreadsheetId:string valueRanges:[MatchedValueRange]
BatchGetValuesResponse = spreadsheetId:string valueRanges:[ValueRange]
BatchUpdateSpreadsheetResponse = replies:[Response] spreadsheetId:string updatedSpreadsheet:Spreadsheet
BatchUpdateValuesByDataFilterResponse = responses:[UpdateValuesByDataFilterResponse] spreadsheetId:string
  totalUpdatedCells:int totalUpdatedColumns:int totalUpdatedRows:int totalUpdatedSheets:int
BatchUpdateValuesResponse = responses:[UpdateValuesResponse] spreadsheetId:string totalUpdatedCells:int
  totalUpdatedColumns:int totalUpdatedRows:int totalUpdatedSheets:int
ClearValuesResponse = clearedRange:string spreadsheetId:string
CreateDeveloperMetadataResponse = developerMetadata:DeveloperMetadata
DeleteConditionalFormatRuleResponse = rule:ConditionalFormatRule
DeleteDeveloperMetadataResponse = deletedDeveloperMetadata:[DeveloperMetadata]
DeleteDimensionGroupResponse = dimensionGroups:[DimensionGroup]
DeleteDuplicatesResponse = duplicatesRemovedCount:int
DuplicateFilterViewResponse = filter:FilterView
DuplicateSheetResponse = properties:SheetProperties
FindReplaceResponse = formulasChanged:int occurrencesChanged:int rowsChanged:int sheetsChanged:int valuesChanged:int
MatchedDeveloperMetadata = dataFilters:[DataFilter] developerMetadata:DeveloperMetadata
MatchedValueRange = dataFilters:[DataFilter] valueRange:ValueRange
Response = addBanding:AddBandingResponse addChart:any addDataSource:any addDimensionGroup:AddDimensionGroupResponse
  addFilterView:AddFilterViewResponse addNamedRange:AddNamedRangeResponse
  addProtectedRange:AddProtectedRangeResponse addSheet:AddSheetResponse addSlicer:any addTable:any
  cancelDataSourceRefresh:any createDeveloperMetadata:CreateDeveloperMetadataResponse
  deleteConditionalFormatRule:DeleteConditionalFormatRuleResponse
  deleteDeveloperMetadata:DeleteDeveloperMetadataResponse deleteDimensionGroup:DeleteDimensionGroupResponse
  deleteDuplicates:DeleteDuplicatesResponse duplicateFilterView:DuplicateFilterViewResponse
  duplicateSheet:DuplicateSheetResponse findReplace:FindReplaceResponse refreshDataSource:any
  trimWhitespace:TrimWhitespaceResponse updateConditionalFormatRule:UpdateConditionalFormatRuleResponse
  updateDataSource:any updateDeveloperMetadata:UpdateDeveloperMetadataResponse
  updateEmbeddedObjectPosition:any
SearchDeveloperMetadataResponse = matchedDeveloperMetadata:[MatchedDeveloperMetadata]
TrimWhitespaceResponse = cellsChangedCount:int
UpdateConditionalFormatRuleResponse = newIndex:int newRule:ConditionalFormatRule oldIndex:int
  oldRule:ConditionalFormatRule
UpdateDeveloperMetadataResponse = developerMetadata:[DeveloperMetadata]
UpdateValuesByDataFilterResponse = dataFilter:DataFilter updatedCells:int updatedColumns:int updatedData:ValueRange
  updatedRange:string updatedRows:int
UpdateValuesResponse = spreadsheetId:string updatedCells:int updatedColumns:int updatedData:ValueRange
  updatedRange:string updatedRows:int
"""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a message: its JSON name, the name of its type, whether it is repeated."""

    name: str
    type: str
    repeated: bool


@cache
def _parsed() -> tuple[dict[str, dict[str, Field]], dict[str, tuple[str, ...]]]:
    messages: dict[str, dict[str, Field]] = {}
    enums: dict[str, tuple[str, ...]] = {}
    for line in TABLE.replace("\n  ", " ").strip().splitlines():
        head, _, body = line.partition(" = ")
        if head.startswith("enum "):
            enums[head[5:]] = tuple(body.split())
        else:
            messages[head.strip()] = {field.name: field for field in map(_field, body.split())}
    return messages, enums


def _field(text: str) -> Field:
    name, _, kind = text.partition(":")
    return Field(name, kind.strip("[]"), kind.startswith("["))


@cache
def fields_of(message: str) -> dict[str, Field] | None:
    """The fields of a message by JSON name, or None where `message` names no message."""
    return _parsed()[0].get(message)


def values_of(enum: str) -> tuple[str, ...] | None:
    """The values of an enum, the unspecified one first, or None where `enum` names no enum."""
    return _parsed()[1].get(enum)
