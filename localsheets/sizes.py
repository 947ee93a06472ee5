"""Widths, heights and hiding of columns and rows, kept as spans: most rows and columns have the default."""

from __future__ import annotations

from . import masks, metadata
from .follow import Json
from .grid import Grid

DEFAULT_PIXELS = {"ROWS": 21, "COLUMNS": 100}
KEYS = {"ROWS": "rowSizes", "COLUMNS": "columnSizes"}
# Advance widths of the default font in thousandths of an em, for what is not given 600; an em as the recordings
# show it.
EM = 12.694
PADDING = 21
WIDTHS = {
    **dict.fromkeys("ijl'|", 222), **dict.fromkeys("ftI.,:;!/\\[] ()", 278), **dict.fromkeys("r-", 333),
    **dict.fromkeys("ckszvxyJ", 500), **dict.fromkeys("abdeghnopquL0123456789_", 556), **dict.fromkeys("ABEKPSVXY&",
    667),
    **dict.fromkeys("CDHNRUw", 722), **dict.fromkeys("GOQ", 778), **dict.fromkeys("mM", 833), "W": 944, "@": 1015,
    "F": 611,
    "T": 611, "Z": 611, "+": 584, "=": 584, "<": 584, ">": 584,
}  # fmt: skip


def spans(grid: Grid, dimension: str) -> list[Json]:
    """The spans that differ from the default, in order: {startIndex, endIndex, properties}."""
    found: list[Json] = grid.doc.get(KEYS[dimension], [])
    return found


def update(grid: Grid, dimension: str, start: int, stop: int, given: Json, paths: list[tuple[str, ...]]) -> None:
    """Writes the masked DimensionProperties over start..stop."""
    out: list[Json] = []
    at = start
    for span in spans(grid, dimension):
        low, high, old = span["startIndex"], span["endIndex"], span["properties"]
        if high <= start or low >= stop:
            out.append(span)
            continue
        if low < start:
            out.append(_span(low, start, old))
        if at < low:
            out.append(_span(at, low, masks.write({}, given, paths)))
        out.append(_span(max(low, start), min(high, stop), masks.write(old, given, paths)))
        if high > stop:
            out.append(_span(stop, high, old))
        at = max(at, min(high, stop))
    if at < stop:
        out.append(_span(at, stop, masks.write({}, given, paths)))
    kept = sorted((span for span in out if span["properties"]), key=lambda span: int(span["startIndex"]))
    if kept:
        grid.doc[KEYS[dimension]] = kept
    else:
        grid.doc.pop(KEYS[dimension], None)


def _span(start: int, stop: int, properties: Json) -> Json:
    return {"startIndex": start, "endIndex": stop, "properties": properties}


def shown(grid: Grid, dimension: str, start: int, stop: int) -> list[Json]:
    """The DimensionProperties of start..stop as a read shows them."""
    pixels = DEFAULT_PIXELS[dimension]
    out: list[Json] = [{"pixelSize": pixels} for _ in range(start, stop)]
    for span in spans(grid, dimension):
        for index in range(max(start, span["startIndex"]), min(stop, span["endIndex"])):
            out[index - start] = {"pixelSize": pixels, **span["properties"]}
    for index, held in metadata.by_line(grid, dimension).items():
        if start <= index < stop:
            out[index - start][metadata.KEY] = held
    return out


def text_width(text: str) -> int:
    """The pixels that a text takes in the default font, with the cell's padding."""
    return round(sum(WIDTHS.get(char, 600) for char in text) * EM / 1000) + PADDING
