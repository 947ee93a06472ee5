"""Encodings and delimiters of text tables, told from the bytes alone."""

from __future__ import annotations

import codecs

import pytest

from sync.text_tables import UnreadableFile, decoded, delimiter_of, read_table

TABLE = "Name;Mobile;Notes\nJosé Álvarez;9815500001;Zoë D’Souza – twins\n"
ROWS = (("Name", "Mobile", "Notes"), ("José Álvarez", "9815500001", "Zoë D’Souza – twins"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_encodings(encoding: str) -> None:
    assert read_table(TABLE.encode(encoding), "a.csv") == ROWS


def test_one_short_word_of_windows_is_read_as_windows_writes_it() -> None:
    assert decoded("Ana Núñez".encode("cp1252"), "a.csv") == "Ana Núñez"


def test_a_file_of_two_programs_is_read_line_by_line() -> None:
    raw = "Name\nरिया\n".encode() + "José\n".encode("cp1252")
    assert decoded(raw, "a.csv") == "Name\nरिया\nJosé\n"


def test_text_decoded_wrongly_before_is_put_right() -> None:
    assert decoded("Renée".encode().decode("cp1252").encode(), "a.csv") == "Renée"


@pytest.mark.parametrize("raw", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\xff\0\0\0\x80", codecs.BOM_UTF16_LE + b"a"])
def test_what_is_no_text_is_refused_by_name(raw: bytes) -> None:
    with pytest.raises(UnreadableFile, match=r"a\.csv"):
        read_table(raw, "a.csv")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_that_makes_even_rows(delimiter: str) -> None:
    address = "Flat 1, MG Road; near the park | back gate".replace(delimiter, " ")
    rows = [("Bumuk, leads; 2026",), *[(f"Asha {n}", "9815500001", address, "x") for n in range(5)]]
    assert delimiter_of("\n".join(delimiter.join(row) for row in rows)) == delimiter


def test_excels_own_word_about_the_delimiter_is_heeded_and_is_no_row() -> None:
    assert read_table(b"sep=|\r\nName|Mobile\r\nAsha|9815500001\r\n", "a.csv")[0] == ("Name", "Mobile")


@pytest.mark.parametrize(
    "rows",
    [
        'Asha,"Flat 1, MG Road\n"Ravi",Goa\nKabir,Pune\n',  # the next mark closes it, and a row is gone
        'Asha,"Flat 1, MG Road\nRavi,Goa\nKabir,Pune\n',  # nothing closes it
    ],
)
def test_a_quotation_mark_that_nobody_closes_takes_no_rows_with_it(rows: str) -> None:
    with pytest.raises(UnreadableFile, match=r"a\.csv, lines 2 to \d: the quotation marks do not match"):
        read_table(f"Name,Address\n{rows}".encode(), "a.csv")


def test_quotation_marks_of_people_and_cells_of_several_lines_are_read() -> None:
    text = 'Name,Notes\r\n"Bunty" Rao,"6" tall"\r\nAsha 5\'2",x\r\nRavi,"says ""yes"",\r\ncomes\non Monday"\r\n'
    assert read_table(text.encode(), "a.csv")[1:] == (
        ("Bunty Rao", '6 tall"'),
        ("Asha 5'2\"", "x"),
        ("Ravi", 'says "yes",\r\ncomes\non Monday'),
    )
