"""Routes of the sealing scripts (static/device.js): small JSON in and out, nothing is rendered."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse

from console.forms import posted_json
from console.frame import frame_of
from console.guard import signed_in
from console.pages import not_found
from handlers import casework, devices, key_rotation, typed_items, unit_keys
from handlers.casework import ReadReason
from handlers.desk import Desk
from handlers.guest_links import GuestOffer
from handlers.key_list import signed_list
from handlers.key_rules import HANDLES_REFERRALS, KeyRefusal
from handlers.sealing import SealRefusal, encoded, part_document, wrapped_of
from handlers.staff import SignedIn
from handlers.unit_keys import Offer
from referrals.items import Item
from referrals.outcomes import Reason, Refused

Handles = Annotated[SignedIn, Depends(signed_in(*HANDLES_REFERRALS))]
Fresh = Annotated[SignedIn, Depends(signed_in(*HANDLES_REFERRALS, fresh=True))]


def router(_desk: Desk) -> APIRouter:
    """Keys under /desk/keys, the sealed form under /desk/referrals/{id}."""
    routes = APIRouter()
    for path, answer in _READS.items():
        routes.add_api_route(path, answer, methods=["GET"])
    for path, answer in _CHANGES.items():
        routes.add_api_route(path, answer, methods=["POST"])
    return routes


async def _state(request: Request, signed: Handles) -> Response:
    """Devices and keys of this person's organisation, with all that is wrapped."""
    ring = await devices.keyring(frame_of(request).desk, signed)
    mine = [
        {
            "id": one.id,
            "public": one.public,
            "account": one.account,
            "confirmed": bool(one.confirmed_by),
        }
        for one in ring.devices
    ]
    keys = [
        {
            "number": key.number,
            "state": key.state,
            "public": key.public,
            "to_change": key.to_change,
            "holders": {
                name: {"public": one.public, "wrap": one.wrap, "vouch": one.vouch}
                for name, one in key.holders.items()
            },
        }
        for key in ring.keys
    ]
    return JSONResponse({"devices": mine, "keys": keys})


async def _list(request: Request, _signed: Handles) -> Response:
    """The signed list of keys, and the key that signs it: each browser verifies it itself."""
    document, signer = await signed_list(frame_of(request).desk)
    if document is None:
        return _no("no_key")
    return JSONResponse({"document": document, "signer": signer})


async def _enrol(request: Request, signed: Handles) -> Response:
    told = await posted_json(request)
    outcome = await devices.enrol(frame_of(request).desk, signed, _text(told, "public"))
    return _no(outcome) if isinstance(outcome, KeyRefusal) else JSONResponse({"id": outcome.id})


async def _propose(request: Request, signed: Fresh) -> Response:
    told = await posted_json(request)
    offer = Offer(
        number=_number(told.get("number")),
        public=_text(told, "public"),
        holders=wrapped_of(told.get("holders")),
    )
    return _done(await unit_keys.propose(frame_of(request).desk, signed, offer))


async def _confirm(request: Request, signed: Fresh, device: str) -> Response:
    told = await posted_json(request)
    heard, wraps = devices.heard_of(told.get("heard")), devices.by_number(told.get("wraps"))
    return _done(await devices.confirm(frame_of(request).desk, signed, device, heard, wraps))


async def _recover(request: Request, signed: Fresh, device: str) -> Response:
    wraps = devices.by_number((await posted_json(request)).get("wraps"))
    return _done(await devices.recover(frame_of(request).desk, signed, device, wraps))


async def _sheet(request: Request, signed: Fresh) -> Response:
    told = await posted_json(request)
    wraps = devices.by_number(told.get("wraps"))
    custodian = _text(told, "custodian")
    return _done(await devices.new_sheet(frame_of(request).desk, signed, custodian, wraps))


async def _waiting(request: Request, signed: Handles) -> Response:
    found = await key_rotation.waiting(frame_of(request).desk, signed)
    waiting = [
        {"referral": one.referral, "parts": [part_document(part) for part in one.parts]}
        for one in found
    ]
    return JSONResponse({"waiting": waiting})


