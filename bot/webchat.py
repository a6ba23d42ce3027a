"""The built-in web chat: a whole page for each answer, or JSON for the same conversation."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse

from bot.bodies import body_up_to, body_within
from bot.taps import tapped
from bot.webflood import Beginnings, Pace
from bot.webpages import WebPages, farewell, greeting
from bot.webposts import MAX_BODY, Post, Refused, origin_of, read_form, read_json, said_in
from handlers.clearing import leaves
from handlers.desk import Desk
from handlers.emergency_serving import shown, within
from handlers.messages import (
    Abilities,
    Address,
    Choice,
    Incoming,
    Outgoing,
    Pressed,
    Said,
    Sent,
)
from handlers.receive import is_trouble, receive
from handlers.sounds import path_of

NAME = "web"
POSTER = "/p/"  # and a code: how somebody comes who scanned a poster
ABILITIES = Abilities(
    text=4_000, label=64, rows=40, edits=True, answers=True, private=True, poster=POSTER
)
TOKEN_BYTES = 32
COVER = "/phrases"  # the neutral page an exit ends on
LIGHT = "/light"  # the same talk without styles, fonts and scripts, for the plainest phones

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_REPEAT = Choice(0, "")  # fits no screen, so the present one is shown again


class WebChannel:
    """Implements Channel. The answer is the HTTP response, so nothing is ever pushed."""

    name = NAME
    abilities = ABILITIES

    async def show(
        self, address: Address, screen: Outgoing, card: str | None, reply: str | None = None
    ) -> Sent:
        """Nothing to push."""
        return Sent(("",))

    async def neutral(
        self, address: Address, card: str, line: str, reply: str | None = None
    ) -> None:
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


class WebChat:
    """The routes of the web chat."""

    def __init__(self, desk: Desk) -> None:
        """Read the page and its files; no conversation is known here."""
        self._desk = desk
        self._pages = WebPages(desk)
        self._light = WebPages(desk, "light.html")
        self._beginnings = Beginnings(desk)
        self._pace = Pace()
        self._first_step = greeting(desk).step

    def router(self) -> APIRouter:
        """GET and POST / and /light, POST /chat, GET /phrases and GET /static/…"""
        router = APIRouter()
        for path in ("/", LIGHT):
            router.add_api_route(path, self.first, methods=["GET"])
            router.add_api_route(path, self.form, methods=["POST"])
        router.add_api_route("/chat", self.chat, methods=["POST"])
        router.add_api_route(COVER, self.cover, methods=["GET"])
        router.add_api_route("/static/{name:path}", self.file, methods=["GET"])
        return router

    async def first(self, request: Request) -> Response:
        """The first screen, the same for everyone; nothing is kept."""
        return HTMLResponse(self._pages_of(request).first())

    async def form(self, request: Request) -> Response:
        """One answer by form, a whole page back; leaving goes on to the neutral page."""
        pages = self._pages_of(request)
        body, whole = await body_up_to(request, MAX_BODY)
        token, locale = origin_of(body)
        request.state.locale, request.state.token = locale, token
        try:
            post, locale = read_form(body if whole else None)
            locale = locale or pages.language_of(post.choice)
            request.state.locale, request.state.choice = locale, post.choice or ""
            answer = await self._answer(post)
        except Refused as refused:
            return await self._refusal(pages, refused, token, locale)
        if answer.screen.node == self._desk.book.rules.screens["leave"]:
            return Response(status_code=303, headers={"Location": COVER})
        return HTMLResponse(pages.screen(answer.screen, answer.token))

    async def chat(self, request: Request) -> Response:
        """One answer in JSON (interfaces.md 3)."""
        try:
            answer = await self._answer(read_json(await body_within(request, MAX_BODY)))
        except Refused as refused:
            told = {"error": refused.code} | ({"puzzle": refused.puzzle} if refused.puzzle else {})
            return JSONResponse(told, refused.status, refused.headers)
        return JSONResponse(_told(answer))

    async def cover(self, request: Request) -> Response:
        """The neutral page."""
        return HTMLResponse(self._pages.cover(request.headers.get("Accept-Language", "")))

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
                said = [{"text": text} for text in shown(self._desk, None).texts]
                return JSONResponse({"error": "unavailable", "messages": said}, 503)
            case "/" | "/light":
                given = request.state
                token, locale = getattr(given, "token", ""), getattr(given, "locale", "")
                card = shown(self._desk, tapped(getattr(given, "choice", "")), locale)
                return HTMLResponse(self._pages_of(request).trouble(locale, token, card=card), 503)
            case _:
                return Response(status_code=503)

    def _pages_of(self, request: Request) -> WebPages:
        return self._light if request.url.path == LIGHT else self._pages

    async def _refusal(
        self, pages: WebPages, refused: Refused, token: str, locale: str
    ) -> Response:
        """Her present screen again where a conversation is open, else the first one."""
        status, headers = refused.status, refused.headers
        notice = pages.notice(locale, refused.code)
        if refused.code == "fast":
            page = pages.trouble(locale, token, "slow")
        elif refused.code == "busy":
            page = pages.first(notice, refused.puzzle)
        else:
            try:
                answer = await self._going_on(token, _REPEAT)
            except Refused as too_fast:
                return await self._refusal(pages, too_fast, token, locale)
            page = pages.first(notice)
            if answer is not None:
                page = pages.screen(answer.screen, answer.token, notice)
        return HTMLResponse(page, status, headers)

    async def _answer(self, post: Post) -> Answer:
        """Go on with an open conversation; else begin one under a token of our own making.

        A token that is not open any more (or never was) leads to the neutral hello, whatever was
        said with it: the phone may be in other hands by now (decisions 6).
        """
        said, token = said_in(post), post.conversation or ""
        leaving = leaves(self._desk, said)
        try:
            answer = await self._going_on(token, said or _REPEAT)
        except Exception as error:
            if not (leaving and is_trouble(error)):
                raise
            answer = None  # she leaves all the same; what is kept ends by its time
        if answer is not None:
            return answer
        if leaving:
            return Answer(None, farewell(self._desk))
        await self._beginnings.admit(post.proof)
        fresh = secrets.token_urlsafe(TOKEN_BYTES)
        if token:
            return await self._begun(fresh, said or _REPEAT)
        begun = await self._begun(fresh, Pressed("start"))
        if isinstance(said, Choice):
            fits = said.step == self._first_step
            said = Choice(begun.screen.step, said.option) if fits else None
        return await self._begun(fresh, said) if said else begun

    async def _going_on(self, token: str, said: Said) -> Answer | None:
        """The answer in the conversation of this token, None where none is open."""
        if not _TOKEN.fullmatch(token):
            return None
        if not leaves(self._desk, said):  # leaving is never slowed
            self._pace.take(token, self._desk.now())
        incoming = Incoming(address=Address(NAME, token), said=said, going_on=True)
        screen = await within(self._desk, receive(incoming, self._desk))
        return None if screen is None else _answer_of(token, screen)

    async def _begun(self, token: str, said: Said) -> Answer:
        incoming = Incoming(address=Address(NAME, token), said=said)
        screen = await within(self._desk, receive(incoming, self._desk))
        if screen is None:  # only a delivery with a number of its own can come twice
            raise RuntimeError
        return _answer_of(token, screen)


def _answer_of(token: str, screen: Outgoing) -> Answer:
    return Answer(None if screen.ended else token, screen)


def _told(answer: Answer) -> dict[str, object]:
    screen, sound = answer.screen, path_of(answer.screen.audio) or None
    return {
        "conversation": answer.token,
        "ended": screen.ended,
        "locale": screen.locale,
        "node": screen.node,
        "messages": [
            {"text": text, "audio": None if number else sound}  # one sound for all of them
            for number, text in enumerate(screen.texts)
        ],
        "choices": [{"id": f"{screen.step}:{c.id}", "label": c.face} for c in screen.choices],
        "actions": [action.id for action in screen.actions],
    }
