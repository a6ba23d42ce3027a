"""Pages of keys: a member's own browser and organisation, and a coordinator's two approvals."""

from collections.abc import Sequence
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response

from console.entries import Entry
from console.forms import Posted, posted
from console.frame import frame_of
from console.guard import signed_in
from console.pages import go, page
from handlers.desk import Desk
from handlers.key_rules import HANDLES_REFERRALS, KeyRefusal
from handlers.staff import SignedIn
from handlers.unit_keys import approve_key, keys_to_approve, renew_list, withdraw_key
from privacy.fingerprint import WORDS
from privacy.pictures import NAMES, SIGNS
from referrals.roles import Role
from translations.locales import SOURCE

APPROVE: Final = "/console/keys"
ENTRIES: Final = (
    Entry(
        path="/desk/keys",
        title="keys.title",
        note="keys.note",
        roles=frozenset(HANDLES_REFERRALS),
    ),
    Entry(
        path=APPROVE,
        title="keys.approve_title",
        note="keys.approve_note",
        roles=frozenset({Role.COORDINATOR}),
    ),
)

Handles = Annotated[SignedIn, Depends(signed_in(*HANDLES_REFERRALS))]
Coordinator = Annotated[SignedIn, Depends(signed_in(Role.COORDINATOR))]
Fresh = Annotated[SignedIn, Depends(signed_in(Role.COORDINATOR, fresh=True))]


def router(_desk: Desk) -> APIRouter:
    """GET /desk/keys; GET and POST under /console/keys."""
    routes = APIRouter()
    routes.add_api_route("/desk/keys", _mine, methods=["GET"])
    routes.add_api_route(APPROVE, _waiting, methods=["GET"])
    routes.add_api_route(f"{APPROVE}/approve", _approve, methods=["POST"])
    routes.add_api_route(f"{APPROVE}/withdraw", _withdraw, methods=["POST"])
    routes.add_api_route(f"{APPROVE}/renew", _renew, methods=["POST"])
    return routes


def pictures(desk: Desk, locale: str) -> tuple[tuple[str, str], ...]:
    """Sign and word of each of the 64 pictures, in their order."""
    say = desk.translator
    named = ((name, f"picture.{name}") for name in NAMES)
    words = (say.sign(locale, phrase) or say.phrase(SOURCE, phrase) for _, phrase in named)
    return tuple(zip(SIGNS, words, strict=True))


async def _mine(request: Request, signed: Handles) -> Response:
    """Everything on it is done by static/keys.js: the server never has a private key."""
    shown = pictures(frame_of(request).desk, signed.account.locale)
    return page(request, "keys.html", signed, pictures=shown)


async def _waiting(request: Request, signed: Coordinator) -> Response:
    return await _approvals(request, signed)


async def _approve(request: Request, signed: Fresh) -> Response:
    form, desk = await posted(request), frame_of(request).desk
    organisation, number = form.one("organisation"), form.one("number")
    fits = number.isascii() and number.isdigit() and len(number) < 6
    outcome = await approve_key(
        desk, signed, organisation, int(number) if fits else 0, _heard(form)
    )
    if isinstance(outcome, KeyRefusal):
        return await _approvals(request, signed, f"keys.{outcome.value}")
    return go(APPROVE)


async def _withdraw(request: Request, signed: Fresh) -> Response:
    organisation = (await posted(request)).one("organisation")
    await withdraw_key(frame_of(request).desk, signed, organisation)
    return go(APPROVE)


async def _renew(request: Request, signed: Fresh) -> Response:
    await renew_list(frame_of(request).desk, signed)
    return go(APPROVE)


async def _approvals(request: Request, signed: SignedIn, wrong: str = "") -> Response:
    """The words of a key never stand on this page: they are to be heard from the organisation."""
    desk = frame_of(request).desk
    waiting = await keys_to_approve(desk, signed)
    values = {
        "waiting": waiting.proposed,
        "listed": waiting.listed,
        "until": waiting.until,
        "pictures": pictures(desk, signed.account.locale),
        "names": NAMES,
        "places": range(1, WORDS + 1),
        "wrong": wrong,
    }
    return page(request, "keys_approve.html", signed, 409 if wrong else 200, **values)


def _heard(form: Posted) -> Sequence[str]:
    chosen = [form.one(f"word{place}") for place in range(1, WORDS + 1)]
    return tuple(name for name in chosen if name in NAMES)
