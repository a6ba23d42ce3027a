"""After a backup was put back without its keys, her caseworker reads that she is to send again."""

import pytest

from handlers.after_restore import finish
from handlers.notices import Kind
from privacy.removals import Told
from storage import referrals
from tests.desk_pages.people import LIST, Network, sent

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_a_referral_that_nothing_opens_any_more_is_to_be_sent_again(
    network: Network,
) -> None:
    desk, referral = network.scene.desk, await sent(network.scene)
    stays = await sent(network.scene)
    async with desk.store.turn() as turn:
        row = await referrals.read(turn, referral)
    assert row is not None
    await desk.keystore.destroy(row.share)
    finished = await finish(desk, Told(), desk.now())
    sender = await network.comes("Caseworker", "demo-mango", scripts=False)
    receiver = await network.comes("Focal point", "demo-kite", scripts=False)
    said = []
    for person in (sender, receiver):
        await person.goes(f"{LIST}/{referral}")
        said.append(await person.says())
    await sender.goes(f"{LIST}/{stays}")

    assert (finished.lost_referrals, finished.locked_accounts) == (1, 0)
    assert "write it again and send it again" in said[0]
    assert "it comes as a new one" in said[1]
    assert "can open this referral" not in await sender.says()
    assert (sender.account.id, Kind.EXPIRED.value) in await network.scene.told()
