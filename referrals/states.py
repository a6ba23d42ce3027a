"""The closed sets of a referral: its states, the acts on it, and the codes people answer with."""

from enum import Enum


class State(Enum):
    """Where a referral stands (referral protocol 3.3)."""

    DRAFT = "draft"
    CONSENT_PENDING = "consent_pending"
    CONSENTED = "consented"
    SENT = "sent"
    RECEIVED = "received"
    MORE_INFO = "more_info"
    ACCEPTED = "accepted"
    HANDOVER_ARRANGED = "handover_arranged"
    MET = "met"
    CLOSED = "closed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


FINAL = frozenset({State.CLOSED, State.WITHDRAWN, State.EXPIRED, State.CANCELLED})
# Held by the receiver, who has her yes and may act on it.
WITH_RECEIVER = frozenset(
    {
        State.SENT,
        State.RECEIVED,
        State.MORE_INFO,
        State.ACCEPTED,
        State.HANDOVER_ARRANGED,
        State.MET,
    }
)


class Act(Enum):
    """What can be done with a referral; the table of moves says when and by whom."""

    EDIT = "edit"
    ASK_CONSENT = "ask_consent"
    AGREE = "agree"
    RECONSIDER = "reconsider"
    REFUSE = "refuse"
    APPROVE = "approve"
    SEND = "send"
    RECALL = "recall"
    CANCEL = "cancel"
    WITHDRAW = "withdraw"
    LAPSE = "lapse"
    ACKNOWLEDGE = "acknowledge"
    ACCEPT = "accept"
    DECLINE = "decline"
    ASK_MORE = "ask_more"
    ANSWER = "answer"
    ASK_NEW_ITEM = "ask_new_item"
    ARRANGE = "arrange"
    RETURN_TO_ACCEPTED = "return_to_accepted"
    MEET = "meet"
    CLOSE = "close"
    REDRAFT = "redraft"
    LOWER_URGENCY = "lower_urgency"
    ASSIGN = "assign"
    HAND_ON = "hand_on"
    CONFIRM_DELETION = "confirm_deletion"


class DeclineReason(Enum):
    """Why a receiver cannot help (3.3); a code, so that nothing is told about her."""

    NO_SPACE = "no_space"
    OUTSIDE_AREA = "outside_area"
    AGE_OR_SEX = "age_or_sex"
    NATIONALS_ONLY = "nationals_only"
    PAPERS_NEEDED = "papers_needed"
    NOT_OFFERED = "not_offered"
    LANGUAGE = "language"
    UNSAFE_HERE = "unsafe_here"
    CONFLICT_OF_INTEREST = "conflict_of_interest"
    COSTS = "costs"
    NO_CONTACT_POSSIBLE = "no_contact_possible"
    OTHER = "other"


class ClosingCode(Enum):
    """How it ended (3.3). DIED is seen by the supervisor only and never counted."""

    SERVICE_RECEIVED = "service_received"
    PARTLY_RECEIVED = "partly_received"
    CHANGED_HER_WISH = "changed_her_wish"
    MOVED = "moved"
    CONTACT_LOST = "contact_lost"
    NOT_ELIGIBLE_ANYWHERE = "not_eligible_anywhere"
    REFERRED_ON = "referred_on"
    DUPLICATE = "duplicate"
    DIED = "died"


class Question(Enum):
    """What a receiver may ask: items of 3.5 by their phrase ids, never the story."""

    LANGUAGE = "language"
    CONTACT = "contact"
    AREA = "area"
    AGE = "age"
    GENDER = "gender"
    CHILDREN = "children"
    ACCESS = "access"
    ALERTS = "alerts"
    BEFORE = "before"
    PREGNANCY = "pregnancy"
    PAPERS = "papers"
    COSTS = "costs"
