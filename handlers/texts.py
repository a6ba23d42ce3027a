"""The texts of one language as translators see them: state, class, who wrote, who signed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any, Final
from weakref import WeakKeyDictionary

from babel.messages.catalog import Catalog, Message

from flows.book import FlowBook
from flows.extract import SHORT_FORM
from flows.lint import texts as said_in
from handlers.aloud import digest_of, words_of
from handlers.draft_values import Draft, Item, Value, digest, text_key
from handlers.edition_content import Changed, Content
from translations.review import Signature, State, is_class_a, signature_of, state_of

STATES: Final = tuple(one.value for one in State)


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One text in one language, as the draft has it, else as it is live.

    `id` names it in addresses. `previous` is the English that an outdated translation was made
    from. `about` is what else is kept with it: `back`, `back_by`, `written_by`, `signed_by`.
    """

    id: str
    locale: str
    context: str
    msgid: str
    text: str = field(repr=False)
    state: State
    class_a: bool
    note: str
    optional: bool
    previous: str
    comments: tuple[str, ...] = field(repr=False)
    signature: Signature | None
    item: Item | None
    about: Mapping[str, str] = field(repr=False)

    @property
    def key(self) -> str:
        """Its key in a draft."""
        return text_key(self.locale, self.context, self.msgid)

    @property
    def place(self) -> str:
        """The screen, variant or phrase that it belongs to."""
        return self.context.removesuffix(SHORT_FORM)

    @property
    def tree(self) -> str:
        """The tree it stands in; a word of the interface stands in `phrases`."""
        first = self.context.partition(".")[0]
        is_tree = len(first) == 2 or first in ("country_text", "platform_text")
        return first if is_tree else "phrases"

    @property
    def seen(self) -> int:
        """The version that a page shows."""
        return self.item.version if self.item else 0

    @property
    def mark(self) -> str:
        """What tells these words, with their English, from any others."""
        return digest({"context": self.context, "msgid": self.msgid, "text": self.text})


Kept = WeakKeyDictionary[Content, dict[str, tuple[Text, ...]]]
"""Texts of editions that were read already, by language, while the edition is kept."""


def id_of(context: str, msgid: str) -> str:
    """What names a text in an address: short, and no word of it."""
    return sha256(f"{context}\x00{msgid}".encode()).hexdigest()[:16]


def catalogue_now(content: Content, locale: str) -> Catalog:
    """A language's catalogue; where only translations changed, the live one, which is there."""
    base = content.base if isinstance(content, Changed) and content.same_english else content
    return base.catalogues[locale]


def texts_of(
    content: Content, draft: Draft | None, locale: str, kept: Kept | None = None
) -> tuple[Text, ...]:
    """Every text of a language, in the order of the trees; of English its short labels only.

    Takes some 20 ms where nothing is kept yet, half a second where the draft changes English: call
    it in a thread. `kept`: Workshop.texts.
    """
    base = content.base if isinstance(content, Changed) and content.same_english else content
    known = kept.setdefault(base, {}) if kept is not None else {}
    if locale not in known:
        known[locale] = tuple(_plain(base, locale))
    items = {
        one.key: one
        for one in (draft.items if draft else ())
        if one.kind == "text" and one.key.startswith(f"{locale}/")
    }
    if not items:
        return known[locale]
    return tuple(
        _changed(one, item) if (item := items.get(one.key)) else one for one in known[locale]
    )


def _plain(content: Content, locale: str) -> Iterator[Text]:
    """The texts as the catalogue has them."""
    optional = {(one.context, one.msgid) for one in content.entries if one.optional}
    strict = phrases_of_class_a(content)
    for message in content.catalogues[locale]:
        if not message.id:
            continue
        context, msgid = message.context or "", str(message.id)
        yield Text(
            id=id_of(context, msgid),
            locale=locale,
            context=context,
            msgid=msgid,
            text=str(message.string or ""),
            state=state_of(message),
            class_a=is_class_a(message) or context in strict,
            note=" ".join(message.auto_comments),
            optional=(context, msgid) in optional,
            previous=_previous(message),
            comments=tuple(message.user_comments),
            signature=signature_of(message) if message.string else None,
            item=None,
            about=_about(None),
        )


