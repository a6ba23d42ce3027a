"""The built-in web chat: a whole page for each answer, or JSON for the same conversation."""

import math
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse

from bot.bodies import body_within
from bot.webpages import WebPages, farewell, greeting
from bot.webposts import MAX_BODY, Post, Refused, read_form, read_json, said_in
from handlers.desk import Desk
from handlers.messages import Abilities, Address, Choice, Incoming, Outgoing, Pressed, Said, Sent
from handlers.receive import is_open, receive

NAME = "web"
ABILITIES = Abilities(text=4_000, label=64, rows=40, edits=True, answers=True, private=True)
TOKEN_BYTES = 32
AWAY = "/away"  # the neutral page an exit ends on
NEW_PER_SECOND = 20.0
NEW_AT_ONCE = 200.0

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_REPEAT = Choice(0, "")  # fits no screen, so the present one is shown again


class WebChannel:
    """Implements Channel. The answer is the HTTP response, so nothing is ever pushed."""

    name = NAME
    abilities = ABILITIES

    async def show(self, address: Address, screen: Outgoing, card: str | None) -> Sent:
        """Nothing to push."""
        return Sent(("",))

    async def neutral(self, address: Address, card: str, line: str) -> None:
        """The page has no card of its own."""

    async def forget(self, address: Address, message_ids: Sequence[str]) -> tuple[str, ...]:
        """Nothing stands on a server of others."""
        return ()

    async def receipt(self, callback_id: str) -> None:
        """Nothing waits."""

    async def close(self) -> None:
        """Nothing is open."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The new screen, and the token its answers need; None once the conversation has ended."""

    token: str | None = field(repr=False)
    screen: Outgoing


class Bucket:
    """Counts new conversations, all together: no address of a sender is looked at."""

    def __init__(self, per_second: float = NEW_PER_SECOND, at_once: float = NEW_AT_ONCE) -> None:
        """Begin full."""
        self._per_second = per_second
        self._most = self._left = at_once
        self._at = 0.0

    def take(self, now: float) -> None:
        """Take one. Raises Refused(429) when there is none at this moment (Unix seconds)."""
        grown = self._left + max(0.0, now - self._at) * self._per_second
        self._left, self._at = min(self._most, grown), now
        if self._left < 1:
            raise Refused(429, "busy", math.ceil((1 - self._left) / self._per_second))
        self._left -= 1


class WebChat:
    """The routes of the web chat."""

    def __init__(self, desk: Desk) -> None:
        """Read the page and its files; no conversation is known here."""
        self._desk = desk
        self._pages = WebPages(desk)
        self._bucket = Bucket()
        self._first_step = greeting(desk).step

    def router(self) -> APIRouter:
        """GET and POST /, POST /chat, GET /away and GET /static/…"""
        router = APIRouter()
        router.add_api_route("/", self.first, methods=["GET"])
        router.add_api_route("/", self.form, methods=["POST"])
        router.add_api_route("/chat", self.chat, methods=["POST"])
        router.add_api_route(AWAY, self.away, methods=["GET"])
        router.add_api_route("/static/{name:path}", self.file, methods=["GET"])
        return router

    async def first(self) -> Response:
        """The first screen, the same for everyone; nothing is kept."""
        return HTMLResponse(self._pages.first())

    async def form(self, request: Request) -> Response:
        """One answer by form, a whole page back; leaving goes on to the neutral page."""
        try:
            post, locale = read_form(await body_within(request, MAX_BODY))
            request.state.locale = locale
            request.state.token = post.conversation or ""
            answer = await self._answer(post)
        except Refused as refused:
            locale = getattr(request.state, "locale", "")
            page = self._pages.first(self._pages.notice(locale, refused.code))
            return HTMLResponse(page, refused.status, refused.headers)
        if answer.screen.node == self._desk.book.rules.screens["leave"]:
            return Response(status_code=303, headers={"Location": AWAY})
        return HTMLResponse(self._pages.screen(answer.screen, answer.token))

    async def chat(self, request: Request) -> Response:
        """One answer in JSON (interfaces.md 3)."""
        try:
            answer = await self._answer(read_json(await body_within(request, MAX_BODY)))
        except Refused as refused:
            return JSONResponse({"error": refused.code}, refused.status, refused.headers)
        return JSONResponse(_told(answer))

    async def away(self) -> Response:
        """The neutral page."""
        return HTMLResponse(self._pages.away(self._desk.clock()))

    async def file(self, name: str) -> Response:
        """A style, script, icon or font of ours."""
        found = self._pages.files.get(name)
        if found is None:
            return Response(status_code=404)
        headers = {"Cache-Control": "public, max-age=604800"}
        return Response(found.content, media_type=found.kind, headers=headers)

    def trouble(self, request: Request) -> Response:
        """What is answered when a turn failed: 503, in her language where the form named it."""
        match request.url.path:
            case "/chat":
                return JSONResponse({"error": "unavailable"}, 503)
            case "/":
                locale = getattr(request.state, "locale", "")
                token = getattr(request.state, "token", "")
                return HTMLResponse(self._pages.trouble(locale, token), 503)
            case _:
                return Response(status_code=503)

    async def _answer(self, post: Post) -> Answer:
        """Go on with an open conversation; else begin one under a token of our own making.

        A token that is not open any more (or never was) leads to the neutral hello, whatever was
        said with it: the phone may be in other hands by now (decisions 6).
        """
        said, token = said_in(post), post.conversation or ""
        if _TOKEN.fullmatch(token) and await is_open(Address(NAME, token), self._desk):
            return await self._say(token, said or _REPEAT)
        if said == Pressed("leave"):
            return Answer(None, farewell(self._desk))
        self._bucket.take(self._desk.now())
        fresh = secrets.token_urlsafe(TOKEN_BYTES)
        if token:
            return await self._say(fresh, said or _REPEAT)
        begun = await self._say(fresh, Pressed("start"))
        if isinstance(said, Choice):
            fits = said.step == self._first_step
            said = Choice(begun.screen.step, said.option) if fits else None
        return await self._say(fresh, said) if said else begun

    async def _say(self, token: str, said: Said) -> Answer:
        incoming = Incoming(address=Address(NAME, token), said=said)
        screen = await receive(incoming, self._desk)
        if screen is None:  # only a delivery with a number of its own can come twice
            raise RuntimeError
        return Answer(None if screen.ended else token, screen)


def _told(answer: Answer) -> dict[str, object]:
    screen = answer.screen
    return {
        "conversation": answer.token,
        "ended": screen.ended,
        "locale": screen.locale,
        "node": screen.node,
        "messages": [{"text": text, "audio": None} for text in screen.texts],
        "choices": [{"id": f"{screen.step}:{c.id}", "label": c.face} for c in screen.choices],
        "actions": [action.id for action in screen.actions],
    }
