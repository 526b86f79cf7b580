"""/api/docs: the API on a page, with Swagger UI from this server."""

from __future__ import annotations

from importlib.resources import as_file, files
from typing import Final

from fastapi import APIRouter, HTTPException
from fastapi.responses import FileResponse, HTMLResponse, Response

import prompts

router = APIRouter(prefix="/api/docs", include_in_schema=False)

_PAGE: Final = f"""\
<!doctype html>
<html lang="{prompts.FALLBACK}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Backbeat – API</title>
<link rel="icon" href="/chat/public/favicon.svg">
<link rel="stylesheet" href="/api/docs/swagger-ui.css">
<script src="/api/docs/swagger-ui-bundle.js" defer></script>
<script src="/api/docs/start.js" defer></script>
</head>
<body>
<div id="api"></div>
</body>
</html>
"""
_START: Final = """\
window.backbeatApi = SwaggerUIBundle({
  url: '/api/openapi.json',
  dom_id: '#api',
  deepLinking: true,
  docExpansion: 'list',
  validatorUrl: null,
  presets: [SwaggerUIBundle.presets.apis],
});
"""
"""`validatorUrl`: Swagger UI would else send the description to a server of its makers."""
_FILES: Final = {"swagger-ui.css": "text/css", "swagger-ui-bundle.js": "text/javascript"}
_HEADERS: Final = {"Cache-Control": "private, max-age=86400"}


@router.get("")
def page() -> HTMLResponse:
    """Return the page."""
    return HTMLResponse(_PAGE)


@router.get("/start.js")
def start() -> Response:
    """Return the script that opens the description, so that none need be in the page."""
    return Response(_START, media_type="text/javascript")


@router.get("/{name}")
def asset(name: str) -> FileResponse:
    """Return a file of Swagger UI."""
    if name not in _FILES:
        raise HTTPException(404, "There is no such file.")
    with as_file(files("fastapi_swagger") / "resources" / name) as file:
        return FileResponse(file, media_type=_FILES[name], headers=_HEADERS)
