"""A fake platform as a process of its own, and the object a test steers it with.

    async with platform_process() as telegram:            # telegram.base, .token, .secret
        await telegram.hooks("http://127.0.0.1:8080/hooks/telegram")   # or the bot's setWebhook
        await telegram.says(7, "/start")                   # she types; posted until answered 200
        await telegram.taps(7, "English")                  # a face, its beginning, or the data
        await telegram.until(7, "Hello")                   # what stands in her chat says so
        await telegram.policy(copies=(1, 5), again=0.1)    # each update 1-5 times at once
        await telegram.limits(chat_seconds=1, per_second=30, penalty=1)
        await telegram.rules(Rule(what="pause", share=0.2, seconds=1, longest=3))
        await telegram.refuse(True)                        # nobody listens any more
        await telegram.becomes(7, "blocked")               # deactivated, gone, back
        await telegram.moves(49 * 3600)                    # its calendar: 48 hours, 24 hours
        figures = await telegram.figures()                 # calls, broken, pauses, waiting …

Rules are those of tests/rig/trouble.py: slow, hang (half-open), mute, cut, status, lost, pause.
The updates of one chat are posted in order, each until it is answered 200; chats go side by side.
`python -m tests.rig.platform_process` prints its control address and its API's, and runs until
its standard input ends.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx
import orjson
from aiohttp import web
from pydantic import TypeAdapter

from tests.rig.telegram_platform import SECRET, TOKEN, TelegramPlatform
from tests.rig.trouble import Limits, Rule, told

ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True, slots=True)
class PlatformProcess:
    """The steering wheel of a running platform; `base` is the root of its API for the bot."""

    base: str
    control: httpx.AsyncClient
    process: asyncio.subprocess.Process
    token: str = TOKEN
    secret: str = SECRET

    async def hooks(self, *urls: str) -> None:
        """Post to these in turn, with our secret, as to several processes behind a proxy."""
        await self._do("hooks", urls=urls, secret=self.secret)

    async def says(self, chat: int, text: str) -> str:
        """She types; the id of her message."""
        return str(await self._do("says", chat=chat, text=text))

    async def taps(self, chat: int, button: str, on: int = 0) -> str:
        """She taps; LookupError where no such button stands."""
        return str(await self._do("taps", chat=chat, button=button, on=on))

    async def many(self, *acts: tuple[str, int, str]) -> None:
        """Many acts at once: ("says" or "taps", chat, words or button); no such button: passed
        over."""
        await self._do("many", acts=acts)

    async def chat(self, chat: int) -> dict[str, Any]:
        """`visible`: what stands there; `history`: all that ever happened there."""
        found: dict[str, Any] = await self._do("chat", chat=chat)
        return found

    async def until(self, chat: int, words: str, seconds: float = 20) -> dict[str, Any]:
        """Wait until a message of ours there has these words; the message."""
        async with asyncio.timeout(seconds):
            while True:
                for one in (await self.chat(chat))["visible"]:
                    if one["sender"] == "bot" and words in one["text"]:
                        return dict(one)
                await asyncio.sleep(0.02)

    async def empty(self, chat: int, seconds: float = 20) -> None:
        """Wait until nothing stands there."""
        async with asyncio.timeout(seconds):
            while (await self.chat(chat))["visible"]:  # noqa: ASYNC110 - it is another process
                await asyncio.sleep(0.02)

    async def settled(self, seconds: float = 20) -> None:
        """Wait until every update was answered 200."""
        async with asyncio.timeout(seconds):
            while (await self.figures())["waiting"]:  # noqa: ASYNC110 - it is another process
                await asyncio.sleep(0.02)

    async def policy(self, **policy: Any) -> None:
        """Fields of posting.Policy."""
        await self._do("policy", **policy)

    async def limits(self, **limits: Any) -> None:
        """Fields of trouble.Limits; those not named are as at first."""
        await self._do("limits", **limits)

    async def rules(self, *rules: Rule) -> None:
        """These troubles from now on, and no others; none: it is well again."""
        await self._do("rules", rules=[asdict(rule) for rule in rules])

    async def refuse(self, refuses: bool) -> None:
        """Whether connections are refused; those that are open end."""
        await self._do("refuse", refuses=refuses)

    async def becomes(self, chat: int, what: str) -> None:
        """`blocked`, `deactivated`, `gone`, or `back`."""
        await self._do("becomes", chat=chat, what=what)

    async def moves(self, seconds: float) -> None:
        """Its calendar goes forward."""
        await self._do("moves", seconds=seconds)

    async def figures(self) -> dict[str, Any]:
        """calls, statuses, broken (inside a forbidden window), pauses, most_in_a_second,
        shortest_gap (seconds between messages to one chat), waiting, posted, dropped."""
        found: dict[str, Any] = await self._do("figures")
        return found

    async def calls(self, since: int = 0) -> list[tuple[float, str, str, int]]:
        """(seconds, method, chat, status) of every call from that one on."""
        return [tuple(one) for one in await self._do("calls", since=since)]

    async def attempts(self) -> list[tuple[str, int, float]]:
        """(update, status, seconds) of every post to the hook."""
        return [tuple(one) for one in await self._do("attempts")]

    async def _do(self, act: str, **values: Any) -> Any:
        answer = await self.control.post(act, content=orjson.dumps(values))
        if answer.status_code == 404:
            raise LookupError(answer.text)
        answer.raise_for_status()
        return answer.json()


@asynccontextmanager
async def platform_process() -> AsyncIterator[PlatformProcess]:
    """Start it; it ends with the block, or when we are killed."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.rig.platform_process"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
    )
    assert process.stdin
    assert process.stdout
    try:
        where = json.loads(await process.stdout.readline())
        async with httpx.AsyncClient(
            base_url=where["control"], trust_env=False, timeout=60
        ) as client:
            yield PlatformProcess(where["base"], client, process)
    finally:
        process.stdin.close()
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), 5)
        if process.returncode is None:
            process.kill()
            await process.wait()


