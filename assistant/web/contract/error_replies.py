"""Errors of the API in one form, with the status codes that they have."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from assistant.answers import answer
from assistant.settings import current
from assistant.web.browser_language import language_of
from assistant.web.contract.shapes import ErrorReply
from store.results import StoreError, UnavailableError
from tools.base import ToolError

REFUSED: Final[dict[int | str, dict[str, Any]]] = {
    "4XX": {"model": ErrorReply, "description": "Refused; `detail` says why"},
    "5XX": {"model": ErrorReply, "description": "Not possible now; `detail` says why"},
}
"""Responses of every route beside those of a success."""
_UNKNOWN: Final = "There is no such address: /api/docs lists them."
_LONGEST: Final = 300  # characters of a problem: values that were sent are repeated in it


def add_error_replies(app: FastAPI) -> None:
    """Answer errors of every kind in the form of `ErrorReply`."""
    app.add_exception_handler(UnavailableError, _unavailable)
    app.add_exception_handler(StoreError, _store_error)
    app.add_exception_handler(ToolError, _tool_error)
    app.add_exception_handler(RequestValidationError, _bad_request)
    app.add_exception_handler(HTTPException, _http_error)


def unavailable_text(request: Request) -> str:
    """Return that the library cannot be read, without where it lies, in the person's language."""
    locale = current().locale
    if locale == "auto":
        accepted = request.headers.get("accept-language")
        locale = language_of(request.query_params.get("lang"), accepted)
    return answer(locale, "library_unreadable")


async def _unavailable(request: Request, error: Exception) -> JSONResponse:
    return _reply(503, unavailable_text(request))


async def _store_error(request: Request, error: Exception) -> JSONResponse:
    words = str(error)
    status = 422 if request.method == "POST" else 404
    return _reply(status, words)


async def _tool_error(request: Request, error: Exception) -> JSONResponse:
    return _reply(404, str(error), choices=list(getattr(error, "choices", ())))


async def _bad_request(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    fields = [_field(problem) for problem in error.errors()]
    words = "; ".join(": ".join(filter(None, field.values())) for field in fields[:3])
    return _reply(422, words, fields=fields)


async def _http_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    words = str(error.detail)
    if error.status_code == 404 and words == HTTPStatus.NOT_FOUND.phrase:
        words = _UNKNOWN
    elif error.status_code == 405:
        words = f"{request.method} is not possible here: /api/docs lists what is."
    return JSONResponse(
        ErrorReply(detail=words).model_dump(), status_code=error.status_code, headers=error.headers
    )


def _reply(
    status: int,
    words: str,
    *,
    choices: Sequence[str] = (),
    fields: Sequence[dict[str, str]] = (),
) -> JSONResponse:
    values = {"detail": words, "choices": list(choices), "fields": list(fields)}
    return JSONResponse(values, status_code=status)


def _field(problem: dict[str, Any]) -> dict[str, str]:
    """Return {"field", "problem"} of what pydantic says."""
    where = [str(part) for part in problem.get("loc", ()) if part != "body"]
    words = str(problem.get("msg", "")).removeprefix("Value error, ")
    if problem.get("type") == "json_invalid":
        where, words = [], "Expected JSON"
    return {"field": ".".join(where)[:_LONGEST], "problem": words[:_LONGEST]}
