"""What the English of the trees may not say, and how long and how hard it may be."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from string import Formatter

from flows import lexicons
from flows.book import FlowBook
from flows.faults import Problem, fault
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

    def problem(self, kind: str, **fields: object) -> Problem:
        """A fault of this kind at this place."""
        return Problem(self.file, self.node, fault(kind, **fields))


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
            yield said.problem("long", n=len(long), most=limit, text=long)
        for channel, most in labels.items():
            if said.is_answer and len(said.face) > most:
                yield said.problem("long_on", most=most, text=said.face, which=channel)


def wording(book: FlowBook) -> Iterator[Problem]:
    """Banned words, phone numbers, placeholders nobody fills, sentences hard to read."""
    for said in texts(book):
        banned = {**lexicons.BANNED, **({} if said.is_answer else lexicons.BANNED_IN_TEXTS)}
        for instead, pattern in banned.items():
            if match := pattern.search(said.text):
                yield said.problem("word", word=match[0], instead=instead)
        if match := lexicons.PHONE.search(lexicons.YEAR.sub("", said.text)):
            yield said.problem("number", text=match[0].strip())
        for wrong in _wrong_fields(said.text):
            yield said.problem("placeholder", word=f"{{{wrong}}}")
        if not said.is_answer and grade(said.text) > MAX_GRADE:
            level, most = f"{grade(said.text):.1f}", f"{MAX_GRADE:.0f}"
            yield said.problem("hard", n=level, most=most)


def neutral(book: FlowBook) -> Iterator[Problem]:
    """Words on a neutral screen that would give her away."""
    for said in texts(book):
        node = book.nodes.get(said.node)
        if node and node.neutral and (match := lexicons.SENSITIVE.search(said.text)):
            yield said.problem("neutral", word=match[0])


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
            yield said.problem("source", text=found)


def misses(book: FlowBook) -> Iterator[Problem]:
    """Texts that speak of results and are read without any; advice that would be lost."""
    for file, node in placed(book):
        if not isinstance(node, Find) or not node.also_on_miss:
            continue
        if match := lexicons.NEEDS_A_HIT.search(node.say):
            yield Problem(file, node.id, fault("on_miss", word=match[0]))
        after = book.nodes.get(node.miss or book.rules.screens.get("miss", ""))
        if isinstance(after, Find):
            yield Problem(file, node.id, fault("lost", which=after.id))


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
