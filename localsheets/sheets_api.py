"""The Sheets API, version 4, over the engine: query parameters, permissions, quotas, bodies, field masks."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from . import drive_store, masks, oauth
from .asked import Answer, Asked, json_answer
from .engine import Caller, Engine
from .errors import ApiError, bad_request, field_violations, not_found
from .messages import values_of
from .page_not_found import page_not_found
from .routes import Call, find_call
from .service import SIGN_IN, Service

Json = dict[str, Any]
PACKAGE = "google.apps.sheets.v4"
SYSTEM = frozenset(
    {
        "alt", "$alt", "fields", "$fields", "prettyPrint", "$prettyPrint", "key", "quotaUser", "access_token",
        "oauth_token", "callback", "upload_protocol", "uploadType", "$.xgafv", "userIp", "$userProject",
    }
)  # fmt: skip
_ENUMS = {
    "majorDimension": "Dimension", "valueRenderOption": "ValueRenderOption", "valueInputOption": "ValueInputOption",
    "dateTimeRenderOption": "DateTimeRenderOption", "responseValueRenderOption": "ValueRenderOption",
    "responseDateTimeRenderOption": "DateTimeRenderOption", "insertDataOption": "InsertDataOption",
    "commentsViewMode": "CommentsViewMode",
}  # fmt: skip
_BOOLS = {"includeGridData", "includeValuesInResponse", "excludeTablesInBandedRanges"}
_RENDER = {"majorDimension", "valueRenderOption", "dateTimeRenderOption"}
_WRITE = {"valueInputOption", "includeValuesInResponse", "responseValueRenderOption", "responseDateTimeRenderOption"}
_PARAMETERS: Mapping[str, set[str]] = {
    "spreadsheets.get": {"ranges", "includeGridData", "excludeTablesInBandedRanges", "commentsViewMode"},
    "spreadsheets.values.get": _RENDER,
    "spreadsheets.values.batchGet": _RENDER | {"ranges"},
    "spreadsheets.values.update": _WRITE,
    "spreadsheets.values.append": _WRITE | {"insertDataOption"},
}
_INSERT_OPTIONS = ("OVERWRITE", "INSERT_ROWS")


def _camel(name: str) -> str:
    return re.sub(r"_([a-z])", lambda found: found[1].upper(), name)


def _snake(name: str) -> str:
    return re.sub(r"[A-Z]", lambda found: "_" + found[0].lower(), name)


def _enum(name: str, text: str) -> str:
    """The parameter's value, also given by number; the name of the refused field is Google's proto name."""
    known = _INSERT_OPTIONS if name == "insertDataOption" else values_of(_ENUMS[name]) or ()
    if text.isdigit() and int(text) < len(known):
        return known[int(text)]
    if text in known:
        return text
    field = _snake(name)
    kind = f"type.googleapis.com/{PACKAGE}.{_ENUMS[name]}"
    raise field_violations([(field, f"Invalid value at '{field}' ({kind}), \"{text}\"")])


def _bool(name: str, text: str) -> bool:
    if text.lower() in ("true", "1", "false", "0", ""):
        return text.lower() in ("true", "1")
    field = _snake(name)
    raise field_violations([(field, f"Invalid value at '{field}' (TYPE_BOOL), \"{text}\"")])


def _parameters(call: Call, asked: Asked) -> Json:
    """The call's own query parameters, typed; ApiError 400 for one that Google does not know."""
    allowed = _PARAMETERS.get(call.name, set())
    read: Json = {"ranges": []}
    for raw, text in asked.query:
        name = _camel(raw)
        if raw in SYSTEM or name in SYSTEM:
            continue
        if name not in allowed:
            message = (
                f'Invalid JSON payload received. Unknown name "{raw}": Cannot bind query parameter. '
                f"Field '{raw}' could not be found in request message."
            )
            raise field_violations([("", message)])
        if name == "ranges":
            read["ranges"].append(text)
        else:
            read[name] = _bool(name, text) if name in _BOOLS else _enum(name, text)
    return read


def _body(asked: Asked) -> Json:
    """The JSON body as an object; none at all is an empty one."""
    if not asked.body.strip():
        return {}
    try:
        body = orjson.loads(asked.body)
    except orjson.JSONDecodeError as error:
        raise bad_json(asked.body, error) from None
    if not isinstance(body, dict):
        text = 'Invalid JSON payload received. Unknown name "": Root element must be a message.'
        raise field_violations([("", text)])
    return body


