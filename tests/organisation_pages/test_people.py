"""People: invites into organisations that exist, what somebody hands on, two who freeze."""

import re

import pytest
import pytest_asyncio

from handlers import people, staff
from handlers.staff import Account, DemoPerson, StaffRefused, Why, demo_account
from privacy.audit import OPERATOR
from referrals.roles import Role
from tests.accounts.people import told
from tests.organisation_pages.people import Network, text_of

pytestmark = pytest.mark.asyncio(loop_scope="package")

PATH = "/console/people"
_CODE = re.compile(r'class="big">([0-9a-z-]+)<')


@pytest_asyncio.fixture(loop_scope="package")
async def newcomer(network: Network) -> Account:
    """A caseworker nobody else in these tests needs."""
    who = DemoPerson(
        roles=frozenset({Role.CASEWORKER}), organisation="demo-mango", name="A newcomer"
    )
    return await demo_account(network.desk, who)


async def test_an_invitation_needs_an_organisation_that_is_written_down(network: Network) -> None:
    by = await network.coordinator()
    unknown = await by.sends(f"{PATH}/invite", role="caseworker", organisation="o-nowhere")
    made = await by.sends(f"{PATH}/invite", role="caseworker", organisation="demo-kite")
    code = _CODE.findall(made.text)
    invited = await staff.look_at_invite(network.desk, code[0], "here")
    with pytest.raises(StaffRefused) as operator:
        await staff.invite(network.desk, OPERATOR, Role.CASEWORKER, "o-nowhere")

    assert unknown.status_code == 409
    assert operator.value.why is Why.ORGANISATION
    assert (made.status_code, len(code)) == (200, 1)
    assert made.text.count("<svg") == 1
    assert f"/desk/set-up/{code[0]}" in made.text
    assert (invited.organisation, invited.roles) == ("demo-kite", frozenset({Role.CASEWORKER}))


async def test_nobody_is_invited_to_where_a_raid_holds(network: Network) -> None:
    first, second = await network.coordinator(1), await network.coordinator(2)
    await first.sends("/console/raids/partner/demo-drum")
    refused = await first.sends(f"{PATH}/invite", role="caseworker", organisation="demo-drum")
    raid = re.findall(
        r'name="raid" value="(\w+)"', (await first.client.get("/console/raids")).text
    )
    for by in (first, second):
        await by.sends("/console/raids/lift", raid=raid[0])

    assert refused.status_code == 409
    made = await first.sends(f"{PATH}/invite", role="caseworker", organisation="demo-drum")
    assert made.status_code == 200


async def test_a_supervisor_invites_the_own_people_only_and_nobody_makes_a_coordinator(
    network: Network,
) -> None:
    supervisor = await network.member("Supervisor", "demo-kite")
    own = await supervisor.sends(f"{PATH}/invite", role="caseworker", organisation="demo-kite")
    other = await supervisor.sends(f"{PATH}/invite", role="caseworker", organisation="demo-boat")
    editor = await supervisor.sends(f"{PATH}/invite", role="editor")
    by = await network.coordinator()
    another = await by.sends(f"{PATH}/invite", role="coordinator")

    assert (own.status_code, other.status_code) == (200, 409)
    assert (editor.status_code, another.status_code) == (409, 409)


async def test_the_list_says_who_rests_who_was_invited_and_who_was_not_seen(
    network: Network, newcomer: Account
) -> None:
    by = await network.coordinator()
    await by.sends(f"{PATH}/invite", role="caseworker", organisation="demo-mango")
    await by.sends(f"{PATH}/{newcomer.id}/act", act="suspend")
    shown = await by.sees("/console/organisations/demo-mango/people")
    await by.sends(f"{PATH}/{newcomer.id}/act", act="resume")

    assert "Invited, has not come yet" in shown
    assert "A newcomer Caseworker Rests, cannot sign in" in shown
    assert "DEMO Mango House: Supervisor Supervisor Seen on " in shown


