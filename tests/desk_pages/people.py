"""People of the network, each before a browser of her own, who do what the pages offer."""

from dataclasses import dataclass, field, replace
from typing import Any

from playwright.async_api import Browser, Page

from handlers import casework, staff
from handlers.case_values import View
from handlers.staff import Account
from handlers.unit_demo import demo_unit
from referrals.consent import Purpose
from referrals.items import Item
from referrals.states import Act
from tests.casework.scene import FORM as SHELTER
from tests.casework.scene import Scene
from tests.chromium import PHONE

LIST = "/desk/referrals"
ANSWERS = {
    "need": ["PSS"],
    "need.code": ["PSS.COUNSEL"],
    "place": ["TH-63"],
    "language": ["my"],
    "age": ["25_49"],
    "gender": ["woman"],
    "receiver": ["demo-kite-talk"],
    "urgency": ["3"],
    "contact": ["phone"],
    "bands": ["any"],
    "secret": ["rice"],
    "do_not": ["voice_mail"],
    "costs": ["none"],
    "items": ["name", "age"],
    "again": ["another_woman"],
}
"""Counselling for an adult who speaks Burmese; what is marked beforehand stays so."""


FORM = replace(
    SHELTER,
    services=("PSS.COUNSEL",),
    service="demo-kite-talk",
    receiver="demo-kite",
    purpose=Purpose.TALK,
    costs=("none",),
    items=frozenset({Item.LANGUAGE, Item.AGE, Item.PROVINCE}),
    answered=("need", "need.code", "place", "language", "age", "receiver", "items", "preview"),
)


async def agreed(scene: Scene, **changes: Any) -> str:
    """A referral with her yes, which was said in a chat of her own; its id."""
    view = await scene.asked(await scene.draft(replace(FORM, **changes)))
    return (await scene.agreed(view)).id


async def sent(scene: Scene, **changes: Any) -> str:
    """The same, sent."""
    view = await casework.look(scene.desk, scene.caseworker, await agreed(scene, **changes))
    assert view is not None
    return (await scene.does(scene.caseworker, view, Act.SEND)).id


@dataclass
class Person:
    """Somebody at the desk."""

    account: Account
    page: Page
    scene: Scene
    root: str
    faults: list[str] = field(default_factory=list)

    async def goes(self, path: str) -> None:
        await self.page.goto(self.root + path)

    async def presses(self, button: str) -> None:
        """A button that sends a form."""
        async with self.page.expect_navigation():
            await self.page.click(button)

    async def does(self, act: str) -> None:
        await self.presses(f'button[name=act][value="{act}"]')

    async def opens(self, act: str) -> None:
        """The form behind an act's line, unless it stands open."""
        form = self.page.locator("details.act", has=self.page.locator(f'[value="{act}"]'))
        if await form.get_attribute("open") is None:
            await form.locator("summary").click()

    async def says(self) -> str:
        """What stands on the page."""
        return await self.page.inner_text("main")

    async def drafts(self, **others: list[str]) -> str:
        """A new referral up to its preview, question by question; its id."""
        answers = ANSWERS | others
        await self.goes(LIST)
        await self.presses(f'form[action="{LIST}"] button')
        while (question := await self.page.input_value("[name=question]")) != "preview":
            await self.answers(answers.get(question, []))
        return self.page.url.split("/")[5]

    async def answers(self, values: list[str]) -> None:
        """What is not said here has "none" as its last option."""
        shown = self.page.locator("form.pick [name=value]").last
        for value in values or [await shown.get_attribute("value") or ""]:
            if await self.page.locator("form.pick [type=checkbox]").count():
                await self.page.check(f'[name=value][value="{value}"]')
            else:
                await self.presses(f'button[name=value][value="{value}"]')
                return
        await self.presses("form.pick > button")

    async def hears_her_yes(self, locale: str = "my") -> None:
        """By phone: the script in her language, and all that she says yes to."""
        await self.presses("button[name=value][value=phone]")
        await self.presses(f"button[name=locale][value={locale}]")
        for name in ("kept", "extra", "alone", "secret_word_checked", "limits_explained"):
            await self._ticks(name)
        for name in ("understood", "questions", "abroad_yes"):
            await self._ticks(name)
        await self.presses("button[name=said][value=yes]")

    async def _ticks(self, name: str) -> None:
        for box in await self.page.locator(f'input[name="{name}"]').all():
            await box.check()

    async def seen(self, referral: str) -> View:
        view = await casework.look(self.scene.desk, self.account, referral)
        assert view is not None
        return view


@dataclass
class Network:
    """The fictional organisations of the demo."""

    browser: Browser
    scene: Scene
    root: str
    here: list[Person] = field(default_factory=list)

    async def comes(self, what: str, organisation: str, *, scripts: bool = True) -> Person:
        """Signed in by a printed link; with scripts, its browser opens what is sealed for her."""
        account = self.scene.who(what, organisation)
        token = await staff.demo_link(self.scene.desk, account)
        key = (await demo_unit(self.scene.desk, organisation)).hex()
        person = Person(account, await self.page(scripts=scripts), self.scene, self.root)
        person.page.on("pageerror", lambda error: person.faults.append(str(error)))
        await person.goes(f"/desk/demo/{token}#unit={key}")
        await person.presses("main form button")
        if scripts:
            await person.page.wait_for_selector("#adopt[data-ready=yes]", state="attached")
        self.here.append(person)
        return person

    async def page(self, *, scripts: bool = True) -> Page:
        context = await self.browser.new_context(
            viewport={"width": PHONE["width"], "height": PHONE["height"]},
            java_script_enabled=scripts,
            locale="en",
        )
        page = await context.new_page()
        page.set_default_timeout(20_000)
        return page

    async def leave(self) -> None:
        for context in self.browser.contexts:
            await context.close()
