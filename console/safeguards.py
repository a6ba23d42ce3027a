"""What is said beside the moves across a border: travel confirmed, safer, steps, later checks."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response

from console.entries import Entry
from console.forms import Posted, posted
from console.frame import frame_of
from console.guard import signed_in
from console.pages import go, not_found, page
from console.referrals import PATH, Handles, after_act, her_word
from handlers import casework, later_checks
from handlers.case_travel import Asked
from handlers.case_values import Given, View
from handlers.case_words import partner_name, voice_of
from handlers.desk import Desk
from handlers.staff import SignedIn
from referrals.children import ReturnStep
from referrals.outcomes import Reason, Refused
from referrals.roles import Role
from referrals.states import Act

ADVICE: Final = "/desk/advice"
CHECKS: Final = "/desk/checks"
ENTRIES: Final = (
    Entry(
        path=CHECKS,
        title="later.page",
        note="later.page_note",
        roles=frozenset({Role.CASEWORKER}),
    ),
    Entry(
        path=ADVICE,
        title="advice.title",
        note="advice.note",
        roles=frozenset({Role.SPECIALIST}),
    ),
)
Advises = Annotated[SignedIn, Depends(signed_in(Role.SPECIALIST))]
Owns = Annotated[SignedIn, Depends(signed_in(Role.CASEWORKER))]


def router(_desk: Desk) -> APIRouter:
    """POST /desk/referrals/ID/travel, safer, steps, later; /desk/advice; /desk/checks."""
    routes = APIRouter()
    for name, route in (("travel", _travel), ("safer", _safer), ("steps", _steps)):
        routes.add_api_route(f"{PATH}/{{referral}}/{name}", route, methods=["POST"])
    routes.add_api_route(f"{PATH}/{{referral}}/later", _later, methods=["POST"])
    routes.add_api_route(ADVICE, _asked, methods=["GET"])
    routes.add_api_route(f"{ADVICE}/{{referral}}", _advise, methods=["POST"])
    routes.add_api_route(CHECKS, _checks, methods=["GET"])
    routes.add_api_route(f"{CHECKS}/{{referral}}", _end_check, methods=["POST"])
    return routes


async def _travel(request: Request, signed: Handles, referral: str) -> Response:
    """Her word before she travels: yes; another day or way; or she stops everything."""
    desk, form = frame_of(request).desk, await posted(request)
    said, seen = form.one("said"), seen_of(form)
    if signed.duress:
        return not_found(request, signed)
    told: View | Refused | None = Refused(Reason.MISSING)
    if said == "yes":
        told = await casework.confirm_travel(desk, signed.account, referral, seen, _asked_of(form))
    elif said == "another":
        given = Given(seen=seen)
        told = await casework.act(desk, signed.account, referral, Act.RETURN_TO_ACCEPTED, given)
    elif said == "stop":
        told = await her_word(desk, signed, referral)
    return await _answered(request, signed, referral, told)


async def _safer(request: Request, signed: Handles, referral: str) -> Response:
    """A legal adviser is asked, or the supervisor agrees with her."""
    desk, form = frame_of(request).desk, await posted(request)
    if signed.duress:
        return not_found(request, signed)
    seen = seen_of(form)
    told: View | Refused
    if form.one("do") == "invite":
        adviser = form.one("adviser")
        told = await casework.invite_adviser(desk, signed.account, referral, seen, adviser)
    else:
        with_her = form.one("with_her") == "yes"
        told = await casework.agree_safer(desk, signed.account, referral, seen, with_her=with_her)
    return await _answered(request, signed, referral, told)


async def _steps(request: Request, signed: Handles, referral: str) -> Response:
    """The child focal point marks the open step."""
    desk, form = frame_of(request).desk, await posted(request)
    number = form.one("step")
    step = next((one for one in ReturnStep if str(one.value) == number), None)
    if signed.duress or step is None:
        return not_found(request, signed)
    told = await casework.mark_step(desk, signed.account, referral, seen_of(form), step)
    return await _answered(request, signed, referral, told)


async def _later(request: Request, signed: Handles, referral: str) -> Response:
    """Her new yes at the check of 30 days."""
    desk, form = frame_of(request).desk, await posted(request)
    if signed.duress:
        return not_found(request, signed)
    asked = _asked_of(form)
    told = await later_checks.agree(desk, signed.account, referral, seen_of(form), asked)
    return await _answered(request, signed, referral, told)


async def _asked(request: Request, signed: Advises, wrong: str = "") -> Response:
    desk = frame_of(request).desk
    voice = await voice_of(desk, signed.account)
    found = () if signed.duress else await casework.advice_asked(desk, signed.account)
    rows = [(one, await partner_name(desk, signed.account, one.sender)) for one in found]
    shown = f"reason.{wrong}" if wrong in {one.value for one in Reason} else ""
    return page(request, "advice.html", signed, rows=rows, voice=voice, wrong=shown)


async def _advise(request: Request, signed: Advises, referral: str) -> Response:
    """Agrees with her, or does not; for the one who was asked about this return alone."""
    desk, form = frame_of(request).desk, await posted(request)
    if signed.duress:
        return not_found(request, signed)
    seen = seen_of(form)
    outcome: View | Refused = Refused(Reason.MISSING)
    if form.one("do") == "agree":
        with_her = form.one("with_her") == "yes"
        outcome = await casework.agree_safer(
            desk, signed.account, referral, seen, with_her=with_her
        )
    elif form.one("do") == "disagree":
        outcome = await casework.disagree(desk, signed.account, referral, seen)
    wrong = f"?wrong={outcome.reason.value}" if isinstance(outcome, Refused) else ""
    return go(ADVICE + wrong)


async def _checks(request: Request, signed: Owns) -> Response:
    desk = frame_of(request).desk
    voice = await voice_of(desk, signed.account)
    found = () if signed.duress else await later_checks.listed(desk, signed.account)
    return page(request, "checks.html", signed, rows=found, voice=voice)


async def _end_check(request: Request, signed: Owns, referral: str) -> Response:
    desk = frame_of(request).desk
    ended = not signed.duress and await later_checks.end(desk, signed.account, referral)
    return go(CHECKS) if ended else not_found(request, signed)


def seen_of(form: Posted) -> int:
    """The version that was on the screen; -1 for none."""
    seen = form.one("seen")
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else -1


def _asked_of(form: Posted) -> Asked:
    return Asked(alone=form.one("alone") == "yes", wants=form.one("wants") == "yes")


async def _answered(
    request: Request, signed: SignedIn, referral: str, told: View | Refused | None
) -> Response:
    return await after_act(request, signed, referral, told if isinstance(told, Refused) else None)
