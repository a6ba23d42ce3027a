"""Reads a form with a file in memory: nothing touches a disk, and no name of a file is kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Final

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

FORM_WITH_FILE: Final = "multipart/form-data"
MAX_PARTS: Final = 200
MAX_FIELD: Final = 65_536  # bytes of one field that is no file


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that somebody chose: its content, and the ending its name had, such as `.csv`."""

    ending: str
    content: bytes = field(repr=False)


@dataclass(slots=True)
class _Part:
    headers: dict[bytes, bytes] = field(default_factory=dict)
    content: bytearray = field(default_factory=bytearray)


class _Reader:
    """What the parser calls; its part is whole with `end`."""

    def __init__(self) -> None:
        self.parts: list[_Part] = []
        self.whole = False
        self._name = b""
        self._value = b""

    def begin(self) -> None:
        if len(self.parts) >= MAX_PARTS:
            raise ValueError("too many parts")
        self.parts.append(_Part())

    def name(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def header(self) -> None:
        self.parts[-1].headers[self._name.lower()] = self._value
        self._name = self._value = b""

    def end(self) -> None:
        self.whole = True

    def content(self, data: bytes, start: int, end: int) -> None:
        self.parts[-1].content += data[start:end]


def read_parts(
    kind: str, body: bytes
) -> tuple[Mapping[str, tuple[str, ...]], Mapping[str, Upload]]:
    """The fields and the files of a body; nothing where it is broken. Errors repeat nothing."""
    reader = _Reader()
    try:
        parser = MultipartParser(
            parse_options_header(kind)[1].get(b"boundary", b""),
            {
                "on_part_begin": reader.begin,
                "on_part_data": reader.content,
                "on_header_field": reader.name,
                "on_header_value": reader.value,
                "on_header_end": reader.header,
                "on_end": reader.end,
            },
        )
        parser.write(body)
        parser.finalize()
        return _told(reader.parts) if reader.whole else ({}, {})
    except (FormParserError, ValueError):
        return {}, {}


def _told(
    parts: list[_Part],
) -> tuple[Mapping[str, tuple[str, ...]], Mapping[str, Upload]]:
    fields, files = dict[str, tuple[str, ...]](), dict[str, Upload]()
    for part in parts:
        named = parse_options_header(part.headers.get(b"content-disposition", b""))[1]
        name = named.get(b"name", b"").decode("utf-8")
        if b"filename" not in named:
            if len(part.content) > MAX_FIELD:
                raise ValueError("a field is too long")
            fields[name] = (*fields.get(name, ()), part.content.decode("utf-8"))
        elif name not in files:
            file = PurePath(named[b"filename"].decode("utf-8", "replace"))
            files[name] = Upload(file.suffix.lower(), bytes(part.content))
    return fields, files
