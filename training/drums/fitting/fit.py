"""Training: batches → weights. It can be stopped at any time and goes on where it was.

What is exported is not the last weights but their moving average, which is better at any time and
much better before the learning rate has fallen. Clips that are rendered meanwhile join in. Where
the held-out kits are heard no better for long, it stops and goes back to where they were best.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from indexer.arrays import Float32 as Float
from indexer.drums.corrections.clip_format import clip_folder
from indexer.drums.hearing.mel import compressed
from training.drums.fitting.batches import Batches, Clip, load_clips, load_new_clips
from training.drums.fitting.model import build_model, onset_loss
from training.drums.fitting.warm_start import shipped_weights

if TYPE_CHECKING:
    import keras

LEARNING_RATE: Final = 3e-3
_WARM_UP_SHARE: Final = 0.15
_SAVE_EVERY: Final = 100
_VALIDATE_EVERY: Final = 400
_EMA_MOMENTUM: Final = 0.995
"""The average's memory: about 200 steps."""


@dataclass(frozen=True)
class TrainingPlan:
    """What a training is to do.

    Attributes:
        size: One of `model.SIZES`.
        songs: Whether clips of real songs are trained on, too.
        patience: Validations without a lower held-out loss after which it stops.
        learning_rate: Its highest value.
        start: A shipped network whose weights are trained on; a new network where None.
        bfloat16: Whether products are computed in 16 bits: twice as fast where the processor can.
    """

    steps: int
    seed: int
    seconds: float = float("inf")
    size: str = "large"
    songs: bool = True
    patience: int = 10
    learning_rate: float = LEARNING_RATE
    start: Path | None = None
    bfloat16: bool = False


def compile_model(plan: TrainingPlan) -> keras.Model:
    """A new network with its optimiser: AdamW, a learning rate that rises and then falls to 0."""
    import keras

    keras.config.set_dtype_policy("mixed_bfloat16" if plan.bfloat16 else "float32")
    model = build_model(size=plan.size, seed=plan.seed, folded=plan.start is not None)
    if plan.start is not None:
        model.set_weights(shipped_weights(plan.start, plan.size))
    warm_up = int(_WARM_UP_SHARE * plan.steps)
    rate: Any = keras.optimizers.schedules.CosineDecay(
        plan.learning_rate / 20,
        max(1, plan.steps - warm_up),
        alpha=1e-3,
        warmup_target=plan.learning_rate,
        warmup_steps=warm_up,
    )
    optimizer = keras.optimizers.AdamW(
        rate, weight_decay=1e-3, clipnorm=1.0, use_ema=True, ema_momentum=_EMA_MOMENTUM
    )
    model.compile(optimizer=optimizer, loss=onset_loss)
    optimizer.build(model.trainable_variables)
    return model


def save_state(path: Path, model: keras.Model, step: int) -> None:
    """Write weights and optimiser, whole or not at all."""
    from keras import ops

    variables = [*model.weights, *model.optimizer.variables]
    arrays = {f"{i:04}": np.asarray(ops.convert_to_numpy(v)) for i, v in enumerate(variables)}
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        np.savez(file, allow_pickle=False, step=np.array(step), **arrays)
    part.replace(path)


def load_state(path: Path, model: keras.Model) -> int:
    """Read what `save_state` wrote; the step that it was written after."""
    with np.load(path) as arrays:
        for i, variable in enumerate([*model.weights, *model.optimizer.variables]):
            variable.assign(arrays[f"{i:04}"])
        return int(arrays["step"])


def averaged_weights(model: keras.Model) -> list[np.ndarray]:
    """The model's weights, as `get_weights` has them, those that are learned averaged."""
    optimizer: Any = model.optimizer
    learned = model.get_weights()
    optimizer.finalize_variable_values(model.trainable_variables)
    averaged = model.get_weights()
    model.set_weights(learned)
    return averaged


