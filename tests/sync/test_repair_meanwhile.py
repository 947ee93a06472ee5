"""People go on between a write that went astray and its repair: ids are sorted away, headers gone, words typed over."""

from __future__ import annotations

import contextlib

import pytest

from store import issues
from sync import searching
from sync.errors import SheetsProblem
from sync.link import Link
from tests.sync.conftest import ROWS, Book, Desk
from tests.sync.test_outgoing import change, enqueue
from tests.sync.test_repair import Gone, book, edit, meddle, row, rows, sort

__all__ = ["book"]


def die_when_sent(desk: Desk, link: Link) -> None:
    """A cycle that ends as soon as its write has gone out."""
    die_at(desk, link, "sent")


def die_at(desk: Desk, link: Link, step: str) -> None:
    """A cycle that ends at a step."""

    def fall(name: str) -> None:
        if name == step:
            raise Gone

    link.step = fall
    with pytest.raises(Gone):
        desk.cycle(link)
    link.step = lambda name: None


def gone_astray(book: Book) -> int:
    """An edit of the first lead's city that comes to another row, and of which nobody hears. That row, from 1."""
    desk, link, master = book
    edit(link, [next(iter(rows(desk)))])
    meddle(desk, link, sort(master, 2, "des"))
    die_when_sent(desk, link)
    return master.col_values(5).index("Token0") + 1


def test_what_somebody_types_into_a_cell_that_is_just_put_right_stays(book: Book) -> None:
    desk, link, master = book
    before = rows(desk)
    edit(link, [next(iter(before))])
    typed: list[str] = []

    def over() -> None:
        place = master.col_values(5).index("Token0") + 1
        typed.append(str(master.acell(f"A{place}").value))
        master.update_acell(f"E{place}", "Typed")

    client = meddle(desk, link, sort(master, 2, "des"), over)
    for _ in range(4):
        with contextlib.suppress(SheetsProblem):
            desk.cycle(link)
    assert not client.deeds
    assert typed != [next(iter(before))]
    assert rows(desk)[typed[0]][0] == "Typed"
    assert rows(desk)[next(iter(before))][0] == "Token0"
    assert desk.cycle(link).writes == 0


def test_one_word_of_ours_in_the_ids_of_two_leads_gives_each_its_own_id_back(book: Book) -> None:
    """The column of ids was moved to where that of cities had been."""
    desk, link, master = book
    before = rows(desk)
    ours = sorted(before)[:2]
    enqueue(link, *(change(n, lead, city=(before[lead][0], "Kochi")) for n, lead in enumerate(ours)))
    source = {"sheetId": master.id, "dimension": "COLUMNS", "startIndex": 0, "endIndex": 1}
    moved = {"moveDimension": {"source": source, "destinationIndex": 5}}
    client = meddle(desk, link, lambda: desk.book.batch_update({"requests": [moved]}))
    for _ in range(4):
        with contextlib.suppress(SheetsProblem):
            desk.cycle(link)
    assert not client.deeds
    assert rows(desk) == {lead: ("Kochi" if lead in ours else city, own) for lead, (city, own) in before.items()}
    assert desk.cycle(link).writes == 0


@pytest.mark.parametrize("last", ["E", "F"])
def test_what_is_sorted_away_from_the_ids_while_it_is_put_right_is_named(book: Book, last: str) -> None:
    """Nobody can tell a sort of a column or two from words that somebody typed."""
    desk, link, master = book
    first = next(iter(rows(desk)))
    edit(link, [first])
    taken: list[str] = []

    def sort_cities() -> None:
        taken.append("City" + str(master.cell(master.col_values(5).index("Token0") + 1, 6).value).removeprefix("Own"))
        master.sort((5, "asc"), range=f"E2:{last}{ROWS}")  # type: ignore[arg-type]

    client = meddle(desk, link, sort(master, 2, "des"), sort_cities)
    for _ in range(4):
        with contextlib.suppress(SheetsProblem):
            desk.cycle(link)
    assert not client.deeds
    assert rows(desk)[first][0] == "Token0"
    assert taken[0] not in desk.column("city")
    with link.engine.connect() as conn:
        (told,) = [one.issue.reason for one in issues.page(conn, 50).items]
    assert told.endswith(f"was moved while the app wrote: a cell of it should say “{taken[0]}”")
    assert desk.cycle(link).writes == 0


