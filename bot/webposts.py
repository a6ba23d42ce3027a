"""Reads what a browser posts to the web chat; nothing of it ever stands in an error."""

import re
from typing import Literal
from urllib.parse import parse_qsl

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from handlers.messages import MAX_TYPED, Attachment, Choice, Pressed, Said, Text

MAX_BODY = 32_768  # bytes (interfaces.md 3)
MAX_FIELDS = 6  # of the form

_CHOICE = re.compile(r"([0-9]{1,10}):([!-~]{1,64})")


# Without this pydantic keeps short strings that it read in a cache of its own: her words.
_MODEL = ConfigDict(
    extra="forbid", frozen=True, strict=True, hide_input_in_errors=True, cache_strings="none"
)


class Position(BaseModel):
    """A position she shared: its form is checked, and it is dropped like any attachment."""

    model_config = _MODEL

    lat: float = Field(ge=-90, le=90)
    lon: float = Field(ge=-180, le=180)


class Post(BaseModel):
    """The body of POST /chat, and the fields of the form; all null starts a conversation."""

    model_config = _MODEL

    conversation: str | None = Field(default=None, repr=False)
    choice: str | None = None
    text: str | None = Field(default=None, repr=False)
    place: Position | None = Field(default=None, repr=False)
    action: (
        Literal["leave", "back", "menu", "numbers", "erase", "help", "listen", "language"] | None
    ) = None
    proof: str | None = Field(default=None, repr=False)


_FORM = Post.model_fields.keys() - {"place"} | {"locale"}


class Refused(Exception):
    """The request is answered with `status` and `code`, which holds nothing of what came in."""

    def __init__(self, status: int, code: str, wait: int = 0, puzzle: str = "") -> None:
        """`wait`: whole seconds after which another try may succeed; `puzzle`: what helps then."""
        super().__init__()
        self.status = status
        self.code = code
        self.puzzle = puzzle
        self.headers = {"Retry-After": str(wait)} if wait else {}


def read_form(body: bytes | None) -> tuple[Post, str]:
    """The form's answer, and the language of the page it came from ("" where it is unknown).

    `body` is None when it was too long. Raises Refused.
    """
    if body is None:
        raise Refused(413, "too_large")
    try:
        pairs = parse_qsl(
            body.decode(), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS
        )
    except ValueError:
        raise Refused(400, "form") from None
    fields = {name: value for name, value in pairs if value}  # an empty one was not filled in
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names) or not set(names) <= _FORM:
        raise Refused(400, "form")
    locale = fields.pop("locale", "")
    try:
        return Post.model_validate(fields), locale
    except ValidationError:
        raise Refused(400, "form") from None


def origin_of(body: bytes) -> tuple[str, str]:
    """Token and language of the page a form came from, as far as any form can be seen in it.

    For the answer to what cannot be read: the rest of it is not looked at.
    """
    found = {"conversation": "", "locale": ""}
    for field in body.split(b"&", MAX_FIELDS)[:MAX_FIELDS]:
        name, _, value = field.partition(b"=")
        if (known := name.decode("latin-1")) in found and not found[known]:
            found[known] = value[:64].decode("latin-1")
    return found["conversation"], found["locale"]


def read_json(body: bytes | None) -> Post:
    """The JSON body; None when it was too long. Raises Refused."""
    if body is None:
        raise Refused(413, "too_large")
    try:
        return Post.model_validate_json(body)
    except ValidationError:
        raise Refused(400, "body") from None


def said_in(post: Post) -> Said | None:
    """What was said, if anything. Raises Refused when it is two things, or no choice of ours."""
    kinds = [post.choice, post.action, post.text or None, post.place]
    if sum(kind is not None for kind in kinds) > 1:
        raise Refused(400, "one_answer")
    if post.choice is not None:
        return _choice(post.choice)
    if post.action is not None:
        return Pressed(post.action)
    if post.text:
        return Text(post.text[:MAX_TYPED])
    return Attachment() if post.place is not None else None


def _choice(given: str) -> Choice:
    match = _CHOICE.fullmatch(given)
    if match is None:
        raise Refused(400, "choice")
    return Choice(int(match[1]), match[2])
