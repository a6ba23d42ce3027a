"""Uploads: hostile archives and files are refused, at once and in little room (R68, R69)."""

import time
import tracemalloc

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


def test_a_plain_bundle_is_read() -> None:
    assert bundle_files(zipped(GOOD)) == {name: text.decode() for name, text in GOOD.items()}


def test_R68_no_hostile_archive_is_taken(proof: Proof) -> None:
    """Time is of the processor, room as Python counts it beside the upload itself."""
    taken, slowest, largest, tried = [], 0.0, 0, 0
    for what, content in hostile():
        tried += 1
        tracemalloc.start()
        begun = time.process_time()
        try:
            bundle_files(content)
            taken.append(what)
        except (ArchiveFaulty, ValueError):
            pass
        slowest = max(slowest, time.process_time() - begun)
        largest = max(largest, tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()

    assert taken == []
    assert slowest < 2
    assert largest < 50_000_000
    proof.figure(f"0 of {tried} taken, {slowest:.2f} s and {largest / 1e6:.0f} MB at most")


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
    taken, slowest, largest, tried = [], 0.0, 0, 0
    for what, content in yamls():
        tried += 1
        tracemalloc.start()
        try:
            read_mapping(content)
            taken.append(what)
        except Unreadable:
            pass
        largest = max(largest, tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        begun = time.process_time()
        with pytest.raises(Unreadable):
            read_mapping(content)
        slowest = max(slowest, time.process_time() - begun)

    assert taken == []
    assert slowest < 0.05
    assert largest < 10_000_000
    proof.figure(f"0 of {tried} taken, {slowest * 1000:.0f} ms and {largest / 1e6:.1f} MB at most")


def test_R69_no_hostile_json_is_taken(proof: Proof) -> None:
    slowest, largest, tried = 0.0, 0, 0
    for _, content in jsons():
        tried += 1
        tracemalloc.start()
        with pytest.raises(JsonFaulty):
            read_json(content)
        largest = max(largest, tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        begun = time.process_time()
        with pytest.raises(JsonFaulty):
            read_json(content)
        slowest = max(slowest, time.process_time() - begun)

    assert slowest < 0.05
    assert largest < 10_000_000
    proof.figure(f"0 of {tried} taken, {slowest * 1000:.0f} ms and {largest / 1e6:.1f} MB at most")
