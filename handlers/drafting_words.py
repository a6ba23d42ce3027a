"""Says questions and options of a draft in the language of the caseworker."""

from handlers.desk import Desk
from handlers.drafting_question import Option, Question
from translations.locales import SOURCE

# What she reads herself is said to staff in the same words, where they have no own.
_HERS = ("need.", "country.", "language.", "purpose.", "item.", "band.", "picture.")


def say(desk: Desk, locale: str, phrase: str) -> str:
    """A phrase by its id. Raises KeyError for one that nobody wrote."""
    if not phrase.startswith(_HERS):
        return desk.translator.staff(locale, phrase)
    return desk.translator.sign(locale, phrase) or desk.translator.phrase(SOURCE, phrase)


def said(desk: Desk, locale: str, question: Question) -> str:
    """The words of a question."""
    return say(desk, locale, question.phrase)


def option_said(desk: Desk, locale: str, option: Option) -> str:
    """The words of an option, or the proper name it has."""
    return say(desk, locale, option.phrase) if option.phrase else option.label


def notes_said(desk: Desk, locale: str, option: Option) -> tuple[str, ...]:
    """What stands beside an option, in its order."""
    return tuple(say(desk, locale, note) for note in option.notes)
