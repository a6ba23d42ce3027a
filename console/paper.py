"""Papers for days without network: the one-page referral card and blocks of codes, as PDF."""

import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

import segno
import typst

_HERE: Final = Path(__file__).parent
MEDIA: Final = "application/pdf"


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


def card_pdf(card: PaperCard) -> bytes:
    """The card as a PDF of one page; words wrap as each script wants it."""
    told = asdict(card) | {"qr": _qr(card.code)}
    return _compiled("card.typ", "card", told)


def codes_pdf(locale: str, title: str, about: str, codes: Sequence[str]) -> bytes:
    """A block of codes, to be written on paper forms (referral protocol 3.17)."""
    told = {"locale": locale, "title": title, "about": about, "codes": list(codes)}
    return _compiled("codes.typ", "sheet", told)


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


def _qr(code: str) -> str:
    drawn = io.BytesIO()
    segno.make(code, micro=False).save(drawn, kind="svg", border=0)
    return drawn.getvalue().decode()
