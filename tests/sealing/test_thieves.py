"""R25 and R26: each set of stolen things opens exactly what safety.md 2.3 says, then nothing."""

import itertools
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import process_time

import pytest

from app.settings import Settings
from app.wiring import Data, build
from handlers.desk import Desk
from handlers.devices import drop_device
from handlers.key_rotation import retire
from handlers.sealing import Sealed, Typing, add_typed, for_typing, seal_coded
from handlers.staff_values import SignedIn
from privacy.hpke import Pair
from privacy.sealing import Frame, dump, seal_part
from referrals.items import Item
from referrals.padding import padded
from storage import referrals
from storage.referrals import Row
from tests.doubles import FakeChannel, FakeClock
from tests.proving import Proof
from tests.referrals.consent_makers import asked, consent, receiver
from tests.sealing.thief import Copy, Thief, copied, keys_of_store
from tests.sealing.units import Member, draft, organisation, packed

KEYS = ("key of a", "key of b", "device of b", "sheet of b")
DATA = ("database", "log", "backup")
THINGS = (*DATA, "server shares", *KEYS)
pytestmark = pytest.mark.usefixtures("at_once")


@dataclass
class Scene:
    """Organisations a, b and c; referrals a to b and b to c, of which some have ended."""

    desk: Desk
    settings: Settings
    folder: Path
    private: dict[str, bytes] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    sheets: dict[str, tuple[Pair, Pair]] = field(default_factory=dict)
    of: dict[str, tuple[str, str]] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)

    async def founds(self) -> "Scene":
        for name in "abc":
            member, unit, sheets = await organisation(self.desk, f"org-{name}")
            self.members[name], self.private[name], self.sheets[name] = member, unit, sheets
        return self

    async def sends(self, sender: str, to: str) -> str:
        """Sealed as at sending, with a name typed in a browser; its row as casework keeps it."""
        place = await draft(self.desk, f"org-{sender}", f"org-{to}")
        made = consent(
            referral=place.id,
            receiver=receiver(organisation=place.receiver),
            asked=asked(organisation=place.sender),
            items=frozenset({Item.LANGUAGE, Item.NAME}),
        )
        async with self.desk.store.turn() as turn:
            allowed = await for_typing(turn, self.desk, place)
            assert isinstance(allowed, Typing)
            parts = await add_typed(turn, self.desk, place, _typed(place, allowed))
            assert isinstance(parts, bytes)
            place = replace(place, parts=parts)
            sent = await seal_coded(turn, self.desk, place, packed(made))
            assert isinstance(sent, bytes)
            await referrals.keep(turn, self._row(place, sent))
        self.of[place.id] = (sender, to)
        return place.id

    async def ends(self, referral: str) -> None:
        """As withdrawal, expiry and closing do: the share first, then what is in the row."""
        async with self.desk.store.turn() as turn:
            row = await referrals.read(turn, referral)
            assert row is not None
            await self.desk.keystore.destroy(row.share)
            ended = replace(row, state="withdrawn", parts=b"", share="")
            await referrals.keep(turn, ended)
        self.ended.add(referral)

    def theirs(self, name: str, *, ended: bool = False) -> frozenset[str]:
        """Referrals this organisation sends or receives; without the ended ones unless asked."""
        gone = set() if ended else self.ended
        return frozenset(one for one, pair in self.of.items() if name in pair) - gone

    def files(self, *, log: bool = True) -> Copy:
        path = Path(self.settings.database().removeprefix("sqlite:///"))
        return copied(path, self.folder, log=log)

    def shares(self) -> dict[str, bytes]:
        path = Path(self.settings.keystore().removeprefix("sqlite:///"))
        return keys_of_store(path, self.settings.root_key())

    def key(self, thing: str) -> bytes:
        kind, _, name = thing.partition(" of ")
        if kind == "key":
            return self.private[name]
        pair = self.members[name].pair if kind == "device" else self.sheets[name][1]
        return pair.private

    def _row(self, place: Sealed, parts: bytes) -> Row:
        return Row(
            id=place.id,
            sender=place.sender,
            receiver=place.receiver,
            owner="s-somebody",
            state="sent",
            due_at=None,
            document="{}",
            parts=parts,
            share=place.share,
            key="",
            expires_at=self.desk.now() + 3600,
        )


