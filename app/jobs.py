"""The clockwork of one process: deliver, sweep, and ask Telegram where no webhook is set."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

import structlog

from app.settings import Settings
from bot.polling import poll, register_webhook
from bot.telegram import TelegramChannel
from bot.telegram_updates import read
from handlers.deliver import deliver_forever
from handlers.desk import Desk
from handlers.messages import ChannelError
from handlers.receive import receive
from handlers.sweep import sweep_forever

log = structlog.get_logger("jobs")

TRY_AGAIN = 30.0  # seconds until a messenger that is out of reach is tried again


@asynccontextmanager
async def running(desk: Desk, settings: Settings) -> AsyncIterator[None]:
    """Run every job until the block ends."""
    jobs: list[Coroutine[Any, Any, None]] = [deliver_forever(desk), sweep_forever(desk)]
    telegram = desk.channels.get("telegram")
    if isinstance(telegram, TelegramChannel):
        jobs.append(_telegram(desk, settings, telegram))
    tasks = [asyncio.create_task(job) for job in jobs]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task


async def _telegram(desk: Desk, settings: Settings, channel: TelegramChannel) -> None:
    """By webhook where the outside can reach us, else by polling. Out of reach delays nothing."""
    if settings.public_url and settings.telegram_secret:
        await _webhook(settings, channel)
        return
    async for update in poll(channel, failed=_failed):
        incoming = read(update)
        if incoming is not None:
            try:
                await receive(incoming, desk)
            except Exception as error:  # one bad turn must not stop the others
                log.error("turn_failed", kind=type(error).__name__, channel="telegram")


async def _webhook(settings: Settings, channel: TelegramChannel) -> None:
    if not settings.public_url or not settings.telegram_secret:
        return
    url = f"{str(settings.public_url).rstrip('/')}/hooks/telegram"
    times = 0
    while True:
        try:
            await register_webhook(channel, url, settings.telegram_secret.get_secret_value())
        except ChannelError:
            times += 1
            _failed(times)
            await asyncio.sleep(TRY_AGAIN)
        else:
            log.info("channel_ready", channel="telegram")
            return


def _failed(times: int) -> None:
    log.warning("channel_unreachable", channel="telegram", times=times)
