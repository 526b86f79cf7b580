"""The language in which the page is shown, as a dependency of its addresses."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Header

from assistant.answers import Language
from assistant.settings import current
from assistant.web.browser_language import language_of


def page_language(
    lang: str | None = None, accept_language: Annotated[str | None, Header()] = None
) -> Language:
    """Return the language of the settings, else of `?lang=`, else of the browser."""
    locale = current().locale
    return language_of(lang, accept_language) if locale == "auto" else locale


PageLanguage = Annotated[Language, Depends(page_language)]