def _typed(place: Sealed, allowed: Typing) -> object:
    to = place.receiver
    frame = Frame(made_by="browser", items=("name",), recipient=to, binding=f"{to}/name")
    content = padded(json.dumps({"item": "name", "value": "Kanarya"}).encode())
    part = seal_part(place.id, frame, allowed.share, allowed.holders, content)
    return json.loads(dump([part]))[0]


@pytest.fixture
async def scene(tmp_path: Path, data: Data, clock: FakeClock) -> AsyncIterator[Scene]:
    """On SQLite, whose files are copied as a thief would."""
    (tmp_path / "copies").mkdir()
    settings = Settings(home=tmp_path)
    async with build(settings, channels={"fake": FakeChannel()}, clock=clock, data=data) as desk:
        yield await Scene(desk, settings, tmp_path / "copies").founds()


@pytest.mark.timeout(3600)
async def test_R25_each_set_of_stolen_things_opens_what_it_may_and_no_more(
    scene: Scene, proof: Proof
) -> None:
    number = proof.count(1_000, quick=8)
    made = [await scene.sends(*pair) for _, pair in zip(range(number), _pairs(), strict=False)]
    backup, backup_shares = scene.files(), scene.shares()
    for referral in made[::4]:
        await scene.ends(referral)
    things = {"database": scene.files(), "log": scene.files(), "backup": backup}
    shares = scene.shares()
    wrong = tried = 0
    for taken in _sets():
        rows = Copy()
        for name in set(taken) & set(DATA):
            rows = rows.with_(things[name])
        thief = Thief(
            rows=rows,
            shares=shares if "server shares" in taken else {},
            keys=frozenset(scene.key(thing) for thing in taken if thing in KEYS),
        )
        tried += 1
        wrong += thief.opens() != _allowed(scene, frozenset(taken))
    written = b"".join(
        file.read_bytes() for file in scene.settings.var.rglob("*") if file.is_file()
    )
    with_old = Thief(rows=backup, shares=backup_shares, keys=frozenset({scene.private["b"]}))

    assert b"Kanarya" not in written
    assert wrong == 0
    assert with_old.opens() == scene.theirs("b", ended=True)
    proof.figure(f"{tried} sets of {len(THINGS)} things, {number:,} referrals: {wrong} wrong")


