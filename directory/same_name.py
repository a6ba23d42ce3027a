"""Whether two spellings name the same place."""

import unicodedata


def folded(name: str) -> str:
    """A place name without case, accents, spaces and hyphens, for comparing spellings."""
    plain = unicodedata.normalize("NFKD", name.casefold().replace("đ", "d"))
    return "".join(character for character in plain if character.isalnum() or _is_sign(character))


def _is_sign(character: str) -> bool:
    # Vowel signs of Khmer, Lao, Burmese and Thai are marks too; Latin accents are below U+0370.
    return unicodedata.category(character).startswith("M") and ord(character) >= 0x0370
