"""The pages of the web chat: from a screen to HTML, and the files that go with it."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import jinja2
from markupsafe import Markup

from bot.webcover import Cover
from flows.arrive import Scene
from flows.engine import advance
from flows.talk import Event, Show, Started, Went
from flows.walk import Walk
from handlers.desk import Desk
from handlers.messages import Outgoing
from handlers.shelf import Edition
from handlers.sounds import path_of
from handlers.speak import spoken
from translations.locales import LOCALES

WEB = Path(__file__).parent / "web"
CARD = "●"  # how the text of a service begins (handlers/cards.py)

_KINDS: Mapping[str, str] = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
}
# A whole line of a number as it is dialled; half a number must never become a link.
_PHONE = re.compile(r"(?<=☎ )\+?[0-9][0-9 -]*(?=$|\n)")


@dataclass(frozen=True, slots=True)
class File:
    """A file for the browser and its media type."""

    content: bytes
    kind: str


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of a text; `phone` is what is dialled when they are a number."""

    words: str
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """One text of a screen: a bubble, or with a title the card of a service."""

    title: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What an edition shows to those of whom we know nothing."""

    live: Edition
    greeting: Outgoing
    cover: Cover

    @classmethod
    def of(cls, desk: Desk) -> "_Drawn":
        return cls(desk.shelf.live, greeting(desk), Cover.read(desk.translator))


class WebPages:
    """Templates and files, read once."""

    def __init__(self, desk: Desk, template: str = "chat.html") -> None:
        """Read everything under bot/web; screens are drawn by this template."""
        self._desk = desk
        self._template = template
        self._drawn = _Drawn.of(desk)
        self.files = dict(_files())
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(WEB / "templates"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters.update(blocks=blocks, sound=path_of, lines=_lines)
        self._templates.globals.update(
            languages={locale.name: locale.code for locale in LOCALES.values()},
            version=_version(self.files),
        )

    @property
    def _greeting(self) -> Outgoing:
        return self._now().greeting

    @property
    def _cover(self) -> Cover:
        return self._now().cover

    def _now(self) -> "_Drawn":
        """What is the same for everybody, drawn anew when another edition has gone live."""
        if self._drawn.live is not self._desk.shelf.live:
            self._drawn = _Drawn.of(self._desk)
        return self._drawn

    def _say(self, locale: str, name: str) -> str:
        return self._desk.translator.phrase(locale, name)

    def first(self, notice: str = "", puzzle: str = "") -> str:
        """The first screen, with a line above it where something was refused."""
        return self._page(self._greeting, notice=notice, puzzle=puzzle)

    def screen(self, screen: Outgoing, token: str | None, notice: str = "") -> str:
        """The page of one screen; `notice`, the sign of a refusal, is said in her language."""
        if notice and _chosen(screen):
            notice = self._say(screen.locale, "web.unread")
        return self._page(screen, token=token or "", notice=notice)

    def trouble(
        self, locale: str, token: str, name: str = "broken", card: Outgoing | None = None
    ) -> str:
        """What she sees when we are broken: a word in her language and a way to try again, with
        the emergency card where nothing can be read or kept."""
        words = self._say(locale, f"web.{name}") if locale in LOCALES else "⚠"
        shown = locale if locale in LOCALES else self._greeting.locale
        broken = card or Outgoing(step=0, locale=shown, node="", texts=(words,))
        locale = card.locale if card and _chosen(card) else locale
        return self._page(broken, token=token, again=True, words=self._words(locale))

    def notice(self, locale: str, code: str) -> str:
        """The line for a refusal, a sign where her language is not known."""
        if code == "busy":
            return self._say(locale, "web.slow") if locale in LOCALES else "⏳"
        return "⚠"

    def language_of(self, choice: str | None) -> str:
        """The language a tap on the first screen chose; "" for any other tap."""
        greeting, languages = self._greeting, {each.name: each.code for each in LOCALES.values()}
        faces = {f"{greeting.step}:{button.id}": button.label for button in greeting.choices}
        return languages.get(faces.get(choice or "", ""), "")

    def cover(self, wished: str) -> str:
        """The neutral page; `wished` are the browser's own languages (Accept-Language)."""
        first, second = self._cover.beside(wished)
        page = self._templates.get_template("phrases.html")
        return page.render(cover=self._cover, first=first, second=second, title=self._title())

    def _title(self) -> str:
        return self._desk.translator.phrases["web.title"]

    def _page(self, screen: Outgoing, **more: object) -> str:
        """`more` than a screen: token, notice, puzzle, again (a button to retry), words."""
        words = self._words(screen.locale if _chosen(screen) else "")
        plain = {"token": "", "notice": "", "puzzle": "", "again": False, "words": words}
        return self._templates.get_template(self._template).render(
            **(plain | more),
            title=self._title(),
            screen=screen,
            leave=next((a.face for a in screen.actions if a.id == "leave"), ""),
            row=[action for action in screen.actions if action.id != "leave"],
            digits=LOCALES[screen.locale].with_digits,
        )

    def _words(self, locale: str) -> Mapping[str, str]:
        """The page's own words; signs alone while no language is chosen."""
        if locale not in LOCALES:
            return {
                "locale": "",
                "leave": "✖",
                "type": "",
                "send": "➤",
                "wait": "⏳",
                "broken": "⚠",
            }
        return {
            "locale": locale,
            "leave": f"✖ {self._say(locale, 'row.leave')}",
            **{
                name: self._say(locale, f"web.{name}")
                for name in ("type", "send", "wait", "broken")
            },
        }


def greeting(desk: Desk) -> Outgoing:
    """The first screen as it is before anybody said anything."""
    return _unkept(desk, Started())


def farewell(desk: Desk) -> Outgoing:
    """The last screen, for one who leaves before anything was kept."""
    return _unkept(desk, Went("leave"))


def blocks(texts: tuple[str, ...]) -> Iterator[Block]:
    """The texts of a screen as bubbles and cards, numbers set apart."""
    for text in texts:
        if text.startswith(CARD):
            title, _, rest = text.removeprefix(CARD).partition("\n")
            yield Block(title.strip(), tuple(_pieces(rest)))
        else:
            yield Block("", tuple(_pieces(text)))


def _lines(text: str) -> Markup:
    """Line ends that stand without a style."""
    return Markup("<br>").join(text.split("\n"))


def _pieces(text: str) -> Iterator[Piece]:
    at = 0
    for match in _PHONE.finditer(text):
        yield Piece(text[at : match.start()])
        yield Piece(match[0], re.sub(r"[ -]", "", match[0]))
        at = match.end()
    yield Piece(text[at:])


def _unkept(desk: Desk, event: Event) -> Outgoing:
    step = advance(Scene(desk.book), Walk(edition=desk.book.edition, step=0), event)
    show = next(effect for effect in step.effects if isinstance(effect, Show))
    return spoken(desk, step.walk, show)


def _chosen(screen: Outgoing) -> bool:
    """Whether she chose a language: before it, the standard row is drawn without words."""
    return any(action.icon for action in screen.actions)


def _files() -> Iterator[tuple[str, File]]:
    for folder, prefix in ((WEB / "static", ""), (WEB / "fonts", "fonts/")):
        for path in sorted(folder.iterdir()):
            yield prefix + path.name, File(path.read_bytes(), _KINDS[path.suffix])


def _version(files: Mapping[str, File]) -> str:
    """Changes with the styles and the script, so that no old copy is used."""
    content = b"".join(files[name].content for name in ("chat.css", "chat.js", "puzzle.js"))
    return hashlib.sha256(content).hexdigest()[:12]
