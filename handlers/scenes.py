"""The scene of a turn: what holds at this moment besides the walk, for gates and answers."""

import secrets

from flows.arrive import Scene
from flows.book import FlowBook
from flows.walk import Walk
from handlers.checkins import may_write
from handlers.consent_question import Proposal
from handlers.consent_texts import asks_apart
from handlers.desk import Desk
from handlers.messages import Address
from handlers.staff_duty import on_duty
from storage.store import Turn

FIRST_STEP = 1_000
TAKING_OUT = frozenset({"co.out", "co.outs"})
"""Screens that must both be there in her language before the way to them is drawn."""
ASKS_FOR_PEOPLE = "co"  # the tree whose gates ask whether somebody is on duty


def first_step() -> int:
    """The number before the first screen: walks begin anywhere, so that no old button fits."""
    return FIRST_STEP + secrets.randbelow(2**29)


def plain_scene(desk: Desk, address: Address) -> Scene:
    """What the channel alone decides."""
    channel = desk.channels[address.channel]
    facts = frozenset({"private"}) if channel.abilities.private else frozenset[str]()
    return Scene(desk.book, facts, channel.abilities.texts_of or channel.name)


async def scene_of(
    turn: Turn, desk: Desk, address: Address, walk: Walk, asked: Proposal | None
) -> Scene:
    """The whole scene; who is on duty is looked up only where a screen near may ask."""
    plain = plain_scene(desk, address)
    facts = set(plain.facts)
    if asks_for_people(desk.book, walk) and await on_duty(turn, desk, walk.locale):
        facts.add("on_duty")
    if asked is not None and walk.opened is not None:
        writable = may_write(desk, address.channel)
        facts |= asked.facts(walk.opened, writable=writable)
        if asks_apart(desk, walk.locale):
            facts.add("asks_apart")
        if TAKING_OUT & desk.book.unready.get(walk.locale, frozenset()):
            facts.discard("may_take_out")
    return Scene(plain.book, frozenset(facts), plain.platform)


def asks_for_people(book: FlowBook, walk: Walk) -> bool:
    """Whether she is in the tree whose gates ask who is on duty, or comes back to it."""
    at = {walk.node, walk.returning, *walk.trail, *((walk.frame.node,) if walk.frame else ())}
    return bool(walk.locale) and any(one.partition(".")[0] == ASKS_FOR_PEOPLE for one in at)
