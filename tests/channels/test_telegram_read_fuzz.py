"""The reader of Telegram updates against arbitrary JSON (R19)."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.taps import COMMANDS
from bot.telegram import read
from handlers.messages import MAX_TYPED, Attachment, Choice, Incoming, Pressed, Text

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["private", "1:a", "1:!leave", "/start x", "\ud800"])
)
KEYS = st.sampled_from(
    ["update_id", "message", "callback_query", "chat", "id", "type", "text", "data", "from"]
)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(KEYS | st.text(), inner, max_size=6)
    ),
    max_leaves=25,
)


def mostly(good: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A right value seven times in eight, so that what is around a wrong one is reached."""
    return st.integers(0, 7).flatmap(lambda number: good if number else ANYTHING)


IDS = mostly(st.integers(1, 2**53 - 1))
WORDS = mostly(st.text(min_size=1) | st.text(min_size=900, max_size=1200))
CHATS = st.fixed_dictionaries({"id": IDS, "type": mostly(st.just("private"))})
MESSAGES = st.fixed_dictionaries(
    {"message_id": IDS, "chat": mostly(CHATS)},
    optional={"text": WORDS, "from": ANYTHING, "photo": ANYTHING},
)
DATA = st.from_regex(r"[0-9]{1,10}:!?[a-z.]{1,70}", fullmatch=True)
QUERIES = st.fixed_dictionaries(
    {"id": WORDS, "message": mostly(MESSAGES), "data": mostly(DATA)}, optional={"from": ANYTHING}
)
UPDATES = st.fixed_dictionaries({"update_id": IDS, "message": mostly(MESSAGES)}) | (
    st.fixed_dictionaries({"update_id": IDS, "callback_query": mostly(QUERIES)})
)


def check_bounds(incoming: Incoming) -> None:
    """Nothing but our own closed, bounded values."""
    assert incoming.address.channel == "telegram"
    for number in (incoming.address.id, incoming.event_id, incoming.message_id, incoming.card_id):
        assert number is None or (number.isdecimal() and len(number) <= 16)
    assert incoming.callback_id is None or 0 < len(incoming.callback_id) <= 128
    match incoming.said:
        case Text(words):
            assert len(words) <= MAX_TYPED
            assert words.encode() is not None
        case Choice(step, option):
            assert 0 <= step < 10**9
            assert option.isascii()
            assert len(option) <= 62
        case Pressed(command, step):
            assert step is None or 0 <= step < 10**9
            assert command in COMMANDS.values()
        case Attachment():
            pass


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(update=UPDATES | st.dictionaries(KEYS | st.text(), ANYTHING, max_size=5))
def test_no_update_whatever_raises_or_gives_more_than_the_allowed_fields(
    update: dict[str, object],
) -> None:
    incoming = read(update)

    if incoming is not None:
        check_bounds(incoming)
