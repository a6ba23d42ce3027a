"""Papers for days without network: the card in six languages, a block of codes, typed in later."""

import re
import zlib

import pytest

from console.paper import PaperCard, Row, card_pdf, codes_pdf
from handlers import casework
from handlers.desk import Desk
from referrals.states import State
from tests.desk_pages.people import FORM, LIST, Network, sent
from translations.locales import LOCALES

FONTS = {
    "en": "NotoSans",
    "km": "NotoSansKhmer",
    "lo": "NotoSansLao",
    "my": "NotoSansMyanmar",
    "th": "NotoSansThai",
    "vi": "NotoSans",
}


def fonts(pdf: bytes) -> set[str]:
    """The names of the fonts it carries, also those in packed objects."""
    whole = pdf
    for found in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            whole += zlib.decompress(found[1])
        except zlib.error:
            continue
    return {
        name.decode().split("+")[-1].split("-")[0]
        for name in re.findall(rb"/FontName ?/([A-Za-z+0-9-]+)", whole)
    }


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type ?/Page\b", pdf))


@pytest.mark.parametrize("locale", sorted(LOCALES))
def test_a_card_is_one_page_in_the_script_of_its_language(locale: str, built: Desk) -> None:
    say = built.translator.staff
    card = PaperCard(
        locale=locale,
        code="R7K2",
        title=say(locale, "paper.card", code="R7K2"),
        lead=(say(locale, "urgency.1"),),
        rows=tuple(Row(label=say(locale, "label.age"), value="25 - 49") for _ in range(14)),
        warning=say(locale, "act.withdraw"),
        footer="22/11",
    )
    made = card_pdf(card)

    assert made.startswith(b"%PDF-")
    assert pages(made) == 1
    assert FONTS[locale] in fonts(made)


def test_what_looks_like_an_order_to_the_typesetter_is_only_text() -> None:
    card = PaperCard(
        locale="en",
        code="R7K2",
        title='#read("/etc/passwd") $x$ *b*',
        lead=(),
        rows=(Row(label="#panic()", value="@x <y> \\ `z`"),),
        warning="",
        footer="",
    )

    assert pages(card_pdf(card)) == 1


def test_a_block_is_one_sheet_of_twenty_codes() -> None:
    made = codes_pdf("en", "Codes", "One each.", [f"ABCD{n:02}" for n in range(20)])

    assert pages(made) == 1


@pytest.mark.asyncio(loop_scope="package")
async def test_a_card_is_printed_after_a_warning_and_only_with_her_yes(network: Network) -> None:
    sender = await network.comes("Caseworker", "demo-mango", scripts=False)
    draft = (await network.scene.draft(FORM)).id
    await sender.goes(f"{LIST}/{draft}/paper")
    early = await sender.says()
    referral = await sent(network.scene)
    await sender.goes(f"{LIST}/{referral}/paper")
    warned = await sender.says()
    token = await sender.page.input_value("main [name=csrf]")
    answer = await sender.page.request.post(
        f"{network.root}{LIST}/{referral}/paper",
        form={"csrf": token, "locale": "my"},
        headers={"Origin": network.root, "Sec-Fetch-Site": "same-origin"},
    )
    made = await answer.body()

    assert "There is nothing here" in early
    assert "destroy it within 48 hours" in warned
    assert answer.headers["content-type"] == "application/pdf"
    assert pages(made) == 1
    assert "NotoSansMyanmar" in fonts(made)


@pytest.mark.asyncio(loop_scope="package")
async def test_a_code_of_a_printed_block_is_typed_in_once(network: Network) -> None:
    sender = await network.comes("Caseworker", "demo-mango", scripts=False)
    told = []
    for code in ("abcdeh", "ABCDEH", "ABC", "O0O0O0"):
        await sender.goes("/desk/paper")
        await sender.page.fill("#code", code)
        await sender.presses("form.factor button")
        told.append(await sender.says())
    views = await casework.listed(sender.scene.desk, sender.account)

    assert "ABCDEH" in told[0]
    assert all("This code is not one of a printed block" in one for one in told[1:])
    assert [one.state for one in views if one.code == "ABCDEH"] == [State.DRAFT]
