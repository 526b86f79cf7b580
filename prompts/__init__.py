"""Texts for models and users as data files, one folder per language.

A folder holds `words.toml` (words and their meanings), `grammar.toml` (patterns of requests),
`assistant.toml` (answers of the assistant), `tools.toml` (answers that tools share), `tools/` (a
file a tool: its label, answers and the sentences that ask for it) and `system.md` (the model's
instructions). A further folder of languages can be added; its files win.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["PromptError", "add_folder", "languages", "load", "remove_folder", "system_prompt"]

_folders = [Path(__file__).parent]


class PromptError(Exception):
    """A language or a prompt file is missing or cannot be read."""


def add_folder(folder: Path) -> None:
    """Add a folder that holds one folder a language, as this package does."""
    if folder not in _folders:
        _folders.insert(0, folder)
        _forget()


def remove_folder(folder: Path) -> None:
    """Take back `add_folder`."""
    if folder in _folders[:-1]:
        _folders.remove(folder)
        _forget()


def _forget() -> None:
    for cached in (languages, load, system_prompt):
        cached.cache_clear()


@cache
def languages() -> tuple[str, ...]:
    """Return the available languages, English first, then by name."""
    found = {path.parent.name for root in _folders for path in root.glob("*/grammar.toml")}
    return tuple(sorted(found, key=lambda name: (name != "en", name)))


@cache
def load(name: str, language: str | None = None) -> dict[str, Any]:
    """Return one data file as a dictionary; treat it as read-only.

    Args:
        name: File name without suffix, e.g. "words".
        language: The folder; None for a file that all languages share.

    Raises:
        PromptError: The file is missing or is not TOML.
    """
    path = _path(f"{name}.toml", language)
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise PromptError(f"Expected the prompt file {name}.toml for {language!r}") from error
    except tomllib.TOMLDecodeError as error:
        raise PromptError(f"{path.name} for {language!r} is not valid TOML: {error}") from error


@cache
def system_prompt(language: str) -> str:
    """Return the instructions of the model; the same bytes every time, so that they stay cached.

    Raises:
        PromptError: The file is missing.
    """
    path = _path("system.md", language)
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise PromptError(f"Expected system.md for {language!r}") from error


def _path(name: str, language: str | None) -> Path:
    """Return where a file lies: in the folder added last that has it."""
    inside = [root.joinpath(*([language] if language else []), name) for root in _folders]
    return next((path for path in inside if path.is_file()), inside[-1])
