"""She takes items back later: by her receipt in any chat, by word to her caseworker."""

import pytest

from handlers import casework
from handlers.case_taking_out import items_in, take_out_on_her_word
from handlers.case_values import Content
from handlers.desk import Desk
from handlers.notices import Kind
from referrals.items import Item
from referrals.outcomes import Reason, Refused
from referrals.states import Act
from storage.rows import audit
from tests.casework.scene import Scene
from tests.consent_chat.asking import Asking, rows, types, walk_of
from tests.handlers.people import Person

pytestmark = pytest.mark.xdist_group("consent_chat")


async def accepted(asking: Asking, her: Person) -> tuple[str, str]:
    """A referral with the receiver; its id and her receipt."""
    view, number = await asking.yes(her)
    scene = asking.scene
    view = await asking.send(view)
    view = await scene.does(scene.focal, view, Act.ACKNOWLEDGE)
    return (await scene.does(scene.focal, view, Act.ACCEPT)).id, number


async def test_by_her_receipt_from_any_phone(
    asking: Asking, her: Person, friend: Person, desk: Desk
) -> None:
    referral, number = await accepted(asking, her)
    await types(friend, number)
    await friend.taps("Next", "Take something out")
    offered = {button.label for button in friend.now.choices}
    await friend.taps("✅ your age group, not your birthday", "Next")
    told, walk = friend.now, await walk_of(desk, friend)
    content = await casework.content(desk, asking.scene.focal, referral)
    news = await asking.scene.told(asking.scene.focal)
    own = await asking.scene.told(asking.scene.caseworker)

    assert "✅ your age group, not your birthday" in offered
    assert told.node == "co.outs"
    assert "DEMO Boat Shelter" in told.texts[0]
    assert isinstance(content, Content)
    assert "age" not in content.parts[0].frame.items
    assert "gender" in content.parts[0].frame.items
    assert news[-1] == (asking.scene.focal.id, Kind.TAKEN_OUT.value)
    assert own[-1] == (asking.scene.caseworker.id, Kind.TAKEN_OUT.value)
    assert walk is not None
    assert referral.encode() not in walk.dump()


async def test_with_nothing_ticked_she_comes_back_and_nothing_is_gone(
    asking: Asking, her: Person, friend: Person, desk: Desk
) -> None:
    referral, number = await accepted(asking, her)
    await types(friend, number)
    await friend.taps("Next", "Take something out", "Next")
    there = await items_in(desk, asking.scene.caseworker, referral)

    assert friend.now.node == "co.stop"
    assert Item.AGE in there


async def test_her_record_says_which_item_and_when(
    asking: Asking, her: Person, scene: Scene
) -> None:
    view, _ = await asking.yes(her)
    scene.clock.forward(hours=2)
    one = frozenset({Item.AGE})
    done = await take_out_on_her_word(scene.desk, scene.caseworker, view.id, one)
    record = await asking.record(view)
    chain = [(row["by"], row["what"]) for row in await rows(scene.desk, audit)]

    assert done is None
    assert record is not None
    assert record.taken_at == ((Item.AGE, scene.clock()),)
    assert (scene.caseworker.id, "referral.take_out") in chain
    assert Item.AGE not in await items_in(scene.desk, scene.caseworker, view.id)


async def test_what_was_not_sent_yet_goes_without_it(
    asking: Asking, her: Person, scene: Scene
) -> None:
    view, _ = await asking.yes(her)
    await take_out_on_her_word(
        scene.desk, scene.caseworker, view.id, frozenset({Item.AGE, Item.GENDER})
    )
    view = await asking.send(await scene.seen(scene.caseworker, view))
    seen = await scene.seen(scene.focal, view)

    assert seen.card is not None
    assert not {Item.AGE, Item.GENDER} & set(seen.card.values)


@pytest.mark.parametrize("who", ["receiver", "colleague", "another"])
async def test_nobody_else_writes_it_down(
    asking: Asking, her: Person, scene: Scene, who: str
) -> None:
    referral, _ = await accepted(asking, her)
    account = {
        "receiver": scene.focal,
        "colleague": scene.who("Focal point"),
        "another": scene.who("Focal point", "demo-star"),
    }[who]
    refused = await take_out_on_her_word(scene.desk, account, referral, frozenset({Item.AGE}))

    assert refused == Refused(Reason.ROLE)
    assert await items_in(scene.desk, account, referral) == ()


async def test_what_is_out_cannot_be_taken_out_again(
    asking: Asking, her: Person, scene: Scene
) -> None:
    view, _ = await asking.yes(her)
    one = frozenset({Item.AGE})
    await take_out_on_her_word(scene.desk, scene.caseworker, view.id, one)

    assert await take_out_on_her_word(scene.desk, scene.caseworker, view.id, one) == Refused(
        Reason.MISSING
    )
