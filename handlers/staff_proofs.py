"""Whether a second factor is right: checked and used up in the turn that lets somebody in."""

from dataclasses import dataclass, field, replace
from typing import assert_never

from handlers.desk import Desk
from handlers.staff_accounts import codes_secret, unsealed
from handlers.staff_delays import growing
from handlers.staff_invites import recovery_hash
from privacy.second_factor import Public, Site, asserted, step_of
from storage.accounts import Kept, Missed, Passkey
from storage.staff_sessions import Signed

_FREE, _FIRST, _LONGEST = 5, 30.0, 3_600.0  # wrong numbers at once; then seconds, doubling


@dataclass(frozen=True, slots=True)
class Number:
    """Six digits of an authenticator app."""

    typed: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Recovery:
    """One of the ten codes on paper."""

    typed: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Assertion:
    """What a passkey answered, as JSON of the browser, to the challenge kept with the session."""

    site: Site
    answer: str = field(repr=False)


Proof = Number | Recovery | Assertion


@dataclass(frozen=True, slots=True)
class Wrong:
    """It did not fit."""


@dataclass(frozen=True, slots=True)
class Slow:
    """Too many tries: again in so many seconds."""

    seconds: float


async def proved(desk: Desk, kept: Kept, signed: Signed, proof: Proof) -> Kept | Slow | None:
    """The account with the factor used up; None where it is wrong. What is returned is to be kept.

    Only numbers are few enough to be guessed: wrong ones make every next number wait, apart for
    known browsers and for others. Recovery codes and passkeys never wait, so nobody who guesses
    can lock an owner out.
    """
    match proof:
        case Number(typed):
            return await _number(desk, kept, signed, typed)
        case Recovery(typed):
            used = recovery_hash(await codes_secret(desk), kept.id, typed)
            rest = tuple(one for one in kept.document.recovery if one != used)
            if rest == kept.document.recovery:
                return None
            return replace(kept, document=replace(kept.document, recovery=rest))
        case Assertion(site, answer):
            return _passkey(kept, signed, site, answer)
        case _:
            assert_never(proof)


def missed(desk: Desk, kept: Kept, signed: Signed, proof: Proof) -> Kept:
    """The account with one more wrong number."""
    if not isinstance(proof, Number):
        return kept
    times = _missed(kept, signed, desk.now()).times + 1
    return _with_missed(kept, signed, Missed(times=times, at=desk.now()))


async def _number(desk: Desk, kept: Kept, signed: Signed, typed: str) -> Kept | Slow | None:
    before = _missed(kept, signed, desk.now())
    wait = before.at + growing(before.times - _FREE, _FIRST, _LONGEST) - desk.now()
    if wait > 0:
        return Slow(wait)
    secret = await unsealed(desk, kept, "totp", kept.document.totp)
    step = step_of(secret, typed, desk.now(), kept.document.step) if secret else None
    if step is None:
        return None
    used = replace(kept, document=replace(kept.document, step=step))
    return _with_missed(used, signed, Missed())


def _missed(kept: Kept, signed: Signed, now: float) -> Missed:
    """Wrong numbers in a row, forgotten a day after the last."""
    found = kept.document.missed_here if signed.known else kept.document.missed
    return found if now - found.at < 24 * _LONGEST else Missed()


def _with_missed(kept: Kept, signed: Signed, value: Missed) -> Kept:
    document = kept.document
    if signed.known:
        return replace(kept, document=replace(document, missed_here=value))
    return replace(kept, document=replace(document, missed=value))


def _passkey(kept: Kept, signed: Signed, site: Site, answer: str) -> Kept | None:
    known = [Public(id=one.id, key=one.key, count=one.count) for one in kept.document.passkeys]
    used = asserted(site, signed.challenge, answer, known) if signed.challenge else None
    if used is None:
        return None
    changed = tuple(
        Passkey(id=one.id, key=one.key, count=used.count) if one.id == used.id else one
        for one in kept.document.passkeys
    )
    return replace(kept, document=replace(kept.document, passkeys=changed))
