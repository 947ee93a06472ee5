"""One line of the benchmark report: what was measured, ours beside its peer, and what it shall be."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BenchRow:
    """`ours` and `peer` are medians in the unit that `note` names; `ratio` is how much better ours is (peer / ours for
    seconds and bytes), compared with `target` (0.0 where nothing is promised: the figure is reported)."""

    name: str
    ours: float
    peer: float
    ratio: float
    target: float
    note: str = ""

    @property
    def met(self) -> bool:
        return self.ratio >= self.target


def render(rows: list[BenchRow]) -> str:
    """The rows as a Markdown table."""
    lines = ["| what | ours | peer | ratio | target | |", "|---|---:|---:|---:|---:|---|"]
    lines += [
        f"| {row.name} | {row.ours:.4g} | {row.peer:.4g} | {row.ratio:.2f} | "
        f"{f'{row.target:g}' if row.target else 'reported'} | {'' if row.met else 'NOT MET '}{row.note} |"
        for row in rows
    ]
    return "\n".join(lines)
