"""The demo library on disk."""

from dataclasses import replace

import pytest

from indexer.demo import demo_library
from indexer.demo.demo_songs import SONGS
from indexer.files.audio.decoding import decode
from indexer.files.tags.cover import read_cover
from indexer.files.tags.tag_reading import read_tags

SHORT = [replace(next(s for s in SONGS if s.suffix == suffix), duration_s=6.0) for suffix in
         ("mp3", "flac", "ogg", "m4a", "opus")]  # fmt: skip


@pytest.mark.parametrize("song", SHORT, ids=lambda song: song.suffix)
def test_a_song_is_decoded_with_its_tags_and_cover(song, tmp_path):
    path = demo_library.song_path(tmp_path, song)
    demo_library.write_song(song, path)
    audio, tags = decode(path), read_tags(path)
    assert audio.container == song.suffix
    assert audio.duration_s > 5
    assert (tags.title, tags.artist, tags.album, tags.year) == (
        song.title, song.artist, song.album, song.year,
    )  # fmt: skip
    assert tags.genres == (song.genre,)
    cover = read_cover(path)
    assert cover is not None and cover.mime == "image/jpeg"
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_only_missing_songs_are_rendered(tmp_path, monkeypatch):
    monkeypatch.setattr(demo_library, "SONGS", tuple(SHORT[:2]))
    first = demo_library.song_path(tmp_path, SHORT[0])
    first.parent.mkdir(parents=True)
    first.write_bytes(b"mine")
    told = []
    paths = demo_library.render_library(
        tmp_path,
        on_progress=lambda done, total, title: told.append((done, total, title)),
        workers=1,
    )
    assert first.read_bytes() == b"mine"
    assert paths[1].stat().st_size > 10_000
    assert told == [(1, 2, ""), (2, 2, SHORT[1].title)]
