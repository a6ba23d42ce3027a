"""A file that is no anchor is told as one, whatever it holds."""

import json

import pytest

from privacy.anchors import AnchorFaulty, dump, load, sign
from privacy.audit import Place

SEED = bytes(range(32))


def test_an_anchor_is_read_as_it_was_written() -> None:
    signed = sign(SEED, "anchor", Place(seq=7, hash="ab", at=1_700_000_000), 1_700_000_100.0)

    assert load(dump(signed)) == signed


@pytest.mark.parametrize("field", ["entry", "at", "signed_at"])
@pytest.mark.parametrize("number", ["Infinity", "-Infinity", "NaN", "1e999", "null", '"1x"', "{}"])
def test_a_number_that_is_none_is_no_anchor(field: str, number: str) -> None:
    signed = sign(SEED, "anchor", Place(seq=7, hash="ab", at=1_700_000_000), 1_700_000_100.0)
    content = json.loads(dump(signed)) | {field: "here"}

    with pytest.raises(AnchorFaulty):
        load(json.dumps(content).replace('"here"', number).encode())


@pytest.mark.parametrize("content", [b"", b"\xff", b"[]", b"[" * 100_000, b'{"a":' * 100_000])
def test_what_is_no_document_is_no_anchor(content: bytes) -> None:
    with pytest.raises(AnchorFaulty):
        load(content)
