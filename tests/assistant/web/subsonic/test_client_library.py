"""The calls of a player app, made by a client library of others over a real connection."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path
from typing import Any

import av
import pytest
from libopensonic import AsyncConnection, errors
from PIL import Image

from store.people import likes, plays
from store.playlists import playlist_reading, playlist_versions
from store.settings import StoreSettings


@pytest.fixture(params=[True, False], ids=["get", "post"])
async def player(served: int, request: pytest.FixtureRequest) -> Any:
    """An app that calls by GET with ".view", and one that calls by POST without."""
    get = request.param
    connection = AsyncConnection(
        "http://127.0.0.1", username="me", password="any", port=served, use_get=get, use_views=get
    )
    yield connection
    await connection.cleanup()


def _seconds(sound: bytes) -> tuple[str, float]:
    with av.open(io.BytesIO(sound)) as opened:
        samples = sum(frame.samples for frame in opened.decode(audio=0))
        stream = opened.streams.audio[0]
        return stream.codec_context.name, samples / stream.rate


async def test_browsing_and_lists(player: Any) -> None:
    assert await player.ping()
    assert (await player.get_license())["license"]["valid"]
    extensions = {row.name for row in await player.get_open_subsonic_extensions()}
    assert extensions >= {"formPost", "apiKeyAuthentication", "songLyrics", "sonicSimilarity"}
    artists = [artist for index in (await player.get_artists()).index for artist in index.artist]
    assert [artist.name for artist in artists][:2] == ["Ambra", "Élodie Marchand"]
    assert [i.name for i in (await player.get_indexes()).index] == ["A", "E", "H", "M", "N", "P"]
    quist = next(artist for artist in artists if artist.name == "Mira Quist")
    album = (await player.get_artist(quist.id)).album[0]
    assert (album.name, album.song_count, album.artist) == ("First", 2, "Mira Quist")
    held = await player.get_album(album.id)
    assert [song.title for song in held.song] == ["Slow Harbour", "Paper Boats"]
    folder = await player.get_music_directory(quist.id)
    assert (folder.name, folder.child[0].is_dir) == ("Mira Quist", True)
    song = await player.get_song(held.song[0].id)
    assert (song.artist, song.genre, song.bpm, song.year) == ("Mira Quist", "jazz", 72, 1961)
    assert (song.suffix, song.content_type, song.moods) == ("wav", "audio/wav", ["melancholic"])
    assert song.path == "Mira Quist/First/Slow Harbour.wav"
    jazz = next(genre for genre in await player.get_genres() if genre.value == "jazz")
    assert (jazz.song_count, jazz.album_count) == (2, 1)
    assert len(await player.get_songs_by_genre("Jazz")) == 2
    assert {s.genre for s in await player.get_random_songs(genre="metal")} == {"metal"}
    in_order = await player.get_album_list2("alphabeticalByArtist", size=2, offset=1)
    assert [row.artist for row in in_order] == ["Élodie Marchand", "Halde"]
    older = await player.get_album_list2("byYear", from_year=1990, to_year=1960)
    assert [row.year for row in older] == sorted((row.year for row in older), reverse=True)
    assert len(await player.get_album_list2("byGenre", genre="house")) == 1
    with pytest.raises(errors.DataNotFoundError):
        await player.get_song("tr-4000")


async def test_a_whole_library_is_read_page_by_page(player: Any) -> None:
    titles: list[str] = []
    while page := (await player.search3("", song_count=4, song_offset=len(titles))).song:
        titles += [song.title for song in page]
    assert len(titles) == 10
    found = await player.search3("ladd")
    assert [song.title for song in found.song] == ["Ladder", "Ladder"]
    found = await player.search3("quist")
    assert ([a.name for a in found.artist], len(found.album)) == (["Mira Quist"], 1)
    assert len(found.song) == 2


async def test_sound_and_pictures(player: Any, library: Path) -> None:
    song = (await player.search3("sunday kitchen")).song[0]
    raw = await (await player.stream(song.id, byte_range="bytes=0-99")).read()
    assert raw[:4] == b"RIFF"
    assert len(raw) == (100 if player.use_get else song.size)  # HTTP has ranges for GET alone
    whole = await (await player.download(song.id)).read()
    assert len(whole) == song.size
    for format, codec in (("mp3", "mp3float"), ("opus", "opus"), ("flac", "flac")):
        for _ in range(2):  # while it is made, and from the finished file
            reply = await player.stream(song.id, tformat=format)
            name, seconds = _seconds(await reply.read())
            assert (name, round(seconds, 1)) == (codec, pytest.approx(3.1, abs=0.11))
    smaller = await (await player.stream(song.id, max_bit_rate=64)).read()
    assert _seconds(smaller)[0] == "mp3float"
    assert len(smaller) < 64_000 / 8 * 3.5
    later = await (await player.stream(song.id, tformat="mp3", time_offset=2)).read()
    assert _seconds(later)[1] == pytest.approx(1.1, abs=0.2)
    cover = await (await player.get_cover_art("co-1")).read()
    assert Image.open(io.BytesIO(cover)).size == (32, 32)
    cover = await (await player.get_cover_art("al-1", size=16)).read()
    small = Image.open(io.BytesIO(cover))
    assert (small.size, small.format) == ((16, 16), "JPEG")
    kept = StoreSettings().folder / "chat" / "thumbnails"
    assert [file.name for file in kept.iterdir()] == ["1-16.jpeg"]


async def test_likes_stars_and_plays(player: Any) -> None:
    assert await player.star(sids=["tr-2", "tr-4"])
    assert await player.star(album_ids=["al-1"])
    assert await player.star(artist_ids=["ar-3"])
    liked = await player.get_starred2()
    assert {song.id for song in liked.song} == {"tr-2", "tr-4"}
    assert ([a.id for a in liked.album], [a.name for a in liked.artist]) == (["al-1"], ["Halde"])
    assert set(likes.likes_of(1)) == {2, 4}  # as on the page
    assert await player.unstar(sids=["tr-2"])
    assert set(likes.likes_of(1)) == {4}
    assert await player.set_rating("tr-5", 4)
    assert await player.set_rating("al-1", 3)
    assert (await player.get_song("tr-5")).user_rating == 4
    assert [a.id for a in await player.get_album_list2("highest")] == ["al-5", "al-1"]
    assert await player.scrobble("tr-3", submission=False)
    assert [row.id for row in await player.get_now_playing()] == ["tr-3"]
    assert await player.get_album_list2("recent") == []  # playing is not played yet
    for time_s in (1_700_000_000, 1_700_000_300, 1_700_000_300):
        assert await player.scrobble("tr-3", listen_time=time_s)
    played = await player.get_song("tr-3")
    assert (played.play_count, played.played[:10]) == (2, "2023-11-14")
    assert {source for _, _, source in plays.plays_of(1)} == {"py-opensonic"}
    assert [album.id for album in await player.get_album_list2("frequent")] == ["al-3"]
    assert [song.id for song in await player.get_top_songs("Halde", 1)] == ["tr-3"]


async def test_playlists_are_those_of_the_page(player: Any) -> None:
    await player.create_playlist(name="Été", song_ids=["tr-1", "tr-3", "tr-1"])
    made = (await player.get_playlists())[0]
    assert (made.name, made.song_count) == ("Été", 3)
    await player.update_playlist(
        made.id, name="Hiver", song_ids_to_add=["tr-4"], song_indices_to_remove=[0]
    )
    now = await player.get_playlist(made.id)
    assert (now.name, [song.id for song in now.entry]) == ("Hiver", ["tr-3", "tr-1", "tr-4"])
    await player.create_playlist(playlist_id=made.id, song_ids=["tr-9"])
    assert [song.id for song in (await player.get_playlist(made.id)).entry] == ["tr-9"]
    await player.delete_playlist(made.id)
    assert await player.get_playlists() == []
    number = int(made.id.removeprefix("pl-"))
    for entries in ([9], [3, 1, 4], [1, 3, 1]):  # undone one by one, as on the page
        assert playlist_versions.undo_change(number) is not None
        stored = playlist_reading.playlist(number)
        assert stored is not None
        assert [entry.track.id for entry in stored.entries] == entries


async def test_songs_that_sound_alike(player: Any, library_template: Path) -> None:
    near = await player.get_sonic_similar_tracks("tr-1", 3)
    likeness = [match.similarity for match in near]
    assert len(near) == 3
    assert likeness == sorted(likeness, reverse=True)
    assert "tr-1" not in [match.entry.id for match in near]
    assert len(await player.get_similar_songs2("ar-1", 4)) == 4
    alike = (await player.get_artist_info2("ar-1", count=2)).similar_artist
    assert len(alike) == 2
    assert "ar-1" not in [artist.id for artist in alike]
    path = [match.entry.id for match in await player.find_sonic_path("tr-1", "tr-5", 4)]
    assert (path[0], path[-1], len(path)) == ("tr-1", "tr-5", 4)


async def test_lyrics(player: Any, library_template: Path) -> None:
    beside = library_template / "music" / "04.lrc"
    beside.write_text("[00:01.50]Harbour lights\n[00:02]turn low", "utf-8")
    try:
        found = (await player.get_lyrics_by_song_id("tr-5"))[0]
        assert (found.synced, [line.start for line in found.line]) == (True, [1500, 2000])
        assert found.line[0].value == "Harbour lights"
        text = (await player.get_lyrics(artist="Mira Quist", title="Slow Harbour")).value
        assert text == "Harbour lights\nturn low"
    finally:
        beside.unlink()


async def test_two_apps_share_a_conversion(player: Any) -> None:
    async def sound() -> bytes:
        return await (await player.stream("tr-6", tformat="mp3")).read()

    first, second = await asyncio.gather(sound(), sound())
    assert first == second
    assert _seconds(first)[1] > 3
