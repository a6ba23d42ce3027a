"""Everybody at once, each with an old or new page before them, and time: one legal end."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime
from random import Random

from referrals.clocks import Clocks, Step, due, next_at, noted
from referrals.facts import Facts
from referrals.moves import move
from referrals.outcomes import Effect, Moved
from referrals.reading import Sight, sight
from referrals.referral import Referral, Target
from referrals.roles import By
from referrals.states import FINAL, Act, State
from referrals.urgency import Urgency
from tests.proving import Proof
from tests.referrals.referral_makers import (
    CHILD_POINT,
    COLLEAGUE,
    COORDINATOR,
    DAY,
    FOCAL,
    MINUTE,
    OWNER,
    RECEIVING,
    SHE,
    SUPERVISOR,
    T0,
    TARGET,
    THEIR_SUPERVISOR,
    TIMER,
    child,
    facts,
    for_her,
    referral,
)
from tests.referrals.rota_model import OFFICE
from tests.referrals.test_table import ALLOWED

THIRD = replace(FOCAL, who="fo.3", organisation="third")
TARGETS = (TARGET, Target(organisation="third", service="s2", abroad=True))
NAMES: dict[str, By] = {
    "she": SHE,
    "owner": OWNER,
    "colleague": COLLEAGUE,
    "supervisor": SUPERVISOR,
    "child_point": CHILD_POINT,
    "witness": for_her(OWNER),
    "child_witness": for_her(CHILD_POINT),
    "focal": FOCAL,
    "receiving": RECEIVING,
    "third": THIRD,
    "their_supervisor": THEIR_SUPERVISOR,
    "their_word": for_her(RECEIVING),
    "coordinator": COORDINATOR,
}
ACTS_FROM = {
    state: sorted({act for start, act, _ in ALLOWED if start is state}, key=lambda one: one.value)
    for state in State
}
# What a day is made of: ways on are tried more often than ways out.
ONWARD = {
    start: sorted(
        ((act, name) for at, act, name in ALLOWED if at is start and name in NAMES),
        key=lambda one: (one[0].value, one[1]),
    )
    for start in State
}
OUT = {Act.WITHDRAW, Act.CANCEL, Act.LAPSE, Act.REFUSE, Act.RECALL}
STEPS = 40
SHORT = tuple(MINUTE * n for n in (0, 0, 1, 7, 45, 300))
LONG = (*SHORT, 1 * DAY, 3 * DAY, 20 * DAY)


@dataclass
class World:
    """The one row, what each person has on the screen, and what the rules say of both."""

    random: Random
    row: Referral
    at: datetime = T0
    pages: dict[str, Referral] = field(default_factory=dict)
    ends: set[State] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)
    clocks: Clocks = field(default_factory=Clocks)

    def shape(self, seen: int) -> Facts:
        """Facts as they may be, now and then one that is not so."""
        given = facts(self.row, self.at, seen=seen, clocks=self.clocks)
        given = replace(
            given,
            target=self.random.choice((None, *TARGETS)),
            person=self.random.choice(("ma.1", "ma.2", "re.1")),
            child_focal_point=self.random.choice(("", "ch.1")),
        )
        if self.random.random() < 0.1:
            given = replace(given, consent_holds=False, agreed_with_her=False)
        return given

    def tried(self, act: Act, by: By, seen: int) -> None:
        """One act, judged by the table written down in the tests."""
        before = self.row
        outcome = move(before, act, by, self.at, self.shape(seen))
        if not isinstance(outcome, Moved):
            self.counts[outcome.reason.value] += 1
            return
        self.counts["moved"] += 1
        self.row = outcome.referral
        stale = seen != before.version
        assert act is Act.WITHDRAW or not stale, "an old page has changed something"
        assert self.row.version == before.version + 1
        assert ALLOWED[(before.state, act, called(before, act, by))] is self.row.state
        if before.state in FINAL:
            assert self.row.state is before.state, "an end was left"
        self.watch(before, outcome)

    def watch(self, before: Referral, outcome: Moved) -> None:
        after = outcome.referral
        if after.state in FINAL:
            self.ends.add(after.state)
            assert Effect.OPEN_CONTENT not in outcome.effects
            if before.state not in FINAL:
                assert outcome.effects[0] is Effect.DESTROY_SHARE
        for by in NAMES.values():
            shown = sight(after, by, self.at)
            if after.state in FINAL:
                assert shown <= Sight.STATUS, "something can be read after the end"
            elif by.organisation != "home":
                held = after.state in {State.ACCEPTED, State.HANDOVER_ARRANGED, State.MET}
                assert shown <= Sight.CARD or (held and after.receiver() == by.organisation)

    def time_passes(self) -> None:
        """The worker looks; sometimes it is killed before it has written anything down."""
        items = due(self.row, self.at, self.clocks)
        if self.random.random() < 0.2:
            return
        self.row = noted(self.row, items)
        for item in items:
            if item.step is Step.END and item.act:
                self.tried(item.act, TIMER, self.row.version)

    def someone_acts(self) -> None:
        name = self.random.choice(tuple(NAMES))
        act = self.random.choice(list(Act))
        state = self.pages.get(name, self.row).state
        if self.random.random() < 0.7 and (likely := ONWARD[self.row.state]):
            act, name = self.random.choice(likely)
        elif self.random.random() < 0.5 and ACTS_FROM[state]:
            act = self.random.choice(ACTS_FROM[state])
        if act in OUT and self.random.random() < 0.9:
            return
        if name not in self.pages or self.random.random() < 0.8:
            self.pages[name] = self.row
        self.tried(act, NAMES[name], self.pages[name].version)


def called(row: Referral, act: Act, by: By) -> str:
    """The name under which the tests' table knows this person, for this referral."""
    owns = by.organisation == "home" and by.who == row.owner
    if by.for_her:
        childs = row.child and by.who == row.child_focal_point
        return "witness" if (childs if row.child else owns) else "her_word"
    if owns:
        return "owner"
    asked = act is Act.CONFIRM_DELETION and by.organisation in {
        one.organisation for one in row.deletions
    }
    receives = row.reached and by.organisation == row.receiver()
    if by == THIRD:
        return "focal" if asked or receives else "stranger"
    if by.organisation == "away" and not (asked or receives):
        return "stranger"
    return {one: name for name, one in {**NAMES, "timer": TIMER}.items()}[by]


