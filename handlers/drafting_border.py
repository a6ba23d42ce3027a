"""The questions where the service is in another country: why, her wish, what may wait there."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from handlers.capacity_values import WITHIN, Room
from handlers.casework_blocks import Corridor, CountryRole, Payer, WhyAcross
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
from referrals.corridor import Channel, CrossingPoint, Voluntary
from referrals.return_risk import Danger, Level

ANSWER = "border.answer"
"""The question that only the other side can answer."""
_DAYS = ("1", "3", "7", "14", "30")  # for how long she is safe where she is
_TOLD = ("alone", "free_to_stop", "no_condition")
TWICE = timedelta(hours=1)
"""How far apart her two "yes, I want this" must be to count as two (3.13, "confirmed twice")."""

_Put = Callable[[Form, tuple[str, ...], Setting], Form]


def _block(form: Form) -> Corridor:
    return form.corridor or Corridor()


def _with(form: Form, **told: object) -> Form:
    return replace(form, corridor=replace(_block(form), **told))  # type: ignore[arg-type]


def _step(name: str, options: tuple[Option, ...], put: _Put, *, many: bool = False) -> Step:
    """A question asked of every referral across a border, and of no other."""
    question = Question(id=f"border.{name}", phrase=f"border.{name}", options=options, many=many)

    def ask(form: Form, setting: Setting) -> Question | None:
        return question if form.abroad() else None

    return Step(id=question.id, ask=ask, put=put)


def _danger(danger: Danger) -> Step:
    """One of the ten, asked by itself; a "high" blocks sending and not the draft."""

    def put(form: Form, values: tuple[str, ...], setting: Setting) -> Form:
        risk = {**_block(form).risk, danger: Level(values[0])}
        return _with(form, risk=risk)

    return _step(f"risk.{danger.value}", named(Level, "risk"), put)


def _put_planning(form: Form, values: tuple[str, ...], setting: Setting) -> Form:
    """Her yes to planning, in which nothing about her crosses; without it there is no further."""
    return _with(form, planning_yes=setting.at if values == ("yes",) else None)


def _ask_room(form: Form, setting: Setting) -> Question | None:
    """Asked only where the other side has not said already that there is room."""
    if not _planned(form) or setting.room is Room.YES:
        return None
    options = tuple(Option(value=str(n), phrase=f"border.within.{n}") for n in WITHIN)
    return Question(id="border.room", phrase="border.room", options=options)


def _put_room(form: Form, values: tuple[str, ...], setting: Setting) -> Form:
    """With the answer kept, the question goes out (capacity.ask_if_wanted)."""
    return _with(form, within=int(values[0]), capacity="")


def _await_answer(form: Form, setting: Setting) -> Question | None:
    """Stands before the return check until there is room; nothing can be tapped but "back"."""
    if not _planned(form) or setting.room is Room.YES:
        return None
    return Question(id=ANSWER, phrase=f"border.answer.{setting.room.value}", options=())


def _put_nothing(form: Form, values: tuple[str, ...], setting: Setting) -> Form:
    raise NotOffered


def _planned(form: Form) -> bool:
    return form.abroad() and _block(form).planning_yes is not None


def _put_wish(form: Form, values: tuple[str, ...], setting: Setting) -> Form:
    told = set(values)
    voluntary = Voluntary(
        asked_alone="alone" in told,
        free_to_stop="free_to_stop" in told,
        no_condition="no_condition" in told,
        confirmed=_block(form).voluntary.confirmed or (setting.at,),
    )
    return _with(form, voluntary=voluntary)


def _again(form: Form, setting: Setting) -> Question | None:
    """The second time, an hour after the first at the soonest; until then it stays open."""
    voluntary = _block(form).voluntary
    if not form.abroad() or not voluntary.confirmed:
        return None
    if setting.at < voluntary.confirmed[0] + TWICE:
        return None
    return Question(id="border.again", phrase="border.again", options=YES_NO)


def _put_again(form: Form, values: tuple[str, ...], setting: Setting) -> Form:
    voluntary = _block(form).voluntary
    if values != ("yes",):
        return _with(form, voluntary=replace(voluntary, confirmed=()))
    return _with(
        form, voluntary=replace(voluntary, confirmed=(voluntary.confirmed[0], setting.at))
    )


def _put_safe(form: Form, values: tuple[str, ...], setting: Setting) -> Form:
    days = real(values)
    until = (setting.at + timedelta(days=int(days[0]))).date() if days else None
    return _with(form, safe_until=until)


def _put_channels(form: Form, values: tuple[str, ...], setting: Setting) -> Form:
    """Each state body with a yes of its own, and none by default."""
    return _with(form, state_contact=frozenset(map(Channel, real(values))))


def _ask_channels(form: Form, setting: Setting) -> Question | None:
    """Where she fears a state, or officials may harm her, "none of these" is all there is."""
    if not form.abroad():
        return None
    channels = () if _block(form).state_locked() else named(Channel, "border.channel")
    options = with_none(channels)
    return Question(id="border.channels", phrase="border.channels", options=options, many=True)


def _of_a_child(name: str, field: str) -> Step:
    question = Question(id=f"border.{name}", phrase=f"border.{name}", options=YES_NO)

    def ask(form: Form, setting: Setting) -> Question | None:
        return question if form.abroad() and form.under_18() else None

    return Step(
        id=question.id,
        ask=ask,
        put=lambda form, values, _: _with(form, **{field: values == ("yes",)}),
    )


def _yes(field: str) -> _Put:
    return lambda form, values, _: _with(form, **{field: values == ("yes",)})


_ROLES = named(CountryRole, "border.role")
STEPS = (
    Step(
        id="border.planning",
        ask=_step("planning", YES_NO, _put_planning).ask,
        put=_put_planning,
        again=("border.room",),
    ),
    Step(id="border.room", ask=_ask_room, put=_put_room),
    _step("here", _ROLES, lambda f, v, _: _with(f, role_here=CountryRole(v[0]))),
    _step("there", _ROLES, lambda f, v, _: _with(f, role_there=CountryRole(v[0]))),
    _step("why", named(WhyAcross, "border.why"), lambda f, v, _: _with(f, why=WhyAcross(v[0]))),
    _step("wish", coded("border.wish", _TOLD), _put_wish, many=True),
    Step(id=ANSWER, ask=_await_answer, put=_put_nothing),
    *map(_danger, Danger),
    _step("fears", YES_NO, _yes("fears_state")),
    Step(id="border.channels", ask=_ask_channels, put=_put_channels),
    _step("safe", with_none(coded("border.days", _DAYS), "border.not_safe"), _put_safe),
    _step(
        "point",
        named(CrossingPoint, "border.point"),
        lambda f, v, _: _with(f, point=CrossingPoint(v[0])),
    ),
    _step("escort", YES_NO, _yes("escort")),
    _step("pays", named(Payer, "border.pays"), lambda f, v, _: _with(f, pays=Payer(v[0]))),
    _step("medicine", YES_NO, _yes("medicine")),
    _of_a_child("birth_paper", "birth_paper"),
    _of_a_child("other_parent", "other_parent_or_court"),
    _step("long", YES_NO, _yes("long_check_ins")),
    Step(id="border.again", ask=_again, put=_put_again),
)
