"""The questions where she may have been trafficked: what she was told, and which way she chose."""

from dataclasses import replace

from handlers.casework_blocks import Trafficked
from handlers.casework_form import Form, of_trafficking
from handlers.drafting_question import YES_NO, Question, Setting, Step, coded, named
from referrals.items import STATE_BODIES
from referrals.trafficking import ALONG, OfficialReturn, Path

_TOLD = ("both_paths", "what_it_costs", "freedom")
_RETURN = ("family", "waiting_place", "both_ngos", "may_refuse")


def _with(form: Form, **told: object) -> Form:
    return replace(form, trafficked=replace(form.trafficked or Trafficked(), **told))  # type: ignore[arg-type]


def _told(form: Form, setting: Setting) -> Question | None:
    if not of_trafficking(form):
        return None
    options = coded("trafficked.told", _TOLD)
    return Question(id="trafficked.told", phrase="trafficked.told", options=options, many=True)


def _put_told(form: Form, values: tuple[str, ...], setting: Setting) -> Form:
    return _with(
        form,
        told=frozenset(Path) if "both_paths" in values else frozenset(),
        loss_told="what_it_costs" in values,
        freedom_told="freedom" in values,
    )


def _path(form: Form, setting: Setting) -> Question | None:
    """Both side by side, neither marked (3.14)."""
    if not of_trafficking(form):
        return None
    options = named(Path, "trafficked.path")
    return Question(id="trafficked.path", phrase="trafficked.path", options=options)


def _along(form: Form, setting: Setting) -> Question | None:
    if not of_trafficking(form) or setting.sector not in STATE_BODIES:
        return None
    phrase = "trafficked.along_needed" if form.country in ALONG else "trafficked.along"
    return Question(id="trafficked.along", phrase=phrase, options=YES_NO)


def _official(form: Form, setting: Setting) -> Question | None:
    if not of_trafficking(form) or not form.abroad():
        return None
    return Question(id="trafficked.official", phrase="trafficked.official", options=YES_NO)


def _put_official(form: Form, values: tuple[str, ...], setting: Setting) -> Form:
    return _with(form, official_return=OfficialReturn() if values == ("yes",) else None)


def _settled(form: Form, setting: Setting) -> Question | None:
    if form.trafficked is None or form.trafficked.official_return is None:
        return None
    options = coded("trafficked.return", _RETURN)
    return Question(
        id="trafficked.return",
        phrase="trafficked.return",
        options=options,
        many=True,
        may_skip=True,
    )


def _put_settled(form: Form, values: tuple[str, ...], setting: Setting) -> Form:
    done = OfficialReturn(
        who_informs_family="family" in values,
        waiting_place="waiting_place" in values,
        ngo_on_both_sides="both_ngos" in values,
        right_to_refuse_told="may_refuse" in values,
    )
    return _with(form, official_return=done)


STEPS = (
    Step(id="trafficked.told", ask=_told, put=_put_told),
    Step(
        id="trafficked.path",
        ask=_path,
        put=lambda form, values, _: _with(form, chosen=Path(values[0])),
    ),
    Step(
        id="trafficked.along",
        ask=_along,
        put=lambda form, values, _: _with(form, somebody_goes_along=values == ("yes",)),
    ),
    Step(
        id="trafficked.official",
        ask=_official,
        put=_put_official,
        again=("trafficked.return",),
    ),
    Step(id="trafficked.return", ask=_settled, put=_put_settled),
)
