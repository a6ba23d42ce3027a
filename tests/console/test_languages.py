"""Everybody can change the language of the pages and the languages worked in, later too."""

import httpx
import pytest
from sqlalchemy import select

from handlers.desk import Desk
from handlers.staff import session_of
from referrals.roles import Role
from storage.rows import audit
from tests.console.people import browser, by_form, hired
from translations.locales import LOCALES

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_a_reader_changes_the_language_of_the_pages_from_the_menu(
    desk: Desk, transport: httpx.ASGITransport
) -> None:
    person = await hired(desk, Role.CASEWORKER)
    async with browser(transport, person) as client:
        menu = (await client.get("/desk/account")).text
        told = {"csrf": person.csrf, "language": "km"}
        await client.post("/desk/account/language", data=told, headers=by_form(person))
        after = (await client.get("/desk")).text

    assert '<a href="/desk/account#language"' in menu
    assert '<html lang="km">' in after
    assert f">{LOCALES['km'].name}</a>" in after


async def test_the_languages_somebody_works_in_are_changed_and_written_down(
    desk: Desk, transport: httpx.ASGITransport
) -> None:
    person = await hired(desk, Role.TRANSLATOR, locale="km")
    async with browser(transport, person) as client:
        for chosen in (["my", "th", "xx"], []):
            told = {"csrf": person.csrf, "speaks": chosen}
            await client.post("/desk/account/speaks", data=told, headers=by_form(person))
            signed = await session_of(desk, person.cookie)
            assert signed is not None
            assert signed.account.languages == ({"my", "th"} if chosen else {"km"})
    async with desk.store.turn() as turn:
        wanted = select(audit.c.what).where(audit.c.by == person.account)
        acts = list((await turn.execute(wanted)).scalars())

    assert acts.count("languages") == 2
