"""What the counts of the library do not tell: what is away, left out, not taken, on a share."""

from __future__ import annotations

from collections.abc import Iterator

from store.jobs import library_status, music_folder
from tools.library.away_note import away_note, folder_name
from tools.text.untrusted import shown
from tools.text.words import Language, listed, say, say_count


def folder_notes(language: Language) -> list[str]:
    """Return what is to be said of the music folder, a sentence each."""
    return list(_notes(language))


def _notes(language: Language) -> Iterator[str]:
    if away := away_note(language):
        yield away
    if others := library_status.no_music_count():
        yield say_count(language, "left_out.no_music", others)
    scanned = music_folder.scanned()
    if scanned.left_out:
        places = [
            say_count(language, f"left_out.{reason}", count)
            for reason, count in sorted(scanned.left_out.items())
        ]
        yield say(language, "left_out.places", places=listed(language, places))
    if scanned.not_taken:
        formats = [
            f"{count} {shown(suffix.removeprefix('.'))}"
            for suffix, count in sorted(scanned.not_taken.items())
        ]
        yield say(language, "left_out.formats", formats=listed(language, formats))
    for place, kind in scanned.shares.items():
        yield say(language, "left_out.share", folder=folder_name(place), kind=shown(kind))
