"""The reader: English and French requests to tool calls, without a model."""

from assistant.understanding.dialogue.state import ConversationState, ResultTrack
from assistant.understanding.lexing.name_lookups import FoundName, NameSource
from assistant.understanding.request_reader import Reading, read

__all__ = ["ConversationState", "FoundName", "NameSource", "Reading", "ResultTrack", "read"]
