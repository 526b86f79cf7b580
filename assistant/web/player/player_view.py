"""What the player bar of the page shows: the state of a player, its tracks, its texts."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

from prompts import Language, load
from store.people.likes import LIKED, likes_of
from store.people.player_state import PlayerState
from store.tracks import track_details
from store.tracks.loudness import StoredLoudness, loudness_of
from tools.tracks.track_facts import track_data, track_fact

TARGET_LUFS: Final = -18.0
"""Loudness at which all tracks are played: that of ReplayGain 2; few recordings are quieter."""
HEADROOM_DBTP: Final = -1.0
"""Highest peak after a track was made louder: lossy formats overshoot a little."""
_SHOWN: Final = ("id", "title", "artist", "album", "duration_s", "audio_url", "cover_url")


def shown_player(state: PlayerState, person_id: int) -> dict[str, Any]:
    """Return a state with its tracks as the page plays them."""
    track_ids = list(dict.fromkeys(state.queue))
    rows = {row.id: row for row in track_details.track_rows(track_ids)}
    loudness = loudness_of(track_ids)
    likes = likes_of(person_id)
    values = asdict(state)
    del values["queue"], values["ranks"]
    tracks = {
        number: {
            **{name: track_data(track_fact(row))[name] for name in _SHOWN},
            "gain_db": gain_db(loudness.get(number)),
            "liked": likes.get(number) == LIKED,
        }
        for number, row in rows.items()
    }
    values["tracks"] = [tracks[number] for number in state.queue if number in tracks]
    return values


def player_texts(language: Language) -> dict[str, str]:
    """Return the texts of the player bar by name."""
    return dict(load("player", language))


def gain_db(loudness: StoredLoudness | None) -> float:
    """Return the gain that brings a track to the common loudness without clipping, in dB.

    A track whose peak is not known is made quieter only.
    """
    if loudness is None:
        return 0.0
    peak_dbtp = loudness.true_peak_dbtp
    room_db = 0.0 if peak_dbtp is None else max(HEADROOM_DBTP - peak_dbtp, 0.0)
    return round(min(TARGET_LUFS - loudness.integrated_lufs, room_db), 2)
