"""The reader: English and French requests to tool calls, without a model."""

from assistant.understanding.lookups import NameIndex, NameMatch
from assistant.understanding.reader import Reading, read
from assistant.understanding.state import ConversationState, ResultTrack

__all__ = ["ConversationState", "NameIndex", "NameMatch", "Reading", "ResultTrack", "read"]
