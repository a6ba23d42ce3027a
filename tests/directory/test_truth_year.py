"""A year of checks, pulls, silences and proposals at random: no day shows what must be hidden."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as some

from directory import intake_moves, moves
from directory.entry import Entry, NotAllowed, Who
from directory.moves import Found
from directory.search import search
from directory.service import Service
from directory.standing import standing
from directory.truth import Method, PullReason, Reply, Result
from tests.directory.service_examples import TUESDAY, query, service

STAFF = ("ma.1", "so.2", "ny.3")
DAYS = 365
# Every kind of service with the days after which it is due, written down from the model itself.
KINDS = {"HOT.GBV": 30, "HEA.CMR": 60, "SHE.EMERG": 60, "CMG.GBV": 60, "LEG.AID": 90}
LIVE = query(sectors=tuple(KINDS), mode="live")


@dataclass
class Watched:
    """An entry, and beside it what the rules say about it, kept without the code under test."""

    entry: Entry
    good: date | None = None
    failed: int = 0
    wrong: bool = False
    pulled: bool = False
    agreed: set[str] = field(default_factory=set)
    unanswered: list[datetime] = field(default_factory=list)
    waiting: str = ""
    refused: int = 0

    def checked(self, on: date, result: Result, call: bool) -> None:
        if result is Result.OK:
            self.good, self.failed, self.wrong, self.unanswered = on, 0, False, []
        self.failed += result is Result.NO_ANSWER and call
        self.wrong = self.wrong or result is Result.WRONG
        if result is Result.CHANGED:
            self.unanswered = []


def one_day(watched: Watched, random: Random, at: datetime) -> None:
    """One act by one person; what is refused changes nothing."""
    who = Who(by=random.choice(STAFF), at=at)
    act = random.choice((check, check, check, pull, restore, restore, ask, answer, propose, rest))
    before = watched.entry
    try:
        act(watched, random, who)
    except NotAllowed:
        watched.refused += 1
        assert watched.entry == before


def rest(watched: Watched, random: Random, who: Who) -> None:
    watched.entry = intake_moves.pause(watched.entry, who, who.at + timedelta(days=1))


def check(watched: Watched, random: Random, who: Who) -> None:
    found = Found(
        method=random.choice(list(Method)),
        result=random.choice([Result.OK, Result.OK, *Result]),
        of=random.choice(("shown", "shown", "proposed")),
        through_focal_point=random.random() < 0.8,
    )
    watched.entry = moves.verify(watched.entry, who, found)
    if found.of == "proposed":
        assert watched.waiting not in ("", who.by)
        if found.result is Result.OK:
            watched.checked(who.at.date(), Result.OK, call=False)
        if found.result is not Result.NO_ANSWER:
            watched.waiting = ""
        return
    watched.checked(who.at.date(), found.result, found.method is Method.CALL)


def pull(watched: Watched, random: Random, who: Who) -> None:
    if random.random() < 0.2:
        watched.entry = moves.pull(watched.entry, who, random.choice(list(PullReason)))
        watched.pulled, watched.agreed = True, set()


def restore(watched: Watched, random: Random, who: Who) -> None:
    watched.entry = moves.restore(watched.entry, who)
    watched.agreed.add(who.by)
    watched.pulled = watched.pulled and len(watched.agreed) < 2


def ask(watched: Watched, random: Random, who: Who) -> None:
    watched.entry = moves.ask(watched.entry, who)
    watched.unanswered.append(who.at + timedelta(days=7))


def answer(watched: Watched, random: Random, who: Who) -> None:
    still_right = random.random() < 0.7
    reply = Reply.RIGHT if still_right else Reply.CHANGED
    watched.entry = moves.answer(watched.entry, who, reply)
    watched.checked(who.at.date(), Result.OK if still_right else Result.CHANGED, call=False)


def propose(watched: Watched, random: Random, who: Who) -> None:
    changed = replace(watched.entry.shown(), name=f"Example {random.randint(0, 9)}", level=0)
    watched.entry = moves.propose(watched.entry, who, changed)
    watched.waiting = who.by


def must_be_hidden(watched: Watched, code: str, at: datetime) -> bool:
    stale = watched.good is None or (at.date() - watched.good).days > KINDS[code] + 30
    helpline = code == "HOT.GBV" and watched.failed >= 2
    silent = len(watched.unanswered) >= 2 and at >= watched.unanswered[1]
    return stale or helpline or silent or watched.wrong or watched.pulled


def held(code: str) -> Service:
    return service(
        id=code.replace(".", "-"),
        codes=frozenset({code}),
        confidential=code.startswith("SHE."),
        suspended=True,
    )


def year(seed: int) -> tuple[int, int, int]:
    """How many service-days were shown, hidden though checked, and acts refused."""
    random = Random(seed)
    kept = {code: Watched(Entry(service=held(code))) for code in KINDS}
    shown = hidden = 0
    for day in range(DAYS):
        at = TUESDAY + timedelta(days=day)
        for code, watched in kept.items():
            if random.random() < 0.08:
                one_day(watched, random, at)
            stands = standing(watched.entry.shown(), watched.entry.truth)
            answer = search([stands], replace(LIVE, sectors=(code,), at=at))
            assert not (answer.hits and must_be_hidden(watched, code, at)), (code, day)
            assert answer.hits or answer.hidden[0].reason
            fine = not must_be_hidden(watched, code, at)
            assert answer.hits or not fine or answer.hidden[0].reason == "paused"
            shown += len(answer.hits)
            hidden += not answer.hits
    return shown, hidden, sum(watched.refused for watched in kept.values())


@settings(max_examples=20, deadline=None)
@given(some.integers(min_value=0, max_value=2**32))
def test_in_a_year_nothing_is_shown_past_due_or_returned_by_one_person(seed: int) -> None:
    shown, hidden, _ = year(seed)

    assert shown + hidden == DAYS * len(KINDS)


def test_the_simulated_years_meet_everything() -> None:
    years = [year(seed) for seed in range(10)]
    shown, hidden, refused = (sum(column) for column in zip(*years, strict=True))

    assert shown > 1_000
    assert hidden > 1_000
    assert refused > 50
