"""Reads XML once, keeping nothing, to see whether it is small enough to be opened at all."""

from xml.parsers import expat

MOST_ROWS = 20_001
MOST_CELLS = 500  # in one row
DEEPEST = 20


class XmlRefused(ValueError):
    """The XML is not opened; the message is in our words and repeats nothing of it."""


class XmlBounds:
    """Give it the pieces of one file in order. Every method raises XmlRefused."""

    def __init__(self) -> None:
        self._depth = self._rows = self._cells = 0
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._begin
        self._parser.EndElementHandler = self._end
        # Entities are how a small file grows; they need a document type, in any encoding.
        self._parser.StartDoctypeDeclHandler = self._definitions

    def feed(self, piece: bytes) -> None:
        """The next piece."""
        self._parse(piece, last=False)

    def close(self) -> None:
        """There are no more pieces."""
        self._parse(b"", last=True)

    def _parse(self, piece: bytes, *, last: bool) -> None:
        try:
            self._parser.Parse(piece, last)
        except expat.ExpatError:
            raise XmlRefused("XML that cannot be read") from None

    def _begin(self, name: str, _: object) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise XmlRefused("lists in lists without end")
        match name.rpartition(":")[2]:
            case "row":
                self._rows += 1
                self._cells = 0
                if self._rows > MOST_ROWS:
                    raise XmlRefused("too many rows")
            case "c":
                self._cells += 1
                if self._cells > MOST_CELLS:
                    raise XmlRefused("too many columns")
            case _:
                pass

    def _end(self, _: str) -> None:
        self._depth -= 1

    def _definitions(self, *_: object) -> None:
        raise XmlRefused("XML that defines entities")
