"""The two paths that are killed at every point: a referral from draft to close, and a talk."""

import json
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import func, select

from app.settings import Settings
from app.wiring import Data, build
from handlers import casework, staff
from handlers.case_values import View
from handlers.deliver import deliver
from handlers.messages import Address, Choice, Incoming, Pressed, Said
from handlers.receive import receive
from handlers.staff_notices import Sender
from referrals.states import Act, ClosingCode, State
from storage.rows import audit, counts, mail, referrals, seen
from tests.casework.scene import FORM, FOUR, Scene
from tests.crash.kill_points import PaperChannel, Points, Tell
from tests.doubles import FakeClock

PAUSE = timedelta(seconds=60)  # between a kill and the next start: every lease has ended
TAPS = 14
HERS = "7"  # her chat
LOOKS = ("referral.open", "referral.look")  # what is only read may be read twice


@dataclass
class Referral:
    """Work for a child: brings the one referral from wherever it stands to its close."""

    settings: Settings
    data: Data
    life: int = 0

    async def __call__(self, points: Points, tell: Tell) -> None:
        clock = FakeClock()
        clock.now += PAUSE * self.life
        channel = PaperChannel("caseworkers", self.settings.home / "staff.jsonl", points)
        channels = {channel.name: channel}
        async with build(self.settings, channels=channels, clock=clock, data=self.data) as desk:
            scene, sender = await Scene.of(desk, clock, self.settings.home), Sender()
            while True:
                view = await standing(scene)
                if view is not None and view.state is State.CLOSED:
                    break
                points.doing = name_of(view)
                view = await next_act(scene, view)
                points.here("before it is told")
                tell({"version": view.version})
                points.doing = f"{points.doing}, notify"
                await sender.send_due(desk)
            points.doing = "after it was closed"
            await sender.send_due(desk)


def name_of(view: View | None) -> str:
    """What is done next with a referral that stands so."""
    if view is None:
        return "draft"
    if view.state is State.DRAFT:
        return "draft, filled" if view.form and view.form.services else "draft, fill"
    names = {
        State.CONSENT_PENDING: "consent",
        State.CONSENTED: "seal and send",
        State.SENT: "acknowledge",
        State.RECEIVED: "accept",
        State.ACCEPTED: "hand over",
        State.HANDOVER_ARRANGED: "met",
        State.MET: "close",
    }
    return names[view.state] if view.state else ""


async def standing(scene: Scene) -> View | None:
    """The referral as her caseworker sees it; None where there is none yet."""
    async with scene.desk.store.turn() as turn:
        ids = tuple((await turn.execute(select(referrals.c.id))).scalars())
    return await casework.look(scene.desk, scene.caseworker, ids[0]) if ids else None


async def next_act(scene: Scene, view: View | None) -> View:
    """One act of whoever is to act now."""
    if view is None:
        started = await casework.start(scene.desk, scene.caseworker)
        assert isinstance(started, View)
        return started
    match view.state:
        case State.DRAFT if not (view.form and view.form.services):
            desk, who = scene.desk, scene.caseworker
            filled = await casework.fill(desk, who, view.id, view.version, FORM)
            assert isinstance(filled, View)
            return filled
        case State.DRAFT:
            return await scene.asked(view)
        case State.CONSENT_PENDING:
            return await scene.agreed(view)
        case State.CONSENTED:
            return await scene.does(scene.caseworker, view, Act.SEND)
        case State.SENT:
            return await scene.does(scene.focal, view, Act.ACKNOWLEDGE)
        case State.RECEIVED:
            return await scene.does(scene.focal, view, Act.ACCEPT)
        case State.ACCEPTED:
            await casework.content(scene.desk, scene.focal, view.id)
            return await scene.does(scene.caseworker, view, Act.ARRANGE, arranged=FOUR)
        case State.HANDOVER_ARRANGED:
            return await scene.does(scene.focal, view, Act.MEET, right_service=True)
        case _:
            code = ClosingCode.SERVICE_RECEIVED
            return await scene.does(
                scene.caseworker, view, Act.CLOSE, closing=code, follow_up=True
            )


@dataclass(frozen=True)
class Outcome:
    """How a run ended, as far as two runs must be the same."""

    rows: tuple[tuple[Any, ...], ...]
    acts: tuple[tuple[str, str], ...]


