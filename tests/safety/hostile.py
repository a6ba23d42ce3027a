"""What people who mean harm, and broken phones, send: texts, markup, secrets, updates."""

import random
from collections.abc import Iterator
from urllib.parse import quote

import orjson

_MARKS = ("\u0301", "\u0e34", "\u0ec8", "\u17d2", "\u1037", "\u0e4d", "\u17c6", "\u0323")
_BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u061c\u200e\u200f"
_HIDDEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e\u034f"
_EMOJI = ("👩‍👩‍👧‍👦", "🏴\U000e0067\U000e0062\U000e007f", "👍🏿", "🇲🇲", "☎️", "1️⃣", "🇦")
_WORDS = (
    "help",
    "ช่วยด้วย",
    "ຊ່ວຍ",
    "ជួយ",
    "ကူညီပါ",
    "giúp tôi",
    "Москва",
    "العربية",
    "東京",
    "Mae Sot",
)
_ZAWGYI = ("ေမာင္", "ကြၽန္မ", "ျမန္မာ", "အိမ္ျပန္", "ရန္ကုန္")
_LONE = ("\ud800", "\udfff", "\udc00\ud800", "a\ud83d")
_CONTROLS = "\x00\x01\x07\x08\x0b\x1b\x7f\x85\u2028\u2029\ufffe\uffff"
_SPACES = " \t\r\n\u00a0\u3000\u1680"


def texts(seed: str, number: int) -> Iterator[str]:
    """Hostile texts, the kinds in turn: long, piled marks, turned, hidden, broken, mixed."""
    chance = random.Random(seed)
    kinds = (_long, _piled, _turned, _broken, _emoji, _mixed, _zawgyi, _spaced, _any)
    for count in range(number):
        yield kinds[count % len(kinds)](chance)


def _long(chance: random.Random) -> str:
    word = chance.choice((*_WORDS, "0", "x", "ก", "🇲🇲", "a ", "၀"))
    return (word * 8_192)[: chance.choice((4_096, 4_097, 8_192))]


