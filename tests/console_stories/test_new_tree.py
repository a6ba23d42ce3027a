"""A tree of six screens on its whole way: written, translated, recorded, tried, live, back."""

import pytest
from playwright.async_api import Page, expect

from handlers import kept_walks
from handlers.desk import Desk
from referrals.roles import Role
from tests.browser.taps import press, tap
from tests.chromium import PHONE
from tests.console_stories.people import Staff, Team
from tests.editions.signing import unhurried

pytestmark = pytest.mark.asyncio(loop_scope="package")

TO_A_FRIEND = (6, 1, 1, 6, 6, 1)  # English, yes, grown up, any country, more, help a friend
REST, FIRST = 5, 1  # places of answers
TITLE, FROM, CALM = "A quiet minute", "fr.1", "tk.calm"
Answers = tuple[tuple[str, str, str], ...]
ASKED: dict[str, tuple[str, Answers]] = {
    "qm.1": (
        "Do you want to rest a little?",
        (("🫁", "Breathe slowly", "qm.2"), ("👂", "Listen to the room", "qm.3")),
    ),
    "qm.4": (
        "How is it now?",
        (("🙂", "A little better", "qm.5"), ("🔁", "Once more", "qm.1")),
    ),
    "qm.6": (
        "What do you want to do now?",
        (("💬", "Talk to someone", "tk.who"), ("☰", "Look at all topics", "sh.menu")),
    ),
}
TOLD = {
    "qm.2": ("", "qm.4"),  # the words of a screen that is there, as their Khmer is
    "qm.3": ("Close your eyes if you like. What do you hear?", "qm.4"),
    "qm.5": ("Good. You can do this at any time.", "qm.6"),
}


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """The full check, which takes seconds, is in the story of the first change."""
    return unhurried(desk)


async def writes_the_tree(ann: Staff, desk: Desk) -> None:
    """Six screens, and an answer that leads to them."""
    await ann.begins(TITLE)
    await ann.page.click('details:has(form[action$="/add"]) summary')
    await ann.fills(tree="qm", title=TITLE)
    await ann.presses("Add a tree", 'form[action$="/add"]')
    for name in ("qm.1", "qm.2", "qm.3", "qm.4", "qm.5", "qm.6"):
        if name != "qm.1":
            await ann.goes(f"/console/trees/qm?draft={ann.draft}")
            await ann.fills(add_name=name)
            await ann.page.select_option("#add-kind", "Ask" if name in ASKED else "Tell")
            await ann.presses("Add a screen", 'form[action$="/new"]')
        await writes_a_screen(ann, desk, name)
    await ann.goes(f"/console/trees/fr?draft={ann.draft}&node={FROM}")
    await answers(ann, REST - 1, ("🌙", "Rest a little", "qm.1"))
    await ann.presses("Save", "#node-form")


async def writes_a_screen(ann: Staff, desk: Desk, name: str) -> None:
    if name in ASKED:
        say, rows = ASKED[name]
        await ann.fills(say=say)
        for at, row in enumerate(rows):
            await answers(ann, at, row)
    else:
        say, onward = TOLD[name]
        await ann.fills(say=say or desk.book.nodes[CALM].say, next=onward)
        await ann.fills(src="" if say else ", ".join(desk.book.nodes[CALM].src))
    await ann.presses("Save", "#node-form")


async def answers(ann: Staff, at: int, row: tuple[str, str, str]) -> None:
    for name, value in zip(("icon", "label", "target"), row, strict=True):
        await ann.page.fill(f"#pick-{name}-{at}", value)


async def translates_and_records(tia: Staff, draft: str, words: str) -> str:
    """From the list to the text and its recording; the address of the text."""
    await tia.goes(f"/console/translations?draft={draft}")
    await tia.opens(tia.page.locator('.tongues h2 a[href*="/km"]'))
    await tia.page.select_option("#tree", "qm")
    await tia.presses("Show these", "form.filters")
    await tia.follows("qm.2")
    await tia.fills(words=words)
    await tia.presses("Save", "#text-form")
    address = tia.page.url.removeprefix(tia.root)
    await tia.opens(tia.page.locator('main a[href*="/sound/"]'))
    await tia.page.get_by_role("button", name="Record", exact=True).click()
    await expect(tia.page.locator("[data-clock]")).to_contain_text("2 / 60")
    await tia.page.get_by_role("button", name="Stop").click()
    await expect(tia.page.locator("[data-again]")).to_be_visible()
    await tia.presses("Keep this recording")
    return address


