"""The desk's pages of referrals: the list, one referral as this person may see it, its acts."""

from dataclasses import replace
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response

from console.care import care_told
from console.content_labels import content_labels
from console.entries import Entry
from console.forms import posted
from console.frame import frame_of
from console.guard import signed_in
from console.pages import go, not_found, page
from console.referral_border import border_told
from console.referral_given import Faulty, given_of
from console.referral_lines import PRINTED, choices, headline, urgent
from handlers import casework, receivers
from handlers.case_taking_out import may_be_offered
from handlers.case_values import Given, ReadReason, View
from handlers.case_words import Line, Voice, card_lines, form_lines, partner_name, voice_of
from handlers.consent_voice import said_back, withdraw_on_her_word
from handlers.desk import Desk
from handlers.key_rules import HANDLES_REFERRALS
from handlers.receiver_words import notes
from handlers.staff import SignedIn
from referrals.outcomes import Refused
from referrals.reading import Sight
from referrals.roles import Role
from referrals.states import Act, State

ANSWERS: Final = frozenset({Act.ACCEPT, Act.DECLINE, Act.ASK_MORE})
PATH: Final = "/desk/referrals"
ENTRIES: Final = (
    Entry(
        path=PATH,
        title="desk.referrals",
        note="desk.referrals_note",
        roles=frozenset({*HANDLES_REFERRALS, Role.COORDINATOR}),
    ),
)

Handles = Annotated[SignedIn, Depends(signed_in(*HANDLES_REFERRALS))]
Sees = Annotated[SignedIn, Depends(signed_in(*HANDLES_REFERRALS, Role.COORDINATOR))]
Begins = Annotated[SignedIn, Depends(signed_in(Role.CASEWORKER))]


def router(_desk: Desk) -> APIRouter:
    """GET and POST /desk/referrals, GET /desk/referrals/ID, POST /desk/referrals/ID/act."""
    routes = APIRouter()
    routes.add_api_route(PATH, _list, methods=["GET"])
    routes.add_api_route(PATH, _begin, methods=["POST"])
    routes.add_api_route(f"{PATH}/{{referral}}", _one, methods=["GET"])
    routes.add_api_route(f"{PATH}/{{referral}}/act", _act, methods=["POST"])
    return routes


async def one_page(
    request: Request, signed: SignedIn, view: View, *, wrong: str = "", **more: object
) -> Response:
    """The page of one referral: what this person may see of it, and what can be done now."""
    desk = frame_of(request).desk
    voice = await voice_of(desk, signed.account)
    opens = view.card is not None and view.sight >= Sight.ON_REQUEST
    told: dict[str, object] = {
        "view": view,
        "head": headline(voice, view),
        "card": card_lines(voice, view, await _sender(desk, signed, view)),
        "lines": await _form(desk, signed, voice, view),
        "choices": await choices(desk, signed.account, voice, view),
        "phones": await _phones(desk, view),
        "voice": voice,
        "wrong": wrong,
        "open_acts": _open_acts(view),
        "opens": opens,
        "on_request": view.sight is Sight.ON_REQUEST,
        "read_reasons": tuple(one.value for one in ReadReason),
        "content_labels": content_labels(voice, view.card) if opens else {},
        "others": await _others(desk, signed, voice, view),
        "takes_out": may_be_offered(signed.account, view),
        "border": await border_told(desk, signed, voice, view),
        "care": await care_told(desk, signed, view),
        "printable": view.owner == signed.account.id and view.state in PRINTED,
        "code": "",
        "receipt": None,
        "member": {"account": signed.account.id, "organisation": signed.account.organisation},
    }
    shown: dict[str, Any] = told | more
    return page(request, "referral.html", signed, 409 if wrong else 200, **shown)


async def _list(request: Request, signed: Sees) -> Response:
    """Own ones and what waits for this person, the most urgent clock first."""
    desk = frame_of(request).desk
    voice = await voice_of(desk, signed.account)
    views = () if signed.duress else await casework.listed(desk, signed.account)
    rows = [(view, headline(voice, view)) for view in views]
    mine = [row for row in rows if row[0].owner == signed.account.id]
    told: dict[str, Any] = {
        "mine": mine,
        "waiting": [row for row in rows if row[0].owner != signed.account.id],
        "begins": Role.CASEWORKER in signed.account.roles,
        "hears": bool(HANDLES_REFERRALS & signed.account.roles),
    }
    return page(request, "referrals.html", signed, **told)


async def _begin(request: Request, signed: Begins) -> Response:
    desk = frame_of(request).desk
    begun = None if signed.duress else await casework.start(desk, signed.account)
    return go(f"{PATH}/{begun.id}") if isinstance(begun, View) else go(PATH)


