"""What people do in the sheet, drawn from a seed: each deed is a function of what they see, None where it does not fit.

The JSON is that of `localsheets.people`. Whoever acts looks at the sheet as it stands now, or acts blindly by row.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from chaos.grid import Grid
from chaos.tokens import Mint

Json = dict[str, Any]
TEXTS = ("city", "lead_type", "customer_segment", "potential_value", "notes", "engagement_strategy")
FEWEST_LEADS = 8
MOST_ROWS = 60


def letters(column: int) -> str:
    """A column (0-based) as people name it."""
    text = ""
    while column >= 0:
        text = chr(65 + column % 26) + text
        column = column // 26 - 1
    return text


@dataclass(slots=True)
class Sight:
    """Master before a person's eyes. `target`: the lead and field that the app is about to write, "" none."""

    grid: Grid
    rng: random.Random
    mint: Mint
    target: tuple[str, str] = ("", "")

    def rows(self) -> list[int]:
        """Positions of the rows under the header that hold anything."""
        return [number for number, _ in self.grid.texts() if number]

    def some_row(self) -> int:
        return self.rng.choice(self.rows() or [1])

    def position(self, name: str) -> int | None:
        column = self.grid.column(name)
        return None if column is None else self.grid.columns.index(column)

    def some_text(self) -> int:
        """The position of a text column of ours."""
        found = [p for name in TEXTS if (p := self.position(name)) is not None]
        return self.rng.choice(found or [4])

    def width(self) -> int:
        header = self.grid.header()
        return max((p for p, c in enumerate(self.grid.columns) if header.get(c)), default=0) + 1

    def own(self) -> list[int]:
        """Positions of the columns that people have added."""
        header = self.grid.header()
        return [p for p, c in enumerate(self.grid.columns) if c in self.grid.made and header.get(c)]


def _master(deed: str, **given: Any) -> Json:
    return {"deed": deed, "tab": "Master", **given}


def _type(row: int, column: int, text: str) -> Json:
    return _master("type", cell=f"{letters(column)}{row + 1}", text=text)


def type_word(sight: Sight) -> Json:
    return _type(sight.some_row(), sight.some_text(), sight.mint.next("p", "type"))


def type_at_target(sight: Sight) -> Json | None:
    """Right into the cell that the app is about to write."""
    lead, name = sight.target
    ids, column = sight.position("lead_id"), sight.position(name)
    row = next((n for n in sight.rows() if ids is not None and sight.grid.at(n, ids) == lead), None)
    return None if row is None or column is None else _type(row, column, sight.mint.next("p", "type at target"))


def type_formula(sight: Sight) -> Json:
    return _type(sight.some_row(), sight.some_text(), f'="{sight.mint.next("p", "formula")}"&""')


def type_own(sight: Sight) -> Json | None:
    own = sight.own()
    formula = sight.rng.random() < 0.3
    token = sight.mint.next("p", "own column")
    return _type(sight.some_row(), sight.rng.choice(own), f'="{token}"&""' if formula else token) if own else None


def type_below(sight: Sight) -> Json | None:
    """A row typed by hand, without an id."""
    column = sight.position("city")
    return None if column is None else _type(max(sight.rows()) + 1, column, sight.mint.next("p", "row by hand"))


def type_status(sight: Sight) -> Json | None:
    column = sight.position("status")
    word = sight.rng.choice(["Interested", "New Lead", "Contacted"])
    return None if column is None else _type(sight.some_row(), column, word)


def paste(sight: Sight) -> Json:
    row, column = sight.some_row(), sight.some_text()
    return _master(
        "paste", cell=f"{letters(column)}{row + 1}", values=[[sight.mint.next("p", "paste")] for _ in range(3)]
    )


def sort_all(sight: Sight) -> Json:
    column = sight.rng.randrange(sight.width())
    return _master("sort", by=letters(column), descending=sight.rng.random() < 0.5)


def sort_some(sight: Sight) -> Json:
    left = sight.rng.randrange(sight.width() - 3)
    right = min(left + sight.rng.randrange(1, 6), sight.width() - 1)
    return _master("sort", by=letters(left), columns=[letters(left), letters(right)], rows=[2, max(sight.rows()) + 1])


def sort_names(sight: Sight) -> Json | None:
    """Names, phones and e-mails apart from the ids: whoever does it has selected too little."""
    found = [p for name in ("full_name", "phone_number", "email") if (p := sight.position(name)) is not None]
    left, right, ids = min(found, default=0), max(found, default=0), sight.position("lead_id")
    if len(found) < 3 or right - left > 6 or ids is None or left <= ids <= right:
        return None
    by, last = letters(sight.rng.choice(found)), max(sight.rows()) + 1
    descending = sight.rng.random() < 0.5
    return _master("sort", by=by, columns=[letters(left), letters(right)], rows=[2, last], descending=descending)


def insert_rows(sight: Sight) -> Json | None:
    count = sight.rng.choice([1, 1, 3])
    return _master("insert_rows", row=sight.some_row() + 1, count=count) if len(sight.rows()) < MOST_ROWS else None


