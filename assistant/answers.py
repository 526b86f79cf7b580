"""The assistant's own sentences, from `prompts/<language>/assistant.toml`."""

from __future__ import annotations

from typing import Any

import prompts
from prompts import Language


def _sentences(language: Language) -> dict[str, Any]:
    return prompts.load("assistant", language)


def answer(language: Language, name: str, /, **values: object) -> str:
    """Return a sentence of the conversation."""
    return _filled(language, "answers", name, values)


def refusal(language: Language, name: str, /, **values: object) -> str:
    """Return a sentence about a request that was not, or not wholly, understood."""
    return _filled(language, "refusals", name, values)


def notice(language: Language, name: str, /, **values: object) -> str:
    """Return a sentence about the model server."""
    return _filled(language, "notices", name, values)


def page(language: Language, name: str, /, **values: object) -> str:
    """Return a text of the page."""
    return _filled(language, "page", name, values)


def labels(language: Language) -> dict[str, str]:
    """Return the labels of the page's elements by name."""
    return dict(_sentences(language)["labels"])


def help_text(language: Language) -> str:
    """Return the help text."""
    return answer(language, "help")


def starters(language: Language) -> tuple[tuple[str, str], ...]:
    """Return (label, message) of each suggested request."""
    return tuple((item["label"], item["message"]) for item in _sentences(language)["starters"])


def tool_label(language: Language, tool: str) -> str:
    """Return the display name of a tool; its own name where it has none."""
    try:
        return str(prompts.load(f"tools/{tool}", language)["label"])
    except (prompts.PromptError, KeyError):
        return _sentences(language)["page"].get(f"tool_{tool}", tool)


def _filled(language: Language, section: str, name: str, values: dict[str, object]) -> str:
    return _sentences(language)[section][name].strip().format(**values)
