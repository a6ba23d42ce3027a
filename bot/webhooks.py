"""Where messengers knock: the sender is proven before anything is parsed."""

import secrets
from collections.abc import Mapping

import orjson
import structlog
from fastapi import APIRouter, Request, Response

from bot import telegram_updates
from bot.bodies import body_within
from handlers.desk import Desk
from handlers.floodgate import Floodgate
from handlers.messages import Incoming
from handlers.receive import is_trouble

log = structlog.get_logger("webhooks")

MAX_UPDATE = 262_144  # bytes; a text message is far below, and we ask for nothing larger
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name (Bot API)


class Webhooks:
    """The routes under /hooks. An answer 200 says: kept, or never to be sent again."""

    def __init__(self, desk: Desk, telegram_secret: str | None) -> None:
        """Without a secret, or without Telegram among the channels, there is no such door."""
        self._desk = desk
        known = telegram_secret if telegram_updates.NAME in desk.channels else None
        self._secret = known.encode() if known else None
        self._gate = Floodgate()

    def router(self) -> APIRouter:
        """POST /hooks/telegram."""
        router = APIRouter()
        router.add_api_route("/hooks/telegram", self.telegram, methods=["POST"])
        return router

    async def telegram(self, request: Request) -> Response:
        """Take one update. What cannot be read is dropped with 200: it would only come again.

        Errors of the turn are left to the caller, who answers 503, so that it does come again.
        """
        if not self._proven(request):
            return Response(status_code=404)
        body = await body_within(request, MAX_UPDATE)
        incoming = None if body is None else _read(body)
        if incoming is not None:
            await self._take(incoming)
        return Response(status_code=200)

    async def _take(self, incoming: Incoming) -> None:
        """What fails for another reason than the database would only fail again."""
        try:
            await self._gate.take(incoming, self._desk)
        except Exception as error:
            if is_trouble(error):
                raise
            log.error("turn_failed", kind=type(error).__name__, channel=incoming.address.channel)

    def _proven(self, request: Request) -> bool:
        given = request.headers.get(SECRET_HEADER, "").encode("latin-1")
        return self._secret is not None and secrets.compare_digest(given, self._secret)


def _read(body: bytes) -> Incoming | None:
    try:
        update = orjson.loads(body)  # refuses deep nesting by itself
    except orjson.JSONDecodeError:
        return None
    return telegram_updates.read(update) if isinstance(update, Mapping) else None
