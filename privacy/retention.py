"""How long each kind of thing lives, and how it ends; the sweep follows these tables alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

_MINUTE = 60
_HOUR = 60 * _MINUTE
DAY = 24 * _HOUR


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """Lives of data, in seconds (safety.md 4.11; conversation times after decisions 7)."""

    idle: int = 15 * _MINUTE
    """A conversation without a tap."""
    shared: int = 5 * _MINUTE
    """The same, where she said that she shares the phone (features.md 2.7)."""
    absolute: int = 60 * _MINUTE
    """A conversation, however busy."""
    traces: int = 48 * _HOUR
    """Ids of messages to delete: as long as Telegram lets us delete them."""
    mail: int = 10 * _MINUTE
    """A screen that could not be sent."""
    goodbye: int = _MINUTE
    """A goodbye that is a new message: later it would be a notification she did not choose."""
    seen: int = 48 * _HOUR
    """Delivery ids, so that a second copy is refused (Telegram repeats for 24 h)."""
    patience: int = _HOUR
    """A conversation that is over goes after this, even when its chat cannot be cleared."""
    audit: int = 730 * DAY
    """What staff did."""
    audit_link: int = 90 * DAY
    """To which thing about a person an act belongs, counted from its closing."""
    referral: int = 400 * DAY
    """A referral, however long its follow-up goes on; the sealed content goes far sooner."""
    staff_session: int = 8 * _HOUR
    """A signed-in browser of staff, however busy (R59)."""
    invite: int = 72 * _HOUR
    """A code that makes an account (R55)."""
    staff_chat: int = 180 * DAY
    """The link of a member's chat, since it was last used."""
    notice: int = 24 * _HOUR
    """Word to staff that could not be sent."""


KEEP = Keep()

