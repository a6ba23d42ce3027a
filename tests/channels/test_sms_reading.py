"""The SMS door's reader and its settings: of an event only number and id are looked at."""

import string
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import HttpUrl, SecretStr

from app.settings import Settings, SettingsFaulty
from app.wiring import channels_of
from bot.doors.sms import SmsDoor
from handlers.messages import Address, Pressed

SECRET = string.ascii_letters
HER = "+66800000001"
BLOCK = {
    "gateway_url": "https://sms.example/send",
    "gateway_secret": SECRET,
    "address": "https://info.example",
}


def settings_of(folder: Path, url: str, public: str | None = "https://info.example") -> Settings:
    return Settings(
        home=folder,
        sms_gateway_url=HttpUrl(url),
        sms_gateway_secret=SecretStr(SECRET),
        public_url=HttpUrl(public) if public else None,
    )


@pytest.mark.parametrize(
    "sender", ["1909", "TrueMove H", "", None, 66_800_000_001, "+66 8000", "x"]
)
def test_services_and_names_are_never_answered(sender: object) -> None:
    assert (
        list(SmsDoor(BLOCK).read(orjson.dumps({"id": "1", "from": sender, "text": "Win!"}))) == []
    )


def test_only_number_and_id_are_read() -> None:
    body = orjson.dumps({"id": f"{HER}-0900", "from": HER, "text": "he hits me", "name": "Mai"})
    [incoming] = SmsDoor(BLOCK).read(body)

    assert incoming.said == Pressed("start")
    assert incoming.address == Address("sms", HER)
    assert incoming.event_id is not None
    assert HER not in incoming.event_id
    assert len(incoming.event_id) <= 64
    assert "hits" not in repr(incoming)


@given(st.binary() | st.recursive(st.none() | st.text(), st.lists).map(orjson.dumps))
def test_reading_never_raises(body: bytes) -> None:
    assert list(SmsDoor(BLOCK).read(body)) == []


@given(st.dictionaries(st.sampled_from(["id", "from", "text"]), st.text() | st.none()))
def test_reading_any_event_never_raises(event: dict[str, str | None]) -> None:
    body = orjson.dumps({key: value for key, value in event.items() if _whole(value)})

    assert len(list(SmsDoor(BLOCK).read(body))) <= 1


def _whole(value: str | None) -> bool:
    return value is None or value.isprintable()


def test_without_an_address_to_send_the_start_stops(tmp_path: Path) -> None:
    with pytest.raises(SettingsFaulty, match="PUBLIC_URL"):
        channels_of(settings_of(tmp_path, "https://sms.example/send", public=None))


def test_numbers_do_not_travel_in_the_open(tmp_path: Path) -> None:
    with pytest.raises(SettingsFaulty, match="https://"):
        channels_of(settings_of(tmp_path, "http://sms.example/send"))


def test_a_weak_secret_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="SMS_GATEWAY_SECRET"):
        Settings(
            home=tmp_path,
            sms_gateway_url=HttpUrl("https://sms.example/send"),
            sms_gateway_secret=SecretStr("short"),
        )
