"""What can be asked of the directory."""

from typing import Any

import pytest

from directory.search import Near, urgency_of
from tests.directory.service_examples import (
    TUESDAY,
    flagged,
    query,
)

MAE_SOT = Near(lat=16.713, lon=98.575, admin1="Tak")


@pytest.mark.parametrize(
    ("word", "flags", "urgency"),
    [
        ("24h", {"clock_72"}, "24h"),
        ("clock", {"clock_72"}, "now"),
        ("clock", {"clock_120"}, "now"),
        ("clock", {"clock_late"}, "24h"),
        ("clock", set(), "now"),
        ("from_flag", {"urg_now"}, "now"),
        ("from_flag", {"urg_72h"}, "72h"),
        ("from_flag", {"urg_soon"}, "soon"),
        ("from_flag", set(), "now"),
    ],
)
def test_a_trees_urgency_is_read_from_the_flags(word: str, flags: set[str], urgency: str) -> None:
    assert urgency_of(word, frozenset(flags)) == urgency


def test_an_unknown_urgency_is_refused_without_being_repeated() -> None:
    with pytest.raises(ValueError, match=r"^unknown urgency$"):
        urgency_of("whenever he sleeps", frozenset())


def test_a_query_shows_neither_her_place_nor_her_flags() -> None:
    asked = query(near=MAE_SOT, flags=flagged("no_papers"))

    assert "16.7" not in repr(asked)
    assert "no_papers" not in repr(asked)


@pytest.mark.parametrize(
    "changes",
    [
        {"sectors": ("HOT.MADE_UP",)},
        {"need": frozenset({"made_up"})},
        {"country": "US"},
        {"at": TUESDAY.replace(tzinfo=None)},
    ],
)
def test_a_query_outside_the_closed_sets_cannot_be_built(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"sector|tag|country|zone"):
        query(**changes)
