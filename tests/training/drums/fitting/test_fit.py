import json
from pathlib import Path

import numpy as np
import pytest

from indexer.drums.corrections.clip_format import CLASSES, clip_folder
from indexer.drums.hearing.mel import BANDS
from indexer.drums.hearing.network import MODEL, Network
from training.drums.clips.clip_rendering import RenderSources, render_split
from training.drums.fitting import fit as fitting
from training.drums.fitting.batches import Batches, load_clips, load_new_clips
from training.drums.fitting.export import CHUNK_FRAMES, Weights, export, run_file, write_card
from training.drums.fitting.fit import (
    TrainingPlan,
    averaged_weights,
    compile_model,
    fit,
    load_state,
    save_state,
    state_path,
)
from training.drums.fitting.model import REACH_FRAMES, SIZES, build_model
from training.drums.fitting.onset_matching import (
    THRESHOLDS,
    best_threshold,
    count_matches,
    f_measure,
    reweight_counts,
)
from training.drums.fitting.warm_start import shipped_weights
from training.drums.training_errors import TrainingError


@pytest.fixture(scope="module")
def rendered(sources: RenderSources, tmp_path_factory: pytest.TempPathFactory) -> Path:
    cache = tmp_path_factory.mktemp("cache")
    render_split(sources, cache, "train", range(2), seconds=100)
    render_split(sources, cache, "validation", range(1), seconds=100)
    return cache


def test_a_few_steps_lower_the_loss(rendered: Path) -> None:
    model = compile_model(TrainingPlan(steps=8, seed=0))
    batches = Batches(load_clips(clip_folder(rendered, "train")), seed=0)

    losses = [float(model.train_on_batch(*batches.next())) for _ in range(5)]

    assert model.count_params() < 1_000_000
    assert losses[-1] < 0.8 * losses[0]


def test_a_training_goes_on_where_it_stopped(rendered: Path) -> None:
    from keras import ops

    plan = TrainingPlan(steps=2, seed=5, seconds=0.0)
    fit(rendered, plan)
    fit(rendered, TrainingPlan(steps=1, seed=5))

    model = compile_model(plan)
    assert load_state(state_path(rendered, 5), model) == 1
    first = [ops.convert_to_numpy(v) for v in model.weights]
    save_state(rendered / "again.npz", model, 7)
    other = compile_model(TrainingPlan(steps=2, seed=6))
    assert load_state(rendered / "again.npz", other) == 7
    later = [ops.convert_to_numpy(v) for v in other.weights]
    assert all(np.array_equal(a, b) for a, b in zip(first, later, strict=True))


def test_a_training_that_gets_worse_stops_and_goes_back(
    rendered: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fitting, "_VALIDATE_EVERY", 1)

    path = fit(rendered, TrainingPlan(steps=50, seed=8, patience=2, learning_rate=-1e-2))

    summary = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    best = min(summary["log"], key=lambda entry: entry["held_out"])
    assert summary["steps"] == best["step"] < 40
    assert load_state(path, compile_model(TrainingPlan(steps=50, seed=8))) == best["step"]


def test_weights_are_averaged_over_steps(rendered: Path) -> None:
    model = compile_model(TrainingPlan(steps=8, seed=0))
    batches = Batches(load_clips(clip_folder(rendered, "train")), seed=0)
    kernels = []
    for _ in range(3):
        model.train_on_batch(*batches.next())
        kernels.append(model.get_weights()[0])

    averaged = averaged_weights(model)

    assert np.array_equal(model.get_weights()[0], kernels[-1])
    towards = np.abs(averaged[0] - kernels[0]).max()
    assert 0 < towards < 0.1 * np.abs(kernels[-1] - kernels[0]).max()
    assert np.array_equal(averaged[3], model.get_weights()[3])


def test_clips_rendered_meanwhile_join_in(sources: RenderSources, tmp_path: Path) -> None:
    known: set[str] = set()
    render_split(sources, tmp_path, "train", [0], seconds=100)
    folder = clip_folder(tmp_path, "train")
    batches = Batches(load_clips(folder, known), seed=0)
    render_split(sources, tmp_path, "train", [1], seconds=100)

    batches.add(load_new_clips(folder, known))

    assert len(batches.clips) == 2
    assert load_new_clips(folder, known) == []


@pytest.mark.parametrize(
    ("weights", "differs", "size"), [("float32", 1e-3, 2.1e6), ("int8", 0.02, 0.6e6)]
)
def test_the_file_answers_as_the_network_does(
    tmp_path: Path, weights: Weights, differs: float, size: float
) -> None:
    model = build_model(frames=CHUNK_FRAMES, seed=3)
    out = tmp_path / "net.tflite"

    assert export([model], out, weights=weights) < differs

    noise = np.random.default_rng(1).normal(0, 1, (1, CHUNK_FRAMES, BANDS)).astype(np.float32)
    said = 1 / (1 + np.exp(-np.asarray(model(noise, training=False))))
    assert np.abs(run_file(out, noise) - said).max() < differs
    assert out.stat().st_size < size


def test_a_training_starts_where_the_shipped_network_is() -> None:
    said = []
    noise = np.random.default_rng(1).normal(0.5, 1, (1, CHUNK_FRAMES, BANDS)).astype(np.float32)
    for size in SIZES:
        model = build_model(size=size, folded=True)
        model.set_weights(shipped_weights(MODEL, size))
        said.append(1 / (1 + np.exp(-np.asarray(model(noise, training=False)))))

    assert np.abs(np.mean(said, axis=0) - run_file(MODEL, noise)).max() < 0.05
    assert np.std(said[0]) > 0.01


def test_borders_of_chunks_cannot_be_seen(tmp_path: Path) -> None:
    model = build_model(frames=CHUNK_FRAMES, seed=4)
    out = tmp_path / "net.tflite"
    export([model], out, weights="float32")
    write_card(out, dict.fromkeys({d.family for d in CLASSES}, 0.5), None)
    network = Network(out)
    count = 2 * CHUNK_FRAMES
    features = np.random.default_rng(2).normal(0, 1, (count, BANDS)).astype(np.float32)

    whole = network.infer(features)
    later = network.infer(features[300:])

    assert whole.shape == (count, 2 * len(CLASSES))
    assert np.allclose(whole[300 + REACH_FRAMES :], later[REACH_FRAMES:], atol=1e-5)


def test_without_clips_training_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="step render"):
        fit(tmp_path, TrainingPlan(steps=1, seed=0))


def test_matching_counts_each_onset_once() -> None:
    assert count_matches([1.0, 1.04, 2.0], [1.02, 2.2]) == 1
    assert count_matches([1.0, 2.0], [0.96, 2.05]) == 2


def test_among_thresholds_as_good_other_recordings_choose() -> None:
    counts = np.array([(5, 10, 10)] * 6 + [(9, 10, 10)] * 5 + [(2, 2, 10)] * 9)
    otherwise = np.array([(10 - i % 10, 10, 10) for i in range(20)])

    assert f_measure(counts[0]) == 0.5
    assert best_threshold(counts, otherwise) == THRESHOLDS[10]
    assert best_threshold(counts, otherwise[::-1]) == THRESHOLDS[9]


def test_what_is_rarer_makes_false_hits_weigh_more() -> None:
    counts = np.array([(80, 100, 100)])

    assert reweight_counts(counts, 4.0).tolist() == [[20, 40, 25]]
