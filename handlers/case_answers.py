"""Values that the sender gives in answer to a question, put into the form by their item."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from handlers.case_file import Case
from handlers.case_world import World
from handlers.casework_form import HELP_WITH_WORDS, Form
from referrals.items import Item, allowed
from referrals.values import Values

_ONE: Mapping[Item, str] = MappingProxyType(
    {
        Item.AGE: "age",
        Item.GENDER: "gender",
        Item.PREGNANCY: "pregnancy",
        Item.PAPERS: "papers",
        Item.BEFORE: "before",
        Item.AREA: "district",
        Item.PROVINCE: "province",
    }
)
_MANY: Mapping[Item, str] = MappingProxyType(
    {
        Item.CHILDREN: "children",
        Item.ACCESS: "access",
        Item.ALERTS: "alerts",
        Item.TRAFFICKING: "signs",
        Item.COSTS: "costs",
    }
)


def answered(case: Case, answer: Values, *, asks: bool) -> Case:
    """The case with these values; `asks`: the items are those she is to be asked for as well."""
    form = case.form
    for item, parts in answer.of.items():
        form = _told(form, item, parts)
    asked = case.referral.question
    new = {Item(asked.value)} if asks and asked else set()
    return case.keeping(form=replace(form, items=form.items | new))


def may_ask_for(case: Case, world: World) -> bool:
    """Whether this receiver may get all she is asked for at all (3.7)."""
    return world.receiver is not None and case.form.items <= allowed(world.receiver.sector)


def _told(form: Form, item: Item, parts: tuple[str, ...]) -> Form:
    """Raises ValueError, which repeats nothing, for a place of another country."""
    changes: dict[str, Any] = {}
    if item in _ONE:
        changes = {_ONE[item]: parts[0]}
    elif item in _MANY:
        changes = {_MANY[item]: parts}
    elif item is Item.LANGUAGE:
        spoken = tuple(one for one in parts if one not in HELP_WITH_WORDS)
        changes = {"languages": spoken, "word_help": frozenset(parts) - set(spoken)}
    return replace(form, **changes)
