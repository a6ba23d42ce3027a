"""The settings of the messengers: one block a door, its names those of bot/doors."""

from collections.abc import Iterable, Iterator

from pydantic import HttpUrl, SecretStr
from pydantic_settings import BaseSettings

from bot.door import Door

LEAST_SECRET = 43  # characters: 256 bits in base64 (R16)
_OVERLAP = 2  # secrets that are accepted while one is changed (R17)
_LEAST_DISTINCT = 12  # characters: a secret of fewer was typed, not drawn


class DoorSettings(BaseSettings):
    """What each messenger gave us, or we gave it; every address may be another server's."""

    telegram_token: SecretStr | None = None
    telegram_secret: SecretStr | None = None
    telegram_api: HttpUrl = HttpUrl("https://api.telegram.org")

    viber_token: SecretStr | None = None
    viber_api: HttpUrl = HttpUrl("https://chatapi.viber.com/pa")

    line_token: SecretStr | None = None
    line_secret: SecretStr | None = None
    line_api: HttpUrl = HttpUrl("https://api.line.me")

    whatsapp_token: SecretStr | None = None
    whatsapp_phone_id: str | None = None
    whatsapp_app_secret: SecretStr | None = None
    whatsapp_verify: SecretStr | None = None
    whatsapp_api: HttpUrl = HttpUrl("https://graph.facebook.com/v25.0")

    messenger_token: SecretStr | None = None
    messenger_app_secret: SecretStr | None = None
    messenger_verify: SecretStr | None = None
    messenger_api: HttpUrl = HttpUrl("https://graph.facebook.com/v25.0")

    sms_gateway_url: HttpUrl | None = None
    sms_gateway_secret: SecretStr | None = None

    def block(self, door: str) -> dict[str, str]:
        """What is set of this door: the rest of each name, and its value in clear."""
        found = {}
        for name in type(self).model_fields:
            value = getattr(self, name)
            if name.startswith(f"{door}_") and value:
                secret = isinstance(value, SecretStr)
                found[name.removeprefix(f"{door}_")] = (
                    value.get_secret_value() if secret else str(value).rstrip("/")
                )
        return found

    def door_faults(self, doors: Iterable[Door]) -> Iterator[str]:
        """What is wrong with the blocks: one given by half, or a weak secret of ours."""
        for door in doors:
            block, name = self.block(door.name), door.name.upper()
            missing = [one for one in door.needs if one not in block]
            if missing and set(block) - {"api"}:
                yield from (f"{name}_{one.upper()} is missing" for one in missing)
            for one in door.ours:
                yield from weak(f"{name}_{one.upper()}", block.get(one, ""))

    def open_ways(self, doors: Iterable[Door]) -> Iterator[str]:
        """Ways to a messenger on which its token would travel in the open."""
        for door in doors:
            api: HttpUrl | None = getattr(self, f"{door.name}_api", None)
            if api is not None and not is_closed(api):
                name = f"{door.name.upper()}_API"
                yield f"{name} takes https://, or http:// of this machine, in live mode"


def is_closed(url: HttpUrl) -> bool:
    """Whether what is sent there goes by https, or does not leave this machine."""
    return url.scheme == "https" or url.host in ("127.0.0.1", "localhost", "[::1]")


def weak(name: str, given: str) -> Iterator[str]:
    """What is wrong with a secret that we draw ourselves (R16); while it is changed, with both."""
    words = given.split()
    if given and not 0 < len(words) <= _OVERLAP:
        yield f"{name} holds the secret, and beside it at most the one before it"
    for secret in words:
        yield from _weak(name, secret)


def _weak(name: str, secret: str) -> Iterator[str]:
    if secret and len(secret) < LEAST_SECRET:
        yield f"{name} has under {LEAST_SECRET} characters"
    elif secret and len(set(secret)) < _LEAST_DISTINCT:
        yield f"{name} repeats few characters; draw a random one"
    if not all(c.isascii() and (c.isalnum() or c in "_-") for c in secret):
        yield f"{name} may hold A-Z a-z 0-9 _ - only"
