"""Golden output of every analysis stage: a stage that changes must raise its version.

Each stage is computed from the recorded output of the stages before it, so that a change is
reported by the stage that changed and by no other. After raising the version, rewrite the file:

    python tests/indexer/mir/test_golden_analysis.py
"""

from __future__ import annotations

import copy
import json
import math
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from indexer.ingest.raw_features import plain, raw_to_json
from indexer.mir import descriptors, measurement, types
from indexer.mir.analyse import analyse
from indexer.mir.derivation import genre_votes
from indexer.mir.rhythm import meter, onset, tempo
from indexer.mir.signal import loudness, spectrum
from indexer.mir.signal.melspectrogram import log_mel
from indexer.mir.signal.spectrum import ANALYSIS_RATE_HZ as RATE
from indexer.mir.stage_versions import STAGE_MODULES
from indexer.mir.tags import (
    embed,
    features,
    genre,
    moods,
    normalize,
    score,
    sound_kind,
    synthetic_tags,
)
from indexer.mir.tags.hints import tagged_features
from indexer.mir.tags.tagger import cut_patches
from indexer.mir.tonality import chroma, key, modulation
from indexer.mir.types import (
    FEATURES_VERSION,
    DerivedScores,
    Key,
    NormalizedFeatures,
    RawFeatures,
    TagHints,
    Tempo,
)

GOLDEN = Path(__file__).parents[2] / "data" / "golden_analysis.json"
COMMAND = "python tests/indexer/mir/test_golden_analysis.py"
RELATIVE, ABSOLUTE = 1e-4, 1e-7
"""Largest accepted difference: relative, and absolute near 0."""

VERSIONS: dict[str, tuple[int, str]] = {
    **{
        stage: (module.VERSION, f"VERSION in {module.__name__}")
        for stage, module in STAGE_MODULES.items()
    },
    "raw": (FEATURES_VERSION, f"FEATURES_VERSION in {types.__name__}"),
    "embeddings": (embed.EMBEDDING_VERSION, f"EMBEDDING_VERSION in {embed.__name__}"),
}
"""Stage → its version now, and where that stands."""

Recorded = Mapping[str, Any]
"""Stage → recorded output, and `tagger_outputs`: tag → probability, as the networks gave them."""

HINTS = {
    "tagger": TagHints(),
    "no_tagger": TagHints(),
    "tags": TagHints(
        genres=("Rap français", "Jazz"),
        moods=("Triste",),
        extra={"ab:hi:mood_happy:happy": "0.07", "ab:hi:genre_tzanetakis:rock": "0.6"},
    ),
}
"""Cases of the stages after `raw`: with tagger outputs, without, with file tags alone."""


class Audio:
    """The song and what several stages share."""

    def __init__(self, song: np.ndarray) -> None:
        self.samples = song
        self.scan = spectrum.scan(song)
        self.novelty = onset.novelty(self.scan.onset_curves)
        self.chroma = chroma.chroma(song)


def tempo_stage(audio: Audio, _: Recorded) -> Any:
    estimate = tempo.estimate_tempo(audio.scan.onset_curves, audio.novelty)
    found = Tempo(estimate.bpm, estimate.alternative, estimate.confidence)
    return plain(measurement.with_beats(found, onset.strength(audio.novelty)))


def key_stage(audio: Audio, _: Recorded) -> Any:
    sections = [(part.start_s, part.name) for part in modulation.key_sections(audio.chroma)]
    return {**plain(key.estimate_key(audio.chroma)), "sections": sections}


def meter_stage(audio: Audio, recorded: Recorded) -> Any:
    beats = tempo_of(recorded)
    bar = meter.estimate_meter(audio.novelty, audio.chroma, beats.beat_times_s)
    return plain(measurement.with_meter(beats, bar))


def loudness_stage(audio: Audio, _: Recorded) -> Any:
    return plain(loudness.measure(np.stack([audio.samples, audio.samples / 2]), sample_rate=RATE))


def descriptors_stage(audio: Audio, recorded: Recorded) -> Any:
    beats, clarity = tempo_of(recorded), key.key_clarity(audio.chroma)
    given = descriptors.DescriptorInput(
        audio.samples, audio.scan, audio.novelty, beats.bpm, beats.beat_times_s, clarity
    )
    return descriptors.measure(given, loudness=None)


def tagger_stage(audio: Audio, _: Recorded) -> Any:
    """Mean and spread of the input of the networks in each band."""
    patches = np.stack([log_mel(part) for part in cut_patches(audio.samples, sample_rate=RATE)])
    return {
        "shape": patches.shape,
        "mean": patches.mean(axis=(0, 1)).tolist(),
        "spread": patches.std(axis=(0, 1)).tolist(),
    }


def embeddings_stage(_: Audio, __: Recorded) -> Any:
    patches = np.cos(np.outer(np.arange(1, 4), np.arange(embed.EMBEDDING_SIZE)))
    return embed.track_embedding(patches.astype(np.float32)).tolist()


