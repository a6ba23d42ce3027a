"""The page of the simulator in tests: what it shows, and its forms as a browser sends them."""

import html
import re
from dataclasses import dataclass
from urllib.parse import urlencode

import httpx

from tests.console.people import by_form
from tests.trees_console.people import Editor

PATH = "/console/try"
Pairs = list[tuple[str, str]]


@dataclass
class Phone:
    """The page as it was last answered."""

    editor: Editor
    answer: httpx.Response

    @property
    def text(self) -> str:
        """The page without entities."""
        return html.unescape(self.answer.text)

    @property
    def node(self) -> str:
        """The screen that stands below the phone."""
        found = re.search(r"<h2><code>([^<]+)</code>", self.text)
        return found[1] if found else ""

    @property
    def keys(self) -> dict[str, str]:
        """Tap -> face of every button on the phone."""
        return dict(re.findall(r'name="tap" value="([^"]*)">([^<]*)<', self.text))

    @property
    def state(self) -> Pairs:
        """The hidden fields of the phone's form."""
        form = self.text.partition('class="phone-frame')[2].partition("</form>")[0]
        return re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', form)

    async def sends(self, *more: tuple[str, str], then: str = "", place: str = "") -> "Phone":
        """The form with one button of it, in another place."""
        state = [(name, place if name == "place" and place else one) for name, one in self.state]
        body = urlencode([*state, *more])
        headers = {**by_form(), "Content-Type": "application/x-www-form-urlencoded"}
        answer = await self.editor.client.post(PATH + then, content=body, headers=headers)
        return Phone(self.editor, answer)

    async def taps(self, target: str) -> "Phone":
        """Tap the first button that leads there."""
        tap = next(tap for tap in self.keys if tap.partition("+")[0].endswith(target))
        return await self.sends(("tap", tap))


async def tries(editor: Editor, *, live: bool = False, **asked: str) -> Phone:
    """Open the page: the editor's draft, or the live edition."""
    query = {"draft": "" if live else editor.draft, **asked}
    return Phone(editor, await editor.client.get(f"{PATH}?{urlencode(query)}"))