async def outcome_of_referral(settings: Settings, data: Data) -> Outcome:
    """Every referral's state and emptiness, and the chain's acts in their order."""
    building = build(settings, channels={}, clock=FakeClock(), data=data)
    async with building as desk, desk.store.turn() as turn:
        columns = (referrals.c.state, referrals.c.version, referrals.c.sealed)
        rows = tuple(map(tuple, await turn.execute(select(*columns))))
        wanted = select(audit.c.what, audit.c.result).order_by(audit.c.seq)
        acts = tuple((what, result) for what, result in await turn.execute(wanted))
    ours = [one for one in acts if one[0].startswith(("referral.", "consent."))]
    return Outcome(rows=rows, acts=tuple(one for one in ours if one[0] not in LOOKS))


async def link_chats(settings: Settings, data: Data) -> None:
    """Both sides are told by a chat each."""
    async with build(settings, channels={}, clock=FakeClock(), data=data) as desk:
        scene = await Scene.of(desk, FakeClock(), settings.home)
        for number, who in enumerate((scene.caseworker, scene.focal), start=1):
            code = await staff.new_link_code(desk, who)
            assert await staff.link_chat(desk, Address("caseworkers", str(number)), code)


@dataclass
class Talk:
    """Work for a child: takes her updates in order until she has left, as the platform brings
    them: each again and again until it was taken."""

    settings: Settings
    data: Data
    seed: int = 0
    life: int = 0

    async def __call__(self, points: Points, tell: Tell) -> None:
        clock = FakeClock()
        clock.now += PAUSE * self.life
        channel = PaperChannel("fake", self.settings.home / "hers.jsonl", points)
        async with build(
            self.settings, channels={"fake": channel}, clock=clock, data=self.data
        ) as desk:
            while self.life and await deliver(desk):  # she sees what waited before she goes on
                pass
            for number in range(self._taken(), TAPS + 1):
                points.doing = f"update {number}"
                incoming = self._update(number, channel)
                await receive(incoming, desk)
                points.here("before it is acknowledged")
                with self._file("taken").open("a") as file:
                    file.write(f"{number}\n")
                tell({"update": number})
                while await deliver(desk):
                    pass
            points.doing = "after she has left"
            for _ in range(3):
                clock.now += PAUSE
                while await deliver(desk):
                    pass

    def _file(self, name: str) -> Path:
        return self.settings.home / f"{name}.txt"

    def _taken(self) -> int:
        file = self._file("taken")
        return len(file.read_text().splitlines()) if file.exists() else 0

    def _update(self, number: int, channel: PaperChannel) -> Incoming:
        """The same each time it is delivered; what she taps stands on her card by then."""
        file = self._file(f"update{number}")
        if not file.exists():
            file.write_text(json.dumps(self._says(number, channel)))
        card, step, option = json.loads(file.read_text())
        said: Said = (
            Pressed(option, step) if step is None or card is None else Choice(step, option)
        )
        return Incoming(
            address=Address("fake", HERS),
            said=said,
            event_id=str(number),
            card_id=card,
            callback_id=f"q{number}" if card else None,
        )

    def _says(self, number: int, channel: PaperChannel) -> tuple[str | None, int | None, str]:
        if number == 0:
            return None, None, "start"
        if number == TAPS:
            return None, None, "leave"
        cards = [line for line in channel.standing(HERS).values() if line["options"]]
        if not cards:  # the talk has ended: she begins anew
            return None, None, "start"
        # A kill may leave a second message for less than a minute; she looks at the newer screen.
        newest = max(cards, key=lambda line: int(line["options"][0][0]))
        options = newest["options"]
        step, option = options[Random(self.seed * 1_000 + number).randrange(len(options))]
        return newest["card"], step, option


async def outcome_of_talk(settings: Settings, data: Data) -> Outcome:
    """What was counted of her talk, each thing once, and that nothing waits any more."""
    building = build(settings, channels={}, clock=FakeClock(), data=data)
    async with building as desk, desk.store.turn() as turn:
        wanted = select(counts.c.what, counts.c.name, counts.c.country, counts.c.number)
        rows = await turn.execute(wanted.order_by(counts.c.what, counts.c.name))
        counted = tuple(map(tuple, rows))
        taken = (await turn.execute(select(func.count(seen.c.event)))).scalar_one()
        screens = select(func.count(mail.c.id)).where(mail.c.kind == "show")
        waits = (await turn.execute(screens)).scalar_one()
    return Outcome(rows=counted, acts=(("taken", str(taken)), ("waits", str(waits))))


def chat_of(settings: Settings) -> dict[str, dict[str, Any]]:
    """What stands in her chat at the end."""
    return PaperChannel("fake", settings.home / "hers.jsonl", Points()).standing(HERS)
