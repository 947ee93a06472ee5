"""One spreadsheet in hand: its record and its sheets in order; what the calls of the API look things up in."""

from __future__ import annotations

import secrets
import sqlite3
import string
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import orjson

from . import a1, follow, references
from .a1 import Box, Reference
from .entered import Entered
from .errors import bad_request
from .follow import Json, Shift
from .formats import NumberFormat
from .grid import Grid, box_of
from .results import Done, Place, Results
from .storage.formats import Formats
from .storage.rows import ROW_BITS

if TYPE_CHECKING:
    from .formula_feed import Task

Parse = Callable[..., Entered]
Display = Callable[[str, object, NumberFormat | None, str], str]
Evaluate = Callable[["Book", "dict[Place, Task]"], Done]
ID_ALPHABET = string.ascii_letters + string.digits + "-_"

WHITE = {"red": 1, "green": 1, "blue": 1}
DEFAULT_FORMAT: Json = {
    "backgroundColor": WHITE,
    "padding": {"top": 2, "right": 3, "bottom": 2, "left": 3},
    "verticalAlignment": "BOTTOM",
    "wrapStrategy": "OVERFLOW_CELL",
    "textFormat": {
        "foregroundColor": {}, "fontFamily": "arial,sans,sans-serif", "fontSize": 10, "bold": False, "italic": False,
        "strikethrough": False, "underline": False, "foregroundColorStyle": {"rgbColor": {}},
    },
    "backgroundColorStyle": {"rgbColor": WHITE},
}  # fmt: skip
THEME_COLORS = {
    "TEXT": (0, 0, 0),
    "BACKGROUND": (1, 1, 1),
    "ACCENT1": (0.25882354, 0.52156866, 0.95686275),
    "ACCENT2": (0.91764706, 0.2627451, 0.20784314),
    "ACCENT3": (0.9843137, 0.7372549, 0.015686275),
    "ACCENT4": (0.20392157, 0.65882355, 0.3254902),
    "ACCENT5": (1, 0.42745098, 0.003921569),
    "ACCENT6": (0.27450982, 0.7411765, 0.7764706),
    "LINK": (0.06666667, 0.33333334, 0.8),
}


def new_id() -> str:
    """A spreadsheet id of the form that Google gives."""
    return "1" + "".join(secrets.choice(ID_ALPHABET) for _ in range(43))


def rgb(red: float, green: float, blue: float) -> Json:
    """A Color as the API shows it: what is zero is left out."""
    return {name: value for name, value in (("red", red), ("green", green), ("blue", blue)) if value}


def default_properties(given: Json) -> Json:
    """The properties of a new spreadsheet, as Google fills them (recordings)."""
    theme = [{"colorType": name, "color": {"rgbColor": rgb(*color)}} for name, color in THEME_COLORS.items()]
    return {
        "title": "Untitled spreadsheet",
        "locale": "en_US",
        "autoRecalc": "ON_CHANGE",
        "timeZone": "Etc/GMT",
        "defaultFormat": DEFAULT_FORMAT,
        "spreadsheetTheme": {"primaryFontFamily": "Arial", "themeColors": theme},
        **{key: value for key, value in given.items() if value not in ("", None)},
    }