def _piled(chance: random.Random) -> str:
    marks = chance.choices(_MARKS, k=chance.choice((1, len(_MARKS))))
    return chance.choice(_WORDS) + "".join(marks) * (30_000 // len(marks))


def _turned(chance: random.Random) -> str:
    signs = chance.choices(_BIDI + _HIDDEN, k=chance.randint(1, 300))
    return "".join(sign + chance.choice(_WORDS)[:3] for sign in signs)


def _broken(chance: random.Random) -> str:
    parts = chance.choices((*_LONE, *_CONTROLS, *_WORDS), k=chance.randint(1, 60))
    return "".join(parts)


def _emoji(chance: random.Random) -> str:
    return "".join(chance.choices((*_EMOJI, "\u200d", "\ufe0f"), k=chance.randint(1, 400)))


def _mixed(chance: random.Random) -> str:
    return "".join(chance.choices([*"".join(_WORDS), *_MARKS, *_HIDDEN], k=chance.randint(1, 900)))


def _zawgyi(chance: random.Random) -> str:
    return "".join(chance.choices((*_ZAWGYI, *_WORDS, *_MARKS), k=chance.randint(1, 200)))


def _spaced(chance: random.Random) -> str:
    blank = "".join(chance.choices(_SPACES, k=chance.randint(1, 3_000)))
    return chance.choice((blank, f"{blank}x", f"0{blank}", f"{blank}\u0301{blank}"))


def _any(chance: random.Random) -> str:
    return "".join(chr(chance.randrange(0x110000)) for _ in range(chance.randint(1, 500)))


# Each means something to some interpreter, and nothing to us.
_INJECTIONS = (
    *("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>"),
    *("</title><script>x()</script>", "</textarea><b>x", "</button><button name=action>x"),
    *('"><input name=conversation value=x>', "' autofocus onfocus=x() '", '" onclick="x()'),
    *("<!--", "-->", "<![CDATA[x]]>", "]]>", "<?php x(); ?>", "<a href='javascript:x()'>x</a>"),
    *("javascript:alert(1)", "data:text/html,<b>x", "&lt;b&gt;", "&#x3c;b&#x3e;", "&amp;nbsp;"),
    *("<b>x</b>", "<i>x", "<tg-spoiler>x</tg-spoiler>", "<code>x</code>", "<a href='tel:1'>x</a>"),
    *("*bold*", "_under_", "`code`", "[x](http://evil.example)", "||x||", "~x~", "```\nx\n```"),
    *(
        "[bold red]x[/]",
        "[link=http://evil.example]x[/link]",
        "[/]",
        "\\[x]",
        "@channel",
        "/start",
    ),
    *("{{7*7}}", "{{ config }}", "{% raw %}", "{%import os%}", "{#x#}", "${7*7}", "#{7*7}"),
    *("{0}", "{ttl}", "{n!r}", "{x.__class__}", "%s%s%n", "%(x)s", "%x", "$(id)", "`id`", "; id"),
    *(
        "| id",
        "&& id",
        "$IFS",
        "../../etc/passwd",
        "file:///etc/passwd",
        "--help",
        "-rf",
        "|tee x",
    ),
    *("' OR '1'='1", "'; DROP TABLE mail; --", '" OR ""="', "1); DELETE FROM mail", "\\'; --"),
    *("' UNION SELECT key FROM keys --", "%' --", ":name", "?1", "\\x27", "admin'/*", "0x27"),
    *("=1+1", "+1+1", "-1+1", "@SUM(1)", "=cmd|'/C calc'!A0", '=HYPERLINK("http://e","x")'),
    *("\t=1+1", "\r=1+1", "＝1+1", '"=1+1"', "'=1+1", ";=1+1", ",=1+1", '"\n=1+1\n"'),
    *("x\nlevel=error", "x\r\nSet-Cookie: a=b", 'x\n{"event": "started"}', "x\\n", "%0d%0ax"),
    *(
        "x\u2028y",
        "x\u2029y",
        "x\x85y",
        "\x1b[31mx",
        "\x1b]0;x\x07",
        "\x9b31m",
        "\x08\x08x",
        "\x00x",
    ),
    *(
        '{"a": 1}',
        '", "ended": true, "x": "',
        "null",
        "true",
        "[]",
        "\\u0022",
        "\\",
        "'",
        '"',
        "<",
        ">",
    ),
    *("!!python/object:os.system", "&a [*a]", "*a", "- x: y", "x: y", "# x", 'msgid "x"', "%YAML"),
)
_AROUND = ("{}", "Baan {}", "{} Baan", "ဘ{}က", "{0}{0}", "\u202e{}", "({})", '"{}"')


def payloads(number: int) -> list[str]:
    """Different payloads: HTML, Telegram, templates, SQL, CSV, shell, log lines, terminal."""
    chance = random.Random("payloads")
    every = [
        around.replace("{0}", "{}").replace("{}", one) for around in _AROUND for one in _INJECTIONS
    ]
    every += [quote(one) for one in _INJECTIONS] + [one.upper() for one in _INJECTIONS]
    plain = list(dict.fromkeys(_INJECTIONS))
    more = [one for one in dict.fromkeys(every) if one not in plain]
    chance.shuffle(more)
    return [*plain, *more][:number]


def secrets(right: str, number: int) -> Iterator[bytes]:
    """Header values that are not the secret, near and far; some long, some not ASCII."""
    chance = random.Random("secrets")
    raw = right.encode()
    fixed = [
        b"",
        b" ",
        raw[:-1],
        raw + b"s",
        raw.upper(),
        raw[::-1],
        b"\xff" * 43,
        b"None",
        b"\x00",
    ]
    fixed += [raw[:-1] + b"\xe9", b"s" * 1_000_000, b"\xc3\xa9" * 43, raw + b"\x00", raw * 2]
    fixed += [raw[:length] for length in range(len(raw))]
    fixed += [raw + b", " + raw, b"Bearer " + raw, b'"' + raw + b'"', raw.replace(raw[:1], b"", 1)]
    fixed = [one for one in dict.fromkeys(fixed) if one != raw]
    yield from fixed[:number]
    for _ in range(number - len(fixed)):
        near = bytearray(raw)
        near[chance.randrange(len(near))] ^= chance.randint(1, 255)
        far = bytes(chance.randrange(256) for _ in range(chance.randint(1, 80)))
        yield bytes(near) if chance.random() < 0.5 else far


def malformed(seed: str, number: int) -> Iterator[bytes]:
    """Bodies that are no update for us: broken bytes, broken JSON, wrong types, unknown kinds."""
    chance = random.Random(seed)
    kinds = (_bytes, _cut, _nested, _repeated, _unknown, _mistyped, _other_json, _big_numbers)
    for count in range(number):
        yield kinds[count % len(kinds)](chance)


def _good(chance: random.Random) -> dict[str, object]:
    chat = {"id": chance.randrange(1, 10**9), "type": "private"}
    message = {"message_id": chance.randrange(1, 10**9), "chat": chat, "text": "hello"}
    return {"update_id": chance.randrange(1, 10**9), "message": message}


def _bytes(chance: random.Random) -> bytes:
    broken = bytearray(orjson.dumps(_good(chance)))
    for _ in range(chance.randint(1, 4)):
        broken[chance.randrange(len(broken))] = chance.randrange(128, 256)
    return bytes(broken)


def _cut(chance: random.Random) -> bytes:
    whole = orjson.dumps(_good(chance))
    return whole[: chance.randrange(len(whole))]


def _nested(chance: random.Random) -> bytes:
    depth = chance.choice((33, 200, 900, 1_500, 20_000))
    inside = chance.choice((b"[" * depth + b"]" * depth, b'{"a":' * depth + b"1" + b"}" * depth))
    return b'{"update_id":7,"message":' + inside + b"}"


def _repeated(chance: random.Random) -> bytes:
    whole = orjson.dumps(_good(chance))
    return whole[:-1] + b',"message":' + chance.choice((b"null", b"7", b"[]", b'"x"')) + b"}"


def _unknown(chance: random.Random) -> bytes:
    kinds = ("poll", "edited_message", "channel_post", "my_chat_member", "inline_query", "x" * 500)
    return orjson.dumps({"update_id": 7, chance.choice(kinds): _good(chance)["message"]})


def _mistyped(chance: random.Random) -> bytes:
    wrong: tuple[object, ...] = (None, True, -1, 1.5, "7", [], {}, 2**60, [[7]], {"id": 7})
    update = _good(chance)
    message = update["message"]
    assert isinstance(message, dict)
    place = chance.choice(("update_id", "message", "chat", "message_id", "text"))
    whole = update if place in update else message
    whole[place] = chance.choice(tuple(one for one in wrong if place != "text" or one != "7"))
    return orjson.dumps(update)


def _other_json(chance: random.Random) -> bytes:
    return chance.choice(
        (b"", b"null", b"[]", b"7", b'""', b"{}", b"NaN", b"\xef\xbb\xbf{}", b"[{}]")
    )


def _big_numbers(chance: random.Random) -> bytes:
    number = b"9" * chance.choice((20, 400, 5_000))
    return b'{"update_id":' + number + b',"message":{"chat":{"id":1e' + number + b"}}}"
