"""Versions of the mood model on disk: written whole, switched at once, taken back.

moods/current.json           {"versions": [..., the one that serves]}; empty: none serves
moods/<version>/model.json   the model; the version is the beginning of its SHA-256
moods/<version>/manifest.json, labels.json   how it was made
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from store.moods.model import MoodModel, model_from_json
from store.results import StoreError
from store.settings import StoreSettings

_CURRENT: Final = "current.json"
_DIGITS: Final = 16


@dataclass(frozen=True, slots=True)
class MoodModelVersion:
    """A version of the model; `manifest` says of what data and how good it is."""

    version: str
    serves: bool
    manifest: Mapping[str, Any]


def save_model(model: MoodModel, manifest: Mapping[str, Any], labels: Sequence[Any]) -> str:
    """Write a version, whole or not at all; return its name."""
    text = model.as_json()
    version = hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]
    folder = _folder()
    target = folder / version
    if not target.exists():
        made = Path(tempfile.mkdtemp(prefix=".new-", dir=folder))
        try:
            _write(made / "model.json", text)
            _write(made / "labels.json", json.dumps(labels))
            _write(made / "manifest.json", json.dumps(dict(manifest), indent=1, sort_keys=True))
            made.rename(target)
        except BaseException:
            shutil.rmtree(made, ignore_errors=True)
            raise
    return version


def serve_model(version: str) -> None:
    """Make a version the one that serves.

    Raises:
        StoreError: There is no such version, or it cannot be read.
    """
    read_model(version)
    former = [one for one in _served() if one != version]
    _write_current([*former, version])


def roll_back() -> str | None:
    """Make the version before serve again; return it, None for the analytic moods alone.

    Raises:
        StoreError: No learned model serves.
    """
    served = _served()
    if not served:
        raise StoreError("No learned mood model serves; there is nothing to go back to.")
    _write_current(served[:-1])
    return served[-2] if len(served) > 1 else None


def current_version() -> str | None:
    """Return the version that serves; None while the analytic moods do."""
    served = _served()
    return served[-1] if served else None


def current_model() -> MoodModel | None:
    """Return the model that serves; None while the analytic moods do."""
    version = current_version()
    return None if version is None else read_model(version)


def read_model(version: str) -> MoodModel:
    """Return a version.

    Raises:
        StoreError: There is no such version, or it is damaged.
    """
    return _read(str(_folder() / _checked(version) / "model.json"), version)


def read_labels(version: str) -> list[Any]:
    """Return the labels that a version was trained on, as they were given to `save_model`."""
    return json.loads((_folder() / _checked(version) / "labels.json").read_text())


def model_versions() -> tuple[MoodModelVersion, ...]:
    """Return every version, the newest first."""
    now = current_version()
    found = []
    for place in _folder().iterdir():
        if place.is_dir() and not place.name.startswith("."):
            manifest = json.loads((place / "manifest.json").read_text())
            found.append(MoodModelVersion(place.name, place.name == now, manifest))
    return tuple(sorted(found, key=lambda one: str(one.manifest.get("made_at")), reverse=True))


@lru_cache(maxsize=4)
def _read(path: str, version: str) -> MoodModel:
    try:
        text = Path(path).read_text()
    except FileNotFoundError as error:
        raise StoreError(f"There is no mood model {version!r}.") from error
    if hashlib.sha256(text.encode()).hexdigest()[:_DIGITS] != version:
        raise StoreError(f"The mood model {version} is damaged.")
    return model_from_json(text)


def _checked(version: str) -> str:
    if len(version) != _DIGITS or not set(version) <= set("0123456789abcdef"):
        raise StoreError(f"There is no mood model {version!r}.")
    return version


def _served() -> list[str]:
    try:
        return list(json.loads((_folder() / _CURRENT).read_text())["versions"])
    except FileNotFoundError:
        return []


def _write_current(versions: list[str]) -> None:
    place = _folder() / _CURRENT
    made = place.with_name(f".{_CURRENT}-{os.getpid()}")
    _write(made, json.dumps({"versions": versions}))
    made.replace(place)


def _write(place: Path, text: str) -> None:
    with place.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _folder() -> Path:
    folder = StoreSettings().folder / "moods"
    folder.mkdir(exist_ok=True)
    return folder