@pytest.mark.timeout(3600)
async def test_R26_restored_copies_open_nothing_that_ended_also_with_organisations_keys(
    scene: Scene, proof: Proof
) -> None:
    number = proof.count(1_000, quick=12)
    made = [await scene.sends(*pair) for _, pair in zip(range(number), _pairs(), strict=False)]
    copies, then = scene.files(), scene.shares()
    removed = made[: number // 2]
    everything = frozenset(scene.private.values()) | {scene.members[n].pair.private for n in "abc"}
    before = Thief(rows=copies, shares=then, keys=everything).opens()
    for referral in removed:
        await scene.ends(referral)
        copies = copies.with_(scene.files()) if referral in removed[::40] else copies
    copies = copies.with_(scene.files())
    after = Thief(rows=copies, shares=scene.shares(), keys=everything).opens()

    assert before == frozenset(made)
    assert after == frozenset(made) - frozenset(removed)
    opened = len(after & frozenset(removed))
    proof.figure(
        f"{opened} of {len(removed):,} removed referrals opened from copies with all keys"
    )


@pytest.mark.timeout(3600)
async def test_R52_the_device_of_a_removed_person_opens_nothing(
    scene: Scene, proof: Proof
) -> None:
    number = proof.count(1_000, quick=8)
    for _ in range(number):
        await scene.sends("a", "b")
    first = scene.members["b"]
    removed = await Member(scene.desk, replace_account(first, "s-leaves")).enrols()
    await first.lets_in(removed)
    cached = await removed.unit(1)
    async with scene.desk.store.turn() as turn:
        gone = await drop_device(turn, scene.desk, "s-leaves")
    rows = scene.files()
    stranger = Thief(rows=rows, shares=scene.shares()).opens()
    device = Thief(rows=rows, shares=scene.shares(), keys=frozenset({removed.pair.private}))
    unit = Thief(rows=rows, keys=frozenset({cached}))
    [key] = await first.keys()

    assert gone == (removed.id,)
    assert stranger == frozenset()
    assert device.opens() == frozenset()
    assert unit.opens() == frozenset()
    assert key.to_change
    assert removed.holder not in key.holders
    proof.figure(f"0 of {number:,} referrals on an unknown device, on that of a removed person")
    proof.figure("a unit's key cached by that person opens 0 without the server's shares")


@pytest.mark.timeout(3600)
async def test_R56_a_new_key_is_wrapped_everywhere_and_the_old_one_goes(
    scene: Scene, clock: FakeClock, proof: Proof
) -> None:
    number = proof.count(10_000, quick=30)
    made = [await scene.sends("a", "b") for _ in range(number)]
    member, sheets = scene.members["b"], scene.sheets["b"]
    old = scene.private["b"]
    new = await member.makes_unit(sheets)
    early = await retire(scene.desk)
    late = await scene.sends("a", "b")
    partly = Thief(rows=scene.files(), shares=scene.shares(), keys=frozenset({new})).opens()
    began = process_time()
    done = await member.rewraps()
    spent = process_time() - began
    gone = await retire(scene.desk)
    rows, shares = scene.files(), scene.shares()
    with_new = Thief(rows=rows, shares=shares, keys=frozenset({new})).opens()
    with_old = Thief(rows=rows, shares=shares, keys=frozenset({old})).opens()
    by_sheet = [
        Thief(rows=rows, shares=shares, keys=frozenset({one.private})).opens() for one in sheets
    ]
    lost = Thief(rows=rows, shares=shares).opens()

    assert (early, gone) == (0, 1)
    assert partly == frozenset({late})
    assert done == number
    assert with_new == frozenset({*made, late})
    assert with_old == frozenset()
    assert by_sheet == [with_new, with_new]
    assert lost == frozenset()
    assert spent / number * 10_000 < 600
    proof.figure(f"{done:,} referrals wrapped anew in {spent:.1f} s; 0 unreadable, old key gone")
    proof.figure("either custodian's sheet opens all, neither and no device opens none")


async def test_R56_an_old_key_goes_after_30_days_whatever_is_open(
    scene: Scene, clock: FakeClock, proof: Proof
) -> None:
    await scene.sends("a", "b")
    member = scene.members["b"]
    await member.makes_unit(scene.sheets["b"])
    clock.forward(days=29)
    before = await retire(scene.desk)
    clock.forward(days=1)
    after = await retire(scene.desk)

    assert (before, after) == (0, 1)
    assert [key.number for key in await member.keys()] == [2]
    proof.figure("kept on day 29, gone on day 30")


def replace_account(member: Member, who: str) -> SignedIn:
    return replace(member.by, account=replace(member.by.account, id=who))


def _pairs() -> "itertools.cycle[tuple[str, str]]":
    return itertools.cycle((("a", "b"), ("b", "c")))


def _sets() -> list[tuple[str, ...]]:
    return [
        some
        for number in range(len(THINGS) + 1)
        for some in itertools.combinations(THINGS, number)
    ]


def _allowed(scene: Scene, taken: frozenset[str]) -> frozenset[str]:
    """The rule: data, the server's shares and a key together; then that organisation's alone."""
    if not taken & set(DATA) or "server shares" not in taken:
        return frozenset()
    names = {thing.partition(" of ")[2] for thing in taken & set(KEYS)}
    return frozenset().union(*(scene.theirs(name) for name in names))
