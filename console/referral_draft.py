"""A new referral on the desk: one question a page, the preview, and how she is asked."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response

from console.forms import posted
from console.frame import frame_of
from console.guard import signed_in
from console.pages import go, not_found, page
from console.referral_border import border_told
from console.referrals import PATH, one_page
from handlers import casework, drafting
from handlers.case_values import Asking, Given, View
from handlers.case_words import Line, Voice, form_lines, partner_name, voice_of
from handlers.casework_form import Form, missing
from handlers.desk import Desk
from handlers.drafting_setting import setting
from handlers.key_rules import HANDLES_REFERRALS
from handlers.partners import receiver
from handlers.receiver_words import why_not
from handlers.staff import SignedIn
from referrals.consent import Way
from referrals.contact_terms import ContactWay
from referrals.items import Item
from referrals.outcomes import Refused
from referrals.states import Act, State

Handles = Annotated[SignedIn, Depends(signed_in(*HANDLES_REFERRALS))]

_LONG: Final = 9  # options from which on a list is folded into columns
_WITHIN: Final = frozenset({"need.code", "to_country", "country", "province", "language.more"})


def router(_desk: Desk) -> APIRouter:
    """GET /desk/referrals/ID/draft, and POST to answer, to go back, to open a question again."""
    routes = APIRouter()
    routes.add_api_route(f"{PATH}/{{referral}}/draft", _draft, methods=["GET"])
    routes.add_api_route(f"{PATH}/{{referral}}/draft", _answered, methods=["POST"])
    return routes


async def _draft(request: Request, signed: Handles, referral: str) -> Response:
    view = await _open(request, signed, referral)
    if view is None or view.form is None:
        return not_found(request, signed)
    if view.state is not State.DRAFT:
        return go(f"{PATH}/{referral}")
    return await _question(request, signed, view, view.form)


async def _answered(request: Request, signed: Handles, referral: str) -> Response:
    """An answer, or `again`: the question to be opened again ("" is the one before)."""
    desk, posted_form = frame_of(request).desk, await posted(request)
    view = await _open(request, signed, referral)
    if view is None or view.form is None:
        return not_found(request, signed)
    if str(view.version) != posted_form.one("seen"):
        return await _question(request, signed, view, view.form, wrong="desk.changed")
    form, name = view.form, posted_form.one("question")
    if posted_form.one("back"):
        form = drafting.back(form)
    elif posted_form.one("more_needs"):
        form = drafting.more_needs(form)
    elif again := posted_form.one("again"):
        form = drafting.reopened(form, again) if again in form.answered else form
    else:
        chosen = tuple(one for one in posted_form.many("value") if one)
        found = await setting(desk, signed.account.id, form)
        try:
            form = drafting.answered(form, name, chosen, found)
        except drafting.NotOffered:
            return await _question(request, signed, view, view.form, wrong="desk.choose")
    kept = await casework.fill(desk, signed.account, referral, view.version, form)
    if isinstance(kept, Refused):
        wrong = f"reason.{kept.reason.value}"
        return await _question(request, signed, view, view.form, wrong=wrong)
    if drafting.PREVIEW in form.answered:
        return await _ask_her(request, signed, kept)
    return go(f"{PATH}/{referral}/draft")


async def _ask_her(request: Request, signed: SignedIn, view: View) -> Response:
    """By code: it is shown once, on this answer alone. By voice: on to the script."""
    form, desk = view.form, frame_of(request).desk
    if form is None:
        return not_found(request, signed)
    by_code = form.way is Way.CODE
    beside = Asking.BESIDE if form.together else Asking.REMOTE
    given = Given(seen=view.version, asking=beside if by_code else Asking.SCRIPT)
    outcome = await casework.act(desk, signed.account, view.id, Act.ASK_CONSENT, given)
    if isinstance(outcome, Refused):
        wrong = f"reason.{outcome.reason.value}"
        return await _question(request, signed, view, form, wrong=wrong)
    if by_code:
        return await one_page(request, signed, outcome, code=outcome.consent_code)
    return go(f"{PATH}/{view.id}/script")


async def _question(
    request: Request, signed: SignedIn, view: View, form: Form, *, wrong: str = ""
) -> Response:
    desk = frame_of(request).desk
    if drafting.PREVIEW in form.answered:
        form = drafting.reopened(form, drafting.PREVIEW)
    found = await setting(desk, signed.account.id, form)
    question, voice = drafting.next_question(form, found), await voice_of(desk, signed.account)
    if question is None:
        return not_found(request, signed)
    at_preview = question.id == drafting.PREVIEW
    told = {
        "view": view,
        "voice": voice,
        "question": question,
        "long": len(question.options) >= _LONG,
        "lines": await _lines(desk, signed, voice, form),
        "changeable": _changeable(voice, desk, form) if at_preview else (),
        "lacking": sorted(missing(form)) if at_preview else (),
        "at_preview": at_preview,
        "typed": _typed(form),
        "by_link": at_preview and await _by_link(desk, form),
        "first": not form.answered,
        "blocks": view.blocks if at_preview else (),
        "border": await border_told(desk, signed, voice, view),
        "hidden": why_not(found.takers.hidden) if question.id == "receiver" else (),
        "wrong": wrong,
        "member": {"account": signed.account.id, "organisation": signed.account.organisation},
    }
    return page(request, "referral_draft.html", signed, 409 if wrong else 200, **told)


async def _open(request: Request, signed: SignedIn, referral: str) -> View | None:
    if signed.duress:
        return None
    return await casework.look(frame_of(request).desk, signed.account, referral)


async def _lines(desk: Desk, signed: SignedIn, voice: Voice, form: Form) -> tuple[Line, ...]:
    name = await partner_name(desk, signed.account, form.receiver)
    return form_lines(voice, form, name)


async def _by_link(desk: Desk, form: Form) -> bool:
    """Whether nobody there has an account, so that it is opened by a link (decisions 27)."""
    async with desk.store.turn() as turn:
        partner = await receiver(turn, desk, form.receiver)
    return partner is not None and partner.by_link


def _typed(form: Form) -> frozenset[str]:
    """What is typed on the sealed form: her name where she gives it, a number to be called."""
    named = form.items & {Item.NAME}
    called = form.items & {Item.CONTACT} if form.contact.way is ContactWay.PHONE else frozenset()
    return frozenset(item.value for item in named | called)


def _changeable(voice: Voice, desk: Desk, form: Form) -> tuple[tuple[str, str], ...]:
    """Questions that can be opened again, by their short names."""
    phrases = desk.translator.desk.phrases
    short = {"signs": "label.trafficking", "district": "label.area"}
    named = []
    for one in drafting.changeable(form):
        known = (short.get(one, f"label.{one}"), one, f"new.{one}")
        phrase = next((name for name in known if name in phrases), "")
        if phrase and one not in _WITHIN:
            named.append((one, voice.say(phrase)))
    return tuple(named)