def raw_stage(_: Audio, recorded: Recorded) -> Any:
    """Names of all that is stored, with the type of each value."""
    return layout(raw_to_json(raw_features(recorded, "tagger")))


def kind_stage(_: Audio, recorded: Recorded) -> Any:
    raw = raw_features(recorded, "tagger")
    probabilities = sound_kind.probabilities(raw.tagger, raw.measured)
    return {"kind": sound_kind.kind_of(raw, tags=TagHints()), "probabilities": probabilities}


def genre_stage(_: Audio, recorded: Recorded) -> Any:
    return {
        case: plain(genre.combine_votes(genre_votes(raw_features(recorded, case), hints)))
        for case, hints in HINTS.items()
    }


def normalize_stage(_: Audio, recorded: Recorded) -> Any:
    return {
        case: plain(
            normalize.normalize(
                raw_features(recorded, case),
                genre=genre.GenreResult(**recorded["genre"][case]),
                tagged=tagged_features(hints.extra),
            )
        )
        for case, hints in HINTS.items()
    }


def scores_stage(_: Audio, recorded: Recorded) -> Any:
    return {
        case: plain(
            score.score(
                NormalizedFeatures(**recorded["normalize"][case]),
                activity=feature(recorded, case, "activity"),
                sad=feature(recorded, case, "mood_sad"),
            )
        )
        for case in HINTS
    }


def synthetic_tags_stage(_: Audio, recorded: Recorded) -> Any:
    return {
        case: [plain(tag) for tag in synthetic_tags.synthetic_tags(*scored(recorded, case))]
        for case in HINTS
    }


def moods_stage(_: Audio, recorded: Recorded) -> Any:
    return {
        case: moods.mood_strengths(
            *scored(recorded, case),
            sad=feature(recorded, case, "mood_sad"),
            romantic=feature(recorded, case, "mood_romantic"),
            tagged=hints.moods,
        )
        for case, hints in HINTS.items()
    }


def scored(recorded: Recorded, case: str) -> tuple[NormalizedFeatures, DerivedScores]:
    normalized, scores = recorded["normalize"][case], recorded["scores"][case]
    return NormalizedFeatures(**normalized), DerivedScores(**scores)


def feature(recorded: Recorded, case: str, name: str) -> float | None:
    raw = raw_features(recorded, case)
    return features.feature(name, tags=raw.tagger, measured=raw.measured)


def tempo_of(recorded: Recorded, stage: str = "tempo") -> Tempo:
    return Tempo(**{**recorded[stage], "beat_times_s": tuple(recorded[stage]["beat_times_s"])})


def raw_features(recorded: Recorded, case: str) -> RawFeatures:
    """Raw features of the song, from the recorded stages."""
    level = recorded["loudness"]
    return RawFeatures(
        duration_s=level["duration_s"],
        tempo=tempo_of(recorded, "meter"),
        key=Key(**recorded["key"]),
        measured={
            **recorded["descriptors"],
            "loudness_lufs": level["integrated_lufs"],
            "loudness_range_lu": level["range_lu"],
            "true_peak_dbtp": level["true_peak_dbtp"],
        },
        tagger=recorded["tagger_outputs"] if case == "tagger" else {},
    )


