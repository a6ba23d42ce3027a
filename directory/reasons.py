"""Says why a service is shown where it is, and what she must still ask before she relies on it."""

from collections.abc import Iterator

from directory.exposure import EXPOSURE_LABELS, exposure_labels
from directory.her_rules import is_health
from directory.hours import is_holiday
from directory.intake import AlertKind, Says
from directory.ranking import INTERPRETER, LANGUAGE_UNKNOWN, SPEAKS, Look
from directory.service import (
    TAGS,
    Audience,
    Doubt,
    Known,
    Nationality,
    Papers,
    is_shelter,
)

_LANGUAGE_CODES = {
    SPEAKS: "speaks_language",
    INTERPRETER: "interpreter",
    LANGUAGE_UNKNOWN: "ask_language",
}
_ROOM_CODES = {
    Says.HAS_SPACE: "has_space",
    Says.CALL: "call_about_space",
    Says.FULL: "full",
}
_ASKED = {"nationality", "papers", "age", "pregnant", "children", *TAGS}

# Every reason a hit can carry; a tag stands for "known to have it".
REASONS = frozenset(
    {
        *_LANGUAGE_CODES.values(),
        *TAGS,
        *(f"ask_{subject}" for subject in _ASKED),
        "no_number",
        "other_way",
        "open_now",
        "closed_now",
        "country_wide",
        "in_province",
        "further_away",
        "nationals_only",
        "non_nationals_only",
        "listed_nationalities_only",
        *EXPOSURE_LABELS,
        "holiday",
        "has_space",
        "call_about_space",
        "full",
        "speaks_today",
        *(f"alert_{kind.value}" for kind in AlertKind),
        "unchecked",
        "check_due",
        "please_ask",
        "one_source",
        "weak_source",
        "old_source",
    }
)


def reasons(look: Look) -> tuple[str, ...]:
    """Short codes of REASONS: how it is reached, what it may do to her, its trust, questions."""
    asked = sorted({*_person_questions(look), *_tag_questions(look)})
    return (*_standing(look), *_now(look), *_exposure(look), *_trust(look), *asked)


def _standing(look: Look) -> Iterator[str]:
    if look.by_name_only():
        yield "no_number"
    elif look.other_way():
        yield "other_way"
    yield _LANGUAGE_CODES[look.language()]
    yield from look.wanted
    if look.open is not None:
        yield "open_now" if look.open else "closed_now"
    if look.service.country_wide:
        yield "country_wide"
    elif look.query.near is not None:
        yield "in_province" if look.local else "further_away"


def _now(look: Look) -> Iterator[str]:
    """What holds for a while: a holiday, room, who is there today, what is wrong there."""
    service, at = look.service, look.query.at
    if service.hours_osm is not None and is_holiday(service.country, at):
        yield "holiday"
    room = service.intake.room(at)
    if room in _ROOM_CODES:
        yield _ROOM_CODES[room]
    if look.query.locale in service.intake.speaks(at):
        yield "speaks_today"
    yield from (f"alert_{kind}" for kind in sorted(k.value for k in service.intake.alerted(at)))


def _exposure(look: Look) -> Iterator[str]:
    service = look.service
    match service.eligibility.nationality:
        case Nationality.NATIONALS:
            yield "nationals_only"
        case Nationality.NON_NATIONALS:
            yield "non_nationals_only"
        case Nationality.LISTED:
            yield "listed_nationalities_only"
        case _:
            pass
    yield from exposure_labels(service, child=look.query.child())


def _trust(look: Look) -> Iterator[str]:
    service = look.service
    due = service.due_on()
    if service.level == 0:
        yield "unchecked"
    elif due is not None and look.query.at.date() > due:
        yield "check_due"
    if look.please_ask():
        yield "please_ask"
    if service.level == 0 and service.confidence == "one_source":
        yield "one_source"
    if Doubt.WEAK in service.doubts:
        yield "weak_source"
    if Doubt.OLD in service.doubts:
        yield "old_source"


def _person_questions(look: Look) -> Iterator[str]:
    service, query = look.service, look.query
    rules, flags = service.eligibility, query.flags
    if _nationality_open(look):
        yield "ask_nationality"
    any_status = service.knows("any_status", query.at.date()) is Known.YES
    if "no_papers" in flags and rules.papers is Papers.UNKNOWN and not any_status:
        yield "ask_papers"
    if _age_open(look):
        yield "ask_age"
    if not is_shelter(service):
        return
    if "pregnant" in flags and rules.pregnant is Known.UNKNOWN:
        yield "ask_pregnant"
    if flags & {"kids", "older_boy"} and rules.children is Known.UNKNOWN:
        yield "ask_children"


def _age_open(look: Look) -> bool:
    if look.query.child():
        return False
    rules = look.service.eligibility
    for_the_young = bool(rules.audience) and rules.audience <= {Audience.CHILDREN, Audience.YOUTH}
    return rules.age_max is not None or for_the_young


def _nationality_open(look: Look) -> bool:
    rules, query = look.service.eligibility, look.query
    belongs = query.belongs()
    match rules.nationality:
        case Nationality.ANYONE:
            return False
        case Nationality.NATIONALS | Nationality.NON_NATIONALS:
            return belongs is Known.UNKNOWN
        case Nationality.LISTED:
            hers = query.country if belongs is Known.YES else query.home()
            return hers not in rules.nationalities
        case Nationality.UNKNOWN:
            pass
    if Audience.MIGRANTS in rules.audience:
        return belongs is Known.YES
    return belongs is Known.NO or "no_papers" in query.flags


def _tag_questions(look: Look) -> Iterator[str]:
    service, query = look.service, look.query
    groups = query.needs()
    if is_health(service):
        groups = (*groups, query.medicines())
    for group in groups:
        known = {tag: service.knows(tag, query.at.date()) for tag in group}
        if Known.YES not in known.values():
            yield from (f"ask_{tag}" for tag, fact in known.items() if fact is Known.UNKNOWN)
