"""Where Telegram knocks for the caseworkers' bot: proven before anything is parsed."""

from collections.abc import Mapping

import orjson
import structlog
from fastapi import APIRouter, Request, Response

from bot.bodies import body_within
from bot.caseworkers_turn import Hearing
from bot.caseworkers_updates import read
from bot.door import each, fits
from bot.doors.telegram import SECRET_HEADER
from bot.webhooks import MAX_UPDATE
from handlers.desk import Desk
from handlers.floodgate import Floodgate
from handlers.messages import Incoming
from handlers.receive import is_trouble
from handlers.staff_talks import NAME

log = structlog.get_logger("caseworkers")

PATH = "/hooks/caseworkers"


class CaseworkersHook:
    """POST /hooks/caseworkers on the staff app, with a secret of its own."""

    def __init__(self, desk: Desk, secret: str | None, origin: str = "") -> None:
        """Without a secret or the channel there is no such door. `origin` is the desk's."""
        self._desk = desk
        known = secret if NAME in desk.channels else None
        self._secrets = each(known or "")
        self._gate = Floodgate(hear=Hearing(origin).hear)

    def router(self) -> APIRouter:
        """The one route."""
        router = APIRouter()
        router.add_api_route(PATH, self.take, methods=["POST"])
        return router

    async def take(self, request: Request) -> Response:
        """Take one update. What cannot be read is dropped with 200: it would only come again."""
        if not self._proven(request):
            return Response(status_code=404)
        body = await body_within(request, MAX_UPDATE)
        incoming = None if body is None else _read(body)
        if incoming is not None:
            await self._hear(incoming)
        return Response(status_code=200)

    async def _hear(self, incoming: Incoming) -> None:
        """What fails for another reason than the database would only fail again."""
        try:
            await self._gate.take(incoming, self._desk)
        except Exception as error:
            if is_trouble(error):
                raise
            log.error("turn_failed", kind=type(error).__name__, channel=NAME)

    def _proven(self, request: Request) -> bool:
        given = request.headers.get(SECRET_HEADER, "").encode("latin-1")
        return fits(given, self._secrets)


def _read(body: bytes) -> Incoming | None:
    try:
        update = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return read(update) if isinstance(update, Mapping) else None
