"""A day in which everybody acts at once, from several processes that die now and then."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from sqlalchemy import select

from handlers import casework, clockwork, consent
from handlers.case_file import Case, clear_of, read
from handlers.case_values import Asking, LowerReason
from handlers.casework import Given, HerWord
from handlers.desk import Desk
from privacy.audit import link
from referrals.items import Item
from referrals.outcomes import Refused
from referrals.reading import Sight
from referrals.states import FINAL, Act, ClosingCode, DeclineReason, Question, State
from referrals.table import RULES
from referrals.urgency import Urgency
from referrals.values import Values
from storage import referrals
from storage.rows import audit, audit_links
from tests.casework.killing import Processes
from tests.casework.scene import FORM, FOUR, Scene, made

STEPS = 12
AFTER_AN_END = 2  # of them, in which everybody still tries
DIES = 0.12  # of all that is tried
_MOST_STATEMENTS = 40  # of one act, about
READ = "tries to read after an end"
_OUT = {Act.CANCEL, Act.RECALL, Act.REFUSE, Act.WITHDRAW}
_HERS = frozenset({Act.AGREE, Act.REFUSE, Act.RECONSIDER, Act.WITHDRAW})
# Who is asked to do what; the table of moves says who really may.
_SENDING = frozenset(
    {
        *(Act.ASK_CONSENT, Act.SEND, Act.RECALL, Act.CANCEL, Act.ANSWER, Act.ARRANGE),
        *(Act.CLOSE, Act.REDRAFT, Act.LOWER_URGENCY, Act.HAND_ON, Act.EDIT),
    }
)


@dataclass
class Day:
    """One referral in the middle of everybody, and what was seen of it."""

    scene: Scene
    processes: Processes
    random: Random
    ref_id: str
    pages: dict[str, int] = field(default_factory=dict)
    ended: bool = False
    counts: Counter[str] = field(default_factory=Counter)

    async def lived(self) -> State:
        """Until it has ended: first everybody, then time alone."""
        left = STEPS
        while left:
            state, version = await self._stands()
            left = min(left - 1, AFTER_AN_END if state in FINAL else left)
            self.scene.clock.forward(minutes=self.random.choice((0, 1, 10, 60, 600)))
            at_once = self.random.randint(1, 3)
            acts = (self._somebody(state, version) for _ in range(at_once))
            await asyncio.gather(*acts)
            if state in FINAL:
                await self._tries_to_read()
        while (await self._stands())[0] not in FINAL:
            self.scene.clock.forward(days=15)
            await self._process(clockwork.tick)
        await self._tries_to_read()
        return (await self._stands())[0]

    async def somebody(self) -> None:
        """One of them does one thing, as it stands now."""
        await self._somebody(*await self._stands())

    async def _somebody(self, state: State, version: int) -> None:
        """With what stood on the screens when the step began; others may be quicker meanwhile."""
        if self.random.random() < 0.2:
            await self._process(clockwork.tick)
            return
        acts = [act for start, act in RULES if start is state and act is not Act.LAPSE]
        act = self.random.choice(acts or [Act.CONFIRM_DELETION])
        if act in _OUT and self.random.random() < 0.9:
            act = self.random.choice(acts)
        if self.random.random() < 0.1:
            act = self.random.choice(list(Act))
        if act in _HERS and self.random.random() < 0.9:
            await self._she(act, version)
        else:
            await self._staff(act, version)

    async def _she(self, act: Act, version: int) -> None:
        seen = self._page("she", version)
        yes = None
        given = None
        case = await self.case()
        if act is Act.AGREE and case.referral.state is State.CONSENT_PENDING:
            given = await consent.new_receipt(self.scene.desk)
            yes = made(case, self.scene.desk, subject=given.subject)

        async def says(desk: Desk) -> Case | Refused:
            async with desk.store.turn() as turn:
                if given is not None:
                    await consent.keep_receipt(turn, desk, self.ref_id, given)
                word = HerWord(seen=seen, consent=yes)
                return await casework.her_act(turn, desk, self.ref_id, act, word)

        outcome = await self._process(says)
        if act is Act.WITHDRAW and isinstance(outcome, Case):
            self.ended = True

    async def _staff(self, act: Act, version: int) -> None:
        scene = self.scene
        ours = [scene.caseworker, scene.who("Supervisor")]
        theirs = [scene.focal, scene.who("Alternate", "demo-boat")]
        theirs.append(scene.who("Supervisor", "demo-boat"))
        wanted = ours if act in _SENDING else theirs
        who = self.random.choice(wanted if self.random.random() < 0.85 else [*ours, *theirs])
        given = self._given(act, self._page(who.id, version))
        if act is Act.EDIT:
            await self._process(
                lambda desk: casework.fill(desk, who, self.ref_id, given.seen, FORM)
            )
        else:
            await self._process(lambda desk: casework.act(desk, who, self.ref_id, act, given))

    def _given(self, act: Act, seen: int) -> Given:
        return Given(
            seen=seen,
            asking=Asking.SCRIPT,
            urgency=Urgency.NORMAL,
            lower=LowerReason.SAFER_NOW,
            decline=DeclineReason.NO_SPACE,
            question=self.random.choice((Question.LANGUAGE, Question.ALERTS)),
            answer=Values({Item.LANGUAGE: ("my",)}) if act is Act.ANSWER else None,
            closing=ClosingCode.SERVICE_RECEIVED,
            no_other_try=True,
            person=self.random.choice((self.scene.caseworker.id, self.scene.focal.id)),
            called_first=True,
            arranged=FOUR,
            right_service=True,
            follow_up=True,
        )

    def _page(self, who: str, newest: int) -> int:
        """The version this person has before the eyes: often the newest, sometimes an old one."""
        if who not in self.pages or self.random.random() < 0.8:
            self.pages[who] = newest
        return self.pages[who]

    async def _process(self, what: Callable[[Desk], Awaitable[Any]]) -> Any:
        which = self.random.randrange(len(self.processes.desks))
        dies = self.random.random() < DIES
        life = self.random.randrange(_MOST_STATEMENTS) if dies else None
        outcome = await self.processes.run(which, life, what)
        kind = outcome.reason.value if isinstance(outcome, Refused) else "answered"
        self.counts["killed or ticked" if outcome is None else kind] += 1
        return outcome

    async def _tries_to_read(self) -> None:
        """After an end nobody gets the content, and no page shows any of it."""
        readers = (self.scene.caseworker, self.scene.focal, self.scene.who("Supervisor"))
        who = self.random.choice(readers)
        self.counts[READ] += 1
        if self.random.random() < 0.5:
            opened = await casework.content(self.scene.desk, who, self.ref_id)
            assert isinstance(opened, Refused), "read after the end"
        else:
            shown = await casework.look(self.scene.desk, who, self.ref_id)
            assert shown is None or shown.sight <= Sight.STATUS
            assert shown is None or not (shown.form or shown.card)

    async def case(self) -> Case:
        async with self.scene.desk.store.turn() as turn:
            case = await read(turn, self.scene.desk, self.ref_id)
        assert case is not None
        return case

    async def _stands(self) -> tuple[State, int]:
        """State and version, as its row says; nothing is unsealed for it."""
        async with self.scene.desk.store.turn() as turn:
            row = await referrals.read(turn, self.ref_id)
        assert row is not None
        return State(row.state), clear_of(row).clear.version

    async def replayed(self) -> tuple[State, int]:
        """Where the chain says that it stands, and how many acts it tells of."""
        scene = self.scene
        async with scene.desk.store.turn() as turn:
            key = await turn.scalar(
                select(audit_links.c.key).where(audit_links.c.object == self.ref_id)
            )
            salt = await scene.desk.keystore.get(str(key))
            assert salt is not None
            mine = link(salt, "referral", self.ref_id)
            wanted = select(audit.c.what).where(audit.c.object == mine, audit.c.result == "done")
            told = list((await turn.execute(wanted.order_by(audit.c.seq))).scalars())
        names = {f"referral.{act.value}": act for act in Act}
        acts = [names[what] for what in told if what in names]
        state = State.DRAFT
        for act in acts:
            state = RULES[state, act].to
        return state, len(acts)
