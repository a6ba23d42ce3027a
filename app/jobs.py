"""The jobs of one process: deliver, sweep, run the clocks, ask where nobody may call us."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

import structlog

from app.audit_jobs import anchor_forever, check_forever
from app.caseworker_jobs import caseworkers_jobs
from app.door_profiles import profiles
from app.listening import heard, keep_taken, reached, until_answered
from app.settings import Settings
from bot.door import Messenger
from handlers import open_doors
from handlers.checkin_rounds import send_forever
from handlers.clockwork import tick_forever
from handlers.curate import ask_due
from handlers.deliver import deliver_forever
from handlers.desk import Desk
from handlers.edition_publishing import publish_due
from handlers.emergency_serving import answer, within
from handlers.ending import ended
from handlers.floodgate import Floodgate
from handlers.key_rotation import retire
from handlers.leases import Leases
from handlers.messages import ChannelError, Incoming
from handlers.staff import end_idle
from handlers.sweep import sweep_forever

log = structlog.get_logger("jobs")

AGAIN = 5.0  # seconds until a job that failed is begun again
PUBLISH = 20.0  # seconds between looks at which editions are to go live
ASK = 3600.0  # seconds between looks at which focal points must be asked "still right?"
TELL_AGAIN = 30.0  # seconds until somebody who waits may be shown the emergency card again
FINISH = 20.0  # seconds for what is being sent when we are stopped


@asynccontextmanager
async def running(desk: Desk, settings: Settings) -> AsyncIterator[None]:
    """Run every job until the block ends; what is being sent then is finished."""
    stop, leases = asyncio.Event(), Leases(desk)
    sender = asyncio.create_task(kept_alive(lambda: deliver_forever(desk, stop)))
    others = [
        asyncio.create_task(kept_alive(lambda: sweep_forever(desk))),
        asyncio.create_task(kept_alive(lambda: send_forever(desk))),
        asyncio.create_task(kept_alive(lambda: tick_forever(desk))),
        _one_at_a_time(leases, "publish", _publish_what_is_due),
        _one_at_a_time(leases, "ask", _ask_whether_still_right),
        _one_at_a_time(leases, "unused", _end_what_is_unused),
        asyncio.create_task(kept_alive(lambda: anchor_forever(desk, settings.anchor_dir))),
        asyncio.create_task(kept_alive(lambda: check_forever(desk, settings.anchor_dir))),
    ]
    others += [
        asyncio.create_task(kept_alive(job)) for job in caseworkers_jobs(desk, settings, leases)
    ]
    await open_doors.know(desk, open_doors.WEB, settings.public_address)
    for messenger in desk.channels.values():
        if isinstance(messenger, Messenger):
            others += _of_door(desk, settings, leases, messenger)
    try:
        yield
    finally:
        for task in others:
            task.cancel()
        stop.set()
        desk.posted.set()
        with suppress(TimeoutError):
            await asyncio.wait_for(sender, FINISH)
        await ended(others)


def _of_door(
    desk: Desk, settings: Settings, leases: Leases, messenger: Messenger
) -> list[asyncio.Task[None]]:
    return [
        asyncio.create_task(_introduced(desk, messenger)),
        asyncio.create_task(kept_alive(lambda: _listen(desk, settings, leases, messenger))),
    ]


async def _publish_what_is_due(desk: Desk) -> None:
    """Editions go live at the moment two people set for them."""
    while True:
        await publish_due(desk)
        await asyncio.sleep(PUBLISH)


async def _ask_whether_still_right(desk: Desk) -> None:
    """More often than daily does no harm: what is open is not opened again."""
    while True:
        await ask_due(desk)
        await asyncio.sleep(ASK)


async def _end_what_is_unused(desk: Desk) -> None:
    """Accounts that nobody used for a month are suspended, for three removed (R55); and keys of
    organisations that were changed go when nothing open needs them (R56)."""
    while True:
        await end_idle(desk)
        await retire(desk)
        await asyncio.sleep(ASK)


def _one_at_a_time(
    leases: Leases, name: str, job: Callable[[Desk], Coroutine[Any, Any, None]]
) -> asyncio.Task[None]:
    """In one of all processes that do jobs; another takes over when that one ends."""
    desk = leases.desk
    return asyncio.create_task(kept_alive(lambda: leases.alone(name, lambda: job(desk))))


async def kept_alive(job: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """A job that fails is said aloud and begun again; one that ends has ended."""
    while True:
        try:
            return await job()
        except Exception as error:
            log.error("job_failed", kind=type(error).__name__)
            await asyncio.sleep(AGAIN)


async def _listen(desk: Desk, settings: Settings, leases: Leases, messenger: Messenger) -> None:
    """Pushed where the outside can reach us, else asked for, by one process at a time: platforms
    refuse a second one that asks. Out of reach delays nothing. While the database is away whoever
    asks goes on, for the emergency card."""
    if hook := settings.hook(messenger.name):

        async def calls_us() -> bool:
            return (await messenger.look()).hook in (None, hook)  # None: it does not tell

        return await keep_taken(messenger.name, lambda: messenger.register(hook), calls_us)
    name = f"listen/{messenger.name}"
    return await leases.alone(name, lambda: _ask_on(desk, messenger), outlasts=True)


async def _ask_on(desk: Desk, messenger: Messenger) -> None:
    asked = messenger.polled(lambda times: reached(messenger.name, times))
    if asked is None:
        log.warning("channel_needs_address", channel=messenger.name)
        return
    gate = Floodgate()
    async for several in asked:
        for incoming in several:
            await _take(desk, gate, messenger, incoming)


async def _take(desk: Desk, gate: Floodgate, messenger: Messenger, incoming: Incoming) -> None:
    """Take one update; while it cannot be taken she has the emergency card, and so has everybody
    whose update waits behind hers."""
    told, loop = dict[str | None, float](), asyncio.get_running_loop()

    def tell(one: Incoming) -> None:
        """Not at each look: what was sent before a turn went well is forgotten with it."""
        if loop.time() >= told.get(one.event_id, float("-inf")) + TELL_AGAIN:
            told[one.event_id] = loop.time()
            answer(desk, one)

    async def meanwhile() -> None:
        tell(incoming)
        with suppress(ChannelError):
            for one in await messenger.unheard():
                tell(one)

    await heard(desk, messenger.name, lambda: within(desk, gate.take(incoming, desk)), meanwhile)


async def _introduced(desk: Desk, messenger: Messenger) -> None:
    """Give the bot its neutral name and commands, and learn where chats with it begin; neither
    waits for the other. Refused, it keeps those it has."""

    async def named() -> None:
        known = profiles(desk.translator)
        await until_answered(lambda: messenger.introduce(known))

    async def found() -> None:
        await until_answered(learn)

    async def learn() -> None:
        await open_doors.know(desk, messenger.name, (await messenger.look()).link)

    await asyncio.gather(kept_alive(named), kept_alive(found))
