"""A setting without a database, and a caseworker who taps her way through the questions."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from directory.places import Gazetteer
from handlers.capacity_values import Room
from handlers.casework_form import Form
from handlers.drafting import Question, Setting, answered, next_question
from handlers.receiver_values import Candidate, Takers
from referrals.consent import ReceiverType
from referrals.items import STATE_BODIES, Sector

AT = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
HERE = Candidate(
    service="demo-talk",
    organisation="demo-there",
    name="DEMO House",
    service_name="DEMO talking",
    type=ReceiverType.NGO,
    sector=Sector.MHPSS,
    country="TH",
)
ABROAD = replace(HERE, service="demo-home", organisation="demo-abroad", country="MM")


def setting_of(places: Gazetteer, **changes: object) -> Setting:
    """A caseworker in Tak who speaks Burmese, whose network has an agreement with Myanmar."""
    plain = Setting(
        at=AT,
        locale="en",
        places=places,
        country="TH",
        provinces=("TH-63",),
        languages=("my",),
        abroad=("MM",),
        room=Room.YES,
        takers=Takers(candidates=(HERE, ABROAD)),
        child_focal_points=(("s-child2", "DEMO Cho"),),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def of_sector(setting: Setting, sector: Sector) -> Setting:
    """The same with a receiver of this sector chosen."""
    state = ReceiverType.STATE if sector in STATE_BODIES else ReceiverType.NGO
    return replace(setting, sector=sector, type=state)


@dataclass
class Caseworker:
    """Taps; counts what is tapped, and keeps the questions she was asked."""

    setting: Setting
    form: Form = field(default_factory=Form)
    taps: int = 0
    asked: list[str] = field(default_factory=list)

    def question(self) -> Question | None:
        return next_question(self.form, self.setting)

    def tap(self, *values: str) -> None:
        """Answer what is asked now: one tap, or with several choices one each and "done"."""
        question = self.question()
        assert question is not None
        self.asked.append(question.id)
        known = {option.value: option for option in question.options}
        if question.many and not (len(values) == 1 and known[values[0]].alone):
            self.taps += len(set(values) ^ set(question.chosen)) + 1
        else:
            self.taps += 1
        self.form = answered(self.form, question.id, values, self.setting)
        if question.id == "receiver":
            taker = self.setting.takers.of(values[0])
            assert taker is not None
            self.setting = replace(self.setting, sector=taker.sector, type=taker.type)

    def done(self) -> None:
        """Take what is marked beforehand."""
        question = self.question()
        assert question is not None
        self.tap(*question.chosen)

    def go(self, answers: Mapping[str, tuple[str, ...]]) -> None:
        """Answer by question until none is left that has an answer here."""
        while (question := self.question()) and question.id in answers:
            self.tap(*answers[question.id])
