"""/api/panel: the texts of the page's side panel."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

import prompts
from assistant.web.panel.page_language import PageLanguage

router = APIRouter(prefix="/api/panel", include_in_schema=False)


@router.get("/texts")
def texts(language: PageLanguage) -> dict[str, Any]:
    """Return the texts of the panel, and the tag of their language."""
    return {**prompts.load("panel", language), "language": prompts.language_tag(language)}
