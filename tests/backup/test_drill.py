"""R77: a system is lost and put back; nothing removed comes back, and nothing of her words."""

import asyncio
import time
from dataclasses import replace
from pathlib import Path

import pytest
import structlog
from sqlalchemy import select

from app.settings import SettingsFaulty
from app.wiring import Data
from handlers import casework, partners, staff
from handlers.case_taking_out import take_out_on_her_word
from handlers.casework import HerWord
from handlers.consent_voice import withdraw_on_her_word
from handlers.desk import Desk
from handlers.notices import Kind
from privacy.removals import RemovalList
from privacy.sealing import load
from referrals.items import Item
from referrals.roles import Role
from referrals.states import FINAL, Act, State
from storage import accounts, notices, referrals
from storage.rows import consents
from tests.backup.place import Place, everything, tables_in
from tests.casework.scene import FORM, Scene
from tests.doubles import FakeChannel
from tests.handlers.people import Person
from tests.proving import Proof, on_one
from tests.safety.canary import Scanner

WORDS = "he hits me, I am kanaryabird"
SCANNER = Scanner(words=("kanarya", "47391826"))


async def test_R77_a_lost_system_is_put_back_and_nothing_removed_comes_back(
    place: Place, desk: Desk, scene: Scene, proof: Proof
) -> None:
    number = proof.count(100, quick=3)
    stays = [await scene.sent() for _ in range(number)]
    goes = [await scene.sent() for _ in range(number)]
    await _talks(desk)
    path = await place.back_up()
    place.clock.forward(minutes=4)
    for view in goes:
        await withdraw_on_her_word(desk, scene.caseworker, view.id)
    leaver, raided = scene.who("Supervisor"), "demo-kite"
    boss = scene.who("Coordinator 1", "")
    await staff.off_board(desk, boss.id, leaver.id)
    await partners.suspend(desk, boss.id, raided)
    place.clock.forward(minutes=1)
    began = time.monotonic()
    finished = await place.put_back(path)
    async with place.serving() as back:
        seconds = time.monotonic() - began
        found = [await _row(back, view.id) for view in (*stays, *goes)]
        async with back.store.turn() as turn:
            gone = await accounts.read(turn, leaver.id)
        partner = await partners.look(back, boss.id, raided)
        shown = await casework.look(back, scene.caseworker, stays[0].id)
    rows = [row for row in found if row is not None]
    plain = place.opened(path)
    talks = (await everything(place.settings.database()))["conversations"]
    hits = SCANNER.found_in(plain)
    hits += await asyncio.to_thread(_hits_in_rows, await everything(place.other))

    assert SCANNER.found_in(plain + WORDS.encode())
    assert len(talks) == 1, "she was there when it was made"
    assert "conversations" not in tables_in(plain)
    assert [State(row.state) for row in rows[:number]] == [State.SENT] * number
    assert {State(row.state) for row in rows[number:]} <= FINAL
    assert not any(row.parts or row.key for row in rows[number:])
    assert gone is not None
    assert gone.state == "removed"
    assert partner is not None
    assert partner.suspended
    assert shown is not None
    assert shown.form == FORM
    assert (finished.referrals, finished.accounts, finished.organisations) == (number, 1, 1)
    assert (finished.lost_referrals, finished.locked_accounts) == (0, 0)
    assert hits == []
    assert seconds < 3_600
    proof.figure(f"0 of {number + 2} removed things back, service back after {seconds:.0f} s")
    proof.figure("5 minutes lost, of whatever was not removed in them")


