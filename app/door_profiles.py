"""The neutral profile that every messenger shows of us, in each language (R34)."""

from bot.door import Profile
from translations.locales import LOCALES, SOURCE
from translations.translator import Translator


def profiles(translator: Translator) -> dict[str, Profile]:
    """The profile by language code, "" for every language that we do not speak."""
    say = translator.phrase
    return {
        code: Profile(
            name=say(locale, "web.title"),
            about=say(locale, "web.title"),
            commands={
                "leave": say(locale, "row.leave"),
                "menu": say(locale, "row.menu"),
                "language": say(locale, "row.language"),
            },
        )
        for code, locale in {"": SOURCE, **{name: name for name in LOCALES}}.items()
    }
