"""What the terminal says beside the answer."""

from functools import partial

import pytest

from assistant.messages import ToolCall
from assistant.turns.events import ToolShown
from backbeat.commands import chat_command
from store.people import player
from store.people.queue_edits import play_now
from tools import tool
from tools.base import ToolContext


@pytest.mark.parametrize(("action", "told"), [("resume", True), ("pause", False)])
def test_a_terminal_says_where_the_sound_is(library, capsys, action, told):
    player.change(1, partial(play_now, track_ids=[library.id("Orbit")]))
    control, arguments = tool("control_player"), {"action": action}
    result = control.run(control.arguments(**arguments), ToolContext())
    rendering = control.render(result, ToolContext())
    event = ToolShown(ToolCall(name="control_player", arguments=arguments), rendering, 0.0)
    chat_command._print_event(event)
    assert ("on the chat page" in capsys.readouterr().err) == told
