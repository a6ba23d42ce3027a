"""The words of her consent: which screens she passes, their texts, and the proof of them."""

import hashlib
from dataclasses import dataclass, field

from flows.arrive import Scene, present
from flows.book import FlowBook
from flows.talk import PHRASE, Text
from flows.walk import Opened, Walk
from handlers.case_file import Case
from handlers.case_world import around
from handlers.consent_question import Proposal
from handlers.desk import Desk
from referrals.consent import Extra, TextShown
from referrals.consent_digest import canonical
from storage import texts
from storage.store import Turn
from translations.locales import LOCALES
from translations.translator import NotTranslated

BEFORE = ("co.c1", "co.c2", "co.c3", "co.c4", "co.c5")
"""What everybody passes; then the screens of a state body and of another country; then LAST."""
OF_STATE = {
    "to_police": "co.st1",
    "to_team": "co.st2",
    "to_embassy": "co.st3",
    "to_state": "co.st4",
}
APART = "co.x1"
"""The small questions, left out where a language does not have them."""
LAST = "co.c6"


@dataclass(frozen=True, slots=True)
class Script:
    """One text as it is archived: language, edition and, by node, its sentences unfilled.

    What fills them (names, items, dates) is in the record itself and never in the archive.
    """

    language: str
    version: str
    said: tuple[tuple[str, str], ...] = field(repr=False)

    @property
    def document(self) -> str:
        """The archived form."""
        return canonical({"l": self.language, "v": self.version, "t": self.said}).decode()

    @property
    def shown(self) -> TextShown:
        """Language, version and the SHA-256 of exactly this text."""
        digest = hashlib.sha256(self.document.encode()).hexdigest()
        return TextShown(language=self.language, version=self.version, digest=digest)


def nodes_of(asked: Proposal) -> tuple[str, ...]:
    """Every screen she passes on her way to a yes, in order; the small questions are apart."""
    return (*BEFORE, *_of_state(asked), *risk_nodes(asked.abroad), LAST)


def risk_nodes(country: str) -> tuple[str, ...]:
    """The screens of the second yes: that it is another country, its risks, the question."""
    return ("co.ab1", f"co.ab{country}", "co.ab2") if country else ()


def scripts(desk: Desk, locale: str, asked: Proposal) -> tuple[Script, Script | None]:
    """The text of her yes, and of her second yes to a country. Raises NotTranslated."""
    nodes = nodes_of(asked)
    apart = (APART,) if asks_apart(desk, locale) else ()
    whole = _script(desk, locale, asked, (*nodes[:-1], *apart, LAST))
    risks = risk_nodes(asked.abroad)
    return whole, _script(desk, locale, asked, risks) if risks else None


async def archive(turn: Turn, *written: Script | None) -> None:
    """Keep these texts, so that their hashes are known ones (holding.TEXT_UNKNOWN)."""
    for script in written:
        if script is not None:
            await texts.archive(turn, script.shown.digest, script.document)


def can_be_asked(desk: Desk, locale: str, asked: Proposal) -> bool:
    """Whether every screen of this question, and every word that fills it, is there in a language.

    Where it is not, no code is given for it: she is asked by voice.
    """
    unready = desk.book.unready.get(locale, frozenset())
    if unready & set(nodes_of(asked)) or not _offered(desk.book, locale):
        return False
    try:
        scripts(desk, locale, asked)
    except NotTranslated:
        return False
    return True


async def languages_for_code(turn: Turn, desk: Desk, case: Case) -> frozenset[str]:
    """Her languages in which a code would open every screen of this question; whoever has none
    of them is asked by voice."""
    asked = Proposal(case=case, world=await around(turn, desk, case), helper="")
    hers = set(case.form.languages) & LOCALES.keys()
    return frozenset(locale for locale in hers if can_be_asked(desk, locale, asked))


def template(desk: Desk, locale: str, text: Text) -> str:
    """A text of a screen before it is filled. Raises NotTranslated."""
    source = desk.translator.phrases[text.context] if text.msgid == PHRASE else text.msgid
    return desk.translator.say(locale, text.context, source)


def texts_of(desk: Desk, asked: Proposal, node: str) -> tuple[Text, ...]:
    """The texts of a screen as the law of the country where she is makes them."""
    country = asked.case.form.country
    flags = frozenset({f"in_{country}"}) if country else frozenset[str]()
    walk = Walk(edition=desk.book.edition, step=0, node=node, flags=flags)
    return present(Scene(desk.book), walk).texts


def asks_apart(desk: Desk, locale: str) -> bool:
    """Whether the small questions can be asked in this language: all of their words are there."""
    ready = APART not in desk.book.unready.get(locale, frozenset())
    return ready and all(desk.translator.sign(locale, extra_id(one)) for one in Extra)


def extra_id(extra: Extra) -> str:
    """The phrase of one small question."""
    return f"extra.{extra.value}"


def _script(desk: Desk, locale: str, asked: Proposal, nodes: tuple[str, ...]) -> Script:
    said = [
        (node, template(desk, locale, text))
        for node in nodes
        for text in texts_of(desk, asked, node)
    ]
    if APART in nodes:
        said += [(extra_id(one), desk.translator.phrase(locale, extra_id(one))) for one in Extra]
    return Script(locale, desk.book.edition, tuple(said))


def _of_state(asked: Proposal) -> tuple[str, ...]:
    held = asked.facts(Opened(), writable=False)
    return tuple(node for fact, node in OF_STATE.items() if fact in held)


def _offered(book: FlowBook, locale: str) -> bool:
    return book.offered is None or locale in book.offered
