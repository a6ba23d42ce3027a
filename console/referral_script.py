"""Her yes by voice: the script in her language, and the form in which her answers are noted."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response

from console.forms import Posted, posted
from console.frame import frame_of
from console.guard import signed_in
from console.pages import go, not_found, page
from console.referrals import PATH, one_page
from handlers import casework
from handlers.case_values import View
from handlers.case_words import voice_of
from handlers.consent_voice import Lines, Spoken, answer_by_voice, consent_by_voice, open_script
from handlers.desk import Desk
from handlers.key_rules import HANDLES_REFERRALS
from handlers.staff import SignedIn
from privacy.pictures import NAMES
from privacy.receipt import as_number, as_pictures, as_words
from referrals.consent import Extra, Interpreter, Way
from referrals.items import Item
from referrals.outcomes import Refused
from referrals.states import Act
from translations.locales import LOCALES

Handles = Annotated[SignedIn, Depends(signed_in(*HANDLES_REFERRALS))]

_CHECKS: Final = (
    *("alone", "secret_word_checked", "limits_explained", "understood", "questions"),
    "other_person",
)


def router(_desk: Desk) -> APIRouter:
    """GET and POST /desk/referrals/ID/script."""
    routes = APIRouter()
    routes.add_api_route(f"{PATH}/{{referral}}/script", _choose, methods=["GET"])
    routes.add_api_route(f"{PATH}/{{referral}}/script", _said, methods=["POST"])
    return routes


async def _choose(request: Request, signed: Handles, referral: str) -> Response:
    """In which language it is read: hers. Opening it counts, so it takes a tap."""
    view = await _view(request, signed, referral)
    if view is None or view.form is None:
        return not_found(request, signed)
    return await _page(request, signed, view, None)


async def _said(request: Request, signed: Handles, referral: str) -> Response:
    """`open`: show the script. `yes`, `no`, `not_now`: what she said to it."""
    desk, form = frame_of(request).desk, await posted(request)
    view = await _view(request, signed, referral)
    if view is None or view.form is None:
        return not_found(request, signed)
    locale = form.one("locale") if form.one("locale") in LOCALES else ""
    said, account = form.one("said"), signed.account
    if said in ("no", "not_now"):
        act = Act.REFUSE if said == "no" else Act.RECONSIDER
        refused = await answer_by_voice(desk, account, referral, act)
        return await _ended(request, signed, referral, refused)
    if said == "yes":
        given = await consent_by_voice(desk, account, referral, _spoken(view, locale, form))
        if isinstance(given, Refused):
            return await one_page(request, signed, view, wrong=f"reason.{given.reason.value}")
        after = await casework.look(desk, account, referral)
        if after is None:
            return not_found(request, signed)
        receipt = {
            "number": LOCALES[locale].with_digits(as_number(given.code)),
            "pictures": as_pictures(given.code),
            "words": as_words(given.code, _words(desk, locale)),
            "locale": locale,
        }
        return await one_page(request, signed, after, receipt=receipt)
    lines = await open_script(desk, account, referral, locale)
    return await _page(request, signed, view, lines, locale)


async def _page(
    request: Request,
    signed: SignedIn,
    view: View,
    lines: Lines | Refused | None,
    locale: str = "",
) -> Response:
    desk, wrong = frame_of(request).desk, ""
    if isinstance(lines, Refused):
        wrong, lines = f"reason.{lines.reason.value}", None
    form = view.form
    told = {
        "view": view,
        "voice": await voice_of(desk, signed.account),
        "script": lines,
        "script_locale": locale,
        "tongues": _tongues(view),
        "by_phone": form is not None and form.way is Way.PHONE,
        "interpreters": tuple(one.value for one in Interpreter),
        "items": _items(desk, locale, lines) if lines else (),
        "extras": tuple(one.value for one in Extra),
        "wrong": wrong,
    }
    return page(request, "referral_script.html", signed, 409 if wrong else 200, **told)


async def _ended(
    request: Request, signed: SignedIn, referral: str, refused: Refused | None
) -> Response:
    """Her no ends it, with what can still be offered; a question leads back to the draft."""
    if refused is None:
        return go(f"{PATH}/{referral}")
    view = await _view(request, signed, referral)
    if view is None:
        return not_found(request, signed)
    return await one_page(request, signed, view, wrong=f"reason.{refused.reason.value}")


async def _view(request: Request, signed: SignedIn, referral: str) -> View | None:
    if signed.duress:
        return None
    return await casework.look(frame_of(request).desk, signed.account, referral)


def _spoken(view: View, locale: str, form: Posted) -> Spoken:
    interpreter = next(
        (one for one in Interpreter if one.value == form.one("interpreter")), Interpreter.NONE
    )
    checks = {name: form.one(name) == "yes" for name in _CHECKS}
    way = view.form.way if view.form and view.form.way else Way.PHONE
    return Spoken(
        locale=locale,
        way=way,
        kept=frozenset(item for item in Item if item.value in form.many("kept")),
        interpreter=interpreter,
        extras=frozenset(one for one in Extra if one.value in form.many("extra")),
        state_yes=form.one("state_yes") == "yes",
        abroad_yes=form.one("abroad_yes") == "yes",
        **checks,
    )


def _tongues(view: View) -> tuple[str, ...]:
    """Her languages first, of those the script is there in."""
    hers = view.form.languages if view.form else ()
    return tuple(sorted(LOCALES, key=lambda one: (one not in hers, one)))


def _items(desk: Desk, locale: str, lines: Lines) -> tuple[tuple[str, str], ...]:
    """Each item in the words she hears."""
    say = desk.translator.phrase
    return tuple((one.value, say(locale, f"item.{one.value}")) for one in lines.items)


def _words(desk: Desk, locale: str) -> tuple[str, ...]:
    return tuple(desk.translator.phrase(locale, f"picture.{name}") for name in NAMES)
