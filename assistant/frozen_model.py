"""Base of the assistant's immutable values."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class FrozenModel(BaseModel):
    """A validated value that cannot be changed and has no fields but those declared."""

    model_config = ConfigDict(frozen=True, extra="forbid")
