"""A routine referral by taps, from the menu to the end."""

import re

from handlers import casework
from handlers.case_file import Case
from handlers.case_values import View
from handlers.casework_form import Form
from referrals.states import Act
from tests.casework.scene import FORM
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


async def asked(chats: Chats) -> View:
    """A referral whose caseworker has asked her, without taps: those are tested elsewhere."""
    return await chats.scene.asked(await chats.scene.draft())


async def sent(chats: Chats, form: Form = FORM) -> View:
    """A referral that was sent, without taps; its notice stands before the receiver."""
    view = await chats.scene.sent(form)
    await chats.rings()
    return view


async def sent_by_taps(chats: Chats) -> None:
    """The same, every step of the sender a tap."""
    await drafted(chats)
    await chats.taps_on(chats.sender, "In her own chat, I am")
    await she_agrees(chats)
    await chats.taps_on(chats.sender, "Open", "Send now")
    await chats.rings()


def code_in(text: str) -> str:
    """The eight digits she is told."""
    found = re.search(r"\d{4} ?\d{4}", text)
    return found[0] if found else ""
