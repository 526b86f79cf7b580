"""The language of an API request."""

from __future__ import annotations

from assistant.answers import Language


def language_of(lang: str | None, accept_language: str | None) -> Language:
    """Return the language of `?lang=`, else the first supported in Accept-Language, else "en"."""
    if lang:
        return "fr" if lang.lower().startswith("fr") else "en"
    preferences: list[tuple[float, str]] = []
    for part in (accept_language or "").split(","):
        name, _, quality = part.strip().partition(";q=")
        try:
            preferences.append((-float(quality or 1), name.lower()))
        except ValueError:
            continue
    for _, name in sorted(preferences, key=lambda preference: preference[0]):
        if name.startswith("fr"):
            return "fr"
        if name.startswith("en"):
            return "en"
    return "en"
