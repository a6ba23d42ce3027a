"""Consents and referrals as a caseworker would make them, whole or at random; all fictional."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from referrals.children import ChildAge, ChildBlock, Company, Safe, needed
from referrals.consent import (
    Asked,
    Consent,
    Extra,
    Interpreter,
    Purpose,
    Receiver,
    ReceiverType,
    TextShown,
    Way,
    YesAbroad,
)
from referrals.consent_digest import digest
from referrals.contact_terms import Band, ContactTerms, ContactWay, DoNot
from referrals.holding import ReferralFacts
from referrals.items import STATE_BODIES, Item, Sector, allowed
from referrals.packet import Terms
from referrals.pressure import Pressure
from referrals.values import Values

GIVEN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
AT = GIVEN + timedelta(hours=1)
TEXT = TextShown(language="km", version="2026-03-01", digest="a" * 64)
RISKS = TextShown(language="km", version="2026-03-01", digest="b" * 64)
THROUGH_CASEWORKER = Terms(contact=ContactTerms(), salt="0" * 32)
DIRECT = ContactTerms(
    way=ContactWay.PHONE,
    bands=(Band.MORNING,),
    secret="mango",
    number="+85500000000",
    do_not=frozenset({DoNot.VOICE_MAIL}),
)

SAMPLES: dict[Item, tuple[tuple[str, ...], ...]] = {
    Item.NAME: (("Mali",), ("ดาว",), ("ផ្កា",)),
    Item.LANGUAGE: (("km",), ("my", "interpreter"), ("lo", "sign", "not_my_community")),
    Item.AGE: (("18_24",), ("25_49",), ("50up",)),
    Item.GENDER: (("woman",), ("other",), ("skip",)),
    Item.BEFORE: (("2026-03-04T18",),),
    Item.PREGNANCY: (("yes",), ("no",), ("skip",)),
    Item.CHILDREN: (("u12", "u12"), ("12_14", "other")),
    Item.ACCESS: (("mobility",), ("hearing", "medicine")),
    Item.ALERTS: (("followed",), ("armed", "no_voice_mail")),
    Item.PAPERS: (("none",), ("refugee",)),
    Item.TRAFFICKING: (("cannot_leave", "debt"),),
    Item.AREA: (("KH-12-01",),),
    Item.PROVINCE: (("KH-12",),),
    Item.COSTS: (("escort", "transport"), ("none",)),
}


def asked(**changes: Any) -> Asked:
    """Rightly asked, face to face."""
    plain: dict[str, Any] = {
        "organisation": "org-a",
        "caseworker": "cw-1",
        "way": Way.FACE_TO_FACE,
        "alone": True,
        "limits_explained": True,
        "understood": True,
        "secret_word_checked": True,
    }
    return Asked(**plain | changes)


def receiver(**changes: Any) -> Receiver:
    plain: dict[str, Any] = {
        "organisation": "org-b",
        "type": ReceiverType.NGO,
        "sector": Sector.SHELTER,
        "country": "KH",
    }
    return Receiver(**plain | changes)


def consent(**changes: Any) -> Consent:
    """A consent that holds for `facts_of` it."""
    plain: dict[str, Any] = {
        "id": "1" * 32,
        "subject": "c" * 64,
        "referral": "2" * 32,
        "receiver": receiver(),
        "purpose": Purpose.SAFE_PLACE,
        "services": ("SHE.EMERG",),
        "items": frozenset({Item.LANGUAGE, Item.AGE, Item.CHILDREN}),
        "terms": THROUGH_CASEWORKER.digest(),
        "danger": 1,
        "text": TEXT,
        "asked": asked(),
        "pressure": Pressure(until_yes=timedelta(seconds=40), views=1),
        "given_at": GIVEN,
        "ends_at": GIVEN + timedelta(days=30),
    }
    return Consent(**plain | changes)


def facts_of(made: Consent, **changes: Any) -> ReferralFacts:
    """The referral for which this consent was given."""
    abroad = made.abroad is not None
    plain: dict[str, Any] = {
        "referral": made.referral,
        "subject": made.subject,
        "sender": made.asked.organisation,
        "receiver": made.receiver,
        "purpose": made.purpose,
        "wanted": made.agreed,
        "terms": made.terms,
        "danger": made.danger,
        "newest": digest(made),
        "texts": frozenset({TEXT.digest, RISKS.digest}),
        "country": "TH" if abroad else made.receiver.country,
        "agreed_items": frozenset(Item) if abroad else None,
        "under_18": made.child is not None,
        "children_focal_point": "cpfp-1" if made.child else "",
    }
    return ReferralFacts(**plain | changes)


def values_of(made: Consent, random: Random | None = None) -> Values:
    """A value for each item she agrees to."""
    pick: Callable[[tuple[tuple[str, ...], ...]], tuple[str, ...]] = (
        random.choice if random else lambda some: some[0]
    )
    items = sorted(made.agreed - {Item.CONTACT}, key=lambda item: item.value)
    given = {item: pick(SAMPLES[item]) for item in items}
    if made.child is not None and Item.AGE in given:
        given[Item.AGE] = ("15_17",)
    return Values(given)


def child_block(random: Random) -> ChildBlock:
    """A child's block in which everybody who must say yes has."""
    block = ChildBlock(
        age=random.choice(list(ChildAge)),
        company=random.choice(list(Company)),
        caregiver_safe=random.choice(list(Safe)),
        caregiver_may_have_hurt=random.random() < 0.3,
        best_interests_done=True,
    )
    return replace(block, yeses=needed(block))


def random_case(random: Random) -> tuple[Consent, Terms]:
    """Any consent that holds, with its terms: all sectors, ways, sets of items, borders, ages."""
    sector = random.choice(list(Sector))
    may = sorted(allowed(sector), key=lambda item: item.value)
    items = frozenset(random.sample(may, random.randint(0, len(may))))
    terms = Terms(
        contact=DIRECT if Item.CONTACT in items and random.random() < 0.8 else ContactTerms(),
        words=random.choice(["", "a bed on the ground floor"]),
        expects=random.choice([(), ("expect.call",)]),
        salt=f"{random.getrandbits(128):032x}",
    )
    state = sector in STATE_BODIES or random.random() < 0.2
    child = child_block(random) if random.random() < 0.2 else None
    ways = [Way.FACE_TO_FACE, Way.PHONE] if child else list(Way)
    crosses = random.random() < 0.3
    made = consent(
        id=f"{random.getrandbits(128):032x}",
        subject=f"{random.getrandbits(256):064x}",
        referral=f"{random.getrandbits(128):032x}",
        receiver=receiver(type=ReceiverType.STATE if state else ReceiverType.NGO, sector=sector),
        purpose=random.choice(list(Purpose)),
        items=items,
        terms=terms.digest(),
        danger=random.randrange(4),
        asked=asked(way=random.choice(ways), interpreter=random.choice(list(Interpreter))),
        extras=frozenset(random.sample(list(Extra), random.randint(0, len(Extra)))),
        state_yes=state,
        abroad=YesAbroad(country="KH", risks=RISKS, at=GIVEN) if crosses else None,
        child=child,
        ends_at=GIVEN + timedelta(hours=random.randint(2, 90 * 24)),
    )
    return made, terms
