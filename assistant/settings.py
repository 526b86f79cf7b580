"""Settings of the chat: address, login, language and model server (`BACKBEAT_…`)."""

from __future__ import annotations

import ipaddress
import os
from pathlib import Path
from typing import Any, Final, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator

import prompts
from store.settings import StoreSettings
from store.vectors.model_server import ModelServerSettings

OLLAMA: Final = "ollama"
DEFAULT_MODEL: Final = "qwen3:4b-instruct-2507"
SMALL_MODEL: Final = "qwen3:1.7b"
_LITTLE_MEMORY_BYTES: Final = 10 * 2**30  # an 8 GB board: half the context leaves room for music
_SMALL_MEMORY_BYTES: Final = 6 * 2**30  # the default model takes half of it
_LEAST_MEMORY_BYTES: Final = 3 * 2**30  # the small model takes half of it
_CLOUD: Final = ("-cloud", ":cloud")  # names of models that Ollama runs on its own machines


class Settings(ModelServerSettings):
    """Settings of the conversation; the data folder is in `store.settings`.

    Attributes:
        bind: In a container, the address on which the host publishes the port; what listens on
            0.0.0.0 inside cannot know it.
        trust_network: Listen wider than this machine without a password, because `bind` keeps the
            port on the loopback; with any other `bind`, or none, it changes nothing.
        allowed_hosts: More names by which a browser may call this machine, comma-separated.
        num_ctx: One constant context for every request, so that the model stays loaded.
        fallback_model: Tried when the model fails; "" for none.
        provider: "ollama", or another of litellm's, such as "openai" for any server that speaks
            OpenAI's format.
        password_file, api_key_file: Files that hold these secrets, such as those of a container.
        base_url: Where that other provider is; "" for its own address on the internet.
        api_key: Its key.
    """

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    password: SecretStr | None = None
    password_file: Path | None = None
    bind: str = ""
    trust_network: bool = False
    allowed_hosts: str = ""
    locale: str = "auto"
    model: str = DEFAULT_MODEL
    small_model: str = SMALL_MODEL
    fallback_model: str = ""
    provider: str = Field(default=OLLAMA, pattern=r"^[a-z][a-z0-9_]*$")
    base_url: str = ""
    api_key: SecretStr | None = None
    api_key_file: Path | None = None
    num_ctx: int = Field(default_factory=lambda: _context_for_memory(), ge=4096, le=131072)
    model_timeout_s: float = Field(default=180.0, gt=0)  # a cold prompt on a Pi 5: 70 s
    turn_timeout_s: float = Field(default=420.0, gt=0)
    message_limit: int = Field(default=1000, ge=50)

    @model_validator(mode="before")
    @classmethod
    def _read_secrets(cls, values: dict[str, Any]) -> dict[str, Any]:
        """Take secrets from files where they are not set themselves."""
        read = {}
        for secret in ("password", "api_key"):
            file = str(values.get(f"{secret}_file") or "")
            if file and not values.get(secret):
                try:
                    read[secret] = Path(file).expanduser().read_text(encoding="utf-8").strip()
                except (OSError, ValueError) as error:
                    name = f"BACKBEAT_{secret.upper()}_FILE"
                    why = getattr(error, "strerror", None) or error
                    raise ValueError(f"{name}: {file} cannot be read ({why}).") from error
        return {**values, **read}

    @field_validator("locale")
    @classmethod
    def _known_language(cls, value: str) -> str:
        known = ("auto", *prompts.languages())
        if value not in known:
            raise ValueError(f"There is no language {value!r}: expected {', '.join(known)}")
        return value

    @field_validator("base_url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        address = value.strip().rstrip("/")
        if address and not address.startswith(("http://", "https://")):
            raise ValueError(f"Expected an address such as http://127.0.0.1:1234/v1, not {value!r}")
        return address

    @field_validator("password", "api_key")
    @classmethod
    def _empty_is_none(cls, value: SecretStr | None) -> SecretStr | None:
        """An empty one, or one of blanks alone, which protects nothing."""
        return value if value is not None and value.get_secret_value().strip() else None

    @model_validator(mode="after")
    def _network_needs_login(self) -> Self:
        if self.password is not None or not self.open_to_network or _users_exist():
            return self
        published_here = _is_loopback(self._bind)
        wide = "BACKBEAT_BIND" if self.bind and not published_here else "BACKBEAT_HOST"
        address = self.bind if wide == "BACKBEAT_BIND" else self.host
        raise ValueError(
            f"{wide}={address} opens the chat to the network: set BACKBEAT_PASSWORD first, or add "
            f"a user (backbeat user add NAME), or leave {wide} at 127.0.0.1."
        )

    @property
    def open_to_network(self) -> bool:
        """True when others than this machine can reach the chat."""
        return not (self.loopback or (self.trust_network and _is_loopback(self._bind)))

    @property
    def _bind(self) -> str:
        return self.bind.strip().removeprefix("[").removesuffix("]")

    @property
    def loopback(self) -> bool:
        """True when only this machine can reach the chat."""
        return _is_loopback(self.host)

    @property
    def uses_ollama(self) -> bool:
        """True when the models are those of an Ollama server."""
        return self.provider == OLLAMA

    @property
    def model_address(self) -> str:
        """The address of the model server; the provider's name where no address is set."""
        if self.uses_ollama:
            return self.ollama_host
        return self.base_url or self.provider

    def leaves_house(self, model: str) -> str | None:
        """Return the host of `model` when it is outside the local network, else None."""
        if self.uses_ollama and model.endswith(_CLOUD):
            return "ollama.com"
        if self.model_address == self.provider:
            return self.provider
        host = urlsplit(self.model_address).hostname or self.model_address
        return None if _in_house(host) else host

    @property
    def extra_hosts(self) -> frozenset[str]:
        """`allowed_hosts` as lower-case names."""
        return frozenset(h.strip().lower() for h in self.allowed_hosts.split(",") if h.strip())


def _users_exist() -> bool:
    """Return whether anybody can sign in; no database is made for that."""
    from store.people import users
    from store.results import StoreError

    try:
        database = StoreSettings().data.expanduser() / "backbeat.db"
        return database.exists() and users.users_exist()
    except (StoreError, OSError):
        return False


def _is_loopback(host: str) -> bool:
    """127.0.0.0/8, ::1 or localhost; no other name, whatever it may stand for."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _in_house(host: str) -> bool:
    """Return whether a host is this machine, a private address or a name without public domain."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return "." not in host or host.endswith((".local", ".lan", ".home.arpa", ".internal"))
    return address.is_loopback or address.is_private or address.is_link_local


def memory_bytes() -> int | None:
    """Return the machine's memory; None where the system does not report it."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):
        return None


def recommended_model(memory: int | None) -> str | None:
    """Return the language model that fits into this much memory; None where none does."""
    if memory is None or memory < _LEAST_MEMORY_BYTES:
        return None
    return SMALL_MODEL if memory < _SMALL_MEMORY_BYTES else DEFAULT_MODEL


def _context_for_memory() -> int:
    """Return the context size in tokens: 8192, or 4096 where memory is short."""
    return 4096 if (memory_bytes() or 0) < _LITTLE_MEMORY_BYTES else 8192


_current: list[Settings] = []


def use(settings: Settings) -> Settings:
    """Set the settings of this process."""
    _current[:] = [settings]
    return settings


def current() -> Settings:
    """Return the settings of this process; read from the environment on first use."""
    return _current[0] if _current else use(Settings())
