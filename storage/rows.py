"""All tables. What belongs to a person has one shape: sealed, dated, versioned."""

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Text,
)

from storage.edition_rows import editions  # with it, the metadata knows all its tables
from storage.schema import Serial, documents, key_metadata, metadata

__all__ = ["editions", "key_metadata", "metadata"]


def _personal(name: str, *extra: Column[object]) -> Table:
    """A table about people: nothing in clear but a pseudonym, a key's name, an end, a version.

    `person` is a keyed hash whose pepper is destroyed (privacy/pseudonym.py); `key` is the random
    name of the key in the key store that opens `sealed`; times are Unix seconds.
    """
    return Table(
        name,
        metadata,
        *extra,
        Column("key", String(32), nullable=False),
        Column("sealed", LargeBinary, nullable=False),
        Column("expires_at", Float, nullable=False, index=True),
        Column("version", Integer, nullable=False, default=1),
        info={"personal": True},
        sqlite_autoincrement=True,  # a number once given never names another row
    )


conversations = _personal("conversations", Column("person", String(32), primary_key=True))

traces = _personal("traces", Column("person", String(32), primary_key=True))

mail = _personal(
    "mail",
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("person", String(32), nullable=False, index=True),
    Column("kind", String(8), nullable=False),
    Column("due_at", Float, nullable=False, index=True),
    Column("rank", SmallInteger, nullable=False, server_default="1"),
    Column("held", Float, nullable=False, server_default="0"),  # till then no word to this chat
)
Index("ix_mail_rank", mail.c.rank, mail.c.id)

# How fast a door may send, for all processes together; nothing about a person.
pace = Table(
    "pace",
    metadata,
    Column("door", String(40), primary_key=True),
    Column("free_at", Float, nullable=False),  # Unix seconds: when the next call may be made
    Column("shut_until", Float, nullable=False),  # until when the platform wants none at all
)

# Codes to go on in another app with: at most one a person.
moves = _personal(
    "moves",
    Column("person", String(32), primary_key=True),
    Column("code", String(64), nullable=False, index=True),  # privacy.receipt.lookup
)

seen = Table(
    "seen",
    metadata,
    Column("event", String(80), primary_key=True),
    Column("expires_at", Float, nullable=False, index=True),
)

counts = Table(
    "counts",
    metadata,
    Column("week", String(8), primary_key=True),
    Column("what", String(16), primary_key=True),
    Column("name", String(80), primary_key=True),
    Column("country", String(4), primary_key=True),
    Column("locale", String(4), primary_key=True),
    Column("number", Integer, nullable=False),
)

services = Table(
    "services",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("document", Text, nullable=False),
)

truths = documents("truths", Column("service", String(40), primary_key=True))

organisations = Table(
    "organisations",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("document", Text, nullable=False),
)

