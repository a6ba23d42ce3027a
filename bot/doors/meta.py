"""What WhatsApp and Messenger share: Meta's Graph API, its signature, its question, its errors."""

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from bot.door import Knock, Messenger, each, fits
from bot.rest import Reply, Rest
from handlers.messages import (
    MAX_TYPED,
    Address,
    ChannelError,
    Refused,
    TryLater,
    Unreachable,
)

SEAL = "x-hub-signature-256"
LONGEST_ID = 512  # characters of a message's id; our choice, theirs are far below
LONGEST_PAUSE = 3600.0  # seconds; our choice, no screen waits longer than that anyway

# What Meta sends to see whether a hook is ours comes back to it unchanged, so only what can be
# nothing else than a challenge (Meta's are digits) is given back.
_CHALLENGE = re.compile(r"[A-Za-z0-9_.~+/=-]{1,256}")
_TOKEN = re.compile(r"[!-~]+")
_USAGE = "x-business-use-case-usage"


@dataclass(frozen=True, slots=True, kw_only=True)
class Meanings:
    """What a platform's error codes and subcodes mean for us; any other one is tried again.

    `gone`: she cannot be reached. `never`: it will not take this one message. `pauses`: how many
    seconds it wants to be left alone; `hers`: those of them that are about one chat.
    """

    gone: frozenset[int]
    never: frozenset[int]
    pauses: Mapping[int, float]
    hers: frozenset[int] = frozenset()


class MetaDoor(Messenger):
    """What the two doors have alike: proof, handshake, calls. Neither edits nor deletes."""

    seal = SEAL
    meanings: Meanings

    def __init__(self, block: Mapping[str, str]) -> None:
        """Take `token`, `app_secret`, `verify` and `api` of the block. Raises ValueError."""
        given = {"token": [block["token"]], "app_secret": block["app_secret"].split()}
        for name, words in given.items():
            if not all(map(_TOKEN.fullmatch, words)):
                setting = f"{self.name}_{name}".upper()
                raise ValueError(f"{setting} holds a space or a letter that Meta's never have")
        self._secrets = each(block["app_secret"])
        self._verify = each(block["verify"])
        self._base = block["api"]
        bearer = {"Authorization": f"Bearer {block['token']}"}
        self._rest = Rest(self._base, bearer, of_one_chat=self._is_hers)

    def proven(self, knock: Knock) -> bool:
        """By the HMAC-SHA256 of the raw body under the app's secret (Meta: Webhooks, "Validate
        payloads")."""
        given = knock.headers.get(SEAL, "").encode("utf-8", "replace")
        made = (hmac.new(one, knock.body, hashlib.sha256).hexdigest() for one in self._secrets)
        return fits(given, (b"sha256=" + one.encode() for one in made))

    def greeted(self, query: Mapping[str, str]) -> str | None:
        """Give the challenge back to whom knows our word (Meta: "Verification requests")."""
        challenge = query.get("hub.challenge", "")
        word = query.get("hub.verify_token", "").encode("utf-8", "replace")
        known = fits(word, self._verify)
        asked = query.get("hub.mode") == "subscribe" and _CHALLENGE.fullmatch(challenge)
        return challenge if known and asked else None

    async def forget(self, address: Address, message_ids: Sequence[str]) -> tuple[str, ...]:
        """Nothing that was sent can be deleted."""
        return ()

    async def receipt(self, callback_id: str) -> None:
        """No tap waits here. What she wrote is not marked as read: nobody needs to know."""

    async def close(self) -> None:
        """Give back connections."""
        await self._rest.close()

    async def ask(self, method: str, path: str, body: object = None) -> Mapping[str, Any]:
        """One call with our token; what it answered. Raises ChannelError, by what Meta says."""
        return understood(await self._rest.call(method, path, body), self.meanings)

    def _is_hers(self, told: Mapping[str, Any]) -> bool:
        return bool(_codes(told) & self.meanings.hers)


def understood(reply: Reply, meanings: Meanings) -> Mapping[str, Any]:
    """The answer, or what its error means. Only numbers of Meta's go into a message."""
    error = reply.body.get("error")
    if error is None and reply.status == 200:
        return reply.body
    codes = _codes(reply.body)
    if codes & meanings.gone:
        raise Unreachable
    if waits := [meanings.pauses[code] for code in codes if code in meanings.pauses]:
        whole = not codes & meanings.hers
        raise TryLater(_regained(reply.headers) or max(waits), whole=whole)
    if codes & meanings.never:
        raise Refused
    raise ChannelError(f"answered {reply.status}")


def _codes(told: Mapping[str, Any]) -> set[int]:
    error = of(told, "error")
    return {
        code for code in (of(error, "code"), of(error, "error_subcode")) if isinstance(code, int)
    }


def _regained(headers: Mapping[str, str]) -> float:
    """Seconds until a limit of use is over, where a header tells (Meta: Graph API, "Rate
    limits"; it counts in minutes), else 0."""
    usage = parsed(headers.get(_USAGE, "").encode())
    if not isinstance(usage, Mapping):
        return 0.0
    told = [
        of(one, "estimated_time_to_regain_access")
        for business in usage
        for one in listed(usage, business)
    ]
    minutes = [one for one in told if isinstance(one, int | float)]
    return min(LONGEST_PAUSE, max(minutes, default=0) * 60.0)


def parsed(body: bytes) -> object:
    """A body as JSON, None for anything else; deep nesting is refused."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None


def of(thing: object, key: str) -> Any:
    """A field of what may not be an object at all."""
    return thing.get(key) if isinstance(thing, Mapping) else None


def listed(thing: object, key: str) -> Sequence[Any]:
    """A field that should be a list; empty for anything else."""
    found = of(thing, key)
    return found if isinstance(found, list) else ()


def words_of(thing: object, key: str) -> str:
    """A field that should be words; "" for anything else."""
    found = of(thing, key)
    return found if isinstance(found, str) else ""


def event_of(message_id: object) -> str | None:
    """The name of an event for duplicates, from Meta's own. Hashed always: WhatsApp's ids hold
    the phone number of whom they are from, and names of events are kept in clear."""
    if not isinstance(message_id, str) or not 0 < len(message_id) <= LONGEST_ID:
        return None
    return hashlib.sha256(message_id.encode("utf-8", "replace")).hexdigest()


def typed(words: object) -> str | None:
    """What she wrote, as much as is looked at; half a surrogate pair would break stores."""
    if not isinstance(words, str) or not words:
        return None
    return words[:MAX_TYPED].encode("utf-8", "ignore").decode("utf-8") or None