def played(seed: int) -> World:
    random = Random(seed)
    begins = random.choice([state for state in State if state not in FINAL])
    made = child if random.random() < 0.2 else referral
    row = made(begins, urgency=random.choice(tuple(Urgency)), target=random.choice(TARGETS))
    world = World(random=random, row=row, clocks=Clocks(rota=random.choice((None, OFFICE))))
    for _ in range(STEPS):
        world.at += random.choice(SHORT if random.random() < 0.9 else LONG)
        (world.time_passes if random.random() < 0.2 else world.someone_acts)()
    while (at := next_at(world.row, world.clocks)) is not None:
        world.at = max(world.at, at)
        world.time_passes()
    return world


def test_R46_any_interleaving_ends_in_exactly_one_legal_state(proof: Proof) -> None:
    counts, ends = Counter[str](), Counter[State]()
    tries = proof.count(10_000, quick=400)
    for seed in range(tries):
        world = played(seed)
        counts += world.counts
        assert world.row.state in FINAL
        assert world.ends == {world.row.state}
        ends[world.row.state] += 1

    assert set(ends) == FINAL
    assert counts["version"] > tries / 2
    shown = ", ".join(f"{state.value} {number:,}" for state, number in ends.most_common())
    moved, old = counts["moved"], counts["version"]
    refused = counts.total() - moved
    proof.figure(
        f"{tries:,} interleavings, {moved:,} moves, {refused:,} refused"
        f" ({old:,} from an old page), 0 illegal ends: {shown}"
    )
