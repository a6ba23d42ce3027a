"""The canary scanner proves itself: it finds what is planted, in each place and each encoding."""

import base64
import bz2
import gzip
import io
import json
import lzma
import sqlite3
import urllib.parse
import zipfile
import zlib
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy
from sqlalchemy import text

from tests.safety.canary import DIGITS, FORMS, PACKED, Scanner

WORDS = ("kanaryabird", "ကနာရီ", "កាណារី bird", "0899173355")
SCANNER = Scanner(words=WORDS)

# Written with other means than the scanner's own. Something stands before and after each word.
PLANTED: Mapping[str, Callable[[str], list[bytes]]] = {
    "utf-8": lambda word: [f"<{word}>".encode(), f"<{word.upper()}>".encode()],
    "utf-16": lambda word: [f"<{word}>".encode(order) for order in ("utf-16-le", "utf-16-be")],
    "utf-32": lambda word: [f"<{word}>".encode(order) for order in ("utf-32-le", "utf-32-be")],
    "hex": lambda word: [
        f"\\x{word.encode().hex()}".encode(),
        base64.b16encode(word.encode()),
    ],
    "base64": lambda word: [
        code(b"?>" * 4 + b"." * offset + word.encode() + b"?>" * 4)
        for code in (base64.standard_b64encode, base64.urlsafe_b64encode)
        for offset in range(3)
    ],
    "url": lambda word: [
        urllib.parse.urlencode({"q": f"{word}="}, quote_via=urllib.parse.quote).encode()
    ],
    "percent": lambda word: ["".join(f"%{byte:02X}" for byte in word.encode()).encode()],
    "json": lambda word: [
        json.dumps({"text": word}).encode(),
        "".join(f"\\u{ord(letter):04x}" for letter in word).encode(),
    ],
    "python": lambda word: [repr([word.encode()]).encode(), ascii([word]).encode()],
    "octal": lambda word: ["".join(f"\\{byte:03o}" for byte in word.encode()).encode()],
    "html": lambda word: [
        "".join(f"&#{ord(letter)};" for letter in word).encode(),
        "".join(f"&#x{ord(letter):X};" for letter in word).encode(),
    ],
}


