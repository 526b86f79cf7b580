"""Strokes in, accompaniment out: what training takes from `indexer.drums.formats.midi_files`."""

from __future__ import annotations

from indexer.drums.formats.midi_files import MidiError, Note, read_notes, write_notes

__all__ = ["MidiError", "Note", "read_notes", "write_notes"]