def _changed(text: Text, item: Item) -> Text:
    """The text as a draft has it."""
    told = item.value if isinstance(item.value, dict) else {}
    now = Message(
        text.msgid,
        string=str(told.get("text") or ""),
        context=text.context,
        flags=["fuzzy"] if told.get("outdated") else [],
        user_comments=list(told.get("comments") or ()),
    )
    return replace(
        text,
        text=str(now.string),
        state=state_of(now),
        previous=text.previous if told.get("outdated") else "",
        comments=tuple(now.user_comments),
        signature=signature_of(now) if now.string else None,
        item=item,
        about=_about(item.value),
    )


def phrases_of_class_a(content: Content) -> frozenset[str]:
    """Words of the interface that a node of class A says."""
    nodes = content.book.nodes.values() if content.book else ()
    return frozenset(name for one in nodes if one.sign_off == "A" for name in one.phrases)


def icon_of(content: Content, text: Text) -> str | None:
    """The icon of the answer that this is; None for anything else."""
    if content.book is None:
        return None
    wanted = (text.place, text.msgid)
    answers = (one for one in said_in(content.book) if one.is_answer)
    return next((one.icon for one in answers if (one.node, one.text) == wanted), None)


def state_counts(texts: Iterable[Text]) -> dict[str, int]:
    """How many texts there are in each state; optional ones are not counted."""
    counted = dict.fromkeys((*STATES, "texts"), 0)
    for one in texts:
        if not one.optional:
            counted[one.state.value] += 1
            counted["texts"] += 1
    return counted


def waiting_counts(texts: Iterable[Text]) -> dict[str, int]:
    """How many texts a list of each state shows: optional ones too, but never as missing."""
    counted = dict.fromkeys(STATES, 0)
    for one in texts:
        counted[one.state.value] += not (one.optional and one.state is State.MISSING)
    return counted


def read_aloud(
    content: Content, texts: Iterable[Text], locale: str, place: str
) -> tuple[str, ...]:
    """What a recording of a place reads: its text, then its answers with their numbers.

    Nothing where a word is not translated yet, or is filled in for each woman.
    """
    return _read(content, locale, (place,), _said(texts)).get(place, ())


def clips_of(content: Content, locale: str) -> Mapping[str, Mapping[str, Any]]:
    """The recordings of a language, by screen."""
    return content.audio.get(locale, {})


def clip_states(content: Content, texts: Iterable[Text], locale: str) -> dict[str, str]:
    """Place -> `none`, `outdated`, `unheard` or `ready`, of every place that can be recorded."""
    words = _read(content, locale, tuple(content.readings), _said(texts))
    clips = clips_of(content, locale)
    return {place: clip_state(clips.get(place), said) for place, said in words.items()}


def clip_state(clip: Mapping[str, Any] | None, words: tuple[str, ...]) -> str:
    """What a recording is worth: outdated when its words changed, unheard until accepted."""
    if not clip:
        return "none"
    if clip.get("text") != digest_of(words):
        return "outdated"
    return "ready" if clip.get("listened_by") else "unheard"


def _read(
    content: Content, locale: str, wanted: tuple[str, ...], said: Mapping[tuple[str, str], str]
) -> dict[str, tuple[str, ...]]:
    def words(context: str, msgid: str) -> str | None:
        return said.get((context, msgid or content.phrases[context]))

    book, there = content.form, (one for one in wanted if one in content.readings)
    if not isinstance(book, FlowBook):
        return {}
    found = {one: words_of(book, content.readings[one], locale, words) for one in there}
    return {place: read for place, read in found.items() if read}


def _said(texts: Iterable[Text]) -> dict[tuple[str, str], str]:
    return {(one.context, one.msgid): one.text for one in texts if one.text}


def near(texts: Iterable[Text], here: str) -> Iterator[Text]:
    """What comes after a text in a list that it may not be in any more."""
    found = False
    for one in texts:
        if found:
            yield one
        found = found or one.id == here


def _previous(message: Message) -> str:
    if not message.fuzzy or not message.previous_id:
        return ""
    told = message.previous_id
    return str(told[0]) if isinstance(told, list | tuple) else str(told)


def _about(value: Value) -> dict[str, str]:
    names = ("back", "back_by", "written_by", "signed_by")
    told = value if isinstance(value, dict) else {}
    return {name: str(told.get(name) or "") for name in names}
