"""Words for what is opened in the browser alone: labels and values of a packet, by their codes."""

from collections.abc import Iterable, Mapping

from directory.taxonomy import TAXONOMY
from handlers.case_values import Card
from handlers.case_words import Voice
from handlers.casework_form import HELP_WITH_WORDS
from handlers.drafting_need import LANGUAGES
from privacy.pictures import NAMES
from referrals.consent import Purpose
from referrals.contact_terms import Band, ContactWay, DoNot
from referrals.items import Item
from referrals.urgency import Urgency
from referrals.values import CODES

_FIELDS = ("do_not", "when", "word", "way", "number", "urgency", "services", "purpose", "words")


def content_labels(voice: Voice, card: Card | None) -> Mapping[str, Mapping[str, object]]:
    """`fields`: a label for each field of a packet; `values`: for its codes, the words.

    The server does not see what is opened, so it gives the words of every code there is; of
    places, the names of those on the triage card, which are among what she agreed to.
    """
    items = {item.value: voice.say(f"label.{item.value}") for item in Item}
    frame = {name: voice.say(f"packet.{name}") for name in _FIELDS}
    coded = {item.value: _said(voice, f"value.{item.value}", codes) for item, codes in _CODED}
    tongues = {one: voice.say(f"language.{one}") for one in LANGUAGES}
    return {
        "fields": items | frame,
        "values": {
            **coded,
            **_places(voice, card),
            Item.LANGUAGE.value: tongues | _said(voice, "value.language", HELP_WITH_WORDS),
            "do_not": _said(voice, "value.do_not", (one.value for one in DoNot)),
            "when": _said(voice, "band", (one.value for one in Band)),
            "word": {name: voice.say(f"picture.{name}") for name in NAMES},
            "way": _said(voice, "reach", (one.value for one in ContactWay)),
            "urgency": _said(voice, "urgency", (str(one.value) for one in Urgency)),
            "services": _said(voice, "need", TAXONOMY),
            "purpose": _said(voice, "aim", (one.value for one in Purpose)),
        },
    }


_CODED: tuple[tuple[Item, tuple[str, ...]], ...] = tuple(CODES.items())


def _places(voice: Voice, card: Card | None) -> dict[str, dict[str, str]]:
    told = card.values if card else {}
    items = (Item.AREA, Item.PROVINCE)
    return {one.value: {id_: voice.place(id_) for id_ in told.get(one, ())} for one in items}


def _said(voice: Voice, prefix: str, codes: Iterable[str]) -> dict[str, str]:
    return {code: voice.say(f"{prefix}.{code}") for code in codes}
