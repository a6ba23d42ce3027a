"""One cell of a table: lists in it, and what a spreadsheet would run instead of showing."""

import re

# A spreadsheet runs a cell that begins so; wide forms are turned into these on some systems.
# The apostrophes are those that neutralising has put before it already.
_RUNS = re.compile(r"'*\s*[=+\-@＝＋－＠\t\r\n]")
_NUMBER = re.compile(r"\+[0-9][0-9 ().-]{4,24}")
_ITEM = re.compile(r"((?:[^;\\]|\\.|\\\Z)*)(?:;|$)", re.DOTALL)  # a last backslash is itself
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


class Runs(ValueError):
    """The cell begins as a formula does."""


def neutral(text: str) -> str:
    """The text as it may stand in a cell: an apostrophe goes before what would be run."""
    return f"'{text}" if _RUNS.match(text) else text


def meant(cell: str) -> str:
    """What `neutral` was given. Raises Runs for a cell that was not neutralised.

    A number beginning with + is a phone number and no formula: nothing in it can be run.
    """
    if not _RUNS.match(cell):
        return cell
    if cell.startswith("'"):
        return cell[1:]
    if _NUMBER.fullmatch(cell):
        return cell
    raise Runs


def joined(items: list[str]) -> str:
    """A list as one cell, with semicolons between; a semicolon of an item gets a backslash."""
    return "; ".join(_escaped(item) for item in items)


def parted(cell: str) -> list[str]:
    """The list that `joined` was given; blanks around an item do not count."""
    items = [found[1] for found in _ITEM.finditer(cell)]
    return [_ESCAPED.sub(r"\1", item) for item in map(_bare, items) if item]


def _escaped(item: str) -> str:
    text = item.replace("\\", "\\\\").replace(";", "\\;")
    text = re.sub(r"^\s", lambda blank: "\\" + blank[0], text)
    return text[:-1] + "\\" + text[-1] if text[-1:].isspace() and len(item) > 1 else text


def _bare(item: str) -> str:
    """Without the blanks around it; one with a backslash before it belongs to the item."""
    item = item.lstrip()
    bare = item.rstrip()
    kept = len(bare) - len(bare.rstrip("\\"))
    return bare + item[len(bare) : len(bare) + 1] if kept % 2 else bare
