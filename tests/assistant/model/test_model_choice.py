"""What a model is asked with, and that it fits into its context."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.messages import Message
from assistant.model.grounding.result_facts import facts_for_model
from assistant.model.llm import ModelError
from assistant.model.model_choice import Chooser
from assistant.model.ollama_models import ModelState
from assistant.settings import Settings
from tools import TOOLS


def small_board(ollama: Any) -> Chooser:
    settings = Settings(ollama_host=ollama.url, num_ctx=4096, model_timeout_s=20)
    return Chooser(settings, ModelState(settings.model, None), TOOLS)


def test_the_oldest_turns_are_left_out_beyond_their_share(ollama: Any) -> None:
    before = [Message(role="user", content="é" * 300), Message(role="assistant", content="ok")]
    chooser = small_board(ollama)
    start = len(chooser.start)

    def roles(history: list[Message]) -> list[str]:
        return [message.role for message in chooser.opening("jazz", history=history)[start:]]

    assert roles(before) == ["user", "assistant", "user"]
    assert roles(before * 10) == ["user", "assistant"] * 2 + ["user"]
    long = Message(role="user", content="é" * 3000)
    assert roles([long, *before]) == ["user", "assistant", "user"]


async def test_what_cannot_fit_is_not_sent(ollama: Any) -> None:
    chooser = small_board(ollama)
    with pytest.raises(ModelError) as error:
        await chooser.choose(chooser.opening("x" * 12000))
    assert error.value.failure == "overflow"
    assert not ollama.chats()


async def test_a_prompt_that_the_server_cut_is_an_overflow(ollama: Any) -> None:
    chooser = small_board(ollama)
    call = ("search_tracks", {"genres": ["jazz"]})
    ollama.answer = lambda body: ollama.calls(call, prompt_tokens=2050)
    with pytest.raises(ModelError, match="2050 tokens"):
        await chooser.choose(chooser.opening("x" * 4000))
    chosen = await chooser.choose(chooser.opening("jazz"))  # too short to have been cut
    assert chosen.prompt_tokens == 2050


def test_ten_tracks_leave_room_for_words_on_a_small_board() -> None:
    track = {
        "id": 1, "title": "A Title of Some Length (Live)", "artist": "Some Band", "album": "Album",
        "year": 1990, "duration_s": 240.5, "bpm": 120.5, "bpm_alternative": 60.2, "camelot": "8A",
        "genre": "electronic", "moods": ["happy", "party", "energetic"], "energy": 0.5,
        "has_cover": True, "charts": 0, "why": ["electronic", "120 BPM"],
    }  # fmt: skip
    facts, _ = facts_for_model({"tracks": [track] * 20, "total": 312})
    chooser = Chooser(Settings(num_ctx=4096), ModelState("m", None), TOOLS)
    request = chooser.opening("jazz " * 20, hint={"tool": None, "arguments": {"genres": ["jazz"]}})
    assert chooser.fits([*request, Message(role="tool", content=facts)])
