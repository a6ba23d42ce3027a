"""Reads pages of staff for what they lead to: links and forms with their real values."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlsplit

import httpx
from fastapi import FastAPI

from tests.console.routes import Way, ways
from tests.console_pages.hostile_requests import Known, Pairs


@dataclass
class _Form:
    action: str
    posts: bool
    pairs: Pairs = field(default_factory=list)
    choices: str = ""


class _Reader(HTMLParser):
    """Links and forms of a page; of a choice the first value, of boxes all."""

    def __init__(self, page: str, path: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[_Form] = []
        self._path = path
        self._inside: _Form | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        if tag == "form":
            posts = given.get("method", "").lower() == "post"
            self._inside = _Form(given.get("action") or self._path, posts)
            self.forms.append(self._inside)
        if self._inside is not None:
            self._field(self._inside, tag, given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = None

    def _field(self, form: _Form, tag: str, given: dict[str, str]) -> None:
        name = given.get("name", "")
        if tag == "select":
            form.choices = name
        elif tag == "option" and form.choices:
            form.pairs.append((form.choices, given.get("value", "")))
            form.choices = "" if given.get("value") else form.choices
        elif tag in ("input", "textarea", "button") and name and name != "csrf":
            form.pairs.append((name, given.get("value", "")))


@dataclass
class Crawl:
    """Follows links of people who are signed in, a few of each route."""

    app: FastAPI
    most: int = 3  # pages of one route
    known: Known = field(default_factory=Known)
    pages: dict[str, str] = field(default_factory=dict)  # path -> the name of its route

    async def of(self, client: httpx.AsyncClient) -> None:
        """Everything this person gets to from the pages that need nothing to be known."""
        every = tuple(ways(self.app))
        waiting = [one.template for one in every if _is_page(one) and "{" not in one.template]
        seen = dict[str, int]()
        done = set[str]()
        while waiting:
            path = waiting.pop()
            way = self._noted(every, "GET", path)
            if way is None or path in done or seen.get(way.name, 0) >= self.most:
                continue
            done.add(path)
            answer = await client.get(path)
            if answer.status_code != 200 or "html" not in answer.headers.get("content-type", ""):
                continue
            seen[way.name] = seen.get(way.name, 0) + 1
            self.pages.setdefault(path, way.name)
            waiting += self._read(every, answer.text, path)

    def _read(self, every: tuple[Way, ...], page: str, path: str) -> list[str]:
        read = _Reader(page, path)
        for form in read.forms:
            method = "POST" if form.posts else "GET"
            way = self._noted(every, method, form.action)
            if way is not None:
                kept = self.known.forms if form.posts else self.known.asked
                kept.setdefault(way.name, []).append(form.pairs)
        return [link for link in read.links if link.startswith(("/console", "/desk"))]

    def _noted(self, every: tuple[Way, ...], method: str, link: str) -> Way | None:
        parts = urlsplit(link)
        for way in every:
            found = way.route.path_regex.match(parts.path) if way.method == method else None
            if found is not None:
                told = {name: str(value) for name, value in found.groupdict().items()}
                values = self.known.gaps.setdefault(way.name, [])
                if told and told not in values:
                    values.append(told)
                if parts.query:
                    pairs = parse_qsl(parts.query, keep_blank_values=True)
                    self.known.asked.setdefault(way.name, []).append(pairs)
                return way
        return None


def _is_page(way: Way) -> bool:
    return way.method == "GET" and way.template.startswith(("/console", "/desk"))
