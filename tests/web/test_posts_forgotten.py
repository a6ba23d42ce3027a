"""What a browser posts is not kept by the reader of the body."""

from bot.webposts import read_json


def test_what_was_typed_is_in_no_cache() -> None:
    body = b'{"text": "she typed this"}'

    assert read_json(body).text is not read_json(body).text
