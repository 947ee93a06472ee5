"""What went along with names that changed places is told from what people type meanwhile."""

from __future__ import annotations

from dataclasses import replace

from core.along import WHOLE, went_along
from core.model import Lead

BOOK = {
    f"L{n}": Lead(
        f"L{n}",
        full_name=f"Person {n}",
        phone_number=f"+91981550000{n}",
        city=f"City {n % 2}",
        status="Interested" if n == 5 else "New Lead",
        source_key=f"1:{n}",
        notes="owes 50" if n == 3 else None,
        extra={"Remarks": f"Own {n}"},
    )
    for n in range(6)
}
ORDER = dict(zip(BOOK, ["L1", "L2", "L3", "L4", "L5", "L0"], strict=True))  # whose name each has now


def names_moved(*along: str) -> dict[str, Lead]:
    """Names and phones were sorted away, and these columns with them."""
    made = {}
    for lead_id, whose in ORDER.items():
        moved = {
            name: getattr(BOOK[whose], name) for name in ("full_name", "phone_number", *along) if name != "Remarks"
        }
        extra = BOOK[whose if "Remarks" in along else lead_id].extra
        made[lead_id] = replace(BOOK[lead_id], **moved, extra=extra)
    return made


def ids_moved() -> dict[str, Lead]:
    return {lead_id: replace(BOOK[whose], lead_id=lead_id) for lead_id, whose in ORDER.items()}


def test_ids_that_went_leave_whole_rows() -> None:
    assert went_along(BOOK, ids_moved()) == dict.fromkeys(BOOK, WHOLE)
    assert went_along({"L2": BOOK["L2"]}, {"L2": ids_moved()["L2"]}, [BOOK["L3"]]) == {"L2": WHOLE}, "of another look"


def test_a_row_that_somebody_types_into_is_still_whole_but_for_its_id() -> None:
    typed = ids_moved()
    typed["L2"] = replace(typed["L2"], notes="called today")
    assert went_along(BOOK, typed) == dict.fromkeys(BOOK, WHOLE)


def test_columns_that_went_along_are_named() -> None:
    assert went_along(BOOK, names_moved("city")) == dict.fromkeys(BOOK, ("city",))
    assert went_along(BOOK, names_moved("Remarks")) == dict.fromkeys(BOOK, ("Remarks",))


def test_of_names_alone_nothing_went_along() -> None:
    assert went_along(BOOK, names_moved()) == {}
    assert went_along(BOOK, BOOK) == {}, "they say again what they said"
    assert went_along({}, {}) == {}


def test_what_people_type_meanwhile_did_not_go_along() -> None:
    typed = names_moved()
    typed["L4"] = replace(typed["L4"], status="Interested")  # as the lead whose name it has now
    assert went_along(BOOK, typed) == {}
    assert went_along({"L4": BOOK["L4"]}, {"L4": typed["L4"]}, [BOOK["L5"]]) == {}
