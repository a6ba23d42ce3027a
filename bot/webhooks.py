"""Where messengers knock: the sender is proven before anything is parsed."""

import structlog
from fastapi import APIRouter, Request, Response

from bot.bodies import body_within
from bot.door import Knock, Messenger
from handlers.desk import Desk
from handlers.floodgate import Floodgate
from handlers.messages import Incoming
from handlers.receive import is_trouble

log = structlog.get_logger("webhooks")

MAX_UPDATE = 262_144  # bytes; a text message is far below, and we ask for nothing larger


class Webhooks:
    """The routes under /hooks. An answer 200 says: kept, or never to be sent again."""

    def __init__(self, desk: Desk) -> None:
        """Every messenger among the desk's channels has a hook of its name; nobody else has."""
        self._desk = desk
        self._messengers = {
            name: channel
            for name, channel in desk.channels.items()
            if isinstance(channel, Messenger)
        }
        self._gate = Floodgate()

    def router(self) -> APIRouter:
        """POST /hooks/<door>, and GET for platforms that ask first whether the hook is ours."""
        router = APIRouter()
        router.add_api_route("/hooks/{door}", self.knocked, methods=["POST"])
        router.add_api_route("/hooks/{door}", self.greeted, methods=["GET"])
        return router

    async def knocked(self, request: Request, door: str) -> Response:
        """Take what one request brings. What cannot be read is dropped with 200: it would only
        come again.

        Errors of the turn are left to the caller, who answers 503, so that it does come again.
        """
        messenger = self._messengers.get(door)
        if messenger is None or not messenger.expected(request.headers):
            return Response(status_code=404)
        body = await body_within(request, MAX_UPDATE)
        if not messenger.proven(Knock(headers=request.headers, body=body or b"")):
            return Response(status_code=404)
        if body is None:
            return Response(status_code=200)
        for incoming in messenger.read(body):
            await self._take(incoming)
        return Response(messenger.answer(body), status_code=200)

    async def greeted(self, request: Request, door: str) -> Response:
        """A platform's question whether this hook is ours, answered as it wants; else 404."""
        messenger = self._messengers.get(door)
        words = messenger.greeted(request.query_params) if messenger else None
        if words is None:
            return Response(status_code=404)
        return Response(words, media_type="text/plain")

    async def _take(self, incoming: Incoming) -> None:
        """What fails for another reason than the database would only fail again."""
        try:
            await self._gate.take(incoming, self._desk)
        except Exception as error:
            if is_trouble(error):
                raise
            log.error("turn_failed", kind=type(error).__name__, channel=incoming.address.channel)
