import pytest

from store.library import track_writing
from store.people.likes import DISLIKED, LIKED, clear_like, likes_of, set_like
from store.people.people import person
from store.results import StoreError


def test_a_like_is_set_changed_and_cleared(library):
    orbit, halo = library.id("Orbit"), library.id("Halo")
    assert set_like(1, orbit, LIKED) == 0
    assert set_like(1, halo, DISLIKED) == 0
    assert set_like(1, orbit, DISLIKED) == LIKED
    assert likes_of(1) == {orbit: DISLIKED, halo: DISLIKED}
    assert clear_like(1, orbit) == DISLIKED
    assert clear_like(1, orbit) == 0
    assert likes_of(1) == {halo: DISLIKED}


def test_likes_are_of_a_person(library):
    other = person("Mia").id
    set_like(1, library.id("Orbit"), LIKED)
    set_like(other, library.id("Orbit"), DISLIKED)
    assert likes_of(1) == {library.id("Orbit"): LIKED}
    assert likes_of(other) == {library.id("Orbit"): DISLIKED}


def test_the_newest_like_comes_first(library):
    for title in ("Orbit", "Halo", "Ashes"):
        set_like(1, library.id(title), LIKED)
    assert list(likes_of(1)) == [library.id(title) for title in ("Ashes", "Halo", "Orbit")]


def test_a_track_takes_its_likes_with_it(library):
    set_like(1, library.id("Orbit"), LIKED)
    track_writing.remove_track(library.id("Orbit"))
    assert likes_of(1) == {}


def test_unknown_tracks_and_people(library):
    with pytest.raises(StoreError, match="no track 999"):
        set_like(1, 999, LIKED)
    with pytest.raises(StoreError, match="no person"):
        set_like(999, library.id("Orbit"), LIKED)
