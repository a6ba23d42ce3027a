"""How Telegram's updates come to us: asked for by long polling, or pushed to a webhook."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.door import Profile
from bot.telegram import LISTENED, TelegramChannel
from bot.telegram_calls import ask
from handlers.messages import ChannelError, TryLater


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Seconds: how long one poll stays open, and the pauses after failures, doubled each time."""

    poll: int = 50
    first_pause: float = 1
    longest_pause: float = 60


@dataclass(frozen=True, slots=True)
class Source:
    """A bot's updates: how pushing is stopped, and one long poll (offset, seconds).

    Both raise ChannelError.
    """

    release: Callable[[], Awaitable[None]]
    updates: Callable[[int | None, int], Awaitable[list[Any]]]


def poll(
    channel: TelegramChannel,
    pace: Pace | None = None,
    failed: Callable[[int], None] = lambda times: None,
) -> AsyncGenerator[dict[str, object]]:
    """Raw updates of the women's bot, as `poll_from` gives them."""
    source = Source(lambda: delete_webhook(channel), channel.updates)
    return poll_from(source, pace, failed)


async def poll_from(
    source: Source,
    pace: Pace | None = None,
    failed: Callable[[int], None] = lambda times: None,
) -> AsyncGenerator[dict[str, object]]:
    """Give raw updates one by one, for ever; close the generator to stop.

    Nothing waiting is dropped. An update is confirmed to Telegram only after the one who
    reads has come back for the next: what was not kept before a crash comes again. Failures
    are waited out, and `failed` is told how many there were in a row; 0 at the first good answer
    and at the first after failures.
    """
    pace = pace or Pace()
    times, well, released, offset = 0, False, False, None
    while True:
        try:
            if not released:
                await source.release()
                released = True
            seconds = pace.poll if well else 0  # it is said at once that it answers
            updates = _numbered(await source.updates(offset, seconds))
        except ChannelError as trouble:
            times, well = times + 1, False
            failed(times)
            await asyncio.sleep(_pause(trouble, times, pace))
            continue
        if not well:
            failed(0)
        times, well = 0, True
        while updates:  # taken out one by one: what she wrote does not wait here for the next poll
            offset = updates[0][0] + 1
            yield updates.pop(0)[1]


async def register_webhook(channel: TelegramChannel, url: str, secret: str) -> None:
    """Have updates pushed to `url`, `secret` in X-Telegram-Bot-Api-Secret-Token.

    Raises ChannelError.
    """
    bot = await channel.client()
    await ask(bot.set_webhook(url, secret_token=secret, allowed_updates=list(LISTENED)))


async def delete_webhook(channel: TelegramChannel) -> None:
    """Stop the pushing; what waits for delivery is kept. Raises ChannelError."""
    bot = await channel.client()
    await ask(bot.delete_webhook(drop_pending_updates=False))


async def introduce(channel: TelegramChannel, profiles: Mapping[str, Profile]) -> None:
    """Set name, descriptions and commands by language code, "" for every other language.

    Raises ChannelError; Telegram limits how often a name may change and then says TryLater.
    """
    bot = await channel.client()
    for code, profile in profiles.items():
        listed: list[Any] = [
            {"command": command, "description": words}
            for command, words in profile.commands.items()
        ]
        await ask(bot.set_my_name(profile.name, code))
        await ask(bot.set_my_description(profile.about, code))
        await ask(bot.set_my_short_description(profile.about, code))
        await ask(bot.set_my_commands(listed, language_code=code))


def _numbered(updates: list[Any]) -> list[tuple[int, dict[str, object]]]:
    """Updates with their numbers, oldest first; what has none cannot be confirmed or read."""
    found = [
        (update["update_id"], update)
        for update in updates
        if isinstance(update, dict) and type(update.get("update_id")) is int
    ]
    return sorted(found, key=lambda pair: pair[0])


def _pause(trouble: ChannelError, times: int, pace: Pace) -> float:
    doubled = pace.first_pause * 2.0 ** min(times - 1, 16)
    named = trouble.seconds if isinstance(trouble, TryLater) else 0.0
    return max(named, min(doubled, pace.longest_pause))
