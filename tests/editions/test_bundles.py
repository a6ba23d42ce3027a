"""Signed bundles: what is changed, mixed, old or unsigned is refused, the last good one serves."""

import random
import zipfile
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import pytest

from app.settings import Settings
from app.wiring import Data, build
from handlers.desk import Desk
from handlers.edition_serving import refresh, seed
from privacy.archives import packed
from privacy.bundles import (
    MANIFEST,
    BundleRefused,
    bundle,
    opened,
    read_statement,
    signed_statement,
)
from storage import editions as rows
from tests.editions.signing import published, unhurried
from tests.proving import Proof, all_on_one

pytestmark = all_on_one("sqlite")

SEED, OTHER = b"s" * 32, b"o" * 32
FILES = {"trees/sv.yaml": b"tree: sv\n", "phrases.yaml": b"row.leave: Leave\n"}


def test_the_same_files_make_the_same_bytes() -> None:
    assert bundle(SEED, 2, "name", FILES) == bundle(SEED, 2, "name", dict(reversed(FILES.items())))
    assert opened(SEED, 2, bundle(SEED, 2, "name", FILES)) == ("name", FILES)


def _changed(content: bytes, draw: random.Random) -> bytes:
    at = draw.randrange(len(content))
    return content[:at] + bytes([content[at] ^ (1 << draw.randrange(8))]) + content[at + 1 :]


def _mixed(content: bytes, _draw: random.Random) -> bytes:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        manifest = archive.read(MANIFEST)
    return packed({**FILES, "phrases.yaml": b"row.leave: Stay\n", MANIFEST: manifest})


def _unsigned(_content: bytes, _draw: random.Random) -> bytes:
    return packed(FILES)


def _of_another(_content: bytes, _draw: random.Random) -> bytes:
    return bundle(OTHER, 2, "name", FILES)


def _old(_content: bytes, _draw: random.Random) -> bytes:
    return bundle(SEED, 1, "name", FILES)


@pytest.mark.parametrize("tamper", [_changed, _mixed, _unsigned, _of_another, _old])
def test_R66_a_bundle_that_is_not_ours_is_refused(
    tamper: Callable[[bytes, random.Random], bytes], proof: Proof
) -> None:
    draw, content, taken = random.Random(66), bundle(SEED, 2, "name", FILES), 0
    tries = 0
    for _ in range(100):
        wrong = tamper(content, draw)
        tries += 1
        try:
            name, files = opened(SEED, 2, wrong)
        except BundleRefused:
            continue
        taken += (name, files) != ("name", FILES)  # a bit that no file's content depends on

    assert taken == 0
    proof.figure(f"{tamper.__name__[1:]}: {taken} of {tries} taken")


@pytest.fixture
async def served(desk: Desk) -> Desk:
    desk = unhurried(desk)
    await published(desk, "tk.crisis", "The last good words.")
    return desk


async def test_R66_the_last_good_edition_keeps_serving(
    served: Desk, settings: Settings, data: Data, proof: Proof
) -> None:
    """Rows are changed by somebody who has the database and not the key store."""
    async with served.store.turn() as turn:
        kept = await rows.statement(turn)
        content = await rows.bundle(turn, 2)
    assert content is not None
    secret = await seed(served)
    statement = read_statement(secret, kept.document)
    wrongs = [
        signed_statement(OTHER, replace(statement, serial=statement.serial + 1, live=1)),
        kept.document.replace('\\"live\\":2', '\\"live\\":1'),
        signed_statement(secret, replace(statement, serial=statement.serial - 1, live=1)),
        "{}",
    ]
    for wrong in wrongs:
        async with served.store.turn() as turn:
            seen = (await rows.statement(turn)).version
            await rows.put_statement(turn, wrong, seen)
        await refresh(served)
        assert served.book.nodes["tk.crisis"].say == "The last good words."
        async with build(settings, channels={}, clock=served.clock, data=data) as later:
            assert later.book.nodes["tk.crisis"].say == "The last good words."
    proof.figure(f"{len(wrongs)} false statements; the last good edition served, also anew")


async def test_R66_a_false_bundle_behind_a_true_statement_is_refused(
    served: Desk, settings: Settings, data: Data, proof: Proof
) -> None:
    async with served.store.turn() as turn:
        row = next(one for one in await rows.read_all(turn) if one.number == 2)
        await rows.replace_bundle(turn, row, bundle(OTHER, 2, "x", FILES))
    async with build(settings, channels={}, clock=served.clock, data=data) as later:
        assert later.book.nodes["tk.crisis"].say == "The last good words."
    proof.figure("another bundle under the same number: the copy on this machine serves")
