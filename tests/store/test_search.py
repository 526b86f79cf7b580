import pytest

from store.queries import search
from store.query import TrackQuery


def titles(**wish):
    limit = wish.pop("limit", 100)
    return [found.title for found in search(TrackQuery(**wish, limit=limit)).tracks]


def test_no_wish_finds_everything_and_counts_it(library):
    found = search(TrackQuery())
    assert found.total == len(library.ids) and len(found.tracks) == 10


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        ({"text": "concrete jungle"}, {"Concrete Jungle", "Block Party"}),
        ({"text": "deja"}, {"Déjà vu"}),
        ({"text": "DÉJÀ V"}, {"Déjà vu"}),
        ({"artists": ["night owls"], "bpm_max": 99}, {"Midnight Drive"}),
        ({"artists": ["MC Zoulou"]}, {"Block Party", "Concrete Jungle", "Ça ira"}),
        ({"artists": ["eloise dupres"], "genres": ["hip hop"]}, {"Ça ira"}),
        ({"artists": ["Bones"]}, set()),
        ({"genres": ["ska"]}, {"Skank It Up", "One Drop"}),
        ({"genres": ["metal"], "exclude_genres": ["rock"]}, {"Hammer Down", "Ashes"}),
        ({"moods": ["chill", "dark"]}, {"Midnight Drive"}),
        ({"moods": ["ambient"], "exclude_moods": ["focus"]}, {"Halo"}),
        ({"bpm_min": 98, "bpm_max": 100}, {"Midnight Drive", "Neon Rain"}),
        ({"bpm_min": 174}, {"Hammer Down", "Basement Tapes"}),
        ({"keys": ["3B", "5B"]}, {"Velvet Heart"}),
        ({"year_min": 1990, "year_max": 1993}, {"Paper Planes", "Block Party", "Concrete Jungle"}),
        ({"energy": "low", "genres": ["blues"]}, {"Blue Smoke", "Slow Train", "Delta Morning"}),
        ({"energy": "medium", "genres": ["metal"]}, {"Ashes"}),
        ({"energy": "high", "genres": ["disco"]}, {"Sunrise Boulevard", "Mirrorball"}),
        ({"instrumental": True, "genres": ["metal"]}, {"Ashes"}),
        ({"instrumental": False, "genres": ["techno"]}, set()),
    ],
)  # fmt: skip
def test_each_wish_narrows(library, wish, expected):
    assert set(titles(**wish)) == expected
