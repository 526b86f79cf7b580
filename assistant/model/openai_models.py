"""The models of a server that speaks OpenAI's format."""

from __future__ import annotations

import httpx

from assistant.settings import Settings


class NoAnswerError(Exception):
    """The server cannot be reached."""


async def list_models(settings: Settings) -> tuple[str, ...]:
    """Return the names of the server's models; empty where it does not list them.

    Raises:
        NoAnswerError: No answer.
    """
    key = settings.api_key.get_secret_value() if settings.api_key else ""
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    timeout = httpx.Timeout(settings.connect_timeout_s * 5, connect=settings.connect_timeout_s)
    try:
        async with httpx.AsyncClient(timeout=timeout) as client:
            reply = await client.get(f"{settings.base_url}/models", headers=headers)
    except httpx.HTTPError as error:
        raise NoAnswerError(str(error)) from error
    try:
        return tuple(sorted(str(model["id"]) for model in reply.json()["data"]))
    except (ValueError, KeyError, TypeError):
        return ()
