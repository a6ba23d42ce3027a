"""Makes very many different services and queries, for the property tests."""

from collections.abc import Iterable
from datetime import timedelta
from random import Random
from typing import Any

from hypothesis import strategies as some

from directory.search import Near, Query
from directory.service import (
    TAGS,
    Audience,
    Contact,
    ContactKind,
    Doubt,
    Eligibility,
    Kind,
    Known,
    Nationality,
    Papers,
    Service,
    TagFact,
)
from directory.taxonomy import RECORDED_TAGS
from tests.directory.service_examples import TUESDAY

TODAY = TUESDAY.date()
CODES = ("EMG.POLICE", "HOT.GBV", "HOT.CHILD", "SHE.EMERG", "HEA.CMR", "LEG.AID", "DOC.EMBASSY")
FLAGS = (
    "age_adult",
    "age_15_17",
    "age_u15",
    "age_u18",
    "age_unknown",
    "national",
    "non_national",
    "no_papers",
    "pregnant",
    "kids",
    "older_boy",
    "men_lgbti",
    "access",
    "feared",
    "clock_72",
    "clock_120",
    "clock_late",
    "in_TH",
    "in_KH",
    "home_TH",
    "home_KH",
    "home_MM",
)
FEW = ("TH", "KH", "MM", "LA")
PROVINCES = ("", "Tak", "Trat")
NOBODY: frozenset[str] = frozenset()
DATES = tuple(TODAY - timedelta(days=days) for days in range(0, 131, 5))


class Maker(Random):
    """Builds a service from a seed; hypothesis picks the seeds, which is quick."""

    def some_of(self, values: Iterable[Any], most: int) -> frozenset[Any]:
        """Up to so many of the values."""
        pool = list(values)
        return frozenset(self.sample(pool, self.randint(0, min(most, len(pool)))))

    def known(self) -> Known:
        """Yes, no or unknown."""
        return self.choice(list(Known))

    def rules(self) -> Eligibility:
        """Whom it takes."""
        nationality = self.choice(list(Nationality))
        listed = nationality is Nationality.LISTED
        people = ("men", "lgbti", "pregnant", "children", "older_boys", "disability")
        return Eligibility(
            nationality=nationality,
            nationalities=frozenset(self.sample(FEW, self.randint(1, 3))) if listed else NOBODY,
            papers=self.choice(list(Papers)),
            audience=self.some_of(Audience, 2),
            age_max=self.choice([None, 25]),
            **{group: self.known() for group in people},
        )

    def contacts(self) -> tuple[Contact, ...]:
        """None to two ways to reach it."""
        kinds = self.choices(list(ContactKind), k=self.randint(0, 2))
        return tuple(Contact(kind=kind, value="1", from_abroad=self.known()) for kind in kinds)

    def tags(self) -> tuple[TagFact, ...]:
        """Some recorded tags, some of them never checked."""
        return tuple(
            TagFact(tag=tag, known=self.known(), checked_on=self.choice([None, *DATES]))
            for tag in sorted(self.some_of(sorted(RECORDED_TAGS), 6))
        )


def made(seed: int) -> Service:
    """One of very many possible services."""
    maker = Maker(seed)
    codes = maker.some_of(CODES, 3)
    secret = "SHE.EMERG" in codes or maker.random() < 0.3
    placed = not secret and maker.random() < 0.6
    level = maker.choice([0, 0, 1, 3])
    return Service(
        id=f"S-{seed}",
        organisation="Example",
        name="Example",
        kind=maker.choice(list(Kind)),
        country=maker.choice(FEW),
        admin1=maker.choice(PROVINCES),
        country_wide=maker.random() < 0.5,
        walk_in=maker.known(),
        lat=maker.uniform(5, 21) if placed else None,
        lon=maker.uniform(97, 106) if placed else None,
        codes=codes,
        tags=maker.tags(),
        languages=maker.some_of(["my", "th"], 2),
        hours_osm=maker.choice([None, "24/7", "Mo-Fr 08:00-16:00", "Sa 08:00-10:00"]),
        contacts=maker.contacts(),
        eligibility=maker.rules(),
        level=level,
        checked_on=maker.choice(DATES if level else [None, *DATES]),
        confidence=maker.choice(["two_sources", "one_source"]),
        doubts=maker.some_of(Doubt, 1),
        confidential=secret,
        may_be_shown=maker.known(),
        suspended=maker.random() < 0.1,
        state_of=maker.choice([None, None, None, "TH", "KH", "MM"]),
        asks_police_report=maker.known(),
        records_calls=maker.known(),
    )


@some.composite
def queries(draw: some.DrawFn) -> Query:
    near = some.builds(
        Near,
        lat=some.floats(min_value=5, max_value=21),
        lon=some.floats(min_value=97, max_value=106),
        admin1=some.sampled_from(["Tak", "Trat", "Trang"]),
    )
    tags = some.frozensets(some.sampled_from(sorted(TAGS)), max_size=3)
    return Query(
        sectors=tuple(draw(some.lists(some.sampled_from(CODES), min_size=1, unique=True))),
        need=draw(tags),
        prefer=draw(tags),
        how=draw(some.frozensets(some.sampled_from(["phone", "chat", "place"]))),
        urgency=draw(some.sampled_from(["now", "24h", "72h", "soon", "any"])),
        flags=draw(some.frozensets(some.sampled_from(FLAGS), max_size=5)),
        country=draw(some.sampled_from([None, "TH", "TH", "KH", "MM", "LA"])),
        near=draw(some.none() | near),
        locale=draw(some.sampled_from(["my", "lo"])),
        scope=draw(some.sampled_from(["near", "province", "country", "phone_only"])),
        mode=draw(some.sampled_from(["trial", "live"])),
        at=TUESDAY + timedelta(hours=draw(some.integers(min_value=0, max_value=200))),
    )


seeds = some.integers(min_value=0, max_value=10**9)
directories = some.lists(seeds, max_size=20, unique=True).map(lambda them: [made(n) for n in them])