def state_path(cache: Path, seed: int) -> Path:
    """Where a training's state is kept."""
    return cache / f"state-{seed}.npz"


def validation_loss(model: keras.Model, clips: list[Clip]) -> float:
    """Mean loss of the averaged weights over the mixes of the held-out kits."""
    features = np.stack([_features(clip) for clip in clips])
    targets = np.stack([clip.targets for clip in clips]).astype(np.float32)
    quiet: Any = 0
    learned = model.get_weights()
    model.set_weights(averaged_weights(model))
    said = model.predict(features, batch_size=4, verbose=quiet)
    model.set_weights(learned)
    return float(np.asarray(onset_loss(targets, said)))


def _features(clip: Clip) -> Float:
    return compressed(np.power(10, clip.mix.astype(np.float32)))


def fit(cache: Path, plan: TrainingPlan) -> Path:
    """Train until the steps, the seconds or the patience are over.

    Returns:
        The state's file.
    """
    folder = clip_folder(cache, "train")
    known: set[str] = set()
    held_out = load_clips(clip_folder(cache, "validation"))
    model, path = compile_model(plan), state_path(cache, plan.seed)
    best = path.with_suffix(".best.npz")
    step = load_state(path, model) if path.exists() else 0
    batches = Batches(load_clips(folder, known, songs=plan.songs), seed=_batch_seed(plan, step))
    print(f"{model.count_params()} parameters, {len(batches.clips)} clips", flush=True)
    log = _read_log(path) if step else []
    started, smooth = time.monotonic(), 0.0
    while step < plan.steps and time.monotonic() - started < plan.seconds:
        features, targets = batches.next()
        loss = float(model.train_on_batch(features, targets))
        step += 1
        smooth = loss if smooth == 0.0 else 0.98 * smooth + 0.02 * loss
        if step % _SAVE_EVERY == 0:
            save_state(path, model, step)
            batches.add(load_new_clips(folder, known, songs=plan.songs))
            print(f"step {step}: loss {smooth:.4f}, {time.monotonic() - started:.0f} s", flush=True)
        if step % _VALIDATE_EVERY == 0 or step == plan.steps:
            held = validation_loss(model, held_out)
            log.append({"step": step, "loss": round(smooth, 4), "held_out": round(held, 4)})
            print(f"step {step}: {len(batches.clips)} clips, held-out {held:.4f}", flush=True)
            _write_summary(path, plan, batches.clips, step, log)
            stale = _validations_since_best(log)
            if stale == 0:
                save_state(best, model, step)
            elif stale >= plan.patience and best.exists():
                step, log = load_state(best, model), log[:-stale]
                print(f"no better since: back to step {step}", flush=True)
                break
    save_state(path, model, step)
    _write_summary(path, plan, batches.clips, step, log)
    return path


def _batch_seed(plan: TrainingPlan, step: int) -> int:
    return plan.seed * 1_000_003 + step


def _validations_since_best(log: list[dict[str, float]]) -> int:
    """How many validations ago the held-out loss was lowest."""
    return len(log) - 1 - int(np.argmin([entry["held_out"] for entry in log]))


def _read_log(state: Path) -> list[dict[str, float]]:
    """What earlier runs of a training wrote about it."""
    summary = state.with_suffix(".json")
    return json.loads(summary.read_text(encoding="utf-8"))["log"] if summary.exists() else []


def _write_summary(
    state: Path, plan: TrainingPlan, clips: list[Clip], step: int, log: list[dict[str, float]]
) -> None:
    hours = round(sum(len(clip.mix) for clip in clips) / 360_000, 2)
    songs = sum(clip.drums is None for clip in clips)
    summary = {"size": plan.size, "clips": len(clips), "of_songs": songs, "hours": hours}
    summary |= {"steps": step, "log": log}
    if plan.start is not None:
        summary["start"] = plan.start.name
    state.with_suffix(".json").write_text(json.dumps(summary, indent=1), encoding="utf-8")
