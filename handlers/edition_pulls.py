"""Pulls: one person takes a node or an answer out of every edition at once; two put it back."""

from dataclasses import replace
from typing import Final

from pydantic import TypeAdapter

from flows.book import FlowBook
from flows.nodes import Ask, Input
from handlers.desk import Desk
from handlers.draft_acts import acting, draft_act
from handlers.draft_values import ENGLISH, NotAllowed
from handlers.edition_publishing import restated, tell_coordinators
from handlers.edition_serving import refresh
from handlers.edition_values import Pull
from handlers.shelf import answer_key
from handlers.staff_values import Account
from storage import editions
from storage.store import Turn

MOST_REASON: Final = 300  # characters
NEEDED: Final = 2
_PULL: Final[TypeAdapter[Pull]] = TypeAdapter(Pull)


async def pulls(desk: Desk) -> tuple[Pull, ...]:
    """Everything that is pulled, by key."""
    async with desk.store.turn() as turn:
        return tuple((await _all(turn)).values())


async def pull(desk: Desk, account: Account, key: str, reason: str = "") -> Pull:
    """Take it out now, wherever it is shown; looked at by somebody else within a day.

    `key` is the id of a node, or `answer_key` of a node and the English label of one answer.
    Raises NotAllowed, for one thing for what nobody can be without: the first screens, leaving.
    """
    _check(_book_with(desk, key), key)
    wanted = Pull(
        key=key, by=account.id, at=desk.now(), reason=" ".join(reason.split())[:MOST_REASON]
    )

    async def act(turn: Turn) -> Pull:
        await acting(turn, desk, account, ENGLISH)
        known = await _all(turn)
        if key in known:
            raise NotAllowed("edition.pulled_already")
        await editions.keep_pull(turn, key, _PULL.dump_json(wanted).decode())
        await restated(turn, desk, frozenset({*known, key}))
        await tell_coordinators(turn, desk, account.id, "pulled")
        return wanted

    done = await draft_act(desk, account, "edition.pull", _named(key), act)
    await refresh(desk)
    return done


async def look_at_pull(desk: Desk, account: Account, key: str) -> Pull:
    """The second person has looked at it, and it stays pulled. Raises NotAllowed."""

    async def act(turn: Turn) -> Pull:
        await acting(turn, desk, account, ENGLISH)
        known = await _known(turn, key)
        if known.by == account.id:
            raise NotAllowed("edition.own")
        seen = replace(known, seen_by=account.id, back=())
        await editions.keep_pull(turn, key, _PULL.dump_json(seen).decode())
        return seen

    return await draft_act(desk, account, "edition.pull_seen", _named(key), act)


async def put_back(desk: Desk, account: Account, key: str) -> bool:
    """Want it back; True once a second person wants it and it is shown again. NotAllowed."""

    async def act(turn: Turn) -> bool:
        await acting(turn, desk, account, ENGLISH)
        known = await _known(turn, key)
        if account.id in known.back:
            raise NotAllowed("edition.same_person")
        back = (*known.back, account.id)
        if len(back) < NEEDED:
            waiting = replace(known, back=back)
            await editions.keep_pull(turn, key, _PULL.dump_json(waiting).decode())
            return False
        await editions.drop_pull(turn, key)
        await restated(turn, desk, frozenset(await _all(turn)))
        await tell_coordinators(turn, desk, account.id, "put-back")
        return True

    done = await draft_act(desk, account, "edition.put_back", _named(key), act)
    await refresh(desk)
    return done


def _book_with(desk: Desk, key: str) -> FlowBook:
    """The live trees where they show it, else those of an edition that talks are still on."""
    whole = desk.shelf.whole
    books = (one.book for one in (whole[desk.shelf.live.number], *whole.values()))
    found = next((book for book in books if _is_shown(book, key)), None)
    if found is None:
        raise NotAllowed("edition.unknown")
    return found


def _is_shown(book: FlowBook, key: str) -> bool:
    name, _, label = key.partition("/")
    node = book.nodes.get(name)
    answers = node.pick if isinstance(node, Ask | Input) else ()
    return any(one.label == label for one in answers) if label else node is not None


def _check(book: FlowBook, key: str) -> None:
    name, _, label = key.partition("/")
    node, rules = book.nodes[name], book.rules
    kept = {
        *rules.screens.values(),
        *rules.child_redirect.values(),
        *rules.adult_redirect.values(),
    }
    if node.system or node.neutral or (name in kept and not label):
        raise NotAllowed("edition.not_to_pull")
    if not label:
        _check_ways(book, name)
        return
    answers = node.pick if isinstance(node, Ask | Input) else ()
    there = [pick for pick in answers if answer_key(name, pick.label) == key]
    if len(answers) <= len(there):
        raise NotAllowed("edition.not_to_pull")


def _check_ways(book: FlowBook, name: str) -> None:
    """A question must keep an answer when all that lead to this node are gone."""
    for node in book.nodes.values():
        if isinstance(node, Ask) and all(pick.target == name for pick in node.pick):
            raise NotAllowed("edition.not_to_pull")


def _named(key: str) -> str:
    """As the audit chain takes it: letters, digits and hyphens."""
    return key.partition("/")[0].replace(".", "-").replace("_", "-")


async def _all(turn: Turn) -> dict[str, Pull]:
    found = await editions.read_pulls(turn)
    return {key: _PULL.validate_json(document) for key, document in found.items()}


async def _known(turn: Turn, key: str) -> Pull:
    found = (await _all(turn)).get(key)
    if found is None:
        raise NotAllowed("edition.unknown")
    return found
