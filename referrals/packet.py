"""What is sealed for the receiver: the agreed items and no other, contact instructions first."""

import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime

from referrals.consent import Consent
from referrals.consent_digest import canonical, digest
from referrals.contact_terms import ContactTerms
from referrals.holding import Holds, ReferralFacts, Why, holds
from referrals.items import Item
from referrals.values import UNDER_18, Values

LONGEST_WORDS = 120  # characters beside the purpose (3.5, field 6)
_SALT = re.compile(r"[0-9a-f]{32}")
_PHRASE = re.compile(r"[a-z_.]{1,40}")

# Every name that may stand in a packet; an item's value is a list of codes (values.py).
_FRAME = (
    *("contact", "form", "consent", "referral", "sender", "receiver", "urgency", "services"),
    *("purpose", "words", "expects", "duty_note"),
)
_TYPED = frozenset({Item.NAME})  # her number is no value: the contact instructions hold it
FIELDS = frozenset({*_FRAME, *(item.value for item in Item)})
FORM = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What she agreed to besides items: how she is reached, the words, and what she was told.

    Only their digest is in the consent. `salt` is 128 random bits in hex, so that a digest cannot
    be guessed back. `words` were passed by freetext.py; `expects` are ids of phrases. Raises
    ValueError, which repeats nothing.
    """

    contact: ContactTerms
    words: str = field(default="", repr=False)
    expects: tuple[str, ...] = ()
    salt: str = field(repr=False)

    def __post_init__(self) -> None:
        phrases = all(map(_PHRASE.fullmatch, self.expects))
        if not (_SALT.fullmatch(self.salt) and phrases and len(self.words) <= LONGEST_WORDS):
            raise ValueError("terms outside their form")

    def digest(self) -> str:
        """The SHA-256, in hex, that the consent names."""
        return hashlib.sha256(canonical(self)).hexdigest()


@dataclass(frozen=True, slots=True)
class Packet:
    """What one receiver gets. It exists only with a consent that holds, and holds no more than it.

    `apart` are agreed items that lie beside it, typed and sealed in a browser: names alone can.
    Raises ValueError, which repeats nothing, when it would hold another set than she agreed to.
    """

    held: Holds
    terms: Terms
    values: Values
    duty_note: bool = False
    apart: frozenset[Item] = frozenset()

    def __post_init__(self) -> None:
        if _mismatch(self.held.consent, (self.terms, self.values), self.apart):
            raise ValueError("a packet that is not what she agreed to")

    def canonical(self) -> bytes:
        """UTF-8 JSON in one order: contact instructions, then the frame, then items by name."""
        return _bytes(self)


def pack(
    consent: Consent | None,
    facts: ReferralFacts,
    at: datetime,
    content: tuple[Terms, Values],
    apart: frozenset[Item] = frozenset(),
) -> Packet | Why:
    """The packet for this receiver, or why there is none.

    `apart`: what the sealed form holds of it. Raises nothing. An item more than agreed is
    NEW_ITEM, one less ITEM_ABSENT; other contact terms or words than she heard are OTHER_TERMS;
    an age that the child block contradicts is CHILD.
    """
    held = holds(consent, facts, at)
    if isinstance(held, Why):
        return held
    wrong = _mismatch(held.consent, content, apart)
    return wrong or Packet(held, *content, apart=apart & held.consent.agreed)


def _mismatch(
    consent: Consent, content: tuple[Terms, Values], apart: frozenset[Item]
) -> Why | None:
    terms, values = content
    given = frozenset(values.of)
    agreed = consent.agreed - {Item.CONTACT}
    direct = terms.contact != ContactTerms(do_not=terms.contact.do_not)
    checks = {
        Why.OTHER_TERMS: terms.digest() != consent.terms,
        Why.NEW_ITEM: not given <= agreed or (direct and Item.CONTACT not in consent.agreed),
        Why.ITEM_ABSENT: not agreed - (apart & _TYPED) <= given,
        Why.CHILD: Item.AGE in given
        and (consent.child is not None) is not (values.of[Item.AGE][0] in UNDER_18),
    }
    return next((why for why, seen in checks.items() if seen), None)


def _bytes(packet: Packet) -> bytes:
    consent, terms = packet.held.consent, packet.terms
    content: dict[str, object] = {
        "contact": _contact(terms.contact),
        "form": FORM,
        "consent": digest(consent),
        "referral": consent.referral,
        "sender": (consent.asked.organisation, consent.asked.caseworker),
        "receiver": consent.receiver.organisation,
        "urgency": consent.danger,
        "services": consent.services,
        "purpose": consent.purpose,
        "words": terms.words,
        "expects": terms.expects,
        "duty_note": packet.duty_note,
    }
    items = sorted(packet.values.of, key=lambda item: item.value)
    content |= {item.value: packet.values.of[item] for item in items}
    return b"{" + b",".join(_pair(name, value) for name, value in content.items()) + b"}"


def _contact(terms: ContactTerms) -> tuple[tuple[str, object], ...]:
    """Instructions before the number: what not to do, when, which word, then how."""
    return (
        ("do_not", terms.do_not),
        ("when", terms.bands),
        ("word", terms.secret),
        ("way", terms.way),
        ("number", terms.number),
    )


def _pair(name: str, value: object) -> bytes:
    return canonical(name) + b":" + canonical(value)
