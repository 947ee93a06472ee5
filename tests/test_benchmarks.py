"""The report of the benches: each writes its own part, and says what is promised and what is only told."""

from benchmarks.report import BENCHES, with_part
from benchmarks.rows import BenchRow, render


def part(name: str, text: str) -> str:
    return f"## Title of it (`{name}`)\n\n{text}\n"


def test_a_bench_replaces_its_own_part_and_keeps_the_others_in_order() -> None:
    report = with_part("", "calls", part("calls", "one call"))
    report = with_part(report, "cleaning", part("cleaning", "slow"))
    report = with_part(report, "cleaning", part("cleaning", "fast"))
    assert report.index("fast") < report.index("one call")
    assert "slow" not in report
    assert report.count("## ") == 2
    assert report.startswith("# Benchmarks\n")
    assert with_part(report, "calls", part("calls", "one call")) == report


def test_what_was_written_of_a_bench_that_is_gone_goes_too() -> None:
    assert "bench of old" not in with_part(part("gone", "a bench of old"), "calls", part("calls", "one call"))
    assert "gone" not in BENCHES


def test_what_is_not_promised_is_reported_and_what_is_missed_says_so() -> None:
    table = render([BenchRow("calls", 1, 8, 8, 0, "calls"), BenchRow("cleaning", 1, 3, 3, 5, "CPU seconds")])
    assert "| 8.00 | reported | calls |" in table
    assert "| 3.00 | 5 | NOT MET CPU seconds |" in table
