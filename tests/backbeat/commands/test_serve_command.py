import threading

import pytest

from backbeat.commands import serve_command
from store.database import db
from store.jobs import indexer_state

pytestmark = pytest.mark.usefixtures("data_folder")


def test_the_end_of_another_indexer_is_waited_for(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(serve_command, "_CHECK_S", 0.05)
    db.upgrade()
    indexer_state.record_heartbeat()
    guard = serve_command.IndexerProcess(tmp_path)
    waiting = threading.Thread(target=guard._wait_for_other)
    waiting.start()
    waiting.join(0.3)
    assert waiting.is_alive()
    indexer_state.clear_heartbeat()
    waiting.join(10)
    assert not waiting.is_alive()
    indexer_state.record_heartbeat()
    guard._stopping.set()
    guard._wait_for_other()  # ends at once, and says nothing twice
    assert capsys.readouterr().err.count("Another indexer") == 1
