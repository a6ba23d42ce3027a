"""GET /sounds/NAME.ogg and .mp3: recordings that serve now, for players and platforms."""

from fastapi import APIRouter, Request, Response

from handlers.desk import Desk
from handlers.sounds import KINDS, part_of, serving, sound_of


class Sounds:
    """The route. A name is what the sound is made of; it says nothing of who plays it."""

    def __init__(self, desk: Desk) -> None:
        """Serve what this desk's editions have."""
        self._desk = desk

    def router(self) -> APIRouter:
        """GET and HEAD; nothing of it stays in a browser (Cache-Control: no-store, app/public)."""
        router = APIRouter()
        router.add_api_route("/sounds/{name}.{form}", self.sound, methods=["GET", "HEAD"])
        return router

    async def sound(self, request: Request, name: str, form: str) -> Response:
        """The sound, or the part of it that a player asks for; 404 for what does not serve."""
        audio = serving(self._desk, name)
        kind = next((known for known in KINDS if known == form), None)
        found = await sound_of(self._desk, audio, kind) if audio and kind else None
        if found is None or kind is None:
            return Response(status_code=404)
        part = part_of(found.content, request.headers.get("range", ""), kind)
        return Response(part.content, part.status, part.headers)
