"""The button "this was heavy" on a referral of level 0 or 1; only the supervisor is told (5.5)."""

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response

from console.frame import frame_of
from console.guard import signed_in
from console.pages import not_found, page
from handlers import staff_care
from handlers.case_values import View
from handlers.desk import Desk
from handlers.key_rules import HANDLES_REFERRALS
from handlers.staff import SignedIn

PATH: Final = "/desk/referrals"

Handles = Annotated[SignedIn, Depends(signed_in(*HANDLES_REFERRALS))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Care:
    """Whether the button stands there, and who could take over after five in a shift."""

    heavy: bool = False
    others: tuple[str, ...] = ()


async def care_told(desk: Desk, signed: SignedIn, view: View) -> Care:
    """What the page of a referral says of this; nothing to whom it is not given to."""
    mine = signed.account.id in (view.owner, view.assigned)
    if not mine or view.urgency not in staff_care.HEAVY:
        return Care()
    async with desk.store.turn() as turn:
        others = await staff_care.proposes_rest(turn, desk, signed.account)
    return Care(heavy=True, others=others)


def router(_desk: object) -> APIRouter:
    """POST /desk/referrals/ID/heavy."""
    routes = APIRouter()
    routes.add_api_route(f"{PATH}/{{referral}}/heavy", _heavy, methods=["POST"])
    return routes


async def _heavy(request: Request, signed: Handles, referral: str) -> Response:
    desk = frame_of(request).desk
    if signed.duress or not await staff_care.heavy(desk, signed.account, referral):
        return not_found(request, signed)
    return page(request, "heavy.html", signed, back=f"{PATH}/{referral}")
