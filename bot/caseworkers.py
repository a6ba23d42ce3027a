"""The caseworkers' Telegram door: a bot of its own, by another library than the women's bot.

Nothing here knows a referral; the only module that imports `telegram` (python-telegram-bot).
"""

import asyncio
import importlib
import logging
import re
from collections.abc import Awaitable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeVar
from urllib.parse import urlencode

import orjson

from bot.caseworkers_talk import NUMBER
from bot.render import fit
from bot.telegram_updates import tapped
from handlers.messages import (
    WAVE,
    Abilities,
    Address,
    Button,
    ChannelError,
    Choice,
    Outgoing,
    Pressed,
    Refused,
    Sent,
    TryLater,
    Unreachable,
)
from handlers.staff_talks import NAME

if TYPE_CHECKING:
    from telegram import InlineKeyboardMarkup
    from telegram.ext import ExtBot
    from telegram.request import HTTPXRequest

__all__ = ["ABILITIES", "CaseworkersChannel"]

T = TypeVar("T")
Rows = tuple[tuple[tuple[str, str], ...], ...]  # keyboard rows of (face, callback data)

# Without strays: a search among ids would take notices away, which stand beside the card.
ABILITIES = Abilities(text=4096, unit="utf16", label=200, rows=40, edits=True, deletes=True)
LISTENED = ("message", "callback_query")
BATCH = 100  # message ids in one deleteMessages (Bot API)
DATA_BYTES = 64  # callback data of one button (Bot API)
CALL_SECONDS = 15.0
ACROSS = 5  # numbers in a row of buttons

_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")
_REASONS: tuple[tuple[str, Literal["same", "gone", "fixed"]], ...] = (
    ("message is not modified", "same"),
    ("message to edit not found", "gone"),
    ("message to delete not found", "gone"),
    ("message_id_invalid", "gone"),
    ("message can't be edited", "fixed"),
    ("message can't be deleted", "fixed"),
)
_NOBODY = ("chat not found", "user is deactivated", "peer_id_invalid", "user_is_blocked")


class _Refused(Refused):
    """A 400 about this one message: `same` as it was, `gone`, `fixed` for ever, or `other`."""

    def __init__(self, reason: Literal["same", "gone", "fixed", "other"]) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class _Face:
    """What one message says and the buttons under it; `neutral`: a notification may show it."""

    text: str
    rows: Rows = ()
    neutral: bool = False


@dataclass(frozen=True, slots=True)
class _Client:
    """The library's bot, and the two sets of connections it was given."""

    bot: "ExtBot[int]"
    calls: "HTTPXRequest"
    polls: "HTTPXRequest"


