"""Whether a consent holds for this referral at this moment, and if not, why not."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

from referrals.children import lacks
from referrals.consent import Consent, Purpose, Receiver, ReceiverType, Way
from referrals.consent_digest import digest
from referrals.items import STATE_BODIES, Item, allowed
from referrals.pressure import Pressed, pressed

UNSENT = timedelta(hours=72)  # decision 2: between yes and sending


class Why(Enum):
    """Why a consent does not hold, in the order in which it is said."""

    MISSING = "missing"
    WITHDRAWN = "withdrawn"
    FORGED = "forged"
    OTHER_REFERRAL = "other_referral"
    OTHER_PERSON = "other_person"
    CLOSED = "closed"
    NOT_YET = "not_yet"
    ENDED = "ended"
    UNSENT = "unsent_too_long"
    OTHER_SENDER = "other_sender"
    OTHER_RECEIVER = "other_receiver"
    RECEIVER_CHANGED = "receiver_changed"
    OTHER_COUNTRY = "other_country"
    OTHER_PURPOSE = "other_purpose"
    NEW_ITEM = "new_item"
    ITEM_NEVER = "item_never"
    ITEM_ABSENT = "item_absent"
    OTHER_TERMS = "other_terms"
    DANGER_CHANGED = "danger_changed"
    TEXT_UNKNOWN = "text_unknown"
    NOT_ALONE = "not_alone"
    NOT_EXPLAINED = "not_explained"
    NOT_UNDERSTOOD = "not_understood"
    NO_SECRET_WORD = "no_secret_word"  # noqa: S105  # a reason, not a password
    PRESSED = "pressed"
    SAY_BACK = "say_back"
    STATE_UNASKED = "state_unasked"
    FEARS_STATE = "fears_state"
    ABROAD_UNASKED = "abroad_unasked"
    CHILD_BY_CODE = "child_by_code"
    CHILD = "child"
    TURNED_18 = "turned_18"


ASK_AGAIN = frozenset(
    {
        *(Why.UNSENT, Why.ENDED, Why.OTHER_RECEIVER, Why.RECEIVER_CHANGED, Why.OTHER_COUNTRY),
        *(Why.OTHER_PURPOSE, Why.NEW_ITEM, Why.OTHER_TERMS, Why.DANGER_CHANGED, Why.TURNED_18),
    }
)
"""What has changed since her yes, so that she is asked once more (3.8, "Ask again")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralFacts:
    """The referral as it is now, against which a consent is held.

    `sender` and `receiver` are as the referral and the directory name them now; `country` is where
    she is; `sent_at` is when the packet of this consent went out.
    `newest` is the digest last linked in the audit chain for this consent, `texts` the digests of
    texts that were ever published for consent, `wanted` the items about to be sent or read,
    `agreed_items` what the corridor's agreement lets pass, None where no border is crossed.
    `children_focal_point` is the id of the child-protection focal point, empty without one.
    """

    referral: str
    subject: str = field(repr=False)
    sender: str
    receiver: Receiver
    purpose: Purpose
    wanted: frozenset[Item]
    terms: str
    danger: int
    newest: str
    texts: frozenset[str]
    country: str
    agreed_items: frozenset[Item] | None = None
    under_18: bool = False
    children_focal_point: str = ""
    fears_state: bool = False
    sent_at: datetime | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Holds:
    """That a consent holds for these facts at that moment. Raises ValueError where it does not."""

    consent: Consent
    facts: ReferralFacts
    at: datetime

    def __post_init__(self) -> None:
        if reasons(self.consent, self.facts, self.at):
            raise ValueError("the consent does not hold")


def holds(consent: Consent | None, facts: ReferralFacts, at: datetime) -> Holds | Why:
    """Either that it holds, or the first reason why not. `at` is an aware moment."""
    if consent is None:
        return Why.MISSING
    found = reasons(consent, facts, at)
    return found[0] if found else Holds(consent, facts, at)


def reasons(consent: Consent, facts: ReferralFacts, at: datetime) -> tuple[Why, ...]:
    """Everything that stands against it, in the order of `Why`."""
    found = {why for check in _CHECKS for why in check(consent, facts, at)}
    if facts.sent_at is None:
        found.update(_changed(consent, facts))
    return tuple(why for why in Why if why in found)


def ask_again(consent: Consent, facts: ReferralFacts, at: datetime) -> tuple[Why, ...]:
    """Why she must be asked once more, where she was asked rightly before.

    Once sent, a changed danger or an eighteenth birthday asks her again but takes nothing from
    those who are helping her; every other change ends the consent at once.
    """
    found = {*reasons(consent, facts, at), *_changed(consent, facts)}
    return tuple(why for why in Why if why in found & ASK_AGAIN)


