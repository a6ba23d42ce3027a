"""A visitor of the web chat without JavaScript: posts forms, reads the pages that come back."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import httpx

Fields = dict[str, str | None]


class _Reader(HTMLParser):
    """Collects what the tests look at."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, Fields]] = []
        self.words: list[str] = []
        self.faces: dict[str, str] = {}
        self._value = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        fields = dict(attrs)
        self.tags.append((tag, fields))
        if tag == "button":
            self._value = f"{fields.get('name')}={fields.get('value')}"
            self.faces[self._value] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "button":
            self._value = ""

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if self._value:
            self.faces[self._value] = f"{self.faces[self._value]} {data}".strip()


@dataclass(frozen=True)
class Page:
    """One page: its status, its buttons by `name=value`, and all its words."""

    status: int
    html: str
    location: str | None
    tags: list[tuple[str, Fields]] = field(repr=False)
    words: str = field(repr=False)
    faces: dict[str, str] = field(repr=False)

    @property
    def token(self) -> str:
        tokens = {f["value"] or "" for _, f in self.tags if f.get("name") == "conversation"}
        assert len(tokens) == 1
        return tokens.pop()

    @property
    def locale(self) -> str | None:
        return self.tags[0][1]["lang"]

    def choice(self, number: int) -> str:
        """The value of the button with this number."""
        values = [name.partition("=")[2] for name in self.faces if name.startswith("choice=")]
        return values[number - 1]

    def all(self, tag: str) -> list[Fields]:
        return [fields for name, fields in self.tags if name == tag]


@dataclass
class Visitor:
    """Answers what stands on her page, like a browser."""

    client: httpx.AsyncClient
    page: Page | None = None
    path: str = "/"

    async def opens(self) -> Page:
        return self._read(await self.client.get(self.path))

    async def taps(self, *numbers: int) -> Page:
        for number in numbers:
            assert self.page is not None
            await self.sends(choice=self.page.choice(number))
        assert self.page is not None
        return self.page

    async def goes(self, action: str) -> Page:
        return await self.sends(action=action)

    async def types(self, text: str) -> Page:
        return await self.sends(text=text)

    async def sends(self, **fields: str) -> Page:
        """Post the form of the present page."""
        token = self.page.token if self.page else ""
        return await self.posts({"conversation": token, **fields})

    async def posts(self, body: Any) -> Page:
        """Post a dictionary as a form, or raw bytes."""
        if isinstance(body, dict):
            return self._read(await self.client.post(self.path, data=body))
        return self._read(await self.client.post(self.path, content=body))

    def _read(self, answer: httpx.Response) -> Page:
        reader = _Reader()
        reader.feed(answer.text)
        location = answer.headers.get("location")
        words = " ".join(" ".join(reader.words).split())
        page = Page(answer.status_code, answer.text, location, reader.tags, words, reader.faces)
        if page.tags:
            self.page = page
        return page
