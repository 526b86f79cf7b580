import subprocess
from pathlib import Path

import numpy as np
import pytest
import soundfile

from indexer.drums.hearing.mel import REFERENCE_RMS, SAMPLE_RATE, rms
from training.drums.sounds.stems import mix_stems, prepare_stems


@pytest.fixture
def repositories(tmp_path: Path) -> Path:
    """Two songs, one of them kept aside; a voice, a bass and drums each."""
    for number, song in ((2, "Lithium"), (4, "Potassium")):
        folder = tmp_path / "everythingisremixed" / "src" / f"{number}.{song}"
        folder.mkdir(parents=True)
        for hz, name in ((440, "VOX LEAD"), (70, "SY BASS"), (5000, "HATS")):
            tone = 0.3 * np.sin(np.arange(3 * SAMPLE_RATE) * 2 * np.pi * hz / SAMPLE_RATE)
            soundfile.write(tmp_path / "tone.wav", tone, SAMPLE_RATE)
            out = folder / f"{number}.{song}_Stem_{name}_mobile.m4a"
            command = ["ffmpeg", "-v", "error", "-i", str(tmp_path / "tone.wav"), str(out)]
            subprocess.run(command, check=True)
    return tmp_path


def test_stems_without_drums_of_the_songs_of_a_split(repositories: Path, tmp_path: Path) -> None:
    stems = prepare_stems(repositories, tmp_path / "cache", "train")

    assert {song: len(paths) for song, paths in stems.items()} == {"Lithium": 2}
    assert set(prepare_stems(repositories, tmp_path / "cache", "report")) == {"Potassium"}

    first, other = (mix_stems(np.random.default_rng(n), stems, duration_s=2) for n in (1, 2))
    assert first is not None and other is not None
    assert first.size == 2 * SAMPLE_RATE
    assert abs(rms(first) - REFERENCE_RMS) < 0.01
    assert not np.array_equal(first, other)


def test_no_repositories_no_stems(tmp_path: Path) -> None:
    assert prepare_stems(tmp_path, tmp_path / "cache", "train") == {}
