"""What Prometheus reads: requests of this process, and the state of the library."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from store.jobs import job_reports, library_status
from store.results import StoreError

_BUCKETS_S: Final = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Measurements:
    """Counts of one application."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        labels = ["method", "route"]
        self.requests = Counter(
            "backbeat_http_requests", "Requests answered", [*labels, "status"],
            registry=self._registry,
        )  # fmt: skip
        self.seconds = Histogram(
            "backbeat_http_request_seconds", "Time to the first byte of an answer", labels,
            buckets=_BUCKETS_S, registry=self._registry,
        )  # fmt: skip
        self._registry.register(_Library())
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)

    def text(self) -> bytes:
        """Return all values in Prometheus' text format."""
        return generate_latest(self._registry)


class MeasuredRequests:
    """ASGI middleware that counts requests by route and status."""

    def __init__(self, app: ASGIApp, measurements: Measurements) -> None:
        self._app, self._measurements = app, measurements

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and count the answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began_s = time.perf_counter()

        async def measured(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._note(scope, int(message["status"]), time.perf_counter() - began_s)
            await send(message)

        await self._app(scope, receive, measured)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        method = scope["method"] if scope["method"] in _METHODS else "other"
        route = _route(scope)
        self._measurements.requests.labels(method, route, str(status)).inc()
        self._measurements.seconds.labels(method, route).observe(seconds)


def _route(scope: Scope) -> str:
    """Return the pattern of an address: the addresses themselves would be without number."""
    pattern = getattr(scope.get("route"), "path", None)
    if isinstance(pattern, str) and pattern:
        return pattern
    return "/chat" if scope["path"].startswith("/chat") else "other"


class _Library:
    """The state of the library at the moment when it is asked for."""

    def describe(self) -> list[GaugeMetricFamily]:
        """Return nothing: what is collected is not looked at when it is registered."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield the values; only that it cannot be read where it cannot."""
        try:
            status = library_status.read_status(failures=0)
            jobs = job_reports.counts()
        except StoreError:
            yield _gauge("backbeat_library_readable", "Whether the library can be read", 0)
            return
        yield _gauge("backbeat_library_readable", "Whether the library can be read", 1)
        yield _gauge("backbeat_tracks", "Tracks in the library", status.tracks)
        yield _gauge("backbeat_tracks_analysed", "Tracks with an analysis", status.analysed)
        yield _gauge("backbeat_artists", "Artists with tracks", status.artists)
        yield _gauge("backbeat_albums", "Albums with tracks", status.albums)
        yield _gauge("backbeat_playlists", "Saved playlists", status.playlists)
        yield _gauge("backbeat_charts", "Finished drum charts", status.charts)
        yield _gauge("backbeat_indexer_up", "Whether the indexer runs", int(status.indexer_alive))
        open_jobs = GaugeMetricFamily("backbeat_jobs", "Jobs by state", labels=["state"])
        for state, count in sorted(jobs.items()):
            open_jobs.add_metric([state], count)
        yield open_jobs


def _gauge(name: str, words: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, words, value=value)
