"""Second factors: numbers of an authenticator app (RFC 6238) and passkeys (WebAuthn)."""

import base64
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

import pyotp
import webauthn
from webauthn.helpers import options_to_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

STEP = 30  # seconds; what every authenticator app takes when nothing else is said
DIGITS = 6
_AROUND = 1  # steps a phone's clock may be early or late
_SECRET = 32  # base32 signs: 160 bits, as RFC 4226 recommends
ISSUER = "Saphan"
_MOST_ANSWER = 8_000  # characters of what a browser sends; a passkey's answer is far shorter


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Whose passkeys they are: the host name, and the page's origin, e.g. https://desk.example."""

    host: str
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Public:
    """A passkey as kept: id and public key in base64url, how often it has signed."""

    id: str
    key: str = field(repr=False)
    count: int = 0


def new_secret() -> str:
    """A fresh secret for an authenticator app, in base32."""
    return pyotp.random_base32(_SECRET)


def setup_uri(secret: str, account: str) -> str:
    """What the picture says that an authenticator app scans."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=ISSUER)


def step_of(secret: str, typed: str, now: float, used: int) -> int | None:
    """The step of 30 seconds whose number this is; None where it is none, or one used before.

    Every step that comes into question is compared, so that time tells nothing. Whoever keeps
    the step in the transaction that lets in makes a number work once (R58).
    """
    number = "".join(typed.split())
    app, here = pyotp.TOTP(secret), int(now) // STEP
    found = None
    for step in range(here - _AROUND, here + _AROUND + 1):
        fits = secrets.compare_digest(app.generate_otp(step).encode(), number.encode())
        if fits and step > used:
            found = step
    return found


def new_challenge() -> str:
    """What a passkey has to sign, in base64url."""
    return _text(secrets.token_bytes(32))


def registration(site: Site, account: str, challenge: str, known: Sequence[str]) -> str:
    """What a browser needs to make a passkey, as JSON. `known` are ids it must not make again."""
    options = webauthn.generate_registration_options(
        rp_id=site.host,
        rp_name=ISSUER,
        user_name=account,
        user_id=account.encode(),
        challenge=_bytes(challenge),
        exclude_credentials=_named(known),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
    )
    return options_to_json(options)


def registered(site: Site, challenge: str, answer: str) -> Public | None:
    """The new passkey; None where the browser's answer is not one to this challenge and site."""
    credential = _read(answer)
    if credential is None:
        return None
    try:
        made = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=_bytes(challenge),
            expected_rp_id=site.host,
            expected_origin=site.origin,
        )
    except _FAULTS:
        return None
    key = _text(made.credential_public_key)
    return Public(id=_text(made.credential_id), key=key, count=made.sign_count)


def assertion(site: Site, challenge: str, known: Sequence[str]) -> str:
    """What a browser needs to use a passkey, as JSON."""
    options = webauthn.generate_authentication_options(
        rp_id=site.host, challenge=_bytes(challenge), allow_credentials=_named(known)
    )
    return options_to_json(options)


def asserted(site: Site, challenge: str, answer: str, known: Sequence[Public]) -> Public | None:
    """The passkey that signed, with its new count; None where none of `known` did so rightly."""
    credential = _read(answer)
    named = {key.id: key for key in known}
    used = named.get(str(credential.get("id", ""))) if credential else None
    if credential is None or used is None:
        return None
    try:
        done = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=_bytes(challenge),
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=_bytes(used.key),
            credential_current_sign_count=used.count,
        )
    except _FAULTS:
        return None
    return Public(id=used.id, key=used.key, count=done.new_sign_count)


_FAULTS = (WebAuthnException, ValueError, KeyError, TypeError, AttributeError)
"""What comes of an answer that was made up: the library's own, and those of its reading."""


def _read(answer: str) -> dict[str, object] | None:
    if len(answer) > _MOST_ANSWER:
        return None
    try:
        read = json.loads(answer)
    except (ValueError, RecursionError):
        return None
    return read if isinstance(read, dict) else None


def _named(ids: Sequence[str]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=_bytes(one)) for one in ids]


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _bytes(value: str) -> bytes:
    return base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
