"""The description of the API (OpenAPI)."""

from __future__ import annotations

from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

_WORDS: Final = (
    "All of Backbeat for other programs. On this machine nobody has to sign in unless there is a "
    "password; then send a token (`backbeat token add NAME`) as `Authorization: Bearer …`, or name "
    "and password. Errors are JSON with `detail`, words that say what to do."
)
_SECURITY: Final = {
    "token": {"type": "http", "scheme": "bearer"},
    "password": {"type": "http", "scheme": "basic"},
}


def describe(app: FastAPI) -> None:
    """Let the application describe itself, once, when it is asked."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = get_openapi(
                title=app.title,
                version=app.version,
                description=_WORDS,
                routes=app.routes,
            )
            schema.setdefault("components", {})["securitySchemes"] = _SECURITY
            schema["security"] = [{"token": []}, {"password": []}, {}]
            app.openapi_schema = schema
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]
