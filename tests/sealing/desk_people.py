"""People of the desk with a browser each, who make, approve and pass on keys by its pages."""

from dataclasses import dataclass, field

from playwright.async_api import Browser, Page

from handlers.desk import Desk
from handlers.staff import Account, DemoPerson, demo_account, demo_link, redeem_demo
from handlers.unit_demo import demo_unit
from privacy.pictures import SIGNS
from referrals.roles import Role


@dataclass
class Somebody:
    """A person with a browser of her own, signed in."""

    account: Account
    page: Page
    root: str
    faults: list[str] = field(default_factory=list)

    def hears(self, told: str) -> None:
        if "Content Security" in told:
            self.faults.append(told)

    async def goes(self, path: str = "/desk/keys") -> None:
        await self.page.goto(self.root + path)
        if path == "/desk/keys":
            await self.page.wait_for_selector('#keys[data-ready="yes"]')

    async def presses(self, button: str) -> None:
        await self.page.click(button)
        await self.page.wait_for_selector("#done:visible, #trouble:visible")

    async def sees(self, selector: str) -> bool:
        return await self.page.is_visible(selector)

    async def words(self, place: str) -> list[str]:
        """The signs of six pictures, as they would be said."""
        return [
            text.split(" ")[0] for text in await self.page.locator(f"{place} li").all_inner_texts()
        ]

    async def lets_in(self, words: list[str]) -> None:
        form = self.page.locator("#colleagues form").first
        for number, sign in enumerate(words):
            await form.locator("select").nth(number).select_option(str(SIGNS.index(sign)))
        await form.locator("button").click()
        await self.page.wait_for_selector("#done:visible, #trouble:visible")


@dataclass
class People:
    browser: Browser
    desk: Desk
    root: str
    here: list[Somebody] = field(default_factory=list)

    async def comes(self, organisation: str, *roles: Role) -> Somebody:
        person = DemoPerson(roles=frozenset(roles), organisation=organisation, name="Somebody")
        account = await demo_account(self.desk, person)
        cookie = await redeem_demo(self.desk, await demo_link(self.desk, account))
        assert cookie is not None
        context = await self.browser.new_context()
        await context.add_cookies([{"name": "saphan", "value": cookie, "url": self.root}])
        somebody = Somebody(account, await context.new_page(), self.root)
        somebody.page.on("pageerror", lambda error: somebody.faults.append(str(error)))
        somebody.page.on(
            "console",
            lambda told: (
                somebody.faults.append(told.text) if "Content Security" in told.text else None
            ),
        )
        self.here.append(somebody)
        return somebody

    async def has_key(self, organisation: str) -> Somebody:
        """A focal point of a fictional organisation who came by a printed link with its key."""
        unit = await demo_unit(self.desk, organisation)
        person = await self.comes(organisation, Role.FOCAL_POINT)
        await person.page.goto(f"{self.root}/desk#unit={unit.hex()}")
        await person.page.wait_for_selector("#adopt[data-ready=yes]", state="attached")
        return person

    async def leave(self) -> None:
        for one in self.here:
            await one.page.context.close()

    async def approve(self, organisation: str, words: list[str]) -> None:
        """Two coordinators choose, on their page, the words they heard."""
        for _ in range(2):
            her = await self.comes("", Role.COORDINATOR)
            await her.goes("/console/keys")
            form = her.page.locator(
                "form", has=her.page.locator(f'[value="{organisation}"]')
            ).first
            for place, sign in enumerate(words, 1):
                await form.locator(f"[name=word{place}]").select_option(
                    index=1 + SIGNS.index(sign)
                )
            async with her.page.expect_navigation():
                await form.locator("button").click()
            assert her.faults == []


async def founded(people: People, organisation: str) -> tuple[Somebody, list[str]]:
    """A first key made in a browser, approved by two; the person, and the text of two sheets."""
    first = await people.comes(organisation, Role.SUPERVISOR, Role.FOCAL_POINT)
    await first.goes()
    await first.presses("#enrol")
    await first.presses("#make-unit")
    sheets = await first.page.locator("#printed pre").all_inner_texts()
    await people.approve(organisation, await first.words("#unit-words"))
    await first.goes()
    return first, [sheet.split("\n", 1)[1] for sheet in sheets]
