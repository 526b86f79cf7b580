"""An imported checkpoint against an independent network, written with NumPy alone."""

import hashlib
import shutil
import subprocess
import sys
import zipfile

import numpy as np
import pytest

from indexer.drums.hearing.magenta import BANDS, OnsetsAndFrames, mel_db
from indexer.drums.types import Drum, DrumsError
from indexer.models import egmd
from indexer.models.converting import ConversionError
from indexer.models.egmd_network import FRAMES, LSTM, PITCHES, variables

WRITE = """
import sys, numpy, tensorflow.compat.v1 as tf
tf.disable_eager_execution()
values = numpy.load(sys.argv[1])
made = [tf.Variable(values[name], name=name) for name in values.files]
step = tf.Variable(569400, name="global_step")
with tf.Session() as session:
    session.run(tf.global_variables_initializer())
    tf.train.Saver().save(session, sys.argv[2], global_step=569400, write_meta_graph=False)
"""


@pytest.fixture(scope="module")
def weights():
    rng = np.random.default_rng(5)
    made = {}
    for name, shape in variables().items():
        values = rng.standard_normal(shape) / np.sqrt(max(1, np.prod(shape[:-1])))
        made[name] = (np.abs(values) + 0.5 if "variance" in name else values).astype(np.float32)
    return made


@pytest.fixture(scope="module")
def checkpoint(weights, tmp_path_factory):
    """A folder as the published archive unpacks to."""
    folder = tmp_path_factory.mktemp("checkpoint")
    np.savez(folder / "weights.npz", **weights)
    command = [sys.executable, "-c", WRITE, str(folder / "weights.npz"), str(folder / "model.ckpt")]
    subprocess.run(command, check=True, capture_output=True)
    (folder / "weights.npz").unlink()
    return folder


@pytest.fixture(scope="module")
def imported(checkpoint, tmp_path_factory):
    """The models folder after the import of a zip."""
    models = tmp_path_factory.mktemp("models")
    archive = zipped(checkpoint, models / "mine.zip")
    assert egmd.import_checkpoint(archive, models, unverified=True) is egmd.Check.NONE
    archive.unlink()
    assert [path.name for path in models.iterdir()] == [egmd.NAME]
    return models


def zipped(folder, archive):
    with zipfile.ZipFile(archive, "w") as file:
        for path in folder.iterdir():
            file.write(path, f"e-gmd_checkpoint/{path.name}")
        file.writestr("../outside.txt", b"outside")
    return archive


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def convolved(x, kernel):
    padded = np.pad(x, ((1, 1), (1, 1), (0, 0)))
    return sum(
        padded[i : i + x.shape[0], j : j + x.shape[1]] @ kernel[i, j]
        for i in range(3)
        for j in range(3)
    )


def stack(w, scope, mel):
    x = mel[:, :, None]
    for i in range(3):
        name = f"{scope}/conv{i}"
        x = convolved(x, w[f"{name}/weights"])
        spread = np.sqrt(w[f"{name}/BatchNorm/moving_variance"] + 1e-3)
        x = (x - w[f"{name}/BatchNorm/moving_mean"]) / spread + w[f"{name}/BatchNorm/beta"]
        x = np.maximum(x, 0)
        if i > 0:
            even = x.shape[1] // 2 * 2
            x = np.maximum(x[:, 0:even:2], x[:, 1:even:2])
    flat = x.reshape(len(x), -1)
    return np.maximum(flat @ w[f"{scope}/fc_end/weights"] + w[f"{scope}/fc_end/biases"], 0)


def lstm(w, direction, x):
    cell_name = f"{LSTM}/{direction}/basic_lstm_cell"
    cell, hidden, states = np.zeros(64), np.zeros(64), []
    for row in x if direction == "fw" else x[::-1]:
        gates = np.concatenate([row, hidden]) @ w[f"{cell_name}/kernel"] + w[f"{cell_name}/bias"]
        i, j, f, o = np.split(gates, 4)
        cell = cell * sigmoid(f + 1) + sigmoid(i) * np.tanh(j)
        hidden = np.tanh(cell) * sigmoid(o)
        states.append(hidden)
    return np.array(states if direction == "fw" else states[::-1])


def reference(w, mel):
    w = {name: value.astype(np.float64) for name, value in w.items()}
    features = stack(w, "onsets", mel)
    states = np.concatenate([lstm(w, "fw", features), lstm(w, "bw", features)], axis=1)
    onsets = states @ w["onsets/onset_logits/weights"] + w["onsets/onset_logits/biases"]
    felt = stack(w, "velocity", mel)
    velocity = felt @ w["velocity/onset_velocities/weights"] + w["velocity/onset_velocities/biases"]
    return np.concatenate([sigmoid(onsets), velocity], axis=1)


def test_the_converted_network_is_the_published_one(imported, weights):
    from indexer.models.litert import open_network

    mel = np.random.default_rng(1).standard_normal((FRAMES, BANDS))
    network = open_network(egmd.egmd_path(imported))
    network.set_tensor(network.get_input_details()[0]["index"], mel[None].astype(np.float32))
    network.invoke()
    said = network.get_tensor(network.get_output_details()[0]["index"])[0]
    assert said.shape == (FRAMES, 2 * PITCHES)
    assert np.abs(said - reference(weights, mel)).max() < 1e-4


def test_chunks_leave_no_seams(imported, weights):
    mel = np.random.default_rng(2).standard_normal((FRAMES + 300, BANDS)).astype(np.float32)
    said = OnsetsAndFrames(egmd.egmd_path(imported)).infer(mel)
    assert said.shape == (FRAMES + 300, 2 * PITCHES)
    inner = slice(150, -150)  # the ends lie beside silence here and beside nothing there
    away = np.abs(said - reference(weights, mel))[inner]
    assert (away < 1e-3).mean() > 0.999  # random weights forget more slowly than trained ones


