"""The replay of a history: rows and columns keep their identity; what the oracle finds when it should."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from chaos.grid import Grid
from chaos.oracle import judge
from chaos.standing import Standing
from chaos.tokens import Mint
from chaos.track import Track
from core.model import Change, ChangeKind, ChangeState

PERSON, APP = "person", "app"
NOTHING = Standing({}, frozenset(), (), "", ())


def line(account: str, request: str, row: int, column: int, after: object) -> dict[str, object]:
    return {"account": account, "requestId": request, "sheetId": 1, "row": row, "column": column, "after": after,
            "place": request}  # fmt: skip


def test_rows_and_columns_keep_their_identity() -> None:
    grid = Grid()
    for row in range(4):
        grid.put(grid.place(row, 0), f"r{row}")
    moved = grid.rows[3]
    grid.apply({"insertDimension": {"range": {"dimension": "ROWS", "startIndex": 1, "endIndex": 3}}})
    grid.apply({"moveDimension": {"source": {"dimension": "ROWS", "startIndex": 5, "endIndex": 6}}})
    assert (grid.rows[0], grid.at(0, 0), grid.at(4, 0)) == (moved, "r3", "r1")
    grid.apply({"rowsMoved": {"rows": [{"from": 4, "to": 5}, {"from": 5, "to": 4}]}})
    assert (grid.at(4, 0), grid.at(5, 0)) == ("r2", "r1")
    gone = grid.apply({"deleteDimension": {"range": {"dimension": "ROWS", "startIndex": 0, "endIndex": 1}}})
    assert gone == [((moved, grid.columns[0]), "r3")]


def book(mint: Mint) -> Track:
    """Two leads with a city each."""
    track = Track(PERSON, 1, mint)
    rows = [["lead_id", "city"], ["L1", mint.next("p", "typed")], ["L2", mint.next("p", "typed")]]
    track.follow([line(PERSON, "1", r, c, cell) for r, row in enumerate(rows) for c, cell in enumerate(row)])
    return track


def kinds(track: Track, standing: Standing) -> list[str]:
    shown = [[track.grid.at(r, c) for c in range(2)] for r in range(3)]
    told = [["", p.change_id, p.lead_id, "Neha", p.field] for p in track.mint.promises.values() if p.change_id]
    full = Standing(standing.states, standing.conflicts, standing.activity or told, standing.issues, shown)
    return sorted(one.kind for one in judge(track, full).findings)


def edit(mint: Mint, seen: str = "") -> str:
    return mint.next("a", "edit", lead_id="L1", field="city", change_id="C1", seen=frozenset({seen} if seen else ()))


def test_an_edit_on_its_lead_is_fine() -> None:
    mint = Mint()
    track = book(mint)
    token = edit(mint, "p000001")
    track.follow([line(APP, "2", 1, 1, token)])
    assert kinds(track, NOTHING) == []


def test_a_write_on_a_strangers_row_is_lost_and_misplaced_until_it_is_taken_back() -> None:
    mint = Mint()
    track = book(mint)
    token = edit(mint, "p000001")
    track.follow([line(APP, "2", 2, 1, token)])
    assert kinds(track, NOTHING) == ["lost", "lost", "misplaced"]  # ours, the stranger's, and where ours stands
    track.follow([line(APP, "3", 2, 1, "p000002")])
    assert kinds(track, NOTHING) == ["lost"]
    track.follow([line(APP, "4", 1, 1, token)])
    assert kinds(track, NOTHING) == []


def test_what_never_came_must_be_in_the_conflict_list() -> None:
    mint = Mint()
    track = book(mint)
    edit(mint)
    done, lost = (ChangeState.DONE, ""), (ChangeState.CONFLICT, "The sheet says something else")
    assert kinds(track, Standing({"C1": done}, frozenset(), (), "", ())) == ["lost"]
    assert kinds(track, Standing({"C1": lost}, frozenset(), (), "", ())) == ["lost"]
    assert kinds(track, Standing({"C1": lost}, frozenset({"C1"}), (), "", ())) == []
    # seed 3601, episode 365: or a person is told of the word
    assert kinds(track, Standing({"C1": done}, frozenset(), (), "Its row says “p000001”", ())) == ["lost"]
    assert kinds(track, Standing({"C1": done}, frozenset(), (), "Its row says “a000003”", ())) == []


def test_a_person_may_take_anything_away_and_the_app_may_not() -> None:
    mint = Mint()
    track = book(mint)
    track.follow([line(PERSON, "2", 1, 1, "")])
    assert kinds(track, NOTHING) == []
    track.follow([line(APP, "3", 2, 1, "")])
    assert kinds(track, NOTHING) == ["lost"]


def test_a_change_told_twice_and_a_doubled_id_are_found() -> None:
    mint = Mint()
    track = book(mint)
    twice = [["", "C1", "L1", "Neha", "city"]] * 2
    assert kinds(track, Standing({}, frozenset(), twice, "", ())) == ["twice"]
    track.follow([line(PERSON, "2", 2, 0, "L1")])
    assert kinds(track, NOTHING) == ["ids"]


def found(track: Track, standing: Standing = NOTHING) -> set[str]:
    return {one.kind for one in judge(track, standing).findings}


def _of_two_fields_that_wait() -> tuple[Track, str, Standing]:
    """A change of a frozen lead."""
    mint = Mint()
    track = book(mint)
    token = edit(mint, "p000001")
    mint.next("a", "edit", lead_id="L1", field="notes", change_id="C1")
    frozen = frozenset({"L1"})
    return track, token, replace(NOTHING, states={"C1": (ChangeState.PENDING, "")}, frozen=frozen)


def test_seed_1201_episode_62_half_a_change_that_was_taken_back_waits_whole_for_its_frozen_lead() -> None:
    track, token, waits = _of_two_fields_that_wait()
    track.follow([line(APP, "2", 1, 1, token)])
    assert "half" in found(track, waits)
    track.follow([line(APP, "3", 1, 1, "p000001")])
    assert "half" not in found(track, waits)


def test_seed_1701_episode_19_a_persons_word_makes_way_for_an_edit_that_was_decided_against_in_one_flush() -> None:
    mint = Mint()
    track = book(mint)
    track.follow([line(APP, "2", 1, 1, "p000002")])
    assert "lost" in found(track)
    ours = edit(mint, "p000001")
    decided = {"C2": (ChangeState.DONE, "")}
    mint.goes("C2", "L1", "city", [ours])
    assert "lost" not in found(track, Standing(decided, frozenset(), (), "", ()))


def test_seed_1801_episode_23_a_repair_may_take_back_what_it_brought_to_a_row_that_was_pasted_over() -> None:
    """Another lead stands there by then, with what that person pasted."""
    mint = Mint()
    track = book(mint)
    pasted = mint.next("p", "pasted")
    track.follow([line(APP, "2", 1, 1, "")])  # it had gone astray there
    track.follow([line(PERSON, "3", 1, c, cell) for c, cell in enumerate(("L3", pasted))])
    track.follow([line(APP, "4", 1, 1, "p000001")])
    track.follow([line(APP, "5", 1, 1, "")])
    assert "lost" in found(track)
    track.follow([line(APP, "6", 1, 1, "p000001")])
    track.follow([line(APP, "7", 1, 1, pasted)])
    assert "lost" not in found(track)


def test_seed_1002601_episode_24_a_row_that_came_crooked_is_its_leads_when_it_has_its_id() -> None:
    """A column had been moved to the left of the ids. Nothing but the id had to be put right."""
    mint = Mint()
    track = book(mint)
    token = mint.next("a", "edit", lead_id="L3", field="city", change_id="C1")
    track.follow([line(APP, "2", 3, c, text) for c, text in enumerate(("Made Here", token))])
    assert "lost" in found(track)
    track.follow([line(APP, "3", 3, 0, "L3")])
    assert not {"lost", "misplaced", "ids"} & found(track)


def test_another_leads_id_makes_it_nobodys() -> None:
    mint = Mint()
    track = book(mint)
    token = mint.next("a", "edit", lead_id="L3", field="city", change_id="C1")
    track.follow([line(APP, "2", 3, c, text) for c, text in enumerate(("L4", token))])
    track.follow([line(APP, "3", 3, 0, "L5")])
    assert {"lost", "misplaced", "ids"} <= found(track)


def test_seed_1002601_episode_75_what_a_sort_put_in_the_place_of_what_went_astray_may_come_back() -> None:
    """The same word stood in both; the repair wrote over what had been sorted there meanwhile, and gave it back."""
    mint = Mint()
    track = book(mint)
    first, second = (track.grid.at(row, 1) for row in (1, 2))
    track.follow([line(PERSON, "2", 3, c, text) for c, text in enumerate(("L3", first))])
    ours = edit(mint, first)
    track.follow([line(APP, "3", 2, 1, f"{first}\n{ours}")])  # led astray to L2
    track.follow([line(PERSON, "4", 2, 1, first), line(PERSON, "4", 3, 1, f"{first}\n{ours}")])  # sorted
    track.follow([line(APP, "5", 2, 1, second)])
    track.follow([line(APP, "6", 2, 1, first)])
    told = [one.told for one in judge(track, NOTHING).findings if one.kind == "misplaced"]
    assert [one for one in told if f"'{first}'" in one] == []
    track.follow([line(APP, "7", 1, 1, second)])
    told = [one.told for one in judge(track, NOTHING).findings if one.kind == "misplaced"]
    assert [one for one in told if f"'{second}'" in one]


def _nameless_row_that_fell(*, inserted: bool = True, astray: bool = False) -> Track:
    """A person takes the second lead's id away, and the app deletes its row; what stood there stands in a row below the
    header then, and that gets an id."""
    mint = Mint()
    track = book(mint)
    token = "p000002"
    track.follow([line(PERSON, "2", 2, 0, "")])
    if astray:
        token = edit(mint, "p000001")
        track.follow([line(APP, "3", 2, 1, token)])
    track.follow([line(APP, "4", -1, -1, dimension("deleteDimension", 2))])
    place = 1 if inserted else 3
    comes = [line(APP, "5", -1, -1, dimension("insertDimension", 1))] if inserted else []
    track.follow([*comes, line(APP, "5", place, 1, token)])
    track.follow([line(APP, "6", place, 0, "L3")])
    return track


def dimension(deed: str, row: int) -> dict[str, object]:
    return {deed: {"range": {"dimension": "ROWS", "startIndex": row, "endIndex": row + 1}}}


def test_seed_1002601_episode_102_a_row_whose_id_was_cleared_as_it_was_deleted_comes_back_without_it() -> None:
    track = _nameless_row_that_fell()
    assert not {"lost", "misplaced"} & found(track)
    again = [line(APP, "7", -1, -1, dimension("insertDimension", 1)), line(APP, "7", 1, 1, "p000002")]
    track.follow([*again, line(APP, "8", 1, 0, "L4")])
    assert "misplaced" in found(track), "it had come back"


def test_but_not_into_a_row_that_stood_there() -> None:
    assert "misplaced" in found(_nameless_row_that_fell(inserted=False))


def test_and_what_was_astray_in_it_is_so_still() -> None:
    assert "misplaced" in found(_nameless_row_that_fell(astray=True))


def _comes_back_with_a_word_of_people(column: int, known: bool = True, asked: bool = True) -> Track:
    """In their own column, of which they had sorted it away to another lead while the first one was frozen."""
    mint = Mint()
    track = book(mint)
    word = mint.next("p", "typed")
    beside = {"insertDimension": {"range": {"dimension": "COLUMNS", "startIndex": 2, "endIndex": 4}}}
    track.follow([line(PERSON, "2", -1, -1, beside), line(PERSON, "2", 1, 2, word)])
    track.follow([line(PERSON, "3", 1, 2, ""), line(PERSON, "3", 2, 2, word), line(PERSON, "3", 3, column, "")])
    track.follow([line(PERSON, "4", 1, 0, "")])
    if asked:
        mint.returns("L1", [word] if known else [])
    track.follow([line(APP, "5", 3, c, cell) for c, cell in ((0, "L1"), (column, word))])
    return track


def test_seed_1003001_episode_76_a_frozen_lead_that_was_deleted_comes_back_as_it_was_known() -> None:
    assert not {"misplaced", "theirs"} & found(_comes_back_with_a_word_of_people(2))


def test_seed_1003601_episode_287_it_was_asked_back_before_its_row_went() -> None:
    assert not {"misplaced", "theirs"} & found(_comes_back_with_a_word_of_people(2, known=False))
    assert {"misplaced", "theirs"} <= found(_comes_back_with_a_word_of_people(2, asked=False))


def test_but_not_with_its_words_in_another_column() -> None:
    assert {"misplaced", "theirs"} <= found(_comes_back_with_a_word_of_people(3))


def test_seed_3001_episode_116_a_row_that_fell_astray_comes_back_without_the_column_that_a_person_deleted() -> None:
    mint = Mint()
    track = book(mint)
    track.follow([line(APP, "2", -1, -1, dimension("deleteDimension", 1))])
    assert "lost" in found(track)
    cities = {"deleteDimension": {"range": {"dimension": "COLUMNS", "startIndex": 1, "endIndex": 2}}}
    track.follow([line(PERSON, "3", -1, -1, cities)])
    assert "lost" not in found(track)


def test_seed_1003101_episode_27_a_new_leads_word_waits_for_its_column_and_for_the_frozen_lead() -> None:
    mint = Mint()
    track = book(mint)
    token = edit(mint)
    said = {"C1": (ChangeState.DONE, ""), "C2": (ChangeState.PENDING, "")}
    waits = Standing(said, frozenset(), (), "", (), kept_back={token: "C2"})
    assert "lost" in found(track, waits)
    assert "lost" not in found(track, replace(waits, frozen=frozenset({"L1"})))
    assert "lost" in found(track, replace(waits, frozen=frozenset({"L1"}), kept_back={}))


def _taken_back_while_people_had_moved_the_header(brings: str | None, comes: bool = True) -> tuple[Track, Standing]:
    mint = Mint()
    track = book(mint)
    token = edit(mint, "p000001")
    track.follow([line(APP, "2", 1, 1, token), line(PERSON, "3", 0, 1, "Old"), line(PERSON, "3", 0, 2, "city")])
    track.follow([line(APP, "4", 1, 2, brings or "")] if comes else [])
    track.follow([line(PERSON, "5", 0, 2, ""), line(PERSON, "5", 0, 1, "city")])
    mint.goes("C2", "L1", "city", [token])
    undo = Change("C2", "L1", ChangeKind.UPDATE, {"city": (token, brings)}, "Neha", datetime(2026, 11, 22, tzinfo=UTC))
    return track, replace(NOTHING, states={"C2": (ChangeState.DONE, "")}, acknowledged={"C2": undo})


def test_seed_3501_episode_178_an_undo_came_to_the_column_that_had_the_header_then() -> None:
    assert "lost" not in found(*_taken_back_while_people_had_moved_the_header("p000001"))
    assert "lost" not in found(*_taken_back_while_people_had_moved_the_header(None))


def test_but_one_that_came_nowhere_did_not() -> None:
    assert "lost" in found(*_taken_back_while_people_had_moved_the_header("p000001", comes=False))


def _done_again_where_people_have_moved_the_header_to(column: int) -> set[str]:
    mint = Mint()
    track = book(mint)
    token = edit(mint, "p000001")
    track.follow([line(APP, "2", 1, 1, token)])
    track.follow([line(APP, "3", 1, 1, "p000001")])
    track.follow([line(PERSON, "4", 0, 1, "Old"), line(PERSON, "4", 0, 2, "city"), line(APP, "5", 1, column, token)])
    return found(track)


def test_seed_1003601_episode_24_half_a_change_that_was_taken_back_is_done_again_in_another_column() -> None:
    assert "lost" not in _done_again_where_people_have_moved_the_header_to(2)
    assert "lost" in _done_again_where_people_have_moved_the_header_to(3)


def test_seed_3601_episode_112_a_sort_brought_half_of_what_had_gone_astray_to_its_lead_which_is_frozen_since() -> None:
    track, token, waits = _of_two_fields_that_wait()
    track.follow([line(APP, "2", 2, 1, token)])
    track.follow([line(PERSON, "3", 1, 1, token), line(PERSON, "3", 2, 1, "p000001")])
    assert "half" not in found(track, waits)


def _came_to_the_second_of_two_columns(back: bool) -> set[str]:
    """In that instant a person had given another column the same header; then they delete the column."""
    track = book(Mint())
    token = edit(track.mint)
    track.follow([line(PERSON, "2", 0, 2, "city"), line(PERSON, "2", 0, 1, "city")])
    track.follow([line(APP, "3", 1, 2, token), line(PERSON, "4", 0, 1, "Renamed" if back else "city")])
    gone = {"deleteDimension": {"range": {"dimension": "COLUMNS", "startIndex": 2, "endIndex": 3}}}
    track.follow([line(PERSON, "5", -1, -1, gone)])
    return found(track, replace(NOTHING, states={"C1": (ChangeState.DONE, "")}))


def test_seed_1003601_episode_284_what_came_beside_a_doubled_header_is_at_home_when_that_is_gone() -> None:
    assert "lost" not in _came_to_the_second_of_two_columns(back=True)
    assert "lost" in _came_to_the_second_of_two_columns(back=False)
