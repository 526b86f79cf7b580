from __future__ import annotations

from assistant.messages import ToolCall, ToolOutcome
from assistant.turns.references import labels_after, resolved, shown_line
from assistant.understanding import ConversationState, ResultTrack

STATE = ConversationState(
    results=(ResultTrack(4, "Ladder", "Halde"), ResultTrack(9, 'Say "hi"\x00')), playlist="Gym"
)
CALL = ToolCall(name="summarize_track", arguments={"track": "T1"})


def test_references_become_names() -> None:
    labels = labels_after(None, STATE)
    assert resolved(CALL, labels).arguments == {"track": "Ladder by Halde"}
    many = CALL.model_copy(update={"arguments": {"tracks": ["T2", "T9", "Ladder"], "n": 3}})
    assert resolved(many, labels).arguments == {"tracks": ['Say "hi"\x00', "Ladder"], "n": 3}
    playlist = CALL.model_copy(update={"arguments": {"playlist": "P1"}})
    assert resolved(playlist, labels).arguments == {"playlist": "last"}


def test_a_reference_to_nothing_is_left_out() -> None:
    assert resolved(CALL, {}).arguments == {}
    assert labels_after(None, ConversationState()) == {}


def test_a_result_of_one_track_is_the_first() -> None:
    facts = {"track": {"title": "Ladder", "artist": "Halde"}}
    assert labels_after(ToolOutcome(call=CALL, facts=facts), STATE) == {"T1": "Ladder by Halde"}
    assert labels_after(ToolOutcome(call=CALL, facts={"total": 3}), STATE) == {}


def test_what_was_shown_is_told_as_data() -> None:
    line = shown_line(STATE, "en")
    assert line == 'Shown: T1 "Ladder by Halde", T2 "Say \\"hi\\"", P1 "Gym"'
    assert shown_line(ConversationState(), "en") == ""