def _zip(content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("first", b"nothing")
        archive.writestr("second", content)
    return file.getvalue()


PACKERS: Mapping[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "zip": _zip,
    "xz": lzma.compress,
    "bzip2": bz2.compress,
    "zlib": zlib.compress,
}


def every_plant() -> dict[tuple[str, str], list[bytes]]:
    """(word, form) -> the word in that form, in digits of five scripts where it has any."""
    return {
        (word, form): [
            plant
            for zero in ("0", *(digits[0] for digits in DIGITS.values()))
            for plant in planted(_with_digits_from(word, zero))
        ]
        for word in WORDS
        for form, planted in PLANTED.items()
    }


def _with_digits_from(word: str, zero: str) -> str:
    return "".join(chr(ord(zero) + int(c)) if c.isdigit() else c for c in word)


def test_every_form_script_and_packing_is_planted() -> None:
    assert PLANTED.keys() == FORMS.keys()
    assert PACKERS.keys() == PACKED.keys()


def test_every_word_is_found_in_every_form() -> None:
    missed = [
        (word, form)
        for (word, form), plants in every_plant().items()
        for plant in plants
        if not any(hit.startswith(word) for hit in SCANNER.found_in(b"\0\xff" + plant + b"\xfe"))
    ]

    assert missed == []


@pytest.mark.parametrize("form", FORMS)
def test_without_one_form_something_is_missed(form: str) -> None:
    lacking = replace(SCANNER, forms={name: FORMS[name] for name in FORMS if name != form})
    missed = [
        plant
        for (_, planted), plants in every_plant().items()
        for plant in plants
        if planted == form and not lacking.found_in(plant)
    ]

    assert missed


@pytest.mark.parametrize("script", DIGITS)
def test_without_one_script_its_digits_are_missed(script: str) -> None:
    lacking = replace(SCANNER, digits={k: v for k, v in DIGITS.items() if k != script})
    typed = _with_digits_from("0899173355", DIGITS[script][0]).encode()

    assert SCANNER.found_in(typed)
    assert not lacking.found_in(typed)


@pytest.mark.parametrize("kind", PACKERS)
def test_what_is_packed_is_opened_and_missed_without(kind: str) -> None:
    packed = b"before" + PACKERS[kind](b"some bytes, then kanaryabird, and more" * 5) + b"after"
    twice = gzip.compress(packed)
    lacking = replace(SCANNER, packed={k: v for k, v in PACKED.items() if k != kind})

    assert SCANNER.found_in(packed)
    assert SCANNER.found_in(twice)
    assert not lacking.found_in(packed)


def test_nothing_is_found_where_nothing_is() -> None:
    innocent = b"kanary abird 0899173356 " + "ကနာရ".encode() + PACKERS["zip"](b"a bird")

    assert SCANNER.found_in(innocent) == []


def test_a_file_and_the_name_of_a_file_are_searched(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "core").write_bytes(bytes(9_000) + "ကနာရီ".encode())
    (tmp_path / "0899173355.txt").write_bytes(b"")

    assert [hit.rpartition(" in ")[2] for hit in SCANNER.found([tmp_path])] == [
        "0899173355.txt",
        "core",
    ]


def test_a_second_look_passes_over_what_was_clean_and_nothing_else(tmp_path: Path) -> None:
    for name, content in (
        ("kept", b"nothing"),
        ("filled", b"nothing yet"),
        ("bad", b"kanaryabird"),
    ):
        (tmp_path / name).write_bytes(content)
    clean: set[bytes] = set()
    first = SCANNER.found([tmp_path], clean)
    (tmp_path / "filled").write_bytes(b"kanaryabird again")
    second = SCANNER.found([tmp_path], clean)

    assert [hit.rpartition(" in ")[2] for hit in first] == ["bad"]
    assert [hit.rpartition(" in ")[2] for hit in second] == ["bad", "filled"]
    assert len(clean) == 2


def test_every_form_is_found_in_a_database_and_in_its_log_alone(tmp_path: Path) -> None:
    path = tmp_path / "some.db"
    plants = [plant for plants in every_plant().values() for plant in plants]
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE kept (what BLOB, told TEXT)")
        database.commit()
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.executemany("INSERT INTO kept VALUES (?, 'x')", ((plant,) for plant in plants))
        database.commit()
        in_log = SCANNER.found_in((tmp_path / "some.db-wal").read_bytes())
        not_yet = SCANNER.found_in(path.read_bytes())
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        in_file = SCANNER.found_in(path.read_bytes())

    expected = set(SCANNER.found_in(b"\n".join(plants)))
    assert len(expected) >= len(WORDS) * (len(FORMS) - 3)  # some forms of some words are alike
    assert not_yet == []
    assert set(in_log) == set(in_file) == expected


def test_every_form_is_found_in_the_heap_and_the_log_of_postgresql(
    postgres: str,
) -> None:
    folder = Path(postgres.partition("host=")[2])
    words = [f"{word}ზ" for word in ("kanaryaheap", "ကနာရီဟ")]  # no other test plants these
    scanner = Scanner(words=words)
    engine = sqlalchemy.create_engine(postgres, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("CREATE TABLE canary (what bytea)"))
        for plant in (p for word in words for planted in PLANTED.values() for p in planted(word)):
            # Twice: the head of a page of the log, each 8 kB, may stand in the middle of one.
            for _ in range(2):
                connection.execute(text("INSERT INTO canary VALUES (:what)"), {"what": plant})
        connection.execute(text("CHECKPOINT"))
        in_heap = scanner.found([folder / "base"])
        in_log = scanner.found([folder / "pg_wal"])
        connection.execute(text("DROP TABLE canary"))
    engine.dispose()

    forms = {hit.partition("(")[2].partition(")")[0] for hit in in_heap}
    assert forms >= FORMS.keys() - {"url", "percent", "json"}  # alike with others for these words
    assert {hit.rpartition(" in ")[0] for hit in in_log} >= {
        hit.rpartition(" in ")[0] for hit in in_heap
    }
