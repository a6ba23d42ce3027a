"""R04: old buttons, wrong order, replays and skipped steps change nothing."""

from dataclasses import dataclass, field, replace
from random import Random
from typing import Final

from app.wiring import Data
from flows.arrive import Scene
from flows.engine import advance
from flows.reach import known
from flows.talk import MORE, NEXT, Chose, Event, Found, Look, Returned, Show, Started, Step
from flows.walk import Walk
from handlers.desk import Desk
from handlers.messages import Address, Choice, Incoming, Outgoing, Pressed
from handlers.receive import receive
from tests.doubles import FakeChannel
from tests.proving import Proof

TAPS: Final = 8  # of a sequence that fit
NOISE: Final = 3  # most that do not fit, before each of them
WOMAN: Final = Address("fake", "7")


@dataclass
class Her:
    """One talk with the engine: where she is, and the screen before her."""

    scene: Scene
    walk: Walk
    show: Show = field(default_factory=lambda: Show(node="", texts=()))
    done: list[Chose] = field(default_factory=list)

    def hears(self, event: Event) -> None:
        """The engine's searches find nothing here, and its acts bring nothing."""
        step = advance(self.scene, self.walk, event)
        for _ in range(20):
            if not (order := step.asks):
                break
            answer = Found(()) if isinstance(order, Look) else Returned()
            step = advance(self.scene, step.walk, answer)
        self._is_at(step)

    def _is_at(self, step: Step) -> None:
        self.walk = Walk.load(step.walk.dump())
        self.show = next(one for one in step.effects if isinstance(one, Show))

    def fitting(self, random: Random) -> Chose | None:
        """A button of the screen before her."""
        if not self.show.choices:
            return None
        option = self.show.choices[random.randrange(len(self.show.choices))]
        return Chose(self.walk.step, option.id)

    def unfitting(self, random: Random, options: tuple[str, ...]) -> Chose:
        """What an old card, a double tap, another order or somebody who invents would bring."""
        step, here = self.walk.step, {one.id for one in self.show.choices}
        other = random.choice([one for one in options if one not in here])
        wrong = random.choice((0, 1, step - 1, step + 1, step - random.randrange(1, 9), -step))
        strange = [Chose(step, other), Chose(wrong, random.choice(options))]
        if here:
            strange.append(Chose(wrong, random.choice(sorted(here))))
        return random.choice([*strange, *self.done[-3:]])

    def place(self) -> Walk:
        """Where she is, without the numbers of screens."""
        return replace(self.walk, step=0, screens=0)


def every_option(data: Data) -> tuple[str, ...]:
    """Ids of answers: of the longest screen, of pages, of every node, and some nobody offers."""
    longest = max(len(getattr(node, "pick", ())) for node in data.book.nodes.values())
    numbers = (str(number) for number in range(longest + 2))
    return (*numbers, MORE, NEXT, *sorted(data.book.nodes)[:40], "", "p1", "x" * 60)


def test_R04_what_does_not_fit_the_card_changes_nothing(data: Data, proof: Proof) -> None:
    scene, options = Scene(data.book), every_option(data)
    tried, unfit, taps = proof.count(100_000, quick=600), 0, 0
    for seed in range(tried):
        random = Random(seed)
        start = known(data.book, random.choice(("adult", "child", "unknown")), "sh.menu")
        her, calm = Her(scene, replace(start, step=1_000)), Her(scene, replace(start, step=1_000))
        for each in (her, calm):
            each.hears(Started() if seed % 3 else Chose(1, ""))
        for _ in range(TAPS):
            for _ in range(random.randrange(NOISE + 1)):
                place, shown = her.place(), her.show
                her.hears(strange := her.unfitting(random, options))
                unfit += 1
                assert her.place() == place, strange
                assert (her.show.node, her.show.choices) == (shown.node, shown.choices), strange
            fits = her.fitting(random)
            if fits is None:
                break
            her.hears(fits)
            calm.hears(Chose(calm.walk.step, fits.option))
            her.done.append(fits)
            taps += 1
            assert her.place() == calm.place(), "what did not fit has led her elsewhere"

    assert unfit > tried
    proof.figure(f"{tried:,} sequences, {taps:,} taps, {unfit:,} that do not fit: 0 transitions")


async def test_R04_at_the_door_the_present_card_is_shown_again(
    desk: Desk, fake: FakeChannel, data: Data, proof: Proof
) -> None:
    tried, numbers, again = proof.count(2_000, quick=6), iter(range(1, 10**9)), 0
    options = every_option(data)
    for seed in range(tried):
        random, woman = Random(seed), Address("fake", str(1_000 + seed))
        old = list[Choice]()
        screen = await says(desk, woman, next(numbers), Pressed("start"))
        for _ in range(4):
            for strange in strangers(random, screen, old, options):
                shown = await says(desk, woman, next(numbers), strange)
                again += 1
                assert (shown.node, shown.texts) == (screen.node, screen.texts), strange
                screen = shown
            if not screen.choices:
                break
            tap = Choice(screen.step, random.choice(screen.choices).id)
            old.append(tap)
            screen = await says(desk, woman, next(numbers), tap)
            if screen.ended:
                break

    proof.figure(f"{tried:,} talks, {again:,} taps that do not fit: the present card each time")


def strangers(
    random: Random, screen: Outgoing, old: list[Choice], options: tuple[str, ...]
) -> list[Choice]:
    """Taps that do not fit the screen before her."""
    here = {one.id for one in screen.choices}
    found = [Choice(screen.step - 1, one) for one in sorted(here)[:1]] + old[-1:]
    other = random.choice(options)
    return found if other in here else [*found, Choice(screen.step, other)]


async def says(desk: Desk, woman: Address, number: int, said: Pressed | Choice) -> Outgoing:
    """One message of hers, and what she sees."""
    incoming = Incoming(address=woman, said=said, event_id=str(number), callback_id="q")
    shown = await receive(incoming, desk)
    assert shown is not None
    return shown
