from __future__ import annotations

import os
from pathlib import Path

import mutagen
import numpy as np
import pytest
from mutagen.apev2 import APEv2
from mutagen.flac import FLAC
from mutagen.id3 import (
    COMM,
    ID3,
    TALB,
    TBPM,
    TCON,
    TDRC,
    TIT2,
    TKEY,
    TMOO,
    TPE1,
    TPE2,
    TPOS,
    TRCK,
    TXXX,
    TYER,
    UFID,
)
from mutagen.mp4 import MP4FreeForm

from indexer.files.tags.tag_reading import FileTags, read_tags

RATE = 44_100
RECORDING = "0a1b2c3d-1111-2222-3333-444455556666"
ALBUM = "0a1b2c3d-aaaa-bbbb-cccc-444455556666"
ARTIST = "0a1b2c3d-9999-8888-7777-444455556666"
FINGERPRINT = "AQADtEmUaEkSRZEGAA" * 20

VORBIS = {
    "TITLE": ["Première"],
    "ARTIST": ["夜 & Кино feat. Guest"],
    "ALBUM": ["Album ♫"],
    "ALBUMARTIST": ["Various"],
    "TRACKNUMBER": ["03/12"],
    "DISCNUMBER": ["2"],
    "DATE": ["1999-04-05"],
    "GENRE": ["Hip-Hop/Rap; Jazz", "Funk"],
    "MOOD": ["Happy; Party"],
    "BPM": ["127.95"],
    "INITIALKEY": ["F#m"],
    "REPLAYGAIN_TRACK_GAIN": ["-6.54 dB"],
    "REPLAYGAIN_TRACK_PEAK": ["0.98"],
    "COMMENT": ["A comment"],
    "MUSICBRAINZ_TRACKID": [RECORDING],
    "MUSICBRAINZ_ALBUMID": [ALBUM],
    "MUSICBRAINZ_ARTISTID": [ARTIST],
    "ACOUSTID_ID": [ARTIST],
    "ACOUSTID_FINGERPRINT": [FINGERPRINT],
    "ab:hi:mood_happy:happy": ["0.93"],
    "ab:mood": ["happy", "not party"],
    "mood_relaxed": ["0.25"],
    "voice_instrumental": ["instrumental"],
    "LABEL": ["Small Label"],
}


def check(tags: FileTags, *, bpm: float = 127.95) -> None:
    assert tags.title == "Première"
    assert tags.artist == "夜 & Кино feat. Guest"
    assert tags.artists == ("夜 & Кино", "Guest")
    assert tags.album == "Album ♫"
    assert tags.album_artist == "Various"
    assert (tags.track_no, tags.disc_no, tags.year) == (3, 2, 1999)
    assert tags.genres == ("Hip-Hop", "Rap", "Jazz", "Funk")
    assert tags.moods == ("Happy", "Party")
    assert tags.bpm == bpm
    assert tags.key == ("F#", "minor")
    assert tags.replaygain_track_gain_db == -6.54
    assert tags.replaygain_track_peak == 0.98
    assert tags.comment == "A comment"
    assert tags.musicbrainz_recording_id == RECORDING
    assert tags.musicbrainz_album_id == ALBUM
    assert tags.musicbrainz_artist_id == ARTIST
    assert tags.acoustid_id == ARTIST
    assert tags.acoustid_fingerprint == FINGERPRINT
    assert tags.estimates == {
        "ab:hi:mood_happy:happy": 0.93,
        "ab:mood": "happy; not party",
        "mood_relaxed": 0.25,
        "voice_instrumental": "instrumental",
    }
    assert tags.extra["label"] == ("Small Label",)
    assert not tags.title_from_name
    assert tags.warnings == ()


def sound(path: Path, encode_audio, kind: str | None = None) -> Path:
    kind = kind or path.suffix[1:]
    rate = 48_000 if kind == "opus" else RATE
    samples = np.random.default_rng(0).normal(0, 0.1, rate).astype(np.float32)
    return encode_audio(path, samples, rate, kind)


