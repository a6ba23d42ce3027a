"""Rules about her: a service that would refuse her, or expose her, is not shown to her."""

from directory.query import Query
from directory.service import (
    Audience,
    Known,
    Nationality,
    Papers,
    Service,
    is_shelter,
)

# "Child helplines, child services, emergency, health"; a suicide line is an emergency.
CHILD_SAFE_CODES = frozenset({"HOT.CHILD", "CMG.CP", "SHE.CHILD", "PSS.CRISIS", "PSS.MH"})
CHILD_SAFE_FAMILIES = frozenset({"CHP", "EMG", "HEA"})
# An adult who asks for one of these asks for a child (tree `ci`), so child-only services stay.
FOR_A_CHILD = frozenset({"CHP.NGO", "CHP.GOV", "CMG.CP", "SHE.CHILD"})
ADULT_AT = 18
OLDER_CHILD_AT = 15


def child_only(service: Service) -> bool:
    """Whether it says it is for children and names no other group, or takes none older."""
    rules = service.eligibility
    young = rules.age_max is not None and rules.age_max < ADULT_AT
    return young or rules.audience == {Audience.CHILDREN}


def women_only(service: Service) -> bool:
    """Whether it names only women and children, and does not say that it takes men or LGBTI."""
    audience = service.eligibility.audience
    takes = {service.eligibility.men, service.eligibility.lgbti}
    others = audience - {Audience.WOMEN, Audience.CHILDREN, Audience.MIGRANTS}
    return Audience.WOMEN in audience and not others and Known.YES not in takes


def is_health(service: Service) -> bool:
    """Whether medicines can be asked of it: a helpline is no worse for having none."""
    return any(code.startswith("HEA.") for code in service.codes)


def age(service: Service, query: Query) -> str | None:
    """Children see what is safe for children; adults see nothing that is for children only."""
    if query.child():
        return _child(service, query)
    for_a_child = FOR_A_CHILD & set(query.sectors)
    if "age_adult" in query.flags and child_only(service) and not for_a_child:
        return "child_only"
    return None


def _child(service: Service, query: Query) -> str | None:
    named = service.eligibility.audience & {Audience.CHILDREN, Audience.YOUTH}
    safe = any(
        code in CHILD_SAFE_CODES or code.split(".")[0] in CHILD_SAFE_FAMILIES
        for code in query.matched(service)
    )
    if not safe and not named:
        return "not_child_safe"
    oldest = OLDER_CHILD_AT - 1 if "age_u15" in query.flags else ADULT_AT - 1
    lowest, highest = service.eligibility.age_min, service.eligibility.age_max
    if "age_15_17" in query.flags and highest is not None and highest < OLDER_CHILD_AT:
        return "younger_only"
    return "adults_only" if lowest is not None and lowest > oldest else None


def nationality(service: Service, query: Query) -> str | None:
    """Nobody is sent to a place that takes other nationalities only."""
    rules, belongs = service.eligibility, query.belongs()
    if Audience.CITIZENS_ABROAD in rules.audience and not query.elsewhere():
        return "only_abroad"
    match rules.nationality:
        case Nationality.NON_NATIONALS if belongs is Known.YES:
            return "non_nationals_only"
        case Nationality.NATIONALS if belongs is Known.NO or "no_papers" in query.flags:
            return "nationals_only"
        case Nationality.LISTED:
            return "other_nationality" if _off_the_list(service, query) else None
        case _:
            return None


def _off_the_list(service: Service, query: Query) -> bool:
    listed, belongs = service.eligibility.nationalities, query.belongs()
    if belongs is Known.YES:
        return query.country not in listed
    if belongs is Known.NO and listed == {query.country}:
        return True
    return query.home() is not None and query.home() not in listed


def papers(service: Service, query: Query) -> str | None:
    """Without papers: none that asks for one, and none known to tell immigration.

    An emergency service is shown all the same, with its label: there the danger weighs more.
    """
    if "no_papers" not in query.flags:
        return None
    if service.eligibility.papers not in (Papers.NONE, Papers.UNKNOWN):
        return "papers"
    emergency = any(code.startswith("EMG.") for code in query.matched(service))
    tells = service.exposure.shares_with_immigration is Known.YES
    return "shares_with_immigration" if tells and not emergency else None


def family(service: Service, query: Query) -> str | None:
    """Those who come with her, and those it was made for."""
    rules, flags = service.eligibility, query.flags
    if "pregnant" in flags and rules.pregnant is Known.NO:
        return "no_pregnant"
    if flags & {"kids", "older_boy"} and rules.children is Known.NO:
        return "no_children"
    if "older_boy" in flags and service.intake.boys_over(query.at) is not None:
        return "no_older_boys_now"
    if "men_lgbti" in flags and is_shelter(service) and women_only(service):
        return "women_only"
    return None


def needed(service: Service, query: Query) -> str | None:
    """What the tree needs: only a known no excludes, and any one medicine is enough."""
    on = query.at.date()
    for group in query.needs():
        if all(service.knows(tag, on) is Known.NO for tag in group):
            return "lacks_" + min(group)
    medicines = query.medicines()
    if medicines and is_health(service):
        stock = {service.knows(tag, on) for tag in medicines}
        return "lacks_medicine" if stock == {Known.NO} else None
    return None
