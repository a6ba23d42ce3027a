"""Messages that may have been sent without being on record: noted before, swept after a kill."""

from handlers import letters
from handlers.desk import Desk
from handlers.letters import Order, Trace
from handlers.messages import Channel
from storage import mail
from storage.mail import Letter
from storage.store import Turn

SENDING = 15.0  # seconds one send may take; after that it is given up and tried again
SWEPT_AFTER = 45.0  # seconds; longer than a send, so that nothing on its way is deleted (R33)


async def expect(turn: Turn, desk: Desk, person: str, order: Order) -> None:
    """Note that a message is about to be sent: a letter that deletes it unless it is called off.

    `order` names the channel's address and, as `card`, the newest id that is known.
    """
    note = Order(kind="stray", address=order.address, card=order.card, wait=SWEPT_AFTER)
    await letters.post_clearing(turn, desk, person, note)


def still_on_its_way(desk: Desk, note: Letter) -> float:
    """Seconds for which the message may still come: who leaves has it looked for before, too."""
    return note.expires_at - letters.life(desk, "stray") + SWEPT_AFTER - desk.now()


async def call_off(turn: Turn, person: str) -> tuple[str, ...]:
    """All that was sent is on record; the keys that are of no use now."""
    return await mail.drop_strays(turn, person)


def newest(order: Order, trace: Trace) -> str | None:
    """The newest id that is known of a chat, hers or ours."""
    known = _known(order, trace)
    return max(known, key=int) if known else None


def is_edit(order: Order, trace: Trace) -> bool:
    """Whether the card is sure to stand: she has just tapped a button of it."""
    return trace.card is not None and trace.card == order.card


def ids_after(channel: Channel, note: Order, trace: Trace) -> tuple[str, ...]:
    """The ids a stray may have: those right after the newest that was known, but for what stands.

    Telegram numbers the private chats of a bot in one row (to be confirmed with the real API), so
    on a bot with much traffic a stray may have an id further on.
    """
    if note.card is None:
        return ()
    start = int(note.card) + 1
    standing = {trace.card, *trace.messages}
    around = (str(number) for number in range(start, start + channel.abilities.strays))
    return tuple(each for each in around if each not in standing)


def ids_before(channel: Channel, message_id: str) -> tuple[str, ...]:
    """The ids right before a message of hers, where our card most likely is."""
    end = int(message_id) if channel.abilities.strays else 0
    return tuple(str(number) for number in range(max(1, end - channel.abilities.strays), end))


def _known(order: Order, trace: Trace) -> list[str]:
    ids = (trace.card, *trace.messages, order.card, *order.messages)
    return [each for each in ids if each is not None]