def delete_rows(sight: Sight) -> Json | None:
    return _master("delete_rows", row=sight.some_row() + 1) if len(sight.rows()) > FEWEST_LEADS else None


def move_rows(sight: Sight) -> Json | None:
    row, to = sight.some_row(), sight.some_row()
    return _master("move_rows", row=row + 1, to=to + 1) if to not in (row, row + 1) else None


def move_first(sight: Sight) -> Json:
    """The first lead to the end: every other one moves up."""
    return _master("move_rows", row=2, to=max(sight.rows(), default=1) + 2)


def insert_column(sight: Sight) -> Json | None:
    header = f"Remarks {sight.mint.operation}"
    place = letters(sight.rng.randrange(sight.width()))
    return _master("insert_columns", column=place, header=header) if len(sight.own()) < 4 else None


def delete_own_column(sight: Sight) -> Json | None:
    own = sight.own()
    return _master("delete_columns", column=letters(sight.rng.choice(own))) if own else None


def move_column(sight: Sight) -> Json | None:
    column, to = sight.rng.randrange(sight.width()), sight.rng.randrange(sight.width())
    return _master("move_columns", column=letters(column), to=letters(to)) if to not in (column, column + 1) else None


def rename_header(sight: Sight) -> Json:
    return _master("rename_header", column=letters(sight.some_text()), text=f"Renamed {sight.mint.operation}")


def double_header(sight: Sight) -> Json:
    one, other = sight.some_text(), sight.some_text()
    return _master("double_header", column=letters(one), **{"from": letters(other)})


def copy_rows(sight: Sight) -> Json | None:
    row = sight.some_row() + 1
    return _master("copy_rows", row=row, to=sight.some_row() + 1) if len(sight.rows()) < MOST_ROWS else None


def clear_id(sight: Sight) -> Json | None:
    column = sight.position("lead_id")
    if column is None or len(sight.rows()) <= FEWEST_LEADS:
        return None
    return _master("clear_ids", row=sight.some_row() + 1, column=letters(column))


def look_about(sight: Sight) -> Json:
    return sight.rng.choice(
        [_master("filter"), _master("hide_rows", row=sight.some_row() + 1), _master("freeze", rows=1)]
    )


def merge(sight: Sight) -> Json:
    row, column = sight.some_row(), sight.some_text()
    below = sight.rng.random() < 0.5
    return _master("merge", range=f"{letters(column)}{row + 1}:{letters(column + (not below))}{row + 1 + below}")


def unmerge(sight: Sight) -> Json:
    return _master("unmerge", range=f"A1:{letters(sight.width())}{MOST_ROWS * 2}")


def protect(sight: Sight) -> Json:
    column, row = letters(sight.some_text()), sight.some_row() + 1
    return _master("protect", range=f"{column}{row}:{column}{row}")


def delete_column(sight: Sight) -> Json:
    """A column that the app writes to."""
    return _master("delete_columns", column=letters(sight.some_text()))


def paste_all(sight: Sight) -> Json:
    """All of the tab, as it stands now or as another page showed it, pasted over itself."""
    rows = [[_typed(cell) for cell in cells] for number, cells in sight.grid.texts() if number]
    return _master("paste", cell="A2", values=rows[: sight.rng.randrange(2, len(rows) + 2)])


def _typed(cell: Any) -> Any:
    return cell.get("f", "") if isinstance(cell, dict) else cell


DEEDS: Mapping[str, tuple[Callable[[Sight], Json | None], int]] = {
    "type": (type_word, 20), "type at target": (type_at_target, 6), "formula": (type_formula, 3),
    "own column": (type_own, 6), "row by hand": (type_below, 1), "status": (type_status, 3), "paste": (paste, 4),
    "sort all": (sort_all, 10), "sort some": (sort_some, 2), "sort names": (sort_names, 1),
    "insert rows": (insert_rows, 6), "delete rows": (delete_rows, 2), "move rows": (move_rows, 5),
    "insert column": (insert_column, 3), "delete own column": (delete_own_column, 1),
    "move column": (move_column, 4), "rename header": (rename_header, 2), "double header": (double_header, 1),
    "copy rows": (copy_rows, 2), "clear id": (clear_id, 1), "look about": (look_about, 1), "merge": (merge, 1),
    "unmerge": (unmerge, 1), "protect": (protect, 1), "delete our column": (delete_column, 1),
    "paste whole tab": (paste_all, 1),
}  # fmt: skip


def draw(sight: Sight, but: frozenset[str] = frozenset(), even: bool = False) -> tuple[str, Json]:
    """A deed and its name, by weight, or each as often as any other."""
    names = [name for name in DEEDS if name not in but]
    weights = [1 if even else DEEDS[name][1] for name in names]
    while True:
        name = sight.rng.choices(names, weights)[0]
        given = DEEDS[name][0](sight)
        if given is not None:
            return name, given


def named(sight: Sight, name: str) -> Json | None:
    """A deed by its name, None where it does not fit the sheet as it stands."""
    return DEEDS[name][0](sight)
