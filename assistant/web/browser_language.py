"""The language of an API request."""

from __future__ import annotations

import prompts
from assistant.answers import Language


def language_of(lang: str | None, accept_language: str | None) -> Language:
    """Return the language of `?lang=`, else the first known in Accept-Language, else English."""
    if lang:
        return prompts.language_for(lang) or prompts.FALLBACK
    preferences: list[tuple[float, str]] = []
    for part in (accept_language or "").split(","):
        name, _, quality = part.strip().partition(";q=")
        try:
            preferences.append((-float(quality or 1), name.lower()))
        except ValueError:
            continue
    for _, name in sorted(preferences, key=lambda preference: preference[0]):
        if known := prompts.language_for(name):
            return known
    return prompts.FALLBACK
