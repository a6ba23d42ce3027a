"""People of a story, each before a browser of her own, who press what a page offers."""

from dataclasses import dataclass, field

from playwright.async_api import Browser, Locator, Page

from handlers.desk import Desk
from handlers.staff import session_of, set_locale
from referrals.roles import Role
from tests.console.people import Person, hired

LAPTOP, PATIENCE = {"width": 1280, "height": 900}, 60_000  # px, ms


@dataclass
class Staff:
    """Somebody at a page of the console."""

    page: Page
    root: str
    draft: str = ""

    async def goes(self, path: str) -> None:
        await self.page.goto(self.root + path)

    async def follows(self, name: str, within: str = "main") -> None:
        """A link whose words hold these."""
        await self.opens(self.page.locator(within).get_by_role("link", name=name).first)

    async def presses(self, name: str, within: str = "main") -> None:
        """A button that sends a form."""
        await self.opens(self.page.locator(within).get_by_role("button", name=name, exact=True))

    async def opens(self, way: Locator) -> None:
        """Whatever leads to another page."""
        async with self.page.expect_navigation():
            await way.click()

    async def fills(self, **fields: str) -> None:
        """Fields by their ids, with - where a name of Python has _."""
        for name, value in fields.items():
            await self.page.fill(f"#{name.replace('_', '-')}", value)

    async def says(self) -> str:
        return await self.page.inner_text("main")

    async def begins(self, title: str) -> None:
        """From the navigation to a change of this name."""
        await self.follows("Trees", "nav.ways")
        await self.page.fill("#draft_title", title)
        await self.presses("Start a change")
        self.draft = self.page.url.partition("draft=")[2].partition("&")[0]


@dataclass
class Team:
    """Everybody of a story; `faults` are errors of scripts."""

    browser: Browser
    desk: Desk
    root: str
    faults: list[str] = field(default_factory=list)

    async def newcomer(self) -> Staff:
        """Somebody who has no account yet."""
        context = await self.browser.new_context(viewport=LAPTOP, locale="en")  # type: ignore[arg-type]
        page = await context.new_page()
        page.set_default_timeout(PATIENCE)
        page.set_default_navigation_timeout(PATIENCE)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        return Staff(page, self.root)

    async def comes(self, role: Role, name: str, speaks: str = "en") -> Staff:
        """A member of staff, signed in, who reads pages in English."""
        person = await hired(self.desk, role, name=name, locale=speaks)
        await self._reads_english(person)
        staff = await self.newcomer()
        cookie = {"name": "saphan", "value": person.cookie, "url": self.root}
        await staff.page.context.add_cookies([cookie])  # type: ignore[list-item]
        await staff.goes("/console")
        return staff

    async def _reads_english(self, person: Person) -> None:
        signed = await session_of(self.desk, person.cookie)
        assert signed is not None
        await set_locale(self.desk, signed.account, "en")
