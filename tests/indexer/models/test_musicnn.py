"""The converted network against an independent one: every filter, written with NumPy alone."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping

import numpy as np
import pytest

from indexer.mir.signal.melspectrogram import log_mel
from indexer.mir.tags.tagger import PATCH_SAMPLES
from indexer.models import musicnn
from indexer.models.musicnn import ConversionError, checkpoint_folder, ensure_models, is_current

Weights = Mapping[str, np.ndarray]

DUMP = """
import sys, numpy
from indexer.models.musicnn import read_weights
numpy.savez(sys.argv[2], **{k.replace("/", "|"): v for k, v in read_weights(sys.argv[1]).items()})
"""


@pytest.fixture(scope="module", params=["MSD", "MTT"])
def network(request, tmp_path_factory, musicnn_models) -> tuple[str, Weights, object]:
    from ai_edge_litert.interpreter import Interpreter

    cached = musicnn_models.msd.with_name(f"weights-{request.param}.npz")
    if not cached.exists():
        fresh = tmp_path_factory.mktemp("weights") / "w.npz"
        command = [sys.executable, "-c", DUMP, request.param, str(fresh)]
        subprocess.run(command, check=True, capture_output=True)
        shutil.move(fresh, cached)
    weights = {name.replace("|", "/"): value for name, value in np.load(cached).items()}
    path = musicnn_models.msd if request.param == "MSD" else musicnn_models.mtt
    interpreter = Interpreter(model_path=str(path), num_threads=1)
    interpreter.allocate_tensors()
    return request.param, weights, interpreter


def normalised(w: Weights, index: int, x: np.ndarray) -> np.ndarray:
    name = f"batch_normalization_{index}" if index else "batch_normalization"
    mean, variance = w[f"{name}/moving_mean"], w[f"{name}/moving_variance"]
    return (x - mean) / np.sqrt(variance + 1e-3) * w[f"{name}/gamma"] + w[f"{name}/beta"]


def convolved(x: np.ndarray, kernel: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """Valid cross-correlation of (time, frequency, in) with (height, width, in, out)."""
    views = np.lib.stride_tricks.sliding_window_view(x, kernel.shape[:2], axis=(0, 1))
    flat = views.reshape(*views.shape[:2], -1)  # (…, in · height · width)
    matrix = kernel.transpose(2, 0, 1, 3).reshape(-1, kernel.shape[3])
    out = np.stack([row @ matrix for row in flat])
    return np.maximum(out + bias, 0)


def layer(w: Weights, index: int, x: np.ndarray) -> np.ndarray:
    name = f"conv2d_{index}" if index else "conv2d"
    return normalised(w, index + 1, convolved(x, w[f"{name}/kernel"], w[f"{name}/bias"]))


def pad_time(x: np.ndarray, before: int, after: int) -> np.ndarray:
    return np.pad(x, ((before, after), (0, 0), (0, 0)))


def reference(w: Weights, mel: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    x = normalised(w, 0, mel.astype(np.float64)[:, :, None])
    branches = [layer(w, index, pad_time(x, 3, 3)) for index in (0, 1)]
    for index, height in ((2, 128), (3, 64), (4, 32)):
        branches.append(layer(w, index, pad_time(x, (height - 1) // 2, height // 2)))
    front = np.concatenate([branch.max(axis=1) for branch in branches], axis=1)

    def over_time(index: int, y: np.ndarray) -> np.ndarray:
        return layer(w, index, pad_time(y[:, :, None], 3, 3))[:, 0, :]

    first = over_time(5, front)
    second = over_time(6, first) + first
    third = over_time(7, second) + second
    features = np.concatenate([front, first, second, third], axis=1)
    pooled = np.stack([features.max(axis=0), features.mean(axis=0)], axis=1).ravel()
    hidden = normalised(w, 9, pooled) @ w["dense/kernel"] + w["dense/bias"]
    embedding = normalised(w, 10, np.maximum(hidden, 0))
    logits = embedding @ w["dense_1/kernel"] + w["dense_1/bias"]
    return 1 / (1 + np.exp(-logits)), embedding


def signals() -> dict[str, np.ndarray]:
    random = np.random.default_rng(0)
    time_s = np.arange(PATCH_SAMPLES) / 16_000
    chord = sum(np.sin(2 * np.pi * f * time_s) for f in (220, 277, 330, 1200))
    pulses = random.normal(0, 0.3, time_s.size) * (np.sin(2 * np.pi * 4 * time_s) > 0.9)
    return {"silence": 0 * time_s, "chord": 0.15 * chord, "pulses": pulses}


@pytest.mark.parametrize("name", list(signals()))
def test_converted_network_equals_the_whole_one(network, name):
    model, weights, interpreter = network
    mel = log_mel(signals()[name].astype(np.float32))
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], mel[None])
    interpreter.invoke()
    outputs = [interpreter.get_tensor(d["index"])[0] for d in interpreter.get_output_details()]
    probabilities, embedding = sorted(outputs, key=len)
    expected_probabilities, expected_embedding = reference(weights, mel)
    np.testing.assert_allclose(probabilities, expected_probabilities, atol=1e-4, err_msg=model)
    np.testing.assert_allclose(embedding, expected_embedding, atol=1e-3, err_msg=model)


def copied(models, folder):
    for path in (models.msd, models.mtt):
        shutil.copy(path, folder)
        shutil.copy(path.with_suffix(".json"), folder)
    return musicnn.model_paths(folder)


def test_converted_files_are_not_converted_again(musicnn_models, tmp_path):
    paths = copied(musicnn_models, tmp_path)
    before = paths.msd.stat().st_mtime_ns
    said: list[str] = []
    assert ensure_models(tmp_path, on_progress=said.append) == paths
    assert said == []
    assert paths.msd.stat().st_mtime_ns == before


def test_damaged_or_older_file_is_not_current(musicnn_models, tmp_path):
    paths = copied(musicnn_models, tmp_path)
    assert is_current(paths.msd)
    stamp = json.loads(paths.msd.with_suffix(".json").read_text())
    paths.msd.with_suffix(".json").write_text(json.dumps(stamp | {"version": 0}))
    assert not is_current(paths.msd)
    paths.mtt.write_bytes(paths.mtt.read_bytes()[:-1] + b"x")
    assert not is_current(paths.mtt)
    assert not is_current(tmp_path / "missing.tflite")


ENSURE = """
import sys, pathlib
from indexer.models.musicnn import ensure_models
ensure_models(pathlib.Path(sys.argv[1]), on_progress=print)
"""


def test_two_processes_at_once_convert_once(tmp_path):
    folder = tmp_path / "new" / "models"
    command = [sys.executable, "-c", ENSURE, str(folder)]
    workers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = sorted(worker.communicate(timeout=200)[0] for worker in workers)
    assert [worker.returncode for worker in workers] == [0, 0]
    assert said[0] == ""
    assert len(said[1].splitlines()) == 2
    paths = musicnn.model_paths(folder)
    assert is_current(paths.msd)
    assert is_current(paths.mtt)
    assert not list(folder.glob("*.part"))


def test_folder_that_cannot_be_written_is_reported(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    with pytest.raises(ConversionError, match="Cannot write the music tagger"):
        ensure_models(blocked / "models")


def test_checkpoints_are_found_without_importing_their_code():
    assert (checkpoint_folder("MSD") / ".index").is_file()
    assert (checkpoint_folder("MTT") / ".index").is_file()
    assert "musicnn" not in sys.modules