def bad_json(body: bytes, error: orjson.JSONDecodeError) -> ApiError:
    """400 for a body that is no JSON, with the place marked as Google marks it."""
    text = body.decode("utf-8", "replace")
    at = min(error.pos, len(text))
    line = text[max(0, at - 20) : at + 20].replace("\n", " ")
    reason = (
        "Unexpected end of string. Expected a value or object." if at >= len(text.rstrip()) else "Unexpected token."
    )
    message = f"Invalid JSON payload received. {reason}\n{line}\n{' ' * min(at, 20)}^"
    return field_violations([("", message)])


def _identify(service: Service, call: Call, asked: Asked) -> str:
    """The asking account; "" reads what is shared with anyone by API key. 401 and 403 as Google words them."""
    bearer = service.bearer(asked)
    if bearer is None:
        if asked.api_key and not call.write:
            return ""
        if asked.api_key:
            message = "API keys are not supported by this API. Expected OAuth2 access token or other authentication"
            raise ApiError(
                401, f"{message} credentials that assert a principal. See https://cloud.google.com/docs/authentication"
            )
        raise ApiError(
            401,
            "Request is missing required authentication credential. Expected OAuth 2 access token, login cookie or "
            f"other valid authentication credential. See {SIGN_IN}.",
        )
    if not bearer.scopes & (oauth.SHEETS_WRITE if call.write else oauth.SHEETS_READ):
        info = {
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
            "domain": "googleapis.com",
            "metadata": {"service": "sheets.googleapis.com"},
        }
        raise ApiError(403, "Request had insufficient authentication scopes.", details=[info])
    return bearer.account


def _by_page(service: Service, asked: Asked) -> bool:
    """Whether a person's own page asks: no API quota counts that, as at Google."""
    bearer = service.bearer(asked)
    return bearer is not None and oauth.PAGE in bearer.scopes


@dataclass(frozen=True, slots=True)
class _Asking:
    """One call, read and permitted: what is needed to do it."""

    service: Service
    caller: Caller
    call: Call
    query: Json
    body: Json
    fields: str | None

    @property
    def engine(self) -> Engine:
        return self.service.engine

    @property
    def sid(self) -> str:
        return self.call.ids[0]


def _create(one: _Asking) -> Any:
    with one.engine.transaction():
        made = one.engine.create(one.caller, one.body)
        file = drive_store.new_file(
            made["spreadsheetId"], drive_store.SPREADSHEET, "", one.caller.account, one.caller.at
        )
        drive_store.add(one.engine.connection, file)
    return made


def _get(one: _Asking) -> Any:
    grid = one.query.get("includeGridData", False)
    account = one.caller.account
    return one.engine.get(
        one.sid, ranges=one.query["ranges"], include_grid_data=grid, fields=one.fields, account=account
    )


def _rendering(one: _Asking) -> dict[str, str | None]:
    names = (("major", "majorDimension"), ("render", "valueRenderOption"), ("datetime_render", "dateTimeRenderOption"))
    return {name: one.query.get(parameter) for name, parameter in names}


def _values_get(one: _Asking) -> Any:
    return one.engine.values_get(one.sid, one.call.ids[1], fields=one.fields, **_rendering(one))


def _values_batch_get(one: _Asking) -> Any:
    return one.engine.values_batch_get(one.sid, one.query["ranges"], fields=one.fields, **_rendering(one))


def _copy_to(one: _Asking) -> Any:
    destination = one.body.get("destinationSpreadsheetId")
    if isinstance(destination, str) and destination:
        one.service.require(destination, one.caller.account, write=True)
    return one.engine.copy_sheet_to(one.caller, one.sid, _int_id(one, "sheet_id"), one.body)


def _int_id(one: _Asking, name: str) -> int:
    """A number in the path; ApiError 400 where it is none."""
    text = one.call.ids[1]
    if not re.fullmatch(r"-?[0-9]{1,10}", text) or not -(2**31) <= int(text) < 2**31:
        raise field_violations([(name, f"Invalid value at '{name}' (TYPE_INT32), \"{text}\"")])
    return int(text)


