"""Where messengers knock: the sender is proven before anything is parsed."""

import structlog
from fastapi import APIRouter, Request, Response
from starlette.types import Receive, Scope, Send

from bot.bodies import body_within
from bot.door import Knock, Messenger
from handlers.desk import Desk
from handlers.emergency_serving import answer, within
from handlers.floodgate import Floodgate
from handlers.messages import Incoming
from handlers.receive import is_trouble

log = structlog.get_logger("webhooks")

HOOKS = "/hooks/"
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

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """POST of the router, without one."""
        request = Request(scope, receive)
        scope["path_params"] = {"door": scope["path"].removeprefix(HOOKS)}
        await (await self.knocked(request))(scope, receive, send)

    async def knocked(self, request: Request) -> Response:
        """Take what one request brings. What cannot be read is dropped with 200: it would only
        come again.

        Errors of the turn are left to the caller, who answers 503, so that it does come again.
        """
        messenger = self._messengers.get(request.path_params["door"])
        if messenger is None or not messenger.expected(request.headers):
            return Response(status_code=404)
        body = await body_within(request, MAX_UPDATE)
        if not messenger.proven(Knock(headers=request.headers, body=body or b"")):
            return Response(status_code=404)
        if body is None:
            return Response(status_code=200)
        trouble = [await self._take(incoming) for incoming in messenger.read(body)]
        if failed := next((one for one in trouble if one is not None), None):
            raise failed
        return Response(messenger.answer(body), status_code=200)

    async def greeted(self, request: Request) -> Response:
        """A platform's question whether this hook is ours, answered as it wants; else 404."""
        messenger = self._messengers.get(request.path_params["door"])
        words = messenger.greeted(request.query_params) if messenger else None
        if words is None:
            return Response(status_code=404)
        return Response(words, media_type="text/plain")

    async def _take(self, incoming: Incoming) -> Exception | None:
        """The error of a database that is away: it is all brought again, and meanwhile she has
        the emergency card. What fails for another reason would only fail again."""
        desk = self._desk
        try:
            await within(desk, self._gate.take(incoming, desk))
        except Exception as error:
            if is_trouble(error):
                answer(desk, incoming)
                return error
            log.error("turn_failed", kind=type(error).__name__, channel=incoming.address.channel)
        return None
