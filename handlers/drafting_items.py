"""The middle questions: safe contact, what the way costs, which items, and the value of each."""

from dataclasses import replace

from handlers.casework_form import Form
from handlers.drafting_question import (
    NONE,
    Option,
    Question,
    Setting,
    Step,
    coded,
    named,
    real,
    with_none,
)
from referrals.contact_terms import Band, ContactWay, DoNot
from referrals.items import Item, Sector, allowed, proposed

SECRETS = ("rice", "mango", "rain", "fish", "star", "boat", "bell", "tree")
"""Words she can remember and say on the phone; a part of the pictures of a receipt."""

_DIRECT = (ContactWay.PHONE, ContactWay.CHAT)
_WAYS = (ContactWay.CASEWORKER.value, ContactWay.PHONE.value, ContactWay.VISIT.value)
_COSTS = ("escort", "transport", "money")
# Of these a place that takes her in, or a driver, must know before (3.5, fields 11 and 15).
_ASKED_BY = {
    Item.GENDER: frozenset({Sector.SHELTER, Sector.CHILD}),
    Item.CHILDREN: frozenset({Sector.SHELTER, Sector.TRANSPORT, Sector.CHILD}),
}
_FIELDS = {
    Item.GENDER: ("gender", ("woman", "man", "other", "skip")),
    Item.PREGNANCY: ("pregnancy", ("yes", "no", "skip")),
    Item.PAPERS: ("papers", ("national", "non_national", "none", "refugee", "stateless", "skip")),
}
_LISTS = {
    Item.CHILDREN: ("children", ("u12", "12_14", "15_17", "other")),
    Item.ACCESS: ("access", ("mobility", "hearing", "sight", "understanding", "medicine")),
    Item.ALERTS: (
        "alerts",
        (
            *("followed", "no_voice_mail", "armed", "works_at_police", "works_at_health"),
            *("works_at_office", "works_at_transport"),
        ),
    ),
    Item.TRAFFICKING: (
        "signs",
        (
            *("cannot_leave", "threatened", "debt", "other_work", "made_to_cheat"),
            *("sex_or_marriage", "pay_kept", "papers_kept", "hurt_or_watched", "bad_conditions"),
        ),
    ),
}
_QUESTIONS = {
    **{item: name for item, (name, _) in (_FIELDS | _LISTS).items()},
    Item.AREA: "district",
    Item.BEFORE: "before",
}


def offered(form: Form, setting: Setting) -> frozenset[Item]:
    """What she can be asked for at all: by the sector's column of 3.7 and the agreement.

    Papers only where the service takes people by them (3.5, field 19). A number to be sent is
    hers to give; without a direct way there is none.
    """
    if setting.sector is None:
        return frozenset()
    items = allowed(setting.sector)
    if setting.may_cross is not None:
        items &= setting.may_cross
    if not setting.papers_matter and setting.sector is not Sector.EMBASSY:
        items -= {Item.PAPERS}
    return items if form.contact.way in _DIRECT else items - {Item.CONTACT}


def marked(form: Form, setting: Setting) -> frozenset[Item]:
    """What is marked beforehand: usual for the sector, and already known."""
    if setting.sector is None:
        return frozenset()
    known = form.given() & proposed(setting.sector)
    return (form.items or known) & offered(form, setting)


def _contact(form: Form, setting: Setting) -> Question:
    direct = setting.sector is not None and Item.CONTACT in allowed(setting.sector)
    crosses = setting.may_cross is None or Item.CONTACT in setting.may_cross
    ways = tuple(way for way in _WAYS if way != "phone" or (direct and crosses))
    return Question(id="contact", phrase="new.contact", options=coded("contact", ways))


def _put_contact(form: Form, values: tuple[str, ...], setting: Setting) -> Form:
    way = ContactWay(values[0])
    contact = replace(form.contact, way=way)
    if way not in _DIRECT:
        contact = replace(contact, bands=(), secret="")
    return replace(form, contact=contact)


def _bands(form: Form, setting: Setting) -> Question | None:
    if form.contact.way not in _DIRECT:
        return None
    return Question(id="bands", phrase="new.bands", options=named(Band, "band"), many=True)


def _put_bands(form: Form, values: tuple[str, ...], setting: Setting) -> Form:
    bands = (Band.ANY,) if Band.ANY.value in values else tuple(map(Band, values))
    return replace(form, contact=replace(form.contact, bands=bands))


def _secret(form: Form, setting: Setting) -> Question | None:
    if form.contact.way not in _DIRECT:
        return None
    return Question(id="secret", phrase="new.secret", options=coded("picture", SECRETS))


def _put_secret(form: Form, values: tuple[str, ...], setting: Setting) -> Form:
    return replace(form, contact=replace(form.contact, secret=values[0]))


def _do_not(form: Form, setting: Setting) -> Question | None:
    if form.contact.way not in _DIRECT:
        return None
    forbidden = {DoNot.CALL} if form.contact.way is ContactWay.PHONE else set()
    options = coded("do_not", tuple(one.value for one in DoNot if one not in forbidden))
    return Question(id="do_not", phrase="new.do_not", options=with_none(options), many=True)