class Book:
    """A spreadsheet. `doc` is its record on the disk: properties, namedRanges, owner, and the keys of its sheets
    in order."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        key: int,
        sid: str,
        doc: Json,
        formats: Formats,
        parse: Parse,
        display: Display,
    ) -> None:
        self.connection = connection
        self.key = key
        self.id = sid
        self.doc = doc
        self.formats = formats
        self.parse = parse
        self.display = display
        self.results = Results()
        self.changed = False  # whether it holds what is not on the disk yet
        self.now: Callable[[], float] = time.time
        self.evaluate: Evaluate = evaluate_here
        self.metadata_follows_sort = False
        # What is not known to refuse at Google's and does not refuse here: "missing_named_range" to update or delete,
        # "existing_metadata_id" to create.
        self.forgiving: frozenset[str] = frozenset()
        found = dict(connection.execute("SELECT key, doc FROM sheet WHERE spreadsheet = ?", (key,)).fetchall())
        self.sheets = [Grid(connection, number, orjson.loads(found[number]), formats) for number in doc["sheets"]]

    @property
    def properties(self) -> Json:
        found: Json = self.doc["properties"]
        return found

    @property
    def locale(self) -> str:
        return str(self.properties["locale"])

    def sheet(self, sheet_id: int) -> Grid:
        """A sheet by its id; ApiError 400 `No grid with id: …`."""
        for grid in self.sheets:
            if grid.sheet_id == sheet_id:
                return grid
        raise bad_request(f"No grid with id: {sheet_id}")

    def titled(self, title: str) -> Grid | None:
        """A sheet by its title: exactly, else without regard to case, as Google does."""
        for grid in self.sheets:
            if grid.title == title:
                return grid
        folded = title.casefold()
        return next((grid for grid in self.sheets if grid.title.casefold() == folded), None)

    def resolve(self, text: str) -> tuple[Grid, Reference]:
        """The sheet and box that an A1 text or the name of a named range means; ApiError 400 `Unable to parse
        range`."""
        title, cells = a1.split_title(text)
        if cells is None:
            return self._whole(title or "", text)
        if title is not None:
            grid = self.titled(title)
            parsed = a1.parse_cells(cells) or self._named_on(grid, cells)
            if grid is None or parsed is None:
                raise bad_request(f"Unable to parse range: {text}")
            return grid, Reference(title, parsed[0], cell=parsed[1])
        parsed = a1.parse_cells(cells)
        if parsed is not None and self.sheets:
            return self.sheets[0], Reference(None, parsed[0], cell=parsed[1])
        named = self.named(cells)
        if named is not None:
            found = named["range"]
            return self.sheet(found.get("sheetId", 0)), Reference(None, box_of(found))
        return self._whole(cells, text)

    def _named_on(self, grid: Grid | None, name: str) -> tuple[Box, bool] | None:
        """The box of a named range, asked for behind the title of the sheet that it lies on."""
        named = self.named(name)
        if grid is None or named is None or named["range"].get("sheetId", 0) != grid.sheet_id:
            return None
        return box_of(named["range"]), False

    def _whole(self, title: str, text: str) -> tuple[Grid, Reference]:
        grid = self.titled(title)
        if grid is None:
            raise bad_request(f"Unable to parse range: {text}")
        return grid, Reference(title, Box(), whole=True)

    def named(self, name: str) -> Json | None:
        """A named range by its name, case aside."""
        folded = name.casefold()
        return next((found for found in self.doc.get("namedRanges", ()) if found["name"].casefold() == folded), None)

    def add_sheet(self, doc: Json, index: int | None = None) -> Grid:
        """A new sheet with this record, at a place among the others (default: last)."""
        key = self.connection.execute(
            "INSERT INTO sheet (spreadsheet, doc) VALUES (?, ?)", (self.key, orjson.dumps(doc))
        ).lastrowid
        assert key is not None
        grid = Grid(self.connection, key, doc, self.formats)
        grid.keeps_covered = all(one.keeps_covered for one in self.sheets)
        self.sheets.insert(len(self.sheets) if index is None else min(max(index, 0), len(self.sheets)), grid)
        return grid

    def drop_sheet(self, grid: Grid) -> None:
        """Deletes a sheet, its rows and the named ranges in it."""
        self.sheets.remove(grid)
        low, high = grid.key << ROW_BITS, (grid.key + 1) << ROW_BITS
        self.connection.execute("DELETE FROM cells WHERE id >= ? AND id < ?", (low, high))
        self.connection.execute("DELETE FROM block WHERE sheet = ?", (grid.key,))
        self.connection.execute("DELETE FROM sheet WHERE key = ?", (grid.key,))
        gone = grid.sheet_id
        self._keep_named([n for n in self.doc.get("namedRanges", ()) if n["range"].get("sheetId", 0) != gone])

    def _keep_named(self, kept: list[Json]) -> None:
        if kept:
            self.doc["namedRanges"] = kept
        else:
            self.doc.pop("namedRanges", None)

    def fresh_sheet_id(self) -> int:
        used = {grid.sheet_id for grid in self.sheets}
        while True:
            found = secrets.randbelow(2**31 - 1) + 1
            if found not in used:
                return found

    def follow(self, shift: Shift, sheet_id: int) -> None:
        """Ranges anywhere in the spreadsheet follow a change of one sheet's rows or columns."""
        changed = self.sheet(sheet_id).title
        for grid in self.sheets:
            grid.follow(shift, sheet_id)
            home = grid.title
            grid.rewrite_formulas(lambda formula, home=home: references.followed(formula, home, changed, shift))  # type: ignore[misc]
        kept = []
        for named in self.doc.get("namedRanges", ()):
            moved = follow.grid_range(named["range"], sheet_id, shift)
            if moved is not None:
                kept.append({**named, "range": moved})
        self._keep_named(kept)

    def follow_cut(self, source: Grid, box: Box, target: Grid, down: int, right: int) -> None:
        """What names cells of a box, which were cut and put down elsewhere, goes on naming them."""
        to = references.Relocation(target.title, down, right)
        for grid in self.sheets:
            home = grid.title
            grid.rewrite_formulas(
                lambda formula, home=home: references.relocated(formula, home, source.title, box, to)  # type: ignore[misc]
            )
        names = self.doc.get("namedRanges", ())
        ids = (source.sheet_id, box, target.sheet_id, down, right)
        self._keep_named([{**named, "range": follow.carried(named["range"], *ids)} for named in names])
        moved = [follow.carried(found, *ids) for found in source.doc.get("merges", ())]
        source.keep("merges", [found for found in moved if found.get("sheetId", 0) == source.sheet_id])
        gone = [found for found in moved if found.get("sheetId", 0) != source.sheet_id]
        target.keep("merges", [*target.doc.get("merges", ()), *gone])

    def cell_total(self) -> int:
        return sum(grid.row_count * grid.column_count for grid in self.sheets)

    def flush(self, at: float) -> None:
        """Writes what changed and raises the version; the caller commits."""
        for index, grid in enumerate(self.sheets):
            grid.properties["index"] = index
            grid.flush()
        self.doc["sheets"] = [grid.key for grid in self.sheets]
        self.connection.execute(
            "UPDATE spreadsheet SET doc = ?, version = version + 1, modified = max(modified, ?) WHERE key = ?",
            (orjson.dumps(self.doc), at, self.key),
        )
        self.forget()

    def forget(self) -> None:
        """Drops what formulas came to: something has changed."""
        self.results = Results()
        self.changed = True

    @property
    def version(self) -> int:
        """How many writes the spreadsheet has accepted."""
        found = self.connection.execute("SELECT version FROM spreadsheet WHERE key = ?", (self.key,)).fetchone()
        return int(found[0])


def evaluate_here(book: Book, tasks: dict[Place, Task]) -> Done:
    """Formulas computed in this process, while it waits; a server has others do it."""
    from .worksheet import computed  # its evaluator is loaded where it is used

    return computed(book, tasks)


def new_sheet_doc(sheet_id: int, title: str, given: Json) -> Json:
    """The record of a new sheet: 1000 x 26 unless the properties say otherwise."""
    grid = {"rowCount": 1000, "columnCount": 26, **given.get("gridProperties", {})}
    rest = {key: value for key, value in given.items() if key not in ("gridProperties", "sheetId", "title", "index")}
    properties = {
        "sheetId": sheet_id, "title": title, "index": given.get("index", 0), "sheetType": "GRID",
        "gridProperties": grid, **rest
    }  # fmt: skip
    return {"properties": properties}
