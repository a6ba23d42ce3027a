"""An address has one key under one pepper, and unrelated keys under two."""

from privacy.pseudonym import DAY, epoch, person_key


def test_the_same_address_has_the_same_key_all_day() -> None:
    assert person_key(b"p" * 32, "telegram", "4711") == person_key(b"p" * 32, "telegram", "4711")


def test_another_pepper_gives_an_unrelated_key() -> None:
    assert person_key(b"p" * 32, "telegram", "4711") != person_key(b"q" * 32, "telegram", "4711")


def test_the_same_number_on_two_channels_is_two_people() -> None:
    assert person_key(b"p" * 32, "telegram", "4711") != person_key(b"p" * 32, "viber", "4711")


def test_channel_and_id_cannot_run_into_each_other() -> None:
    assert person_key(b"p" * 32, "a", "bc") != person_key(b"p" * 32, "ab", "c")


def test_a_day_has_one_epoch() -> None:
    assert epoch(10 * DAY) == epoch(11 * DAY - 1) == 10
