from pathlib import Path

import numpy as np

from indexer.drums.corrections.clip_format import (
    CLASSES,
    SEGMENT_FRAMES,
    TARGETS,
    clip_folder,
    targets_of,
)
from indexer.drums.hearing.mel import BANDS
from training.drums.clips.clip_rendering import RenderSources, render_clip, render_split
from training.drums.fitting.batches import (
    BATCH,
    Batches,
    load_clips,
)


def test_a_clip_follows_from_its_number(sources: RenderSources) -> None:
    first, again, other = (render_clip(sources, "train", n, clip_s=4) for n in (3, 3, 4))

    assert first["drums"].shape == first["mix"].shape == (400, BANDS)
    for name, array in first.items():
        assert np.array_equal(array, again[name]), name
    assert not np.array_equal(first["drums"], other["drums"])


def test_strokes_are_labelled_where_they_sound(sources: RenderSources) -> None:
    rises = []
    for number in range(4):
        clip = render_clip(sources, "train", number, clip_s=6)
        loudness = np.log10(10 ** clip["drums"].astype(np.float32) + 1e-3).mean(axis=1)
        rise = np.maximum(np.diff(loudness, prepend=loudness[0]), 0)
        frames = np.round(clip["strokes"][:, 0] * 100).astype(int)
        frames = frames[(frames > 8) & (frames < 590)]
        rises += [rise[f - 6 : f + 7] for f in frames]

    mean = np.mean(rises, axis=0)
    assert int(np.argmax(mean)) in (5, 6, 7)
    assert mean.max() > 2 * mean[:3].max()


def test_rendering_goes_on_where_it_stopped(sources: RenderSources, tmp_path: Path) -> None:
    assert render_split(sources, tmp_path, "train", [0], seconds=100) == 1
    written = (clip_folder(tmp_path, "train") / "000000.npz").stat().st_mtime_ns

    assert render_split(sources, tmp_path, "train", [0, 1], seconds=100) == 1
    assert (clip_folder(tmp_path, "train") / "000000.npz").stat().st_mtime_ns == written
    assert render_split(sources, tmp_path, "train", [2], seconds=-1) == 0


def test_targets_peak_at_strokes_and_spare_the_inaudible() -> None:
    hits = np.array([(0.5, 0, 0.8, 1), (1.004, 1, 0.6, 1), (1.5, 0, 0.1, 0)], np.float32)

    targets = targets_of(hits, 200).astype(np.float32)
    onsets, weights, velocities = np.split(targets, 3, axis=1)

    assert targets.shape == (200, TARGETS)
    assert onsets[50, 0] == 1 and 0 < onsets[52, 0] < onsets[51, 0]
    assert int(np.argmax(onsets[:, 1])) == 100
    assert np.isclose(velocities[50, 0], 0.8, atol=1e-3)
    assert onsets[150, 0] == 0 and weights[150, 0] == 0 and weights[150, 1] == 1
    assert weights[:140].all()


def test_batches_are_finite_varied_and_repeatable(sources: RenderSources, tmp_path: Path) -> None:
    render_split(sources, tmp_path, "train", range(3), seconds=100)
    clips = load_clips(clip_folder(tmp_path, "train"))

    features, targets = Batches(clips, seed=1).next()
    again, _ = Batches(clips, seed=1).next()

    assert features.shape == (BATCH, SEGMENT_FRAMES, BANDS)
    assert targets.shape == (BATCH, SEGMENT_FRAMES, 3 * len(CLASSES))
    assert np.isfinite(features).all() and features.std() > 0.1
    assert np.array_equal(features, again)
    assert len({float(segment.mean()) for segment in features}) == BATCH