class CaseworkersChannel:
    """Channel over python-telegram-bot as a client of the Bot API; loaded at the first call.

    Calls wait for its rate limiter; a pause Telegram asks for is not waited out here but by the
    outbox. Updates are not its business: no updater, no handlers, nothing kept of anybody.
    """

    name = NAME
    abilities = ABILITIES

    def __init__(self, token: str, base: str = "https://api.telegram.org") -> None:
        """`base` is the root of the Bot API server."""
        if not _TOKEN.fullmatch(token):
            raise ValueError("the caseworkers' Telegram token has not the form digits:letters")
        self._token = token
        self._base = base
        self._client: _Client | None = None

    async def show(self, address: Address, screen: Outgoing, card: str | None) -> Sent:
        """Edit the live card, or send anew: a neutral sign first, then edited to what it says.

        A screen longer than a message is cut: a card is one message. What is neutral is sent as it
        is and rings, as only notices do.
        """
        fitted = fit(screen, self.abilities)
        face = _Face(fitted.texts[0], _with_data(screen, fitted.rows), screen.neutral)
        if card is not None and await self._edit(address, card, face):
            return Sent((card,))
        first = face if face.neutral else _Face(WAVE)
        sent = await self._send(address, first)
        if first is not face:
            try:
                await self._edit(address, sent, face)
            except ChannelError:
                with suppress(ChannelError):
                    await self.forget(address, (sent,))
                raise
        return Sent((sent,))

    async def neutral(self, address: Address, card: str, line: str) -> None:
        """Edit the card to one line without buttons; quiet when it is gone, deleted if fixed."""
        await self._edit(address, card, _Face(line))

    async def forget(self, address: Address, message_ids: Sequence[str]) -> tuple[str, ...]:
        """Delete by hundreds; where Telegram refuses a batch, one by one.

        What is gone, or past the 48 hours, is not returned: no other try helps it.
        """
        wanted = list(dict.fromkeys(message_ids))
        for start in range(0, len(wanted), BATCH):
            batch = wanted[start : start + BATCH]
            try:
                await self._delete(address, batch)
            except ChannelError:
                if not start:
                    raise
                return tuple(wanted[start:])
        return ()

    async def receipt(self, callback_id: str) -> None:
        """Answer the tap without words; a tap too old to be answered is no trouble."""
        with suppress(ChannelError):
            client = await self._ready()
            await _ask(client.bot.answer_callback_query(callback_id))

    async def close(self) -> None:
        """Close the connections; a later call would open new ones."""
        if self._client is not None:
            client, self._client = self._client, None
            await client.calls.shutdown()
            await client.polls.shutdown()

    async def updates(self, offset: int | None, seconds: int) -> list[Any]:
        """One long poll: raw updates from `offset` on, which confirms those before it.

        Raw, because one update that a library cannot read must not hold up all the others.
        """
        client = await self._ready()
        asked = {"timeout": str(seconds), "allowed_updates": orjson.dumps(LISTENED).decode()}
        asked |= {} if offset is None else {"offset": str(offset)}
        url = f"{self._base}/bot{self._token}/getUpdates?{urlencode(asked)}"
        found = await _ask(client.polls.post(url, read_timeout=seconds + CALL_SECONDS))
        return found if isinstance(found, list) else []

    async def listen_by_webhook(self, url: str, secret: str) -> None:
        """Have updates pushed to `url`, `secret` in X-Telegram-Bot-Api-Secret-Token."""
        bot = (await self._ready()).bot
        await _ask(bot.set_webhook(url, secret_token=secret, allowed_updates=list(LISTENED)))

    async def listen_by_polling(self) -> None:
        """Stop the pushing; what waits for delivery is kept."""
        bot = (await self._ready()).bot
        await _ask(bot.delete_webhook(drop_pending_updates=False))

    async def introduce(self, title: str) -> None:
        """The bot's name and descriptions; one neutral word."""
        bot = (await self._ready()).bot
        await _ask(bot.set_my_name(title))
        await _ask(bot.set_my_description(title))
        await _ask(bot.set_my_short_description(title))

    async def _ready(self) -> _Client:
        """The client, made at the first call: importing the library takes a second of one core."""
        if self._client is None:
            await asyncio.to_thread(importlib.import_module, "telegram.ext")
        if self._client is None:  # two first calls may have waited side by side
            self._client = _careful(self._token, self._base)
        return self._client

    async def _send(self, address: Address, face: _Face) -> str:
        bot = (await self._ready()).bot
        sending = bot.send_message(
            int(address.id),
            face.text,
            disable_notification=not face.neutral,
            reply_markup=_keyboard(face.rows),
        )
        return str((await _ask(sending)).message_id)

    async def _edit(self, address: Address, card: str, face: _Face) -> bool:
        """True when the card shows this now; False when it is gone, or was fixed and deleted."""
        bot = (await self._ready()).bot
        try:
            await _ask(
                bot.edit_message_text(
                    face.text,
                    chat_id=int(address.id),
                    message_id=int(card),
                    reply_markup=_keyboard(face.rows),
                )
            )
        except _Refused as refused:
            if refused.reason == "other":
                raise
            if refused.reason == "fixed":
                with suppress(ChannelError):
                    await self._delete(address, [card])
            return refused.reason == "same"
        return True

    async def _delete(self, address: Address, batch: list[str]) -> None:
        bot = (await self._ready()).bot
        try:
            await _ask(bot.delete_messages(int(address.id), [int(each) for each in batch]))
        except _Refused:  # one that cannot be deleted kept back the whole batch
            for each in batch:
                await self._delete_one(address, each)

    async def _delete_one(self, address: Address, message_id: str) -> None:
        """Too old to be deleted: our own is edited to a neutral sign, hers we cannot change."""
        client, chat = await self._ready(), int(address.id)
        try:
            await _ask(client.bot.delete_message(chat, int(message_id)))
        except _Refused as refused:
            if refused.reason == "fixed":
                with suppress(Refused):
                    call = client.bot.edit_message_text(WAVE, chat, int(message_id))
                    await _ask(call)


