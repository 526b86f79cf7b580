"""The stored loudness of tracks."""

from store.tracks.loudness import StoredLoudness, loudness_of


def test_loudness_of_tracks(library):
    first = library.id("Warehouse")
    found = loudness_of([first, library.id("Untagged Tape"), 999_999])
    assert found[first] == StoredLoudness(-10.0, None)
    assert 999_999 not in found
    assert loudness_of([]) == {}
