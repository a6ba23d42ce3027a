"""How the fake Telegram's updates reach a bot: kept until confirmed, or answered with 200."""

import asyncio
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import httpx

from tests.channels.telegram_chats import Refusal
from tests.channels.telegram_methods import Values

KEPT = timedelta(hours=24)  # an update waits no longer (Bot API, "Getting updates")
FETCHED = 100  # updates in one getUpdates
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


class Delivery:
    """The queue of one bot. `changed` is awaited wherever something may have happened."""

    def __init__(
        self, clock: Callable[[], datetime], transport: httpx.AsyncBaseTransport | None
    ) -> None:
        self.clock = clock
        self.transport = transport
        self.webhook: dict[str, Any] = {}
        self.attempts: list[tuple[int, int]] = []
        self.redeliver_seconds = 0.05
        self.ids = count(500_001)
        self.pending: list[tuple[datetime, dict[str, Any]]] = []
        self.closing = False
        self._allowed: list[str] = []
        self._poller: object = None
        self._event = asyncio.Event()
        self.table = {
            "getUpdates": self._get_updates,
            "setWebhook": self._set_webhook,
            "deleteWebhook": self._delete_webhook,
            "getWebhookInfo": self._webhook_info,
        }

    def push(self, update: dict[str, Any]) -> None:
        """Queue an update, unless the bot did not ask for its kind."""
        if not self._allowed or set(self._allowed) & update.keys():
            self.pending.append((self.clock(), update))
            self.pulse()

    def pulse(self) -> None:
        """Wake everybody who waits for a change."""
        self._event.set()
        self._event = asyncio.Event()

    async def changed(self, seconds: float) -> None:
        """Wait for the next change, at most so long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._event.wait()

    async def deliver(self) -> None:
        """Post to the webhook, oldest first, each again and again until it is answered 200."""
        async with httpx.AsyncClient(transport=self.transport, trust_env=False) as client:
            while not self.closing:
                self._forget_old()
                if self.webhook and self.pending:
                    await self._post(client, self.pending[0])
                else:
                    await self.changed(0.5)

    async def _post(
        self, client: httpx.AsyncClient, waiting: tuple[datetime, dict[str, Any]]
    ) -> None:
        secret = self.webhook.get("secret_token")
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
        try:
            answer = await client.post(self.webhook["url"], json=waiting[1], headers=headers)
            status = answer.status_code
        except httpx.HTTPError:
            status = 0
        self.attempts.append((waiting[1]["update_id"], status))
        if 200 <= status < 300:
            self.pending = [each for each in self.pending if each is not waiting]
            self.pulse()
        else:
            await asyncio.sleep(self.redeliver_seconds)

    async def _get_updates(self, values: Values) -> object:
        if self.webhook:
            raise Refusal(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        self._poller = poller = object()
        self.pulse()
        self._allow(values)
        self._confirm(values.whole("offset", 0))
        ends = asyncio.get_running_loop().time() + values.whole("timeout", 0)
        while not self.pending and not self.closing:
            left = ends - asyncio.get_running_loop().time()
            if left <= 0:
                break
            await self.changed(left)
            if self._poller is not poller:
                raise Refusal(
                    409,
                    "Conflict: terminated by other getUpdates request; "
                    "make sure that only one bot instance is running",
                )
        limit = min(values.whole("limit", FETCHED), FETCHED)
        return [update for _, update in self.pending[:limit]]

    def _confirm(self, offset: int) -> None:
        self._forget_old()
        if offset < 0:
            self.pending = self.pending[offset:]
        else:
            self.pending = [each for each in self.pending if each[1]["update_id"] >= offset]
        self.pulse()

    def _forget_old(self) -> None:
        self.pending = [each for each in self.pending if self.clock() - each[0] < KEPT]

    async def _set_webhook(self, values: Values) -> object:
        url, secret = values.text("url"), values.text("secret_token")
        if url and not url.startswith(("https://", "http://")):
            raise Refusal(400, "Bad Request: bad webhook: An HTTPS URL must be provided")
        if secret and not SECRET.fullmatch(secret):
            raise Refusal(400, "Bad Request: secret token contains unallowed characters")
        self._allow(values)
        if values.flag("drop_pending_updates"):
            self.pending.clear()
        self.webhook = {"url": url, "secret_token": secret} if url else {}
        self.pulse()
        return True

    async def _delete_webhook(self, values: Values) -> object:
        self.webhook = {}
        if values.flag("drop_pending_updates"):
            self.pending.clear()
        self.pulse()
        return True

    async def _webhook_info(self, values: Values) -> object:
        return {
            "url": self.webhook.get("url", ""),
            "has_custom_certificate": False,
            "pending_update_count": len(self.pending),
            "allowed_updates": self._allowed,
        }

    def _allow(self, values: Values) -> None:
        """The list stays as it was where a call does not name one."""
        if "allowed_updates" in values.raw:
            self._allowed = values.thing("allowed_updates") or []
