"""A routine referral by taps, from the menu to the end."""

import re

from handlers import casework
from handlers.case_file import Case
from handlers.case_values import View
from referrals.states import Act
from tests.caseworkers.chats import Chats

# Counselling for an adult who speaks Burmese, in the caseworker's own province, normal urgency.
QUESTIONS = (
    "New referral",
    "Someone to talk to",
    "Someone to talk to",
    "Tak",
    "Burmese",
    "25 to 49",
    "DEMO Kite Centre",
    "Normal",
    "Only through me",
    "She needs nothing",
)


async def drafted(chats: Chats, *questions: str) -> View:
    """A draft at its preview; the caseworker's newest referral."""
    await chats.taps_on(chats.sender, *(questions or QUESTIONS))
    if any(face == "Done" for face in chats.faces(chats.sender)):
        await chats.taps_on(chats.sender, "Done")
    return await newest(chats)


async def newest(chats: Chats) -> View:
    views = await casework.listed(chats.scene.desk, chats.scene.caseworker)
    mine = [one for one in views if one.owner == chats.scene.caseworker.id]
    view = await casework.look(chats.scene.desk, chats.scene.caseworker, mine[0].id)
    assert view is not None
    return view


async def she_agrees(chats: Chats) -> View:
    """She types her code in a chat of her own and says yes, and the caseworker is told."""
    view = await newest(chats)
    outcome = await chats.scene.says(view.id, Act.AGREE, seen=view.version)
    assert isinstance(outcome, Case), outcome
    await chats.rings()
    return view


async def sent(chats: Chats) -> View:
    """A referral that was sent, its notice before the receiver."""
    await drafted(chats)
    await chats.taps_on(chats.sender, "In her own chat, I am")
    await she_agrees(chats)
    await chats.taps_on(chats.sender, "Open", "Send now")
    await chats.rings()
    return await newest(chats)


def code_in(text: str) -> str:
    """The eight digits she is told."""
    found = re.search(r"\d{4} ?\d{4}", text)
    return found[0] if found else ""