@pytest.mark.parametrize("cleared", ["id", "id and name"])
def test_a_row_that_loses_its_id_while_it_is_put_right_is_put_right(book: Book, cleared: str) -> None:
    desk, link, master = book
    edit(link, [next(iter(rows(desk)))])

    def clear() -> None:
        place = master.col_values(5).index("Token0") + 1
        master.batch_clear([f"A{place}"] if cleared == "id" else [f"A{place}:B{place}"])

    client = meddle(desk, link, sort(master, 2, "des"), clear)
    for _ in range(4):
        with contextlib.suppress(SheetsProblem):
            desk.cycle(link)
    assert not client.deeds
    cities = {row["Remarks"]: row["city"] for row in desk.master() if row["Remarks"]}
    assert cities == {"Own0": "Token0"} | {f"Own{n}": f"City{n}" for n in range(1, ROWS)}
    assert desk.cycle(link).writes == 0


@pytest.mark.parametrize("copied", ["", "before the write", "and typed over"])
def test_a_row_whose_id_was_cleared_gets_its_words_back(book: Book, copied: str) -> None:
    desk, link, master = book
    before = rows(desk)
    edit(link, list(before)[:1])
    *_, victim = before

    def copy() -> None:
        place = master.col_values(1).index(victim) + 1
        master.copy_range(f"A{place}:AD{place}", f"A{ROWS + 2}")

    def move() -> None:
        if copied == "before the write":
            copy()
        sort(master, 2, "des")()

    meddle(desk, link, move)
    die_when_sent(desk, link)
    place = master.col_values(5).index("Token0") + 1
    assert master.row_values(place)[0] == victim
    if copied == "and typed over":  # the copy is the lead now, and says what somebody typed
        copy()
        master.update_acell(f"E{ROWS + 2}", "Typed")
    master.batch_clear([f"A{place}"])
    for _ in range(3):
        with contextlib.suppress(SheetsProblem):
            desk.cycle(link)
    wanted = sorted(["Token0", *(f"City{n}" for n in range(1, ROWS))])
    theirs = {"": [], "before the write": [f"City{ROWS - 1}"], "and typed over": ["Typed"]}[copied]
    assert sorted(desk.column("city")) == sorted([*wanted, *theirs])
    assert desk.cycle(link).writes == 0


def test_what_stands_astray_in_a_row_that_nobody_knows_is_said_though_its_repair_went_astray_too(book: Book) -> None:
    desk, link, master = book
    edit(link, [next(iter(rows(desk)))])
    nameless = ["", "", "", "", "Typed here", "This", "That"]

    def again() -> None:
        row(master, 2)()
        link.step = lambda name: master.update([["Other", "Words"]], "F3") if name == "mend" else None

    client = meddle(desk, link, lambda: master.insert_row(nameless, 2), again)
    desk.cycle(link)
    assert not client.deeds
    assert master.row_values(3)[4:] == ["Token0", "Other", "Words"]
    with link.engine.connect() as conn:
        (told,) = [one.issue.reason for one in issues.page(conn, 50).items if "moved" in one.issue.reason]
    assert told.endswith("a cell of it says “Token0” now and should say “Typed here”")


