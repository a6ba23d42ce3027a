"""Papers as PDF: the one-page referral card, blocks of codes, scripts to read aloud, posters."""

import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

import segno
import typst

_HERE: Final = Path(__file__).parent
_MARGIN: Final = 4  # modules left white around a code (ISO/IEC 18004, quiet zone)
MEDIA: Final = "application/pdf"
# Nobody reads a picture aloud, and no font of ours has them.
_PICTURES: Final = re.compile(" ?[\U0001f000-\U0001faff\u2600-\u26ff\u2705\u274c\ufe0f]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing about a referral: what it is, and its value in words."""

    label: str
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperCard:
    """What stands on the card: codes in the words of the reader's language, and nothing typed.

    `code` is the referral's short code; it is all that the picture for cameras holds.
    """

    locale: str
    code: str
    title: str
    lead: tuple[str, ...]
    rows: tuple[Row, ...] = field(repr=False)
    warning: str
    footer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PosterWay:
    """A door on a poster: its name, the address people may type, and what cameras are led to."""

    name: str
    address: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Poster:
    """One language, large and neutral; `size` is one of `SIZES`."""

    locale: str
    size: str
    title: str
    line: str
    how: str
    ways: tuple[PosterWay, ...]


SIZES: Final[Mapping[str, int]] = MappingProxyType({"poster": 6, "leaflet": 6, "card": 3})
"""How many doors each has room for: a code must stay large enough for an old phone's camera."""


def card_pdf(card: PaperCard) -> bytes:
    """The card as a PDF of one page; words wrap as each script wants it."""
    told = asdict(card) | {"qr": _qr(card.code)}
    return _compiled("card.typ", "card", told)


def codes_pdf(locale: str, title: str, about: str, codes: Sequence[str]) -> bytes:
    """A block of codes, to be written on paper forms (referral protocol 3.17)."""
    told = {"locale": locale, "title": title, "about": about, "codes": list(codes)}
    return _compiled("codes.typ", "sheet", told)


def poster_pdf(poster: Poster) -> bytes:
    """A sheet of A4: one poster, four leaflets, or eight cards to be cut."""
    told = asdict(poster)
    for way in told["ways"]:
        way["qr"] = _qr(way["link"], _MARGIN)
    return _compiled("poster.typ", "poster", told)


def script_pdf(script: Mapping[str, object]) -> bytes:
    """What is read aloud in a language, to be recorded (app/recordings.py: for_paper)."""
    told = json.loads(_PICTURES.sub("", json.dumps(script, ensure_ascii=False)))
    return _compiled("script.typ", "script", told)


def _compiled(template: str, name: str, told: object) -> bytes:
    """Text goes in as data: nothing in it can be read as an order to the typesetter (R75)."""
    return typst.compile(
        _template(template),
        format="pdf",
        font_paths=_fonts(),
        sys_inputs={name: json.dumps(told, ensure_ascii=False)},
    )


@cache
def _fonts() -> typst.Fonts:
    """The project's own fonts and no other, so that each script is there on every machine."""
    folder = str(_HERE / "fonts")
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder]
    )


@cache
def _template(name: str) -> bytes:
    return (_HERE / "printing" / name).read_bytes()


def _qr(code: str, border: int = 0) -> str:
    drawn = io.BytesIO()
    segno.make(code, micro=False).save(drawn, kind="svg", border=border)
    return drawn.getvalue().decode()
