"""The page as an app that can be installed: its service worker, and a page while offline."""

from __future__ import annotations

from html import escape
from importlib.resources import files
from typing import Annotated, Final

from fastapi import APIRouter, Header, Response
from fastapi.responses import HTMLResponse

from assistant.answers import page
from assistant.settings import current
from assistant.web.browser_language import language_of
from assistant.web.library_routes import app_version

router = APIRouter(include_in_schema=False)

_OFFLINE: Final = """\
<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="10; url=/chat/">
<title>Backbeat</title>
<style>
  :root {{ color-scheme: light dark; }}
  body {{ min-height: 100svh; margin: 0; padding: 1.5rem; box-sizing: border-box; display: grid;
    place-content: center; justify-items: center; gap: 0.8rem; text-align: center;
    font-family: system-ui, sans-serif; line-height: 1.5; }}
  img {{ width: 4.5rem; }}
  h1, p {{ margin: 0; max-width: 24rem; }}
  h1 {{ font-size: 1.25rem; }}
  a {{ padding: 0.6rem 1.4rem; border-radius: 99px; background: #6a3fc4; color: #fff;
    text-decoration: none; }}
</style>
</head>
<body>
<img src="/chat/public/favicon.svg" alt="">
<h1>{title}</h1>
<p>{text}</p>
<a href="/chat/">{retry}</a>
</body>
</html>
"""


@router.get("/service-worker.js")
def service_worker() -> Response:
    """Return the service worker, at the root so that it serves the whole site."""
    script = (files("assistant.ui") / "service_worker.js").read_text("utf-8")
    headers = {"Cache-Control": "no-cache"}
    content = script.replace("{version}", app_version())
    return Response(content, media_type="text/javascript", headers=headers)


@router.get("/offline")
def offline(accept_language: Annotated[str | None, Header()] = None) -> HTMLResponse:
    """Return the page that is shown while the server cannot be reached."""
    locale = current().locale
    language = language_of(None, accept_language) if locale == "auto" else locale
    names = ("title", "text", "retry")
    texts = {name: escape(page(language, f"offline_{name}")) for name in names}
    return HTMLResponse(_OFFLINE.format(language=language, **texts))
