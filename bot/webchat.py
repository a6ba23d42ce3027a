"""The built-in web chat: a whole page for each answer, or JSON for the same conversation."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from handlers.desk import Desk
from handlers.messages import (
    MAX_TYPED,
    Abilities,
    Address,
    Choice,
    Command,
    Incoming,
    Outgoing,
    Pressed,
    Said,
    Sent,
    Text,
)
from handlers.messages import Attachment as Shared
from handlers.receive import receive
from translations.locales import LOCALES

NAME = "web"
ABILITIES = Abilities(text=4_000, label=64, rows=40, edits=True, answers=True, private=True)
MAX_BODY = 32_768  # bytes (interfaces.md 3)
TOKEN_BYTES = 32
WEB = Path(__file__).parent / "web"
AWAY = "/away"  # the neutral page an exit ends on


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


class Said_(BaseModel):
    """Placeholder."""


class PlaceIn(BaseModel):
    """A position she chose to share: it is refused like any live location."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    lat: float = Field(ge=-90, le=90)
    lon: float = Field(ge=-180, le=180)


class Post(BaseModel):
    """The body of POST /chat; all null starts a conversation."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    conversation: str | None = Field(default=None, max_length=64, pattern=r"^[\w-]{43}$")
    choice: str | None = Field(default=None, max_length=80)
    text: str | None = Field(default=None, max_length=8_000)
    place: PlaceIn | None = None
    action: Command | None = None
