"""A trained gate against sentences that are no request for music."""

from assistant.understanding.gate.classifier import knows, music_request

__all__ = ["knows", "music_request"]
