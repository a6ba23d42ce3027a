"""One JSON call to a messenger's API; what fails says nothing of what was sent, or to whom."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import orjson

from bot.quiet import Quiet
from handlers.messages import ChannelError, TryLater

CALL_SECONDS = 15.0


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Reply:
    """What the API answered: status, headers, and the JSON object (empty for anything else)."""

    status: int
    headers: Mapping[str, str]
    body: Mapping[str, Any]


class Rest:
    """A client of one API, made at the first call; `headers` carry the token, never a URL."""

    def __init__(
        self,
        base: str,
        headers: Mapping[str, str],
        signed: Callable[[bytes], Mapping[str, str]] | None = None,
        of_one_chat: Callable[[Mapping[str, Any]], bool] = lambda body: False,
    ) -> None:
        """`base` is the root of the API, without a slash at its end. `signed` gives the headers
        that prove one body to be ours, where the API wants that. `of_one_chat`: whether the body
        of a 429 says that it is about one chat alone; then it is given back as an answer."""
        self._base = base
        self._headers = dict(headers)
        self._signed = signed
        self._of_one_chat = of_one_chat
        self._quiet = Quiet()
        self._client: httpx.AsyncClient | None = None

    async def call(self, method: str, path: str, body: object = None) -> Reply:
        """Ask once, in JSON. Raises TryLater for 429, ChannelError when there is no answer or a
        5xx; a 429 is for the whole door, and nothing is asked before its time is over."""
        content = None if body is None else orjson.dumps(body)
        return await self.carry(method, path, content, "application/json")

    async def carry(self, method: str, path: str, content: bytes | None, kind: str) -> Reply:
        """The same with a body of any kind.

        Raised outside the except block, so that no chain leads back to token, text or address.
        """
        self._quiet.check()
        headers = {"Content-Type": kind} if content is not None else {}
        proof = self._signed(content or b"") if self._signed else {}
        try:
            answer = await self._open().request(
                method, f"{self._base}{path}", content=content, headers={**headers, **proof}
            )
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as failure:
            trouble: ChannelError = ChannelError(type(failure).__name__)
        else:
            status, told = answer.status_code, _object(answer)
            if status < 500 and (status != 429 or self._of_one_chat(told)):
                return Reply(status=status, headers=answer.headers, body=told)
            trouble = _later(answer)
            if isinstance(trouble, TryLater):
                self._quiet.told(None, trouble.seconds)
        raise trouble

    async def close(self) -> None:
        """Give back the connections; a later call would open new ones."""
        if self._client is not None:
            client, self._client = self._client, None
            await client.aclose()

    def _open(self) -> httpx.AsyncClient:
        if self._client is None:
            self._client = httpx.AsyncClient(
                headers=self._headers,
                timeout=CALL_SECONDS,
                follow_redirects=False,
                trust_env=False,
            )
        return self._client


def _later(answer: httpx.Response) -> ChannelError:
    if answer.status_code != 429:
        return ChannelError(f"answered {answer.status_code}")
    named = answer.headers.get("retry-after", "")
    return TryLater(float(named) if named.isdecimal() else 1.0, whole=True)


def _object(answer: httpx.Response) -> Mapping[str, Any]:
    try:
        found = orjson.loads(answer.content)
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}
