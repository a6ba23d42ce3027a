"""The questions of a new referral, one after the other; the same in a messenger and on a page.

    question = next_question(form, setting)
    form = answered(form, question.id, ("SHE",), setting)

Pure: what a question rests on stands in `Setting` (drafting_setting.py looks it up). A form holds
which questions were answered, so that a draft goes on where it stood, on any channel.
"""

from dataclasses import replace

from handlers import (
    drafting_again,
    drafting_border,
    drafting_child,
    drafting_items,
    drafting_need,
    drafting_trafficking,
)
from handlers.casework_form import Form
from handlers.drafting_need import more_needs as more_needs
from handlers.drafting_question import NotOffered as NotOffered
from handlers.drafting_question import Option as Option
from handlers.drafting_question import Question as Question
from handlers.drafting_question import Setting as Setting
from handlers.drafting_question import Step, named
from referrals.consent import Purpose, Way
from referrals.items import STATE_BODIES

PREVIEW = "preview"
"""The last one: the form is shown whole, and she is asked in one of these ways."""
PURPOSE = "purpose"
WAYS = ("code_here", "code_remote", "phone", "face")

_ASKED = {
    "code_here": (Way.CODE, True),
    "code_remote": (Way.CODE, False),
    "phone": (Way.PHONE, False),
    "face": (Way.FACE_TO_FACE, True),
}


def next_question(form: Form, setting: Setting) -> Question | None:
    """The first question that is not answered; None when everything is, the way to ask her too."""
    waiting = (step.ask(form, setting) for step in STEPS if step.id not in form.answered)
    return next((question for question in waiting if question), None)


def asked(form: Form, question: str, setting: Setting) -> Question | None:
    """One question of the order by its id, answered already or not; None where it is not asked."""
    step = next((step for step in STEPS if step.id == question), None)
    return step.ask(form, setting) if step else None


def answered(form: Form, question: str, values: tuple[str, ...], setting: Setting) -> Form:
    """The form with this answer. Raises NotOffered for another question or option.

    An answer given before may be given otherwise; what rested on it is asked again.
    """
    step = next((step for step in STEPS if step.id == question), None)
    asked = step.ask(form, setting) if step else None
    if step is None or asked is None or not asked.offers(values):
        raise NotOffered
    try:
        told = step.put(form, values, setting)
    except ValueError:
        raise NotOffered from None
    gone = {*step.again, PREVIEW, step.id}
    kept = tuple(one for one in told.answered if one not in gone)
    return replace(told, answered=(*kept, step.id), way=told.way if question == PREVIEW else None)


def back(form: Form) -> Form:
    """The form with the last answered question open again; what was chosen there stays marked."""
    return reopened(form, form.answered[-1]) if form.answered else form


def reopened(form: Form, question: str) -> Form:
    """The form with this question open again; whatever stands stays as it is till then."""
    kept = tuple(one for one in form.answered if one not in (question, PREVIEW))
    elsewhere = question in ("place", "to_country")
    kept = tuple(one for one in kept if not elsewhere or one not in _PLACES)
    to_country = "" if elsewhere else form.to_country
    return replace(form, answered=kept, way=None, together=None, to_country=to_country)


def changeable(form: Form) -> tuple[str, ...]:
    """The questions that can be opened again from the preview, in their order."""
    order = [step.id for step in STEPS if step.id != PREVIEW]
    return tuple(one for one in order if one in form.answered)


def _purpose(form: Form, setting: Setting) -> Question | None:
    """Follows from the need; asked where it does not."""
    if form.purpose is not None:
        return None
    return Question(id=PURPOSE, phrase="new.purpose", options=named(Purpose, "purpose"))


def _put_purpose(form: Form, values: tuple[str, ...], setting: Setting) -> Form:
    return replace(form, purpose=Purpose(values[0]))


def _preview(form: Form, setting: Setting) -> Question:
    """No way is marked. A child is asked in person by its focal point, never by code (3.15)."""
    phrases = {
        "code_here": "new.consent_chat_here",
        "code_remote": "new.consent_chat_remote",
        "phone": "new.consent_phone",
        "face": "new.consent_face",
    }
    ways = ("face",) if form.under_18() else WAYS
    options = tuple(Option(value=way, phrase=phrases[way]) for way in ways)
    phrase = "new.preview_state" if setting.sector in STATE_BODIES else "new.preview"
    return Question(id=PREVIEW, phrase=phrase, options=options)


def _put_preview(form: Form, values: tuple[str, ...], setting: Setting) -> Form:
    way, together = _ASKED[values[0]]
    return replace(form, way=way, together=together)


_PLACES = ("place", "to_country", "country", "province", "wish.abroad")
STEPS = (
    *drafting_need.STEPS,
    *drafting_items.STEPS,
    Step(id=PURPOSE, ask=_purpose, put=_put_purpose),
    *drafting_child.STEPS,
    *drafting_border.STEPS,
    *drafting_trafficking.STEPS,
    *drafting_again.STEPS,
    Step(id=PREVIEW, ask=_preview, put=_put_preview),
)
