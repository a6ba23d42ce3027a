"""The web chat by form, as a browser without JavaScript has it."""

import asyncio
import re

import pytest

from handlers.desk import Desk
from tests.channels.platforms import Clock
from tests.web.kept import conversations
from tests.web.visitor import Visitor

pytestmark = pytest.mark.asyncio(loop_scope="package")

BURMESE, HELP_NOW, IN_THAILAND = 3, 3, 1


async def test_the_first_page_is_the_same_for_everyone_and_keeps_nothing(
    visitor: Visitor, desk: Desk
) -> None:
    before = await conversations(desk)
    one, other = await visitor.opens(), await visitor.opens()

    assert one.html == other.html
    assert one.token == ""
    assert await conversations(desk) == before


async def test_before_a_language_is_chosen_the_page_itself_says_nothing_in_words(
    visitor: Visitor, desk: Desk
) -> None:
    page = await visitor.opens()

    words = [desk.translator.phrases[f"web.{name}"] for name in ("type", "send", "wait", "broken")]
    assert not [each for each in words if each in page.html]
    assert page.faces["action=leave"] == "✖"
    assert [b["lang"] for b in page.all("button") if b.get("name") == "choice"] == [
        "km",
        "lo",
        "my",
        "th",
        "vi",
        "en",
    ]


async def test_a_first_choice_begins_a_conversation_and_counts_at_once(
    visitor: Visitor, desk: Desk
) -> None:
    before = await conversations(desk)
    await visitor.opens()
    page = await visitor.taps(BURMESE)

    assert page.status == 200
    assert page.locale == "my"
    assert len(page.token) == 43
    assert await conversations(desk) == before + 1
    assert desk.translator.phrase("my", "row.leave") in page.faces["action=leave"]


async def test_two_visitors_get_tokens_of_their_own(visitor: Visitor) -> None:
    await visitor.opens()
    one = (await visitor.taps(BURMESE)).token
    await visitor.opens()
    other = (await visitor.taps(BURMESE)).token

    assert one != other


async def test_taps_lead_to_cards_with_numbers_to_dial(visitor: Visitor) -> None:
    await visitor.opens()
    await visitor.taps(BURMESE, HELP_NOW)
    await visitor.goes("numbers")
    page = await visitor.taps(IN_THAILAND)

    assert len([a for a in page.all("article") if a["class"] == "card"]) == 3
    assert "tel:191" in {a["href"] for a in page.all("a")}


async def test_a_typed_number_is_as_good_as_a_tap(visitor: Visitor) -> None:
    await visitor.opens()
    await visitor.taps(BURMESE)
    typed = await visitor.types("၃")
    await visitor.goes("back")
    tapped = await visitor.taps(HELP_NOW)

    assert typed.words == tapped.words


async def test_words_before_any_conversation_are_answered_with_the_languages(
    visitor: Visitor,
) -> None:
    await visitor.opens()
    page = await visitor.types("hello")

    assert len(page.token) == 43
    assert "မြန်မာ" in page.words
    assert "hello" not in page.html


async def test_an_old_button_only_brings_the_present_screen_back(visitor: Visitor) -> None:
    await visitor.opens()
    old = await visitor.taps(BURMESE)
    present = await visitor.taps(HELP_NOW)
    page = await visitor.sends(choice=old.choice(2))

    assert page.words == present.words
    assert page.token == present.token


async def test_a_choice_of_a_later_screen_without_its_conversation_is_not_taken_for_another(
    visitor: Visitor,
) -> None:
    page = await visitor.posts({"conversation": "", "choice": "523456789:1"})

    assert page.status == 200
    assert page.locale == "en"
    assert "မြန်မာ" in page.words


async def test_the_form_alone_shows_the_present_screen_again(visitor: Visitor) -> None:
    await visitor.opens()
    present = await visitor.taps(BURMESE)

    assert (await visitor.sends()).words == present.words


async def test_the_text_field_is_open_only_where_words_are_asked_for(visitor: Visitor) -> None:
    await visitor.opens()
    closed = await visitor.taps(BURMESE, 1, 1)
    opened = await visitor.taps(IN_THAILAND)

    assert len(closed.all("details")) == 1
    assert "open" not in closed.all("details")[0]
    assert opened.all("details") == []
    assert [f["autocomplete"] for f in opened.all("input") if f.get("name") == "text"] == ["off"]


