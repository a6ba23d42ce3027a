"""How many texts of the live edition lack words in a language, or have old ones."""

from collections.abc import Mapping

from handlers.desk import Desk
from handlers.draft_contents import live_content
from handlers.edition_content import Content
from translations.locales import LOCALES, SOURCE
from translations.review import State, state_of


class TextStates:
    """Counts once for each edition; one for each process that shows it."""

    def __init__(self) -> None:
        """Nothing is counted yet."""
        self._content: Content | None = None
        self._found: Mapping[str, int] = {}

    async def open_texts(self, desk: Desk) -> Mapping[str, int]:
        """Language -> texts that are missing or out of date, where there are any."""
        content = await live_content(desk)
        if content is not self._content:
            numbers = {code: _open(content, code) for code in LOCALES if code != SOURCE}
            self._found = {code: number for code, number in numbers.items() if number}
            self._content = content
        return self._found


def _open(content: Content, locale: str) -> int:
    catalogue = content.catalogues[locale]
    number = 0
    for entry in content.entries:
        if entry.optional:
            continue
        message = catalogue.get(entry.msgid, entry.context)
        state = state_of(message) if message else State.MISSING
        number += state in (State.MISSING, State.OUTDATED)
    return number
