"""Makes packets of a few sizes only, so that a length says nothing about her (safety.md 4.3)."""

SIZES = (1024, 2048, 4096, 8192, 16384)  # bytes, all told
_COUNT = 4  # bytes of the length in front, big endian


def padded(content: bytes) -> bytes:
    """The content with its length in front, filled with zeros to the next of `SIZES`.

    Raises ValueError where it does not fit into the largest.
    """
    whole = len(content) + _COUNT
    size = next((size for size in SIZES if whole <= size), None)
    if size is None:
        raise ValueError("a packet that is too large")
    return (len(content).to_bytes(_COUNT) + content).ljust(size, b"\0")


def unpadded(sent: bytes) -> bytes:
    """The content again. Raises ValueError, which repeats nothing, for anything else."""
    count = int.from_bytes(sent[:_COUNT])
    content = sent[_COUNT : _COUNT + count]
    if len(content) != count or padded(content) != sent:
        raise ValueError("not a padded packet")
    return content
