"""What the English of the trees may not say, and how long and how hard it may be."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from string import Formatter

from flows import lexicons
from flows.book import FlowBook, Problem
from flows.nodes import Ask, Find, Input
from flows.reading import grade
from flows.structure import placed

MAX_TEXT = 170  # characters of an English text (conversation design 1.2)
MAX_LABEL = 31  # characters of an English answer, its icon and a space included
MAX_GRADE = 7.0
FIELDS = frozenset(
    {
        *("ttl", "code", "time", "date", "helper", "receiver", "service"),
        *("purpose", "items", "how", "country"),
    }
)
"""The placeholders of trees.md 2.0."""
_SENTENCE = re.compile(r"[^.!?:]+[.!?:]*")


@dataclass(frozen=True, slots=True)
class Said:
    """A text of a book and where it stands; `icon` and `is_answer` are set for answers."""

    file: str
    node: str
    text: str
    src: tuple[str, ...] = ()
    icon: str = ""
    is_answer: bool = False

    @property
    def face(self) -> str:
        """What stands on the button."""
        return f"{self.icon} {self.text}".strip()

    def problem(self, what: str, fix: str) -> Problem:
        """A problem at this place."""
        return Problem(self.file, self.node, what, fix)


def texts(book: FlowBook) -> Iterator[Said]:
    """Everything that is said: texts, answers, variants."""
    for file, node in placed(book):
        if node.say:
            yield Said(file, node.id, node.say, node.src)
        for pick in node.pick if isinstance(node, Ask | Input) else ():
            yield Said(file, node.id, pick.label, icon=pick.icon, is_answer=True)
    for kind, named in book.variants.items():
        for name, cases in named.items():
            for case, variant in cases.items():
                yield Said(f"{kind}.yaml", f"{name}.{case}", variant.say, variant.src)


def lengths(book: FlowBook, labels: Mapping[str, int]) -> Iterator[Problem]:
    """Texts and answers that are too long, in English or for the buttons of a channel."""
    for said in texts(book):
        long, limit = (said.face, MAX_LABEL) if said.is_answer else (said.text, MAX_TEXT)
        if len(long) > limit:
            what = f"{len(long)} characters where {limit} are allowed: “{long}”"
            yield said.problem(what, "Say it shorter; other languages need more room.")
        for channel, most in labels.items():
            if said.is_answer and len(said.face) > most:
                what = f"“{said.face}” has over {most} characters, the most on {channel}"
                yield said.problem(what, "Say it shorter.")


def wording(book: FlowBook) -> Iterator[Problem]:
    """Banned words, phone numbers, placeholders nobody fills, sentences hard to read."""
    for said in texts(book):
        banned = {**lexicons.BANNED, **({} if said.is_answer else lexicons.BANNED_IN_TEXTS)}
        for instead, pattern in banned.items():
            if match := pattern.search(said.text):
                yield said.problem(f"says “{match[0]}”", f"Write: {instead}.")
        if match := lexicons.PHONE.search(lexicons.YEAR.sub("", said.text)):
            fix = "Search the directory instead; numbers come from there only."
            yield said.problem(f"a phone number is typed in: {match[0].strip()}", fix)
        for wrong in _wrong_fields(said.text):
            fix = f"Placeholders are {', '.join(sorted(FIELDS))}."
            yield said.problem(f"the placeholder {{{wrong}}} is not known", fix)
        if not said.is_answer and grade(said.text) > MAX_GRADE:
            what = f"reads at grade {grade(said.text):.1f}, over {MAX_GRADE:.0f}"
            yield said.problem(what, "Use shorter sentences and shorter words.")


def neutral(book: FlowBook) -> Iterator[Problem]:
    """Words on a neutral screen that would give her away."""
    for said in texts(book):
        node = book.nodes.get(said.node)
        if node and node.neutral and (match := lexicons.SENSITIVE.search(said.text)):
            fix = "Say something anybody could be reading, or take neutral: away."
            yield said.problem(f"a neutral screen says “{match[0]}”", fix)


def seen_by_others(text: str, locale: str) -> str | None:
    """The word that would give her away in what a notification or a list of chats may show."""
    match = lexicons.SENSITIVE_IN[locale].search(text[: lexicons.PREVIEW])
    return match[0] if match else None


def claims(book: FlowBook) -> Iterator[Problem]:
    """Medical, legal and safety facts without a source; questions and introductions need none."""
    for said in texts(book):
        if said.is_answer or said.src:
            continue
        if found := next((s for s in _sentences(said.text) if _claims(s)), None):
            fix = "Give src: [S…] of risks-and-sources, or [K] and have it signed off."
            yield said.problem(f"a fact without a source: “{found}”", fix)


def misses(book: FlowBook) -> Iterator[Problem]:
    """Texts that speak of results and are read without any; advice that would be lost."""
    for file, node in placed(book):
        if not isinstance(node, Find) or not node.also_on_miss:
            continue
        if match := lexicons.NEEDS_A_HIT.search(node.say):
            what = f"“{match[0]}” is also read when nothing was found (also_on_miss)"
            yield Problem(file, node.id, what, "Say it without results, or drop also_on_miss.")
        after = book.nodes.get(node.miss or book.rules.screens.get("miss", ""))
        if isinstance(after, Find):
            what = f"its advice is lost: on a miss {after.id} searches again"
            yield Problem(file, node.id, what, "Lead miss to a screen that asks or tells.")


def is_claim(text: str) -> bool:
    """Whether any sentence of a text states a medical, legal or safety fact."""
    return any(map(_claims, _sentences(text)))


def _claims(sentence: str) -> bool:
    return (
        not sentence.endswith("?")
        and bool(lexicons.CLAIMS.search(sentence))
        and not lexicons.EXEMPT.search(sentence)
    )


def _sentences(text: str) -> Iterator[str]:
    yield from (match[0].strip() for match in _SENTENCE.finditer(text))


def _wrong_fields(text: str) -> Iterator[str]:
    try:
        found = [name for _, name, _, _ in Formatter().parse(text) if name is not None]
    except ValueError:
        found = ["…"]
    yield from (name for name in found if name not in FIELDS)
