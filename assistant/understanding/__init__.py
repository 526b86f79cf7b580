"""The reader: English and French requests to tool calls, without a model."""

from assistant.understanding.dialogue_state import ConversationState, ResultTrack
from assistant.understanding.lexing.name_lookups import NameIndex, NameMatch
from assistant.understanding.request_reader import Reading, read

__all__ = ["ConversationState", "NameIndex", "NameMatch", "Reading", "ResultTrack", "read"]
