"""The routes of the API, in the order in which addresses are compared."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter

from assistant.web.api.library import (
    catalogue_routes,
    feedback_routes,
    predict_routes,
    recommendation_routes,
    search_routes,
    stats_routes,
)
from assistant.web.api.live import chat_routes, event_routes
from assistant.web.api.operation import health_routes, metrics_routes
from assistant.web.api.playlists import making_routes
from assistant.web.api.tracks import chart_routes, list_routes, mir_routes, part_routes
from assistant.web.contract import docs_page

ROUTERS: Final[tuple[APIRouter, ...]] = (
    health_routes.router,
    list_routes.router,
    part_routes.router,
    mir_routes.router,
    chart_routes.router,
    catalogue_routes.router,
    search_routes.router,
    recommendation_routes.router,
    feedback_routes.router,
    predict_routes.router,
    making_routes.router,
    stats_routes.router,
    chat_routes.router,
    event_routes.router,
    metrics_routes.router,
    docs_page.router,
)
