"""A unit key for a fictional organisation of the demo, enrolled from a printed link."""

from dataclasses import replace

from handlers.desk import Desk
from handlers.key_list import approved_key, forget, publish, signing_seed
from handlers.unit_keys import LOCK, as_listed
from privacy.hpke import pair_of
from privacy.key_directory import KeyDirectory, approval
from privacy.retention import DAY
from storage import unit_keys
from storage.store import one_at_a_time
from storage.unit_keys import UnitKey

_LASTS = 30 * DAY
_APPROVERS = ("demo-1", "demo-2")


class DemoRefused(Exception):
    """There is no demo in live mode."""


async def demo_unit(desk: Desk, organisation: str) -> bytes:
    """The private key of this organisation, approved; the same one as long as the demo lasts.

    Here alone the server knows a private key of an organisation: it stands in the fragment of a
    printed link, and the browser that opens the link enrols itself with it. Raises DemoRefused.
    """
    if desk.mode != "trial":
        raise DemoRefused
    name = f"demo/{organisation}"
    pair = pair_of(await desk.keystore.make(name, desk.now() + _LASTS))
    marks: tuple[str, ...] = ()
    async with desk.store.turn() as turn:
        await one_at_a_time(turn, LOCK)
        known = await approved_key(turn, desk, organisation)
        if known is None or known.public != pair.public.hex():
            key = await _key(desk, organisation, pair.public.hex())
            for older in await unit_keys.keys_of(turn, organisation):
                await unit_keys.drop_key(turn, older)
            await unit_keys.add_key(turn, key)

            def change(old: KeyDirectory, now: float) -> KeyDirectory:
                return old.with_key(as_listed(key), now)

            marks = await publish(turn, desk, change)
    await forget(desk, marks)
    return pair.private


async def _key(desk: Desk, organisation: str, public: str) -> UnitKey:
    key = UnitKey(
        organisation=organisation,
        number=1,
        public=public,
        state="current",
        made_by=_APPROVERS[0],
        made_at=int(desk.now()),
        holders={},
    )
    seed, listed = await signing_seed(desk), as_listed(key)
    yeses = {who: approval(seed, listed, who) for who in _APPROVERS}
    return replace(key, approvals=yeses)
