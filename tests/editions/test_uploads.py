"""Uploads: hostile archives and files are refused, at once and in little room (R68, R69)."""

import pytest

from flows.yaml_text import Unreadable, read_mapping
from handlers.desk import Desk
from handlers.draft_values import NotAllowed
from handlers.drafts import drafts
from handlers.edition_exchange import bundle_files
from handlers.edition_json import JsonFaulty, read_json
from handlers.editions import import_zip
from privacy.archives import ArchiveFaulty
from referrals.roles import Role
from tests.editions.archives import GOOD, hostile, jsons, yamls, zipped
from tests.editions.people import person
from tests.proving import Proof
from tests.timing import refusals


def test_a_plain_bundle_is_read() -> None:
    assert bundle_files(zipped(GOOD)) == {name: text.decode() for name, text in GOOD.items()}


def test_R68_no_hostile_archive_is_taken(proof: Proof) -> None:
    done = refusals(bundle_files, hostile(), ArchiveFaulty, ValueError, limit=2)

    assert done.taken == []
    assert done.seconds < 2
    assert done.bytes < 50_000_000
    proof.figure(str(done))


async def test_R68_only_coordinators_upload(desk: Desk, proof: Proof) -> None:
    roles = (Role.EDITOR, Role.TRANSLATOR, Role.REVIEWER, Role.SPECIALIST, Role.STEWARD)
    for role in roles:
        with pytest.raises(NotAllowed):
            await import_zip(desk, await person(desk, role), zipped(GOOD))
    coordinator = await person(desk)
    for content in (b"", b"PK\x03\x04", zipped(GOOD)[:-1]):
        with pytest.raises(NotAllowed):
            await import_zip(desk, coordinator, content)

    assert await drafts(desk, coordinator) == ()
    proof.figure(f"{len(roles)} other roles refused; a bad file leaves no draft")


def test_R69_no_hostile_yaml_is_taken(proof: Proof) -> None:
    done = refusals(read_mapping, yamls(), Unreadable, limit=0.05)

    assert done.taken == []
    assert done.seconds < 0.05
    assert done.bytes < 10_000_000
    proof.figure(str(done))


def test_R69_no_hostile_json_is_taken(proof: Proof) -> None:
    done = refusals(read_json, jsons(), JsonFaulty, limit=0.05)

    assert done.taken == []
    assert done.seconds < 0.05
    assert done.bytes < 10_000_000
    proof.figure(str(done))
