"""The songs, their notes and their sound."""

from dataclasses import replace

import numpy as np
import pytest

from indexer.demo.demo_mix import render
from indexer.demo.demo_score import DemoScore
from indexer.demo.demo_songs import SONGS
from indexer.demo.demo_styles import STYLES
from indexer.demo.instruments import INSTRUMENTS, SAMPLE_RATE, hz, note


def test_the_library_is_varied():
    assert len(SONGS) >= 16
    assert min(song.tempo_bpm for song in SONGS) == 68
    assert max(song.tempo_bpm for song in SONGS) == 174
    assert {song.suffix for song in SONGS} == {"mp3", "flac", "ogg", "m4a", "opus"}
    assert len({(song.tonic, song.scale) for song in SONGS}) >= 8
    assert len({song.genre for song in SONGS}) >= 16
    assert len({(song.artist, song.title) for song in SONGS}) == len(SONGS)


@pytest.mark.parametrize("song", SONGS, ids=lambda song: song.title)
def test_every_song_lasts_between_40_and_60_seconds(song):
    score = DemoScore(song)
    assert 40 <= score.bars * score.bar_s <= 60


@pytest.mark.parametrize("song", SONGS, ids=lambda song: song.title)
def test_every_note_belongs_to_the_key(song):
    intervals = {0, 2, 4, 5, 7, 9, 11} if song.scale == "major" else {0, 2, 3, 5, 7, 8, 10}
    pitches = {(played.midi_pitch - song.tonic) % 12 for played in DemoScore(song).notes()}
    assert pitches <= intervals
    assert 0 in pitches


def test_a_backbeat_falls_on_two_and_four():
    song = next(song for song in SONGS if song.style == "rock")
    score = DemoScore(song)
    beats = {
        round(hit.time_s % score.bar_s / score.beat_s, 2)
        for hit in score.hits()
        if hit.drum == "snare" and hit.time_s < 3 * score.bar_s
    }
    assert beats == {1.0, 3.0}


def test_swing_delays_the_off_beat():
    straight = next(song for song in SONGS if song.swing == 0.5)
    swung = replace(straight, swing=0.66)
    assert DemoScore(swung).time_s(0, 2) > DemoScore(straight).time_s(0, 2)
    assert DemoScore(swung).time_s(0, 4) == pytest.approx(DemoScore(straight).time_s(0, 4))


@pytest.mark.parametrize("name", [n for n in INSTRUMENTS if n != "distorted"])
def test_an_instrument_sounds_at_its_pitch(name):
    sound = note(name, 57, 800)
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(sound.size), 1 << 18))
    frequencies = np.fft.rfftfreq(1 << 18, 1 / SAMPLE_RATE)
    near = {
        n: spectrum[np.abs(frequencies / (n * hz(57)) - 1) < 0.02].max() for n in (1, 2, 3, 4, 5)
    }
    between = spectrum[np.abs(frequencies / (1.5 * hz(57)) - 1) < 0.02].max()
    assert max(near.values()) > 5 * between


def test_the_master_is_stereo_finite_and_never_clips():
    song = replace(SONGS[0], duration_s=8.0)
    master = render(song)
    assert master.shape[0] == 2 and master.dtype == np.float32
    assert np.isfinite(master).all()
    assert 0.3 < np.abs(master).max() < 0.9
    assert not np.allclose(master[0], master[1])
    np.testing.assert_array_equal(master, render(song))


def test_loud_styles_are_louder_than_quiet_ones():
    def level(style):
        song = replace(next(s for s in SONGS if s.style == style), duration_s=8.0)
        return float(np.sqrt(np.mean(render(song) ** 2)))

    assert level("metal") > 2 * level("classical")


def test_every_style_has_a_song():
    assert {song.style for song in SONGS} == set(STYLES)