def id3_tags() -> ID3:
    tags = ID3()
    for frame in (TIT2, TPE1, TALB, TPE2, TRCK, TPOS, TDRC, TCON, TMOO, TBPM, TKEY):
        name = {
            "TIT2": "TITLE", "TPE1": "ARTIST", "TALB": "ALBUM", "TPE2": "ALBUMARTIST",
            "TRCK": "TRACKNUMBER", "TPOS": "DISCNUMBER", "TDRC": "DATE", "TCON": "GENRE",
            "TMOO": "MOOD", "TBPM": "BPM", "TKEY": "INITIALKEY",
        }[frame.__name__]  # fmt: skip
        tags.add(frame(encoding=3, text=VORBIS[name]))
    tags.add(COMM(encoding=3, lang="eng", desc="", text=["A comment"]))
    tags.add(COMM(encoding=3, lang="eng", desc="iTunNORM", text=["0000 1111"]))
    tags.add(UFID(owner="http://musicbrainz.org", data=RECORDING.encode()))
    described = {
        "MusicBrainz Album Id": "MUSICBRAINZ_ALBUMID",
        "MusicBrainz Artist Id": "MUSICBRAINZ_ARTISTID",
        "Acoustid Id": "ACOUSTID_ID",
        "Acoustid Fingerprint": "ACOUSTID_FINGERPRINT",
    }
    for name in VORBIS:
        if name.startswith(("REPLAY", "ab:", "mood_", "voice", "LABEL")):
            described[name] = name
    for description, name in described.items():
        tags.add(TXXX(encoding=3, desc=description, text=VORBIS[name]))
    return tags


@pytest.mark.parametrize("suffix", ["flac", "ogg", "opus"])
def test_vorbis_comments(suffix, tmp_path, encode_audio):
    path = sound(tmp_path / f"x.{suffix}", encode_audio)
    file = mutagen.File(path)
    for name, values in VORBIS.items():
        file[name] = values
    file.save()
    check(read_tags(path))


@pytest.mark.parametrize("suffix", ["mp3", "wav", "aiff"])
@pytest.mark.parametrize("version", [3, 4])
def test_id3(suffix, version, tmp_path, encode_audio):
    path = sound(tmp_path / f"x.{suffix}", encode_audio)
    file = mutagen.File(path)
    if file.tags is None:
        file.add_tags()
    for frame in id3_tags().values():
        file.tags.add(frame)
    if version == 3:
        file.tags.update_to_v23()
    file.save(v2_version=version)
    if version == 3:  # no list of values there: mutagen joins with a slash
        tags = read_tags(path)
        assert (tags.title, tags.year, tags.track_no) == ("Première", 1999, 3)
        assert tags.genres == ("Hip-Hop", "Rap", "Jazz", "Funk")
        assert tags.key == ("F#", "minor")
    else:
        check(read_tags(path))


@pytest.mark.parametrize("kind", ["m4a", "alac"])
def test_mp4(kind, tmp_path, encode_audio):
    path = sound(tmp_path / "x.m4a", encode_audio, kind)
    file = mutagen.File(path)
    file["\xa9nam"], file["\xa9ART"] = VORBIS["TITLE"], VORBIS["ARTIST"]
    file["\xa9alb"], file["aART"] = VORBIS["ALBUM"], VORBIS["ALBUMARTIST"]
    file["trkn"], file["disk"], file["tmpo"] = [(3, 12)], [(2, 2)], [128]
    file["\xa9day"], file["\xa9gen"] = VORBIS["DATE"], VORBIS["GENRE"]
    file["\xa9cmt"] = VORBIS["COMMENT"]
    freeform = {
        "initialkey": "INITIALKEY",
        "MOOD": "MOOD",
        "MusicBrainz Track Id": "MUSICBRAINZ_TRACKID",
        "MusicBrainz Album Id": "MUSICBRAINZ_ALBUMID",
        "MusicBrainz Artist Id": "MUSICBRAINZ_ARTISTID",
        "Acoustid Id": "ACOUSTID_ID",
        "Acoustid Fingerprint": "ACOUSTID_FINGERPRINT",
    }
    freeform |= {n: n for n in VORBIS if n.startswith(("REPLAY", "ab:", "mood_", "voice", "LABEL"))}
    for name, source in freeform.items():
        key = f"----:com.apple.iTunes:{name}"
        file[key] = [MP4FreeForm(value.encode()) for value in VORBIS[source]]
    file.save()
    check(read_tags(path), bpm=128)


