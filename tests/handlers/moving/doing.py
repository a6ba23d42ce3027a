"""What the people of these tests do, and what is kept of them."""

from typing import Any

import sqlalchemy
from sqlalchemy import select

from flows.walk import Walk
from handlers.conversation import people_of, read
from handlers.desk import Desk
from handlers.messages import Address
from tests.handlers.people import Person


async def open_menu(person: Person, language: str = "English") -> None:
    await person.starts()
    await person.taps(language)
    await person.presses("menu")


async def to_code(person: Person, form: str = "Pictures") -> str:
    """She asks for a code; the code as it stands on her screen."""
    await open_menu(person)
    await person.taps("More", "Another app", form)
    return person.now.texts[0].partition(": ")[2]


async def to_prompt(person: Person) -> None:
    await open_menu(person)
    await person.taps("More", "I have a code")


async def walk_of(desk: Desk, person: Person) -> Walk | None:
    people = await people_of(desk, Address(person.channel.name, person.chat))
    async with desk.store.turn() as turn:
        conversation = await read(turn, desk, people)
    return conversation.walk if conversation else None


async def rows(desk: Desk, table: sqlalchemy.Table) -> list[Any]:
    async with desk.store.turn() as turn:
        return list((await turn.execute(select(table))).mappings())


async def share(person: Person) -> None:
    await open_menu(person)
    await person.taps("Phone", "I share this phone")
