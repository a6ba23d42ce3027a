"""Files in the age format (age-encryption.org/v1): sealed to a public key, opened offline."""

from typing import BinaryIO

import pyrage

_SECRET = "AGE-SECRET-KEY-1"  # noqa: S105 - how a secret key begins, not one


class AgeFaulty(Exception):
    """Not a key of this kind, not a file for it, or a file that was changed or cut."""


def sealed_into(recipient: str, reader: BinaryIO, writer: BinaryIO) -> None:
    """Read to the end and write it sealed, piece by piece. Raises AgeFaulty, OSError."""
    pyrage.encrypt_io(reader, writer, [_public(recipient)])


def opened_into(identity: str, reader: BinaryIO, writer: BinaryIO) -> None:
    """Write what was sealed, piece by piece, each only after it was proven to be unchanged.

    Only at a return without error is it certain that nothing was cut off the end. `identity`: a
    file as age-keygen writes it. Raises AgeFaulty.
    """
    try:
        pyrage.decrypt_io(reader, writer, [_private(identity)])
    except BrokenPipeError:
        raise
    except (OSError, pyrage.DecryptError):
        raise AgeFaulty("was changed or cut, or is not for this key") from None


def check_recipient(recipient: str) -> None:
    """Raises AgeFaulty for what is no public key of age."""
    _public(recipient)


def _public(recipient: str) -> pyrage.x25519.Recipient:
    try:
        return pyrage.x25519.Recipient.from_str(recipient.strip())
    except pyrage.RecipientError:
        raise AgeFaulty("is no public key of age; it begins with age1") from None


def _private(identity: str) -> pyrage.x25519.Identity:
    found = [line.strip() for line in identity.splitlines() if line.strip().startswith(_SECRET)]
    try:
        if len(found) != 1:
            raise AgeFaulty("must hold one line that begins with AGE-SECRET-KEY-1")
        return pyrage.x25519.Identity.from_str(found[0])
    except pyrage.IdentityError:
        raise AgeFaulty("holds no key of age") from None
