import pytest

from store.search.query import TrackQuery
from tools.playlist.naming import NAME_AT_MOST, playlist_name


@pytest.mark.parametrize(
    ("wishes", "arc", "english", "french"),
    [
        (
            {"moods": ["chill"], "keys": ["8A"], "bpm_min": 95, "bpm_max": 105},
            None,
            "Chill · 8A · 100 BPM",
            "Chill · 8A · 100 BPM",
        ),
        ({"genres": ["jazz"], "year_min": 1980, "year_max": 1989}, None, "Jazz · 1980s",
         "Jazz · Années 1980"),
        ({"moods": ["happy"], "bpm_max": 90}, "rise", "Happy · ≤90 BPM · rising",
         "Joyeux · ≤90 BPM · en montée"),
        ({"like": "Hurt"}, None, "Like Hurt", "Comme Hurt"),
        ({"mixes_with": "Hurt", "albums": ["Discovery"]}, None, "Discovery · Mixes with Hurt",
         "Discovery · Se mixe avec Hurt"),
        ({}, None, "Mix", "Mix"),
        ({}, "wave", "Mix · waves", "Mix · en vagues"),
        ({"energy": "high", "bpm_min": 130}, None, "High energy · 130+ BPM",
         "Beaucoup d'énergie · 130+ BPM"),
        ({"genres": ["rock"], "year_min": 2000}, None, "Rock · since 2000", "Rock · depuis 2000"),
    ],
)  # fmt: skip
def test_names(wishes, arc, english, french):
    query = TrackQuery(**wishes)
    assert playlist_name(query, language="en", arc=arc) == english
    assert playlist_name(query, language="fr", arc=arc) == french


def test_many_wishes_stay_short():
    query = TrackQuery(
        moods=["happy", "party"], genres=["rock", "pop"], artists=["x" * 200] * 3, like="y" * 200
    )
    assert len(playlist_name(query, language="en")) <= NAME_AT_MOST
