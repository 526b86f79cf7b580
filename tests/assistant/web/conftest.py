"""A client of the API over the small library."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from assistant.settings import Settings
from assistant.web.server import create_app


@pytest.fixture
async def api(library: Path) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(Settings(use_model=False), chat=False)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8000") as client:
        yield client
