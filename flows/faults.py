"""What is wrong somewhere: a kind of fault, what it is about, and the words that say it."""

from collections.abc import Callable
from dataclasses import dataclass

_NAMED = frozenset({"text", "which", "path"})  # told in any case: what to look for
_NUMBERS = frozenset({"n", "most"})
_ENOUGH = 60  # characters of a text that tell which one it is


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. The phrase for staff `fault.<kind>` says it; `fields` are what it is about."""

    kind: str
    fields: tuple[tuple[str, str], ...] = ()

    def field(self, name: str) -> str:
        """One of the fields; empty where this kind has none of that name."""
        return dict(self.fields).get(name, "")

    def said(self, say: Callable[..., str], digits: Callable[[str], str] = str) -> str:
        """In the words that `say(phrase, **fields)` finds: the reader's language, or English.

        `digits` writes the numbers in it as the reader does.
        """
        fields = {name: digits(one) if name in _NUMBERS else one for name, one in self.fields}
        return say(f"fault.{self.kind}", **fields)

    def told(self, say: Callable[..., str], digits: Callable[[str], str] = str) -> str:
        """The same for a list, far from the text: with what the phrase itself does not name."""
        words = self.said(say, digits)
        about = (value for name, value in self.fields if name in _NAMED and value not in words)
        more = ", ".join(f"“{_begun(value)}”" for value in about if value)
        return f"{words} ({more})" if more else words


def fault(kind: str, **fields: object) -> Fault:
    """A fault of this kind with its fields, as text."""
    return Fault(kind, tuple((name, str(value)) for name, value in fields.items()))


def _begun(text: str) -> str:
    return text if len(text) <= _ENOUGH else f"{text[:_ENOUGH].rstrip()}…"


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault and its place: the file, and in it a node, a key or a line."""

    file: str
    node: str
    fault: Fault

    def __str__(self) -> str:
        """Show place and kind; app/fault_words.py says it in words."""
        return f"{self.file}: {self.node}: {self.fault.kind}"
