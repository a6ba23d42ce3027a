"""A browser on a phone that opens the pages of the staff app as the people they are for."""

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from playwright.async_api import Browser, Page

from handlers.staff import set_locale
from tests.chromium import PHONE
from tests.console_pages.places import PLACES, Place, Who
from tests.console_pages.prepared import Filled
from translations.locales import LOCALES

Visit = tuple[Place, str]  # a page and the language it is opened in


def visits(places: Iterable[Place], tongue: str) -> Iterator[Visit]:
    """Each page in this language; if it is the name of none, the languages in turn."""
    tongues = tuple(LOCALES)
    for number, place in enumerate(PLACES):
        if place in places:
            yield place, tongue if tongue in tongues else tongues[number % len(tongues)]


@dataclass
class Visitor:
    """Has one window for each person."""

    browser: Browser
    root: str
    filled: Filled
    windows: dict[Who, Page] = field(default_factory=dict)
    bytes_of: dict[Who, int] = field(default_factory=dict)

    async def opens(self, place: Place, locale: str) -> Page:
        """The page, in this language, as one who was never there before: nothing is cached."""
        page = await self._window(place.who)
        if account := self.filled.accounts.get(place.who):
            await set_locale(self.filled.desk, account, locale)
        self.bytes_of[place.who] = 0
        path = place.at(self.filled.fills, locale)
        answer = await page.goto(self.root + path)
        assert answer is not None
        assert (answer.status, page.url) == (200, self.root + path), place.route
        assert await page.get_attribute("html", "lang") == locale
        return page

    async def weighs(self, place: Place, locale: str) -> int:
        """Bytes that came for the page: itself, styles, scripts, fonts and pictures."""
        page = await self.opens(place, locale)
        await page.evaluate("document.fonts.ready.then(() => true)")
        await asyncio.sleep(0.05)  # the browser tells of the last of them a moment later
        return self.bytes_of[place.who]

    async def _window(self, who: Who) -> Page:
        if who in self.windows:
            return self.windows[who]
        context = await self.browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
        if who in self.filled.cookies:
            name, value = self.filled.cookies[who]
            await context.add_cookies([{"name": name, "value": value, "url": self.root}])
        page = self.windows[who] = await context.new_page()
        session = await context.new_cdp_session(page)
        await session.send("Network.enable")
        await session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        session.on("Network.loadingFinished", lambda told: self._came(who, told))
        return page

    def _came(self, who: Who, told: dict[str, float]) -> None:
        self.bytes_of[who] += int(told["encodedDataLength"])