@pytest.mark.parametrize("typed", ["ထွက်", "leave", "0", "STOP"])
async def test_leaving_by_a_word_goes_to_the_neutral_page(
    visitor: Visitor, desk: Desk, typed: str
) -> None:
    before = await conversations(desk)
    await visitor.opens()
    await visitor.taps(BURMESE, HELP_NOW)
    page = await visitor.types(typed)

    assert (page.status, page.location, page.html) == (303, "/phrases", "")
    assert await conversations(desk) == before


async def test_leaving_by_the_button_forgets_the_conversation(
    visitor: Visitor, desk: Desk
) -> None:
    before = await conversations(desk)
    await visitor.opens()
    await visitor.taps(BURMESE)
    page = await visitor.goes("leave")

    assert (page.status, page.location) == (303, "/phrases")
    assert await conversations(desk) == before


@pytest.mark.parametrize("token", ["", "x" * 43, "malformed"])
async def test_leaving_without_a_conversation_keeps_nothing(
    visitor: Visitor, desk: Desk, token: str
) -> None:
    before = await conversations(desk)
    page = await visitor.posts({"conversation": token, "action": "leave"})

    assert (page.status, page.location) == (303, "/phrases")
    assert await conversations(desk) == before


@pytest.mark.parametrize("token", ["x" * 43, "short", "ကခဂ" * 9, "y" * 44])
async def test_a_token_that_is_not_ours_gets_a_new_one_and_the_neutral_hello(
    visitor: Visitor, token: str
) -> None:
    page = await visitor.posts({"conversation": token, "choice": "1:3", "locale": "my"})

    assert page.status == 200
    assert page.token not in {token, ""}
    assert "Hello 👋" in page.words
    assert "Choose" not in page.words
    assert len([name for name in page.faces if name.startswith("choice=")]) == 1


async def test_after_leaving_the_old_page_leads_to_the_neutral_hello(visitor: Visitor) -> None:
    await visitor.opens()
    old = await visitor.taps(BURMESE, HELP_NOW)
    await visitor.goes("leave")
    page = await visitor.posts({"conversation": old.token, "choice": old.choice(1)})

    assert page.token != old.token
    assert page.locale == "en"
    assert "Hello 👋" in page.words


async def test_a_conversation_left_lying_is_over_after_a_quarter_of_an_hour(
    visitor: Visitor, clock: Clock
) -> None:
    await visitor.opens()
    old = await visitor.taps(BURMESE, HELP_NOW)
    clock.move(minutes=15, seconds=1)
    page = await visitor.taps(1)

    assert page.token != old.token
    assert page.locale == "en"


async def test_erasing_ends_with_a_page_that_knows_no_conversation(
    visitor: Visitor, desk: Desk
) -> None:
    before = await conversations(desk)
    await visitor.opens()
    await visitor.taps(BURMESE)
    await visitor.goes("erase")
    page = await visitor.taps(1)

    assert page.status == 200
    assert page.token == ""
    assert list(page.faces) == ["action=leave"]
    assert await conversations(desk) == before


async def test_listen_on_the_first_page_begins_too(visitor: Visitor) -> None:
    await visitor.opens()
    page = await visitor.goes("listen")

    assert len(page.token) == 43
    assert "မြန်မာ" in page.words


@pytest.mark.parametrize(
    "body",
    [
        b"conversation=&choice=1:3&action=menu",
        b"conversation=&choice=1:3&choice=1:4",
        b"conversation=&choice=three",
        b"conversation=&action=start",
        b"conversation=&action=fly",
        b"conversation=&unknown=1",
        b"conversation=&text=%ff%fe",
        b"\xff\xfe",
        b"&".join(b"a%d=1" % number for number in range(9)),
    ],
)
async def test_a_malformed_form_is_refused_with_the_first_page(
    visitor: Visitor, desk: Desk, body: bytes
) -> None:
    before = await conversations(desk)
    page = await visitor.posts(body)

    assert page.status == 400
    assert page.token == ""
    assert "မြန်မာ" in page.words
    assert await conversations(desk) == before


