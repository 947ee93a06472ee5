"""One computation by the evaluator: a feed laid out, evaluated, and read back.

The only modules that touch ironcalc are this one and `evaluator`; the server runs them in processes of their own (see
`formula_lanes`), for a computation may take long, and may end its process.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import ironcalc

from . import copied_ranges
from .evaluator import Sheets
from .formula_feed import Feed, Task, gather, named_sheets
from .formula_text import VOLATILE, spills
from .results import Done, Kinded, Place

if TYPE_CHECKING:
    from .book import Book

STACK_BYTES = 64 << 20  # the evaluator recurses along chains of formulas


def on_deep_stack(work: Callable[[], Done], failed: Callable[[], Done]) -> Done:
    """What `work` gives, run on a thread with a stack that is deep enough; `failed` where the evaluator broke."""
    found: list[Done] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            found.append(work())
        except BaseException as error:  # noqa: BLE001 - carried over to the thread that asked
            errors.append(error)

    size = threading.stack_size(STACK_BYTES)
    try:
        thread = threading.Thread(target=run, name="formulas")
        thread.start()
    finally:
        threading.stack_size(size)
    thread.join()
    if not errors:
        return found[0]
    # Its panics are no Exceptions, and end this computation alone.
    if isinstance(errors[0], ironcalc.WorkbookError) or type(errors[0]).__name__ == "PanicException":
        return failed()
    raise errors[0]


def computed(book: Book, tasks: dict[Place, Task]) -> Done:
    """Computes formulas with all that they depend on, in this process."""

    def work() -> Done:
        sheets = Sheets.of(named_sheets(book, tasks), str(book.properties.get("timeZone", "UTC")))
        return evaluated(sheets, gather(book, tasks, sheets.put))

    return on_deep_stack(work, lambda: broken(tasks))


def broken(places: Iterable[Place]) -> Done:
    """What formulas come to that the evaluator broke on."""
    return Done(dict.fromkeys(places, ("error", "#ERROR!")))


def evaluated(sheets: Sheets, feed: Feed) -> Done:
    """What the formulas of a feed come to, whose cells are in the sheets already."""
    sheets.evaluate()
    copied = copied_ranges.settle(sheets, feed.copies, feed.sizes, alone=_alone(feed))
    done = Done(volatile=any(VOLATILE.search(formula) for formula in feed.formulas.values()))
    for place, formula in feed.formulas.items():
        done.values[place] = copied.values.get(place) or _shown(sheets, feed, place, formula)
    done.spilled = copied.spilled
    arrays = {place[0] for place, formula in feed.formulas.items() if place not in copied.values and spills(formula)}
    for key, row, column in sheets.filled() if arrays else ():
        if key in arrays and (key, row, column) not in sheets.given and (key, row, column) not in sheets.laid:
            rows = done.spilled.setdefault(key, {})
            rows.setdefault(row, {})[column] = sheets.get(key, row, column)
    return done


def _alone(feed: Feed) -> bool:
    """Whether copies of ranges are all there is, and none of another."""
    homes = {feed.names[place[0]] for place, _ in feed.copies}
    return len(feed.formulas) == len(feed.copies) and not any(copy.source.sheet in homes for _, copy in feed.copies)


def _shown(sheets: Sheets, feed: Feed, place: Place, formula: str) -> Kinded:
    named = feed.bare.get(place)
    kind, value = sheets.get(*place)
    if named is not None and (kind, value) == ("number", 0):
        return sheets.get(sheets.keys[named.sheet], named.top, named.left)  # a reference to a blank shows a blank
    if value == "#DIV/0!" and "^" in formula and "/" not in formula:
        return "error", "#NUM!"  # the evaluator's name for a power beyond all numbers
    return kind, value
