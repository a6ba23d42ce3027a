"""Settings: the only reader of the environment and of `.env`."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, HttpUrl, SecretStr, ValidationError, model_validator
from pydantic_settings import SettingsConfigDict

from app import env_file
from app.door_settings import DoorSettings, is_closed, weak
from app.private_files import FileUnsafe, make_root_key, read_root_key, refuse_open
from bot.doors import doors
from privacy.age_files import AgeFaulty, check_recipient
from storage.apart import check_address, may_hold_password, same_database

PREFIX = env_file.PREFIX


class SettingsFaulty(Exception):
    """The start stops; the message names every setting to mend, never its value."""


class Settings(DoorSettings):
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
    staff_url: HttpUrl | None = None
    caseworker_telegram_token: SecretStr | None = None
    caseworker_telegram_secret: SecretStr | None = None
    anchor_dir: Path | None = None
    backup_recipient: str | None = None
    drain_seconds: float = Field(0, ge=0, le=60)
    log_level: Literal["debug", "info", "warning", "error"] = Field("info")

    @model_validator(mode="after")
    def _strong_secrets(self) -> Self:
        faults = []
        if self.telegram_token and self.public_url and not self.telegram_secret:
            faults.append("TELEGRAM_SECRET is missing; with PUBLIC_URL Telegram uses a webhook")
        if (
            self.caseworker_telegram_token
            and self.staff_url
            and not self.caseworker_telegram_secret
        ):
            faults.append(
                "CASEWORKER_TELEGRAM_SECRET is missing; with STAFF_URL their bot uses a webhook"
            )
        faults += self.door_faults(doors().values())
        faults += weak("CASEWORKER_TELEGRAM_SECRET", _clear(self.caseworker_telegram_secret))
        if _shared(self.telegram_token, self.caseworker_telegram_token):
            faults.append(
                "CASEWORKER_TELEGRAM_TOKEN is the women's bot; make another at BotFather"
            )
        if _shared(self.telegram_secret, self.caseworker_telegram_secret):
            faults.append("CASEWORKER_TELEGRAM_SECRET must differ from TELEGRAM_SECRET")
        if self.staff_url and not _is_origin(self.staff_url):
            faults.append("STAFF_URL takes https://host, or http:// of this machine, no path")
        faults += self._live_faults() if self.mode == "live" else ()
        faults += _no_recipient(self.backup_recipient)
        faults += self._database_faults()
        if faults:
            raise ValueError("; ".join(faults))
        return self

    def _live_faults(self) -> Iterator[str]:
        yield from self.open_ways(doors().values())
        if not self.root_key_file:
            yield "ROOT_KEY_FILE is missing; live mode needs a root key of yours"

    def _database_faults(self) -> list[str]:
        """What is wrong with the addresses; a fault shows nothing of them."""
        faults = []
        for name in ("database_url", "keystore_url"):
            try:
                given: SecretStr | None = getattr(self, name)
                check_address(given.get_secret_value()) if given else None
            except ValueError as why:
                faults.append(f"{name.upper()} {why}")
        if not faults and same_database(self.database(), self.keystore()):
            faults.append("KEYSTORE_URL must be another database than DATABASE_URL")
        return faults

    @property
    def var(self) -> Path:
        """Where runtime files go."""
        return self.home / "var"

    @property
    def removals(self) -> Path:
        """The list of what must not come back with a backup (privacy/removals.py)."""
        return self.var / "removals"

    def database(self) -> str:
        """The URL of the main database."""
        default = f"sqlite:///{self.var.resolve()}/saphan.db"
        return self.database_url.get_secret_value() if self.database_url else default

    def keystore(self) -> str:
        """The URL of the key store, a database apart."""
        default = f"sqlite:///{self.var.resolve()}/keys/keys.db"
        return self.keystore_url.get_secret_value() if self.keystore_url else default

    @property
    def staff_origin(self) -> str:
        """STAFF_URL as browsers name it, scheme://host[:port]; "" where it is not set."""
        return str(self.staff_url).rstrip("/") if self.staff_url else ""

    @property
    def public_address(self) -> str:
        """PUBLIC_URL without a slash at its end; "" where the outside cannot reach us."""
        return str(self.public_url).rstrip("/") if self.public_url else ""

    def hook(self, door: str) -> str:
        """Where a messenger can call us; "" where the outside cannot reach this machine."""
        return f"{self.public_address}/hooks/{door}" if self.public_url else ""

    def opening(self, door: str) -> dict[str, str]:
        """What a door is opened with: its block, and `address`, where the outside reaches us."""
        address = self.public_address
        return self.block(door) | ({"address": address} if address else {})

    @property
    def caseworkers_hook(self) -> str:
        """Where Telegram can reach the staff app for the caseworkers' bot; "" where it is polled.

        Telegram calls https only, and never this machine.
        """
        reached = self.staff_url is not None and self.staff_url.scheme == "https"
        there = bool(self.caseworker_telegram_token) and reached
        return f"{self.staff_origin}/hooks/caseworkers" if there else ""

    @property
    def root_key_path(self) -> Path:
        """The file of the root key."""
        return (self.root_key_file or self.home / ".saphan-root-key").resolve()

    @property
    def next_root_key_path(self) -> Path:
        """The file of the root key that comes after it, while `saphan keys rotate` is at work."""
        return self.root_key_path.with_name(f"{self.root_key_path.name}.next")

    def root_key(self) -> bytes:
        """The root key; in trial mode made on the first start, outside `var/`, mode 0600.

        Raises SettingsFaulty when the file is missing in live mode, cannot be made or read, is
        readable by others, short, or plainly not random.
        """
        try:
            if self.mode == "trial" and not self.may_have_root_key():
                make_root_key(self.root_key_path)
            return read_root_key(self.root_key_path)
        except FileUnsafe as why:
            raise SettingsFaulty(f"{PREFIX}ROOT_KEY_FILE {why}") from None
        except OSError:
            do = "give its folder to this user, with room on the disk"
            raise SettingsFaulty(f"{PREFIX}ROOT_KEY_FILE cannot be made there; {do}") from None

    def may_have_root_key(self) -> bool:
        """Whether its file is there; true as well where this user may not look into its folder."""
        try:
            return self.root_key_path.exists()
        except OSError:
            return True

    def root_keys(self) -> tuple[bytes, ...]:
        """What the root key may be by now: while it is changed, two files hold one each.

        The second one first: it may take the name of the first between the two looks.
        """
        found = []
        for path in (self.next_root_key_path, self.root_key_path):
            try:
                found.append(read_root_key(path))
            except FileUnsafe:
                continue
        return tuple(found)


