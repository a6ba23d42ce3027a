"""What the list of removals says of a partner: that it stands again only when that was kept."""

import pytest
from sqlalchemy import event

from handlers import partner_raids, partners
from handlers.desk import Desk
from privacy.removals import read
from tests.doubles import FakeClock
from tests.partners.network import Vetters, ready_partner, vetters

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def removed(desk: Desk) -> int:
    """How many partners a backup may not bring back."""
    assert desk.removals is not None
    return len(read([desk.removals.folder]).removed)


async def approved(desk: Desk, clock: FakeClock, by: Vetters) -> None:
    for one in (by.first, by.second):
        clock.forward(seconds=1)
        await partners.approve(desk, one, "one")


async def lifted(desk: Desk, clock: FakeClock, by: Vetters, raid_id: str) -> None:
    for one in (by.first, by.second):
        clock.forward(seconds=1)
        await partner_raids.lift(desk, one, raid_id)


async def test_a_yes_that_is_not_kept_lets_no_suspended_partner_come_back(
    desk: Desk, clock: FakeClock
) -> None:
    by = await vetters(desk)
    await ready_partner(desk, by, "one")
    await partners.suspend(desk, by.first, "one")
    clock.forward(seconds=1)
    await partners.approve(desk, by.first, "one")
    clock.forward(seconds=1)

    def lost(_: object) -> None:
        raise ConnectionResetError

    event.listen(desk.store.engine.sync_engine, "commit", lost)
    with pytest.raises(ConnectionResetError):
        await partners.approve(desk, by.second, "one")
    event.remove(desk.store.engine.sync_engine, "commit", lost)
    failed = removed(desk)
    clock.forward(seconds=1)
    await partners.approve(desk, by.second, "one")

    assert (failed, removed(desk)) == (1, 0)


@pytest.mark.parametrize("first", ["raid", "suspension"])
async def test_it_stands_again_when_the_last_of_a_raid_and_a_suspension_is_over(
    desk: Desk, clock: FakeClock, first: str
) -> None:
    by = await vetters(desk)
    await ready_partner(desk, by, "one")
    await partners.suspend(desk, by.first, "one")
    raid = await partner_raids.raid_partner(desk, by.first, "one")
    found = []
    for ends in sorted(("raid", "suspension"), reverse=first == "suspension"):
        if ends == "raid":
            await lifted(desk, clock, by, raid.id)
        else:
            await approved(desk, clock, by)
        found.append(removed(desk))

    assert found == [1, 0]


async def test_it_stands_again_with_the_last_of_two_raids(desk: Desk, clock: FakeClock) -> None:
    by = await vetters(desk)
    await ready_partner(desk, by, "one")
    raids = [await partner_raids.raid_partner(desk, by.first, "one") for _ in range(2)]
    found = [removed(desk)]
    for raid in raids:
        await lifted(desk, clock, by, raid.id)
        found.append(removed(desk))

    assert found == [1, 1, 0]
