"""Telegram's door: what aiogram's client does, proven by the secret header, pushed or polled."""

from collections.abc import AsyncGenerator, Callable, Iterable, Mapping

import orjson

from bot import telegram_updates
from bot.door import Door, Knock, Look, Messenger, Profile, each, fits
from bot.polling import introduce, poll, register_webhook
from bot.telegram import ABILITIES, TelegramChannel
from bot.telegram_calls import ask
from handlers.messages import Incoming

SECRET_HEADER = "x-telegram-bot-api-secret-token"  # noqa: S105 - a header's name (Bot API)


class TelegramDoor(TelegramChannel, Messenger):
    """TelegramChannel with the way in. Without a secret nothing can be pushed to us."""

    seal = SECRET_HEADER

    def __init__(self, token: str, base: str | None = None, secret: str | None = None) -> None:
        """`base` is the root of another Bot API server. Raises ValueError for a bad token."""
        super().__init__(token, base)
        self._secrets = each(secret or "")

    def expected(self, headers: Mapping[str, str]) -> bool:
        """By the header that Telegram sends with every update (Bot API, setWebhook)."""
        given = headers.get(SECRET_HEADER, "").encode("latin-1")
        return fits(given, self._secrets)

    def proven(self, knock: Knock) -> bool:
        """The header alone proves it."""
        return self.expected(knock.headers)

    def read(self, body: bytes) -> Iterable[Incoming]:
        """One update a call."""
        try:
            update = orjson.loads(body)  # refuses deep nesting by itself
        except orjson.JSONDecodeError:
            return ()
        incoming = telegram_updates.read(update) if isinstance(update, Mapping) else None
        return (incoming,) if incoming else ()

    async def polled(self, failed: Callable[[int], None]) -> AsyncGenerator[Iterable[Incoming]]:
        """By long polling; an update is confirmed when the next is asked for."""
        async for update in poll(self, failed=failed):
            incoming = telegram_updates.read(update)
            if incoming is not None:
                yield (incoming,)

    async def unheard(self) -> Iterable[Incoming]:
        """The oldest hundred; asked without an offset Telegram confirms none (Bot API)."""
        found = [telegram_updates.read(update) for update in await self.updates(None, 0)]
        return tuple(incoming for incoming in found if incoming is not None)

    async def register(self, hook: str) -> None:
        """Have updates pushed, with our secret in their header. Raises ChannelError."""
        await register_webhook(self, hook, self._secrets[0].decode() if self._secrets else "")

    async def introduce(self, profiles: Mapping[str, Profile]) -> None:
        """Name, descriptions and commands by language. Raises ChannelError."""
        await introduce(self, profiles)

    async def look(self) -> Look:
        """Where it pushes to, and the name people see. Raises ChannelError."""
        bot = await self.client()
        hook = await ask(bot.get_webhook_info())
        us = await ask(bot.get_me())
        name = await ask(bot.get_my_name())
        about = await ask(bot.get_my_description())
        link = f"https://t.me/{us.username}"
        return Look(hook=hook.url, link=link, name=name.name, about=about.description)


def _opened(block: Mapping[str, str]) -> TelegramDoor:
    try:
        return TelegramDoor(block["token"], block.get("api"), block.get("secret"))
    except ValueError:
        why = "TELEGRAM_TOKEN has not the form digits:letters; copy it from BotFather"
        raise ValueError(why) from None


DOOR = Door(
    name=telegram_updates.NAME,
    abilities=ABILITIES,
    needs=("token",),
    takes=("secret", "api"),
    ours=("secret",),
    open=_opened,
)
