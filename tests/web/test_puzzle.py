"""The puzzle against floods: ours, fresh, once, and really solved."""

import base64
import secrets

import pytest

from bot.webpuzzle import AFTER_WAITING, LIVES, new_puzzle, read_proof
from tests.web.solving import solve

KEY, OTHER = b"k" * 32, b"o" * 32
NOW = 1_770_000_000.5
BITS = 6


def test_a_solved_puzzle_counts_as_solved_under_the_key_of_today_or_yesterday() -> None:
    given = solve(new_puzzle(KEY, BITS, NOW))

    for keys in ((KEY, OTHER), (OTHER, KEY)):
        proof = read_proof(given, keys, NOW + 5)
        assert proof is not None
        assert proof.solved


def test_a_puzzle_alone_counts_only_after_waiting() -> None:
    proof = read_proof(new_puzzle(KEY, BITS, NOW), [KEY], NOW)

    assert proof is not None
    assert not proof.solved
    assert not proof.waited(NOW + AFTER_WAITING - 2)
    assert proof.waited(NOW + AFTER_WAITING)


@pytest.mark.parametrize("later", [LIVES + 1, -2, 1e9])
def test_a_puzzle_too_old_or_of_tomorrow_does_not_count(later: float) -> None:
    assert read_proof(solve(new_puzzle(KEY, BITS, NOW)), [KEY], NOW + later) is None


def test_a_puzzle_of_another_key_does_not_count() -> None:
    assert read_proof(solve(new_puzzle(OTHER, BITS, NOW)), [KEY], NOW) is None


def test_a_puzzle_cannot_be_made_easier() -> None:
    raw = bytearray(base64.urlsafe_b64decode(new_puzzle(KEY, 20, NOW)))
    raw[0] = 0
    easy = base64.urlsafe_b64encode(raw).decode()

    assert read_proof(f"{easy}.{'-'.join('0' * 16)}", [KEY], NOW) is None


def test_wrong_numbers_and_numbers_of_another_puzzle_do_not_count() -> None:
    puzzle = new_puzzle(KEY, 12, NOW)
    others = solve(new_puzzle(KEY, 12, NOW)).partition(".")[2]

    assert read_proof(f"{puzzle}.{'-'.join('0' * 16)}", [KEY], NOW) is None
    assert read_proof(f"{puzzle}.{others}", [KEY], NOW) is None


def test_what_is_no_puzzle_does_not_count() -> None:
    puzzle = new_puzzle(KEY, BITS, NOW)
    solved = solve(puzzle)
    for given in ("", ".", puzzle[:-1], f"{puzzle}.", f"{solved}-1", f"{solved} ", "၁" * 44):
        assert read_proof(given, [KEY], NOW) is None
    for _ in range(200):
        noise = base64.urlsafe_b64encode(secrets.token_bytes(33)).decode()
        assert read_proof(noise, [KEY], NOW) is None
