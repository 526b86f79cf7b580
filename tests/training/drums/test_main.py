from pathlib import Path

import numpy as np
import pytest

from indexer.drums.hearing.network import MODEL, Network
from training.drums.__main__ import main
from training.drums.clips.clip_rendering import RenderSources, render_split


def test_from_clips_to_a_network_that_hears(
    sources: RenderSources, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    render_split(sources, tmp_path, "train", range(1), seconds=100)
    render_split(sources, tmp_path, "validation", range(1), seconds=100)
    cache, out = ["--cache", str(tmp_path)], tmp_path / "installed" / "drums.tflite"

    for seed, size, on in (("0", "small", ["--on", str(MODEL)]), ("1", "large", [])):
        assert main(["train", *cache, "--steps", "1", "--seeds", seed, "--size", size, *on]) == 0
    assert main(["calibrate", *cache, "--seeds", "0", "1"]) == 0
    assert main(["export", *cache, "--out", str(out)]) == 0

    network = Network(out)
    heard = network.activations(np.random.default_rng(0).normal(0, 0.1, 44100).astype(np.float32))
    assert heard.values.shape == (100, len(network.card.drums))
    assert "best F on held-out kits" in capsys.readouterr().out


def test_rendering_needs_the_dataset(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["all", "--cache", str(tmp_path)]) == 2
    assert "--data" in capsys.readouterr().err


def test_what_is_missing_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "--cache", str(tmp_path), "--steps", "1"]) == 1
    assert "step render" in capsys.readouterr().err
