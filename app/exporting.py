"""The list of leads as a file: exactly what is shown (filters, order, columns), all of its pages.

csv is written for spreadsheets: UTF-8 with a mark, and a cell that a spreadsheet could take for a formula begins with
an apostrophe (OWASP, "CSV Injection"). xlsx cells are typed: text is text, whatever it begins with.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import IO
from urllib.parse import parse_qsl

import xlsxwriter
from flask import Blueprint, Response, request, send_file
from sqlalchemy import Connection
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound

from app import asking
from app.asking import Asked
from app.database import config, reading, today
from app.forms import my_name
from app.leads import my_columns
from app.list_columns import COLUMNS, ListColumn
from app.signin import signed_in
from app.words import value as word
from core import phones
from core.book import split_phones
from core.config import Config
from core.fields import BY_NAME, Kind
from core.model import Lead, Value
from store import mirror, search
from store.search import LeadQuery

blueprint = Blueprint("exporting", __name__)

_ALWAYS = ("full_name", "child_name", "child_age")
_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")
_LONGEST_CELL = 32_767  # characters, Excel's
_WIDTHS = {"full_name": 26, "email": 28, "notes": 60, "status": 18, "lead_source": 18}


@blueprint.get("/leads/export.<kind>")
@signed_in
def listing(kind: str) -> Response:
    """The list that the address asks for, as xlsx or csv."""
    asked = asking.parse(reading(), request.args)
    fields = fields_of(my_columns())
    leads = leads_of(reading(), query_of(asked))
    name = f"leads-{today():%d-%m-%Y}.{kind}"
    if kind not in ("csv", "xlsx"):
        raise NotFound
    file = tempfile.TemporaryFile()  # noqa: SIM115  # closed by the response when it is sent
    write(file, kind, leads, fields, config())
    file.seek(0)
    return send_file(file, download_name=name, as_attachment=True, max_age=0)


def query_of(asked: Asked) -> LeadQuery:
    return asked.query(today(), config().timezone, my_name())


def fields_of(columns: Sequence[ListColumn]) -> tuple[str, ...]:
    """The fields of a file: who it is, then the columns of the list."""
    return tuple(dict.fromkeys((*_ALWAYS, *(column.name for column in columns))))


def write(file: IO[bytes], kind: str, leads: Iterable[Lead], fields: Sequence[str], config: Config) -> None:
    """The leads as a file of this kind, "csv" or "xlsx"."""
    if kind == "csv":
        file.writelines(csv_lines(leads, fields, config))
    else:
        write_xlsx(file, leads, fields, config)


def export(path: Path, conn: Connection, asked: str, config: Config, day: date) -> int:
    """Writes the leads that an address of the list asks for (its part after the "?"; "" for all) with every column to a
    file, whole or not at all; how many there were. Raises `app.errors.Refused` for what cannot be meant."""
    query = asking.parse(conn, MultiDict(parse_qsl(asked.rpartition("?")[2]))).query(day, config.timezone)
    counted = search.count(conn, query)
    draft = path.with_name(f".{path.name}.part")
    try:
        with draft.open("wb") as file:
            write(file, path.suffix[1:].lower(), leads_of(conn, query), fields_of(COLUMNS), config)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return counted


def leads_of(conn: Connection, query: LeadQuery) -> Iterator[Lead]:
    """All leads that the query finds, in its order, never more than a page of them in memory."""
    for ids in search.found_ids(conn, query):
        yield from mirror.leads(conn, ids)


def csv_lines(leads: Iterable[Lead], fields: Sequence[str], config: Config) -> Iterator[bytes]:
    """A csv file, some hundred lines at a time."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    out.write("\ufeff")  # Excel takes UTF-8 for what it is only with this mark
    writer.writerow([BY_NAME[name].label for name in fields])
    for number, lead in enumerate(leads, 1):
        writer.writerow([harmless(text(name, lead, config)) for name in fields])
        if number % 500 == 0:
            yield _taken(out)
    yield _taken(out)


def _taken(out: io.StringIO) -> bytes:
    told = out.getvalue().encode("utf-8", "replace")
    out.seek(0)
    out.truncate()
    return told


def harmless(words: str) -> str:
    """The words as a csv cell that no spreadsheet computes."""
    return f"'{words}" if words.startswith(_RISKY) or words.lstrip().startswith(_RISKY) else words


def text(name: str, lead: Lead, config: Config) -> str:
    """A field's value as the list shows it, unclipped."""
    canonical: Value = getattr(lead, name)
    if BY_NAME[name].kind in (Kind.PHONE, Kind.PHONES):
        return ", ".join(phones.display(phone, config) for phone in split_phones(canonical))
    return word(canonical, config.timezone)


def write_xlsx(file: IO[bytes] | Path, leads: Iterable[Lead], fields: Sequence[str], config: Config) -> int:
    """A workbook of one sheet, row after row to the disk; how many leads it has."""
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(file, {"constant_memory": True, **plain})
    sheet, head = book.add_worksheet("Leads"), book.add_format({"bold": True})
    formats: dict[type, object] = {
        date: book.add_format({"num_format": "dd-mm-yyyy"}),
        datetime: book.add_format({"num_format": "dd-mm-yyyy hh:mm"}),
    }
    sheet.freeze_panes(1, 0)
    for at, name in enumerate(fields):
        sheet.set_column(at, at, _WIDTHS.get(name, 14))
        sheet.write_string(0, at, BY_NAME[name].label, head)
    row = 0
    for row, lead in enumerate(leads, 1):
        for at, name in enumerate(fields):
            _write_cell(sheet, row, at, getattr(lead, name), text(name, lead, config), config, formats)
    sheet.autofilter(0, 0, row, len(fields) - 1)
    book.close()
    return row


def _write_cell(
    sheet: xlsxwriter.worksheet.Worksheet,
    row: int,
    at: int,
    canonical: Value,
    words: str,
    config: Config,
    formats: dict[type, object],
) -> None:
    if isinstance(canonical, datetime):
        sheet.write_datetime(row, at, canonical.astimezone(config.timezone).replace(tzinfo=None), formats[datetime])
    elif isinstance(canonical, date):
        sheet.write_datetime(row, at, canonical, formats[date])
    elif isinstance(canonical, int | float) and not isinstance(canonical, bool):
        sheet.write_number(row, at, canonical)
    elif words:
        sheet.write_string(row, at, words[:_LONGEST_CELL])