# What staff did, bound entry to entry (privacy/audit.py). Triggers refuse to change it: a
# migration that rebuilds this table must make them anew.
audit = Table(
    "audit",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("by", String(40), nullable=False),
    Column("device", String(40), nullable=False),
    Column("what", String(40), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("object", String(64), nullable=False),
    Column("result", String(8), nullable=False),
    Column("reason", String(40), nullable=False),
    Column("hash", String(64), nullable=False),
)

# Which salt stands behind the links of a thing about a person; cut when its time is over.
audit_links = Table(
    "audit_links",
    metadata,
    Column("kind", String(40), primary_key=True),
    Column("object", String(40), primary_key=True),
    Column("key", String(32), nullable=False),
    Column("expires_at", Float, nullable=True, index=True),
)

# Where the chain begins since its oldest entries were dropped: at most one row, signed.
audit_starts = Table(
    "audit_starts",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("signed", Text, nullable=False),
)

# What is sealed of a referral: her answers in codes and the triage card, under a key of its own,
# and `parts`, which only the receiving organisation's key together with `share` opens (4.3).
# `document` is what decisions 29 lets stand in clear: state, days, units, service, clocks.
referrals = _personal(
    "referrals",
    Column("id", String(32), primary_key=True),
    Column("sender", String(40), nullable=False, index=True),
    Column("receiver", String(40), nullable=False, index=True),
    Column("owner", String(40), nullable=False, index=True),
    Column("state", String(20), nullable=False, index=True),
    Column("due_at", Float, nullable=True, index=True),
    Column("document", Text, nullable=False),
    Column("parts", LargeBinary, nullable=False),
    Column("share", String(32), nullable=False),
)

consents = _personal(
    "consents",
    Column("id", String(32), primary_key=True),
    Column("referral", String(32), nullable=False, index=True),
)

# Codes and receipts she was given, as keyed hashes (decisions 24); nothing of her beside them.
codes = Table(
    "codes",
    metadata,
    Column("code", String(64), primary_key=True),
    Column("kind", String(8), nullable=False),
    Column("referral", String(32), nullable=False, index=True),
    Column("expires_at", Float, nullable=False, index=True),
)

# People of organisations: what is secret or personal in `document` is sealed or hashed.
accounts = documents(
    "accounts",
    Column("id", String(40), primary_key=True),
    Column("organisation", String(40), nullable=False, index=True),
    Column("state", String(12), nullable=False),
    Column("duty_until", Float, nullable=True),
)

staff_sessions = Table(
    "staff_sessions",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("account", String(40), nullable=False, index=True),
    Column("document", Text, nullable=False),
    Column("expires_at", Float, nullable=False, index=True),
)

# Single-use codes for staff and partners: set-up, invite, link of a chat, link for a partner.
invites = Table(
    "invites",
    metadata,
    Column("code", String(64), primary_key=True),
    Column("kind", String(12), nullable=False),
    Column("account", String(40), nullable=False, index=True),
    Column("document", Text, nullable=False),
    Column("expires_at", Float, nullable=False, index=True),
)

# Which chat of a messenger belongs to which member of staff; the address sealed.
staff_chats = Table(
    "staff_chats",
    metadata,
    Column("chat", String(64), primary_key=True),
    Column("account", String(40), nullable=False, index=True),
    Column("key", String(32), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("expires_at", Float, nullable=False, index=True),
)

# Word to staff that something waits: a kind and a code, never content.
notices = Table(
    "notices",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("account", String(40), nullable=False, index=True),
    Column("kind", String(24), nullable=False),
    Column("code", String(16), nullable=False),
    Column("due_at", Float, nullable=False, index=True),
    Column("expires_at", Float, nullable=False, index=True),
    sqlite_autoincrement=True,
)

# Organisations as receivers: vetting, focal points, rota, capacity (handlers/partners.py).
partners = documents("partners", Column("id", String(40), primary_key=True))

agreements = documents("agreements", Column("id", String(40), primary_key=True))

# Public keys of organisations, and their private keys as wrapped for each device and custodian.
unit_keys = documents(
    "unit_keys",
    Column("organisation", String(40), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
)

devices = documents(
    "devices",
    Column("id", String(40), primary_key=True),
    Column("account", String(40), nullable=False, index=True),
    Column("organisation", String(40), nullable=False, index=True),
)

# Other things of the network that are documents: freezes, duty rules, settings of the SOP.
network = documents("network", Column("id", String(60), primary_key=True))

keys = Table(
    "keys",
    key_metadata,
    Column("name", String(80), primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
    Column("expires_at", Float, nullable=False, index=True),
)

# One row: what tells the root key in use (privacy/keystore.py), and the latest moment ever seen.
key_state = Table(
    "key_state",
    key_metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("proof", LargeBinary, nullable=False),
    Column("latest", Float, nullable=False),
)


def personal_tables() -> tuple[Table, ...]:
    """Every table about people; the sweep and the canary test go through all of them."""
    return tuple(t for t in metadata.sorted_tables if t.info.get("personal"))