Ends = Literal["chat", "salt", "row", "age", "kinds", "never"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """What becomes of the rows of one table.

    `row`: dropped at `expires_at`. `chat`: the same, once the clearing of the chat is posted.
    `salt`: the same, once its salt is destroyed. `age`: the oldest are dropped in order. `kinds`:
    each kind of document has its own life (NETWORK). `never`: it holds nothing about anybody.
    `longest` is how far in the future `expires_at` may lie (seconds), or how old a row may get.
    `columns` are all it has: another one must be written down here, and thought about.
    """

    ends: Ends
    longest: float | None = None
    columns: frozenset[str]


def _of(names: str) -> frozenset[str]:
    return frozenset(names.split())


_PERSONAL = "person key sealed expires_at version"

LIVES: Mapping[str, Life] = MappingProxyType(
    {
        "conversations": Life(ends="chat", longest=KEEP.idle, columns=_of(_PERSONAL)),
        "traces": Life(ends="row", longest=KEEP.traces, columns=_of(_PERSONAL)),
        "mail": Life(
            ends="row",
            longest=KEEP.traces,
            columns=_of(f"{_PERSONAL} id kind due_at rank held"),
        ),
        "pace": Life(ends="never", columns=_of("door free_at shut_until")),
        "moves": Life(ends="row", longest=KEEP.idle, columns=_of(f"{_PERSONAL} code")),
        "referrals": Life(
            ends="row",
            longest=KEEP.referral,
            columns=_of(
                "id sender receiver owner state due_at document parts share "
                "key sealed expires_at version"
            ),
        ),
        "consents": Life(
            ends="row",
            longest=KEEP.audit,
            columns=_of("id referral key sealed expires_at version"),
        ),
        "codes": Life(
            ends="row", longest=KEEP.referral, columns=_of("code kind referral expires_at")
        ),
        "accounts": Life(
            ends="never", columns=_of("id organisation state duty_until document version")
        ),
        "staff_sessions": Life(
            ends="row", longest=KEEP.staff_session, columns=_of("id account document expires_at")
        ),
        "invites": Life(
            ends="row", longest=KEEP.invite, columns=_of("code kind account document expires_at")
        ),
        "staff_chats": Life(
            ends="row", longest=KEEP.staff_chat, columns=_of("chat account key sealed expires_at")
        ),
        "notices": Life(
            ends="row", longest=KEEP.notice, columns=_of("id account kind code due_at expires_at")
        ),
        "partners": Life(ends="never", columns=_of("id document version")),
        "agreements": Life(ends="never", columns=_of("id document version")),
        "unit_keys": Life(ends="never", columns=_of("organisation number document version")),
        "devices": Life(ends="never", columns=_of("id account organisation document version")),
        "network": Life(ends="kinds", columns=_of("id document version")),
        "seen": Life(ends="row", longest=KEEP.seen, columns=_of("event expires_at")),
        "audit": Life(
            ends="age",
            longest=KEEP.audit,
            columns=_of("seq at by device what kind object result reason hash"),
        ),
        "audit_links": Life(
            ends="salt", longest=KEEP.audit, columns=_of("kind object key expires_at")
        ),
        "audit_starts": Life(ends="never", columns=_of("seq signed")),
        "counts": Life(ends="never", columns=_of("week what name country locale number")),
        "services": Life(ends="never", columns=_of("id document")),
        "truths": Life(ends="never", columns=_of("service document version")),
        "organisations": Life(ends="never", columns=_of("id document")),
        "editions": Life(ends="never", columns=_of("number state document bundle version")),
        "drafts": Life(ends="never", columns=_of("id state document version")),
        "draft_items": Life(ends="never", columns=_of("draft kind key document version")),
        "draft_steps": Life(ends="never", columns=_of("id draft by document")),
        # What nothing names goes after a week (handlers/clips.py).
        "clips": Life(ends="never", columns=_of("digest document sound")),
        "kept_walks": Life(ends="never", columns=_of("id document version")),
        "pulls": Life(ends="never", columns=_of("key document version")),
        "reports": Life(ends="never", columns=_of("id document version")),
        # The keys that sign anchors and editions have no end of their own; every other key has.
        "keys": Life(ends="row", longest=KEEP.audit, columns=_of("name wrapped expires_at")),
        "key_state": Life(ends="never", columns=_of("id proof latest")),
    }
)
"""Every table of both databases by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What becomes of one kind of document of `network`, by the beginning of its name.

    `longest` in seconds; None where it is about nobody and ends by what people do.
    """

    holds: str
    ends: Literal["own end", "tidied", "with the account", "by hand", "never"]
    longest: float | None = None


NETWORK: Mapping[str, Document] = MappingProxyType(
    {
        "request/": Document(
            holds="a woman's wish for a caseworker, sealed", ends="own end", longest=72 * _HOUR
        ),
        "check/": Document(holds="a check-in she wants, sealed", ends="own end", longest=10 * DAY),
        "room/": Document(
            holds="a question for room abroad, about nobody, sealed",
            ends="own end",
            longest=8 * DAY,
        ),
        "later/": Document(
            holds="checks after a referral, by its id", ends="own end", longest=190 * DAY
        ),
        "report/": Document(holds="word about a helper, sealed", ends="own end", longest=90 * DAY),
        "refused/": Document(
            holds="that a caseworker was told a no about a receiver: the day",
            ends="tidied",
            longest=9 * DAY,
        ),
        "reads/": Document(
            holds="how often a member of staff opened content of late",
            ends="tidied",
        ),
        "lease/": Document(holds="which process does a job just now, by chance", ends="never"),
        "name/": Document(holds="a sign-in name, as a keyed hash", ends="with the account"),
        "raid/": Document(holds="that an organisation is paused", ends="by hand"),
        "text/": Document(holds="words women were asked with, by hash", ends="never"),
        "keys/": Document(holds="the signed list of public keys", ends="never"),
        "ping/": Document(holds="whether a focal point answers a test", ends="by hand"),
        "review/": Document(
            holds="when an organisation's accounts were looked at", ends="by hand"
        ),
        "asked/": Document(holds="requests for reports", ends="by hand"),
        "week/": Document(holds="what of the coordinator's week is done", ends="by hand"),
        "floors/": Document(holds="the smallest numbers that reports show", ends="never"),
        "doors/": Document(holds="which doors are shut, and where chats begin", ends="by hand"),
        "posters/": Document(
            holds="codes on posters, the kind of place and the day", ends="by hand"
        ),
        "sop/": Document(holds="the time limits of the network", ends="never"),
        "removals/": Document(holds="the key of the list of removed things", ends="never"),
        "backup/": Document(holds="when the last backup was made", ends="never"),
        "restored/": Document(holds="that a backup was put back", ends="by hand"),
        "editions/": Document(holds="which edition of the trees serves", ends="never"),
    }
)
"""Every kind of document in the table `network`."""
