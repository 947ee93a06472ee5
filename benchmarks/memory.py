"""The most memory that this process has held."""

from __future__ import annotations

import resource
import sys
from pathlib import Path


def peak() -> float:
    """Megabytes. Linux counts the parent's into `ru_maxrss`, so the process's own mark is asked first."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().split("VmHWM:")[1].split()[0]) / 1024
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def children_peak() -> float:
    """Megabytes that the processes begun by this one have held at most, each at its own worst moment; 0 where the
    system does not tell. What they share with one another is counted for each."""
    threads = Path("/proc/self/task")
    if not threads.exists():
        return 0.0
    pids = {pid for thread in threads.iterdir() for pid in (thread / "children").read_text().split()}
    marks = [Path(f"/proc/{pid}/status").read_text().split("VmHWM:") for pid in pids]
    return sum(int(mark[1].split()[0]) for mark in marks if len(mark) > 1) / 1024
