"""What our scripts never do: load from elsewhere, write HTML, keep things where they stay."""

from pathlib import Path

STATIC = Path(__file__).parents[2] / "console" / "static"
OURS = ["seal", "device", "guest", "sheets", "kept", "wraps", "asking", "keys", "adopt"]
NEVER = ("http://", "https://", "WebAssembly", "eval(", "innerHTML", "localStorage", "cookie")


def test_no_script_loads_anything_from_elsewhere_or_leaves_anything_behind() -> None:
    texts = [(STATIC / f"{name}.js").read_text("utf-8") for name in OURS]

    assert [word for word in NEVER for text in texts if word in text] == []
