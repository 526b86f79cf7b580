"""/api/events: the analysis and jobs as they go on, as server-sent events."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final, Literal

import anyio
from fastapi import APIRouter, Query, Request
from sse_starlette import EventSourceResponse, ServerSentEvent

from assistant.answers import Language
from assistant.web.contract.job_shapes import job_values
from assistant.web.contract.media import events_of
from assistant.web.panel.indexing_routes import indexing
from assistant.web.panel.page_language import PageLanguage
from store.jobs import job_reports
from store.results import JobRow, StoreError

router = APIRouter(prefix="/api", tags=["events"])

Topic = Literal["indexing", "jobs"]
LOOK_EVERY_S: Final = 1.0
CHECK_LOGIN_EVERY_S: Final = 5.0
END_WITHIN_S: Final = 2.0
"""When the server stops."""
AGAIN_AFTER_MS: Final = 2000
"""After which a browser connects again."""
ENDED_KEPT: Final = timedelta(minutes=1)
"""How long a job that ended is looked at: a worker may store its end a moment later."""
_EVENTS: Final = events_of(
    "Each when something changed: `indexing` is as /api/indexing, `job` as /api/jobs/{job_id}.",
    "indexing",
    "job",
)


@router.get("/events", response_class=EventSourceResponse, responses=_EVENTS)
def events(
    request: Request,
    language: PageLanguage,
    topic: Annotated[list[Topic], Query(max_length=2)] = ["indexing", "jobs"],  # noqa: B006
) -> EventSourceResponse:
    """Send what changes of the analysis and of jobs; the first events say how things are now."""
    ended = anyio.Event()
    told = _events(request, language, frozenset(topic), ended)
    return EventSourceResponse(told, shutdown_event=ended, shutdown_grace_period=END_WITHIN_S)


async def _events(
    request: Request, language: Language, topics: frozenset[Topic], ended: anyio.Event
) -> AsyncIterator[ServerSentEvent]:
    watch = _Watch(request, language, topics)
    checked_s = time.monotonic()
    yield ServerSentEvent(comment="Backbeat", retry=AGAIN_AFTER_MS)
    while not ended.is_set():
        for name, values in await asyncio.to_thread(watch.news):
            yield ServerSentEvent(json.dumps(values, ensure_ascii=False), event=name)
        with anyio.move_on_after(LOOK_EVERY_S):
            await ended.wait()
        if time.monotonic() - checked_s > CHECK_LOGIN_EVERY_S:
            checked_s = time.monotonic()
            if not await _still_signed_in(request):
                return


async def _still_signed_in(request: Request) -> bool:
    """Return whether the session or token of a request is still good and can be looked up."""
    sign_in = getattr(request.state, "sign_in", None)
    if sign_in is None:
        return True
    try:
        return (await sign_in.caller(request.headers, "")).person is not None
    except StoreError:
        return False


class _Watch:
    """What a listener was told last."""

    def __init__(self, request: Request, language: Language, topics: frozenset[Topic]) -> None:
        self._request, self._language, self._topics = request, language, topics
        self._indexing: Any = None
        self._jobs: dict[int, JobRow] = {}
        self._since = datetime.now(UTC)

    def news(self) -> list[tuple[str, Any]]:
        """Return the events since the last call; none while the library cannot be read."""
        try:
            found = self._indexing_news() if "indexing" in self._topics else []
            return found + (self._job_news() if "jobs" in self._topics else [])
        except StoreError:
            return []

    def _indexing_news(self) -> list[tuple[str, Any]]:
        now = indexing(self._request, self._language)
        before, self._indexing = self._indexing, now
        return [] if now == before else [("indexing", now)]

    def _job_news(self) -> list[tuple[str, Any]]:
        looked_at = datetime.now(UTC)
        found = {job.id: job for job in job_reports.waited_for(since=self._since)}
        self._since = max(self._since, looked_at - ENDED_KEPT)
        changed = [job for job in found.values() if self._jobs.get(job.id) != job]
        self._jobs = found
        return [("job", job_values(job)) for job in changed]
