"""The languages of Saphan: one table of names, scripts and digits, checked at start."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

SOURCE = "en"
_WESTERN = "0123456789"


@dataclass(frozen=True, slots=True)
class Locale:
    """A language: its own name, the Unicode block of its script (first, last), and the digits
    people write in running text."""

    code: str
    name: str
    block: tuple[str, str]
    digits: str = _WESTERN

    def with_digits(self, text: str) -> str:
        """The text with its numbers as people of this language write them."""
        return text.translate(dict(zip(map(ord, _WESTERN), self.digits, strict=True)))

    def in_script(self, text: str) -> bool:
        """Whether any letter of the text is in this language's script."""
        first, last = self.block
        return any(first <= character <= last for character in text)


LOCALES: Mapping[str, Locale] = MappingProxyType(
    {
        locale.code: locale
        for locale in (
            Locale("km", "ភាសាខ្មែរ", ("\u1780", "\u17ff")),
            Locale("lo", "ລາວ", ("\u0e80", "\u0eff")),
            Locale("my", "မြန်မာ", ("\u1000", "\u109f"), "၀၁၂၃၄၅၆၇၈၉"),
            Locale("th", "ไทย", ("\u0e00", "\u0e7f")),
            Locale("vi", "Tiếng Việt", ("A", "\u1ef9")),
            Locale("en", "English", ("A", "z")),
        )
    }
)

# Every digit of the six languages, for reading typed numbers.
_ZEROS = ("០", "໐", "၀", "๐", "0", "０")
WESTERN_DIGITS: Mapping[int, int] = MappingProxyType(
    {ord(zero) + value: ord("0") + value for zero in _ZEROS for value in range(10)}
)


def western(text: str) -> str:
    """The text with native digits read as 0-9."""
    return text.translate(WESTERN_DIGITS)
