import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from store.library import track_files, track_writing
from store.records import (
    AnalysisRecord,
    Embedding,
    FileFacts,
    TagFacts,
    TrackRecord,
)
from store.results import StoreError
from store.settings import StoreSettings
from store.vectors import lance_tables, vector_service, vector_tables
from store.vectors.vector_scan import scan

MODEL = "test-8"
"""As the library fixture has it."""


@pytest.fixture(autouse=True)
def no_child_left():
    yield
    vector_service.close()


def bytes_of(*values):
    return np.array(values, "<f4").tobytes()


def vector_of(library, title):
    return next(bytes(row) for number, row in _rows() if number == library.id(title))


def _rows():
    from store.database import db

    with db.read() as session:
        found = db.rows(session, "SELECT track_id, vector FROM trackembedding")
    return [(row.track_id, row.vector) for row in found]


def test_lance_and_the_scan_agree(library):
    assert vector_tables.rebuild() == len(library.ids)
    wanted = vector_of(library, "Halo")
    for ids in (None, [library.id(name) for name in ("Orbit", "Drift", "Ashes")]):
        lance = vector_tables.nearest(wanted, model=MODEL, limit=10, ids=ids)
        plain = scan(wanted, model=MODEL, limit=10, ids=ids)
        assert [number for number, _ in lance] == [number for number, _ in plain]
        assert np.allclose([s for _, s in lance], [s for _, s in plain], atol=1e-5)
    assert vector_tables.nearest(wanted, model=MODEL, limit=1)[0] == (
        library.id("Halo"), pytest.approx(1.0, abs=1e-5),
    )  # fmt: skip


def test_synchronising_follows_the_library(library):
    assert vector_tables.check() != []
    seen = []
    assert vector_tables.synchronise(on_progress=seen.append) == len(library.ids)
    assert seen[-1] == 1.0 and vector_tables.check() == []
    assert vector_tables.synchronise() == 0
    track_writing.remove_track(library.id("Orbit"))
    changed = Embedding(bytes_of(1, 2, 3, 4, 5, 6, 7, 8), MODEL, 2)
    track_writing.save_analysis(library.id("Halo"), AnalysisRecord(embeddings=(changed,)))
    assert vector_tables.check() != []
    assert vector_tables.synchronise() == 2
    assert vector_tables.check() == []
    best = vector_tables.nearest(changed.vector, model=MODEL, limit=1)
    assert best[0][0] == library.id("Halo") and best[0][1] > 0.999


def test_single_vectors_are_put_and_dropped(library):
    vector_tables.synchronise()
    far = bytes_of(0, 0, 0, 0, 0, 9, 9, 0)
    vector_tables.upsert(MODEL, [(library.id("Halo"), far)])
    assert vector_tables.nearest(far, model=MODEL, limit=1)[0][0] == library.id("Halo")
    vector_tables.delete([library.id("Halo")])
    assert vector_tables.nearest(far, model=MODEL, limit=1)[0][0] != library.id("Halo")


def test_damaged_files_are_made_anew(library):
    vector_tables.synchronise()
    for place in StoreSettings().vectors.rglob("*"):
        if place.is_file():
            place.write_bytes(b"rubbish")
    with pytest.raises(StoreError, match="made anew"):
        vector_tables.nearest(bytes_of(*range(8)), model=MODEL, limit=3)
    assert vector_tables.check() != []
    assert vector_tables.synchronise() == len(library.ids)
    assert vector_tables.check() == []


def test_a_model_with_any_name_has_a_table_of_its_own(library):
    odd = "ünïcode/../embedding:latest'; --"
    number = library.id("Halo")
    both = (Embedding(bytes_of(1, 0), odd, 1), Embedding(bytes_of(1, 0, 0), "text", 1, "text"))
    track_writing.save_analysis(number, AnalysisRecord(embeddings=both))
    vector_tables.synchronise()
    assert vector_tables.nearest(bytes_of(1, 0), model=odd, limit=1) == ((number, 1.0),)
    assert vector_tables.nearest(bytes_of(1, 0, 0), model="text", limit=1) == ((number, 1.0),)


def test_small_libraries_are_scanned_without_a_child(library):
    found = vector_service.similar(library.id("Halo"), limit=2)
    assert {number for number, _ in found} == {library.id("Orbit"), library.id("Drift")}
    assert all(0.0 <= alike <= 1.0 for _, alike in found)
    assert vector_service._child.process_id is None
    assert vector_service.similar(10**9, limit=3) == ()


def test_missing_tracks_are_no_neighbours(library):
    track_files.mark_missing([library.id("Orbit")])
    found = vector_service.similar(library.id("Halo"), limit=1)
    assert [number for number, _ in found] == [library.id("Drift")]


def test_only_the_asked_tracks_are_compared(library):
    some = [library.id("Ashes"), library.id("Hammer Down")]
    found = vector_service.similar(library.id("Halo"), limit=5, ids=some)
    assert {number for number, _ in found} == set(some)
    assert vector_service.similar(library.id("Halo"), limit=5, ids=[]) == ()


def test_large_libraries_ask_the_child_and_survive_its_death(library, monkeypatch):
    monkeypatch.setattr(vector_service, "SCAN_UP_TO", 5)
    monkeypatch.setattr(vector_service, "START_AGAIN_AFTER_S", 0.0)
    vector_tables.synchronise()
    halo = library.id("Halo")
    expected = [number for number, _ in vector_service.similar(halo, limit=4)]
    assert vector_service.warm()
    child = vector_service._child.process_id
    assert child is not None
    with monkeypatch.context() as patch:
        patch.setattr(vector_service, "scan", lambda *_, **__: pytest.fail("scanned"))
        assert [number for number, _ in vector_service.similar(halo, limit=4)] == expected
    os.kill(child, signal.SIGKILL)
    assert [number for number, _ in vector_service.similar(halo, limit=4)] == expected
    assert vector_service.warm() and vector_service._child.process_id != child
    shutil.rmtree(StoreSettings().vectors)
    assert [number for number, _ in vector_service.similar(halo, limit=4)] == expected


def test_the_chat_side_imports_no_lancedb(library):
    code = (
        "import sys\n"
        "from store.search import track_search\n"
        "from store.vectors import vector_service as v\n"
        f"assert v.similar({library.id('Halo')}, limit=2)\n"
        "print(sorted({'lancedb', 'pyarrow', 'alembic', 'pandas'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_above_the_limit_the_table_gets_an_index_and_finds_the_same(data_folder, monkeypatch):
    monkeypatch.setattr(lance_tables, "INDEX_FROM", 300)
    generator = np.random.default_rng(7)
    centres = generator.normal(size=(10, 16))
    for number in range(320):
        values = centres[number % 10] + 0.1 * generator.normal(size=16)
        record = TrackRecord(
            FileFacts(Path(f"/m/{number}.mp3"), f"h{number}", 1, 1),
            TagFacts(f"t{number}"),
            AnalysisRecord(embeddings=(Embedding(bytes_of(*values), "m", 1),)),
        )
        track_writing.save_track(record)
    vector_tables.synchronise()
    table = lance_tables.connect().open_table(vector_tables.table_name("m"))
    assert {index.name for index in table.list_indices()} == {"track_id_idx", "vector_idx"}
    wanted = bytes_of(*centres[3])
    lance = {number for number, _ in vector_tables.nearest(wanted, model="m", limit=20)}
    assert len(lance & {number for number, _ in scan(wanted, model="m", limit=20)}) >= 18
