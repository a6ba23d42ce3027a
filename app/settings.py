"""Settings: the only reader of the environment and of `.env`."""

import os
import secrets
from pathlib import Path
from typing import Any, Literal, Self

from dotenv import dotenv_values
from pydantic import Field, HttpUrl, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "SAPHAN_"
LEAST_SECRET = 43  # characters: 256 bits in base64 (R16)
_ROOT_KEY_BYTES = 32


class SettingsFaulty(Exception):
    """The start stops; the message names every setting to mend, never its value."""


class Settings(BaseSettings):
    """All settings (docs/operations.md). A secret may be given as `…_FILE`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    @classmethod
    def settings_customise_sources(cls, *_: Any, **sources: Any) -> tuple[Any, ...]:
        """Only what is given: `read_settings` alone looks at the environment."""
        return (sources["init_settings"],)

    home: Path = Path()
    mode: Literal["trial", "live"] = "trial"
    database_url: SecretStr | None = None
    keystore_url: SecretStr | None = None
    root_key_file: Path | None = None
    public_url: HttpUrl | None = None
    telegram_token: SecretStr | None = None
    telegram_secret: SecretStr | None = None
    telegram_api: HttpUrl = HttpUrl("https://api.telegram.org")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info")

    @model_validator(mode="after")
    def _strong_secrets(self) -> Self:
        faults = []
        if self.telegram_token and self.public_url and not self.telegram_secret:
            faults.append("TELEGRAM_SECRET is missing; with PUBLIC_URL Telegram uses a webhook")
        secret = self.telegram_secret and self.telegram_secret.get_secret_value()
        if secret and len(secret) < LEAST_SECRET:
            faults.append(f"TELEGRAM_SECRET has under {LEAST_SECRET} characters")
        if secret and not all(c.isascii() and (c.isalnum() or c in "_-") for c in secret):
            faults.append("TELEGRAM_SECRET may hold A-Z a-z 0-9 _ - only")
        if self.mode == "live" and not self.root_key_file:
            faults.append("ROOT_KEY_FILE is missing; live mode needs a root key of yours")
        if self.database_url and self.database_url == self.keystore_url:
            faults.append("KEYSTORE_URL must be another database than DATABASE_URL")
        if faults:
            raise ValueError("; ".join(faults))
        return self

    @property
    def var(self) -> Path:
        """Where runtime files go."""
        return self.home / "var"

    def database(self) -> str:
        """The URL of the main database."""
        default = f"sqlite:///{self.var.resolve()}/saphan.db"
        return self.database_url.get_secret_value() if self.database_url else default

    def keystore(self) -> str:
        """The URL of the key store, a database apart."""
        default = f"sqlite:///{self.var.resolve()}/keys/keys.db"
        return self.keystore_url.get_secret_value() if self.keystore_url else default

    def root_key(self) -> bytes:
        """The root key; in trial mode made on the first start, outside `var/`, mode 0600.

        Raises SettingsFaulty when the file is missing in live mode, readable by others, or short.
        """
        path = self.root_key_file or self.home / ".saphan-root-key"
        if not path.exists() and self.mode == "trial":
            path.parent.mkdir(parents=True, exist_ok=True)
            with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as f:
                f.write(secrets.token_bytes(_ROOT_KEY_BYTES))
        if not path.exists():
            raise SettingsFaulty(f"{PREFIX}ROOT_KEY_FILE names no file; put 32 random bytes there")
        if path.stat().st_mode & 0o077:
            raise SettingsFaulty(f"{PREFIX}ROOT_KEY_FILE can be read by others; chmod 600 it")
        key = path.read_bytes()
        if len(key) != _ROOT_KEY_BYTES:
            raise SettingsFaulty(
                f"{PREFIX}ROOT_KEY_FILE must hold exactly {_ROOT_KEY_BYTES} bytes"
            )
        return key


def read_settings(dotenv: Path = Path(".env")) -> Settings:
    """Read environment and `.env`, the environment first. Raises SettingsFaulty."""
    given = {k: v for k, v in dotenv_values(dotenv).items() if v is not None} | dict(os.environ)
    ours = {k.removeprefix(PREFIX): v for k, v in given.items() if k.startswith(PREFIX) and v}
    values: dict[str, str] = {}
    faults: list[str] = []
    for name, value in sorted(ours.items()):
        field = name.lower()
        if field in Settings.model_fields:
            values[field] = value
        elif field.removesuffix("_file") in Settings.model_fields and name.endswith("_FILE"):
            values[field.removesuffix("_file")] = _from_file(name, value, faults)
        else:
            faults.append(f"{PREFIX}{name} is not a setting; docs/operations.md lists them")
    try:
        settings = Settings(**values)  # type: ignore[arg-type]
    except ValidationError as error:
        faults += [_fault(f["loc"], f["msg"]) for f in error.errors(include_input=False)]
    if faults:
        raise SettingsFaulty("\n".join(faults))
    return settings


def _from_file(name: str, path: str, faults: list[str]) -> str:
    try:
        return Path(path).read_text("utf-8").strip()
    except OSError:
        faults.append(f"{PREFIX}{name} names a file that cannot be read")
        return ""


def _fault(where: tuple[int | str, ...], message: str) -> str:
    names = ".".join(str(part).upper() for part in where)
    return f"{PREFIX}{names}: {message}" if names else message.removeprefix("Value error, ")