@pytest.mark.parametrize("copied", [False, True])
def test_a_row_whose_id_is_cleared_while_its_repair_goes_astray_gets_its_words_back(book: Book, copied: bool) -> None:
    desk, link, master = book
    before = rows(desk)
    edit(link, list(before)[:1])

    def move() -> None:
        if copied:  # its id stands there then
            master.copy_range(f"A{ROWS + 1}:AD{ROWS + 1}", f"A{ROWS + 2}")
        sort(master, 2, "des")()

    def clear() -> None:
        place = master.col_values(5).index("Token0") + 1
        master.batch_clear([f"A{place}"])
        row(master, 2)()

    client = meddle(desk, link, move, clear)
    for _ in range(4):
        with contextlib.suppress(SheetsProblem):
            desk.cycle(link)
    assert not client.deeds
    wanted = ["Token0", *(f"City{n}" for n in range(1, ROWS)), *([f"City{ROWS - 1}"] if copied else [])]
    assert sorted(filter(None, desk.column("city"))) == sorted(wanted)
    assert desk.cycle(link).writes == 0


@pytest.mark.parametrize("emptied", [False, True])
@pytest.mark.parametrize("typed", [False, True])
def test_a_row_whose_id_was_sorted_away_gets_its_words_back(book: Book, typed: bool, emptied: bool) -> None:
    desk, link, master = book
    token = "" if emptied else "Token0"
    enqueue(link, change(0, next(iter(rows(desk))), city=("City0", token or None)))
    meddle(desk, link, sort(master, 2, "des"))
    die_when_sent(desk, link)
    place = [str(row[0]) if row else "" for row in master.get("E1:E99")].index(token) + 1
    own = str(master.acell(f"F{place}").value)
    if typed:  # it is that person's word then
        master.update_acell(f"E{place}", "Typed")
    # Ids, names, phones and e-mails alone, and not in the last row, where the edited lead is now.
    master.sort((2, "asc"), range=f"A2:D{ROWS}")  # type: ignore[arg-type]
    for _ in range(3):
        with contextlib.suppress(SheetsProblem):
            desk.cycle(link)
    cities = {row["Remarks"]: row["city"] for row in desk.master() if row["Remarks"]}
    assert cities[own] == ("Typed" if typed else own.replace("Own", "City"))
    assert cities["Own0"] == token
    assert desk.cycle(link).writes == 0


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("Wants a card\nOwes 500\nCalled back", "Allergic to nuts\nCalled back"),
        ("Called back\nWants a card\nOwes 500", "Allergic to nuts\nCalled back"),
        ("Called back", "Called back"),  # over all that stood there: it is that person's word then
    ],
)
def test_a_line_that_somebody_adds_to_notes_that_stand_astray_stays_with_those_that_belong_there(
    book: Book, typed: str, wanted: str
) -> None:
    desk, link, master = book
    first, *_, last = rows(desk)
    notes = master.row_values(1).index("notes") + 1
    master.update_cell(2, notes, "Wants a card")
    master.update_cell(ROWS + 1, notes, "Allergic to nuts")
    desk.cycle(link)
    enqueue(link, change(1, first, notes=("Wants a card", "Wants a card\nOwes 500")))
    meddle(desk, link, sort(master, 2, "des"))
    die_when_sent(desk, link)
    assert master.cell(2, notes).value == "Wants a card\nOwes 500"
    master.update_cell(2, notes, typed)
    for _ in range(3):
        desk.cycle(link)
    said = {row["lead_id"]: row["notes"] for row in desk.master()}
    assert (said[last], said[first]) == (wanted, "Wants a card\nOwes 500")
    assert desk.cycle(link).writes == 0


