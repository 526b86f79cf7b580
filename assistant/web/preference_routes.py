"""/api/preferences: settings of the page that stay with a person."""

from __future__ import annotations

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict

from assistant.web.session_person import person_of
from store.people.preferences import Preferences, Theme, change_preferences, preferences

router = APIRouter(prefix="/api/preferences", tags=["preferences"])


class PagePreferences(BaseModel):
    """What the page itself changes; the settings panel of the chat changes all."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    theme: Theme | None = None
    crossfade: bool | None = None
    radio: bool | None = None


@router.get("")
def chosen(request: Request) -> Preferences:
    """What the person of the session chose."""
    return preferences(person_of(request))


@router.post("")
def choose(request: Request, changes: PagePreferences) -> Preferences:
    """Change what is given; return all settings."""
    given = changes.model_dump(exclude_none=True)
    return change_preferences(person_of(request), given)