def test_asf(tmp_path, encode_audio):
    path = sound(tmp_path / "x.wma", encode_audio)
    file = mutagen.File(path)
    names = {
        "Title": "TITLE", "Author": "ARTIST", "WM/AlbumTitle": "ALBUM",
        "WM/AlbumArtist": "ALBUMARTIST", "WM/TrackNumber": "TRACKNUMBER",
        "WM/PartOfSet": "DISCNUMBER", "WM/Year": "DATE", "WM/Genre": "GENRE", "WM/Mood": "MOOD",
        "WM/BeatsPerMinute": "BPM", "WM/InitialKey": "INITIALKEY", "Description": "COMMENT",
        "MusicBrainz/Track Id": "MUSICBRAINZ_TRACKID",
        "MusicBrainz/Album Id": "MUSICBRAINZ_ALBUMID",
        "MusicBrainz/Artist Id": "MUSICBRAINZ_ARTISTID",
        "Acoustid/Id": "ACOUSTID_ID", "Acoustid/Fingerprint": "ACOUSTID_FINGERPRINT",
    }  # fmt: skip
    names |= {n: n for n in VORBIS if n.startswith(("REPLAY", "ab:", "mood_", "voice", "LABEL"))}
    for name, source in names.items():
        file[name] = VORBIS[source]
    file.save()
    check(read_tags(path))


def test_apev2_beside_id3_fills_the_gaps(tmp_path, encode_audio):
    path = sound(tmp_path / "x.mp3", encode_audio)
    tags = ID3()
    tags.add(TIT2(encoding=3, text=["From ID3"]))
    tags.save(path)
    ape = APEv2()
    ape["Title"], ape["Artist"], ape["Track"], ape["Year"] = "From APE", "Someone", "7", "2001"
    ape["Mood"], ape["REPLAYGAIN_TRACK_GAIN"] = "Sad", "+1.5 dB"
    ape.save(path)
    read = read_tags(path)
    assert (read.title, read.artist, read.track_no, read.year) == ("From ID3", "Someone", 7, 2001)
    assert (read.moods, read.replaygain_track_gain_db) == (("Sad",), 1.5)


def test_riff_info(tmp_path, encode_audio):
    path = sound(tmp_path / "x.wav", encode_audio)
    info = b"INFO" + b"INAM" + (6).to_bytes(4, "little") + b"Title\x00"
    info += b"IART" + (4).to_bytes(4, "little") + b"Who\x00"
    content = path.read_bytes() + b"LIST" + len(info).to_bytes(4, "little") + info
    path.write_bytes(content[:4] + (len(content) - 8).to_bytes(4, "little") + content[8:])
    tags = read_tags(path)
    assert (tags.title, tags.artist) == ("Title", "Who")


def test_opus_gain_is_on_the_replaygain_scale(tmp_path, encode_audio):
    path = sound(tmp_path / "x.opus", encode_audio)
    file = mutagen.File(path)
    file["R128_TRACK_GAIN"] = ["-512"]
    file.save()
    assert read_tags(path).replaygain_track_gain_db == 3.0


def test_old_id3_codes_and_encodings(tmp_path, encode_audio):
    path = sound(tmp_path / "x.mp3", encode_audio)
    tags = ID3()
    tags.add(TIT2(encoding=0, text=["Группа крови".encode("cp1251").decode("latin-1")]))
    tags.add(TPE1(encoding=0, text=["Кино".encode().decode("latin-1")]))
    tags.add(TALB(encoding=0, text=["日本".encode("shift_jis").decode("latin-1")]))
    tags.add(TCON(encoding=0, text=["(17)(4)"]))
    tags.add(TYER(encoding=0, text=["1988"]))
    tags.save(path, v2_version=3)
    read = read_tags(path)
    assert (read.title, read.artist, read.album) == ("Группа крови", "Кино", "日本")
    assert (read.genres, read.year) == (("Rock", "Disco"), 1988)


def test_hostile_values_are_tamed(tmp_path, encode_audio):
    path = sound(tmp_path / "x.flac", encode_audio)
    file = mutagen.File(path)
    file["TITLE"] = ["a\x1b[31m\u202eb\nc" + "x" * 100_000]
    file["ARTIST"] = ["\x07 \n"]
    file["BPM"] = ["0", "99999", "nan", "-5"]
    file["DATE"] = ["0000-00-00"]
    file["TRACKNUMBER"] = ["eleven"]
    file["INITIALKEY"] = ["x" * 5000]
    file["REPLAYGAIN_TRACK_GAIN"] = ["1e300 dB"]
    file["MUSICBRAINZ_TRACKID"] = ["'; DROP TABLE track; --"]
    file["GENRE"] = ["g"] * 10 + [f"genre {i}" for i in range(500)]
    for i in range(200):
        file[f"FIELD{i}"] = ["value " * 1000]
    file.save()
    read = read_tags(path)
    assert read.title.startswith("a [31mb cx")
    assert len(read.title) == 300
    assert (read.artist, read.bpm, read.year, read.track_no, read.key) == (None,) * 5
    assert read.replaygain_track_gain_db is None
    assert read.musicbrainz_recording_id is None
    assert len(read.genres) == 20
    assert len(read.extra) == 64
    assert all(len(v) <= 300 for values in read.extra.values() for v in values)


