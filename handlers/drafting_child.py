"""The questions for a person under 18: who looks after it, with whom she is, what she wants."""

from dataclasses import replace

from handlers.casework_blocks import ChildAnswers
from handlers.casework_form import Form
from handlers.drafting_question import (
    YES_NO,
    NotOffered,
    Option,
    Question,
    Setting,
    Step,
    coded,
    named,
    real,
    with_none,
)
from referrals.children import Company, Safe

WISHES = (
    *("wish.stay_with_family", "wish.other_relative", "wish.safe_place", "wish.school"),
    *("wish.talk", "wish.see_doctor", "wish.go_home", "wish.not_now"),
)
_SIBLINGS = tuple(map(str, range(7)))


def _block(form: Form) -> ChildAnswers:
    return form.child or ChildAnswers()


def _with(form: Form, **told: object) -> Form:
    return replace(form, child=replace(_block(form), **told))  # type: ignore[arg-type]


def _focal_point(form: Form, setting: Setting) -> Question | None:
    """Without one nothing of a child goes on (3.15): then there is nothing to tap."""
    if not form.under_18():
        return None
    options = tuple(Option(value=one, label=name) for one, name in setting.child_focal_points)
    phrase = "child.focal_point" if options else "child.no_focal_point"
    return Question(id="child.focal_point", phrase=phrase, options=options)


def _young(form: Form, setting: Setting) -> Question | None:
    if form.age != "u12":
        return None
    return Question(id="child.under_6", phrase="child.under_6", options=YES_NO)


def _company(form: Form, setting: Setting) -> Question | None:
    if not form.under_18():
        return None
    options = named(Company, "child.company")
    return Question(id="child.company", phrase="child.company", options=options)


def _caregiver(form: Form, setting: Setting) -> Question | None:
    if not form.under_18():
        return None
    options = named(Safe, "child.safe")
    return Question(id="child.safe", phrase="child.safe", options=options)


def _hurt(form: Form, setting: Setting) -> Question | None:
    """Who does not know says yes: then nobody asks the one who may have hurt."""
    if not form.under_18():
        return None
    options = (*YES_NO, Option(value="unknown", phrase="child.unknown"))
    return Question(id="child.hurt", phrase="child.hurt", options=options)


def _wishes(form: Form, setting: Setting) -> Question | None:
    if not form.under_18():
        return None
    options = tuple(Option(value=one, phrase=one) for one in WISHES)
    return Question(id="child.wishes", phrase="child.wishes", options=options, many=True)


def _siblings(form: Form, setting: Setting) -> Question | None:
    if not form.under_18():
        return None
    options = tuple(Option(value=one, label=one) for one in _SIBLINGS)
    return Question(id="child.siblings", phrase="child.siblings", options=options, may_skip=True)


def _school(form: Form, setting: Setting) -> Question | None:
    if not form.under_18():
        return None
    languages = tuple(dict.fromkeys((*form.languages, "km", "lo", "my", "th", "vi")))
    options = with_none(coded("language", languages))
    return Question(id="child.school", phrase="child.school", options=options, may_skip=True)


def _tracing(form: Form, setting: Setting) -> Question | None:
    apart = form.child is not None and form.child.company is not Company.CAREGIVER
    if not form.under_18() or not apart:
        return None
    return Question(id="child.tracing", phrase="child.tracing", options=YES_NO, may_skip=True)


def _duty(form: Form, setting: Setting) -> Question | None:
    if not form.under_18():
        return None
    return Question(id="child.duty", phrase="child.duty", options=YES_NO)


def _put_focal_point(form: Form, values: tuple[str, ...], setting: Setting) -> Form:
    if not values:
        raise NotOffered
    return _with(form, focal_point=values[0])


def _put_school(form: Form, values: tuple[str, ...], setting: Setting) -> Form:
    return _with(form, school_language="".join(real(values)))


def _put_tracing(form: Form, values: tuple[str, ...], setting: Setting) -> Form:
    return _with(form, family_tracing=values == ("yes",) if values else None)


STEPS = (
    Step(id="child.focal_point", ask=_focal_point, put=_put_focal_point),
    Step(
        id="child.under_6",
        ask=_young,
        put=lambda form, values, _: _with(form, under_6=values == ("yes",)),
    ),
    Step(
        id="child.company",
        ask=_company,
        put=lambda form, values, _: _with(form, company=Company(values[0])),
        again=("child.tracing",),
    ),
    Step(
        id="child.safe",
        ask=_caregiver,
        put=lambda form, values, _: _with(form, caregiver_safe=Safe(values[0])),
    ),
    Step(
        id="child.hurt",
        ask=_hurt,
        put=lambda form, values, _: _with(form, caregiver_may_have_hurt=values != ("no",)),
    ),
    Step(
        id="child.wishes",
        ask=_wishes,
        put=lambda form, values, _: _with(form, wishes=frozenset(values)),
    ),
    Step(
        id="child.siblings",
        ask=_siblings,
        put=lambda form, values, _: _with(form, siblings=int(values[0]) if values else None),
    ),
    Step(id="child.school", ask=_school, put=_put_school),
    Step(id="child.tracing", ask=_tracing, put=_put_tracing),
    Step(
        id="child.duty",
        ask=_duty,
        put=lambda form, values, _: _with(form, duty_note=values == ("yes",)),
    ),
)
