"""She tells her own number to a member of staff she never met: stopped, or nothing is said."""

import asyncio
from dataclasses import replace

import pytest
from myanmar import converter

from handlers import casework, consent, stop_by_receipt, tries
from handlers.case_values import Asking as How
from handlers.case_values import View
from handlers.consent import Receipt
from handlers.desk import Desk
from handlers.staff_values import Account
from handlers.stop_by_receipt import Heard
from privacy.pictures import NAMES
from privacy.receipt import Code, as_number, as_pictures, as_words, new_code
from referrals.outcomes import Refused
from referrals.roles import Role
from referrals.states import Act, State
from storage.referrals import read
from storage.rows import audit
from tests.casework.scene import Scene
from tests.consent_chat.asking import TO_YES, Asking, rows, types
from tests.doubles import FakeClock
from tests.handlers.people import Person
from translations.locales import LOCALES

pytestmark = pytest.mark.xdist_group("consent_chat")

MEETS_WOMEN = (
    *(Role.CASEWORKER, Role.FOCAL_POINT, Role.SUPERVISOR),
    *(Role.CHILD_FOCAL_POINT, Role.TRAFFICKING_FOCAL_POINT),
)
NEVER = sorted(set(Role) - {*MEETS_WOMEN, Role.SURVIVOR, Role.TIMER}, key=lambda one: one.value)
FORMS = (
    "grouped",
    "unbroken",
    "pictures",
    "zawgyi words",
    *(f"{locale} {form}" for locale in sorted(LOCALES) for form in ("digits", "words")),
)


async def stops(desk: Desk, who: Account, typed: str) -> Heard:
    return await stop_by_receipt.stop_by_receipt(desk, who, typed)


def stranger(scene: Scene) -> Account:
    """A caseworker of a house that has nothing to do with it."""
    return replace(scene.who("Focal point", "demo-kite"), roles=frozenset({Role.CASEWORKER}))


async def begun(scene: Scene) -> tuple[View, Receipt]:
    """A referral that is not sent, and a receipt that stands for it."""
    view, given = await scene.draft(), await consent.new_receipt(scene.desk)
    async with scene.desk.store.turn() as turn:
        await consent.keep_receipt(turn, scene.desk, view.id, given)
    return view, given


def written(desk: Desk, code: Code, form: str) -> str:
    """A code as she may have it."""
    locale, _, kind = form.partition(" ")
    say = desk.translator
    match form, kind:
        case "grouped", _:
            return as_number(code)
        case "unbroken", _:
            return code.dump()
        case "pictures", _:
            return as_pictures(code)
        case "zawgyi words", _:
            return str(converter.convert(written(desk, code, "my words"), "unicode", "zawgyi"))
        case _, "digits":
            return LOCALES[locale].with_digits(as_number(code))
        case _:
            words = [say.phrase(locale, f"picture.{one}") for one in NAMES]
            return as_words(code, words)


async def told_of(desk: Desk, who: Account) -> list[tuple[str, str, str]]:
    """What stands in the chain of this person: the act, its result, the reason."""
    chain = await rows(desk, audit)
    return [(one["what"], one["result"], one["reason"]) for one in chain if one["by"] == who.id]


@pytest.mark.parametrize("form", FORMS)
async def test_her_number_is_read_in_every_form_she_has(
    scene: Scene, asking: Asking, form: str
) -> None:
    view, given = await begun(scene)
    heard = await stops(scene.desk, stranger(scene), written(scene.desk, given.code, form))

    assert heard is Heard.STOPPED
    assert await asking.state(view) is State.WITHDRAWN


@pytest.mark.parametrize("role", MEETS_WOMEN)
async def test_whoever_meets_women_may_be_told(scene: Scene, asking: Asking, role: Role) -> None:
    view, given = await begun(scene)
    who = replace(stranger(scene), roles=frozenset({role}))

    assert await stops(scene.desk, who, as_number(given.code)) is Heard.STOPPED
    assert await asking.state(view) is State.WITHDRAWN


@pytest.mark.parametrize("role", NEVER)
async def test_nobody_else_may(scene: Scene, asking: Asking, role: Role) -> None:
    view, given = await begun(scene)
    who = replace(scene.who("Coordinator 1", ""), roles=frozenset({role}))

    assert await stops(scene.desk, who, as_number(given.code)) is Heard.NOTHING
    assert await asking.state(view) is State.DRAFT


@pytest.mark.parametrize("state", ["suspended", "removed", "invited"])
async def test_whose_account_does_not_work_stops_nothing(
    scene: Scene, asking: Asking, state: str
) -> None:
    view, given = await begun(scene)
    who = replace(stranger(scene), state=state)  # type: ignore[arg-type]

    assert await stops(scene.desk, who, as_number(given.code)) is Heard.NOTHING
    assert await asking.state(view) is State.DRAFT


async def test_the_receiver_is_shut_out_at_once_and_both_sides_are_told(
    asking: Asking, her: Person, scene: Scene
) -> None:
    view, number = await asking.yes(her)
    view = await asking.send(view)
    view = await scene.does(scene.focal, view, Act.ACKNOWLEDGE)
    await scene.does(scene.focal, view, Act.ACCEPT)
    async with scene.desk.store.turn() as turn:
        row = await read(turn, view.id)
    assert row is not None
    before = await casework.content(scene.desk, scene.focal, view.id)
    heard = await stops(scene.desk, stranger(scene), number)
    after = await casework.content(scene.desk, scene.focal, view.id)
    theirs = [kind for _, kind in await scene.told(scene.focal)]
    ours = [kind for _, kind in await scene.told(scene.caseworker)]

    assert isinstance(before, casework.Content)
    assert heard is Heard.STOPPED
    assert isinstance(after, Refused)
    assert await scene.desk.keystore.get(row.share) is None
    assert await scene.desk.keystore.get(row.key) is None
    assert sorted(theirs[-2:]) == ["deletion", "withdrawn"]
    assert ours[-1] == "withdrawn"
    assert await scene.told(stranger(scene)) == []


