"""Plays an episode: rounds of people, app and trouble, a rest now and then, and what the oracle says of each rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta

from chaos import quick, steer
from chaos.episode import Episode, waiting_for_a_column
from chaos.kennel import Order
from chaos.oracle import judge
from chaos.standing import Finding, Standing
from chaos.tokens import tokens_in
from chaos.trouble import LATE_SECONDS, Trouble
from core.model import ChangeState
from store import conflicts, issues, mirror, mixups, outbox
from sync.link import LEASE_SECONDS

ROUND = 12  # operations between two cycles, fewer than
REST = 60  # operations between two rests
CONVERGED = 12  # cycles at most from the end of the faults to an idle one
STEPS = ("read", "settled", "planned", "send", "sent", "recorded", "mend", "read back done")
STAND = ("settled", "planned", "send", "sent")  # where a worker stands while another one runs a cycle
TRIES = 6  # edits, until one goes
MIX_UPS_SETTLED = 0.5  # of the rounds: leads that are mixed up are written by nobody
AFTER_DEATH = timedelta(seconds=LEASE_SECONDS + 1)


class Stopped(BaseException):
    """The worker ends where it stands, as at a power cut; what was committed stays."""


def play(episode: Episode, operations: int) -> None:
    """Rounds until so many operations are done; rests on the way and at the end. Stops at the first finding."""
    rests = max(1, operations // REST)
    for part in range(1, rests + 1):
        while episode.mint.operation < operations * part // rests and not episode.findings:
            _round(episode)
        if not episode.findings:
            rest(episode)


def _round(episode: Episode) -> None:
    for _ in range(episode.rng.randrange(1, ROUND)):
        episode.mint.operation += 1
        what = episode.rng.random()
        if what < 0.36:
            episode.edit()
        elif what < 0.5:
            episode.office_work()
        elif what < 0.95:
            episode.act()
        elif what < 0.98:
            episode.sources(1)
        else:
            episode.say("late requests arrive")
            episode.book.pass_time(LATE_SECONDS + 1)
    if episode.rng.random() < 0.4:
        episode.edit()
        episode.mint.operation += 1
    if episode.rng.random() < MIX_UPS_SETTLED:
        episode.office_work("settles a mix-up")
    ways: list[tuple[Callable[[Episode], None], int]] = [
        (_calm, 60), (_troubled, 800), (quick.between, 80), (quick.beside, 80), (_killed, 25), (_stopped, 40),
        (_beside, 40), (_together, 5), (_deleted, 15),
    ]  # fmt: skip
    episode.rng.choices([way for way, _ in ways], [weight for _, weight in ways])[0](episode)


def _calm(episode: Episode) -> None:
    episode.say(f"cycle {episode.cycle()}")


def _troubles(episode: Episode) -> Iterator[list[Trouble]]:
    """For a cycle each: one at a step, after what leads up to it, and now and then others where they may hit."""
    rng, met = episode.rng, episode.tally.coverage
    phase = steer.choose(met, rng)
    if phase in steer.AFTER_ASTRAY and not _gone_astray(episode):
        phase = "write"
    elif phase in steer.AFTER_LOSS:
        _lose_something(episode)
    episode.edit()
    episode.mint.operation += 1
    for step in steer.chain(phase, rng):
        yield [steer.trouble(met, episode.look(), one) for one in (step, *steer.others(step, rng))]


def _gone_astray(episode: Episode) -> bool:
    """After a calm cycle, so that nothing else is to be written, an edit misses and nobody hears of it. One does not
    go where its lead waits for somebody: others are tried. False where none went."""
    _calm(episode)
    went: bool | None = False
    for _ in range(TRIES):
        episode.edit()
        episode.mint.operation += 1
        trouble = steer.astray(episode.look())
        went = episode.flush(trouble)
        episode.say(f"a flush to go astray with {trouble}: {went}")
        if went is not False:
            break
    return went is None


def _lose_something(episode: Episode) -> None:
    """Somebody throws away, or types over, what the app keeps for itself."""
    head = episode.book.values("_crm")[0]
    deed = steer.loss(episode.rng, int(head[1]), episode.book.tabs())
    done = episode.book.deed(deed)
    episode.say(f"person {deed}{'' if done else ' refused'}")
    episode.tally.counts["person: own things"] += done


def _troubled(episode: Episode) -> None:
    for troubles in _troubles(episode):
        episode.say(f"cycle with {troubles}")
        episode.say(f"  {episode.cycle(*troubles)}")


def _order(episode: Episode, step: str, troubles: list[Trouble]) -> Order:
    book = episode.book
    hits = str(episode.folder / f"{episode.name}.hits")
    world = (book.world.base, str(book.world.key), book.sid, book.person)
    told = tuple(one.text() for one in troubles)
    return Order(*world, episode.database, episode.now.isoformat(), step, episode.rng.choice([1, 1, 2]), told, hits)


def _run(episode: Episode, orders: list[Order]) -> list[int]:
    episode.now += timedelta(seconds=10)
    statuses = episode.kennel.run(orders)
    hits = episode.folder / f"{episode.name}.hits"
    for line in hits.read_text().splitlines() if hits.exists() else ():
        episode.tally.hit(Trouble.read(line))
    hits.unlink(missing_ok=True)
    for order, status in zip(orders, statuses, strict=True):
        episode.say(f"  process to die at {order.step or 'no step'} #{order.number}: {status}")
        episode.tally.counts["kills"] += status == -9
        episode.tally.counts[f"killed at {order.step}"] += status == -9
        if status == 1:
            episode.findings.append(Finding("fell", episode.mint.operation, "a worker process fell"))
    return statuses


def _killed(episode: Episode) -> None:
    """kill -9 of a real process; the next one comes at once, or when the dead one's lease is over."""
    troubles = next(_troubles(episode)) if episode.rng.random() < 0.6 else []
    step = episode.rng.choice(STEPS)
    episode.say(f"a process with {troubles}")
    statuses = _run(episode, [_order(episode, step, troubles)])
    if -9 in statuses and episode.rng.random() < 0.8:
        episode.now += AFTER_DEATH


