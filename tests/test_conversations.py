"""Whole conversations, as files: what a person does and what she then reads, in order."""

from pathlib import Path

import pytest

from app.replay import ConversationFaulty, read_conversation, replay
from app.wiring import Data

FOLDER = Path(__file__).parent / "conversations"
FILES = sorted(FOLDER.glob("*.yaml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
async def test_the_conversation_is_as_written(path: Path, data: Data) -> None:
    assert await replay(read_conversation(path), data) == ()


def test_at_least_twelve_scenarios_have_a_file() -> None:
    assert len(FILES) >= 12


async def test_a_difference_is_named(data: Data, tmp_path: Path) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text('about: "x"\nturns: [{presses: start, node: sh.menu, says: ["nothing"]}]')
    found = await replay(read_conversation(file), data)

    assert [d.turn for d in found] == [1, 1]


def test_a_faulty_file_says_where(tmp_path: Path) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text('about: "x"\nturns: [{presses: start, taps: "Yes"}]')

    with pytest.raises(ConversationFaulty, match=r"wrong\.yaml: turns\.0"):
        read_conversation(file)
