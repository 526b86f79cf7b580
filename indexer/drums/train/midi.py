"""Strokes in, accompaniment out: what training takes from `indexer.drums.formats.midi_files`."""

from __future__ import annotations

from indexer.drums.formats.midi_files import MidiError, read_notes, write_notes
from indexer.drums.formats.midi_files import MidiNote as Note

__all__ = ["MidiError", "Note", "read_notes", "write_notes"]
