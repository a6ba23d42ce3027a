"""The caseworkers' Telegram door: a bot of its own, by another library than the women's bot.

Nothing here knows a referral; the only module that imports `telegram` (python-telegram-bot).
"""

import asyncio
import importlib
import logging
import re
import warnings
from collections.abc import Awaitable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlencode

import orjson

from bot.caseworkers_faces import CardRefused, Face, Rows, refusal, with_data
from bot.quiet import limiter
from bot.render import fit
from handlers.messages import (
    WAVE,
    Abilities,
    Address,
    ChannelError,
    Outgoing,
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

T = TypeVar("T")

# Without strays: a search among ids would take notices away, which stand beside the card.
ABILITIES = Abilities(text=4096, unit="utf16", label=200, rows=40, edits=True, deletes=True)
LISTENED = ("message", "callback_query")
BATCH = 100  # message ids in one deleteMessages (Bot API)
CALL_SECONDS = 15.0
_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class _Client:
    """The library's bot, and the two sets of connections it was given."""

    bot: "ExtBot[int]"
    calls: "HTTPXRequest"
    polls: "HTTPXRequest"


class CaseworkersChannel:
    """Channel over python-telegram-bot as a client of the Bot API; loaded at the first call.

    A pause Telegram asks for is waited out by the outbox. Updates are not its business: no
    updater, no handlers, nothing kept of anybody.
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

    async def show(
        self, address: Address, screen: Outgoing, card: str | None, reply: str | None = None
    ) -> Sent:
        """Edit the live card, or send anew; a long screen is several messages, the card last.

        What is sent anew is a neutral sign first, then edited; what is neutral itself rings, as
        only notices do. What was sent of a screen that fails is taken back as far as possible.
        """
        fitted = fit(screen, self.abilities)
        *early, last = fitted.texts
        faces = [Face(text) for text in early]
        faces.append(Face(last, with_data(screen, fitted.rows), screen.neutral))
        shown: list[str] = []
        for face in faces:
            try:
                shown.append(await self._put(address, face, None if shown else card))
            except ChannelError as trouble:
                await self._take_back(address, [each for each in shown if each != card], trouble)
                raise
        return Sent(tuple(shown))

    async def neutral(
        self, address: Address, card: str, line: str, reply: str | None = None
    ) -> None:
        """Edit the card to one line without buttons; quiet when it is gone, deleted if fixed."""
        await self._edit(address, card, Face(line))

    async def forget(self, address: Address, message_ids: Sequence[str]) -> tuple[str, ...]:
        """Delete by hundreds; where Telegram refuses a batch, one by one.

        What is gone, or past the 48 hours, is not returned: no other try helps it.
        """
        wanted, standing = list(dict.fromkeys(message_ids)), list[str]()
        for start in range(0, len(wanted), BATCH):
            try:
                standing += await self._delete(address, wanted[start : start + BATCH])
            except ChannelError:
                if not start:
                    raise
                return (*standing, *wanted[start:])
        return tuple(standing)

    async def receipt(self, callback_id: str) -> None:
        """Answer the tap without words; a tap too old to be answered is no trouble."""
        with suppress(ChannelError):
            await _ask((await self._ready()).bot.answer_callback_query(callback_id))

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

    async def _put(self, address: Address, face: Face, card: str | None) -> str:
        """Edit the card where that works, else send; the id of the message that shows it now."""
        if card is not None and await self._edit(address, card, face):
            return card
        first = face if face.neutral else Face(WAVE)
        bot = (await self._ready()).bot
        chat, keys, quiet = int(address.id), _keyboard(first.rows), not first.neutral
        sending = bot.send_message(chat, first.text, disable_notification=quiet, reply_markup=keys)
        sent = str((await _ask(sending)).message_id)
        if first is not face:
            try:
                await self._edit(address, sent, face)
            except ChannelError as trouble:
                await self._take_back(address, [sent], trouble)
                raise
        return sent

    async def _take_back(self, address: Address, ids: list[str], trouble: ChannelError) -> None:
        """Delete what should not stand there; where a pause forbids it, say what is left."""
        try:
            left = await self._delete(address, ids) if ids else []
        except ChannelError:
            left = ids
        trouble.left = (*trouble.left, *left)

    async def _edit(self, address: Address, card: str, face: Face) -> bool:
        """True when the card shows this now; False when it is gone, or was fixed and deleted."""
        bot = (await self._ready()).bot
        try:
            keys = _keyboard(face.rows)
            where = (int(address.id), int(card))
            await _ask(bot.edit_message_text(face.text, *where, reply_markup=keys))
        except CardRefused as refused:
            if refused.reason == "other":
                raise
            if refused.reason == "fixed":
                await self._take_back(address, [card], refused)
            return refused.reason == "same"
        return True

    async def _delete(self, address: Address, batch: list[str]) -> list[str]:
        """Those that were refused for a reason that another try may get over."""
        bot = (await self._ready()).bot
        try:
            await _ask(bot.delete_messages(int(address.id), [int(each) for each in batch]))
        except CardRefused:  # one that cannot be deleted kept back the whole batch
            return [each for each in batch if not await self._delete_one(address, each)]
        return []

    async def _delete_one(self, address: Address, message_id: str) -> bool:
        """Whether it is done with. Too old to be deleted: our own is edited to a neutral sign,
        hers we cannot change."""
        client, chat = await self._ready(), int(address.id)
        try:
            await _ask(client.bot.delete_message(chat, int(message_id)))
        except CardRefused as refused:
            if refused.reason == "fixed":
                with suppress(Refused):
                    await _ask(client.bot.edit_message_text(WAVE, chat, int(message_id)))
            return refused.reason != "other"
        return True


def _careful(token: str, base: str) -> _Client:
    """Its messages cannot be forwarded and preview no links; its libraries are mute, since their
    lines would carry texts, and the token in its URL."""
    from telegram import LinkPreviewOptions
    from telegram.ext import Defaults, ExtBot
    from telegram.request import HTTPXRequest

    # The library warns of a type of its own to come, at each pause that Telegram asks for.
    warnings.filterwarnings("ignore", message=".*attribute `retry_after`.*")
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
        rate_limiter=limiter(),
    )
    return _Client(bot, calls, polls)


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
            return TryLater(failure._retry_after.total_seconds())
        case error.Forbidden():
            return Unreachable()
        case error.BadRequest():
            return refusal(said)
        case _:
            return ChannelError(type(failure).__name__)
