"""The readers of Meta's webhooks against arbitrary JSON (R19)."""

from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.door import Messenger
from bot.doors.messenger import MessengerDoor
from bot.doors.whatsapp import WhatsAppDoor
from bot.taps import COMMANDS
from handlers.messages import MAX_TYPED, Attachment, Choice, Incoming, Pressed, Text
from tests.channels.fake_graph import SECRET, VERIFY

BLOCK = {"token": "t", "app_secret": SECRET, "verify": VERIFY, "api": "http://127.0.0.1:9"}
WHATSAPP = WhatsAppDoor({**BLOCK, "phone_id": "1"})
MESSENGER = MessengerDoor(BLOCK)

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**63)
    | st.floats(allow_nan=False)
    | st.text(st.characters(exclude_categories=["Cs"]))
    | st.sampled_from(["text", "interactive", "list_reply", "1:a", "1:!leave", "start", "6681"])
)
KEYS = st.sampled_from(
    ["id", "type", "text", "body", "from", "mid", "payload", "quick_reply", "postback", "message"]
)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(KEYS | st.text(st.characters(exclude_categories=["Cs"])), inner)
    ),
    max_leaves=15,
)


def mostly(good: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A right value seven times in eight, so that what is around a wrong one is reached."""
    return st.integers(0, 7).flatmap(lambda number: good if number else ANYTHING)


def some(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional={k: mostly(v) for k, v in fields.items()})


IDS = st.from_regex(r"[0-9]{1,25}", fullmatch=True)
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=1200)
DATA = st.from_regex(r"[0-9]{1,10}:!?[a-z.]{1,70}", fullmatch=True)
REPLIES = some(type=st.just("list_reply"), list_reply=some(id=DATA))
KINDS = st.sampled_from(["text", "interactive", "image", "unsupported", "reaction"])
SAYS = some(
    **{"from": IDS},
    id=WORDS,
    type=KINDS,
    text=some(body=WORDS),
    interactive=REPLIES,
    from_user_id=st.from_regex(r"[A-Z]{2}\.[0-9a-z]{1,140}", fullmatch=True),
)
VALUES = some(metadata=st.just({"phone_number_id": "1"}), messages=st.lists(SAYS, max_size=3))
CHANGES = some(field=st.just("messages"), value=VALUES)
EVENTS = some(
    sender=some(id=IDS),
    message=some(mid=WORDS, text=WORDS, quick_reply=some(payload=DATA), attachments=ANYTHING),
    postback=some(mid=WORDS, payload=DATA | st.just("start")),
)
ENTRIES = some(
    id=IDS, changes=st.lists(CHANGES, max_size=2), messaging=st.lists(EVENTS, max_size=3)
)


def check_bounds(incoming: Incoming, name: str) -> None:
    """Nothing but our own closed, bounded values."""
    assert incoming.address.channel == name
    assert 0 < len(incoming.address.id) <= 131
    assert incoming.event_id is not None
    assert len(incoming.event_id) == 64
    assert (incoming.message_id, incoming.callback_id, incoming.card_id) == (None, None, None)
    match incoming.said:
        case Text(words):
            assert 0 < len(words) <= MAX_TYPED
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


@pytest.mark.parametrize(
    ("door", "what"),
    [(WHATSAPP, "whatsapp_business_account"), (MESSENGER, "page")],
    ids=["whatsapp", "messenger"],
)
@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(drawn=st.data())
def test_no_update_whatever_raises_or_gives_more_than_the_allowed_fields(
    door: Messenger, what: str, drawn: st.DataObject
) -> None:
    entries = drawn.draw(mostly(st.lists(mostly(ENTRIES), max_size=2)))
    body = orjson.dumps({"object": what, "entry": entries})

    for incoming in door.read(body):
        check_bounds(incoming, door.name)


@given(body=st.binary(max_size=400))
@settings(max_examples=200, deadline=None)
def test_no_bytes_whatever_raise(body: bytes) -> None:
    assert list(WHATSAPP.read(body)) == list(MESSENGER.read(body)) == []