_Check = Callable[[Consent, ReferralFacts, datetime], list[Why]]


def _seen(checks: Mapping[Why, bool]) -> list[Why]:
    return [why for why, seen in checks.items() if seen]


def _changed(consent: Consent, facts: ReferralFacts) -> list[Why]:
    return _seen(
        {
            Why.DANGER_CHANGED: consent.danger != facts.danger,
            Why.TURNED_18: consent.child is not None and not facts.under_18,
        }
    )


def _identity(consent: Consent, facts: ReferralFacts, at: datetime) -> list[Why]:
    return _seen(
        {
            Why.WITHDRAWN: consent.withdrawn_at is not None,
            Why.FORGED: digest(consent) != facts.newest,
            Why.OTHER_REFERRAL: consent.referral != facts.referral,
            Why.OTHER_PERSON: consent.subject != facts.subject,
            Why.OTHER_SENDER: consent.asked.organisation != facts.sender,
        }
    )


def _time(consent: Consent, facts: ReferralFacts, at: datetime) -> list[Why]:
    leaves = facts.sent_at if facts.sent_at is not None else at
    return _seen(
        {
            Why.CLOSED: facts.closed_at is not None and facts.closed_at <= at,
            Why.NOT_YET: not consent.given_at <= leaves <= at,
            Why.ENDED: consent.ends_at <= at,
            Why.UNSENT: leaves - consent.given_at > UNSENT,
        }
    )


def _scope(consent: Consent, facts: ReferralFacts, at: datetime) -> list[Why]:
    ours, theirs = consent.receiver, facts.receiver
    may_pass = allowed(theirs.sector)
    if facts.agreed_items is not None:
        may_pass &= facts.agreed_items
    changed = (ours.type, ours.sector) != (theirs.type, theirs.sector)
    return _seen(
        {
            Why.OTHER_RECEIVER: ours.organisation != theirs.organisation,
            Why.RECEIVER_CHANGED: ours.organisation == theirs.organisation and changed,
            Why.OTHER_COUNTRY: ours.country != theirs.country,
            Why.OTHER_PURPOSE: consent.purpose is not facts.purpose,
            Why.NEW_ITEM: not facts.wanted <= consent.agreed,
            Why.ITEM_NEVER: not consent.agreed <= may_pass,
            Why.OTHER_TERMS: consent.terms != facts.terms,
        }
    )


def _asking(consent: Consent, facts: ReferralFacts, at: datetime) -> list[Why]:
    asked, signs = consent.asked, pressed(consent.pressure)
    unmeasured = asked.way is Way.CODE and consent.pressure.until_yes is None
    texts = {consent.text.digest} | ({consent.abroad.risks.digest} if consent.abroad else set())
    return _seen(
        {
            Why.TEXT_UNKNOWN: not texts <= facts.texts,
            Why.NOT_ALONE: not asked.alone,
            Why.NOT_EXPLAINED: not asked.limits_explained,
            Why.NOT_UNDERSTOOD: not asked.understood,
            Why.NO_SECRET_WORD: (
                asked.way is not Way.FACE_TO_FACE and not asked.secret_word_checked
            ),
            Why.PRESSED: Pressed.STOP in signs or Pressed.VIEWS in signs,
            Why.SAY_BACK: Pressed.SAY_BACK in signs or unmeasured,
        }
    )


def _borders(consent: Consent, facts: ReferralFacts, at: datetime) -> list[Why]:
    receiver, abroad = facts.receiver, consent.abroad
    state_body = receiver.sector in STATE_BODIES
    crosses = receiver.country != facts.country
    named = abroad is not None and abroad.country == receiver.country and abroad.at <= at
    return _seen(
        {
            Why.STATE_UNASKED: (state_body or receiver.type is ReceiverType.STATE)
            and not consent.state_yes,
            Why.FEARS_STATE: state_body and facts.fears_state,
            Why.ABROAD_UNASKED: crosses and not (named and facts.agreed_items is not None),
        }
    )


def _child(consent: Consent, facts: ReferralFacts, at: datetime) -> list[Why]:
    if not facts.under_18:
        return []
    return _seen(
        {
            Why.CHILD_BY_CODE: consent.asked.way is Way.CODE,
            Why.CHILD: bool(lacks(consent.child, facts.children_focal_point)),
        }
    )


_CHECKS: tuple[_Check, ...] = (_identity, _time, _scope, _asking, _borders, _child)
