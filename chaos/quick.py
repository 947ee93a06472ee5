"""Edits that wait for no cycle: a flush between two cycles, or beside one that is at work, as the worker does it.

One of the ways of a round (`chaos.play`).
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from chaos import steer
from chaos.episode import Episode
from chaos.standing import Finding

MOMENTS = ("read", "poll", "settled", "planned")  # of a cycle: before its poll, the answer there, and so on
FLUSHES = 3  # in a row, at most
PHASES = ("aim", "write")
TROUBLED = 0.5  # of the cycles that an edit goes beside
PATIENCE = 60.0


def between(episode: Episode) -> None:
    """Edits, each flushed at once."""
    for _ in range(episode.rng.randrange(1, FLUSHES + 1)):
        _edit_and_flush(episode)


def beside(episode: Episode) -> None:
    """The same while a cycle stands at a moment; people may be at work then too."""
    rng, met, waiting = episode.rng, episode.tally.coverage, [episode.rng.choice(MOMENTS)]
    episode.say(f"edits beside a cycle, at {waiting[0]}")

    def let(moment: str) -> None:
        if moment in waiting:
            waiting.clear()
            episode.tally.counts["flushes beside"] += 1
            _aside(episode, lambda: _edit_and_flush(episode))

    phases = steer.others(rng.choice(steer.ORDER), rng) if rng.random() < TROUBLED else ()
    troubles = [steer.trouble(met, episode.look(), one) for one in phases]
    episode.worker.watch(let, let)
    try:
        episode.say(f"  {episode.cycle(*troubles)} with {troubles}")
    finally:
        episode.worker.watch()


def _aside(episode: Episode, work: Callable[[], None]) -> None:
    """In a thread of its own, to its end: in the cycle's own it would never wait for a lock that the cycle holds."""
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(PATIENCE)
    if thread.is_alive():
        episode.findings.append(Finding("fell", episode.mint.operation, "a flush beside a cycle waits for ever"))


def _edit_and_flush(episode: Episode) -> None:
    rng = episode.rng
    episode.edit()
    episode.mint.operation += 1
    if rng.random() < 0.3:
        episode.act()
        episode.mint.operation += 1
    some = [one for one in PHASES if rng.random() < 0.4]
    troubles = [steer.trouble(episode.tally.coverage, episode.look(), one) for one in some]
    episode.say(f"  a flush with {troubles}: {episode.flush(*troubles)}")