def test_in_a_large_book_what_was_emptied_and_whose_id_was_sorted_away_is_named(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nearly every row shows a blank there."""
    desk, link, master = book
    monkeypatch.setattr(searching, "WHOLE_ROWS", 2)
    enqueue(link, change(0, next(iter(rows(desk))), city=("City0", None)))
    meddle(desk, link, sort(master, 2, "des"))
    die_when_sent(desk, link)
    place = [str(row[0]) if row else "" for row in master.get("E1:E99")].index("") + 1
    wanted = str(master.acell(f"F{place}").value).replace("Own", "City")
    master.sort((2, "asc"), range=f"A2:D{ROWS}")  # type: ignore[arg-type]
    for _ in range(3):
        with contextlib.suppress(SheetsProblem):
            desk.cycle(link)
    with link.engine.connect() as conn:
        assert any(f"should say “{wanted}”" in one.issue.reason for one in issues.page(conn, 50).items)
    assert desk.cycle(link).writes == 0


def test_notes_that_were_put_right_as_their_header_was_renamed_stay_so(book: Book) -> None:
    """Seed 1003901, episode 2: nobody has added anything to them."""
    desk, link, master = book
    first, *_, last = rows(desk)
    notes = master.row_values(1).index("notes") + 1
    master.update_cell(ROWS + 1, notes, "Allergic to nuts")
    desk.cycle(link)
    enqueue(link, change(1, first, notes=(None, "Owes 500")))
    client = meddle(desk, link, sort(master, 2, "des"), lambda: master.update_cell(1, notes, "Remarks too"))
    for _ in range(3):
        with contextlib.suppress(SheetsProblem):
            desk.cycle(link)
    assert not client.deeds
    assert {row["lead_id"]: row["Remarks too"] for row in desk.master()}[last] == "Allergic to nuts"
    master.update_cell(1, notes, "notes")
    for _ in range(3):
        desk.cycle(link)
    said = {row["lead_id"]: row["notes"] for row in desk.master()}
    assert (said[last], said[first]) == ("Allergic to nuts", "Owes 500")


@pytest.mark.parametrize("left", ["", "Typed"])
def test_seed_4401_episode_344_a_repair_is_right_where_little_is_left_of_its_row(book: Book, left: str) -> None:
    """Somebody takes all but the word away from its row as it is put right. What was not there before tells nothing."""
    desk, link, master = book
    before = rows(desk)
    astray = gone_astray(book)
    master.add_rows(1)
    clear = [f"A{astray}:D{astray}", f"F{astray}:AD{astray}"]

    def part() -> None:
        master.batch_clear(clear)
        master.update([[left]], f"F{astray}")

    meddle(desk, link, part)
    for _ in range(4):
        with contextlib.suppress(SheetsProblem):
            desk.cycle(link)
    assert rows(desk)[next(iter(before))][0] == "Token0"
    assert (master.cell(astray, 5).value == "Token0") is bool(left)


@pytest.mark.parametrize("holds", ["most", "little"])
def test_seed_4501_episode_21_a_word_is_found_though_its_id_was_sorted_away_and_cleared_there(
    book: Book, holds: str
) -> None:
    """Where its row still holds most of what it held, it is put right, else somebody is told."""
    desk, link, master = book
    astray = gone_astray(book)
    city, lead = f"City{str(master.acell(f'F{astray}').value)[3:]}", str(master.acell(f"A{astray}").value)
    if holds == "little":
        master.batch_clear([f"F2:AE{ROWS + 1}"])
    last = "A" if holds == "most" else "D"
    master.sort((1, "asc"), range=f"A2:{last}{ROWS + 1}")  # type: ignore[arg-type]
    if master.acell(f"A{astray}").value == lead:
        master.sort((1, "des"), range=f"A2:{last}{ROWS + 1}")  # type: ignore[arg-type]
    place = master.col_values(1).index(lead) + 1
    assert place != astray
    master.batch_clear([f"A{place}"])
    for _ in range(3):
        with contextlib.suppress(SheetsProblem):
            desk.cycle(link)
    with link.engine.connect() as conn:
        reasons = "\n".join(one.issue.reason for one in issues.page(conn, 50).items)
    assert (master.acell(f"E{astray}").value == city) == (holds == "most")
    assert ("“Token0”" in reasons) == (holds == "little")
