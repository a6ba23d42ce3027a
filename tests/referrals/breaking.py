"""Ways in which a consent that holds is made one that does not, each with its reason."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from referrals.consent import Consent, Purpose, ReceiverType, TextShown, Way, withdraw
from referrals.consent_digest import digest
from referrals.holding import ReferralFacts, Why
from referrals.items import Item, Sector, allowed
from referrals.pressure import Pressure
from tests.referrals.consent_makers import AT, GIVEN, facts_of

Case = tuple[Consent, ReferralFacts, datetime]
Break = Callable[[Consent, Random], Case]


def given(**changes: Any) -> Break:
    """The record itself differs; it is linked as it is."""
    return lambda made, _: _case(replace(made, **changes))


def facing(**changes: Any) -> Break:
    """The referral differs from what the record names."""
    return lambda made, _: (made, facts_of(made, **changes), AT)


def at(moment: datetime) -> Break:
    """It is used at another time."""
    return lambda made, _: (made, facts_of(made), moment)


def asked_badly(**changes: Any) -> Break:
    return lambda made, _: _case(replace(made, asked=replace(made.asked, **changes)))


def _case(made: Consent, **changes: Any) -> Case:
    return made, facts_of(made, **changes), AT


def _other_receiver(made: Consent, random: Random) -> Case:
    return _case(made, receiver=replace(made.receiver, organisation="org-z"))


def _state_run(made: Consent, random: Random) -> Case:
    now = ReceiverType.UN if made.receiver.type is ReceiverType.STATE else ReceiverType.STATE
    return _case(made, receiver=replace(made.receiver, type=now))


def _moved_abroad(made: Consent, random: Random) -> Case:
    return _case(made, receiver=replace(made.receiver, country="VN"))


def _other_purpose(made: Consent, random: Random) -> Case:
    return _case(made, purpose=random.choice([p for p in Purpose if p is not made.purpose]))


def _one_more(made: Consent, random: Random) -> Case:
    less = replace(made, items=made.items - {random.choice(list(Item))} - {Item.LANGUAGE})
    return _case(less, wanted=less.items | {Item.LANGUAGE})


def _never(made: Consent, random: Random) -> Case:
    barred = sorted(set(Item) - allowed(made.receiver.sector), key=lambda item: item.value)
    if barred:
        return _case(replace(made, items=made.items | {random.choice(barred)}))
    return _case(replace(made, items=made.items | {Item.LANGUAGE}), agreed_items=frozenset())


def _changed_after(made: Consent, random: Random) -> Case:
    forged = replace(made, ends_at=made.ends_at - timedelta(minutes=1))
    return forged, facts_of(made), AT


def _put_back(made: Consent, random: Random) -> Case:
    """The record before she withdrew, offered again."""
    return made, facts_of(made, newest=digest(withdraw(made, AT))), AT


def _no_state_yes(made: Consent, random: Random) -> Case:
    stated = replace(made.receiver, type=ReceiverType.STATE)
    return _case(replace(made, receiver=stated, state_yes=False))


def _feared(made: Consent, random: Random) -> Case:
    police = replace(made.receiver, sector=Sector.POLICE)
    return _case(replace(made, receiver=police, state_yes=True), fears_state=True)


def _no_second_yes(made: Consent, random: Random) -> Case:
    return _case(replace(made, abroad=None), country="TH", agreed_items=frozenset(Item))


def _bare_child(made: Consent, random: Random) -> Case:
    by_voice = replace(made.asked, way=Way.PHONE)
    return _case(replace(made, child=None, asked=by_voice), under_18=True)


def _coded_child(made: Consent, random: Random) -> Case:
    coded = replace(made, asked=replace(made.asked, way=Way.CODE))
    return _case(coded, under_18=True, children_focal_point="cpfp-1")


def _pressed(**changes: Any) -> Break:
    return given(pressure=Pressure(**{"until_yes": timedelta(seconds=40)} | changes))


BREAKS: Mapping[str, tuple[Why, Break]] = {
    "withdrawn": (Why.WITHDRAWN, given(withdrawn_at=AT)),
    "forged": (Why.FORGED, _changed_after),
    "put back": (Why.FORGED, _put_back),
    "another referral": (Why.OTHER_REFERRAL, facing(referral="9" * 32)),
    "another person": (Why.OTHER_PERSON, facing(subject="9" * 64)),
    "another sender": (Why.OTHER_SENDER, facing(sender="org-z")),
    "closed": (Why.CLOSED, facing(closed_at=AT)),
    "not yet given": (Why.NOT_YET, at(GIVEN - timedelta(seconds=1))),
    "sent before it": (Why.NOT_YET, facing(sent_at=GIVEN - timedelta(seconds=1))),
    "sent later than now": (Why.NOT_YET, facing(sent_at=AT + timedelta(seconds=1))),
    "over": (Why.ENDED, at(GIVEN + timedelta(days=90))),
    "unsent": (Why.UNSENT, at(GIVEN + timedelta(hours=72, seconds=1))),
    "another receiver": (Why.OTHER_RECEIVER, _other_receiver),
    "state-run now": (Why.RECEIVER_CHANGED, _state_run),
    "another country": (Why.OTHER_COUNTRY, _moved_abroad),
    "another purpose": (Why.OTHER_PURPOSE, _other_purpose),
    "one item more": (Why.NEW_ITEM, _one_more),
    "an item never sent": (Why.ITEM_NEVER, _never),
    "other terms": (Why.OTHER_TERMS, facing(terms="9" * 64)),
    "danger changed": (Why.DANGER_CHANGED, lambda c, _: _case(c, danger=(c.danger + 1) % 4)),
    "unknown text": (
        Why.TEXT_UNKNOWN,
        given(text=TextShown(language="km", version="x", digest="d" * 64)),
    ),
    "not alone": (Why.NOT_ALONE, asked_badly(alone=False)),
    "limits not told": (Why.NOT_EXPLAINED, asked_badly(limits_explained=False)),
    "not said back": (Why.NOT_UNDERSTOOD, asked_badly(understood=False)),
    "no secret word": (
        Why.NO_SECRET_WORD,
        asked_badly(way=Way.PHONE, secret_word_checked=False),
    ),
    "another person there": (Why.PRESSED, _pressed(other_person=True)),
    "four views": (Why.PRESSED, _pressed(views=4)),
    "a yes in five seconds": (Why.SAY_BACK, _pressed(until_yes=timedelta(seconds=5))),
    "a state body unasked": (Why.STATE_UNASKED, _no_state_yes),
    "she fears her state": (Why.FEARS_STATE, _feared),
    "no second yes": (Why.ABROAD_UNASKED, _no_second_yes),
    "a child without its block": (Why.CHILD, _bare_child),
    "a child by code": (Why.CHILD_BY_CODE, _coded_child),
}
