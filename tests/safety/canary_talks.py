"""Talks full of canaries over the real doors of a real process, which is killed at the end."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path

import httpx

from tests.channels.fake_telegram import FakeTelegram
from tests.e2e.system import System, free_port, serving
from tests.safety.canary import DIGITS, Scanner

AT_ONCE = 24  # talks; a chat is cleared seconds after she left
_FIRST_CHAT = -(-4_739_182_600_000_000 // 2**16) * 2**16  # ids below share all but two bytes
_HER_NETWORK = ip_address("2001:db8:4739:1826::").packed[:8]

UNREADABLE = "ဃႈုူ"  # a syllable of Zawgyi with a mark too many, which a library would print

# What every canary of a kind shares; a person's own has her number after it.
SCANNER = Scanner(
    words=("kanarya", UNREADABLE, "ကនာရီ", "កាណារី", "47391826", "2001:db8:4739:1826", "47.39.182."),
    raw={
        "chat id (number)": _FIRST_CHAT.to_bytes(8, "big")[1:6],
        "chat id (number, backwards)": _FIRST_CHAT.to_bytes(8, "little")[2:7],
        "address (packed)": _HER_NETWORK,
    },
)


@dataclass(frozen=True, slots=True)
class Woman:
    """One person of the test; everything about her holds her number."""

    number: int

    @property
    def chat(self) -> int:
        return _FIRST_CHAT + self.number

    @property
    def typed(self) -> tuple[str, ...]:
        """Three of: words, a name, a place, telephone numbers in two scripts."""
        phone = f"0847391826{self.number:03}"
        script = list(DIGITS.values())[self.number % len(DIGITS)]
        all_of_it = (
            f"kanarya{self.number} he hits me",
            f"ကနာရီ {UNREADABLE} {self.number}",
            f"កាណារី{self.number}",
            f"Kanaryaville {self.number}",
            f"my name is Kanarya{self.number}, call {phone}",
            phone.translate({ord("0") + value: digit for value, digit in enumerate(script)}),
        )
        return all_of_it[self.number % 2 :: 2]

    @property
    def headers(self) -> dict[str, str]:
        """What proxies and her browser tell about her."""
        address = f"2001:db8:4739:1826::{self.number:x}"
        return {
            "X-Forwarded-For": f"{address}, 47.39.182.{self.number % 256}",
            "X-Real-IP": address,
            "Forwarded": f'for="[{address}]"',
            "User-Agent": f"kanaryabrowser/{self.number}",
            "Referer": f"http://kanarya{self.number}.test/",
            "Cookie": f"kanarya={self.number}",
        }

    @property
    def profile(self) -> dict[str, object]:
        """What Telegram tells about her."""
        return {
            "first_name": f"Kanarya{self.number}first",
            "last_name": f"ကနာရီ{self.number}",
            "username": f"kanaryauser{self.number}",
            "language_code": "en",
        }


@dataclass
class Talks:
    """The process under test, and the women who talk to it; `done` counts them."""

    home: Path
    fake: FakeTelegram
    settings: dict[str, str]
    port: int = field(default_factory=free_port)
    chance: random.Random = field(default_factory=lambda: random.Random(20))
    system: System | None = None
    done: int = 0
    kills: int = 0
    _one_more: asyncio.Condition = field(default_factory=asyncio.Condition)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[System]:
        """Start it; it is killed at the end, so that what it leaves behind is left."""
        async with serving(self.home, self.port, **self.settings) as self.system:
            yield self.system
            await self.kill()

    async def kill(self) -> None:
        assert self.system is not None
        self.system.process.kill()
        await self.system.process.wait()
        self.kills += 1

    async def all(self, number: int) -> None:
        """So many talks, some at a time, half of them on the web."""
        numbers = iter(range(number))

        async def one_after_another() -> None:
            for one in numbers:
                await self._one(Woman(one))
                self.done += 1
                async with self._one_more:
                    self._one_more.notify_all()

        await asyncio.gather(*(one_after_another() for _ in range(AT_ONCE)))

    async def until(self, number: int) -> None:
        """Wait until so many talks are done."""
        async with self._one_more:
            await self._one_more.wait_for(lambda: self.done >= number)

    async def _one(self, woman: Woman) -> None:
        if woman.number % 2:
            await self._on_the_web(woman)
        else:
            await self._on_telegram(woman)

    async def _on_the_web(self, woman: Woman) -> None:
        base = f"http://127.0.0.1:{self.port}"
        async with httpx.AsyncClient(base_url=base, headers=woman.headers, timeout=60) as client:
            answer = await self._post(client, {})
            answer = await self._post(client, _tap(answer, self.chance))
            for typed in woman.typed:
                answer = await self._post(client, {**_open(answer), "text": typed})
                if answer["choices"] and self.chance.random() < 0.5:
                    answer = await self._post(client, _tap(answer, self.chance))
            form = {**_open(answer), "text": woman.typed[0], "locale": "en"}
            await _until_it_runs(lambda: client.post("/", data=form))
            await self._post(client, {**_open(answer), "action": "leave"})

    async def _post(self, client: httpx.AsyncClient, body: dict[str, object]) -> dict[str, object]:
        answer = await _until_it_runs(lambda: client.post("/chat", json=body))
        answer.raise_for_status()
        found: dict[str, object] = answer.json()
        return found

    async def _on_telegram(self, woman: Woman) -> None:
        fake, chat = self.fake, woman.chat
        fake.methods.people[chat] = woman.profile
        await fake.user_says(chat, "/start")
        await fake.until(lambda: any(m.keys for m in fake.visible(chat)), seconds=90)
        keys = [key for message in fake.visible(chat) for key in message.keys]
        await fake.user_taps(chat, self.chance.choice(keys).data)
        for typed in woman.typed:
            await fake.user_says(chat, typed)
        await fake.user_sends(chat, "contact")
        await fake.user_says(chat, "0")
        await fake.until(lambda: not fake.visible(chat), seconds=90)


def _open(answer: dict[str, object]) -> dict[str, object]:
    return {"conversation": answer["conversation"]}


def _tap(answer: dict[str, object], chance: random.Random) -> dict[str, object]:
    choices = answer["choices"]
    assert isinstance(choices, list)
    return {**_open(answer), "choice": chance.choice(choices)["id"]}


async def _until_it_runs(ask: Callable[[], Awaitable[httpx.Response]]) -> httpx.Response:
    """Ask again while the process is away: it was killed and is being started."""
    async with asyncio.timeout(90):
        while True:
            try:
                answer = await ask()
            except httpx.TransportError:
                await asyncio.sleep(0.2)
            else:
                if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                    return answer
                await asyncio.sleep(0.2)
