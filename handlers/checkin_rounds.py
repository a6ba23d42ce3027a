"""Sends the check-ins that are due, each in its hours, and tidies those that are over."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

from flows.engine import advance
from flows.talk import Chose, Show
from flows.walk import Walk
from handlers import letters
from handlers.checkins import DAY, TRIES, Plan, hello, opened, within
from handlers.conversation import begin, keep, people_of, read
from handlers.desk import Desk
from handlers.letters import Order
from handlers.messages import Address
from handlers.scenes import first_step, plain_scene
from handlers.speak import spoken
from storage import wishes
from storage.store import Turn, VersionConflict, one_at_a_time
from storage.wishes import CHECK, Wish

EVERY = 60.0  # seconds between rounds
BUSY = timedelta(hours=1)  # she is talking with us about something else: not now


async def send_forever(desk: Desk, every: float = EVERY) -> None:
    """Round after round."""
    while True:
        await send_due(desk)
        await asyncio.sleep(every)


async def send_due(desk: Desk) -> int:
    """One round: send what is due and may be sent now, tidy what is over; how many were sent.

    One that fails keeps no other; the first trouble is raised when all were tried.
    """
    now = desk.now()
    async with desk.store.turn() as turn:
        useless = await wishes.drop_over(turn, now)
        due = [wish for wish in await wishes.all_of(turn, CHECK) if wish.due_at <= now]
    if useless:
        await desk.keystore.destroy(*useless)
    sent, trouble = 0, list[Exception]()
    for wish in due:
        try:
            sent += await _one(desk, wish.id)
        except VersionConflict:  # another process, or she herself, was quicker
            continue
        except Exception as error:
            trouble.append(error)
    if sent:
        desk.posted.set()
    if trouble:
        raise trouble[0]
    return sent


async def _one(desk: Desk, name: str) -> int:
    async with desk.store.turn() as turn:
        found = await wishes.read(turn, name)
        wish = found[0] if found else None
        told = await opened(desk, wish) if wish else None
        if wish is None or wish.due_at > desk.now():
            return 0
        if told is None or told[0].channel not in desk.channels.keys() - desk.doors.shut:
            await wishes.drop(turn, name)
            return 0
        address, wanted = told
        await one_at_a_time(turn, (await people_of(desk, address))[0])
        begins = within(wanted, desk.clock())
        if begins is None or begins > desk.clock() or await _talks(turn, desk, address):
            later = max(begins or desk.clock(), desk.clock() + BUSY)
            await wishes.keep(turn, replace(wish, due_at=later.timestamp()))
            return 0
        if not await _say_hello(turn, desk, address, wanted):
            await wishes.drop(turn, name)
            return 0
        await _after_try(turn, wish, desk.clock())
        return 1


async def _after_try(turn: Turn, wish: Wish, at: datetime) -> None:
    """The next try is a day later; after the last it can only be answered until its end."""
    tries = wish.tries + 1
    due = (at + DAY).timestamp() if tries < TRIES else wish.expires_at
    await wishes.keep(turn, replace(wish, tries=tries, due_at=due))


async def _talks(turn: Turn, desk: Desk, address: Address) -> bool:
    return await read(turn, desk, await people_of(desk, address)) is not None


async def _say_hello(turn: Turn, desk: Desk, address: Address, wanted: Plan) -> bool:
    """Begin a talk at the neutral hello; False where her language does not have it (any more)."""
    walk = hello(desk, Walk(edition=desk.book.edition, step=first_step()), wanted.locale)
    if not walk.node:
        return False
    step = advance(plain_scene(desk, address), walk, Chose(0, ""))
    show = next(effect for effect in step.effects if isinstance(effect, Show))
    person = (await people_of(desk, address))[0]
    conversation = await begin(desk, person, step.walk)
    await keep(turn, desk, conversation)
    order = Order(kind="show", address=address, screen=spoken(desk, step.walk, show))
    await letters.post_screen(turn, desk, conversation, order)
    return True
