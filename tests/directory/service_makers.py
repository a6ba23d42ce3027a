"""Makes very many different services and queries, for the property tests.

What hides a service outright is rare here, so that most rules are met by services that nothing
else hides; otherwise a rule could be taken out unnoticed.
"""

from collections.abc import Iterable
from datetime import timedelta
from functools import cache
from random import Random
from typing import Any

from hypothesis import strategies as some

from directory.access import Access, Start
from directory.exposure import Duty, Exposure
from directory.intake import ROOM, Alert, AlertKind, Capacity, Intake, Says
from directory.location import Location
from directory.search import Near, Query, Way
from directory.service import (
    TAGS,
    Audience,
    Confidence,
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
    Withheld,
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
MOSTLY_THAI = (*["TH"] * 7, "KH", "MM", "LA")
SIDES = ("", "", "east", "west")
PROVINCES = ("", "Tak", "Trat")
SOURCES: tuple[Confidence, ...] = ("two_sources", "one_source")
NOBODY: frozenset[str] = frozenset()
# Answers that go together, so that the rules that need several of them are met too.
STORIES = tuple(
    frozenset(story)
    for story in (
        {"age_adult"},
        {"age_adult", "no_papers", "non_national"},
        {"age_adult", "national"},
        {"age_adult", "feared", "home_KH"},
        {"age_adult", "pregnant", "kids"},
        {"age_adult", "men_lgbti"},
        {"age_15_17"},
        set(),
    )
)
HOW: tuple[frozenset[Way], ...] = (
    frozenset(),
    frozenset({"phone"}),
    frozenset({"phone", "chat"}),
    frozenset({"chat"}),
    frozenset({"place"}),
)
DATES = tuple(TODAY - timedelta(days=days) for days in range(0, 131, 5))


class Maker(Random):
    """Builds a service from a seed; hypothesis picks the seeds, which is quick."""

    def some_of(self, values: Iterable[Any], most: int) -> frozenset[Any]:
        """Up to so many of the values."""
        pool = list(values)
        return frozenset(self.sample(pool, self.randint(0, min(most, len(pool)))))

    def mostly(self, usual: Any, values: Iterable[Any]) -> Any:
        """The usual value, or now and then any of the values."""
        return usual if self.random() < 0.75 else self.choice(list(values))

    def known(self) -> Known:
        """Yes, no or unknown."""
        return self.choice([Known.YES, Known.UNKNOWN, Known.UNKNOWN, Known.NO])

    def rules(self) -> Eligibility:
        """Whom it takes."""
        nationality = self.choice([Nationality.UNKNOWN, Nationality.UNKNOWN, *Nationality])
        listed = nationality is Nationality.LISTED
        named = ("men", "lgbti", "pregnant", "children", "older_boys", "disability")
        people: dict[str, Any] = {group: self.known() for group in named}
        return Eligibility(
            nationality=nationality,
            nationalities=frozenset(self.sample(FEW, self.randint(1, 3))) if listed else NOBODY,
            papers=self.choice([Papers.NONE, Papers.UNKNOWN, *Papers]),
            audience=self.mostly(frozenset(), [frozenset({one}) for one in Audience]),
            age_max=self.choice([None, 25, 25]),
            age_min=self.mostly(None, [15, 18]),
            **people,
        )

    def contacts(self) -> tuple[Contact, ...]:
        """None to two ways to reach it."""
        kinds = [self.mostly(ContactKind.VOICE, ContactKind) for _ in range(self.randint(0, 3))]
        return tuple(Contact(kind=kind, value="1", from_abroad=self.known()) for kind in kinds)

    def intake(self) -> Intake:
        """Mostly nothing; else some statements, a pause or an alert, some of them run out."""
        if self.random() < 0.6:
            return Intake()
        since = TUESDAY - timedelta(days=self.randint(0, 2))
        until = since + timedelta(days=self.randint(1, 4))
        says: list[tuple[Says, str]] = [(one, "") for one in ROOM]
        says += [(Says.NO_BOYS_OVER, "12"), (Says.SPEAKS, "my")]
        return Intake(
            capacity=tuple(
                Capacity(says=says_it, value=value, since=since, until=until, by="ma.1")
                for says_it, value in self.sample(says, self.randint(0, 2))
            ),
            paused_until=self.mostly(None, [until]),
            alerts=tuple(
                Alert(kind=kind, since=since, until=until, by="ma.1")
                for kind in self.some_of(AlertKind, 1)
            ),
        )

    def exposure(self) -> Exposure:
        """Whom it tells and must report to."""
        return Exposure(
            shares_with_police=self.known(),
            shares_with_immigration=self.mostly(Known.UNKNOWN, Known),
            must_report_adult=self.choice(list(Duty)),
            must_report_child=self.choice(list(Duty)),
        )

    def spread(self, country: str, secret: bool) -> tuple[Location, ...]:
        """None or one further location."""
        if self.random() < 0.7:
            return ()
        placed = not secret
        return (
            Location(
                id="l",
                country=country,
                admin1=self.choice(PROVINCES),
                lat=self.uniform(5, 21) if placed else None,
                lon=self.uniform(97, 106) if placed else None,
                confidential=secret,
                side=self.choice(SIDES),
            ),
        )

    def tags(self) -> tuple[TagFact, ...]:
        """Some recorded tags, some of them never checked."""
        return tuple(
            TagFact(tag=tag, known=self.known(), checked_on=self.choice([None, *DATES]))
            for tag in sorted(self.some_of(sorted(RECORDED_TAGS), 6))
        )


@cache
def made(seed: int) -> Service:
    """One of very many possible services."""
    maker = Maker(seed)
    codes = maker.some_of(CODES, 7)
    secret = "SHE.EMERG" in codes or maker.random() < 0.3
    placed = not secret and maker.random() < 0.6
    level = maker.choice([0, 1, 3])
    country = maker.choice(MOSTLY_THAI)
    return Service(
        id=f"S-{seed}",
        organisation="Example",
        name="Example",
        kind=maker.mostly(Kind.NGO, (Kind.EMBASSY, Kind.STATE, Kind.UNKNOWN)),
        country=country,
        locations=maker.spread(country, secret),
        side=maker.choice(SIDES),
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
        checked_on=maker.mostly(TODAY, DATES),
        confidence=maker.choice(SOURCES),
        doubts=maker.mostly(frozenset(), [frozenset({doubt}) for doubt in Doubt]),
        confidential=secret,
        may_be_shown=maker.mostly(Known.UNKNOWN, Known),
        suspended=maker.random() < 0.1,
        withheld=maker.mostly(None, [None, *Withheld]),
        silent_from=maker.mostly(None, [None, TUESDAY + timedelta(hours=20)]),
        ask_first=maker.random() < 0.2,
        intake=maker.intake(),
        exposure=maker.exposure(),
        access=Access(starts=maker.mostly(NOBODY, [maker.some_of(Start, 2)])),
        on_holidays=maker.known(),
        state_of=maker.mostly(None, ("KH", "KH", "TH", "MM")),
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
        side=some.sampled_from(SIDES),
    )
    tags = some.frozensets(some.sampled_from(sorted(TAGS)), max_size=2)
    flags = some.frozensets(some.sampled_from(FLAGS), max_size=2)
    return Query(
        sectors=tuple(draw(some.lists(some.sampled_from(CODES), min_size=2, unique=True))),
        need=draw(tags),
        prefer=draw(tags),
        how=draw(some.sampled_from(HOW)),
        urgency=draw(some.sampled_from(["now", "now", "24h", "72h", "soon", "any"])),
        flags=draw(some.sampled_from(STORIES)) | draw(flags),
        country=draw(some.sampled_from([*MOSTLY_THAI, None])),
        near=draw(some.none() | near),
        locale=draw(some.sampled_from(["my", "lo"])),
        scope=draw(some.sampled_from(["near", "province", "country", "phone_only"])),
        mode=draw(some.sampled_from(["trial", "trial", "live"])),
        at=TUESDAY + timedelta(hours=draw(some.integers(min_value=0, max_value=100))),
    )


seeds = some.integers(min_value=0, max_value=2_999)
directories = some.lists(seeds, min_size=10, max_size=30, unique=True).map(
    lambda them: [made(n) for n in them]
)
