"""The question after a no: is it for a woman who said no to this receiver in the last 7 days?"""

from dataclasses import replace

from handlers.casework_form import Form
from handlers.drafting_question import Option, Question, Setting, Step

AGAIN = "again"
ANOTHER, HERSELF, NOT_NOW = "another_woman", "asked_herself", "not_asked"


def _ask(form: Form, setting: Setting) -> Question | None:
    """Only where somebody told this caseworker a no about the chosen receiver (3.12)."""
    if not setting.said_no_lately:
        return None
    options = tuple(
        Option(value=value, phrase=f"{AGAIN}.{value}") for value in (ANOTHER, HERSELF, NOT_NOW)
    )
    return Question(id=AGAIN, phrase="again.title", options=options)


def _put(form: Form, values: tuple[str, ...], setting: Setting) -> Form:
    """She who has not asked is not asked again; another receiver may be looked for."""
    said = values[0]
    if said == NOT_NOW:
        answered = tuple(one for one in form.answered if one not in ("receiver", "items"))
        return replace(
            form,
            said_no=form.said_no | ({form.receiver} - {""}),
            receiver="",
            service="",
            items=frozenset(),
            answered=answered,
        )
    return replace(form, another_woman=said == ANOTHER, asked_herself=said == HERSELF)


STEPS = (Step(id=AGAIN, ask=_ask, put=_put),)