async def test_a_form_too_long_is_refused(visitor: Visitor) -> None:
    page = await visitor.posts({"conversation": "", "text": "a" * 33_000})

    assert page.status == 413


MALFORMED = [b"choice=x", b"action=start", b"unknown=1", b"text=%ff%fe", b"choice=1:3&action=menu"]


@pytest.mark.parametrize("part", [*MALFORMED, b"text=" + b"a" * 33_000])
async def test_what_is_refused_in_a_conversation_leaves_her_where_she_was(
    visitor: Visitor, desk: Desk, part: bytes
) -> None:
    unread = desk.translator.phrase("my", "web.unread")
    await visitor.opens()
    here = await visitor.taps(BURMESE, HELP_NOW)
    page = await visitor.posts(b"conversation=%s&locale=my&%s" % (here.token.encode(), part))
    onward = await visitor.taps(1)

    assert page.status == (413 if len(part) > 32_768 else 400)
    assert page.token == here.token
    assert page.words.replace(f"{unread} ", "", 1) == here.words
    assert unread in page.words
    assert onward.status == 200


async def test_her_language_is_that_of_her_talk_whatever_the_form_says(
    visitor: Visitor, desk: Desk
) -> None:
    await visitor.opens()
    here = await visitor.taps(BURMESE)
    page = await visitor.posts(b"conversation=%s&locale=vi&choice=x" % here.token.encode())

    assert desk.translator.phrase("my", "web.unread") in page.words


async def test_once_her_talk_is_over_a_refusal_says_nothing_in_her_language(
    visitor: Visitor, desk: Desk
) -> None:
    await visitor.opens()
    here = await visitor.taps(BURMESE)
    await visitor.goes("leave")
    page = await visitor.posts(b"conversation=%s&locale=my&choice=x" % here.token.encode())

    assert "⚠" in page.words
    assert desk.translator.phrase("my", "web.unread") not in page.words


@pytest.mark.parametrize("token", [b"x" * 43, b"%3Cscript%3E", b"<script>", b""])
async def test_what_is_refused_outside_a_conversation_begins_none(
    visitor: Visitor, desk: Desk, token: bytes
) -> None:
    before = await conversations(desk)
    page = await visitor.posts(b"conversation=%s&choice=x&locale=<script>" % token)

    assert (page.status, page.token) == (400, "")
    assert "<script>" not in page.html
    assert await conversations(desk) == before


async def test_a_conversation_left_at_the_same_moment_is_not_begun_again_under_its_token(
    visitor: Visitor, desk: Desk
) -> None:
    for _ in range(5):
        await visitor.opens()
        here = await visitor.taps(BURMESE)
        before = await conversations(desk)
        answers = await asyncio.gather(
            visitor.client.post("/", data={"conversation": here.token, "action": "leave"}),
            visitor.client.post("/", data={"conversation": here.token, "choice": here.choice(1)}),
        )
        later = await visitor.posts({"conversation": here.token})
        token = re.findall(r'name="conversation" value="([^"]*)"', answers[1].text)[0]

        assert answers[0].headers["location"] == "/phrases"
        assert later.token != here.token
        # Either it came first and is gone, or it began one of its own; `later` began another.
        assert await conversations(desk) - before + 1 == 1 + (token != here.token)


@pytest.mark.parametrize("query", ["?a=b", "?conversation=" + "x" * 43, "?lang=my&utm_source=q"])
async def test_opening_the_page_with_anything_leaves_nothing(
    visitor: Visitor, desk: Desk, query: str
) -> None:
    before = await conversations(desk)
    plain = await visitor.client.get("/")
    headers = {"Cookie": "id=7; t=" + "x" * 43, "Referer": "http://other.test/help?q=secret"}
    page = await visitor.client.get(f"/{query}", headers=headers)

    assert page.content == plain.content
    assert {name: page.headers[name] for name in page.headers} == dict(plain.headers)
    assert await conversations(desk) == before


async def test_cookies_are_never_set(visitor: Visitor) -> None:
    await visitor.opens()
    await visitor.taps(BURMESE, HELP_NOW)
    await visitor.goes("leave")

    assert not visitor.client.cookies
