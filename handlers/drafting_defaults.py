"""What follows from a need or a receiver by itself, so that it need not be tapped."""

from dataclasses import replace

from handlers.casework_form import Form
from handlers.receiver_values import Candidate
from referrals.consent import Purpose

EXPECTED = ("told.may_say_no", "told.no_promise", "told.how_to_stop", "told.free_to_refuse")
"""What she is told before she is asked (3.5, field 7); phrases, so that no promise is made."""

# The most particular first: a code, then its family.
_PURPOSES = {
    "CMG.TIP": Purpose.FREE,
    "CMG.CP": Purpose.CHILD,
    "SHE.CHILD": Purpose.CHILD,
    "SHE": Purpose.SAFE_PLACE,
    "HEA": Purpose.CARE,
    "PSS": Purpose.TALK,
    "CMG": Purpose.TALK,
    "INT": Purpose.TALK,
    "DIG": Purpose.TALK,
    "LEG": Purpose.LAW,
    "POL": Purpose.LAW,
    "LAB": Purpose.PAY,
    "LIV": Purpose.PAY,
    "DOC": Purpose.PAPERS,
    "RET": Purpose.HOME,
    "CHP": Purpose.CHILD,
    "MAT": Purpose.BASICS,
}


def purpose_of(code: str) -> Purpose | None:
    """For what one usually asks this kind of help; the caseworker may say otherwise."""
    return _PURPOSES.get(code) or _PURPOSES.get(code.partition(".")[0])


def at_receiver(form: Form, taker: Candidate) -> Form:
    """The form with this receiver; what is to be told and for what are proposed, nothing more."""
    first = form.services[0] if form.services else ""
    return replace(
        form,
        service=taker.service,
        receiver=taker.organisation,
        to_country=taker.country,
        purpose=form.purpose or purpose_of(first),
        expects=form.expects or EXPECTED,
        items=frozenset(),
        asked_herself=False,
        another_woman=False,
    )


def without_receiver(form: Form) -> Form:
    """Need, place or age changed: whoever was chosen may not fit; items go with the receiver."""
    if not form.receiver and not form.items:
        return form
    return replace(form, service="", receiver="", items=frozenset(), purpose=None)
