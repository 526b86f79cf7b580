import pytest
from pydantic import ValidationError

from indexer.jobs import settings as settings_module
from indexer.jobs.settings import IndexerSettings


@pytest.mark.parametrize(
    ("cores", "workers", "percent", "active", "duty"),
    [(4, 3, 100, 3, 1.0), (4, 3, 50, 2, 1.0), (4, 3, 60, 3, 0.8), (4, 3, 10, 1, 0.4),
     (2, 1, 100, 1, 1.0), (1, 1, 30, 1, 0.3)],
)  # fmt: skip
def test_the_share_of_the_machine_decides_how_many_work_and_how_hard(
    cores: int, workers: int, percent: float, active: int, duty: float,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(settings_module, "_cores", lambda: cores)
    settings = IndexerSettings(workers=workers, index_cpu=percent)
    assert settings.active_workers == active
    assert settings.duty == pytest.approx(duty)


@pytest.mark.parametrize(
    ("name", "value"),
    [("INDEX_CPU", "0"), ("INDEX_CPU", "150"), ("QUIET_HOURS", "at night"),
     ("MAX_TEMPERATURE_C", "8")],
)  # fmt: skip
def test_settings_that_make_no_sense_are_refused(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"BACKBEAT_{name}", value)
    with pytest.raises(ValidationError, match="22:00-07:00" if "QUIET" in name else name.lower()):
        IndexerSettings()
