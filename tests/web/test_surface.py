"""What every answer carries, what no answer carries, and what is not there at all."""

import re
from pathlib import Path

import httpx
import pytest
import structlog

import bot.webpages
from handlers.desk import Desk

pytestmark = pytest.mark.asyncio(loop_scope="package")

WEB = Path(bot.webpages.__file__).parent / "web"
STATIC = [f"/static/{path.name}" for path in sorted((WEB / "static").iterdir())]
FONTS = [f"/static/fonts/{path.name}" for path in sorted((WEB / "fonts").iterdir())]
ROUTES = [
    *(("GET", path) for path in ("/", "/phrases", "/healthz", "/readyz", "/nowhere", "/chat")),
    *(("GET", path) for path in (*STATIC, FONTS[0], "/static/nothing.css")),
    *(("GET", path) for path in ("/light", "/p/bcdfghjk")),
    *(("POST", path) for path in ("/", "/chat", "/hooks/telegram", "/phrases")),
]


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_every_answer_carries_the_security_headers(
    client: httpx.AsyncClient, method: str, path: str
) -> None:
    headers = (await client.request(method, path)).headers

    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    kinds = ("script", "style", "font", "img", "media", "connect")
    own = (*(f"{kind}-src" for kind in kinds), "form-action")
    none = ("default-src", "base-uri", "frame-ancestors")
    assert policy == {name: "'self'" for name in own} | {name: "'none'" for name in none}
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Permissions-Policy"] == "camera=(), microphone=(), geolocation=()"
    assert "set-cookie" not in headers


@pytest.mark.parametrize("path", ["/", "/phrases", "/healthz", "/nowhere", "/static/nothing.css"])
async def test_pages_are_stored_nowhere(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", [*STATIC, *FONTS])
async def test_files_come_with_their_kind(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    kinds = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
    kind = kinds.get(Path(path).suffix, "font/woff2" if path.endswith("woff2") else "text/plain")

    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith(kind)
    assert answer.content


@pytest.mark.parametrize(
    "path", ["/static/../templates/chat.html", "/static/%2e%2e/fonts", "/static/"]
)
async def test_no_other_file_can_be_read(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code == 404


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json", "/nowhere", "/metrics"])
async def test_what_is_not_there_is_an_empty_404(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)

    assert (answer.status_code, answer.content) == (404, b"")


async def test_a_wrong_method_is_refused_without_words(client: httpx.AsyncClient) -> None:
    answer = await client.request("DELETE", "/chat")

    assert (answer.status_code, answer.content) == (405, b"")


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"])
@pytest.mark.parametrize("path", ["/hooks/telegram", "/hooks/viber", "/hooks", "/hooks/"])
async def test_a_hook_asked_by_any_other_method_is_not_there(
    client: httpx.AsyncClient, method: str, path: str
) -> None:
    answer = await client.request(method, path)

    assert (answer.status_code, answer.content) == (404, b"")
    assert "allow" not in answer.headers


async def test_pages_hold_no_inline_code_or_style_and_name_no_other_origin(
    client: httpx.AsyncClient,
) -> None:
    first = await client.get("/")
    second = await client.post("/", data={"choice": "1:3"})
    cover = await client.get("/phrases")
    files = [await client.get(path) for path in STATIC]

    for page in (first.text, second.text, cover.text):
        assert "<style" not in page
        assert not re.search(r"<script(?![^>]*\ssrc=)", page)
        assert not re.search(r"\s(style|on[a-z]+)=", page)
        assert "<title>Info Mekong</title>" in page
        assert 'name="viewport"' in page
        assert not re.search(r"""(?:src|href|action)=["'](?!/|tel:)""", page)
    for text in (first.text, second.text, cover.text, *(file.text for file in files)):
        assert re.findall(r"https?://(?!www\.w3\.org/2000/svg)", text) == []
        assert not re.search(r"""url\((?!["']?/static/)|["']//""", text)


async def test_a_token_never_stands_in_an_address(client: httpx.AsyncClient) -> None:
    page = (await client.post("/", data={"choice": "1:3"})).text
    token = re.findall(r'name="conversation" value="([^"]+)"', page)[0]

    assert page.count(token) == len(re.findall(f'type="hidden" [^>]*value="{token}"', page))


async def test_health_says_that_it_is_alive_and_ready(client: httpx.AsyncClient) -> None:
    alive, ready = await client.get("/healthz"), await client.get("/readyz")

    assert (alive.status_code, ready.status_code) == (200, 200)


async def test_without_a_database_it_is_alive_but_not_ready_and_does_not_say_why(
    broken: httpx.AsyncClient,
) -> None:
    alive, ready = await broken.get("/healthz"), await broken.get("/readyz")

    assert alive.status_code == 200
    assert (ready.status_code, ready.json()) == (503, {"ready": False})


async def test_without_a_database_the_page_answers_in_her_language(
    broken: httpx.AsyncClient, desk: Desk
) -> None:
    fields = {"conversation": "B" * 43, "choice": "7:1", "locale": "my"}
    answer = await broken.post("/", data=fields)

    assert answer.status_code == 503
    assert '<html lang="my">' in answer.text
    assert desk.translator.phrase("my", "web.broken") in answer.text
    assert f'value="{"B" * 43}"' in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("said", [{"action": "leave"}, {"text": "ထွက်"}, {"text": "0"}])
async def test_without_a_database_she_leaves_all_the_same(
    broken: httpx.AsyncClient, said: dict[str, str]
) -> None:
    answer = await broken.post("/", data={"conversation": "B" * 43, **said})

    assert (answer.status_code, answer.headers["location"]) == (303, "/phrases")


async def test_without_a_database_and_a_language_the_page_answers_in_signs(
    broken: httpx.AsyncClient,
) -> None:
    answer = await broken.post("/", data={"choice": "1:3", "locale": "<b>"})

    assert answer.status_code == 503
    assert "<b>" not in answer.text
    assert "↻" in answer.text


async def test_a_failed_turn_is_logged_by_kind_and_place_alone(
    broken: httpx.AsyncClient,
) -> None:
    with structlog.testing.capture_logs() as lines:
        answer = await broken.post("/chat", json={"conversation": "C" * 43, "text": "he beats me"})

    assert (answer.status_code, answer.json()["error"]) == (503, "unavailable")
    assert "1300" in str(answer.json()["messages"])
    (line,) = lines
    assert set(line) == {"event", "log_level", "kind", "channel", "place"}
    assert (line["event"], line["channel"]) == ("turn_failed", "web")
    assert re.fullmatch(r"store_turn:\d+", line["place"])
    assert "beats" not in repr(line)
    assert "C" * 43 not in repr(line)
