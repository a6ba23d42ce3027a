"""What a messenger's door is to the rest: how it is opened, proven, read, set up and looked at."""

import secrets
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from handlers.messages import Abilities, Address, Channel, Command, Incoming


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Knock:
    """One request at a hook, as it came: headers in lower case, the raw body, nothing parsed."""

    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a messenger shows about the bot before anybody writes; all of it neutral (R34)."""

    name: str
    about: str
    commands: Mapping[Command, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What the platform says about our door: the address it calls, and what people see there.

    `hook` is "" where it calls nobody, None where the platform does not tell; `link` is where a
    chat with us begins, for posters. Any other field that it does not tell stays "".
    """

    hook: str | None = None
    link: str = ""
    name: str = ""
    about: str = ""
    picture: str = ""


def each(secret: str) -> tuple[bytes, ...]:
    """A secret as it is given: the one in use, and after it those that are accepted as well.

    While a secret is changed, two stand there (docs/operations.md, "Secrets").
    """
    return tuple(one.encode() for one in secret.split())


def fits(given: bytes, known: Iterable[bytes]) -> bool:
    """Whether it is one of these; the time it takes does not tell which, or how nearly."""
    return any([secrets.compare_digest(given, one) for one in known])


@runtime_checkable
class Messenger(Channel, Protocol):
    """A channel whose platform brings what people say. tests/channels/test_contract.py is what
    each must pass; a class that names this one as its base inherits what it does not need."""

    seal: str
    """The header, in lower case, that proves a request."""

    def expected(self, headers: Mapping[str, str]) -> bool:
        """Whether a request with these headers may be the platform's; else it is not even read."""
        return self.seal in headers

    def proven(self, knock: Knock) -> bool:
        """Whether the platform sent this, compared in constant time, before anything is parsed."""

    def read(self, body: bytes) -> Iterable[Incoming]:
        """What people did, without any name or picture; nothing for what we do not handle or
        cannot read. Never raises."""

    def answer(self, body: bytes) -> bytes:
        """What the platform wants as the body of our 200 to this; most want nothing."""
        return b""

    def greeted(self, query: Mapping[str, str]) -> str | None:
        """The answer to a platform that asks by GET whether the hook is ours; None: 404."""
        return None

    def polled(self, failed: Callable[[int], None]) -> AsyncGenerator[Iterable[Incoming]] | None:
        """What people did, asked for, where the platform cannot call us; None: it must call.

        `failed` is told how many times in a row the platform was out of reach, and 0 when it has
        answered (again).
        """
        return None

    async def unheard(self) -> Iterable[Incoming]:
        """What waits to be asked for, the oldest first, as far as the platform shows it without
        taking it as heard. Raises ChannelError."""
        return ()

    async def forget(self, address: Address, message_ids: Sequence[str]) -> tuple[str, ...]:
        """Most platforms let a bot delete nothing."""
        return ()

    async def receipt(self, callback_id: str) -> None:
        """On most platforms no button waits."""

    async def register(self, hook: str) -> None:
        """Have the platform call `hook`. Raises ChannelError."""

    async def introduce(self, profiles: Mapping[str, Profile]) -> None:
        """Set the neutral profile by language code, "" for every other language, as far as the
        platform lets a bot do so. Raises ChannelError."""

    async def look(self) -> Look:
        """Ask the platform what it knows of us. Raises ChannelError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """A messenger we can be reached by: one module of bot/doors, one block of settings.

    The settings of the block begin with the door's name: `needs` and `takes` are what follows it
    (`token` of `VIBER_TOKEN`). All of `needs` given, it is opened; some of them is a mistake.
    `ours`: those of them that we draw ourselves, so that they must be strong (R16).
    `open` is given the block, secrets in clear. Raises ValueError with what to mend, no value.
    """

    name: str
    abilities: Abilities
    needs: tuple[str, ...]
    takes: tuple[str, ...] = field(default=())
    ours: tuple[str, ...] = field(default=())
    open: Callable[[Mapping[str, str]], Messenger]
