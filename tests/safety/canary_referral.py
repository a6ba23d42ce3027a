"""A whole referral through the doors of a real process, a canary word in every typed field.

At the desk two people sit before real browsers; she answers on Telegram; a caseworker has a chat
with the caseworkers' bot; a coordinator sets an account up. Everything they type holds a canary.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pyotp
from playwright.async_api import Browser, Page, ViewportSize

from tests.channels.fake_telegram import FakeTelegram
from tests.chromium import PHONE
from tests.desk_pages.people import ANSWERS, LIST
from tests.safety.canary import Scanner

PATIENCE = 60_000  # milliseconds: the machine may have much else to do
HER_CHAT, STAFF_CHAT = 4_739_182_611, 4_739_182_622
NAME, NUMBER = "Kanaryasopha", "0847391826"
WRONG = "4739182647391826"  # is no woman's own number
HER_WORDS = "he hits me, I am kanaryabird"
DECLINED = "our kanaryaroom is full until monday"
STAFF_NAME, OWN_NAME = "Kanarya Mealea", "kanaryamealea"
PASSWORD = "seven quiet kanarya herons by the river"
PROFILE = {"first_name": "Kanaryafirst", "last_name": "Kanaryalast", "username": "kanaryauser"}
TYPED = (
    *(NAME, NUMBER, WRONG, HER_WORDS, DECLINED, STAFF_NAME, OWN_NAME, PASSWORD),
    *PROFILE.values(),
)
SCANNER = Scanner(words=("kanarya", "47391826"))

_YES = ("✅", "▶", "👌", "Yes", "Next", "OK")
_RECEIPT = re.compile(r"\d\d \d{3} \d{3} / \d\d \d{3} \d{3}")


@dataclass
class Sitting:
    """Somebody of the demo before a browser of her own, signed in by the printed link."""

    page: Page
    root: str
    answers: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    async def down(cls, browser: Browser, link: str) -> "Sitting":
        view = ViewportSize(width=PHONE["width"], height=PHONE["height"])
        context = await browser.new_context(viewport=view, locale="en")
        page = await context.new_page()
        page.set_default_timeout(PATIENCE)
        sitting = cls(page, link.partition("/desk/")[0])
        await page.goto(link)
        await sitting.presses("main form button")
        await page.wait_for_selector("#adopt[data-ready=yes]", state="attached")
        return sitting

    async def goes(self, path: str) -> None:
        await self.page.goto(self.root + path)

    async def presses(self, button: str) -> None:
        async with self.page.expect_navigation():
            await self.page.click(button)

    async def does(self, act: str) -> None:
        form = self.page.locator("details", has=self.page.locator(f'[name=act][value="{act}"]'))
        if await form.count() and await form.first.get_attribute("open") is None:
            await form.first.locator("summary").first.click()
        await self.presses(f'button[name=act][value="{act}"]')

    async def drafts(self) -> str:
        """A new referral up to its preview; its id."""
        await self.goes(LIST)
        await self.presses(f'form[action="{LIST}"] button')
        while (question := await self.page.input_value("[name=question]")) != "preview":
            await self._answers(ANSWERS.get(question, []))
        return self.page.url.split("/")[5]

    async def stops(self, number: str) -> str:
        """By her own number, which is typed wrongly first; what the page says at last."""
        for typed in (WRONG, number):
            await self.goes("/desk/stop")
            await self.page.fill("#number", typed)
            await self.presses("main form button")
        return await self.page.inner_text("main")

    async def seals(self) -> None:
        await self.page.fill("[data-item=name]", NAME)
        await self.page.fill("[data-item=contact]", NUMBER)
        await self.page.click("[data-do=seal]")
        await self.page.wait_for_selector("[data-told]:not(:empty)")

    async def _answers(self, values: list[str]) -> None:
        last = self.page.locator("form.pick [name=value]").last
        for value in values or [await last.get_attribute("value") or ""]:
            if await self.page.locator("form.pick [type=checkbox]").count():
                await self.page.check(f'[name=value][value="{value}"]')
            else:
                await self.presses(f'button[name=value][value="{value}"]')
                return
        await self.presses("form.pick > button")


@dataclass
class Chat:
    """Somebody on the fake Telegram, whom the process answers when it can."""

    fake: FakeTelegram
    id: int

    def __post_init__(self) -> None:
        self.fake.methods.people[self.id] = {**PROFILE, "language_code": "en"}

    @property
    def text(self) -> str:
        return self.fake.visible(self.id)[-1].text

    async def says(self, words: str) -> None:
        await self._changes(lambda: self.fake.user_says(self.id, words))

    async def taps(self, *starts: str) -> None:
        """The first button that begins with one of these, once there is one."""

        def face() -> str:
            keys = [key.face for message in self.fake.visible(self.id) for key in message.keys]
            return next((one for one in keys for start in starts if start in one), "")

        await self.fake.until(lambda: bool(face()), seconds=PATIENCE / 1_000)
        await self._changes(lambda: self.fake.user_taps(self.id, face()))

    async def _changes(self, does: Callable[[], object]) -> None:
        before = self._ours()
        await does()  # type: ignore[misc]
        await self.fake.until(lambda: self._ours() != before, seconds=PATIENCE / 1_000)

    def _ours(self) -> int:
        return sum(one.message.sender == "bot" for one in self.fake.history(self.id))

    async def agrees(self, code: str) -> str:
        """From a greeting to her yes, with words of her own on the way; her receipt."""
        await self.says("/start")
        await self.taps("English")
        await self.says(HER_WORDS)
        await self.taps("☰")
        await self.taps("➕")
        await self.taps("🔢")
        await self.says(code)
        while not (found := _RECEIPT.search(self.text)):
            await self.taps(*_YES)
        return found[0]


def links_in(output: Path) -> dict[tuple[str, str], str]:
    """(organisation, who) to the printed link, and ("", "Set it up") to that of the first one."""
    found, organisation = dict[tuple[str, str], str](), ""
    for line in output.read_text("utf-8").splitlines():
        who, _, link = line.strip().partition(" http")
        if link and "/desk/demo/" in link:
            found[organisation, who.strip()] = f"http{link}"
        elif link and "/desk/set-up/" in link:
            found["", "Set it up"] = f"http{link}".partition("  ")[0]
        else:
            organisation = line.strip()
    return found


async def sets_up(link: str) -> int:
    """An account, with name, own name and passwords that she types; the answer's status."""
    root = link.partition("/desk/")[0]
    headers = {"Origin": root, "Sec-Fetch-Site": "same-origin"}
    async with httpx.AsyncClient(timeout=60) as client:
        page = (await client.get(link)).text
        secret = re.findall(r"<code>([A-Z2-7]{32})</code>", page)[0]
        chosen = {
            "csrf": re.findall(r'name="csrf" value="([0-9a-f]{64})"', page)[0],
            "code": link.rpartition("/")[2],
            "name": STAFF_NAME,
            "signs_in_as": OWN_NAME,
            "speaks": ["en"],
            "password": PASSWORD,
            "again": PASSWORD,
            "duress": f"{PASSWORD} again",
            "number": pyotp.TOTP(secret).now(),
            "conduct": "yes",
        }
        answer = await client.post(f"{root}/desk/set-up?lang=en", data=chosen, headers=headers)
        return answer.status_code
