"""POST /chat, as interfaces.md promises it."""

import asyncio
import re
from collections.abc import AsyncIterator

import httpx
import pytest

from handlers.desk import Desk
from tests.web.kept import conversations

pytestmark = pytest.mark.asyncio(loop_scope="package")

NOTHING = {"conversation": None, "choice": None, "text": None, "place": None, "action": None}


async def test_all_null_starts_a_conversation(client: httpx.AsyncClient) -> None:
    answer = (await client.post("/chat", json=NOTHING)).json()

    assert list(answer) == [
        "conversation",
        "ended",
        "locale",
        "node",
        "messages",
        "choices",
        "actions",
    ]
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", answer["conversation"])
    assert (answer["ended"], answer["node"]) == (False, "sh.start")
    assert answer["messages"] == [{"text": "Hello 👋 Choose your language.", "audio": None}]
    assert [choice["label"] for choice in answer["choices"]][2:4] == ["မြန်မာ", "ไทย"]
    assert answer["actions"] == ["leave", "listen"]


async def test_a_choice_leads_on_and_carries_its_icon(client: httpx.AsyncClient) -> None:
    begun = (await client.post("/chat", json={})).json()
    answer = (await _choose(client, begun, 2)).json()

    assert answer["conversation"] == begun["conversation"]
    assert (answer["locale"], answer["node"]) == ("my", "sh.safe")
    assert all(re.fullmatch(r"[0-9]+:[0-9]", choice["id"]) for choice in answer["choices"])
    assert answer["choices"][0]["label"].startswith("✅ ")


async def test_a_position_is_dropped_unread_like_any_attachment(
    client: httpx.AsyncClient,
) -> None:
    begun = await _in_burmese(client)
    place = {"lat": 16.71, "lon": 98.57}
    answer = await client.post("/chat", json={**_token(begun), "place": place})

    assert answer.json()["node"] == "sh.att"
    assert "16.71" not in answer.text


@pytest.mark.parametrize("action", ["menu", "help", "erase", "language", "numbers", "listen"])
async def test_every_action_of_the_interface_is_taken(
    client: httpx.AsyncClient, action: str
) -> None:
    begun = await _in_burmese(client)
    answer = await client.post("/chat", json={**_token(begun), "action": action})

    assert answer.status_code == 200
    assert answer.json()["conversation"] == begun["conversation"]


async def test_leaving_ends_the_conversation(client: httpx.AsyncClient, desk: Desk) -> None:
    before = await conversations(desk)
    begun = await _in_burmese(client)
    answer = (await client.post("/chat", json={**_token(begun), "action": "leave"})).json()

    assert (answer["conversation"], answer["ended"], answer["node"]) == (None, True, "sh.exit")
    assert (answer["choices"], answer["actions"]) == ([], [])
    assert await conversations(desk) == before


async def test_who_leaves_in_zawgyi_begins_no_talk(client: httpx.AsyncClient) -> None:
    answer = (await client.post("/chat", json={"conversation": "z" * 43, "text": "ထြက္"})).json()

    assert (answer["ended"], answer["conversation"]) == (True, None)


async def test_erasing_ends_the_conversation(client: httpx.AsyncClient) -> None:
    begun = await _in_burmese(client)
    asked = (await client.post("/chat", json={**_token(begun), "action": "erase"})).json()
    answer = (await _choose(client, asked, 0)).json()

    assert (answer["conversation"], answer["ended"], answer["node"]) == (None, True, "sh.erased")


@pytest.mark.parametrize(
    "said", [{}, {"text": "hello"}, {"action": "menu"}, {"place": {"lat": 1, "lon": 1}}]
)
async def test_an_unknown_token_gets_a_new_one_and_the_neutral_hello(
    client: httpx.AsyncClient, said: dict[str, object]
) -> None:
    answer = (await client.post("/chat", json={"conversation": "A" * 43, **said})).json()

    assert answer["conversation"] not in {None, "A" * 43}
    assert answer["node"] == "sh.idle"
    assert answer["locale"] == "en"


async def test_two_taps_at_once_do_not_lose_the_conversation(client: httpx.AsyncClient) -> None:
    begun = await _in_burmese(client)
    answers = await asyncio.gather(*(_choose(client, begun, 2) for _ in range(4)))

    assert {answer.status_code for answer in answers} == {200}
    assert {answer.json()["node"] for answer in answers} == {"dn.1"}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "body"),
        (b"{", "body"),
        (b"[]", "body"),
        (b"[" * 20_000, "body"),
        (b'{"conversation": 5}', "body"),
        (b'{"unknown": 1}', "body"),
        (b'{"action": "start"}', "body"),
        (b'{"place": {"lat": 99, "lon": 0}}', "body"),
        (b'{"place": {"lat": NaN, "lon": 0}}', "body"),
        (b'{"text": "\\ud800"}', "body"),
        (b'{"text": "\xff"}', "body"),
        (b'{"choice": "1"}', "choice"),
        (b'{"choice": "1:3", "text": "x"}', "one_answer"),
    ],
)
async def test_a_malformed_body_is_refused_with_a_code_and_nothing_of_itself(
    client: httpx.AsyncClient, desk: Desk, body: bytes, code: str
) -> None:
    before = await conversations(desk)
    answer = await client.post("/chat", content=body)

    assert (answer.status_code, answer.json()) == (400, {"error": code})
    assert await conversations(desk) == before


async def test_a_body_without_a_declared_end_is_read_only_as_far_as_allowed(
    client: httpx.AsyncClient,
) -> None:
    taken: list[int] = []

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(1_000):
            taken.append(1_024)
            yield b" " * 1_024

    answer = await client.post("/chat", content=endless())

    assert (answer.status_code, answer.json()) == (413, {"error": "too_large"})
    assert sum(taken) <= 34 * 1_024


async def test_a_body_of_just_32_kb_is_read(client: httpx.AsyncClient) -> None:
    body = b'{"text": null}'.ljust(32_768)

    assert (await client.post("/chat", content=body)).status_code == 200
    assert (await client.post("/chat", content=body + b" ")).status_code == 413


async def _in_burmese(client: httpx.AsyncClient) -> dict[str, object]:
    begun = (await client.post("/chat", json={})).json()
    answer: dict[str, object] = (await _choose(client, begun, 2)).json()
    return answer


async def _choose(client: httpx.AsyncClient, answer: dict[str, object], at: int) -> httpx.Response:
    choices = answer["choices"]
    assert isinstance(choices, list)
    return await client.post("/chat", json={**_token(answer), "choice": choices[at]["id"]})


def _token(answer: dict[str, object]) -> dict[str, object]:
    return {"conversation": answer["conversation"]}
