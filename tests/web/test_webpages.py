"""How a screen becomes a page: cards, numbers to dial, and nothing that is taken for markup."""

import pytest

from bot.webpages import WebPages, blocks
from bot.webposts import Post
from handlers.desk import Desk
from handlers.messages import Button, Outgoing

pytestmark = pytest.mark.asyncio(loop_scope="package")


def _phones(text: str) -> list[tuple[str, str]]:
    (block,) = blocks((text,))
    return [(piece.words, piece.phone) for piece in block.pieces if piece.phone]


@pytest.mark.parametrize(
    ("line", "dialled"),
    [
        ("☎ 1323", "1323"),
        ("☎ +66 2 513 8959", "+6625138959"),
        ("☎ 067-404666", "067404666"),
        ("☎ 024 3333 55 99\nmore", "02433335599"),
    ],
)
async def test_a_number_after_the_telephone_sign_can_be_dialled(line: str, dialled: str) -> None:
    assert [phone for _, phone in _phones(line)] == [dialled]


@pytest.mark.parametrize(
    "line", ["☎ 067.404.666", "☎ 12/34", "1323", "☎ No number yet", "☎ ១២៣", "☎ +", "💬 1280"]
)
async def test_nothing_else_becomes_a_link_and_never_half_a_number(line: str) -> None:
    assert _phones(line) == []


async def test_no_word_of_a_text_is_lost() -> None:
    text = "● A place\nsafe\n☎ 1300\n☎ 1111\nfree · now"
    (block,) = blocks((text,))

    assert block.title == "A place"
    assert "".join(piece.words for piece in block.pieces) == "safe\n☎ 1300\n☎ 1111\nfree · now"


async def test_markup_in_a_text_or_label_stays_words(desk: Desk) -> None:
    attack = '"><script src=x></script>'
    screen = Outgoing(
        step=3,
        locale="my",
        node="x",
        texts=(attack, f"● {attack}\n{attack}"),
        choices=(Button(id="1", label=attack, icon=attack),),
        actions=(Button(id="menu", label=attack, icon="☰"),),
    )
    page = WebPages(desk).screen(screen, attack)

    assert "<script src=x>" not in page
    assert page.count("&lt;script src=x&gt;") >= 7


async def test_what_was_posted_is_not_shown_by_a_repr() -> None:
    post = Post(conversation="D" * 43, text="he beats me")

    assert "D" * 43 not in repr(post)
    assert "beats" not in repr(post)
