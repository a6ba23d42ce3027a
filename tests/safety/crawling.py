"""Reads pages for what they lead to: links, and forms with the values they would be sent with."""

from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlsplit

import httpx
from fastapi import FastAPI

from tests.console.routes import Way, ways

Pairs = list[tuple[str, str]]
MOST_KEPT = 30  # forms, and values of gaps, of one route


@dataclass
class Known:
    """What pages lead to, by the name of a route: values of its gaps, queries, fields of forms."""

    gaps: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    asked: dict[str, list[Pairs]] = field(default_factory=dict)
    forms: dict[str, list[Pairs]] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)  # name of a field -> `date`, `number`…
    files: list[bytes] = field(default_factory=list)  # that we gave out
    options: dict[str, list[str]] = field(default_factory=dict)  # of a field that offers some

    def of_gap(self, name: str) -> list[str]:
        """Every value that stands in a gap of this name, in any route."""
        return [
            given[name] for values in self.gaps.values() for given in values if given.get(name)
        ]


@dataclass
class _Form:
    action: str
    posts: bool
    pairs: Pairs = field(default_factory=list)
    buttons: Pairs = field(default_factory=list)
    choices: str = ""

    def sent(self) -> list[Pairs]:
        """As each of its buttons would send it."""
        named = [[*self.pairs, button] for button in self.buttons]
        return named or [self.pairs]


class _Reader(HTMLParser):
    """Links and forms of a page, with every box ticked and nothing chosen."""

    def __init__(self, page: str, path: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[_Form] = []
        self.kinds: dict[str, str] = {}
        self.options: dict[str, list[str]] = {}
        self.token = ""
        self._named: dict[str, _Form] = {}
        self._path = path
        self._inside: _Form | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.links += [given[name] for name in ("href", "src") if given.get(name)]
        if tag == "form":
            posts = given.get("method", "").lower() == "post"
            self._inside = _Form(given.get("action") or self._path, posts)
            self.forms.append(self._inside)
            self._named[given.get("id", "")] = self._inside
        form = self._named.get(given["form"]) if given.get("form") else self._inside
        if form is not None:
            self._field(form, tag, given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = None

    def _field(self, form: _Form, tag: str, given: dict[str, str]) -> None:
        name, value = given.get("name", ""), given.get("value", "")
        if tag in ("select", "datalist"):
            form.choices = name
        if tag == "select":
            self.options[name] = []
            form.pairs.append((name, ""))
        elif tag == "option":
            self.options.setdefault(form.choices, []).append(value)
        elif tag == "button" and name:
            form.buttons.append((name, value))
        elif name == "csrf":
            self.token = value
        elif tag in ("input", "textarea") and name:
            form.pairs.append((name, value))
            self.kinds[name] = given.get("type", "text")
            if self.kinds[name] == "radio":
                self.options.setdefault(name, []).append(value)


@dataclass
class Crawl:
    """Follows links of people who are signed in, a few of each route."""

    app: FastAPI
    most: int = 3  # pages of one route
    known: Known = field(default_factory=Known)
    token: str = ""  # of the last form
    seen: Counter[str] = field(default_factory=Counter)  # pages of a route, by whomever

    def __post_init__(self) -> None:
        self.every = tuple(ways(self.app))

    async def of(self, client: httpx.AsyncClient) -> None:
        """Everything this person gets to from the pages that need nothing to be known."""
        waiting = [
            one.template for one in self.every if not one.changes and "{" not in one.template
        ]
        done = set[str]()
        while waiting:
            path = waiting.pop()
            way = self._noted("GET", path)
            if way is None or path in done or self.seen[way.name] >= self.most:
                continue
            done.add(path)
            answer = await client.get(path)
            self.seen[way.name] += answer.status_code == 200
            waiting += self.reads(answer, path)

    def reads(self, answer: httpx.Response, path: str) -> list[str]:
        """Learn from a page; its links. Nothing where this is no page."""
        if "attachment" in answer.headers.get("content-disposition", ""):
            self.known.files = [*self.known.files, answer.content][-MOST_KEPT:]
        if answer.status_code != 200 or "html" not in answer.headers.get("content-type", ""):
            return []
        read = _Reader(answer.text, path)
        self.known.kinds |= read.kinds
        self.known.options |= read.options
        self.token = read.token or self.token
        for form in read.forms:
            way = self._noted("POST" if form.posts else "GET", form.action)
            if way is not None:
                kept = self.known.forms if form.posts else self.known.asked
                known = kept.setdefault(way.name, [])
                known += [pairs for pairs in form.sent() if pairs not in known]
                del known[:-MOST_KEPT]
        return [link for link in read.links if link.startswith("/")]

    def _noted(self, method: str, link: str) -> Way | None:
        parts = urlsplit(link)
        for way in self.every:
            found = way.route.path_regex.match(parts.path) if way.method == method else None
            if found is not None:
                self._keep(way, found.groupdict(), parts.query)
                return way
        return None

    def _keep(self, way: Way, gaps: dict[str, str], query: str) -> None:
        values = self.known.gaps.setdefault(way.name, [])
        if gaps and gaps not in values and len(values) < MOST_KEPT:
            values.append(gaps)
        asked = self.known.asked.setdefault(way.name, [])
        pairs = parse_qsl(query, keep_blank_values=True)
        if pairs and pairs not in asked and len(asked) < MOST_KEPT:
            asked.append(pairs)
