"""A caseworker asks by code, a woman answers in her chat; what is kept of it."""

import re
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy
from sqlalchemy import select

from flows.walk import Walk
from handlers import case_consent, case_file
from handlers.case_values import Asking as How
from handlers.case_values import View
from handlers.casework_form import Form
from handlers.conversation import begin, keep, people_of, read
from handlers.desk import Desk
from handlers.messages import Address
from handlers.scenes import first_step
from referrals.consent import Consent
from referrals.states import Act, State
from storage import conversations
from tests.casework.scene import FORM, Scene
from tests.handlers.people import Person

TO_YES = ("Yes", "Next", "OK", "Next", "Next", "Next", "Yes")
"""From the first screen to her yes, where nothing is taken out and nothing ticked."""
PROMPT = "sh.move.code"
NUMBER = re.compile(r"\d\d \d{3} \d{3} / \d\d \d{3} \d{3}")


@dataclass
class Asking:
    """One referral for which she is asked by a code."""

    scene: Scene

    @property
    def desk(self) -> Desk:
        return self.scene.desk

    async def code(self, form: Form = FORM, how: How = How.REMOTE) -> tuple[View, str]:
        """A proposed referral, and the code that its caseworker says to her."""
        view = await self.scene.asked(await self.scene.draft(form), how)
        assert view.consent_code
        return view, view.consent_code

    async def state(self, view: View) -> State:
        async with self.desk.store.turn() as turn:
            case = await case_file.read(turn, self.desk, view.id)
        assert case is not None
        return case.referral.state

    async def record(self, view: View) -> Consent | None:
        async with self.desk.store.turn() as turn:
            case = await case_file.read(turn, self.desk, view.id)
            assert case is not None
            return await case_consent.read(turn, self.desk, case)

    async def yes(self, person: Person, form: Form = FORM) -> tuple[View, str]:
        """A referral to which she has said yes; her receipt, in digits."""
        view, code = await self.code(form)
        await types(person, code)
        await person.taps(*TO_YES[:-1])
        self.scene.clock.forward(seconds=30)
        await person.taps("Yes", "Next")
        return await self.scene.seen(self.scene.caseworker, view), receipt_on(person)

    async def send(self, view: View) -> View:
        return await self.scene.does(self.scene.caseworker, view, Act.SEND)


async def prompt(person: Person, language: str = "English") -> None:
    """To the screen that takes a code, as somebody who has just come."""
    await person.starts()
    await person.taps(language)
    await person.presses("menu")
    await taps_icon(person, "➕")
    await taps_icon(person, "🔢")


async def types(person: Person, code: str, locale: str = "en") -> None:
    """A code, typed by somebody whose talk begins at the screen that takes it."""
    await placed(person, locale)
    await person.says(code)


async def placed(person: Person, locale: str) -> None:
    """A fresh talk at the screen that takes codes."""
    desk = person.desk
    people = await people_of(desk, Address(person.channel.name, person.chat))
    walk = Walk(
        edition=desk.book.edition,
        step=first_step(),
        node=PROMPT,
        trail=("sh.menu", PROMPT),
        flags=frozenset({f"lang_{locale}"}),
        screens=1,
    )
    async with desk.store.turn() as turn:
        for one in people:
            await conversations.drop(turn, one)
        await keep(turn, desk, await begin(desk, people[0], walk))


async def taps_icon(person: Person, *icons: str) -> None:
    """Tap answers by their signs, which are the same in every language."""
    for icon in icons:
        button = next(b for b in person.now.choices if b.face.startswith(icon))
        await person.taps(button.label)


def receipt_on(person: Person) -> str:
    """The sixteen digits as they stand on her screen."""
    found = NUMBER.search("\n".join(person.now.texts))
    assert found
    return found[0]


async def walk_of(desk: Desk, person: Person) -> Walk | None:
    people = await people_of(desk, Address(person.channel.name, person.chat))
    async with desk.store.turn() as turn:
        conversation = await read(turn, desk, people)
    return conversation.walk if conversation else None


async def rows(desk: Desk, table: sqlalchemy.Table) -> list[Any]:
    async with desk.store.turn() as turn:
        return list((await turn.execute(select(table))).mappings())


def urgent(form: Form = FORM, **changes: Any) -> Form:
    return replace(form, **changes)
