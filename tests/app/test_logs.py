"""R21: a log line holds listed events and fields, and nothing that somebody typed fits in one."""

import random
from collections.abc import MutableMapping
from typing import Any

import pytest
import structlog

import handlers.desk
from app.logs import EVENTS, only_listed
from tests.proving import Proof

HERS = ("kanaryabird", "kanarya_bird:7", "MaeSotKanary", "0899173355", "ကနာရီ", "he is coming")
HERS_AS_NUMBERS = (5_550_001_789, -100_899_173_355, 899_173_355)


def _written(event: MutableMapping[str, Any]) -> dict[str, Any] | None:
    try:
        kept: dict[str, Any] = only_listed(None, "error", event)
    except structlog.DropEvent:
        return None
    return kept


def test_R21_a_line_takes_listed_fields_and_no_typed_word(proof: Proof) -> None:
    chance, tried, through = random.Random("R21"), proof.count(100_000, quick=5_000), 0
    fields = sorted({field for listed in EVENTS.values() for field in listed} | {"text", "error"})
    hers = (*HERS, *HERS_AS_NUMBERS, ValueError(HERS[0]), {"said": HERS[0]}, list(HERS))
    for _ in range(tried):
        name = chance.choice((*EVENTS, *HERS))
        event = {field: chance.choice(hers) for field in chance.sample(fields, 4)}
        kept = _written({"event": name, **event})
        through += kept is not None and (name not in EVENTS or len(kept) > 3)

    proof.figure(f"{through} of {tried:,} lines carried anything of hers")
    assert through == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "ValueError"),
        ("kind", "cut_off"),
        ("place", f"{handlers.desk.__name__.rpartition(chr(46))[2]}_now:7"),
        ("channel", "web"),
    ],
)
def test_names_from_our_own_code_are_kept(field: str, value: str) -> None:
    event = next(name for name, fields in EVENTS.items() if field in fields)

    assert (_written({"event": event, field: value}) or {})[field] == value
