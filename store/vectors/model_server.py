"""Where the model server (Ollama) is, for the conversation and for the indexer."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

OLLAMA_PORT: Final = 11434
_HOST: Final = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.?)+", re.IGNORECASE)


class ModelServerSettings(BaseSettings):
    """The server and the model that turns text into vectors (`BACKBEAT_…`).

    Attributes:
        use_model: False: no server is ever asked.
        ollama_host: Its address; what Ollama takes as OLLAMA_HOST is understood.
        embed_model: Describes tracks and requests as vectors, where the server has it.
    """

    model_config = SettingsConfigDict(
        env_prefix="BACKBEAT_", extra="ignore", frozen=True, populate_by_name=True
    )

    use_model: bool = True
    ollama_host: str = Field(
        default=f"http://127.0.0.1:{OLLAMA_PORT}",
        validation_alias=AliasChoices("BACKBEAT_OLLAMA_HOST", "OLLAMA_HOST"),
    )
    embed_model: str = "embeddinggemma"
    connect_timeout_s: float = Field(default=2.0, gt=0)

    @field_validator("ollama_host")
    @classmethod
    def _as_url(cls, value: str) -> str:
        return server_url(value)


def server_url(value: str) -> str:
    """What Ollama itself takes as OLLAMA_HOST ("host", "host:port", ":port", URL), as a URL."""
    text = value.strip().rstrip("/")
    if not text:
        return f"http://127.0.0.1:{OLLAMA_PORT}"
    try:
        parts = urlsplit(text if "://" in text else f"http://{text}")
        port = parts.port
    except ValueError:  # an unclosed bracket, or a port that is none
        raise _nonsense(value) from None
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise _nonsense(value)
    if text.endswith(":") or _is_no_host(parts.hostname or ""):
        raise _nonsense(value)
    host = parts.hostname or "127.0.0.1"
    if host in ("0.0.0.0", "::"):  # noqa: S104
        host = "127.0.0.1"
    default = OLLAMA_PORT if "://" not in text else {"http": 80, "https": 443}[parts.scheme]
    host = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{host}:{port or default}{parts.path}"


def _is_no_host(host: str) -> bool:
    """Return whether a text can be neither a name nor an address of a machine; "" can."""
    return bool(host) and ":" not in host and _HOST.fullmatch(host) is None


def _nonsense(value: str) -> ValueError:
    return ValueError(
        f"Expected the address of a model server such as http://127.0.0.1:11434, not {value!r}"
    )
