"""What a core dump of a running process holds: its memory as files, read from Linux's /proc."""

from pathlib import Path


def dump(process: int, folder: Path) -> int:
    """Write everything the process can write to into `folder`; how many bytes.

    The test is the parent of the process, so the kernel lets it (proc(5), /proc/pid/mem). What a
    program only reads comes from files, which are searched where they lie.
    """
    written = 0
    lines = Path(f"/proc/{process}/maps").read_text("ascii", "replace").splitlines()
    with Path(f"/proc/{process}/mem").open("rb", buffering=0) as memory:
        for number, line in enumerate(lines):
            addresses, allowed, *_ = line.split()
            start, end = (int(part, 16) for part in addresses.split("-"))
            if not allowed.startswith("rw") or "[v" in line:
                continue
            memory.seek(start)
            content = memory.read(end - start)
            (folder / f"{number}").write_bytes(content)
            written += len(content)
    return written