@pytest.mark.parametrize("suffix", ["mp3", "flac", "ogg", "opus", "m4a", "wav", "aiff", "wma"])
def test_damaged_tag_blocks_never_raise(suffix, tmp_path, encode_audio):
    path = sound(tmp_path / f"03 - Some One - A Song.{suffix}", encode_audio)
    file = mutagen.File(path)
    if file.tags is None:
        file.add_tags()
    if isinstance(file.tags, ID3):
        for frame in id3_tags().values():
            file.tags.add(frame)
    elif suffix == "m4a":
        file["\xa9nam"] = ["Title" * 100]
    else:
        file["TITLE"] = ["Title" * 100]
    file.save()
    whole = path.read_bytes()
    random = np.random.default_rng(3)
    for _ in range(60):
        content = bytearray(whole)
        for position in random.integers(0, min(len(whole), 4000), 40):
            content[position] = random.integers(256)
        path.write_bytes(content)
        assert read_tags(path).title
    for cut in (0, 3, 10, 50, 200, 1000):
        path.write_bytes(whole[:cut])
        assert read_tags(path).title


def test_id3_of_a_file_without_audio_is_read(tmp_path):
    path = tmp_path / "x.mp3"
    path.write_bytes(b"")
    tags = ID3()
    tags.add(TIT2(encoding=3, text=["Still there"]))
    tags.save(path)
    assert read_tags(path).title == "Still there"


@pytest.mark.parametrize(
    ("name", "artist", "title"),
    [
        ("03 - Some One - A Song.flac", "Some One", "A Song"),
        ("Some One - 03 - A Song.flac", "Some One", "A Song"),
        ("Björk – Jóga.flac", "Björk", "Jóga"),
        ("1-03. Кино — Группа крови.flac", "Кино", "Группа крови"),
        ("01_some_song.flac", None, "some song"),
        ("99 Luftballons.flac", None, "99 Luftballons"),
        ("50 Cent - In da Club.flac", "50 Cent", "In da Club"),
        ("a-ha - Take On Me.flac", "a-ha", "Take On Me"),
        ("1979.flac", None, "1979"),
        ("07.flac", None, "07"),
        ("夜に駆ける 🎧.flac", None, "夜に駆ける 🎧"),
        (os.fsdecode(b"caf\xe9 - cr\xe8me.flac"), "café", "crème"),
    ],
)
def test_file_name_stands_in_for_tags(name, artist, title, tmp_path, encode_audio):
    path = sound(tmp_path / name, encode_audio, "flac")
    tags = read_tags(path)
    assert (tags.artist, tags.title) == (artist, title)
    assert tags.title_from_name


def test_artist_of_the_tags_stays_beside_a_title_of_the_name(tmp_path, encode_audio):
    path = sound(tmp_path / "Some One - A Song.flac", encode_audio)
    file = mutagen.File(path)
    file["ARTIST"] = ["some one"]
    file.save()
    tags = read_tags(path)
    assert (tags.artist, tags.title) == ("some one", "A Song")


def test_missing_file_gives_its_name(tmp_path):
    assert read_tags(tmp_path / "A - B.mp3").title == "B"


def test_the_year_of_a_recording_is_the_earliest_that_is_told(tmp_path, encode_audio):
    path = sound(tmp_path / "x.flac", encode_audio)
    file = FLAC(path)
    file["DATE"], file["ORIGINALDATE"] = ["2009-05-01"], ["1966"]
    file.save()
    read = read_tags(path)
    assert (read.year, read.edition_year) == (1966, 2009)
    file["DATE"], file["ORIGINALDATE"] = ["1966"], ["2009"]
    file.save()
    assert read_tags(path).year == 1966


def test_a_comment_of_a_program_for_djs_fills_gaps_alone(tmp_path, encode_audio):
    path = sound(tmp_path / "x.flac", encode_audio)
    file = FLAC(path)
    file["COMMENT"] = ["8A - 124.0 - Energy 6"]
    file.save()
    read = read_tags(path)
    assert (read.key, read.bpm, read.energy) == (("A", "minor"), 124.0, 6)
    file["INITIALKEY"], file["BPM"] = ["9B"], ["125"]
    file.save()
    read = read_tags(path)
    assert (read.key, read.bpm, read.energy) == (("G", "major"), 125.0, 6)