async def _rewrapped(request: Request, signed: Handles) -> Response:
    wraps = key_rotation.wraps_of((await posted_json(request)).get("referrals"))
    outcome = await key_rotation.rewrap(frame_of(request).desk, signed, wraps)
    return _no(outcome) if isinstance(outcome, KeyRefusal) else JSONResponse({"taken": outcome})


async def _sealed_form(request: Request, signed: Handles, referral: str) -> Response:
    form = await typed_items.sealed_form(frame_of(request).desk, signed, referral)
    if form is None:
        return not_found(request, signed)
    if isinstance(form, SealRefusal):
        return _no(form)
    guest = form.typing.guest
    told = {
        "sender": form.sender,
        "receiver": form.receiver,
        "share": encoded(form.typing.share),
        "guest": {"holder": guest[0], "public": guest[1].hex()} if guest else None,
    }
    return JSONResponse(told)


async def _seal(request: Request, signed: Handles, referral: str) -> Response:
    """Keep a sealed item (`part`), or take one out again (`drop`)."""
    told, desk = await posted_json(request), frame_of(request).desk
    outcome: int | SealRefusal | None
    if "drop" in told:
        item = next((one for one in Item if one.value == told["drop"]), None)
        outcome = await typed_items.drop_typed(desk, signed, referral, item) if item else None
    else:
        outcome = await typed_items.keep_typed(desk, signed, referral, told.get("part"))
    if outcome is None:
        return not_found(request, signed)
    return _no(outcome) if isinstance(outcome, SealRefusal) else JSONResponse({"version": outcome})


async def _content(request: Request, signed: Handles, referral: str) -> Response:
    """The parts with this organisation's wraps, and the server's share, which is written down."""
    word = _text(await posted_json(request), "reason")
    reason = next((one for one in ReadReason if one.value == word), None)
    found = await casework.content(frame_of(request).desk, signed.account, referral, reason)
    if isinstance(found, Refused):
        unknown = found.reason is Reason.ROLE
        return not_found(request, signed) if unknown else _no(found.reason.value)
    parts = [part_document(part) for part in found.parts]
    told = {"version": found.version, "parts": parts, "share": encoded(found.share)}
    return JSONResponse(told)


async def _guest(request: Request, signed: Handles, referral: str) -> Response:
    told = await posted_json(request)
    offer = GuestOffer(
        link=_text(told, "link"), public=_text(told, "public"), proof=_text(told, "proof")
    )
    until = await typed_items.make_guest_link(frame_of(request).desk, signed, referral, offer)
    return not_found(request, signed) if until is None else JSONResponse({"until": until})


def _text(told: Mapping[str, Any], name: str) -> str:
    value = told.get(name)
    return value if isinstance(value, str) else ""


def _number(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _done(outcome: object) -> Response:
    return _no(outcome) if isinstance(outcome, KeyRefusal) else JSONResponse({})


def _no(outcome: KeyRefusal | SealRefusal | str) -> Response:
    word = outcome if isinstance(outcome, str) else outcome.value
    return JSONResponse({"error": word}, 409)


_READS: Mapping[str, Callable[..., Any]] = {
    "/desk/keys/state": _state,
    "/desk/keys/list": _list,
    "/desk/keys/waiting": _waiting,
    "/desk/referrals/{referral}/sealed": _sealed_form,
}
_CHANGES: Mapping[str, Callable[..., Any]] = {
    "/desk/keys/devices": _enrol,
    "/desk/keys/devices/{device}/confirm": _confirm,
    "/desk/keys/devices/{device}/recover": _recover,
    "/desk/keys/units": _propose,
    "/desk/keys/sheets": _sheet,
    "/desk/keys/rewrapped": _rewrapped,
    "/desk/referrals/{referral}/sealed": _seal,
    "/desk/referrals/{referral}/content": _content,
    "/desk/referrals/{referral}/guest": _guest,
}
