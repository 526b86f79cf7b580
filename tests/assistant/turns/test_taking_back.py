"""What was said of a track is taken back by "undo", step by step."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.settings import Settings
from assistant.turns.conversation import Conversation
from assistant.turns.events import AnswerText
from assistant.turns.turn import take_turn
from store.people.mood_labels import label_count
from store.tracks import track_details

ALONE = Settings(use_model=False)
PAPER_BOATS = 9


@pytest.mark.parametrize(
    ("said", "back"),
    [
        (("Paper Boats is country, not jazz", "it's 168, not 84", "it isn't relaxed"), "undo"),
        (("Paper Boats est de la country, pas du jazz", "c'est 168, pas 84", "c'est pas calme"),
         "annule"),
    ],
)  # fmt: skip
async def test_corrections_and_moods(library: Path, said: tuple[str, ...], back: str) -> None:
    conversation = Conversation()

    async def turn(text: str) -> str:
        events = [event async for event in take_turn(text, conversation, settings=ALONE)]
        return "".join(event.text for event in events if isinstance(event, AnswerText))

    def now() -> tuple[str | None, float | None, int]:
        [row] = track_details.track_rows([PAPER_BOATS])
        return row.genre, row.bpm, label_count()

    seen = [now()]
    for text in said:
        assert "Paper Boats" in await turn(text)
        seen.append(now())
    assert seen == [("jazz", 84, 0), ("country", 84, 0), ("country", 168, 0), ("country", 168, 1)]
    for expected in reversed(seen[:-1]):
        await turn(back)
        assert now() == expected