# Calls whose answer the engine cuts to `fields` itself, because reading less is faster …
_CUT: Mapping[str, Callable[[_Asking], Any]] = {
    "spreadsheets.get": _get,
    "spreadsheets.getByDataFilter": lambda one: one.engine.get_by_data_filter(
        one.sid, one.body, one.fields, one.caller.account
    ),
    "spreadsheets.batchUpdate": lambda one: one.engine.batch_update(one.caller, one.sid, one.body, one.fields),
    "spreadsheets.values.get": _values_get,
    "spreadsheets.values.batchGet": _values_batch_get,
    "spreadsheets.values.batchGetByDataFilter": lambda one: one.engine.values_batch_get_by_data_filter(
        one.sid, one.body, one.fields
    ),
}
# … and those whose whole answer is small: the mask is applied here.
_WHOLE: Mapping[str, Callable[[_Asking], Any]] = {
    "spreadsheets.create": _create,
    "spreadsheets.sheets.copyTo": _copy_to,
    "spreadsheets.developerMetadata.get": lambda one: one.engine.metadata_get(one.sid, _int_id(one, "metadata_id")),
    "spreadsheets.developerMetadata.search": lambda one: one.engine.metadata_search(one.sid, one.body),
    "spreadsheets.values.update": lambda one: one.engine.values_update(
        one.caller, one.sid, one.call.ids[1], one.query, one.body
    ),
    "spreadsheets.values.append": lambda one: one.engine.values_append(
        one.caller, one.sid, one.call.ids[1], one.query, one.body
    ),
    "spreadsheets.values.clear": lambda one: one.engine.values_clear(one.caller, one.sid, one.call.ids[1]),
    "spreadsheets.values.batchUpdate": lambda one: one.engine.values_batch_update(one.caller, one.sid, one.body),
    "spreadsheets.values.batchClear": lambda one: one.engine.values_batch_clear(one.caller, one.sid, one.body),
    "spreadsheets.values.batchUpdateByDataFilter": lambda one: one.engine.values_batch_update_by_data_filter(
        one.caller, one.sid, one.body
    ),
    "spreadsheets.values.batchClearByDataFilter": lambda one: one.engine.values_batch_clear_by_data_filter(
        one.caller, one.sid, one.body
    ),
}


_ANSWERS = {
    "spreadsheets.create": "Spreadsheet",
    "spreadsheets.sheets.copyTo": "SheetProperties",
    "spreadsheets.developerMetadata.get": "DeveloperMetadata",
    "spreadsheets.developerMetadata.search": "SearchDeveloperMetadataResponse",
    "spreadsheets.values.update": "UpdateValuesResponse",
    "spreadsheets.values.append": "AppendValuesResponse",
    "spreadsheets.values.clear": "ClearValuesResponse",
    "spreadsheets.values.batchUpdate": "BatchUpdateValuesResponse",
    "spreadsheets.values.batchClear": "BatchClearValuesResponse",
    "spreadsheets.values.batchUpdateByDataFilter": "BatchUpdateValuesByDataFilterResponse",
    "spreadsheets.values.batchClearByDataFilter": "BatchClearValuesByDataFilterResponse",
}


def _done(one: _Asking) -> Any:
    if one.call.name in _CUT:
        return _CUT[one.call.name](one)
    mask = masks.parse(one.fields)
    masks.check(mask, _ANSWERS[one.call.name], "")  # before anything is written
    return masks.select(mask, _WHOLE[one.call.name](one))


def answer_sheets(service: Service, asked: Asked) -> Answer:
    """Answers anything under /v4; ApiError for a refusal."""
    call = find_call(asked.method, asked.path)
    if call is None:
        return page_not_found(asked.path)
    account = _identify(service, call, asked)
    if not _by_page(service, asked):
        service.quotas.charge(account or "key", call.write, service.clock.now())
    if (asked.first("alt") or asked.first("$alt") or "json") not in ("json", "media"):
        raise bad_request("Invalid alt: only alt=json is supported by this server.")
    query = _parameters(call, asked)
    body = _body(asked) if asked.method in ("POST", "PUT") else {}
    if call.ids:
        service.require(call.ids[0], account, call.write)
        if not service.engine.exists(call.ids[0]):
            raise not_found()
    fields = asked.first("fields") or asked.first("$fields")
    done = _done(_Asking(service, service.caller(account), call, query, body, fields))
    pretty = (asked.first("prettyPrint") or asked.first("$prettyPrint") or "").lower() in ("true", "1")
    return json_answer(done, pretty=pretty)