@on_one("postgresql")
async def test_R77_it_opens_no_port_before_the_removals_are_replayed(
    place: Place, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = await place.back_up()

    async def killed(*_: object) -> None:
        raise ConnectionResetError

    with monkeypatch.context() as broken:
        broken.setattr("app.restore.finish", killed)
        with pytest.raises(ConnectionResetError):
            await place.put_back(path)
    with pytest.raises(SettingsFaulty, match="not finished"):
        async with place.serving():
            pass
    await place.put_back(path)

    async with place.serving() as back:
        assert await _row(back, (await scene.sent()).id) is None


@on_one("sqlite")
async def test_a_full_disk_does_not_keep_her_from_stopping_it(
    place: Place, desk: Desk, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = await scene.sent()
    path = await place.back_up()

    def full(*_: object) -> None:
        raise OSError(28, "")

    with structlog.testing.capture_logs() as logged, monkeypatch.context() as broken:
        broken.setattr(RemovalList, "note", full)
        refused = await withdraw_on_her_word(desk, scene.caseworker, sent.id)
    finished = await place.put_back(path)
    async with place.serving() as back:
        row = await _row(back, sent.id)

    assert refused is None
    assert {"event": "removal_not_listed", "kind": "OSError", "log_level": "error"} in logged
    assert finished.lost_referrals == 1, "its keys are destroyed, so it does not come back open"
    assert row is not None
    assert row.parts == b""


@on_one("postgresql")
async def test_after_a_total_loss_open_referrals_are_to_be_sent_again(
    place: Place, desk: Desk, scene: Scene, tmp_path: Path
) -> None:
    sent, draft = await scene.sent(), await scene.draft()
    path = await place.back_up()
    ended = await scene.sent()
    await withdraw_on_her_word(desk, scene.caseworker, ended.id)
    there = place.elsewhere(tmp_path / "there")
    finished = await place.put_back(path, there, lists=(place.carried(tmp_path / "carried"),))
    caseworker = replace(scene.caseworker, roles=scene.caseworker.roles | {Role.CASEWORKER})
    async with place.serving(there) as back:
        views = [await casework.look(back, caseworker, one.id) for one in (sent, draft)]
        other = await casework.look(back, scene.focal, sent.id)
        code = await staff.setup_code(back)
        async with back.store.turn() as turn:
            told = await staff.accounts_of(turn, back, "demo-mango")
            kept = await accounts.read(turn, caseworker.id)

    assert finished.lost_referrals == 2
    assert finished.locked_accounts > 5
    assert [view and view.lost for view in views] == [True, True]
    assert [view and view.state for view in views] == [State.EXPIRED, State.EXPIRED]
    assert other is None or not other.card
    assert told == ()  # nobody comes in with what a lost key store knew
    assert code is not None, "somebody can begin again"
    assert kept is not None
    assert (kept.state, set(kept.document.roles)) == ("suspended", {Role.CASEWORKER})


@on_one("sqlite")
async def test_a_live_system_comes_back_after_a_total_loss_though_no_language_is_signed_any_more(
    place: Place, scene: Scene, tmp_path: Path
) -> None:
    """Its editions are gone with the keys that had signed them; what was lost is told all the
    same, and nobody comes in before a language is signed again."""
    await scene.sent()
    path = await place.back_up()
    there = place.elsewhere(tmp_path / "there")
    apart = tmp_path / "apart"
    apart.mkdir(mode=0o700)
    there.model_copy(update={"home": apart}).root_key()
    live = there.model_copy(
        update={"mode": "live", "root_key_file": apart / there.root_key_path.name}
    )
    lists = (place.carried(tmp_path / "carried"),)
    place = replace(place, data=Data.read(live=True))
    finished = await place.put_back(path, live, lists=lists)

    assert finished.lost_referrals == 1
    with pytest.raises(SettingsFaulty, match="no language has its safety set signed"):
        async with place.serving(live):
            pass


@on_one("postgresql")
async def test_without_any_list_nothing_that_may_have_been_removed_is_trusted(
    place: Place, desk: Desk, scene: Scene, tmp_path: Path
) -> None:
    sent = await scene.sent()
    path = await place.back_up()
    finished = await place.put_back(path, without_list=True)
    async with place.serving() as back:
        row = await _row(back, sent.id)
        async with back.store.turn() as turn:
            working = await accounts.read_many(turn)

    assert row is not None
    assert State(row.state) in FINAL
    assert working == ()
    assert finished.organisations > 2


@on_one("sqlite")
@pytest.mark.parametrize("minutes", [-8, 4])
async def test_her_items_taken_out_do_not_come_back_and_the_rest_goes_on(
    place: Place, desk: Desk, scene: Scene, minutes: int
) -> None:
    """Taken out so many minutes after the backup, or before it."""
    sent, other, out = await scene.sent(), await scene.sent(), frozenset({Item.AGE, Item.GENDER})
    late = minutes > 0
    path = await place.back_up() if late else Path()
    place.clock.forward(minutes=minutes if late else 1)
    assert await take_out_on_her_word(desk, scene.caseworker, sent.id, out) is None
    if not late:
        place.clock.forward(minutes=-minutes)
        path = await place.back_up()
    finished = await place.put_back(path)
    async with place.serving() as back:
        row = await _row(back, sent.id)
        seen = await casework.look(back, scene.focal, sent.id)
        untouched = await casework.look(back, scene.focal, other.id)
        own = await casework.look(back, scene.caseworker, sent.id)
        async with back.store.turn() as turn:
            told = await notices.of_account(turn, scene.focal.id, back.now())

    assert row is not None
    assert {name for one in load(row.parts) for name in one.frame.items} == {
        Item.LANGUAGE.value,
        Item.PROVINCE.value,
    }
    assert [one and one.state for one in (seen, untouched, own)] == [State.SENT] * 3
    assert seen is not None
    assert seen.card is not None
    assert not out & set(seen.card.values)
    assert own is not None
    assert own.form is not None
    assert own.form.items == FORM.items - out
    assert (finished.taken_out, finished.referrals, finished.lost_referrals) == (1, 0, 0)
    assert (Kind.TAKEN_OUT in {one.kind for one in told}) is late


@on_one("sqlite")
async def test_where_an_item_cannot_be_taken_out_again_it_ends_and_her_caseworker_is_told(
    place: Place, desk: Desk, scene: Scene
) -> None:
    sent = await scene.sent()
    path = await place.back_up()
    out = frozenset({Item.AGE})
    assert await take_out_on_her_word(desk, scene.caseworker, sent.id, out) is None
    async with desk.store.turn() as turn:
        keys = (await turn.execute(select(consents.c.key))).scalars().all()
    await desk.keystore.destroy(*keys)
    finished = await place.put_back(path)
    async with place.serving() as back:
        row, view = await _row(back, sent.id), await casework.look(back, scene.caseworker, sent.id)
        async with back.store.turn() as turn:
            told = await notices.of_account(turn, scene.caseworker.id, back.now())

    assert row is not None
    assert (row.state, row.parts, row.share) == (State.EXPIRED.value, b"", "")
    assert view is not None
    assert view.lost
    assert [one.kind for one in told] == [Kind.EXPIRED]
    assert (finished.taken_out, finished.lost_referrals) == (0, 1)


@on_one("sqlite")
async def test_her_receipt_stops_a_referral_that_came_back(place: Place, scene: Scene) -> None:
    sent = await scene.sent()
    path = await place.back_up()
    await place.put_back(path)

    async with place.serving() as back:
        async with back.store.turn() as turn:
            receipts = await referrals.receipts(turn, sent.id)
            await casework.her_act(turn, back, sent.id, Act.WITHDRAW, HerWord())
        row = await _row(back, sent.id)

    assert receipts
    assert row is not None
    assert row.state == State.WITHDRAWN.value


async def _talks(desk: Desk) -> None:
    """Somebody is in the middle of a talk."""
    channel = FakeChannel()
    heard_by = replace(desk, channels={channel.name: channel})
    woman = Person(heard_by, channel, chat="4739182611")
    await woman.starts()
    await woman.taps("English")
    await woman.says(WORDS)


def _hits_in_rows(rows: dict[str, list[tuple[object, ...]]]) -> list[str]:
    return SCANNER.found_in(repr(rows).encode()) + [
        hit
        for some in rows.values()
        for row in some
        for value in row
        if isinstance(value, bytes)
        for hit in SCANNER.found_in(value)
    ]


async def _row(desk: Desk, referral_id: str) -> referrals.Row | None:
    async with desk.store.turn() as turn:
        return await referrals.read(turn, referral_id)
