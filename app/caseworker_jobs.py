"""The jobs of the caseworkers' bot: word that something waits, and its updates without a hook."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from app.listening import heard, keep_taken, reached, until_answered
from app.settings import Settings
from bot.caseworkers import CaseworkersChannel
from bot.caseworkers_turn import Hearing
from bot.caseworkers_updates import read
from bot.door import each
from bot.polling import Source, poll_from
from handlers.desk import Desk
from handlers.floodgate import Floodgate
from handlers.leases import Leases
from handlers.messages import Incoming
from handlers.staff_notices import Sender
from handlers.staff_talks import NAME
from translations.locales import SOURCE

LOOK = 1.0  # seconds between looks at what is to be told

Job = Callable[[], Coroutine[Any, Any, None]]


def caseworkers_jobs(desk: Desk, settings: Settings, leases: Leases) -> tuple[Job, ...]:
    """What runs where there is such a bot; nothing where there is none."""
    channel = desk.channels.get(NAME)
    if not isinstance(channel, CaseworkersChannel):
        return ()
    sender = Sender()  # outlives a failing job: who was told is not told again
    return (
        lambda: tell_forever(desk, sender),
        lambda: _introduced(desk, channel),
        lambda: _listen(desk, settings, leases, channel),
    )


async def tell_forever(desk: Desk, sender: Sender, every: float = LOOK) -> None:
    """Send notices on and on; what fails comes again by itself."""
    while True:
        await sender.send_due(desk)
        await asyncio.sleep(every)


async def _introduced(desk: Desk, channel: CaseworkersChannel) -> None:
    """A neutral name; refused, the bot keeps what it has."""
    title = desk.translator.phrase(SOURCE, "web.title")
    await until_answered(lambda: channel.introduce(title))


async def _listen(
    desk: Desk, settings: Settings, leases: Leases, channel: CaseworkersChannel
) -> None:
    given = settings.caseworker_telegram_secret
    if (hook := settings.caseworkers_hook) and given:
        secret = each(given.get_secret_value())[0].decode()

        async def ask() -> bool:
            await channel.listen_by_webhook(hook, secret)
            return True

        return await keep_taken(NAME, ask, ask)  # it is not looked at: asking again does no harm
    hearing = Hearing(settings.staff_origin)
    return await leases.alone(f"listen/{NAME}", lambda: _ask_on(desk, hearing, channel))


async def _ask_on(desk: Desk, hearing: Hearing, channel: CaseworkersChannel) -> None:
    gate = Floodgate(hear=hearing.hear)
    source = Source(channel.listen_by_polling, channel.updates)
    async for update in poll_from(source, failed=lambda times: reached(NAME, times)):
        incoming = read(update)
        if incoming is not None:
            await _take(desk, gate, incoming)


async def _take(desk: Desk, gate: Floodgate, incoming: Incoming) -> None:
    await heard(desk, NAME, lambda: gate.take(incoming, desk))