async def _one(request: Request, signed: Sees, referral: str) -> Response:
    """A draft goes on with its next question; everything else is one page."""
    desk = frame_of(request).desk
    view = None if signed.duress else await casework.look(desk, signed.account, referral)
    if view is None:
        return not_found(request, signed)
    if view.state is State.DRAFT and view.form is not None and Act.EDIT in view.acts:
        return go(f"{PATH}/{referral}/draft")
    return await one_page(request, signed, view)


async def _act(request: Request, signed: Handles, referral: str) -> Response:
    """One act, by the form of its button; what is refused is said on the same page."""
    desk, form = frame_of(request).desk, await posted(request)
    view = None if signed.duress else await casework.look(desk, signed.account, referral)
    act = next((one for one in Act if one.value == form.one("act")), None)
    if view is None:
        return not_found(request, signed)
    if act is Act.WITHDRAW or form.one("act") == "said_back":
        told = await her_word(desk, signed, referral, form.one("act"))
        return await after_act(request, signed, referral, told)
    if act is None:
        return await one_page(request, signed, view, wrong="reason.missing")
    try:
        given = await given_of(desk, signed.account, view, act, form)
    except Faulty as fault:
        return await one_page(request, signed, view, wrong=fault.phrase)
    outcome = await _done(desk, signed, view, (act, given))
    if isinstance(outcome, View) and outcome.consent_code:
        return await one_page(request, signed, outcome, code=outcome.consent_code)
    if isinstance(outcome, View) and outcome.sight is Sight.NOTHING and not outcome.asks_deletion:
        return go(PATH)  # nothing of it is for this person any more
    return await after_act(
        request, signed, referral, outcome if isinstance(outcome, Refused) else None
    )


async def _done(
    desk: Desk, signed: SignedIn, view: View, what: tuple[Act, Given]
) -> View | Refused:
    """Whoever answers has received it: that is said first where it was not said yet."""
    act, given = what
    if act in ANSWERS and Act.ACKNOWLEDGE in view.acts and given.seen == view.version:
        seen = Given(seen=given.seen)
        got = await casework.act(desk, signed.account, view.id, Act.ACKNOWLEDGE, seen)
        if isinstance(got, Refused):
            return got
        given = replace(given, seen=got.version)
    return await casework.act(desk, signed.account, view.id, act, given)


async def her_word(desk: Desk, signed: SignedIn, referral: str, said: str = "") -> Refused | None:
    """What she said to this member of staff: to stop it, or her yes in her own words."""
    if said == "said_back":
        return await said_back(desk, signed.account, referral)
    return await withdraw_on_her_word(desk, signed.account, referral)


async def after_act(
    request: Request, signed: SignedIn, referral: str, refused: Refused | None
) -> Response:
    """Back to the page; with the reason where it was refused."""
    if refused is None:
        return go(f"{PATH}/{referral}")
    view = await casework.look(frame_of(request).desk, signed.account, referral)
    if view is None:
        return not_found(request, signed)
    return await one_page(request, signed, view, wrong=f"reason.{refused.reason.value}")


async def _sender(desk: Desk, signed: SignedIn, view: View) -> str:
    return await partner_name(desk, signed.account, view.card.sender) if view.card else ""


async def _form(desk: Desk, signed: SignedIn, voice: Voice, view: View) -> tuple[Line, ...]:
    """The coded answers, for the sending side."""
    if view.form is None:
        return ()
    receiver = await partner_name(desk, signed.account, view.form.receiver)
    return form_lines(voice, view.form, receiver)


def _open_acts(view: View) -> frozenset[str]:
    """The acts with a button; what comes before an answer is done with it."""
    more = ANSWERS if Act.ACKNOWLEDGE in view.acts else frozenset()
    return frozenset(act.value for act in view.acts | more)


async def _others(
    desk: Desk, signed: SignedIn, voice: Voice, view: View
) -> tuple[tuple[str, str], ...]:
    """After a decline, up to three others that may fit, with what speaks for each (3.3)."""
    if view.state is not State.DECLINED or view.form is None or Act.REDRAFT not in view.acts:
        return ()
    tried = view.form.said_no | {view.form.receiver}
    found = await receivers.others(desk, signed.account.id, view.form, tried)
    return tuple(
        (one.name, " · ".join(voice.say(note) for note in notes(one.reasons))) for one in found
    )


async def _phones(desk: Desk, view: View) -> tuple[str, ...]:
    """Whom to call before sending at levels 0 and 1 (3.4)."""
    if view.form is None or not urgent(view) or Act.SEND not in view.acts:
        return ()
    async with desk.store.turn() as turn:
        return await receivers.call_first(turn, desk, view.form)
