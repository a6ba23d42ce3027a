"""Frames: how people say a thing, as short patterns over sets of words, in scripts of any kind.

    sets:   {he: [ผัว, แฟน, phua], hit: [ตี, ตบ, thup], me: [หนู, ฉัน, nu]}
    frames: {danger: ["{he} .. {hit} {me}", "{hit} {me} .. {now}?"]}

`{name}` is any word of a set, `a|b` either word, `?` makes a piece optional, a space nothing or a
space or two, ` .. ` up to GAP characters, `^` and `$` the ends of the message.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from translations.folding import bare, fold, is_mark

GAP = 24  # characters that may stand between two pieces of a frame


class FrameFaulty(ValueError):
    """A frame names a set that is not there, or cannot be read; the message names it."""


Spans = Mapping[str, list[tuple[int, int]]]  # piece -> where it stands: start, end


@dataclass(frozen=True, slots=True)
class _Piece:
    """One piece of a frame: what may stand there, how far from the piece before."""

    name: str
    far: bool
    optional: bool


@dataclass(frozen=True, slots=True)
class _Frame:
    pieces: tuple[_Piece, ...]
    from_start: bool
    to_end: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """A message as a lexicon sees it: the folded text, and where each piece stands in it."""

    text: str
    spans: Spans
    bare_spans: Spans


class Frames:
    """The frames of one class; they are asked whether they stand in a reading."""

    def __init__(self, frames: tuple[_Frame, ...]) -> None:
        """Hold frames that a Lexicon has read."""
        self._frames = frames

    def stand_in(self, reading: Reading) -> bool:
        """Whether any frame stands in the message."""
        return any(
            _stands(frame, spans, reading.text)
            for spans in (reading.spans, reading.bare_spans)
            if spans
            for frame in self._frames
        )


class Lexicon:
    """All words of one language's frames in one table, so that a message is scanned once."""

    def __init__(self, sets: Mapping[str, Iterable[str]], locale: str) -> None:
        """Take the sets; frames are added by `frames`."""
        self._sets = {name: [fold(str(word)) for word in words] for name, words in sets.items()}
        self._locale = locale
        self._table = _Table()
        self._bare_table = _Table()
        self._known: set[str] = set()

    def frames(self, frames: Iterable[str]) -> Frames:
        """Read frames. Raises FrameFaulty."""
        return Frames(tuple(self._frame(one) for frame in frames for one in _spelt_out(frame)))

    def read(self, folded: str) -> Reading:
        """Scan a folded message.

        Text that has none of the marks is compared without them too; text that has some is taken
        at its word, for there the marks tell a danger from a harmless word.
        """
        plain = bare(folded, self._locale) == folded
        return Reading(
            folded, self._table.scan(folded), self._bare_table.scan(folded) if plain else {}
        )

    def _frame(self, frame: str) -> _Frame:
        pieces: list[_Piece] = []
        far = from_start = to_end = False
        for part in frame.split():
            if part == "..":
                far = True
            elif part == "^":
                from_start = True
            elif part == "$":
                to_end = True
            else:
                name = part.removesuffix("?")
                self._know(name, frame)
                pieces.append(_Piece(name, far, part.endswith("?")))
                far = False
        if not pieces:
            raise FrameFaulty(f"the frame “{frame}” holds no word")
        return _Frame(tuple(pieces), from_start, to_end)

    def _know(self, name: str, frame: str) -> None:
        if name in self._known:
            return
        for part in name.split("|"):
            if not part:
                raise FrameFaulty(f"the frame “{frame}” has an empty alternative")
            if part.startswith("{"):
                words = self._sets.get(part.strip("{}"))
                if words is None:
                    raise FrameFaulty(f"the frame “{frame}” names no known set: {part}")
            else:
                words = [fold(part.replace("_", " "))]
            for word in words:
                self._table.add(word, name)
                self._bare_table.add(bare(word, self._locale), name)
        self._known.add(name)


def _spelt_out(frame: str) -> Iterator[str]:
    """The frame, or two of it where an end of the message is one of the alternatives."""
    parts = frame.split()
    for place, part in enumerate(parts):
        names = part.split("|")
        for end in {"^", "$"} & set(names) if len(names) > 1 else ():
            rest = "|".join(name for name in names if name != end)
            yield from _spelt_out(" ".join([*parts[:place], end, *parts[place + 1 :]]))
            yield from _spelt_out(" ".join([*parts[:place], rest, *parts[place + 1 :]]))
            return
    yield frame


class _Table:
    """Words and the pieces they belong to."""

    def __init__(self) -> None:
        self._pieces: dict[str, set[str]] = {}
        self._lengths: dict[str, set[int]] = {}

    def add(self, word: str, piece: str) -> None:
        """Let a word stand for a piece."""
        if word:
            self._pieces.setdefault(word, set()).add(piece)
            self._lengths.setdefault(word[0], set()).add(len(word))

    def scan(self, text: str) -> Spans:
        """Every word in the text that has its borders, under the pieces it belongs to."""
        spans: dict[str, list[tuple[int, int]]] = {}
        for start, first in enumerate(text):
            for length in self._lengths.get(first, ()):
                end = start + length
                pieces = self._pieces.get(text[start:end])
                if pieces and end <= len(text) and _has_borders(text, start, end):
                    for piece in pieces:
                        spans.setdefault(piece, []).append((start, end))
        return spans


def _stands(frame: _Frame, spans: Spans, text: str) -> bool:
    """Whether the pieces stand one after the other; `ends` is None while anywhere will do."""
    ends: set[int] | None = {0} if frame.from_start else None
    for piece in frame.pieces:
        found = {
            end
            for start, end in spans.get(piece.name, ())
            if ends is None or any(_follows(text, before, start, piece.far) for before in ends)
        }
        if piece.optional:
            ends = None if ends is None else ends | found
        elif not found:
            return False
        else:
            ends = found
    return not frame.to_end or any(not text[end:].strip() for end in ends or ())


def _follows(text: str, before: int, start: int, far: bool) -> bool:
    if far:
        return 0 <= start - before <= GAP
    return start == before or (start == before + 1 and text[before] == " ")


def _has_borders(text: str, start: int, end: int) -> bool:
    """No letter of a spaced script on either side, no mark of the last letter cut off."""
    if _spaced(text[start]) and start and _spaced(text[start - 1]):
        return False
    if end == len(text):
        return True
    return not (_spaced(text[end - 1]) and _spaced(text[end])) and not is_mark(text[end])


def _spaced(character: str) -> bool:
    return character.isalnum() and not "\u0e00" <= character <= "\u17ff"
