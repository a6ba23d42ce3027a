"""One message of a caseworker: whose it is, what it does, and the one card that answers it."""

from dataclasses import dataclass, replace
from typing import assert_never

from bot.caseworkers_scene import Scene, scene_of
from bot.caseworkers_screens import drawn
from bot.caseworkers_stepped import Stepped
from bot.caseworkers_steps import opened_by_code, stepped
from bot.caseworkers_talk import Card
from handlers import staff_talks
from handlers.desk import Desk
from handlers.messages import (
    Attachment,
    Button,
    Choice,
    Incoming,
    Outgoing,
    Pressed,
    Said,
    Text,
)
from handlers.staff import link_chat
from handlers.staff_notices import OPEN
from handlers.staff_talks import Heard, Place, Talk
from handlers.staff_values import Account
from translations.locales import SOURCE

_CODE = range(8, 33)  # letters and digits of a code, with its gaps
_ROW = (("back", "row.back", "↩"), ("menu", "row.menu", "☰"), ("leave", "row.leave", "✖"))


@dataclass(frozen=True, slots=True)
class Hearing:
    """Takes what caseworkers write and tap. `origin` is the desk's address for its links."""

    origin: str = ""

    async def hear(self, incoming: Incoming, desk: Desk) -> Outgoing | None:
        """Take one message to its answer, which is then in the outbox; None for a second copy.

        A talk that is left gives a screen that says so, for whoever counts (Floodgate).
        """
        heard = await staff_talks.opened(desk, incoming)
        if heard is None:
            return None
        if _leaves(desk, incoming):
            await staff_talks.left(desk, incoming, heard.talk)
            return _ended(heard.talk)
        if heard.account is None:
            return await self._stranger(desk, incoming, heard)
        if (linked := await _by_code(desk, incoming)) is not None:
            return await self._linked(desk, incoming, heard.talk, linked)
        scene = await scene_of(desk, heard.account, self.origin)
        done = await _step(scene, heard.talk, incoming)
        return await _shown(scene, incoming, heard.talk, done)

    async def _stranger(self, desk: Desk, incoming: Incoming, heard: Heard) -> Outgoing:
        """A code links the chat; everything else, a wrong code too, tells nothing of anybody."""
        if (linked := await _by_code(desk, incoming)) is not None:
            return await self._linked(desk, incoming, heard.talk, linked)
        line = "desk.link_bad" if _may_be_code(incoming.said) else "desk.not_linked"
        screen = Outgoing(
            step=heard.talk.step + 1,
            locale=SOURCE,
            node="stranger",
            texts=(desk.translator.staff(SOURCE, line),),
            neutral=True,
        )
        talk = replace(heard.talk, step=screen.step, place=Place())
        await staff_talks.shown(desk, incoming, talk, screen)
        return screen

    async def _linked(
        self, desk: Desk, incoming: Incoming, talk: Talk, account: Account
    ) -> Outgoing:
        scene = await scene_of(desk, account, self.origin)
        done = Stepped(place=Place(), lines=(scene.voice.say("desk.linked"),))
        return await _shown(scene, incoming, replace(talk, account=account.id), done)


async def _by_code(desk: Desk, incoming: Incoming) -> Account | None:
    """Whose code was typed; tries are counted before anything is looked up (staff_chats.py)."""
    said = incoming.said
    if isinstance(said, Text) and _may_be_code(said):
        return await link_chat(desk, incoming.address, said.words)
    return None


async def _step(scene: Scene, talk: Talk, incoming: Incoming) -> Stepped:
    """An old button brings the present card back and does nothing."""
    said, place = incoming.said, talk.place
    match said:
        case Choice(step=0, option=option) if option.startswith(OPEN):
            return await opened_by_code(scene, option.removeprefix(OPEN))
        case Choice(step=step, option=option):
            does = _does(talk, step, option)
            return await stepped(scene, place, does) if does else Stepped(place=place)
        case Pressed(command="back", step=step) if step == talk.step:
            return await stepped(scene, place, place.back)
        case Pressed(step=step) if step in (None, talk.step):
            return Stepped(place=Place())
        case Pressed():
            return Stepped(place=place)
        case Text() | Attachment():
            return Stepped(place=place, lines=(scene.voice.say("desk.unsupported"),))
        case _:
            assert_never(said)


def _does(talk: Talk, step: int, option: str) -> str:
    if step != talk.step or not option.isdecimal():
        return ""
    number = int(option)
    return talk.place.does[number] if number < len(talk.place.does) else ""


async def _shown(scene: Scene, incoming: Incoming, talk: Talk, done: Stepped) -> Outgoing:
    scene = replace(scene, account=done.account or scene.account)
    card = await drawn(scene, done.place)
    does = tuple(key.does for key in card.keys)
    place = replace(done.place, does=does, back=card.back)
    screen = _outgoing(scene, talk.step + 1, card, done.lines)
    talk = replace(talk, step=screen.step, place=place)
    await staff_talks.shown(scene.desk, incoming, talk, screen)
    return screen


def _outgoing(scene: Scene, step: int, card: Card, once: tuple[str, ...]) -> Outgoing:
    """Buttons carry numbers only: what each does stays with us."""
    say, locale = scene.voice.say, scene.voice.locale
    head, body = "\n".join(once), "\n".join(card.lines)
    return Outgoing(
        step=step,
        locale=locale,
        node="caseworkers",
        texts=(f"{head}\n\n{body}".strip(),),
        choices=tuple(
            Button(id=str(number), label=key.face) for number, key in enumerate(card.keys)
        ),
        actions=tuple(
            Button(id=name, label=say(phrase), icon=icon) for name, phrase, icon in _ROW
        ),
    )


def _ended(talk: Talk) -> Outgoing:
    return Outgoing(
        step=talk.step, locale=SOURCE, node="caseworkers", texts=("",), ended=True, neutral=True
    )


def _leaves(desk: Desk, incoming: Incoming) -> bool:
    """The quick exit: a button, a command, or the word for it in any language."""
    match incoming.said:
        case Pressed(command="leave" | "erase"):
            return True
        case Text(words=words):
            return desk.words.command(words) == "leave"
        case _:
            return False


def _may_be_code(said: Said) -> bool:
    if not isinstance(said, Text):
        return False
    plain = said.words.strip()
    return len(plain) in _CODE and all(sign.isalnum() or sign in "- " for sign in plain)
