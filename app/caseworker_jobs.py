"""The jobs of the caseworkers' bot: word that something waits, and its updates without a hook."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import structlog

from app.settings import Settings
from bot.caseworkers import CaseworkersChannel
from bot.caseworkers_turn import Hearing
from bot.caseworkers_updates import read
from bot.polling import Source, poll_from
from handlers.desk import Desk
from handlers.floodgate import Floodgate
from handlers.leases import Leases
from handlers.messages import ChannelError, Incoming
from handlers.receive import is_trouble
from handlers.staff_notices import Sender
from handlers.staff_talks import NAME
from translations.locales import SOURCE

log = structlog.get_logger("caseworkers")

LOOK = 1.0  # seconds between looks at what is to be told
TRY_AGAIN = 30.0  # seconds until a messenger that is out of reach is tried again

Job = Callable[[], Coroutine[Any, Any, None]]


def caseworkers_jobs(desk: Desk, settings: Settings, leases: Leases) -> tuple[Job, ...]:
    """What runs where there is such a bot; nothing where there is none."""
    channel = desk.channels.get(NAME)
    if not isinstance(channel, CaseworkersChannel):
        return ()
    return (
        lambda: tell_forever(desk),
        lambda: _introduced(desk, channel),
        lambda: _listen(desk, settings, leases, channel),
    )


async def tell_forever(desk: Desk, every: float = LOOK) -> None:
    """Send notices on and on; what fails comes again by itself."""
    sender = Sender()
    while True:
        await sender.send_due(desk)
        await asyncio.sleep(every)


async def _introduced(desk: Desk, channel: CaseworkersChannel) -> None:
    """A neutral name; refused, the bot keeps what it has."""
    try:
        await channel.introduce(desk.translator.phrase(SOURCE, "web.title"))
    except ChannelError:
        _failed(1)


async def _listen(
    desk: Desk, settings: Settings, leases: Leases, channel: CaseworkersChannel
) -> None:
    secret = settings.caseworker_telegram_secret
    if settings.caseworkers_hook and secret:
        await _hooked(channel, settings.caseworkers_hook, secret.get_secret_value())
        return
    hearing = Hearing(settings.staff_origin)
    await leases.alone(f"listen/{NAME}", lambda: _ask_on(desk, hearing, channel))


async def _ask_on(desk: Desk, hearing: Hearing, channel: CaseworkersChannel) -> None:
    gate = Floodgate(hear=hearing.hear)
    source = Source(channel.listen_by_polling, channel.updates)
    async for update in poll_from(source, failed=_failed):
        incoming = read(update)
        if incoming is not None:
            await _heard(desk, gate, incoming)


async def _hooked(channel: CaseworkersChannel, url: str, secret: str) -> None:
    times = 0
    while True:
        try:
            await channel.listen_by_webhook(url, secret)
        except ChannelError:
            times += 1
            _failed(times)
            await asyncio.sleep(TRY_AGAIN)
        else:
            log.info("channel_ready", channel=NAME)
            return


async def _heard(desk: Desk, gate: Floodgate, incoming: Incoming) -> None:
    """Take one update; while the database is away it waits, unconfirmed, and so do the next."""
    for pause in (0.5, 2, 5, 15, 30, None):
        try:
            await gate.take(incoming, desk)
        except Exception as error:
            log.error("turn_failed", kind=type(error).__name__, channel=NAME)
            if pause is None or not is_trouble(error):
                return
            await asyncio.sleep(pause)
        else:
            return


def _failed(times: int) -> None:
    log.warning("channel_unreachable", channel=NAME, times=times)
