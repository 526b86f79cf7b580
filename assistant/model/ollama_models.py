"""The model server: its state, its models and their capabilities, downloads."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final, Literal

import httpx
import ollama

from assistant.model import openai_models
from assistant.settings import Settings

ModelProblem = Literal["off", "no_server", "no_model", "no_tools"]
_PULL_TIMEOUT_S: Final = (
    600.0  # between two progress lines; the server verifies large files silently
)


class ModelServerError(Exception):
    """The model server cannot be reached or refuses; the message tells a person why."""


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """A model on the server."""

    name: str
    size_bytes: int
    parameters: str
    family: str
    digest: str = ""


@dataclass(frozen=True, slots=True)
class PullProgress:
    """Progress of a download; `total_bytes` is 0 while it is not known."""

    status: str
    completed_bytes: int
    total_bytes: int

    @property
    def fraction(self) -> float:
        """0..1."""
        return self.completed_bytes / self.total_bytes if self.total_bytes else 0.0


@dataclass(frozen=True, slots=True)
class ModelState:
    """Whether a model can be used, and if not, why.

    Attributes:
        model: The name on the server when it is installed, else the name that was asked for.
        tools: It supports native tool calls; else its reply is constrained by a JSON schema.
        digest: Identifies this model among those of the same name.
    """

    model: str
    problem: ModelProblem | None
    version: str | None = None
    thinking: bool = False
    tools: bool = True
    digest: str = ""
    installed: tuple[str, ...] = ()

    @property
    def usable(self) -> bool:
        """True when the model can choose tools."""
        return self.problem is None


@asynccontextmanager
async def _client(settings: Settings, *, timeout_s: float) -> AsyncIterator[ollama.AsyncClient]:
    timeout = httpx.Timeout(timeout_s, connect=settings.connect_timeout_s)
    client = ollama.AsyncClient(host=settings.ollama_host, timeout=timeout, trust_env=False)
    try:
        yield client
    finally:
        await client.close()


async def list_models(settings: Settings) -> tuple[InstalledModel, ...]:
    """Return the models on the server, sorted by name.

    Raises:
        ModelServerError: No answer, or not the answer of an Ollama server.
    """
    try:
        async with _client(settings, timeout_s=settings.connect_timeout_s * 2) as client:
            listing = await client.list()
    except (ollama.ResponseError, httpx.HTTPError, ConnectionError, ValueError) as error:
        raise _unreachable(settings) from error
    return tuple(
        sorted(
            (
                InstalledModel(
                    name=model.model or "",
                    size_bytes=int(model.size or 0),
                    parameters=(model.details.parameter_size if model.details else None) or "",
                    family=(model.details.family if model.details else None) or "",
                    digest=model.digest or "",
                )
                for model in listing.models
                if model.model
            ),
            key=lambda model: model.name,
        )
    )


async def server_version(settings: Settings) -> str | None:
    """Return the version of the server, or None when it does not answer."""
    try:
        async with httpx.AsyncClient(timeout=settings.connect_timeout_s, trust_env=False) as client:
            reply = await client.get(f"{settings.ollama_host}/api/version")
            reply.raise_for_status()
            version = reply.json()["version"]
    except (httpx.HTTPError, ValueError, KeyError, TypeError):
        return None
    return str(version)[:40]


async def capabilities(settings: Settings, name: str) -> frozenset[str]:
    """Return the capabilities of a model: "tools", "thinking", "embedding", "completion", …

    Raises:
        ModelServerError: The server is not there or has no such model.
    """
    try:
        async with _client(settings, timeout_s=settings.connect_timeout_s * 5) as client:
            shown = await client.show(name)
    except ollama.ResponseError as error:
        raise ModelServerError(f"The model server does not have {name}.") from error
    except (httpx.HTTPError, ConnectionError, ValueError) as error:
        raise _unreachable(settings) from error
    return frozenset(shown.capabilities or ())


async def model_state(settings: Settings, model: str | None = None) -> ModelState:
    """Return whether `model` (default: that of the settings) can choose tools. Never raises."""
    wanted = model or settings.model
    if not settings.use_model:
        return ModelState(model=wanted, problem="off")
    if not settings.uses_ollama:
        return await _other_provider_state(settings, wanted)
    try:
        found, version = await asyncio.gather(list_models(settings), server_version(settings))
    except ModelServerError:
        return ModelState(model=wanted, problem="no_server")
    digests = {model.name: model.digest for model in found}
    installed = tuple(digests)
    name = resolve(wanted, installed)
    if name is None and model is None:  # nobody chose one
        name = resolve(settings.small_model, installed)
    if name is None:
        return ModelState(wanted, "no_model", version=version, installed=installed)
    try:
        able = await capabilities(settings, name)
    except ModelServerError:
        return ModelState(name, "no_server", version=version, installed=installed)
    return ModelState(
        name,
        None if able & {"tools", "completion"} else "no_tools",
        version=version,
        thinking="thinking" in able,
        tools="tools" in able,
        digest=digests[name],
        installed=installed,
    )


async def _other_provider_state(settings: Settings, wanted: str) -> ModelState:
    """Return the state of a model of another provider, which lists names at most."""
    digest = f"{settings.provider} {settings.base_url} {wanted}"
    if not settings.base_url:
        return ModelState(wanted, None, digest=digest)
    try:
        listed = await openai_models.list_models(settings)
    except openai_models.NoAnswerError:
        return ModelState(wanted, "no_server")
    known = wanted in listed or not listed
    return ModelState(wanted, None if known else "no_model", digest=digest, installed=listed)


def resolve(wanted: str, installed: tuple[str, ...]) -> str | None:
    """Return the installed name for `wanted`: itself, its `:latest`, or one quantisation of it."""
    for name in (wanted, f"{wanted}:latest"):
        if name in installed:
            return name
    return next((name for name in installed if name.startswith(f"{wanted}-")), None)


async def pull(settings: Settings, name: str) -> AsyncIterator[PullProgress]:
    """Download a model; yield the progress.

    Raises:
        ModelServerError: The server is not there, knows no such model or breaks off.
    """
    try:
        async with _client(settings, timeout_s=_PULL_TIMEOUT_S) as client:
            async for line in await client.pull(name, stream=True):
                yield PullProgress(
                    status=line.status or "",
                    completed_bytes=int(line.completed or 0),
                    total_bytes=int(line.total or 0),
                )
    except ollama.ResponseError as error:
        raise ModelServerError(f"{name} could not be fetched: {error.error}") from error
    except (httpx.HTTPError, ConnectionError, ValueError) as error:
        raise _unreachable(settings) from error


def _unreachable(settings: Settings) -> ModelServerError:
    return ModelServerError(
        f"No model server answers at {settings.ollama_host}. Start it with: ollama serve"
    )