def _careful(token: str, base: str) -> _Client:
    """A bot whose messages cannot be forwarded and preview no links, and whose libraries are mute:
    their lines would carry texts, and the token in its URL."""
    from telegram import LinkPreviewOptions
    from telegram.ext import AIORateLimiter, Defaults, ExtBot
    from telegram.request import HTTPXRequest

    for name in ("telegram", "httpx", "httpcore"):
        logger = logging.getLogger(name)
        logger.setLevel(logging.CRITICAL + 1)
        logger.propagate = False

    def connections(most: int) -> HTTPXRequest:
        return HTTPXRequest(
            connection_pool_size=most,
            read_timeout=CALL_SECONDS,
            connect_timeout=CALL_SECONDS,
            httpx_kwargs={"trust_env": False},
        )

    calls, polls = connections(64), connections(2)
    defaults = Defaults(
        protect_content=True, link_preview_options=LinkPreviewOptions(is_disabled=True)
    )
    bot = ExtBot(
        token,
        base_url=f"{base}/bot",
        base_file_url=f"{base}/file/bot",
        request=calls,
        get_updates_request=polls,
        defaults=defaults,
        rate_limiter=AIORateLimiter(max_retries=0),
    )
    return _Client(bot, calls, polls)


def _with_data(screen: Outgoing, rows: Sequence[Sequence[Button]]) -> Rows:
    """Each button with what its tap will say; choices come first, numbers side by side."""
    choices = len(screen.choices)
    found: list[tuple[tuple[str, str], ...]] = []
    for index, button in enumerate(screen.choices):
        key = (button.face, _data(screen, button.id, ""))
        beside = index and found and len(found[-1]) < ACROSS and _is_number(found[-1][-1][0])
        if beside and _is_number(button.face):
            found[-1] = (*found[-1], key)
        else:
            found.append((key,))
    actions = rows[choices:]
    row = (tuple((one.face, _data(screen, one.id, "!")) for one in each) for each in actions)
    return (*found, *row)


def _is_number(face: str) -> bool:
    return len(face) <= NUMBER and face[-1:].isdecimal()


def _data(screen: Outgoing, button_id: str, mark: str) -> str:
    """A number of the screen and one of the button: nothing else travels in it."""
    data = f"{screen.step}:{mark}{button_id}"
    meant = Pressed if mark else Choice
    if len(data.encode()) > DATA_BYTES or not isinstance(tapped(data), meant):
        raise ValueError(f"{screen.node}: {button_id} cannot be a button's data")
    return data


def _keyboard(rows: Rows) -> "InlineKeyboardMarkup | None":
    from telegram import InlineKeyboardButton, InlineKeyboardMarkup

    if not rows:
        return None
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(face, callback_data=data) for face, data in row] for row in rows]
    )


async def _ask(call: Awaitable[T]) -> T:
    """Wait for a call; whatever the library raises becomes a ChannelError that says nothing.

    Raised outside the except block, so that no chain leads back to the token, text or chat id.
    """
    from telegram.error import TelegramError

    try:
        return await call
    except (TelegramError, OSError, ValueError) as failure:
        meaning = _meaning(failure)
    raise meaning


def _meaning(failure: Exception) -> ChannelError:
    from telegram import error

    said = str(failure).casefold()
    match failure:
        case error.RetryAfter():
            wait = failure.retry_after
            return TryLater(wait if isinstance(wait, int | float) else wait.total_seconds())
        case error.Forbidden():
            return Unreachable()
        case error.BadRequest() if any(words in said for words in _NOBODY):
            return Unreachable()
        case error.BadRequest():
            return _Refused(next((reason for words, reason in _REASONS if words in said), "other"))
        case _:
            return ChannelError(type(failure).__name__)