def _together(episode: Episode) -> None:
    """Two processes at the same time, on one database."""
    episode.say("two processes at once")
    _run(episode, [_order(episode, "", []), _order(episode, "", [])])
    episode.tally.counts["two at once"] += 1


def _stopped(episode: Episode) -> None:
    """The worker of this process ends at a step."""
    step = episode.rng.choice(STEPS)

    def fall(name: str) -> None:
        if name == step:
            raise Stopped

    episode.say(f"stopped at {step}")
    _at_steps(episode, fall)


def _at_steps(episode: Episode, do: Callable[[str], None]) -> None:
    episode.worker.watch(do)
    try:
        episode.cycle()
    except Stopped:
        episode.tally.counts["stops"] += 1
    finally:
        episode.worker.watch()


def _beside(episode: Episode) -> None:
    """Another worker runs a whole cycle while this one stands at a step: on a database of its own, or on the same one
    when this one's lease is over (a zombie)."""
    own = episode.rng.random() < 0.4
    step = episode.rng.choice(STAND)
    waiting = [step]
    episode.say(f"another worker {'of its own database ' if own else ''}at {step}")
    other = episode.other(own)

    def let(step: str) -> None:
        if waiting and step == waiting[0]:
            waiting.clear()
            episode.tally.counts["another worker"] += 1
            episode.say(f"  the other's cycle {episode.cycle(worker=other, later=AFTER_DEATH)}")
            episode.strangers |= _strangers(episode)

    _at_steps(episode, let)


def _strangers(episode: Episode) -> set[str]:
    """Leads in Master that the first worker has not seen yet."""
    leads = episode.leads()
    with episode.worker.link.engine.connect() as conn:
        return {*leads} - mirror.standing(conn, leads).keys()


def _deleted(episode: Episode) -> None:
    """The database is deleted, often in the middle of something."""
    if episode.rng.random() < 0.7:
        _stopped(episode)
    episode.say("the database is deleted")
    episode.lose_database()
    episode.tally.counts["databases deleted"] += 1


def rest(episode: Episode) -> None:
    """The faults stop; what was late arrives; headers are put back. Then cycles until nothing happens any more, and
    the oracle looks."""
    episode.book.pass_time(LATE_SECONDS + 1)
    episode.heal()
    episode.now += AFTER_DEATH
    took = next((n for n in range(1, CONVERGED + 1) if _quiet(episode)), None)
    episode.say(f"at rest after {took} cycles")
    episode.tally.counts["rests"] += 1
    if took is None:
        episode.findings.append(Finding("unsettled", episode.mint.operation, f"not quiet in {CONVERGED} cycles"))
    episode.tally.slowest = max(episode.tally.slowest, took or 0)
    episode.look()
    stands = standing(episode)
    said = judge(episode.track, stands)
    episode.findings += said.findings
    states = Counter(state for state, _ in stands.states.values())
    episode.ended = Counter(
        {
            "overwritten unseen": len(said.unseen),
            "conflicts": states[ChangeState.CONFLICT],
            "blocked": states[ChangeState.BLOCKED],
            "frozen": len(stands.frozen),
            "repairs": sum(len(row) > 7 and str(row[7]).startswith("put back") for row in stands.activity),
        }
    )


def _quiet(episode: Episode) -> bool:
    """Whether a cycle does nothing: one read, no write. What it did is in the log, request by request."""
    requests: list[str] = []
    episode.worker.watch(requests.append)
    calls = episode.cycle()
    episode.worker.watch()
    episode.say(f"  resting: {calls} {requests}")
    return calls == (1, 0)


def standing(episode: Episode) -> Standing:
    """What the store and the sheet say."""
    acknowledged = episode.desk.acknowledged
    with episode.worker.link.engine.begin() as conn:
        kept_back = waiting_for_a_column(conn)
        known = outbox.changes(conn, [*acknowledged, *kept_back.values()])
        states = {i: (one.state, one.why) for i, one in known.items()}
        listed = frozenset(one.change_id for one in conflicts.open_conflicts(conn, 500).items)
        frozen = frozenset(one.lead_id for one in mixups.every(conn))
        reasons = "\n".join(one.issue.reason for one in issues.page(conn, 500).items)
    book = episode.book
    form = frozenset().union(*(tokens_in(cell) for row in book.values("Form") for cell in row))
    return Standing(
        states,
        listed,
        book.values("Activity")[1:],
        reasons,
        book.values("Master"),
        excused=frozenset(episode.excused),
        form=form,
        frozen=frozen,
        accepted=frozenset(episode.office.accepted),
        acknowledged=dict(acknowledged),
        forgetful=episode.forgetful,
        strangers=frozenset(episode.strangers),
        decided=dict(episode.office.decided),
        kept_back=kept_back,
    )
