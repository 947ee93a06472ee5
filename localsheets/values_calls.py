"""The calls of `spreadsheets.values`: requests decoded, one transaction each, answers in Google's JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson

from . import datafilters, masks, values
from .book import Book
from .decode import decode
from .entering import Write
from .errors import named
from .follow import Json
from .grid import Grid
from .transactions import Caller, Transactions
from .values import Options


class ValuesCalls(Transactions):
    """values.get, update, append, clear and their batches, by A1 range or data filter."""

    def values_get(
        self, sid: str, rng: str, *, major: str | None = None, render: str | None = None,
        datetime_render: str | None = None, fields: str | None = None,
    ) -> Json | bytes:  # fmt: skip
        """GET …/values/{range}: JSON, ready as bytes unless a mask cuts it."""
        how = values.options(major, render, datetime_render)
        return _masked(values.get(self._book(sid), rng, how), fields, "ValueRange")

    def values_batch_get(
        self, sid: str, ranges: Sequence[str], *, major: str | None = None, render: str | None = None,
        datetime_render: str | None = None, fields: str | None = None,
    ) -> Json | bytes:  # fmt: skip
        """GET …/values:batchGet."""
        how = values.options(major, render, datetime_render)
        return _masked(values.batch_get(self._book(sid), ranges, how), fields, "BatchGetValuesResponse")

    def values_batch_get_by_data_filter(self, sid: str, body: Json, fields: str | None = None) -> Json | bytes:
        """POST …/values:batchGetByDataFilter: a value range for each place, with the filters that select it."""
        given = decode("BatchGetValuesByDataFilterRequest", body)
        how = _options(given)
        book = self._book(sid)
        matches = datafilters.matches(book, given.get("dataFilters", ()))
        places = [(match.grid, values.readable(match.grid, match.reference)) for match in matches]
        found = [
            b'{"valueRange":' + read + b',"dataFilters":' + orjson.dumps(match.filters) + b"}"
            for match, read in zip(matches, values.read_each(book, places, how), strict=True)
        ]
        head = orjson.dumps({"spreadsheetId": sid})
        answer = head[:-1] + b',"valueRanges":[' + b",".join(found) + b"]}" if found else head
        return _masked(answer, fields, "BatchGetValuesByDataFilterResponse")

    def values_update(self, caller: Caller, sid: str, rng: str, query: Json, body: Json) -> Json:
        """PUT …/values/{range}. `query`: the URL's parameters by their JSON names."""
        given = values.decoded(body)
        raw = values.input_option(query.get("valueInputOption"))
        how = _response_options(query)

        def work(book: Book, write: Write) -> Json:
            done = values.update(book, rng, given, _as(write, raw))
            return values.update_answer(book, done, _flag(query, "includeValuesInResponse"), how)

        return self._change(caller, sid, work)

    def values_append(self, caller: Caller, sid: str, rng: str, query: Json, body: Json) -> Json:
        """POST …/values/{range}:append."""
        given = values.decoded(body)
        raw = values.input_option(query.get("valueInputOption"))
        insert = values.enum("InsertDataOption", query.get("insertDataOption"), "insert_data_option") == "INSERT_ROWS"
        how = _response_options(query)

        def work(book: Book, write: Write) -> Json:
            table, done = values.append(book, rng, given, insert, _as(write, raw))
            updates = values.update_answer(book, done, _flag(query, "includeValuesInResponse"), how)
            return {"spreadsheetId": sid, **({"tableRange": table} if table else {}), "updates": updates}

        return self._change(caller, sid, work)

    def values_clear(self, caller: Caller, sid: str, rng: str) -> Json:
        """POST …/values/{range}:clear."""
        return self._change(
            caller,
            sid,
            lambda book, write: {"spreadsheetId": sid, "clearedRange": _clear(book, book.resolve(rng), write)},
        )

    def values_batch_update(self, caller: Caller, sid: str, body: Json) -> Json:
        """POST …/values:batchUpdate."""
        given = decode("BatchUpdateValuesRequest", body)
        raw = values.input_option(given.get("valueInputOption"))

        def work(book: Book, write: Write) -> Json:
            done = []
            for i, one in enumerate(given.get("data", ())):
                with named(f"data[{i}]"):
                    done.append(values.update(book, one.get("range", ""), {**one, "range": ""}, _as(write, raw)))
            return _batch_answer(book, done, given)

        return self._change(caller, sid, work)

    def values_batch_clear(self, caller: Caller, sid: str, body: Json) -> Json:
        """POST …/values:batchClear."""
        given = decode("BatchClearValuesRequest", body)

        def work(book: Book, write: Write) -> Json:
            cleared = []
            for i, text in enumerate(given.get("ranges", ())):
                with named(f"range[{i}]"):
                    cleared.append(_clear(book, book.resolve(text), write))
            return {"spreadsheetId": sid, **({"clearedRanges": cleared} if cleared else {})}

        return self._change(caller, sid, work)

    def values_batch_update_by_data_filter(self, caller: Caller, sid: str, body: Json) -> Json:
        """POST …/values:batchUpdateByDataFilter."""
        given = decode("BatchUpdateValuesByDataFilterRequest", body)
        raw = values.input_option(given.get("valueInputOption"))

        def work(book: Book, write: Write) -> Json:
            done, filters = [], []
            for i, one in enumerate(given.get("data", ())):
                with named(f"data[{i}]"):
                    rows = values.body_values(one)
                    for grid, reference in datafilters.places(book, one.get("dataFilter", {}), i):
                        done.append(values.put(book, grid, values.target(grid, reference, rows), rows, _as(write, raw)))
                        filters.append(one.get("dataFilter", {}))
            answer = _batch_answer(book, done, given)
            for response, one in zip(answer.get("responses", ()), filters, strict=True):
                response.pop("spreadsheetId")
                response["dataFilter"] = one
            return answer

        return self._change(caller, sid, work)

    def values_batch_clear_by_data_filter(self, caller: Caller, sid: str, body: Json) -> Json:
        """POST …/values:batchClearByDataFilter."""
        given = decode("BatchClearValuesByDataFilterRequest", body)

        def work(book: Book, write: Write) -> Json:
            found = datafilters.matches(book, given.get("dataFilters", ()))
            cleared = [_clear(book, (match.grid, match.reference), write) for match in found]
            return {"spreadsheetId": sid, **({"clearedRanges": cleared} if cleared else {})}

        return self._change(caller, sid, work)


