"""GET /sounds/NAME.ogg: recordings that serve now, for the web chat and platforms that fetch."""

from fastapi import APIRouter, Request, Response

from handlers.desk import Desk
from handlers.sounds import part_of, serving, sound_of


class Sounds:
    """The route. A name is what the sound is made of; it says nothing of who plays it."""

    def __init__(self, desk: Desk) -> None:
        """Serve what this desk's editions have."""
        self._desk = desk

    def router(self) -> APIRouter:
        """GET and HEAD; nothing of it stays in a browser (Cache-Control: no-store, app/public)."""
        router = APIRouter()
        router.add_api_route("/sounds/{name}.ogg", self.sound, methods=["GET", "HEAD"])
        return router

    async def sound(self, request: Request, name: str) -> Response:
        """The sound, or the part of it that a player asks for; 404 for what does not serve."""
        audio = serving(self._desk, name)
        found = await sound_of(self._desk, audio) if audio else None
        if found is None:
            return Response(status_code=404)
        part = part_of(found.content, request.headers.get("range", ""))
        return Response(part.content, part.status, part.headers)
