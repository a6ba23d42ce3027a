"""The closed set of what a tree may ask the program to do, each with what it means."""

from enum import StrEnum


class Action(StrEnum):
    """Names used under `action:` in a tree file."""

    GAZETTEER_PICKER = "gazetteer_picker"
    """Offer provinces, then districts, of her country; outcome `chosen`."""
    FREE_TEXT_PLACE = "free_text_place"
    """Wait for a typed place; outcomes `found` (candidates kept) and `none`. Words are dropped."""
    PLACE_FOUND = "place_found"
    """Offer the places found for the typed words; outcomes `chosen`, or `none` without any."""
    FREE_TEXT_CODE = "free_text_code"
    """Wait for a typed code; outcomes `works`, `stops` (consent stands already), `fails`."""
    MAKE_CODE = "make_code"
    """Make the code that goes on in another app, or let the one there is live on; fills {code}."""
    REPEAT_CODE = "repeat_code"
    """Offer pictures until she has tapped those of her code; outcomes `right`, `wrong`."""
    FREE_TEXT_PHONE = "free_text_phone"
    """Wait for a number she chooses to leave; outcome `taken`. Only on our own web chat."""
    ITEM_CHECKLIST = "item_checklist"
    """Offer the items of a consent to take out; outcome `done`."""
    SEPARATE_YESES = "separate_yeses"
    """Offer what she is asked apart from the consent, to be ticked; outcome `done`."""
    SAFE_HOURS = "safe_hours"
    """Offer the times of day at which she may be written to; outcome `chosen`."""
    SHOW_RECEIPT = "show_receipt"
    """Show her own number, in the form she taps; outcome `done`. Nowhere else, and never again."""
    LAST_SERVICES = "last_services"
    """Offer the services shown last; outcomes `chosen`, or `none` when there were none."""
    FORGET_SESSION = "forget_session"
    """Forget the conversation and delete what the platform lets us delete; the words stay."""
    LEAVE_CARD = "leave_card"
    """The same as forget_session, but one plain card of everyday phrases stays: her own wish."""
    QUICK_EXIT = "quick_exit"
    """The same, at once, leaving nothing on the screen where the platform allows it."""
    OPT_OUT = "opt_out"
    """No check-in is sent any more: the sealed address kept for it is destroyed."""
    GIVE_FEEDBACK = "give_feedback"
    """Count what she said about a service: service, reason, week. Nothing of her."""
    REPORT_HELPER = "report_helper"
    """Put up a safeguarding report, under a code, for people outside the accused team; counted."""
    REQUEST_CASEWORKER = "request_caseworker"
    """Put an opt-in request for a caseworker; kept sealed until contact or 72 hours."""
    CANCEL_REQUEST = "cancel_request"
    """Destroy that request."""
    RECORD_CONSENT = "record_consent"
    """Keep her yes to one referral, with the hash of the words she read."""
    REFUSE_CONSENT = "refuse_consent"
    """Close the proposed referral without a reason."""
    RECONSIDER = "reconsider"
    """Give the proposed referral back to her caseworker: she has a question."""
    ANSWER_LATER = "answer_later"
    """Tell her caseworker that she has not decided; her code lives on until its time."""
    SHOW_STATUS = "show_status"
    """Say in one sentence where the referral of her receipt stands."""
    TAKE_OUT = "take_out"
    """Take back the items she ticked: the receiver loses them at once; the rest stands."""
    WITHDRAW = "withdraw"
    """Take her yes back: the receiver's view closes at once."""


# Nodes with one of these wait for an answer that only the program can judge.
INPUTS = frozenset(
    {
        Action.GAZETTEER_PICKER,
        Action.FREE_TEXT_PLACE,
        Action.PLACE_FOUND,
        Action.FREE_TEXT_CODE,
        Action.REPEAT_CODE,
        Action.FREE_TEXT_PHONE,
        Action.ITEM_CHECKLIST,
        Action.SEPARATE_YESES,
        Action.SAFE_HOURS,
        Action.SHOW_RECEIPT,
        Action.LAST_SERVICES,
    }
)
# Lists in which she ticks what she wants and then goes on with Next; outcome `done`.
TICKED = frozenset({Action.ITEM_CHECKLIST, Action.SEPARATE_YESES, Action.SHOW_RECEIPT})
# Of those, the ones answered by typing.
TYPED = frozenset({Action.FREE_TEXT_PLACE, Action.FREE_TEXT_CODE, Action.FREE_TEXT_PHONE})
# With one of these she is gone: the walk ends, and is forgotten.
LEAVING = frozenset({Action.QUICK_EXIT, Action.FORGET_SESSION, Action.LEAVE_CARD})
# They identify her: no way in but through a node that `consents`.
IDENTIFYING = frozenset({Action.FREE_TEXT_PHONE})
