"""Every table, for programs that need the whole metadata: the migrations, and foreign keys."""

from __future__ import annotations

from sqlmodel import SQLModel

from store.tables import (
    analysis,
    charts,
    conversations,
    jobs,
    listening,
    people,
    playlists,
    tracks,
)

MODULES = (analysis, charts, conversations, jobs, listening, people, playlists, tracks)
METADATA = SQLModel.metadata
