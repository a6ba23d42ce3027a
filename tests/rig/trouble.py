"""Trouble that a platform makes on demand: slow, refused, half-open, cut off, 5xx, 429, limits.

One for each fake platform, whatever it speaks; `meet` is asked before a call does its work. The
limits are counted as well: who calls inside a window that was forbidden breaks it.
"""

import asyncio
import json
from collections import Counter, defaultdict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any, Literal

from aiohttp import web

What = Literal["slow", "hang", "mute", "cut", "status", "lost", "pause"]
IN_FLIGHT = 0.05  # seconds: a call that was on its way when the platform said "later"
FOR_EVER = 3_600.0  # seconds a half-open connection stays open


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What happens to a share of the calls.

    `slow` (seconds), `hang`: accepted and never answered, `mute`: done and never answered, `cut`:
    the answer ends in its middle, `status`: answered with `code`, `lost`: done, then answered with
    `code`, `pause`: 429 with a `retry_after` between `seconds` and `longest`; `of`: the chat, or
    the whole door. `methods`, `chats`: only these; empty: all. `times`: so often, then no more.
    """

    what: What
    share: float = 1.0
    seconds: float = 1.0
    longest: float = 1.0
    code: int = 502
    of: Literal["chat", "door"] = "chat"
    methods: tuple[str, ...] = ()
    chats: tuple[str, ...] = ()
    times: int = 0


@dataclass(slots=True)
class Limits:
    """What the platform allows; 0: anything. `penalty`: seconds by which a broken window grows."""

    chat_seconds: float = 0.0  # between two messages to one chat
    per_second: int = 0  # calls that show, over all chats
    penalty: float = 0.0
    retry_after: int = 1  # seconds it asks for when a limit is passed


@dataclass(frozen=True, slots=True)
class Seen:
    """One call: when it came (seconds), method, chat, and the status it was answered with."""

    at: float
    method: str
    chat: str
    status: int


class Pause(Exception):
    """429: `seconds` as the platform names them."""

    def __init__(self, seconds: int) -> None:
        super().__init__()
        self.seconds = seconds


@dataclass
class Trouble:
    """The rules in force, what came of them, and every call. `clock` gives seconds that only
    grow. `shows` and `sends` name the methods that count against the limits."""

    clock: Callable[[], float]
    shows: frozenset[str] = frozenset()
    sends: frozenset[str] = frozenset()
    rules: list[Rule] = field(default_factory=list)
    limits: Limits = field(default_factory=Limits)
    seen: list[Seen] = field(default_factory=list)
    broken: list[Seen] = field(default_factory=list)
    pauses: int = 0
    _until: dict[str, tuple[float, float]] = field(default_factory=dict)  # "": the whole door
    _sent: dict[str, float] = field(default_factory=lambda: defaultdict(lambda: float("-inf")))
    _shown: deque[float] = field(default_factory=deque)
    _times: Counter[Rule] = field(default_factory=Counter)
    _random: Random = field(default_factory=lambda: Random(9))

    async def meet(self, method: str, chat: str) -> Rule | None:
        """Before a call does its work: waits, hangs, or raises Pause or an answer of its own.

        Returns the rule that its answer is to suffer from: cut, lost or mute.
        """
        self._within(method, chat)
        rule = self._rule(method, chat)
        match rule.what if rule else None:
            case "slow":
                assert rule
                await asyncio.sleep(rule.seconds)
            case "hang":
                await asyncio.sleep(FOR_EVER)
            case "status":
                assert rule
                raise Answered(rule.code)
            case "pause":
                assert rule
                self._pause(chat if rule.of == "chat" else "", self._seconds(rule))
            case _:
                pass
        self._allowed(method, chat)
        return rule if rule and rule.what in ("cut", "lost", "mute") else None

    def note(self, method: str, chat: str, status: int) -> None:
        """A call was answered; 0 where it was not."""
        self.seen.append(Seen(self.clock(), method, chat, status))

    def most_in_a_second(self) -> int:
        """Calls that show in the second with most of them."""
        return _most([one.at for one in self.seen if one.method in self.shows and _done(one)])

    def shortest_gap(self) -> float:
        """Seconds between two messages to one chat, at the least."""
        last: dict[str, float] = {}
        gaps = [float("inf")]
        for one in self.seen:
            if one.method in self.sends and _done(one):
                if one.chat in last:
                    gaps.append(one.at - last[one.chat])
                last[one.chat] = one.at
        return min(gaps)

    def _within(self, method: str, chat: str) -> None:
        """Refuse what comes inside a forbidden window, and count it."""
        now = self.clock()
        for whom in {"", chat}:
            began, ends = self._until.get(whom, (0.0, 0.0))
            if now >= ends:
                continue
            if now > began + IN_FLIGHT:
                self.broken.append(Seen(now, method, chat, 429))
                ends += self.limits.penalty
                self._until[whom] = (began, ends)
            raise Pause(max(1, round(ends - now + 0.5)))

    def _rule(self, method: str, chat: str) -> Rule | None:
        for rule in self.rules:
            fits = not rule.methods or method in rule.methods
            fits = fits and (not rule.chats or chat in rule.chats)
            left = not rule.times or self._times[rule] < rule.times
            if fits and left and self._random.random() < rule.share:
                self._times[rule] += 1
                return rule
        return None

    def _seconds(self, rule: Rule) -> int:
        return self._random.randint(round(rule.seconds), max(1, round(rule.longest)))

    def _allowed(self, method: str, chat: str) -> None:
        now, limits = self.clock(), self.limits
        if limits.chat_seconds and method in self.sends:
            if now - self._sent[chat] < limits.chat_seconds:
                self._pause(chat, limits.retry_after)
            self._sent[chat] = now
        if limits.per_second and method in self.shows:
            while self._shown and now - self._shown[0] >= 1:
                self._shown.popleft()
            if len(self._shown) >= limits.per_second:
                self._pause("", limits.retry_after)
            self._shown.append(now)

    def _pause(self, whom: str, seconds: int) -> None:
        now = self.clock()
        self.pauses += 1
        self._until[whom] = (now, now + seconds)
        raise Pause(seconds)


class Answered(Exception):
    """The platform's gateway answers itself, with this status."""

    def __init__(self, code: int) -> None:
        super().__init__()
        self.code = code


