"""The fake LINE keeps LINE's rules, so that what passes here passes there."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.channels.fake_line import TOKEN, FakeLine
from tests.channels.line_platform import SHE
from tests.channels.line_rules import Wrong, check
from tests.channels.platform import Clock

HELLO = {"type": "text", "text": "hello"}


@pytest.fixture
async def fake(clock: Clock) -> AsyncIterator[FakeLine]:
    async with FakeLine(clock=clock) as fake:
        await fake.user_follows(SHE)
        yield fake


@pytest.fixture
async def http(fake: FakeLine) -> AsyncIterator[httpx.AsyncClient]:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with httpx.AsyncClient(base_url=fake.base, headers=headers, trust_env=False) as client:
        yield client


def bubble(*parts: Any, **more: Any) -> dict[str, Any]:
    body = {"type": "box", "layout": "vertical", "contents": list(parts)}
    return {"type": "flex", "altText": "👋", "contents": {"type": "bubble", "body": body, **more}}


def words(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "text", "text": text, **more}


def tap(**action: Any) -> dict[str, Any]:
    return words("x", action={"type": "postback", **action})


def button(label: str) -> dict[str, Any]:
    action = {"type": "postback", "data": "1:a", "label": label}
    return {"type": "button", "action": action}


def quick(*labels: str) -> dict[str, Any]:
    actions = [{"type": "postback", "data": "1:a", "label": label} for label in labels]
    return {**HELLO, "quickReply": {"items": [{"type": "action", "action": a} for a in actions]}}


@pytest.mark.parametrize(
    "message",
    [
        HELLO,
        words("x" * 5_000),
        words("👋" * 2_500),
        bubble(words("x", wrap=True)),
        bubble(tap(data="x" * 300)),
        bubble(button("ก" * 40)),
        bubble(button("ก่" * 40)),  # two characters that are one letter
        bubble(words("☎", action={"type": "uri", "uri": "tel:1300"})),
        quick(*["x" * 20] * 13),
        {"type": "audio", "originalContentUrl": "https://a.test/b.m4a", "duration": 1},
    ],
)
def test_what_keeps_the_limits_is_taken(message: dict[str, Any]) -> None:
    check([message] * 5)


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"type": "flax"},
        {"type": "text"},
        words(""),
        words("x" * 5_001),
        words("👋" * 2_501),
        {**HELLO, "silent": True},
        {**bubble(words("x")), "altText": ""},
        {**bubble(words("x")), "altText": "x" * 1_501},
        bubble(words("")),
        bubble(words("x" * 30_000)),
        bubble(words("x", colour="#FFFFFF")),
        bubble(words("x", color="blue")),
        bubble(words("x", size="large")),
        bubble({"type": "box", "contents": []}),
        bubble({"type": "postback"}),
        bubble(words("x"), size="huge"),
        bubble(tap(data="x" * 301)),
        bubble(tap()),
        bubble(tap(data="x", displayText="x" * 301)),
        bubble(tap(data="x", label="x" * 41)),
        bubble(button("x" * 41)),
        bubble(button("")),
        bubble(words("x", action={"type": "uri", "uri": "ftp://a.test"})),
        quick(*["x"] * 14),
        quick("x" * 21),
        quick(""),
        {"type": "audio", "originalContentUrl": "http://a.test/b.m4a", "duration": 1},
        {"type": "audio", "originalContentUrl": "https://a.test/b.m4a", "duration": 0},
    ],
)
def test_what_breaks_a_limit_is_refused(message: dict[str, Any]) -> None:
    with pytest.raises(Wrong):
        check([message])


@pytest.mark.parametrize("number", [0, 6])
def test_none_or_six_messages_are_refused(number: int) -> None:
    with pytest.raises(Wrong):
        check([HELLO] * number)


async def test_a_call_without_the_token_is_401(fake: FakeLine, http: httpx.AsyncClient) -> None:
    answer = await http.get("/v2/bot/info", headers={"Authorization": "Bearer x"})

    assert answer.status_code == 401


async def test_a_malformed_request_is_400_and_an_unknown_path_404(
    fake: FakeLine, http: httpx.AsyncClient
) -> None:
    wrong = await http.post("/v2/bot/message/push", content=b"{")
    more = await http.post(
        "/v2/bot/message/push", json={"to": SHE, "messages": [HELLO], "quiet": True}
    )
    nowhere = await http.post("/v2/bot/message/edit", json={})

    assert [wrong.status_code, more.status_code, nowhere.status_code] == [400, 400, 404]
    assert fake.visible(SHE) == []


async def test_a_redelivered_event_gives_its_token_another_minute_for_twenty(
    fake: FakeLine, http: httpx.AsyncClient, clock: Clock
) -> None:
    fake.endpoint = "https://saphan.test/hooks/line"
    fake.transport = httpx.MockTransport(lambda _: httpx.Response(503))
    statuses = []
    for minutes in (19, 21):
        await fake.user_says(SHE, "hello")
        token = fake.undelivered[0]["replyToken"]
        clock.move(minutes=minutes)
        reply = {"replyToken": token, "messages": [HELLO]}
        statuses.append((await http.post("/v2/bot/message/reply", json=reply)).status_code)
        await fake.redeliver()
        statuses.append((await http.post("/v2/bot/message/reply", json=reply)).status_code)
        statuses.append((await http.post("/v2/bot/message/reply", json=reply)).status_code)
        fake.undelivered.clear()

    assert statuses == [400, 200, 400, 400, 400, 400]
    assert [again for _, again, _ in fake.deliveries] == [False, True] * 2
    assert len({name for name, _, _ in fake.deliveries}) == 2


async def test_a_label_with_display_text_is_written_into_the_chat(
    fake: FakeLine, http: httpx.AsyncClient
) -> None:
    message = bubble(tap(data="1:a", displayText="My answer"))
    await http.post("/v2/bot/message/push", json={"to": SHE, "messages": [message]})
    await fake.user_taps(SHE, "1:a")

    assert [each.text for each in fake.visible(SHE) if each.sender == "person"] == ["My answer"]
