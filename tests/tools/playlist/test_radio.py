"""What goes on after a queue."""

from __future__ import annotations

from typing import Any

from store.tracks import track_details
from tools.playlist.radio import further


def test_it_goes_on_with_what_is_alike(shelf: Any) -> None:
    queue = [shelf.id("One More Time")]
    found = further(queue, count=2)  # not twice in a row by one artist
    assert found == [shelf.id("Windowlicker"), shelf.id("Around the World")]
    more = further([*queue, *found], count=3)
    assert len(more) == 3
    assert not {*queue, *found} & set(more)


def test_each_song_comes_once_until_there_are_no_more(shelf: Any) -> None:
    queue = [shelf.id("Blue in Green")]
    while found := further(queue):
        assert not set(queue) & set(found)
        queue += found
    assert len(queue) == len(set(queue))
    names = [(row.artist, row.title) for row in track_details.track_rows(queue)]
    assert len(names) == len(set(names))


def test_nothing_goes_on_after_nothing(shelf: Any) -> None:
    assert further([]) == []
    assert further([999_999]) == []
