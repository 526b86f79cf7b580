"""Strokes in, accompaniment out: the names that training takes from `indexer.drums.midi`."""

from __future__ import annotations

from indexer.drums.midi import MidiError, Note, read_notes, write_notes

__all__ = ["MidiError", "Note", "read_notes", "write_notes"]
