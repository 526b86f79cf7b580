"""Where the model server (Ollama) is, for the conversation and for the indexer."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

OLLAMA_PORT: Final = 11434


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
    parts = urlsplit(text if "://" in text else f"http://{text}")
    if parts.scheme not in ("http", "https"):
        raise ValueError(f"Expected an address such as http://127.0.0.1:11434, not {value!r}")
    host = parts.hostname or "127.0.0.1"
    if host in ("0.0.0.0", "::"):
        host = "127.0.0.1"
    default = OLLAMA_PORT if "://" not in text else {"http": 80, "https": 443}[parts.scheme]
    host = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{host}:{parts.port or default}{parts.path}"
