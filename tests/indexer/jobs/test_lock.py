from pathlib import Path

import pytest

from indexer.jobs.lock import BusyError, IndexerError, indexer_lock


def test_one_at_a_time(tmp_path: Path) -> None:
    with indexer_lock(tmp_path), pytest.raises(BusyError, match="at work"), indexer_lock(tmp_path):
        pass
    with indexer_lock(tmp_path):
        pass


def test_a_folder_that_takes_nothing_is_told(tmp_path: Path) -> None:
    (tmp_path / "indexer.lock").mkdir()
    with pytest.raises(IndexerError, match="BACKBEAT_DATA"), indexer_lock(tmp_path):
        pass
