"""A passkey made of software: answers as a browser does, by the WebAuthn recommendation."""

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256

from handlers.staff import Site

_PRESENT, _VERIFIED, _ATTESTED = 0x01, 0x04, 0x40


def text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


@dataclass
class Authenticator:
    """One passkey at one site; `count` goes up with each signature."""

    site: Site
    count: int = 0
    id: bytes = field(default_factory=lambda: secrets.token_bytes(16))

    def __post_init__(self) -> None:
        self.key = generate_private_key(SECP256R1())

    def make(self, options: str) -> str:
        """The browser's answer to `passkey_options`."""
        numbers = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}
        attested = b"\x00" * 16 + len(self.id).to_bytes(2) + self.id + cbor2.dumps(cose)
        data = self._data(_PRESENT | _VERIFIED | _ATTESTED) + attested
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        said = self._said("webauthn.create", json.loads(options)["challenge"])
        return self._answer({"attestationObject": text(attestation), "clientDataJSON": text(said)})

    def sign(self, options: str) -> str:
        """The browser's answer to `asked_passkey`."""
        self.count += 1
        data = self._data(_PRESENT | _VERIFIED)
        said = self._said("webauthn.get", json.loads(options)["challenge"])
        signature = self.key.sign(data + hashlib.sha256(said).digest(), ECDSA(SHA256()))
        parts = {"authenticatorData": data, "clientDataJSON": said, "signature": signature}
        return self._answer({name: text(value) for name, value in parts.items()})

    def _data(self, flags: int) -> bytes:
        host = hashlib.sha256(self.site.host.encode()).digest()
        return host + bytes([flags]) + self.count.to_bytes(4)

    def _said(self, kind: str, challenge: str) -> bytes:
        said: dict[str, Any] = {"type": kind, "challenge": challenge, "origin": self.site.origin}
        return json.dumps(said).encode()

    def _answer(self, response: dict[str, str]) -> str:
        name = text(self.id)
        answer = {"id": name, "rawId": name, "type": "public-key", "response": response}
        return json.dumps(answer)
