"""A database in which every page of the staff app has something to show."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product

from handlers import staff
from handlers.desk import Desk
from handlers.drafts import contents
from handlers.staff import Account, Attempt, Halfway, invite, session_of, sign_in
from handlers.staff_passkeys import GRACE, need_of
from handlers.texts import texts_of
from privacy.audit import OPERATOR
from referrals.roles import Role
from storage import counts
from tests.casework.scene import Scene, set_up
from tests.console.people import PASSWORD, hired, signed_in_again
from tests.console_pages.places import Who
from tests.doubles import FakeClock
from tests.editions.signing import prepared, published, unhurried

WEEKS = tuple(f"2026-W{week:02}" for week in range(1, 40))
LOCALE, TREE = "km", "fr"


@dataclass(frozen=True)
class Filled:
    """`desk` with rows for every page; what stands in the gaps of their paths; who looks."""

    desk: Desk
    fills: dict[str, str]
    cookies: Mapping[Who, tuple[str, str]]  # name and value
    accounts: Mapping[Who, Account] = field(default_factory=dict)


async def fill(desk: Desk, clock: FakeClock) -> Filled:
    """Put the rows in. The clock goes on by a week, and stands still from then on."""
    desk = unhurried(desk)
    old = await hired(desk, Role.COORDINATOR, name="Old")
    first = await session_of(desk, old.cookie)
    assert first is not None
    await need_of(desk, first)  # the days of grace begin
    clock.forward(seconds=GRACE.total_seconds() + 60)
    old = await signed_in_again(desk, old)
    half = await sign_in(desk, Attempt(name=old.account, password=PASSWORD, network="there"))
    assert isinstance(half, Halfway)
    await set_up(desk)
    scene = await Scene.of(desk, clock)
    accounts = await _people(desk, scene)
    cookies = {who: ("saphan", await _cookie(desk, one)) for who, one in accounts.items()}
    signed = await session_of(desk, old.cookie)
    assert signed is not None
    await _counted(desk)
    return Filled(
        desk,
        await _fills(desk, scene, accounts[Who.COORDINATOR]),
        cookies | {Who.OLD: ("saphan", old.cookie), Who.HALF: ("saphan-half", half.cookie)},
        accounts | {Who.OLD: signed.account},
    )


async def _people(desk: Desk, scene: Scene) -> dict[Who, Account]:
    async with desk.store.turn() as turn:
        network = await staff.accounts_of(turn, desk, "")
    named = {one.name: one for one in network}
    return {
        Who.COORDINATOR: named["DEMO Coordinator 1"],
        Who.SPECIALIST: named["DEMO Specialist"],
        Who.CASEWORKER: scene.caseworker,
        Who.FOCAL: scene.focal,
    }


async def _cookie(desk: Desk, account: Account) -> str:
    cookie = await staff.redeem_demo(desk, await staff.demo_link(desk, account))
    assert cookie is not None
    return cookie


async def _fills(desk: Desk, scene: Scene, coordinator: Account) -> dict[str, str]:
    await published(desk, "fr.1", "Words of edition two.")
    draft = await prepared(desk, coordinator, [("fr.2", "Kinder words."), ("tk.1", "Thanks.")])
    text = next(one for one in texts_of(await contents(desk, None), None, LOCALE) if one.text)
    return {
        "begun": (await scene.draft()).id,
        "asked": (await scene.asked(await scene.draft())).id,
        "referral": (await scene.sent()).id,
        "code": (await invite(desk, OPERATOR, Role.EDITOR, "")).code,
        "token": "0" * 20,
        "organisation": "demo-mango",
        "person": scene.caseworker.id,
        "place": "TH-63",
        "level": "2",
        **{"audience": "outside", "item": "topics", "country": "all", "period": "2026-Q2"},
        **{"service": "demo-kite-talk", "group": "contact"},
        **{"draft": draft.id, "tree": TREE, "locale": LOCALE, "text": text.id},
    }


async def _counted(desk: Desk) -> None:
    """A year of numbers in two countries."""
    keys: dict[counts.Key, int] = {}
    for week, (country, number) in product(WEEKS, (("KH", 30), ("TH", 20))):
        keys[week, "topic", "sv", country, ""] = number
        keys[week, "topic", "tf", country, ""] = number // 2
        keys[week, "search", "SHE.EMERG", country, ""] = number
        keys[week, "gap", "SHE.EMERG/full", country, ""] = number // 4
    async with desk.store.turn() as turn:
        await counts.add(turn, keys)
