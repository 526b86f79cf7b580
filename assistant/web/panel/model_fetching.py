"""The download of a model that was asked for on the page; one at a time."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from assistant.model.ollama_models import ModelServerError, pull
from assistant.settings import Settings


@dataclass(slots=True)
class Fetching:
    """A download: how far it is, and what went wrong."""

    model: str
    fraction: float = 0.0
    done: bool = False
    error: str = ""


class ModelFetcher:
    """Fetches a model in the background."""

    def __init__(self) -> None:
        self.current: Fetching | None = None
        self._task: asyncio.Task[None] | None = None

    def begin(self, settings: Settings, model: str) -> Fetching:
        """Begin a download, or return the one that is under way."""
        if self.current and self._task and not self._task.done():
            return self.current
        self.current = Fetching(model)
        self._task = asyncio.create_task(self._fetch(settings, self.current))
        return self.current

    async def _fetch(self, settings: Settings, fetching: Fetching) -> None:
        try:
            async for progress in pull(settings, fetching.model):
                fetching.fraction = progress.fraction or fetching.fraction
            fetching.fraction, fetching.done = 1.0, True
        except ModelServerError as error:
            fetching.error = str(error)


fetcher = ModelFetcher()
