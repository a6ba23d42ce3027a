"""A referral nobody answers: reminded, raised, ended, each in its minute, whatever is killed."""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from random import Random

from referrals.clocks import Clocks, Due, Step, due, next_at, noted
from referrals.moves import move
from referrals.outcomes import Effect, Moved
from referrals.reading import Sight, sight
from referrals.referral import Referral
from referrals.rota import Rota
from referrals.states import State
from referrals.urgency import Party, Urgency
from tests.proving import Proof
from tests.referrals.referral_makers import DAY, MINUTE, SHE, T0, TIMER, facts, referral
from tests.referrals.rota_model import OFFICE, any_rota, told_minute_by_minute
from tests.referrals.test_clocks import UNANSWERED

LOOK_EVERY = timedelta(seconds=30)
BACK_WITHIN = 25  # seconds from a kill to the next look, at most
ROTAS: tuple[Rota | None, ...] = (None, OFFICE, any_rota(Random(1)), any_rota(Random(2)))


@dataclass
class Worker:
    """Looks every half minute at what is due, in one transaction each; is killed now and then."""

    random: Random
    rows: dict[str, tuple[Referral, Clocks]]
    told: dict[tuple[str, str], list[datetime]] = field(default_factory=dict)
    kills: int = 0

    def runs(self) -> None:
        """Until nothing is due any more. Time jumps to the next look that has something to do."""
        waiting = [(at, name) for name in self.rows if (at := self.wakes(name))]
        heapq.heapify(waiting)
        while waiting:
            wanted, name = heapq.heappop(waiting)
            at = wanted + self.random.random() * LOOK_EVERY
            while self.random.random() < 0.1:  # killed before the commit: nothing has happened
                self.kills += 1
                at += timedelta(seconds=self.random.random() * BACK_WITHIN / 3)
            self.looks(name, at)
            if again := self.wakes(name):
                heapq.heappush(waiting, (max(again, at), name))

    def wakes(self, name: str) -> datetime | None:
        return next_at(*self.rows[name])

    def looks(self, name: str, at: datetime) -> None:
        row, clocks = self.rows[name]
        items = due(row, at, clocks)
        row = noted(row, items)
        for item in items:
            if item.act:
                ended = move(row, item.act, TIMER, at, facts(row, at, clocks=clocks))
                assert isinstance(ended, Moved)
                assert {Effect.DESTROY_SHARE, Effect.TELL_SENDER} <= set(ended.effects)
                row = ended.referral
        for item in items:
            self.told.setdefault((name, item.key), []).append(at)
        self.rows[name] = (row, clocks)


@cache
def expected(rota: Rota | None, start: datetime, length: timedelta) -> datetime:
    return start + length if rota is None else told_minute_by_minute(rota, start, length)


def wanted(one: Referral, rota: Rota | None) -> Iterator[tuple[str, datetime]]:
    """Every step until the end, by name, from the tests' own table and their own calendar."""
    stops = rota if one.urgency >= Urgency.MEDIUM else None
    start = one.sent_at or T0
    table = UNANSWERED[one.urgency]
    last = next(length for length, step, _ in table if step is Step.END)
    end = expected(stops, start, last)
    for length, step, to in table:
        at = expected(stops, start, length)
        if at <= end:
            yield Due(at=at, step=step, nth=_number(step, to)).key, at


def _number(step: Step, to: Party | None) -> str:
    return to.value if step is Step.ESCALATE and to else ""


def any_sent(random: Random, name: str) -> Referral:
    sent = T0 + random.randrange(14 * 24 * 60) * MINUTE
    return referral(
        State.SENT,
        id=name,
        urgency=random.choice(tuple(Urgency)),
        sent_at=sent,
        agreed_at=sent,
        consent_until=sent + 90 * DAY,
    )


def test_R47_no_timer_is_missed_and_none_is_a_minute_late(proof: Proof) -> None:
    random, rows = Random(47), {}
    for number in range(proof.count(1_000, quick=60)):
        one = any_sent(random, f"r{number}")
        rows[one.id] = (one, Clocks(rota=random.choice(ROTAS)))
    worker = Worker(random=random, rows=dict(rows))
    worker.runs()

    late, steps = timedelta(), 0
    for name, (one, clocks) in rows.items():
        told = {key: at for (owner, key), at in worker.told.items() if owner == name}
        plan = dict(wanted(one, clocks.rota))
        assert {key for key in told if key in plan} == set(plan)
        for key, at in plan.items():
            assert len(told[key]) == 1, "twice"
            assert told[key][0] >= at, "too early"
            late = max(late, told[key][0] - at)
        steps += len(plan)
        ended = worker.rows[name][0]
        assert ended.state is State.EXPIRED
        assert sight(ended, SHE, T0 + 400 * DAY) is Sight.STATUS

    assert late <= timedelta(seconds=60)
    assert worker.kills > len(rows) / 4
    proof.figure(
        f"{len(rows):,} unanswered referrals, {steps:,} timers, {worker.kills:,} kills:"
        f" 0 missed, 0 twice, at most {late.seconds} s late"
    )


def test_nothing_is_ever_pushed_to_her() -> None:
    assert {party.value for party in Party} == {
        *("focal_point", "alternate", "supervisor"),
        *("coordinator", "sender", "data_protection"),
    }
