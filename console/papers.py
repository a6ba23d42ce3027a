"""Pages of paper: the card of one referral, a block of codes, and typing in what was on paper."""

import secrets
from dataclasses import replace
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response

from console.entries import Entry
from console.forms import posted
from console.frame import frame_of
from console.guard import signed_in
from console.pages import go, not_found, page
from console.paper import MEDIA, PaperCard, Row, card_pdf, codes_pdf
from console.referral_lines import PRINTED
from console.referrals import PATH
from handlers import casework
from handlers.case_values import View
from handlers.case_words import Voice, partner_name, value_words, voice_of
from handlers.casework import PAPER_LETTERS, PAPER_LONG
from handlers.casework_form import Form
from handlers.desk import Desk
from handlers.key_rules import HANDLES_REFERRALS
from handlers.sealing import TYPED
from handlers.staff import SignedIn
from referrals.outcomes import Refused
from referrals.roles import Role
from translations.locales import LOCALES

CODES: Final = "/desk/paper"
BLOCK: Final = 20  # codes on one sheet (referral protocol 3.17)
ENTRIES: Final = (
    Entry(
        path=CODES,
        title="paper.codes",
        note="paper.codes_note",
        roles=frozenset({Role.CASEWORKER}),
    ),
)
Handles = Annotated[SignedIn, Depends(signed_in(*HANDLES_REFERRALS))]
Begins = Annotated[SignedIn, Depends(signed_in(Role.CASEWORKER))]


def router(_desk: Desk) -> APIRouter:
    """GET and POST /desk/referrals/ID/paper; GET /desk/paper, POST .../codes and .../typed."""
    routes = APIRouter()
    routes.add_api_route(f"{PATH}/{{referral}}/paper", _warn, methods=["GET"])
    routes.add_api_route(f"{PATH}/{{referral}}/paper", _card, methods=["POST"])
    routes.add_api_route(CODES, _codes, methods=["GET"])
    routes.add_api_route(f"{CODES}/codes", _block, methods=["POST"])
    routes.add_api_route(f"{CODES}/typed", _typed, methods=["POST"])
    return routes


async def _warn(request: Request, signed: Handles, referral: str) -> Response:
    """What paper can do to her, before anything is printed."""
    view = await _printable(request, signed, referral)
    if view is None:
        return not_found(request, signed)
    return page(request, "paper.html", signed, view=view, wrong="")


async def _card(request: Request, signed: Handles, referral: str) -> Response:
    """The page as PDF; that it was made is written down, as every opening is."""
    desk, view = frame_of(request).desk, await _printable(request, signed, referral)
    if view is None:
        return not_found(request, signed)
    found = await casework.content(desk, signed.account, referral)
    if isinstance(found, Refused) or found.form is None:
        reason = found.reason.value if isinstance(found, Refused) else "missing"
        return page(request, "paper.html", signed, 409, view=view, wrong=f"reason.{reason}")
    locale = (await posted(request)).one("locale")
    voice = await voice_of(desk, signed.account)
    voice = replace(voice, locale=locale) if locale in LOCALES else voice
    receiver = await partner_name(desk, signed.account, found.form.receiver)
    return _pdf(card_pdf(_paper(desk, voice, view, (found.form, receiver))))


async def _codes(request: Request, signed: Begins) -> Response:
    return page(request, "papers.html", signed, wrong="")


async def _block(request: Request, signed: Begins) -> Response:
    """Codes mean nothing until one is typed in: nobody has to keep them."""
    voice = await voice_of(frame_of(request).desk, signed.account)
    codes = [_new_code() for _ in range(BLOCK)]
    title, how = voice.say("paper.codes"), voice.say("paper.codes_how")
    return _pdf(codes_pdf(voice.locale, title, how, codes))


async def _typed(request: Request, signed: Begins) -> Response:
    """A draft with the code of the paper; its questions are those of every draft."""
    if signed.duress:
        return go(PATH)
    code = (await posted(request)).one("code")[:20].upper()
    begun = await casework.start(frame_of(request).desk, signed.account, code)
    if isinstance(begun, Refused):
        return page(request, "papers.html", signed, 409, wrong="paper.typed_bad")
    return go(f"{PATH}/{begun.id}/draft")


async def _printable(request: Request, signed: SignedIn, referral: str) -> View | None:
    """For its caseworker alone ("export content", 3.2), while it is under way."""
    if signed.duress:
        return None
    view = await casework.look(frame_of(request).desk, signed.account, referral)
    own = view is not None and view.owner == signed.account.id
    return view if view and own and view.form and view.state in PRINTED else None


def _paper(desk: Desk, voice: Voice, view: View, told: tuple[Form, str]) -> PaperCard:
    form, receiver = told
    lead = tuple(filter(None, (voice.say(f"urgency.{view.urgency.value}"), receiver)))
    return PaperCard(
        locale=voice.locale,
        code=view.code,
        title=voice.say("paper.card", code=view.code),
        lead=lead,
        rows=_rows(voice, form),
        warning=voice.say("paper.warning"),
        footer=voice.say("paper.footer", day=voice.moment(desk.now()).partition(" ")[0]),
    )


def _rows(voice: Voice, form: Form) -> tuple[Row, ...]:
    """Codes alone, and of them those she agreed to: after her yes the form has no others."""
    values = form.values(form.items - TYPED).of
    need = Row(label=voice.say("label.need"), value=voice.many("need", form.services))
    named = (
        Row(label=voice.say(f"label.{item.value}"), value=value_words(voice, item, parts))
        for item, parts in values.items()
    )
    return (need, *named)


def _new_code() -> str:
    return "".join(secrets.choice(PAPER_LETTERS) for _ in range(PAPER_LONG))


def _pdf(content: bytes) -> Response:
    """Shown by the browser, which prints it; no name for a file that would stay somewhere."""
    headers = {"Content-Disposition": "inline"}
    return Response(content, media_type=MEDIA, headers=headers)
