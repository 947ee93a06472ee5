"""The list as a file: exactly what is shown, in its order, and harmless to open."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from python_calamine import load_workbook
from sqlalchemy import Engine

from app.errors import Refused
from app.exporting import export, harmless
from store import users, views
from store.config import default_config
from tests.app.book import TODAY, fill, lead, put


def csv_rows(answer: bytes) -> list[list[str]]:
    text = answer.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def xlsx_rows(answer: bytes) -> list[list[object]]:
    return [list(row) for row in load_workbook(io.BytesIO(answer)).get_sheet_by_index(0).to_python()]


def test_both_kinds_have_what_is_shown_in_its_order(client: FlaskClient, engine: Engine) -> None:
    fill(engine, 1_203)
    address = "?status=Interested&status=Member&sort=-full_name"
    shown = csv_rows(client.get("/leads/export.csv" + address).data)
    assert shown[0][:5] == ["Name", "Child", "Child's age", "Phone", "Status"]
    names = [row[0] for row in shown[1:]]
    assert len(names) == 363  # one of them by an edit on its way
    assert names == sorted(names, key=str.lower, reverse=True)
    book = xlsx_rows(client.get("/leads/export.xlsx" + address).data)
    assert [row[0] for row in book] == [row[0] for row in shown]
    assert [str(row[3]) for row in book] == [row[3] for row in shown]


def test_the_columns_are_those_of_the_person(client: FlaskClient, book: Engine) -> None:
    with book.begin() as conn:
        views.choose(conn, users.all_users(conn)[0].user_id, "leads.columns", "city,next_follow_up,lead_id")
    rows = csv_rows(client.get("/leads/export.csv?q=0102").data)
    assert rows == [
        ["Name", "Child", "Child's age", "Next follow-up", "City", "Lead id"],
        ["Farah Siddiqui", "Zoya", "4", "22-11-2026", "Delhi", "LTEST00002"],
    ]


@pytest.mark.parametrize("bad", ["=1+1", "+1", "-2+3", "@SUM(A1)", "\t=1", " =1", "\r=1", '=HYPERLINK("x")', "\n@x"])
def test_a_cell_is_never_a_formula(client: FlaskClient, engine: Engine, bad: str) -> None:
    assert harmless(bad).startswith("'")
    with engine.begin() as conn:
        put(conn, [lead(0, full_name=bad, lead_source=bad, city=bad)])
    row = csv_rows(client.get("/leads/export.csv").data)[1]
    assert not any(cell.lstrip().startswith(("=", "+", "-", "@")) for cell in row)
    answer = client.get("/leads/export.xlsx")
    assert xlsx_rows(answer.data)[1][0] == bad.replace("\r", "\r")
    assert str(answer.mimetype).endswith("spreadsheetml.sheet")


def test_text_that_is_none_stays_as_it_is() -> None:
    assert [harmless(text) for text in ("O'Brien", "(981) 555-0102", "", "a=b", "अनु")] == [
        "O'Brien", "(981) 555-0102", "", "a=b", "अनु",
    ]  # fmt: skip


def test_long_cells_an_empty_list_and_bad_addresses(client: FlaskClient, engine: Engine) -> None:
    assert len(csv_rows(client.get("/leads/export.csv").data)) == 1
    assert len(xlsx_rows(client.get("/leads/export.xlsx").data)) == 1
    with engine.begin() as conn:
        put(conn, [lead(0, lead_source="ä" * 50_000, full_name=None)])
    assert len(str(xlsx_rows(client.get("/leads/export.xlsx").data)[1][-1])) == 32_767
    assert client.get("/leads/export.pdf").status_code == 404
    assert client.get("/leads/export.csv?score_from=x").status_code == 400


def test_a_file_of_the_command_is_whole_or_not_there(book: Engine, tmp_path: Path) -> None:
    with book.connect() as conn:
        for name in ("all.csv", "all.xlsx"):
            assert export(tmp_path / name, conn, "", default_config(), TODAY) == 38
        some = tmp_path / "some.csv"
        assert export(some, conn, "/leads?status=Member&overdue=0", default_config(), TODAY) == 4
        assert len(csv_rows(some.read_bytes())) == 5
        with pytest.raises(Refused):
            export(tmp_path / "bad.csv", conn, "score_from=x", default_config(), TODAY)
        with pytest.raises(OSError, match="No such file"):
            export(tmp_path / "nowhere" / "x.csv", conn, "", default_config(), TODAY)
    assert sorted(one.name for one in tmp_path.iterdir() if one.suffix in (".csv", ".xlsx", ".part")) == [
        "all.csv", "all.xlsx", "some.csv",
    ]  # fmt: skip