async def test_the_act_stands_in_the_chain_by_who_typed_and_who_typed_still_sees_nothing(
    asking: Asking, her: Person, scene: Scene
) -> None:
    view, number = await asking.yes(her)
    await asking.send(view)
    who = stranger(scene)
    await stops(scene.desk, who, number)

    assert await told_of(scene.desk, who) == [("referral.withdraw", "done", "")]
    assert await casework.look(scene.desk, who, view.id) is None
    assert await casework.listed(scene.desk, who) == ()


async def test_every_number_that_opens_nothing_is_answered_alike_and_written_down_without_it(
    asking: Asking, her: Person, scene: Scene, clock: FakeClock
) -> None:
    """Wrong, used, of an older yes, ended, too old, a caseworker's code, and no code at all."""
    desk, who = scene.desk, stranger(scene)
    used = (await begun(scene))[1]
    await stops(desk, who, as_number(used.code))
    closed, ended = await begun(scene)
    await scene.does(scene.caseworker, closed, Act.CANCEL)
    view, older = await asking.yes(her)
    clock.forward(hours=73)
    view = await scene.asked(view, How.REMOTE)
    await types(her, view.consent_code)
    await her.taps(*TO_YES)
    clock.forward(seconds=tries.WINDOW + 1)
    _, code = await asking.code()
    useless = {
        "wrong": as_number(new_code()),
        "used": as_number(used.code),
        "ended": as_number(ended.code),
        "older": older,
        "of a caseworker": code,
        "no code": "she does not know it",
        "empty": "",
    }
    heard = {}
    for name, typed in useless.items():
        heard[name] = await stops(desk, who, typed)
        clock.forward(seconds=tries.WINDOW + 1)

    assert set(heard.values()) == {Heard.NOTHING}
    tried = [one for one in await told_of(desk, who) if one[0] == "referral.stop_by_receipt"]
    assert tried == [("referral.stop_by_receipt", "refused", "missing")] * len(useless)
    chain = str(await rows(desk, audit))
    assert not [one for one in useless.values() if one and one in chain]


async def test_her_chat_and_her_word_stop_the_same(
    asking: Asking, her: Person, friend: Person, scene: Scene
) -> None:
    """Once either has stopped it, the other opens nothing more."""
    view, number = await asking.yes(her)
    heard = await stops(scene.desk, stranger(scene), number)
    await types(friend, number)

    assert heard is Heard.STOPPED
    assert await asking.state(view) is State.WITHDRAWN
    assert friend.now.node == "co.over"


async def test_who_guesses_is_held_back_and_others_are_not(
    scene: Scene, asking: Asking, clock: FakeClock
) -> None:
    desk, who = scene.desk, stranger(scene)
    view, given = await begun(scene)
    number = as_number(given.code)
    guesses = [await stops(desk, who, as_number(new_code())) for _ in range(tries.EACH)]
    held = await stops(desk, who, number)
    left = await asking.state(view)
    other = await stops(desk, scene.who("Supervisor", "demo-kite"), as_number(new_code()))
    clock.forward(seconds=tries.WINDOW + 1)
    later = await stops(desk, who, number)

    assert set(guesses) == {Heard.NOTHING}
    assert (held, left) == (Heard.WAIT, State.DRAFT)
    assert other is Heard.NOTHING
    assert later is Heard.STOPPED
    assert ("referral.stop_by_receipt", "refused", "wait") in await told_of(desk, who)


async def test_what_is_right_or_no_code_is_not_counted(scene: Scene) -> None:
    desk, who = scene.desk, stranger(scene)
    for _ in range(tries.EACH + 1):
        await stops(desk, who, "rice, rice")
    heard = []
    for _ in range(tries.EACH + 1):
        _, given = await begun(scene)
        heard.append(await stops(desk, who, as_number(given.code)))

    assert set(heard) == {Heard.STOPPED}


async def test_a_flood_of_tries_in_chats_holds_no_caseworker_back(scene: Scene) -> None:
    _, given = await begun(scene)
    for number in range(tries.ALL):
        scene.desk.tries.take(f"chat{number}", scene.desk.now())

    assert not scene.desk.tries.take("one more", scene.desk.now())
    heard = await stops(scene.desk, stranger(scene), as_number(given.code))
    assert heard is Heard.STOPPED


async def test_the_coordinators_hear_once_that_somebody_guesses(scene: Scene) -> None:
    desk, who = scene.desk, stranger(scene)
    told = []
    for _ in range(tries.EACH + 2):
        await stops(desk, who, as_number(new_code()))
        found = await scene.told(scene.who("Coordinator 1", ""))
        told.append([kind for _, kind in found].count("unusual"))

    assert told == [*[0] * (tries.EACH - 1), 1, 1, 1]


async def test_of_two_who_type_it_at_once_one_stops_it(scene: Scene, asking: Asking) -> None:
    view, given = await begun(scene)
    both = (stranger(scene), scene.who("Supervisor", "demo-star"))
    heard = await asyncio.gather(*(stops(scene.desk, who, as_number(given.code)) for who in both))

    assert sorted(one.value for one in heard) == ["nothing", "stopped"]
    assert await asking.state(view) is State.WITHDRAWN