def _masked(answer: bytes, fields: str | None, message: str) -> Json | bytes:
    mask = masks.parse(fields)
    masks.check(mask, message, "")
    if not mask.children:
        return answer
    selected: Json = masks.select(mask, orjson.loads(answer))
    return selected


def _options(given: Json) -> Options:
    return values.options(
        given.get("majorDimension"), given.get("valueRenderOption"), given.get("dateTimeRenderOption")
    )


def _response_options(query: Json) -> Options:
    return values.options(None, query.get("responseValueRenderOption"), query.get("responseDateTimeRenderOption"))


def _flag(query: Json, name: str) -> bool:
    return str(query.get(name, "")).lower() in ("true", "1")


def _as(write: Write, raw: bool) -> Write:
    return Write(write.account, write.at, write.journal, raw)


def _clear(book: Book, found: tuple[Grid, Any], write: Write) -> str:
    grid, reference = found
    return values.clear(book, grid, values.readable(grid, reference), write)


def _batch_answer(book: Book, done: list[values.Written], given: Json) -> Json:
    """The totals and the response of each range of a batch of updates."""
    include = given.get("includeValuesInResponse", False)
    how = values.options(None, given.get("responseValueRenderOption"), given.get("responseDateTimeRenderOption"))
    rows = {(one.grid.key, r) for one in done for r in range(one.box.top, one.box.top + one.rows)}
    columns = {(one.grid.key, c) for one in done for c in range(one.box.left, one.box.left + one.columns)}
    totals = {
        "totalUpdatedRows": len(rows), "totalUpdatedColumns": len(columns),
        "totalUpdatedCells": sum(one.cells for one in done),
        "totalUpdatedSheets": len({one.grid.key for one in done if one.cells}),
    }  # fmt: skip
    out: Json = {"spreadsheetId": book.id, **{key: value for key, value in totals.items() if value}}
    if done:
        out["responses"] = [values.update_answer(book, one, include, how) for one in done]
    return out
