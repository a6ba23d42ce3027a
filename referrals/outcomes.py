"""What comes of an act: a changed referral with orders, or a refusal with its reason."""

from dataclasses import dataclass
from enum import Enum

from referrals.referral import Referral


class Reason(Enum):
    """Why an act is refused; each has a phrase `reason.<value>`, and no other words exist."""

    ROLE = "role"  # this person may not do it here
    VERSION = "version"  # somebody else was faster; look again
    STATE = "state"  # not from where it stands
    MISSING = "missing"  # something that belongs to the act is not given
    RECEIVER = "receiver"  # not verified, not active, or no longer to be changed
    AGE = "age"  # the service is not for her age
    CHILD = "child"  # what protects a person under 18 is not done
    ASKED = "asked"  # she said no to this receiver within 7 days
    NO_CONSENT = "no_consent"
    ASK_AGAIN = "ask_again"  # her yes is older than 72 h and was not used
    NEW_ITEM = "new_item"  # the answer needs an item she has not agreed to
    CALL_FIRST = "call_first"  # levels 0 and 1 begin with a call
    AGREEMENT = "agreement"  # no basis between the two countries, or not both sides
    RISK = "risk"  # return is too dangerous, or nobody has checked
    STATE_BODY = "state_body"  # no yes of its own for police, state team or embassy
    OPENED = "opened"  # somebody has seen it already
    NOT_WITH_HER = "not_with_her"  # not agreed with her
    FOLLOW_UP = "follow_up"  # neither done nor refused
    EARLY = "early"  # the time is not over
    TRAVEL = "travel"  # no window, no safe place till then, or not two who follow up
    UNCONFIRMED = "unconfirmed"  # she was not asked again 24 to 48 h before travel
    WORDS = "words"  # free words that could tell who she is or what happened
    LANGUAGE = "language"  # no code can be read in a language of hers; she is asked by voice
    WAIT = "wait"  # too much opened in too short a time (R54)


class Effect(Enum):
    """Orders to the handlers, to be carried out in the order given.

    START_CLOCKS sets the one timer to `next_at`; STOP_CLOCKS takes it away. DESTROY_SHARE is the
    server's share of the key to the content: after it, no copy anywhere can be opened.
    """

    DESTROY_SHARE = "destroy_share"
    ERASE_CONTENT = "erase_content"
    CLOSE_CONTENT = "close_content"  # card and content, for the receiver
    OPEN_CARD = "open_card"  # the triage card, for the receiver
    OPEN_CONTENT = "open_content"  # for the one assigned
    ISSUE_CODE = "issue_code"  # or open the script; for a child always the script
    GIVE_RECEIPT = "give_receipt"
    ASK_DELETION = "ask_deletion"  # receiver says "deleted" or "legal hold" within 72 h
    TELL_RECEIVER = "tell_receiver"
    TELL_SENDER = "tell_sender"
    TELL_SUPERVISOR = "tell_supervisor"
    TELL_STEWARD = "tell_steward"
    TELL_DATA_PROTECTION = "tell_data_protection"
    OFFER_OTHERS = "offer_others"  # up to three other services, to the sender
    START_CLOCKS = "start_clocks"
    STOP_CLOCKS = "stop_clocks"
    COUNT = "count"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """The referral afterwards, and what is to be done now."""

    referral: Referral
    effects: tuple[Effect, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing has changed."""

    reason: Reason
