"""Where a poster's web address leads: coming by its code is counted, and nothing more."""

from fastapi import APIRouter, Response

from bot.webchat import POSTER
from bot.webflood import Bucket
from handlers.campaigns import followed
from handlers.desk import Desk
from handlers.poster_codes import code_in

COUNTED = (2.0, 60.0)  # a second, and at once: whoever calls faster is led on and not counted


class Posters:
    """One route, the same answer for every code there is or was."""

    def __init__(self, desk: Desk) -> None:
        """Nobody has come."""
        self._desk = desk
        self._counted = Bucket(*COUNTED)

    def router(self) -> APIRouter:
        """GET /p/CODE."""
        router = APIRouter()
        router.add_api_route(f"{POSTER}{{code}}", self.came, methods=["GET"])
        return router

    async def came(self, code: str) -> Response:
        """On to the first screen, by an address without the code."""
        if (known := code_in(code)) and self._counted.take(self._desk.now()):
            await followed(self._desk, known)
        return Response(status_code=303, headers={"Location": "/"})
