"""Where the data lives."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class StoreSettings(BaseSettings):
    """The data folder (`BACKBEAT_DATA`) and the places inside it.

    Attributes:
        models_elsewhere: Converted networks that are kept outside (`BACKBEAT_MODELS`), as in a
            container image, which carries them.
        retrain_after: New judgements of moods after which the mood model is trained anew; 0: only
            on demand.
    """

    model_config = SettingsConfigDict(
        env_prefix="BACKBEAT_", extra="ignore", frozen=True, populate_by_name=True
    )

    data: Path = Path("~/.local/share/backbeat")
    retrain_after: int = Field(default=20, ge=0)
    models_elsewhere: Path | None = Field(default=None, validation_alias="BACKBEAT_MODELS")

    @property
    def folder(self) -> Path:
        """The data folder, made if it is not there, with `~` expanded."""
        folder = self.data.expanduser().absolute()
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.folder / "backbeat.db"

    @property
    def vectors(self) -> Path:
        """The LanceDB folder: a cache, rebuilt from SQLite at any time."""
        return self._made("vectors")

    @property
    def charts(self) -> Path:
        """Drum chart bundles, one folder a chart."""
        return self._made("charts")

    @property
    def exports(self) -> Path:
        """Exported playlists."""
        return self._made("exports")

    @property
    def models(self) -> Path:
        """Converted networks (`.tflite`)."""
        return self.models_elsewhere or self._made("models")

    @property
    def demo(self) -> Path:
        """The rendered demo library."""
        return self.folder / "demo"

    def _made(self, name: str) -> Path:
        place = self.folder / name
        place.mkdir(exist_ok=True)
        return place