def _no_recipient(given: str | None) -> list[str]:
    try:
        check_recipient(given) if given else None
    except AgeFaulty as why:
        return [f"BACKUP_RECIPIENT {why}"]
    return []


def _clear(given: SecretStr | None) -> str:
    return given.get_secret_value() if given else ""


def _shared(one: SecretStr | None, other: SecretStr | None) -> bool:
    """Two doors with one key would open together."""
    return one is not None and other is not None and one == other


def read_settings(dotenv: Path = Path(".env")) -> Settings:
    """Read environment and `.env`, the environment first. Raises SettingsFaulty.

    What is empty is not given: in the environment it hides nothing of the file. What is given
    there hides both forms of the file's, with and without `_FILE`.
    """
    written, faults = env_file.read(dotenv)
    faults += env_file.misnamed({*written, *os.environ})
    values: dict[str, str] = {}
    first = _ours(os.environ)
    bare = {name.removesuffix("_FILE") for name in first}
    rest = {k: v for k, v in _ours(written).items() if k.removesuffix("_FILE") not in bare}
    for name, value in sorted((rest | first).items()):
        field = name.lower()
        if field in Settings.model_fields:
            values[field] = value
        elif field.removesuffix("_file") in Settings.model_fields and name.endswith("_FILE"):
            values[field.removesuffix("_file")] = _from_file(name, value, faults)
        else:
            faults.append(f"{PREFIX}{name} is not a setting; docs/operations.md lists them")
    faults += _badly_kept(_ours(written), dotenv)
    if values.get("mode") == "live":
        faults += _in_the_open(first)
    try:
        settings = Settings(**values)  # type: ignore[arg-type]
    except ValidationError as error:
        faults += [_fault(f["loc"], f["msg"]) for f in error.errors(include_input=False)]
    if faults:
        raise SettingsFaulty("\n".join(faults))
    return settings


def _is_origin(url: HttpUrl) -> bool:
    """Passwords and passkeys travel by https, or do not leave this machine."""
    bare = url.path == "/" and not (url.query or url.fragment or url.username or url.password)
    return is_closed(url) and bare


def _ours(given: Mapping[str, str]) -> dict[str, str]:
    return {k.removeprefix(PREFIX): v for k, v in given.items() if env_file.well_named(k) and v}


def _from_file(name: str, path: str, faults: list[str]) -> str:
    try:
        refuse_open(Path(path))
        if given := Path(path).read_text("utf-8").strip():
            return given
        faults.append(f"{PREFIX}{name} names an empty file; write the value into it")
    except FileUnsafe as why:
        faults.append(f"{PREFIX}{name} names a file that {why}")
    except (OSError, UnicodeDecodeError):
        faults.append(f"{PREFIX}{name} names a file that cannot be read")
    return ""


def _badly_kept(written: Mapping[str, str], dotenv: Path) -> Iterator[str]:
    """A `.env` with secrets in it is itself a file of secrets."""
    if any(_is_secret(name, value) for name, value in written.items()):
        try:
            refuse_open(dotenv)
        except FileUnsafe as why:
            yield f"{dotenv.name} holds secrets and {why}"


def _in_the_open(environment: Mapping[str, str]) -> Iterator[str]:
    """What the environment holds, every child process and every dump of it holds too."""
    for name, value in sorted(environment.items()):
        if _is_secret(name, value):
            yield f"{PREFIX}{name} stands in the environment; live mode takes it as {name}_FILE"


def _is_secret(name: str, value: str) -> bool:
    """The address of a database is one where a password stands in it."""
    field = Settings.model_fields.get(name.lower())
    if field is None or field.annotation != SecretStr | None:
        return False
    return not name.endswith("_URL") or may_hold_password(value)


def _fault(where: tuple[int | str, ...], message: str) -> str:
    names = ".".join(str(part).upper() for part in where)
    return f"{PREFIX}{names}: {message}" if names else message.removeprefix("Value error, ")
