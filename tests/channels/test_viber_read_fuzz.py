"""The reader of Viber's callbacks against arbitrary JSON and bytes (R19)."""

import re
from typing import Any

import orjson
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.doors.viber import ViberDoor
from handlers.messages import MAX_TYPED, Text
from tests.channels.fake_viber import TOKEN

NUMBERS = st.integers(-(2**63), 2**64 - 1)
SCALARS = (
    st.none()
    | st.booleans()
    | NUMBERS
    | st.floats(allow_nan=False)
    | st.text()
    | st.sampled_from(["message", "text", "👋 1:a", "👋 1:!leave", "conversation_started"])
)
KEYS = st.sampled_from(["event", "message_token", "sender", "message", "id", "type", "text"])
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=10,
)


def mostly(good: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A right value seven times in eight, so that what is around a wrong one is reached."""
    return st.integers(0, 7).flatmap(lambda number: good if number else ANYTHING)


WORDS = mostly(
    st.from_regex(r"👋 [0-9]{1,10}:!?[a-z.]{1,70}", fullmatch=True)
    | st.text(min_size=900, max_size=1200)
)
MESSAGES = st.fixed_dictionaries({"type": mostly(st.just("text")), "text": WORDS})
SENDERS = st.fixed_dictionaries(
    {"id": mostly(st.from_regex(r"[A-Za-z0-9+/=]{1,70}", fullmatch=True))}
)
CALLBACKS = st.fixed_dictionaries(
    {
        "event": mostly(st.just("message")),
        "message_token": mostly(st.integers(0, 2**64 - 1)),
        "sender": mostly(SENDERS),
        "message": mostly(MESSAGES),
    }
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(callback=CALLBACKS | st.dictionaries(KEYS, ANYTHING, max_size=5))
def test_no_callback_raises_or_gives_more_than_the_allowed_fields(callback: object) -> None:
    for incoming in ViberDoor(TOKEN).read(orjson.dumps(callback)):
        assert re.fullmatch(r"[A-Za-z0-9+/=_-]{1,64}", incoming.address.id)
        assert re.fullmatch(r"[0-9]{1,20}", incoming.event_id or "")
        assert (incoming.message_id, incoming.callback_id, incoming.card_id) == (None, None, None)
        assert not isinstance(incoming.said, Text) or 0 < len(incoming.said.words) <= MAX_TYPED


@settings(max_examples=200, deadline=None)
@given(body=st.binary(max_size=300))
def test_no_bytes_raise(body: bytes) -> None:
    door = ViberDoor(TOKEN)

    assert list(door.read(body)) == []
    assert door.answer(body) == b""