def test_the_spectrogram_is_librosas():
    import librosa

    samples = np.random.default_rng(3).standard_normal(44100).astype(np.float32)
    samples[20000:] *= 1e-6
    power = librosa.feature.melspectrogram(
        y=samples, sr=44100, hop_length=512, fmin=30.0, n_mels=250, htk=True, pad_mode="reflect"
    )
    assert np.abs(mel_db(samples) - librosa.power_to_db(power).T).max() < 1e-3


def test_it_is_a_detector(imported):
    samples = np.random.default_rng(4).standard_normal(3 * 44100).astype(np.float32)
    detection = OnsetsAndFrames(egmd.egmd_path(imported)).activations(samples)
    assert detection.values.shape == (300, 8) == detection.level_db.shape
    assert {drum.family for drum in detection.drums} == {"KD", "SD", "HH", "TT", "CY", "OT"}
    silent = OnsetsAndFrames(egmd.egmd_path(imported)).activations(np.zeros(441, np.float32))
    assert silent.values.shape == (1, 8)
    assert not silent.values.any()


def test_the_columns_are_the_pitches(imported, monkeypatch):
    network = OnsetsAndFrames(egmd.egmd_path(imported))
    said = np.zeros((87, 2 * PITCHES), np.float32)
    said[43, 38 - 21] = said[43, PITCHES + 38 - 21] = 1.0
    monkeypatch.setattr(network, "infer", lambda mel: said)
    detection = network.activations(np.ones(44100, np.float32))
    frame, column = np.unravel_index(detection.values.argmax(), detection.values.shape)
    assert (frame, detection.drums[column]) == (50, Drum.SNARE)  # 43 · 512 / 44100 s
    assert detection.level_db[frame, column] > detection.level_db[0, column]


def test_another_archive_is_refused(checkpoint, tmp_path):
    archive = zipped(checkpoint, tmp_path / "e-gmd_checkpoint.zip")
    with pytest.raises(ConversionError, match="checksum differs"):
        egmd.import_checkpoint(archive, tmp_path / "models")


@pytest.mark.parametrize("kind", ["missing", "no zip", "empty folder"])
def test_what_is_no_checkpoint_is_reported(tmp_path, kind):
    source = tmp_path / "source.zip"
    if kind == "no zip":
        source.write_bytes(b"PK nothing")
    elif kind == "empty folder":
        source.mkdir()
    with pytest.raises(ConversionError, match=r"cannot be read|no checkpoint"):
        egmd.import_checkpoint(source, tmp_path / "models", unverified=True)


def test_a_folder_is_checked_by_its_names(checkpoint, tmp_path, monkeypatch):
    monkeypatch.setattr(egmd, "run_converter", lambda *_, **__: None)
    models = tmp_path / "models"
    assert egmd.import_checkpoint(checkpoint, models) is egmd.Check.NAMES
    for path in shutil.copytree(checkpoint, tmp_path / "other").iterdir():
        path.rename(path.with_name(path.name.replace("569400", "1")))
    with pytest.raises(ConversionError, match="name differs"):
        egmd.import_checkpoint(tmp_path / "other", models)
    assert egmd.import_checkpoint(tmp_path / "other", models, unverified=True) is egmd.Check.NONE


def test_the_published_archive_is_known_by_its_checksum(checkpoint, tmp_path, monkeypatch):
    archive = zipped(checkpoint, tmp_path / "e-gmd_checkpoint.zip")
    monkeypatch.setattr(egmd, "run_converter", lambda *_, **__: None)
    monkeypatch.setattr(egmd, "SHA256", hashlib.sha256(archive.read_bytes()).hexdigest())
    assert egmd.import_checkpoint(archive, tmp_path / "models") is egmd.Check.ARCHIVE


@pytest.mark.parametrize("part", ["index", "data"])
def test_damaged_files_are_reported(checkpoint, tmp_path, part):
    other = shutil.copytree(checkpoint, tmp_path / "other")
    if part == "index":
        for path in other.glob("*.index"):
            path.write_bytes(path.read_bytes()[:100])
    else:
        [path] = other.glob("*.data-*")
        content = bytearray(path.read_bytes())
        for place in range(1000, len(content), 20_000):  # every large variable
            content[place] ^= 0xFF
        path.write_bytes(content)
    with pytest.raises(ConversionError, match="damaged"):
        egmd.import_checkpoint(other, tmp_path / "models")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("onsets/fc_end/weights", np.nan),
        ("velocity/conv1/weights", -np.inf),
        ("onsets/conv0/BatchNorm/moving_variance", -1.0),
    ],
)
def test_values_that_no_training_leaves_are_reported(weights, name, value):
    egmd.check_values(weights)
    wrong = {key: array.copy() for key, array in weights.items()}
    wrong[name].flat[3] = value
    with pytest.raises(ConversionError, match=name):
        egmd.check_values(wrong)


def test_a_variable_that_is_missing_or_of_another_shape_is_reported():
    there = dict(variables())
    egmd.check_shapes(there)
    with pytest.raises(ConversionError, match="another network"):
        egmd.check_shapes({**there, "onsets/fc_end/biases": (128,)})
    del there["onsets/fc_end/biases"]
    with pytest.raises(ConversionError, match="no variable onsets/fc_end/biases"):
        egmd.check_shapes(there)


def test_without_an_import_the_profile_says_what_to_do(tmp_path):
    with pytest.raises(DrumsError, match="import-egmd"):
        OnsetsAndFrames(tmp_path / "egmd.tflite")