async def answered(
    request: web.Request, whole: web.StreamResponse, rule: Rule | None
) -> web.StreamResponse:
    """The answer, or what trouble leaves of it."""
    if rule is None:
        return whole
    if rule.what == "mute":
        await asyncio.sleep(FOR_EVER)
    if rule.what == "lost":
        return web.Response(status=rule.code, text="<h1>gateway</h1>", content_type="text/html")
    half = web.StreamResponse(headers={"Content-Length": "4096", "Content-Type": "text/plain"})
    await half.prepare(request)
    await half.write(b'{"ok"')
    if request.transport is not None:
        request.transport.abort()
    raise asyncio.CancelledError


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def before(trouble: Trouble, to: str) -> Any:
    """Trouble in front of any fake platform made of aiohttp; `to`: the field of a call's JSON that
    names the chat."""

    @web.middleware
    async def meet(request: web.Request, handler: Handler) -> web.StreamResponse:
        method, body, status = request.path.rpartition("/")[2], await request.read(), 0
        chat = str(json.loads(body).get(to, "")) if body[:1] == b"{" else ""
        try:
            rule = await trouble.meet(method, chat)
            whole = await handler(request)
            status = 0 if rule else whole.status
            return await answered(request, whole, rule)
        except Pause as pause:
            status = 429
            return web.Response(status=status, headers={"Retry-After": str(pause.seconds)})
        except Answered as gateway:
            status = gateway.code
            return web.Response(status=status)
        finally:
            trouble.note(method, chat, status)

    return meet


def told(trouble: Trouble) -> dict[str, Any]:
    """The figures of a run."""
    statuses = Counter(one.status for one in trouble.seen)
    return {
        "calls": len(trouble.seen),
        "statuses": {str(status): number for status, number in statuses.items()},
        "broken": len(trouble.broken),
        "pauses": trouble.pauses,
        "most_in_a_second": trouble.most_in_a_second(),
        "shortest_gap": min(trouble.shortest_gap(), 1e9),
    }


def _done(one: Seen) -> bool:
    return 200 <= one.status < 300


def _most(moments: list[float]) -> int:
    window: deque[float] = deque()
    most = 0
    for moment in sorted(moments):
        window.append(moment)
        while moment - window[0] >= 1:
            window.popleft()
        most = max(most, len(window))
    return most
