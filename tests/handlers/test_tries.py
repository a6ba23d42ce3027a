"""How often codes may be tried."""

from handlers import tries
from handlers.tries import Tries
from privacy.receipt import VALUES


def test_tries_are_counted_a_chat_and_over_all() -> None:
    limit = Tries()
    taken = sum(limit.take(f"chat{n}", 0.0) for n in range(tries.ALL + 500))

    assert taken == tries.ALL
    assert not limit.take("one more", tries.WINDOW - 1)
    assert limit.take("one more", tries.WINDOW + 1)


def test_what_was_right_or_no_code_is_not_counted() -> None:
    limit = Tries()
    for _ in range(50):
        assert limit.take("chat", 0.0)
        limit.forgive("chat")

    assert sum(limit.take("chat", 0.0) for _ in range(50)) == tries.EACH


def test_who_may_try_no_more_is_known_by_the_last_try_and_only_for_a_while() -> None:
    limit = Tries()
    spent = []
    for _ in range(tries.EACH):
        limit.take("chat", 0.0)
        spent.append(limit.is_spent("chat", 0.0))

    assert spent == [*[False] * (tries.EACH - 1), True]
    assert not limit.is_spent("another", 0.0)
    assert not limit.is_spent("chat", tries.WINDOW)


def test_the_limiter_stays_small() -> None:
    limit = Tries()
    for number in range(tries.CHATS + 100):
        limit.take(f"chat{number}", number * tries.WINDOW)

    assert len(limit._chats) == tries.CHATS


def test_guessing_at_the_allowed_rate_takes_longer_than_anybody_has() -> None:
    living, tried_in_a_year = 1_000, tries.ALL / tries.WINDOW * 86_400 * 365

    assert tried_in_a_year * living / VALUES < 1e-3
    assert 1_000_000 * living / VALUES < 1e-3
