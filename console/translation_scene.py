"""What every page of translations begins with: the draft, the language, its texts, the filter."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import Depends, Request

from console.forms import Posted
from console.guard import Turned, signed_in
from console.pages import not_found
from console.tree_scene import Scene, asked, scene_of
from handlers.draft_values import LANGUAGES, READS
from handlers.staff import SignedIn
from handlers.text_acts import own_draft
from handlers.text_rules import SIGNERS
from handlers.texts import Text, clip_states, texts_of
from handlers.workshop import in_thread
from translations.locales import LOCALES

PATH: Final = "/console/translations"
LIVE: Final = "live"  # asks for the live edition though this person has a draft
FILTERS: Final = (
    *("missing", "outdated", "draft", "reviewed", "changed"),
    *("no_sound", "outdated_sound", "unheard_sound"),
)
"""What a list can be cut down to; the last three are of recordings."""
_SOUND: Final[Mapping[str, str]] = {
    "no_sound": "none",
    "outdated_sound": "outdated",
    "unheard_sound": "unheard",
}
Reads = Annotated[SignedIn, Depends(signed_in(*READS))]
Writes = Annotated[SignedIn, Depends(signed_in(*LANGUAGES))]
Signs = Annotated[SignedIn, Depends(signed_in(*SIGNERS))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which texts a list shows; nothing of it was typed, so it may stand in an address."""

    state: str = ""
    tree: str = ""
    strict: bool = False

    def query(self) -> dict[str, str]:
        """As parts of an address."""
        return {"state": self.state, "tree": self.tree, "class": "A" if self.strict else ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tongue:
    """One language as somebody looks at it."""

    scene: Scene
    locale: str
    texts: tuple[Text, ...]
    sounds: Mapping[str, str]
    wanted: Filter = field(default_factory=Filter)

    @property
    def writes(self) -> bool:
        """Whether this person may change texts here; without a draft one is made for her."""
        draft = self.scene.draft
        is_open = draft is None or draft.state == "open"
        return is_open and bool(self.scene.signed.account.roles & LANGUAGES)

    @property
    def trees(self) -> tuple[str, ...]:
        """Every tree that has texts, in their order."""
        return tuple(dict.fromkeys(one.tree for one in self.texts))

    def chosen(self) -> Iterator[Text]:
        """The texts of the filter."""
        wanted = self.wanted
        for one in self.texts:
            if wanted.tree and one.tree != wanted.tree:
                continue
            if wanted.strict and not one.class_a:
                continue
            if not wanted.state or self._is_in(one):
                yield one

    def text(self, text_id: str) -> Text | None:
        """A text by its id."""
        return next((one for one in self.texts if one.id == text_id), None)

    def url(self, *parts: str, then: str = "", **more: str) -> str:
        """A page of this language with this draft and filter; empty parts are left out."""
        query = {"draft": self.scene.draft_id or LIVE, **self.wanted.query(), **more}
        told = urlencode({name: value for name, value in query.items() if value})
        return f"{'/'.join((PATH, self.locale, *parts))}?{told}{then}"

    def _is_in(self, one: Text) -> bool:
        if self.wanted.state in _SOUND:
            is_first = one.context == one.place and one.text
            return bool(is_first) and self.sounds.get(one.place) == _SOUND[self.wanted.state]
        if self.wanted.state == "changed":
            return one.item is not None
        # An optional text is missing only where somebody thinks so.
        return one.state == self.wanted.state and not (one.state == "missing" and one.optional)


async def draft_scene(request: Request, signed: SignedIn, draft: str) -> Scene:
    """The draft that is asked for; none asked for: this person's own, else the live edition."""
    scene = await scene_of(request, signed, "" if draft == LIVE else draft)
    if draft or (mine := await own_draft(scene.desk, signed.account)) is None:
        return scene
    return await scene_of(request, signed, mine.id)


async def tongue_of(
    request: Request, signed: SignedIn, locale: str, form: Posted | None
) -> Tongue:
    """A language for a page, or for a form of it. Raises Turned for one that is none of ours."""
    if locale not in LOCALES:
        raise Turned(not_found(request, signed))

    def told(name: str) -> str:
        return form.one(name) if form else asked(request, name)

    scene = await draft_scene(request, signed, told("draft"))
    content = scene.content

    def read() -> tuple[tuple[Text, ...], dict[str, str]]:
        texts = texts_of(content, scene.draft, locale, scene.desk.workshop.texts)
        return texts, clip_states(content, texts, locale)

    texts, sounds = await in_thread(read)
    state, tree = told("state"), told("tree")
    wanted = Filter(
        state=state if state in FILTERS else "",
        tree=tree if any(one.tree == tree for one in texts) else "",
        strict=told("class") == "A",
    )
    return Tongue(scene=scene, locale=locale, texts=texts, sounds=sounds, wanted=wanted)


def common(tongue: Tongue) -> dict[str, Any]:
    """What each template of a language is given."""
    return {
        "tongue": tongue,
        "scene": tongue.scene,
        "language": LOCALES[tongue.locale],
        "filters": FILTERS,
    }