class Control:
    """The platform's other side: what the test does to it, over HTTP."""

    def __init__(self, platform: TelegramPlatform) -> None:
        self._platform = platform
        self._site: web.TCPSite | None = None

    async def open(self) -> str:
        """Listen for the bot; the address."""
        app = web.Application(client_max_size=10**8)
        self._platform.routes(app)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await self._platform.posting.open()
        await self._listen(0)
        self._port = int(self._runner.addresses[0][1])
        return f"http://127.0.0.1:{self._port}"

    async def close(self) -> None:
        """End everything."""
        await self._platform.posting.close()
        await self._runner.cleanup()

    async def take(self, request: web.Request) -> web.Response:
        """One act, named by the path, its values as JSON."""
        values = orjson.loads(await request.read() or b"{}")
        try:
            found = getattr(self, f"_{request.match_info['act']}")(**values)
            found = await found if asyncio.iscoroutine(found) else found
        except LookupError as missing:
            return web.Response(status=404, text=str(missing))
        return web.json_response(found, dumps=lambda thing: orjson.dumps(thing).decode())

    def _hooks(self, urls: list[str], secret: str) -> None:
        self._platform.posts_to(urls, secret)

    def _says(self, chat: int, text: str) -> str:
        return self._platform.says(chat, text)

    def _taps(self, chat: int, button: str, on: int) -> str:
        return self._platform.taps(chat, button, on)

    def _many(self, acts: list[tuple[str, int, str]]) -> None:
        for act, chat, words in acts:
            with suppress(LookupError):
                does = self._platform.says if act == "says" else self._platform.taps
                does(chat, words)

    def _chat(self, chat: int) -> object:
        return self._platform.chat(chat)

    def _policy(self, **policy: Any) -> None:
        for name, value in policy.items():
            setattr(self._platform.posting.policy, name, value)

    def _limits(self, **limits: Any) -> None:
        self._platform.trouble.limits = Limits(**limits)

    def _rules(self, rules: list[dict[str, Any]]) -> None:
        self._platform.trouble.rules = [TypeAdapter(Rule).validate_python(one) for one in rules]

    async def _refuse(self, refuses: bool) -> None:
        if refuses and self._site is not None:
            await self._site.stop()
            self._site = None
            for one in list(self._runner.server.connections if self._runner.server else ()):
                if one.transport is not None:
                    one.transport.abort()
        elif not refuses and self._site is None:
            await self._listen(self._port)

    def _becomes(self, chat: int, what: str) -> None:
        self._platform.becomes(chat, what)

    def _moves(self, seconds: float) -> None:
        self._platform.moved += seconds

    def _figures(self) -> object:
        posting = self._platform.posting
        posts = {"waiting": posting.waiting, "dropped": posting.dropped}
        return told(self._platform.trouble) | posts | {"posted": len(posting.attempts)}

    def _calls(self, since: int) -> object:
        return [
            (one.at, one.method, one.chat, one.status)
            for one in self._platform.trouble.seen[since:]
        ]

    def _attempts(self) -> object:
        return [(one.id, one.status, one.seconds) for one in self._platform.posting.attempts]

    async def _listen(self, port: int) -> None:
        self._site = web.TCPSite(self._runner, "127.0.0.1", port, reuse_address=True)
        await self._site.start()


async def _run() -> None:
    control = Control(TelegramPlatform())
    base = await control.open()
    app = web.Application(client_max_size=10**8)
    app.router.add_post("/{act}", control.take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    where = {"control": f"http://127.0.0.1:{runner.addresses[0][1]}", "base": base}
    sys.stdout.write(f"{json.dumps(where)}\n")
    sys.stdout.flush()
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await control.close()
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(_run())