async def test_who_leaves_hands_on_every_open_referral_to_named_colleagues(
    network: Network,
) -> None:
    by, leaver = await network.coordinator(), network.scene.caseworker
    view = await network.scene.sent()
    session = await network.comes(leaver)
    before = await by.sees(f"{PATH}/{leaver.id}/leave")
    told = await people.leaving(network.desk, by.account.id, leaver.id)

    assert view.code in before
    assert "DEMO Mango House: Supervisor" in before
    assert told.codes == tuple(sorted(told.codes, key=told.codes.index))
    assert view.code in told.codes
    assert leaver.id not in {one.id for one in told.takes}
    assert (await session.client.get("/desk")).status_code == 200


async def test_leaving_ends_every_browser_in_one_act(network: Network, newcomer: Account) -> None:
    by, session = await network.coordinator(), await network.comes(newcomer)
    before = (await session.client.get("/desk/account")).status_code
    done = await by.sends(f"{PATH}/{newcomer.id}/leave")

    assert before == 200
    assert "Nothing opens for this person any more." in text_of(done)
    assert (await session.client.get("/desk/account")).status_code == 303
    assert await by.sees(f"{PATH}/{newcomer.id}") == "404"


async def test_who_answers_for_an_organisation_is_named_as_such_before_leaving(
    network: Network,
) -> None:
    by = await network.coordinator()
    page = await by.sees(f"{PATH}/{network.scene.focal.id}/leave")

    assert "This person answers for the organisation." in page
    assert "Until then it receives nothing new." in page


async def test_two_colleagues_freeze_and_two_thaw(network: Network, newcomer: Account) -> None:
    first, second = await network.coordinator(1), await network.coordinator(2)
    states = []
    for act in ("freeze", "thaw"):
        for by in (first, first, second):
            await by.sends(f"{PATH}/{newcomer.id}/act", act=act)
            async with network.desk.store.turn() as turn:
                found = await staff.account(turn, network.desk, newcomer.id)
            assert found is not None
            states.append(found.state)

    assert states == ["active", "active", "suspended", "suspended", "suspended", "active"]


async def test_the_second_who_vouches_gets_a_code_and_the_first_does_not(
    network: Network, newcomer: Account
) -> None:
    first, second = await network.coordinator(1), await network.coordinator(2)
    one = await first.sends(f"{PATH}/{newcomer.id}/act", act="vouch")
    page = await second.sees(f"{PATH}/{newcomer.id}")
    other = await second.sends(f"{PATH}/{newcomer.id}/act", act="vouch")

    assert one.status_code == 303
    assert "A colleague has said it. With you it is done." in page
    assert len(_CODE.findall(other.text)) == 1


async def test_a_look_at_who_has_left_is_kept_as_a_day(network: Network) -> None:
    supervisor = await network.member("Supervisor", "demo-boat")
    path = "/console/organisations/demo-boat/people"
    before = await supervisor.sees(path)
    await supervisor.sends(f"{PATH}/looked", organisation="demo-boat")
    elsewhere = await supervisor.sends(f"{PATH}/looked", organisation="demo-star")
    written = (await told(network.desk))[-1]
    async with network.desk.store.turn() as turn:
        other = await people.looked_at(turn, "demo-star")

    assert "Nobody has looked yet." in before
    assert elsewhere.status_code == 404
    assert written[1:] == ("people.review", "refused", "role")
    assert "Somebody looked on " in await supervisor.sees(path)
    assert other is None


async def test_nobody_looks_who_has_left_where_nobody_is_written_down(network: Network) -> None:
    by = await network.coordinator()
    answer = await by.sends(f"{PATH}/looked", organisation="o-nowhere" * 9)
    async with network.desk.store.turn() as turn:
        days = await people.all_looked_at(turn)

    assert answer.status_code == 404
    assert "o-nowhere" * 9 not in days