async def reviews(rin: Staff, address: str, back: str) -> None:
    """Says what it means in English, signs it, accepts the recording."""
    await rin.goes(address)
    await rin.fills(back=back)
    await rin.presses("Keep the back-translation")
    await rin.presses("Sign this text")
    await rin.opens(rin.page.locator('main a[href*="/sound/"]'))
    await rin.presses("It is right, accept it")


async def tries(ann: Staff) -> str:
    """In the simulator, as a woman would; the walk is kept as a test. What she would read."""
    await ann.goes(f"/console/trees/qm?draft={ann.draft}&node=qm.1")
    await ann.follows("Try it on a phone")
    for face in ("Breathe slowly", "Next", "A little better"):
        await ann.opens(ann.page.locator(".keys-of button", has_text=face).first)
    read = await ann.page.inner_text(".screen")
    await ann.page.click('details:has(form[action$="/keep"]) summary')
    await ann.fills(name="Two quiet breaths")
    await ann.presses("Keep as a test", 'form[action$="/keep"]')
    return read


async def hears(ann: Staff) -> int:
    """How many recordings the phone plays on the translated screen."""
    await ann.goes(f"/console/try?draft={ann.draft}&node=qm.2&locale=km&channel=web")
    return await ann.page.locator(".phone-frame audio").count()


async def asks_for_a_friend(page: Page, chat: str) -> list[str]:
    """A woman in the web chat; the answers she is given."""
    await page.goto(chat)
    await tap(page, *TO_A_FRIEND)
    return await page.locator(".choices .label").all_inner_texts()


async def test_six_screens_go_to_women_and_back(team: Team, desk: Desk, chat: str) -> None:
    calm = desk.book.nodes[CALM].say
    khmer = str(desk.translator.say("km", CALM, calm))
    ann = await team.comes(Role.EDITOR, "Ann")
    tia = await team.comes(Role.TRANSLATOR, "Tia", "km")
    rin = await team.comes(Role.REVIEWER, "Rin", "km")
    cora = await team.comes(Role.COORDINATOR, "Cora")
    woman = (await team.newcomer()).page
    await woman.set_viewport_size(PHONE)  # type: ignore[arg-type]

    await writes_the_tree(ann, desk)
    address = await translates_and_records(tia, ann.draft, khmer)
    await reviews(rin, address, calm)
    tried, sounds = await tries(ann), await hears(ann)
    await ann.goes(f"/console/drafts/{ann.draft}")
    await ann.presses("Hand in")
    before = await asks_for_a_friend(woman, chat)
    await cora.follows("Changes", "nav.ways")
    await cora.follows(TITLE)
    await cora.presses("Say yes to these changes")
    await cora.presses("Publish now")
    live = await asks_for_a_friend(woman, chat)
    await tap(woman, REST, FIRST)
    read = await woman.inner_text("#screen")
    await cora.opens(cora.page.locator('a[href$="roll-back?number=1"]'))
    await cora.presses("Go back to edition 1 now")
    await press(woman, ".choices li:nth-child(1) button")
    still = await woman.inner_text("#screen")
    after = await asks_for_a_friend(woman, chat)

    assert TOLD["qm.5"][0] in tried
    assert sounds == 1
    assert [one.name for one in await kept_walks.walks(desk)] == ["Two quiet breaths"]
    assert "Rest a little" not in before
    assert "Rest a little" in live
    assert calm in read
    assert ASKED["qm.4"][0] in still  # who is in a talk finishes it with the words it began with
    assert after == before
    assert "qm.1" not in desk.book.nodes