def _put_do_not(form: Form, values: tuple[str, ...], setting: Setting) -> Form:
    do_not = frozenset(map(DoNot, real(values)))
    return replace(form, contact=replace(form.contact, do_not=do_not))


def _costs(form: Form, setting: Setting) -> Question:
    options = with_none(coded("value.costs", _COSTS), "value.costs.none")
    return Question(id="costs", phrase="new.costs", options=options, many=True)


def _put_costs(form: Form, values: tuple[str, ...], setting: Setting) -> Form:
    return replace(form, costs=values)


def _items(form: Form, setting: Setting) -> Question | None:
    """Usual ones first; nothing is marked for police, state team and embassy (3.7).

    Not asked where nothing may be sent at all: an informal basis is for planning (3.13).
    """
    usual = proposed(setting.sector) if setting.sector else frozenset()
    items = sorted(offered(form, setting), key=lambda item: (item not in usual, _place_of(item)))
    options = tuple(_option(item, item in usual) for item in items)
    if not options:
        return None
    chosen = tuple(item.value for item in items if item in marked(form, setting))
    return Question(
        id="items",
        phrase="new.items",
        options=options,
        many=True,
        chosen=chosen,
    )


def _option(item: Item, usual: bool) -> Option:
    notes = ("new.usual",) if usual else ()
    return Option(value=item.value, phrase=f"item.{item.value}", notes=notes)


def _place_of(item: Item) -> int:
    return tuple(Item).index(item)


def _put_items(form: Form, values: tuple[str, ...], setting: Setting) -> Form:
    """What is chosen and has no value yet is asked, though it was answered with "none" before."""
    items = frozenset(map(Item, values))
    open_ones = {_QUESTIONS[item] for item in items - form.given() if item in _QUESTIONS}
    answered = tuple(one for one in form.answered if one not in open_ones)
    return replace(form, items=items, answered=answered)


def _ask_one(item: Item) -> Step:
    """One of a short list: an own question, after the items or before where it must be known."""
    name, values = _FIELDS[item]

    def ask(form: Form, setting: Setting) -> Question | None:
        if not _wanted(form, setting, item):
            return None
        options = coded(f"value.{item.value}", values)
        return Question(id=name, phrase=f"new.{name}", options=options)

    def put(form: Form, chosen: tuple[str, ...], setting: Setting) -> Form:
        return replace(form, **{name: chosen[0]})  # type: ignore[arg-type]

    return Step(id=name, ask=ask, put=put)


def _ask_many(item: Item) -> Step:
    """Several of a list; "none of these" takes the item out, since there is nothing to send."""
    name, values = _LISTS[item]

    def ask(form: Form, setting: Setting) -> Question | None:
        if not _wanted(form, setting, item):
            return None
        options = with_none(coded(f"value.{item.value}", values))
        return Question(id=name, phrase=f"new.{name}", options=options, many=True)

    def put(form: Form, chosen: tuple[str, ...], setting: Setting) -> Form:
        items = form.items - {item} if chosen == (NONE,) else form.items
        told: dict[str, object] = {name: real(chosen), "items": items}
        return replace(form, **told)  # type: ignore[arg-type]

    return Step(id=name, ask=ask, put=put)


def _wanted(form: Form, setting: Setting, item: Item) -> bool:
    """Chosen among the items, or needed by the sector before they are chosen."""
    return item in form.items or setting.sector in _ASKED_BY.get(item, frozenset())


def _area(form: Form, setting: Setting) -> Question | None:
    if Item.AREA not in form.items:
        return None
    present = [one for one in setting.places.districts(form.province) if not one.former]
    options = tuple(
        Option(value=one.id, label=setting.places.name(one, setting.locale)) for one in present
    )
    return Question(id="district", phrase="new.district", options=with_none(options))


def _put_area(form: Form, values: tuple[str, ...], setting: Setting) -> Form:
    if values == (NONE,):
        return replace(form, district="", items=form.items - {Item.AREA})
    return replace(form, district=values[0])


STEPS = (
    Step(id="contact", ask=_contact, put=_put_contact, again=("bands", "secret", "do_not")),
    Step(id="bands", ask=_bands, put=_put_bands),
    Step(id="secret", ask=_secret, put=_put_secret),
    Step(id="do_not", ask=_do_not, put=_put_do_not),
    Step(id="costs", ask=_costs, put=_put_costs),
    _ask_one(Item.GENDER),
    _ask_many(Item.CHILDREN),
    Step(id="items", ask=_items, put=_put_items),
    _ask_one(Item.PREGNANCY),
    _ask_many(Item.ACCESS),
    _ask_many(Item.ALERTS),
    _ask_one(Item.PAPERS),
    _ask_many(Item.TRAFFICKING),
    Step(id="district", ask=_area, put=_put_area),
)
