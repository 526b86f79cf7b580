"""Texts for models and users as data files, one folder per language.

A folder holds `language.toml` (how the language writes numbers, counts and names of notes),
`words.toml` (words and their meanings), `grammar.toml` (patterns of requests), `dialogue.toml`
(follow-ups), `assistant.toml` (answers of the assistant), `tools.toml` (answers that tools share),
`tools/` (a file a tool: its label, answers and the sentences that ask for it) and `system.md` (the
model's instructions). Sentences that a language leaves out are English; words and patterns that it
leaves out are not read. A further folder of languages can be added; what its files hold wins.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from prompts.falling_back import completed, merged

if TYPE_CHECKING:
    from functools import _lru_cache_wrapper

__all__ = [
    "FALLBACK",
    "Language",
    "PromptError",
    "add_folder",
    "add_own_languages",
    "added_folder",
    "cached",
    "every",
    "language_for",
    "language_name",
    "language_tag",
    "languages",
    "load",
    "own",
    "remove_folder",
    "system_prompt",
]

R = TypeVar("R")

Language = str
"""One of `languages()`."""

FALLBACK: Final = "en"
"""The language whose sentences stand in for those that another leaves out."""

_folders = [Path(__file__).parent]
_caches: list[_lru_cache_wrapper[Any]] = []


class PromptError(Exception):
    """A language or a prompt file is missing or cannot be read."""


def cached(function: Callable[..., R]) -> _lru_cache_wrapper[R]:
    """Cache what is made of the files, until a folder of languages is added or removed."""
    wrapper = cache(function)
    _caches.append(wrapper)
    return wrapper


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


@contextmanager
def added_folder(folder: Path) -> Iterator[None]:
    """Add a folder for a while."""
    add_folder(folder)
    try:
        yield
    finally:
        remove_folder(folder)


def add_own_languages(data: Path) -> None:
    """Add the folder `languages` of a data folder, where there is one.

    Raises:
        PromptError: One of its files cannot be read.
    """
    folder = data / "languages"
    if folder.is_dir():
        for path in sorted(folder.rglob("*.toml")):
            _parsed(path)
        add_folder(folder)


def _forget() -> None:
    for wrapper in _caches:
        wrapper.cache_clear()


@cached
def languages() -> tuple[str, ...]:
    """Return the available languages, English first, then by name."""
    found = {path.parent.name for root in _folders for path in root.glob("*/grammar.toml")}
    return tuple(sorted(found, key=lambda name: (name != FALLBACK, name)))


def language_for(tag: str | None) -> str | None:
    """Return the language of a tag such as "fr-CH"; None where there is none."""
    code = (tag or "").strip().replace("_", "-").lower().split("-")[0]
    for name in languages():
        if code in load("language", name).get("codes", [name]):
            return name
    return None


def language_name(language: str) -> str:
    """Return a language as its speakers call it."""
    return str(load("language", language).get("name", language))


def language_tag(language: str) -> str:
    """Return the tag of a language on the page, such as "fr-FR"."""
    return str(load("language", language).get("tag", language))


@cached
def every(section: str, key: str) -> tuple[Any, ...]:
    """Return what the `language.toml` of all languages list under a key, without repetitions."""
    found = (load("language", name).get(section, {}).get(key, ()) for name in languages())
    return tuple(dict.fromkeys(item for items in found for item in items))


@cached
def load(name: str, language: str | None = None) -> dict[str, Any]:
    """Return one data file, with what it leaves out; treat it as read-only.

    Args:
        name: File name without suffix, e.g. "words".
        language: The folder; None for a file that all languages share.

    Raises:
        PromptError: The file is missing, also in English, or is not TOML.
    """
    if language is None or language == FALLBACK or language not in languages():
        return own(name, language)
    found = _found(name, language)
    english = _found(name, FALLBACK)
    if not found and not english:
        raise _missing(name, language)
    return completed(merged(found), merged(english), name)


@cached
def own(name: str, language: str | None = None) -> dict[str, Any]:
    """Return one data file as it stands.

    Raises:
        PromptError: The file is missing or is not TOML.
    """
    found = _found(name, language)
    if not found:
        raise _missing(name, language)
    return merged(found)


@cached
def system_prompt(language: str) -> str:
    """Return the instructions of the model; the same bytes every time, so that they stay cached.

    Raises:
        PromptError: The file is missing.
    """
    names = [language, FALLBACK] if language in languages() else [language]
    for path in (root / name / "system.md" for name in names for root in _folders):
        if path.is_file():
            return path.read_text(encoding="utf-8")
    raise PromptError(f"Expected system.md for {language!r}")


def _missing(name: str, language: str | None) -> PromptError:
    return PromptError(f"Expected the prompt file {name}.toml for {language!r}")


def _found(name: str, language: str | None) -> list[dict[str, Any]]:
    """Return a file of each folder that has it, the one of the folder added last first."""
    inside = [root.joinpath(*([language] if language else []), f"{name}.toml") for root in _folders]
    return [_parsed(path) for path in inside if path.is_file()]


def _parsed(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise PromptError(f"{path} cannot be read: {error.strerror}") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PromptError(f"{path} is not valid TOML: {error}") from error
