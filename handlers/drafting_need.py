"""The first questions of a referral: what she needs, where, language, age, who takes her, when."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from directory.hours import ZONES
from directory.taxonomy import COUNTRIES, TAXONOMY
from handlers.casework_form import HELP_WITH_WORDS, Form
from handlers.drafting_defaults import at_receiver, without_receiver
from handlers.drafting_question import NotOffered, Option, Question, Setting, Step, coded
from handlers.receiver_words import notes
from referrals.items import Item
from referrals.urgency import Urgency
from referrals.values import UNDER_18

FAMILIES = (
    *("SHE", "PSS", "HEA", "CMG", "LEG", "LAB", "CHP", "DOC", "RET", "MAT", "DIG", "LIV", "INT"),
    "POL",
)
"""To whom one refers; helplines and emergency numbers are called, and complaints go elsewhere."""
LANGUAGES = ("km", "lo", "my", "th", "vi", "shn", "kar", "hmn", "kjg", "zh", "en")
ABROAD, OTHER, MORE = "abroad", "other", "more"
_AGES = (*UNDER_18, "18_24", "25_49", "50up")
_HOURS = (6, 12, 24, 48, 72, 120)  # until when care is needed; 72 and 120 h are health windows
# Wishes of the caseworker that stand among the answered until they are fulfilled.
_MORE_NEEDS, _ABROAD_WISHED = "wish.need", "wish.abroad"


def _family(form: Form, setting: Setting) -> Question:
    return Question(id="need", phrase="new.need", options=coded("family", FAMILIES))


def _put_family(form: Form, values: tuple[str, ...], setting: Setting) -> Form:
    return replace(form, family=values[0])


def _code(form: Form, setting: Setting) -> Question:
    codes = [code for code in TAXONOMY if code.startswith(f"{form.family}.")]
    options = tuple(Option(value=code, phrase=f"need.{code}") for code in codes)
    return Question(id="need.code", phrase="new.need", options=options)


def _put_code(form: Form, values: tuple[str, ...], setting: Setting) -> Form:
    """A further need where one was wished; else this one alone."""
    before = form.services if _MORE_NEEDS in form.answered else ()
    kept = (*(code for code in before if code != values[0]), values[0])
    answered = tuple(one for one in form.answered if one != _MORE_NEEDS)
    return without_receiver(replace(form, services=kept[-3:], answered=answered))


def more_needs(form: Form) -> Form:
    """The form in which a further need is asked for."""
    dropped = {"need", "need.code", "receiver"}
    answered = tuple(one for one in form.answered if one not in dropped)
    return replace(form, answered=(*answered, _MORE_NEEDS))


def _place(form: Form, setting: Setting) -> Question:
    """Provinces of the own organisation first; another province or country is one tap more."""
    own = tuple(_province(setting, one) for one in setting.provinces)
    further = [Option(value=OTHER, phrase="new.other_place")]
    if setting.abroad and form.to_country in ("", form.country):
        further.append(Option(value=ABROAD, phrase="new.abroad"))
    return Question(id="place", phrase="new.place", options=(*own, *further))


def _put_place(form: Form, values: tuple[str, ...], setting: Setting) -> Form:
    """`abroad` asks for the country and then for the place again; nothing else is known by it."""
    chosen = values[0]
    if chosen == ABROAD:
        wished = (*form.answered, _ABROAD_WISHED)
        return replace(form, province="", district="", to_country="", answered=wished)
    if chosen == OTHER:
        return replace(form, country="", province="", district="")
    country = chosen[:2]
    to_country = form.to_country if form.abroad() or not form.country else ""
    to_country = to_country or country
    return without_receiver(
        replace(form, country=country, province=chosen, district="", to_country=to_country)
    )


def _to(form: Form, setting: Setting) -> Question | None:
    if _ABROAD_WISHED not in form.answered:
        return None
    return Question(
        id="to_country", phrase="new.country", options=coded("country", setting.abroad)
    )


def _put_to(form: Form, values: tuple[str, ...], setting: Setting) -> Form:
    answered = tuple(one for one in form.answered if one not in ("place", _ABROAD_WISHED))
    return without_receiver(replace(form, to_country=values[0], answered=answered))


def _country(form: Form, setting: Setting) -> Question | None:
    if form.province or form.country:
        return None
    ordered = sorted(COUNTRIES, key=lambda one: one != setting.country)
    return Question(
        id="country", phrase="new.her_country", options=coded("country", tuple(ordered))
    )


def _put_country(form: Form, values: tuple[str, ...], setting: Setting) -> Form:
    return replace(form, country=values[0], province="", district="")


def _provinces(form: Form, setting: Setting) -> Question | None:
    if form.province or not form.country:
        return None
    every = setting.places.provinces(form.country)
    options = tuple(_province(setting, one.id) for one in every)
    return Question(id="province", phrase="new.place", options=options)


def _province(setting: Setting, place_id: str) -> Option:
    place = setting.places.get(place_id)
    label = setting.places.name(place, setting.locale) if place else place_id
    return Option(value=place_id, label=label)


def _language(form: Form, setting: Setting) -> Question:
    ordered = tuple(dict.fromkeys((*setting.languages, *LANGUAGES)))
    more = Option(value=MORE, phrase="new.more_languages")
    return Question(
        id="language", phrase="new.language", options=(*coded("language", ordered), more)
    )


def _put_language(form: Form, values: tuple[str, ...], setting: Setting) -> Form:
    languages = () if values == (MORE,) else values
    return replace(form, languages=languages, word_help=frozenset())


def _languages(form: Form, setting: Setting) -> Question | None:
    """Only after "more": several languages, and what else helps her to be understood."""
    if form.languages:
        return None
    help_with = coded("value.language", HELP_WITH_WORDS)
    options = (*coded("language", LANGUAGES), *help_with)
    return Question(id="language.more", phrase="new.language", options=options, many=True)


def _put_languages(form: Form, values: tuple[str, ...], setting: Setting) -> Form:
    spoken = tuple(one for one in values if one not in HELP_WITH_WORDS)
    if not spoken:
        raise NotOffered
    return replace(form, languages=spoken, word_help=frozenset(values) - set(spoken))


def _age(form: Form, setting: Setting) -> Question:
    return Question(id="age", phrase="new.age", options=coded("value.age", _AGES))


def _put_age(form: Form, values: tuple[str, ...], setting: Setting) -> Form:
    band = values[0]
    child = form.child if band in UNDER_18 else None
    return without_receiver(replace(form, age=band, child=child))


def _receiver(form: Form, setting: Setting) -> Question:
    """Best first; without any there is nothing to tap but the way back."""
    found = setting.takers.candidates
    options = tuple(
        Option(
            value=one.service, label=f"{one.name}: {one.service_name}", notes=notes(one.reasons)
        )
        for one in found
    )
    phrase = "new.receiver" if options else "new.no_receiver"
    return Question(id="receiver", phrase=phrase, options=options)


def _put_receiver(form: Form, values: tuple[str, ...], setting: Setting) -> Form:
    taker = setting.takers.of(values[0])
    return form if taker is None else at_receiver(form, taker)


def _urgency(form: Form, setting: Setting) -> Question:
    return Question(id="urgency", phrase="new.urgency", options=coded("urgency", tuple("0123")))


def _put_urgency(form: Form, values: tuple[str, ...], setting: Setting) -> Form:
    return replace(form, urgency=Urgency(int(values[0])))


def _before(form: Form, setting: Setting) -> Question | None:
    """The health window, as an hour and not as a story (3.4); for care, and where chosen."""
    care = any(code.startswith("HEA.") for code in form.services)
    urgent = form.urgency in (Urgency.NOW, Urgency.HIGH)
    if not (urgent and care) and Item.BEFORE not in form.items:
        return None
    options = tuple(Option(value=str(h), phrase=f"before.{h}") for h in _HOURS)
    none = Option(value="none", phrase="before.none")
    return Question(id="before", phrase="new.before", options=(*options, none))


def _put_before(form: Form, values: tuple[str, ...], setting: Setting) -> Form:
    if values == ("none",):
        return replace(form, before="", items=form.items - {Item.BEFORE})
    return replace(form, before=hour_in(form, setting, int(values[0])))


def hour_in(form: Form, setting: Setting, hours: int) -> str:
    """The hour of the place where she is, so many hours from now: "2026-11-22T14"."""
    there = (setting.at + timedelta(hours=hours)).astimezone(ZoneInfo(ZONES[form.country]))
    return there.strftime("%Y-%m-%dT%H")


_AFTER_NEED = ("receiver", "items")
STEPS = (
    Step(id="need", ask=_family, put=_put_family, again=("need.code",)),
    Step(id="need.code", ask=_code, put=_put_code, again=_AFTER_NEED),
    Step(
        id="place",
        ask=_place,
        put=_put_place,
        again=("to_country", "country", "province", *_AFTER_NEED),
    ),
    Step(id="to_country", ask=_to, put=_put_to, again=_AFTER_NEED),
    Step(id="country", ask=_country, put=_put_country, again=("province", *_AFTER_NEED)),
    Step(id="province", ask=_provinces, put=_put_place, again=_AFTER_NEED),
    Step(id="language", ask=_language, put=_put_language, again=("language.more",)),
    Step(id="language.more", ask=_languages, put=_put_languages),
    Step(id="age", ask=_age, put=_put_age, again=_AFTER_NEED),
    Step(id="receiver", ask=_receiver, put=_put_receiver, again=("items", "again")),
    Step(id="urgency", ask=_urgency, put=_put_urgency),
    Step(id="before", ask=_before, put=_put_before),
)
