"""Conversations for the tests of follow-ups."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from assistant.understanding import ConversationState, Reading, ResultTrack, read

SHOWN = (
    ResultTrack(11, "Copper Hill", "Ann Vale", year=1971, bpm=88, genre="jazz", energy=0.2,
                camelot="8A", duration_s=300, moods=("relaxed",)),
    ResultTrack(12, "Night Ferry", "The Kilns", year=1999, bpm=126, genre="house", energy=0.8,
                camelot="5A", duration_s=240, moods=("party",)),
    ResultTrack(13, "Step by Step", "Bo Lind", year=2015, bpm=104, genre="soul", energy=0.5,
                camelot="9A", duration_s=180, moods=("happy",)),
)  # fmt: skip


def talked(*before: str) -> ConversationState:
    """The state after requests that each showed the same three tracks."""
    state = ConversationState()
    for text in before:
        reading = read(text, state=state)
        assert reading.tool is not None, text
        lists = reading.tool in {"search_tracks", "make_playlist", "find_similar"}
        state = state.after(
            reading.tool,
            reading.arguments,
            results=SHOWN if lists else None,
            playlist="Mine" if reading.tool == "make_playlist" else None,
            playlist_id=5 if reading.tool == "make_playlist" else None,
            language=reading.language,
        )
    return state


@pytest.fixture
def said() -> Callable[..., Reading]:
    """Read the last of several requests of one conversation."""
    return lambda *texts: read(texts[-1], state=talked(*texts[:-1]))