def layout(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: layout(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [layout(item) for item in value[:1]]
    return type(value).__name__


STAGES: Mapping[str, Callable[[Audio, Recorded], Any]] = {
    "tempo": tempo_stage,
    "key": key_stage,
    "meter": meter_stage,
    "loudness": loudness_stage,
    "descriptors": descriptors_stage,
    "tagger": tagger_stage,
    "embeddings": embeddings_stage,
    "raw": raw_stage,
    "kind": kind_stage,
    "genre": genre_stage,
    "normalize": normalize_stage,
    "scores": scores_stage,
    "synthetic_tags": synthetic_tags_stage,
    "moods": moods_stage,
}
"""In the order in which they are computed."""


def compute(stage: str, audio: Audio, recorded: Recorded) -> Any:
    """Output of a stage as it comes back from JSON."""
    return json.loads(json.dumps(STAGES[stage](audio, recorded)))


def differences(expected: Any, found: Any, name: str = "") -> list[str]:
    """Names of the values that differ by more than the tolerance, with both values."""
    if isinstance(expected, dict) and isinstance(found, dict):
        names = dict.fromkeys([*expected, *found])
        pairs = [(f"{name}.{n}".strip("."), expected.get(n), found.get(n)) for n in names]
    elif isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        pairs = [
            (f"{name}[{i}]", a, b) for i, (a, b) in enumerate(zip(expected, found, strict=True))
        ]
    elif isinstance(expected, float) and isinstance(found, int | float):
        same = math.isclose(expected, found, rel_tol=RELATIVE, abs_tol=ABSOLUTE)
        return [] if same else [f"{name}: {expected} → {found}"]
    else:
        return [] if expected == found else [f"{name}: {expected!r} → {found!r}"]
    return [line for n, a, b in pairs for line in differences(a, b, n)]


def complaint(stage: str, golden: Mapping[str, Any], found: Any) -> str | None:
    """What to do about a stage; None when all is well."""
    version, where = VERSIONS[stage]
    changed = differences(golden["stages"][stage], found)
    if version != golden["versions"][stage]:
        return f"The version of stage {stage} was changed to {version}: run `{COMMAND}`."
    if changed:
        return (
            f"Stage {stage} gives other values, but {where} is still {version}: raise it, then "
            f"run `{COMMAND}`.\n  " + "\n  ".join(changed[:20])
        )
    return None


def recorded_of(golden: Mapping[str, Any]) -> Recorded:
    return {**golden["stages"], "tagger_outputs": golden["tagger_outputs"]}


@pytest.fixture(scope="module")
def audio(song: np.ndarray) -> Audio:
    return Audio(song)


@pytest.fixture(scope="module")
def golden() -> dict[str, Any]:
    return json.loads(GOLDEN.read_text(encoding="utf-8"))


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_that_changes_raises_its_version(
    stage: str, audio: Audio, golden: dict[str, Any]
) -> None:
    problem = complaint(stage, golden, compute(stage, audio, recorded_of(golden)))
    assert problem is None, problem


@pytest.mark.parametrize("case", ["tagger", "no_tagger"])
def test_the_analysis_is_made_of_these_stages(
    case: str, audio: Audio, golden: dict[str, Any]
) -> None:
    stages = golden["stages"]
    level = loudness.measure(np.stack([audio.samples, audio.samples / 2]), sample_rate=RATE)
    tagger = RecordedTagger(golden["tagger_outputs"]) if case == "tagger" else None
    result = analyse(audio.samples, sample_rate=RATE, loudness=level, tagger=tagger)
    recorded = raw_features(recorded_of(golden), case)
    found = {
        "tempo": plain(result.raw.tempo),
        "measured": dict(result.raw.measured),
        "tagger": dict(result.raw.tagger),
        "normalize": plain(result.normalized),
        "scores": plain(result.scores),
        "synthetic_tags": [plain(tag) for tag in result.synthetic_tags],
        "moods": dict(result.moods),
    }
    expected = {
        "tempo": stages["meter"],
        "measured": recorded.measured,
        "tagger": recorded.tagger,
        **{name: stages[name][case] for name in list(found)[3:]},
    }
    assert differences(expected, found) == []


@dataclass(frozen=True)
class RecordedTagger:
    """Stands for the networks."""

    by_model: dict[str, float]
    embedding: np.ndarray = field(default_factory=lambda: np.ones(embed.EMBEDDING_SIZE))


def test_every_stage_that_is_stored_has_a_golden_output() -> None:
    assert set(STAGES) == set(VERSIONS)


@pytest.mark.parametrize("stage", STAGES)
def test_a_change_without_a_new_version_is_reported(stage: str, golden: dict[str, Any]) -> None:
    found = golden["stages"][stage]
    assert complaint(stage, golden, found) is None
    problem = complaint(stage, golden, changed_value(found, 1.0002))
    assert problem and VERSIONS[stage][1] in problem and COMMAND in problem


def test_rounding_is_no_change(golden: dict[str, Any]) -> None:
    found = golden["stages"]["descriptors"]
    assert complaint("descriptors", golden, changed_value(found, 1.00005)) is None


def test_a_new_version_asks_for_a_new_file(golden: dict[str, Any]) -> None:
    older = copy.deepcopy(golden)
    older["versions"]["key"] -= 1
    found = changed_value(golden["stages"]["key"], 1.5)
    problem = complaint("key", older, found)
    assert problem and COMMAND in problem and "raise it" not in problem


def changed_value(value: Any, factor: float) -> Any:
    """A copy whose first number is multiplied, or whose first text is another."""
    changed = copy.deepcopy(value)
    part, name = changed, next(iter(changed)) if isinstance(changed, dict) else 0
    while isinstance(part[name], dict | list) and part[name]:
        part, name = part[name], next(iter(part[name])) if isinstance(part[name], dict) else 0
    part[name] = part[name] * factor if isinstance(part[name], float) else "something else"
    return changed


def write(audio: Audio) -> list[str]:
    """Record every stage anew; returns the complaints that forbid it."""
    old = json.loads(GOLDEN.read_text(encoding="utf-8"))
    problems = [
        problem
        for stage in STAGES
        if VERSIONS[stage][0] == old["versions"].get(stage)
        and (problem := complaint(stage, old, compute(stage, audio, recorded_of(old))))
    ]
    if problems:
        return problems
    stages: dict[str, Any] = {}
    for stage in STAGES:
        stages[stage] = compute(stage, audio, {**stages, "tagger_outputs": old["tagger_outputs"]})
    new = {
        "versions": {stage: VERSIONS[stage][0] for stage in STAGES},
        "stages": stages,
        "tagger_outputs": old["tagger_outputs"],
    }
    GOLDEN.write_text(json.dumps(new, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return []


if __name__ == "__main__":
    from conftest import render_song  # pyright: ignore[reportMissingImports]

    sys.exit("\n".join(write(Audio(render_song()))) or None)
