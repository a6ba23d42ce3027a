"""What our scripts never do: load from elsewhere, write HTML, keep things where they stay."""

from pathlib import Path

_OURS = (*("seal.js", "device.js", "guest.js", "sheets.js", "kept.js", "keys.js", "adopt.js"),)


def test_no_script_loads_anything_from_elsewhere() -> None:
    static = Path(__file__).parents[2] / "console" / "static"
    scripts = [static / name for name in _OURS]
    texts = [script.read_text("utf-8") for script in scripts]

    for word in ("http://", "https://", "WebAssembly", "eval(", "innerHTML", "localStorage"):
        assert not any(word in text for text in texts), word
