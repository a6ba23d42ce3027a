"""Templates and files of the staff side, read once at start."""

import gzip
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import jinja2

from translations.locales import LOCALES
from translations.translator import Translator

HERE: Final = Path(__file__).parent

_KINDS: Final[Mapping[str, str]] = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
}


@dataclass(frozen=True, slots=True)
class File:
    """A file for the browser and its media type; `packed` is it in gzip, where that is shorter."""

    content: bytes
    kind: str
    packed: bytes = b""


class Rendering:
    """Makes pages in the reader's language."""

    def __init__(self, translator: Translator, chat: Path) -> None:
        """`chat` is the folder of the web chat, whose fonts are used here too."""
        self._translator = translator
        self.files = {name: _packed(file) for name, file in _files(chat)}
        self.version = _version(self.files)
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters["sentence"] = _sentence

    def render(self, template: str, locale: str, values: Mapping[str, object]) -> str:
        """One page; in templates `t("desk.menu")` is a staff phrase in `locale`."""
        locale = locale if locale in LOCALES else "en"

        def say(phrase: str, **fields: str) -> str:
            return self._translator.staff(locale, phrase, **fields)

        shown = {
            "t": say,
            "locale": locale,
            "locales": LOCALES,
            "version": self.version,
            "digits": LOCALES[locale].with_digits,
        }
        return self._templates.get_template(template).render(**(shown | dict(values)))


def _sentence(text: str) -> str:
    """A phrase that also stands within sentences, as one of its own."""
    return text[:1].upper() + text[1:]


def _packed(file: File) -> File:
    """Fonts are packed already."""
    packed = gzip.compress(file.content, mtime=0)
    return replace(file, packed=packed) if len(packed) < len(file.content) * 0.9 else file


def _files(chat: Path) -> Iterator[tuple[str, File]]:
    for path in sorted((HERE / "static").iterdir()):
        yield path.name, File(path.read_bytes(), _KINDS[path.suffix])
    for path in sorted((chat / "fonts").iterdir()):
        yield f"fonts/{path.name}", File(path.read_bytes(), _KINDS[path.suffix])
    yield "icon.svg", File((chat / "static" / "icon.svg").read_bytes(), _KINDS[".svg"])
    yield "fonts.css", File(_font_faces(chat), _KINDS[".css"])


def _font_faces(chat: Path) -> bytes:
    """What the chat's style says about its fonts: said once, used by both."""
    style = (chat / "static" / "chat.css").read_text("utf-8")
    faces = [line for line in style.splitlines() if line.startswith("@font-face")]
    return "\n".join(faces).encode()


def _version(files: Mapping[str, File]) -> str:
    """Changes with every style and script, so that no old copy is used."""
    named = (files[name].content for name in sorted(files) if name.endswith((".css", ".js")))
    return hashlib.sha256(b"".join(named)).hexdigest()[:12]
