"""Names: sensible case, children and their ages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model import Cell
from core.names import Child, all_told, children, clear, has_age, looks_like_name, parse, parse_age, recase


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("JOHN DOE", "John Doe"),
        ("john doe", "John Doe"),
        ("McDonald", "McDonald"),
        ("O'Brien", "O'Brien"),
        ("MCDONALD", "McDonald"),
        ("o'brien", "O'Brien"),
        ("Prince Kumar", "Prince Kumar"),
        ("PRINCE KUMAR", "Prince Kumar"),
        ("MR. RAJESH KUMAR", "Mr. Rajesh Kumar"),
        ("A.P.J. ABDUL KALAM", "A.P.J. Abdul Kalam"),
        ("k r narayanan", "K R Narayanan"),
        ("SK SHARMA", "SK Sharma"),
        ("MD IMRAN", "Md Imran"),
        ("anne-marie", "Anne-Marie"),
        ("D'SOUZA", "D'Souza"),
        ("d’souza", "D’Souza"),
        ("RAVI S/O MOHAN", "Ravi s/o Mohan"),
        ("de Souza", "de Souza"),
        ("रिया शर्मा", "रिया शर्मा"),
        ("ரியா", "ரியா"),
        ("  Asha   Rao ", "Asha Rao"),
        ("Asha\u00a0Rao", "Asha Rao"),
        ("Asha Rao,", "Asha Rao"),
        ("JOSÉ", "José"),
        ("JOHN SMITH III", "John Smith III"),
        ("dr. meera", "Dr. Meera"),
        ("Dr. ASHA RAO", "Dr. Asha Rao"),
        ("mrs. ASHA RAO", "Mrs. Asha Rao"),
        ("Smt. asha rao", "Smt. Asha Rao"),
        ("Mr McDonald", "Mr McDonald"),
        ("Riya SHARMA", "Riya Sharma"),
        ("riya Sharma", "Riya Sharma"),
        ("rIYA sHARMA", "Riya Sharma"),
        ("van der Berg", "van der Berg"),
        ("KSRM Rao", "KSRM Rao"),
        ("Riya!", "Riya"),
        ("=Riya.", "Riya"),
        ("Rao K.S.", "Rao K.S."),
        ("Riya 😊", "Riya"),
        ("PRIYA'S MOM", "Priya's Mom"),
    ],
)
def test_names(typed: str, name: str) -> None:
    assert parse(typed) == name


@pytest.mark.parametrize("cell", [None, "", "-", "NA", "n/a", "  ", ".", "nil"])
def test_blank_names(cell: Cell) -> None:
    assert parse(cell) is None


@given(st.text())
def test_naming_twice_is_naming_once(text: str) -> None:
    name = parse(text)
    if name is not None and name.isascii():
        assert parse(name) in (name, None)
    assert recase(recase(text)) == recase(text) or not text.isascii()


@given(st.text(alphabet="abcdefgXYZ MCmc'\u00a0,-\t"))
def test_the_quick_way_is_the_same(text: str) -> None:
    assert clear(text) in (None, parse(text))


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("Emma (8 years)", [("Emma", 8)]),
        ("Aarav (5yr) & Anaya (3yr)", [("Aarav", 5), ("Anaya", 3)]),
        ("Ria - age 7", [("Ria", 7)]),
        ("Ria, 7", [("Ria", 7)]),
        ("Ria 7 yrs 6 months", [("Ria", 7)]),
        ("Ria 7", [("Ria", 7)]),
        ("Ria(7)", [("Ria", 7)]),
        ("Ria-7yrs", [("Ria", 7)]),
        ("RIA, 7 YEARS OLD", [("Ria", 7)]),
        ("Ria: 7", [("Ria", 7)]),
        ("Ria aged 7", [("Ria", 7)]),
        ("Ria (age: 7)", [("Ria", 7)]),
        ("Ria (18 months)", [("Ria", 1)]),
        ("Ria", [("Ria", None)]),
        ("Aarav 5, Anaya 3", [("Aarav", 5), ("Anaya", 3)]),
        ("Aarav (5), Anaya (3)", [("Aarav", 5), ("Anaya", 3)]),
        ("Aarav and Anaya", [("Aarav", None), ("Anaya", None)]),
        ("Aarav (5 years)\nAnaya (3 years)", [("Aarav", 5), ("Anaya", 3)]),
        ("1. Aarav (5) 2. Anaya (3)", [("Aarav", 5), ("Anaya", 3)]),
        ("रिया (७ साल)", [("रिया", 7)]),
        ("Ria Sharma (7+ years)", [("Ria Sharma", 7)]),
        ("Ria [7]", [("Ria", 7)]),
        ("Ria (8+)", [("Ria", 8)]),
        ("Ria 7.5 years", [("Ria", 7)]),
        ("Ria 7y", [("Ria", 7)]),
        ("Aarav - 5 years and Anaya - 3 years", [("Aarav", 5), ("Anaya", 3)]),
        ("Ria / 7 years", [("Ria", 7)]),
        ("Aarav", [("Aarav", None)]),
        ("-", []),
        (None, []),
        (7, []),
        ("Kabir (UKG)", [("Kabir", None)]),
        ("Kabir, Grade 2", [("Kabir", None)]),
        ("Ria, 7 years, Class 2", [("Ria", 7)]),
        ("Ria 7/F", [("Ria", 7)]),
        ("Ria (7 yrs, girl)", [("Ria", 7)]),
        ("Ria (DOB 12/05/2018)", [("Ria", None)]),
        ("Ria (8 years), Parent: Asha", [("Ria", 8)]),
        ("Ria is 9 years old", [("Ria", 9)]),
        ("8 yrs Ria", [("Ria", 8)]),
        ("Name: Ria Age: 7", [("Ria", 7)]),
        ("1) Ria 7 2) Aarav 5", [("Ria", 7), ("Aarav", 5)]),
        ("Ria & Aarav (twins, 5)", [("Ria", 5), ("Aarav", 5)]),
        ("Ria (seven years)", [("Ria", 7)]),
        ("Ria 6-7 yrs", [("Ria", 7)]),
        ("ரியா (7 வயது)", [("ரியா", 7)]),
        ("Ria, Aarav & Kabir", [("Ria", None), ("Aarav", None), ("Kabir", None)]),
        ("Ria 😊 7", [("Ria", 7)]),
        ("Kabir s/o Ravi", [("Kabir s/o Ravi", None)]),
        ("Kabir: 5 Myra: 3", [("Kabir", 5), ("Myra", 3)]),
        ("twins Aarav and Anaya", [("Aarav", None), ("Anaya", None)]),
        ("Aarav, Anaya", [("Aarav", None), ("Anaya", None)]),
        ("Sandhya (4 yrs), Anand (6 yrs)", [("Sandhya", 4), ("Anand", 6)]),
        ("Aarav & Anaya (5 & 3)", [("Aarav", 5), ("Anaya", 3)]),
        ("Aarav and Anaya, 5 and 3 years", [("Aarav", 5), ("Anaya", 3)]),
        ("Aarav/Anaya 5/3", [("Aarav", 5), ("Anaya", 3)]),
        ("Aarav Rao, Anaya Rao & Kabir - 9 yrs, 5 yrs, 3 yrs", [("Aarav Rao", 9), ("Anaya Rao", 5), ("Kabir", 3)]),
        ("आरव और अनाया (५ और ३)", [("आरव", 5), ("अनाया", 3)]),
        ("Aarav, Anaya, Kabir (5 & 3)", [("Aarav", None), ("Anaya", None), ("Kabir", None)]),
        ("Ravi and Ria 42 and 8", [("Ravi", None), ("Ria", 8)]),
        ("Aarav (5) & Anaya (3)", [("Aarav", 5), ("Anaya", 3)]),
        ("Aarav 5 and 3 months", [("Aarav", 5)]),
    ],
)
def test_children(cell: Cell, found: list[tuple[str, int | None]]) -> None:
    assert children(cell) == tuple(Child(name, age) for name, age in found)


@pytest.mark.parametrize(
    ("cell", "age"),
    [
        (8, 8),
        (8.0, 8),
        ("8", 8),
        ("8 years", 8),
        ("8yrs", 8),
        ("7 yrs 6 months", 7),
        ("18 months", 1),
        ("5.5", 5),
        ("5+", 5),
        ("five", 5),
        ("Age 6", 6),
        ("6 years old", 6),
        ("४", 4),
        ("35", None),
        ("Class 3", None),
        ("4-6", None),
        ("", None),
        (None, None),
        (2019, None),
        ("3rd", None),
        (-4, 4),
        (True, None),
    ],
)
def test_ages(cell: Cell, age: int | None) -> None:
    assert parse_age(cell) == age


def test_a_name_with_an_age_is_a_child() -> None:
    assert has_age("Emma (8 years)")
    assert not has_age("Emma Watson")
    assert not has_age("Building 7")
    assert not looks_like_name("9876543210")
    assert not looks_like_name("asha@example.org")


@given(
    st.one_of(
        st.text(), st.integers(), st.floats(), st.booleans(), st.none(), st.from_regex(r"[A-Za-z &,()\-0-9yrs]{0,40}")
    )
)
def test_any_cell_is_read(cell: Cell) -> None:
    for child in children(cell):
        assert child.name
        assert child.age is None or 0 <= child.age <= 18
    assert parse_age(cell) is None or 0 <= (parse_age(cell) or 0) <= 18


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("Ria (7)", True),
        ("Ria", True),
        ("Aarav (5yr) & Anaya (3yr)", True),
        ("Ria (Class 2)", False),
        ("Ria (18 months)", False),
        ("Ria 2.5 years", False),
        ("Ria Sharma, 7 & 9", False),
        ("Ria 2018", False),
    ],
)
def test_what_is_more_than_names_and_ages_is_seen(cell: Cell, told: bool) -> None:
    assert all_told(cell, children(cell)) is told
