"""The web application: the API and the chat page."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.responses import RedirectResponse

from assistant import settings as settings_module
from assistant.model.self_check import warm_up
from assistant.settings import Settings
from assistant.understanding.request_reader import warm_reader
from assistant.web import (
    app_shell,
    conversation_routes,
    library_routes,
    model_routes,
    page_assets,
    preference_routes,
    track_routes,
)
from assistant.web.access import login_page
from assistant.web.access.access_guard import AccessGuard
from assistant.web.access.request_limits import RequestLimits
from assistant.web.api.operation.measurements import MeasuredRequests, Measurements
from assistant.web.api.routers import ROUTERS
from assistant.web.browse import folder_routes, list_routes, selection_routes
from assistant.web.browse import track_routes as track_page_routes
from assistant.web.charts import chart_routes, lane_routes, result_routes, timing_routes
from assistant.web.chat_page import CHAT_PATH, mount_chat
from assistant.web.contract.description import describe
from assistant.web.contract.error_replies import REFUSED, add_error_replies
from assistant.web.departed_clients import DepartedClients
from assistant.web.map import artist_routes, map_routes
from assistant.web.panel import (
    first_run_routes,
    indexing_routes,
    panel_routes,
    playlist_routes,
)
from assistant.web.player import like_routes, player_routes
from assistant.web.results import table_routes
from assistant.web.subsonic import routes as player_app_routes
from store.database import db
from store.vectors import vector_service
from tools import TOOLS


def create_app(settings: Settings | None = None, *, chat: bool = True) -> FastAPI:
    """Return the application; `chat=False` omits the page (Chainlit takes seconds to import)."""
    settings = settings_module.use(settings or Settings())
    app = FastAPI(
        title="Backbeat",
        version=library_routes.app_version(),
        lifespan=_lifespan,
        docs_url=None,  # its page loads scripts from elsewhere
        redoc_url=None,
        openapi_url="/api/openapi.json",
        responses=REFUSED,
    )
    describe(app)
    app.state.measurements = Measurements()
    for router in (
        table_routes.router,  # before the routes of one track, whose ids are numbers
        *ROUTERS,
        track_routes.router,
        library_routes.router,
        model_routes.router,
        lane_routes.router,
        result_routes.router,
        timing_routes.router,
        chart_routes.router,
        conversation_routes.router,
        player_routes.router,
        like_routes.router,
        map_routes.router,
        artist_routes.router,
        panel_routes.router,
        playlist_routes.router,
        indexing_routes.router,
        first_run_routes.router,
        list_routes.router,
        folder_routes.router,
        track_page_routes.router,
        selection_routes.router,
        app_shell.router,
        login_page.router,
        preference_routes.router,
        page_assets.router,
        player_app_routes.router,
    ):
        app.include_router(router)
    add_error_replies(app)

    @app.get("/", include_in_schema=False)
    def root() -> RedirectResponse:
        return RedirectResponse(CHAT_PATH + "/")

    if chat:
        mount_chat(app, settings)
    app.add_middleware(RequestLimits)
    app.add_middleware(AccessGuard, settings=settings)
    app.add_middleware(MeasuredRequests, measurements=app.state.measurements)
    app.add_middleware(DepartedClients)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    await asyncio.to_thread(db.upgrade)
    # a daemon: a stop does not wait for it
    threading.Thread(target=warm_reader, name="warm-reader", daemon=True).start()
    warming = asyncio.create_task(warm_up(settings_module.current(), TOOLS))
    try:
        yield
    finally:
        warming.cancel()
        await asyncio.to_thread(vector_service.close)
