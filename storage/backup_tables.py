"""What goes into a backup, table by table: a closed list, and the reason for what stays out."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from sqlalchemy import ColumnElement, or_, true

from privacy.retention import NETWORK
from storage.rows import codes, metadata, network

BACKED: Final[tuple[str, ...]] = (
    *("services", "truths", "organisations", "counts"),
    *("editions", "drafts", "draft_items", "draft_steps", "clips", "kept_walks", "pulls"),
    *("reports", "partners", "agreements", "unit_keys", "devices", "network"),
    *("accounts", "staff_chats", "referrals", "consents", "codes"),
    *("audit", "audit_links", "audit_starts"),
)
"""Tables that go in, whole but for what `part_of` says."""

LEFT_OUT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "conversations": "a woman's talk, which nothing may bring back",
        "traces": "what stands in her chat, for 48 hours at most",
        "mail": "screens on their way to her",
        "moves": "codes to go on in another app, for minutes",
        "seen": "numbers of deliveries, for 48 hours",
        "staff_sessions": "browsers that are signed in",
        "invites": "codes that open accounts",
        "notices": "word to staff on its way",
        "pace": "how fast doors may send at this moment",
        "keys": "the key store: destroyed keys would live on",
        "key_state": "the key store",
    }
)
"""Tables that never go in, and why."""

_NETWORK: Final[frozenset[str]] = frozenset(
    {
        *("asked/", "doors/", "editions/", "floors/", "keys/", "name/", "ping/", "posters/"),
        *("raid/", "removals/", "review/", "sop/", "text/", "week/"),
    }
)
"""Kinds of documents of `network` that go in; what a woman wished for never does."""

_RECEIPT = "receipt"  # her way to stop a referral; the other kind of code lives for minutes


def network_kinds() -> tuple[frozenset[str], frozenset[str]]:
    """Kinds of `network` documents that go in, and those that stay out."""
    return _NETWORK, frozenset(NETWORK) - _NETWORK


def part_of(table: str) -> ColumnElement[bool]:
    """Which rows of a table go in."""
    if table == network.name:
        return or_(*(network.c.id.startswith(kind, autoescape=True) for kind in sorted(_NETWORK)))
    if table == codes.name:
        return codes.c.kind == _RECEIPT
    return true()


def columns_of(table: str) -> tuple[str, ...]:
    """The names of its columns, in their order."""
    return tuple(column.name for column in metadata.tables[table].columns)
