from dataclasses import replace

import pytest

from store.results import Candidate
from tools.playlist.song_versions import bare_title, best_file_first, plainest, same_song, songs_of


def track(title, artist="Johnny Cash", duration_s=200.0, *, number=1, recording=None, **file):
    return Candidate(
        id=number, title=title, artist=artist, album=None, duration_s=duration_s, bpm=None,
        camelot=None, energy=None, year=None, relevance=1.0, recording=recording,
        **file,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("title", "bare"),
    [
        ("Hurt (Live at Folsom)", "hurt"),
        ("Hurt - 2002 Remaster", "hurt"),
        ("Hurt [Remastered] (Mono Version)", "hurt"),
        ("Hurt feat. Nobody", "hurt"),
        ("La Mer (en public)", "mer"),
        ("Hurt (FLAC 24bit)", "hurt"),
        ("Hurt (Some Remix)", "hurt some remix"),
        ("Live Forever", "live forever"),
        ("Another Brick in the Wall, Pt. 2", "another brick in the wall pt 2"),
        ("(I Can't Get No) Satisfaction", "i cant get no satisfaction"),
        ("(Live)", "live"),
        ("!!!", "!!!"),
    ],
)
def test_words_that_only_name_a_version_are_left_out(title, bare):
    assert bare_title(title) == bare


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (track("Hurt"), track("Hurt", duration_s=205), True),
        (track("Hurt"), track("Hurt (Live)", duration_s=420), True),
        (track("Hurt"), track("Hurt", "Nine Inch Nails"), False),
        (track("Hurt"), track("Hurt (DJ Remix)"), False),
        (track("Intro"), track("Intro", duration_s=60), False),
        (track("Hurt"), track("hurt", "Johnny Cash feat. June Carter"), True),
        (track("Untitled", None), track("Untitled", None), False),
        (track("Hurt", recording="r"), track("Track 07", None, recording="r"), True),
        (track("Hurt", recording="r"), track("Track 07", None, recording="s"), False),
    ],
)
def test_same_song(one, other, same):
    assert same_song(one, other) is same
    assert same_song(other, one) is same


def test_groups_keep_the_order_and_the_plainest_stands_for_them():
    tracks = [
        track("Hurt (Live)", number=1), track("Intro", number=2), track("Hurt", number=3),
        track("Intro", duration_s=30, number=4), track("Hurt - Remastered", number=5),
    ]  # fmt: skip
    groups = songs_of(tracks)
    assert [[t.id for t in group] for group in groups] == [[1, 3, 5], [2], [4]]
    assert plainest(groups[0]).id == 3


def test_one_recording_is_one_song_whatever_its_tags_say():
    tracks = [
        track("07", None, number=1, recording="r"), track("Hurt (Live)", number=2),
        track("One", number=3), track("Hurt", number=4, recording="r"),
        track("Hurt", "Various", number=5, recording="r"),
    ]  # fmt: skip
    groups = songs_of(tracks)
    assert [[t.id for t in group] for group in groups] == [[1, 2, 4, 5], [3]]
    assert plainest(groups[0]).id == 4
    assert [[t.id for t in group] for group in songs_of(tracks, by_title=False)] == [
        [1, 4, 5], [2], [3],
    ]  # fmt: skip


def test_of_files_that_say_the_same_the_best_one_stands_for_them():
    low = track("Hurt", number=1, audio_format="mp3", bit_rate=128_000)
    high = track("Hurt", number=2, audio_format="mp3", bit_rate=320_000)
    whole = track("Hurt", number=3, audio_format="flac")
    assert plainest([low, high]).id == 2
    assert plainest([low, whole, high]).id == 3


def test_the_best_file_of_the_first_recording_comes_first():
    tracks = [
        track("02 copy", None, number=1, recording="r", audio_format="mp3", bit_rate=320_000),
        track("Hurt (Live)", number=2),
        track("Hurt", number=3, recording="r", audio_format="flac"),
    ]  # fmt: skip
    assert [t.id for t in best_file_first(tracks)] == [3, 1, 2]
    assert [t.id for t in best_file_first(tracks[1:])] == [2, 3]


def test_songs_of_one_title_are_told_apart_by_tempo_and_key():
    movements = [
        replace(track("I. Allegro", "Ludo", number=at), bpm=bpm, camelot=key)
        for at, (bpm, key) in enumerate([(120.0, "8A"), (97.0, "8A"), (120.0, "3B"), (60.5, "8A")])
    ]
    groups = [[one.id for one in song] for song in songs_of(movements)]
    assert groups == [[0, 3], [1], [2]]  # half the tempo is the same
