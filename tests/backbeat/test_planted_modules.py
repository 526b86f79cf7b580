"""Python files among the music are never executed, by no process that is started."""

import json
import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import numpy as np
import psutil
import pytest
import soundfile

from backbeat.indexer_process import IndexerProcess
from indexer.jobs.progress import IndexEvent
from indexer.jobs.service import index_once
from indexer.models import converting
from store import processes
from store.database import db
from store.jobs import job_reports
from store.vectors import vector_service

pytestmark = pytest.mark.xdist_group("planted")

LIBRARIES = (
    "aiosqlite", "alembic", "av", "chainlit", "fastapi", "httpx", "lancedb", "librosa", "litellm",
    "mcp", "mutagen", "numpy", "ollama", "psutil", "pyarrow", "pydantic", "rapidfuzz", "rich",
    "scipy", "soundfile", "soxr", "sqlalchemy", "sqlmodel", "starlette", "tensorflow", "typer",
    "uvicorn", "watchfiles",
)  # fmt: skip
ABSENT = ("h2", "litellm_enterprise", "orjson", "socksio", "trio", "ujson")
"""Libraries that ours use where they are installed."""
STANDARD = (
    "asyncio", "contextlib", "dataclasses", "hashlib", "importlib", "json", "logging",
    "multiprocessing", "pathlib", "pickle", "random", "re", "select", "signal", "socket",
    "sqlite3", "subprocess", "tempfile", "threading", "types", "typing", "zlib",
)  # fmt: skip
OWN = ("assistant", "indexer", "prompts", "store", "tools")
AT_START = ("sitecustomize", "usercustomize")
SCRIPT = str(Path(sys.executable).parent / "backbeat")
PLANTED = """\
import os
os.close(os.open(os.path.join({traces!r}, __name__ + "-" + str(os.getpid())), os.O_CREAT))
raise ImportError("This file lay among the music.")
"""


class Planted:
    """A music folder with two songs, Python files and an `.env`; each leaves a trace when used."""

    def __init__(self, place: Path, *, standard: bool = True) -> None:
        self.folder, self.traces, self.data = place / "music", place / "traces", place / "data"
        for folder in (self.folder, self.traces):
            folder.mkdir(parents=True)
        for seed, name in enumerate(("one", "two")):
            noise = 0.1 * np.random.default_rng(seed).standard_normal(6 * 44_100)
            soundfile.write(self.folder / f"{name}.flac", noise, 44_100)
        for name in (*LIBRARIES, *ABSENT, *OWN, *(STANDARD if standard else ()), *AT_START):
            text = PLANTED.format(traces=str(self.traces))
            (self.folder / f"{name}.py").write_text(text, "utf-8")
        (self.folder / ".env").write_text("PLANTED=1\nPYTHONPATH=.\n", "utf-8")
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("BACKBEAT_", "PYTHON"))},
            "BACKBEAT_DATA": str(self.data),
            "BACKBEAT_OLLAMA_HOST": "http://127.0.0.1:9",
            "BACKBEAT_STABLE_S": "0.2",
            "BACKBEAT_WORKERS": "1",
            "COLUMNS": "160",
        }

    def run(self, *arguments, entry=(SCRIPT,), status=0, **extra):
        done = subprocess.run(
            [*entry, *map(str, arguments)], cwd=self.folder, env={**self.environment, **extra},
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=280, check=False,
        )  # fmt: skip
        assert not self.used()
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout

    def used(self) -> list[str]:
        return sorted(trace.name for trace in self.traces.iterdir())


@pytest.fixture(scope="module")
def planted(tmp_path_factory) -> Planted:
    return Planted(tmp_path_factory.mktemp("planted"))


@pytest.fixture(scope="module")
def indexed(planted) -> Planted:
    """`backbeat index .`: a conversion of the tagger, a worker and an update of the vectors."""
    assert "2 files" in planted.run("index", ".")
    return planted


def test_a_planted_module_leaves_a_trace(tmp_path):
    planted = Planted(tmp_path)
    subprocess.run(
        [sys.executable, "-c", "import av"], cwd=planted.folder, check=False, capture_output=True
    )
    assert [name.partition("-")[0] for name in planted.used()] == ["av"]


def test_index_converts_works_and_keeps_vectors(indexed):
    assert list((indexed.data / "models").glob("*.tflite"))
    assert any((indexed.data / "vectors").iterdir())
    status = json.loads(indexed.run("chat", "--once", "how many songs do I have?", "--json"))
    assert status["calls"][0]["data"]["tracks"] == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ("version",),
        ("doctor",),
        ("index", "."),
        ("index", ".", "--retry"),
        ("analyze", ".", "--json", "--jobs", "2"),
        ("transcribe", "one.flac", "--csv"),
        ("chat", "--once", "something like one"),
        ("playlist",),
        ("tags", "write", "."),
        ("vectors", "rebuild"),
        ("mcp",),
    ],
    ids=" ".join,
)
def test_commands(indexed, arguments):
    indexed.run(*arguments)


def test_python_m(indexed, tmp_path):
    """What Python loads before our first line is out of reach: no standard module is planted."""
    planted = Planted(tmp_path, standard=False)
    models = {"BACKBEAT_MODELS": str(indexed.data / "models")}
    entry = (sys.executable, "-m", "backbeat")
    assert "2 files" in planted.run("index", ".", entry=entry, **models)
    told = planted.run("analyze", ".", "--json", "--jobs", "2", entry=entry, **models)
    assert len(told.splitlines()) == 2


@pytest.mark.parametrize("search", [":.:", "../music"])
def test_a_relative_search_path(indexed, tmp_path, search):
    """As above; and at the start Python looks for two modules on such a path itself."""
    planted = Planted(tmp_path, standard=False)
    for name in AT_START:
        (planted.folder / f"{name}.py").unlink()
    models = {"BACKBEAT_MODELS": str(indexed.data / "models")}

    assert "2 files" in planted.run("index", ".", PYTHONPATH=search, **models)


def test_pause_and_resume(indexed):
    indexed.run("pause")
    indexed.run("resume")  # in one test: the others need an indexer that works


def test_serve(indexed):
    port = _free_port()
    command = [SCRIPT, "serve", ".", "--port", str(port)]
    process = subprocess.Popen(
        command, cwd=indexed.folder, env=indexed.environment, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        health = _until_alive(process, port)
        assert health["tracks"] == 2
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/chat/", timeout=30) as page:
            assert b"<html" in page.read()
        noise = 0.1 * np.random.default_rng(9).standard_normal(6 * 44_100)
        soundfile.write(indexed.folder / "three.flac", noise, 44_100)
        _until(lambda: _health(port)["tracks"] == 3)
        family = [psutil.Process(process.pid)]
        family += family[0].children(recursive=True)
        assert any("indexer.jobs.worker" in member.cmdline() for member in family)
        for member in family:
            assert Path(member.cwd()).samefile(indexed.data), member.cmdline()
            assert "PLANTED" not in member.environ()
    finally:
        process.terminate()
        process.communicate(timeout=60)
        (indexed.folder / "three.flac").unlink(missing_ok=True)
    assert not indexed.used()


SEARCHED = """
import os, sys
import backbeat
from assistant.model.llm import load_litellm
from assistant.web.server import create_app
create_app()
load_litellm()
print([path for path in sys.path if os.path.realpath(path or ".") == os.path.realpath(os.getcwd())])
print(os.environ.get("PLANTED"))
"""


def test_the_chat_server_searches_nothing_of_the_current_folder(indexed, tmp_path):
    program = tmp_path / "server.py"
    program.write_text(SEARCHED, "utf-8")
    told = indexed.run(program, entry=(sys.executable,), PYTHONPATH=str(processes.ROOT))
    assert told.splitlines()[-2:] == ["[]", "None"]


def test_a_chat_with_a_model(indexed, ollama):
    """An answer of the model loads all of litellm and what it uses where it is installed."""
    ollama.answer = lambda request: ollama.says("A joke.")
    told = indexed.run("chat", "--once", "tell me a joke", BACKBEAT_OLLAMA_HOST=ollama.url)
    assert told.strip()
    assert any(path == "/api/chat" for path, _ in ollama.requests)


@pytest.fixture
def inside(indexed, monkeypatch, tmp_path):
    """This process in the music folder, with the worst search path, on the data of `indexed`."""
    monkeypatch.chdir(indexed.folder)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(["", ".", str(tmp_path)]))
    monkeypatch.setenv("PYTHONSAFEPATH", "")
    for name, value in indexed.environment.items():
        if name.startswith("BACKBEAT_"):
            monkeypatch.setenv(name, value)
    db.reset()
    yield indexed
    vector_service.close()
    db.reset()
    assert not indexed.used()


def test_workers_and_the_vector_keeper(inside):
    noise = 0.1 * np.random.default_rng(5).standard_normal(6 * 44_100)
    soundfile.write(inside.folder / "five.flac", noise, 44_100)
    events: list[IndexEvent] = []
    summary = index_once(Path(), events.append)
    assert summary.outcomes == {"analysed": 1}
    assert not [event.message for event in events if event.kind == "problem"]
    (inside.folder / "five.flac").unlink()
    assert index_once(Path()).failures == []


def test_the_vector_child(inside):
    assert vector_service.warm(timeout_s=120)


def test_the_attached_indexer(inside):
    attached = IndexerProcess(Path())
    attached.start()
    try:
        _until(lambda: attached._process is not None and _beats())
        assert job_reports.counts() is not None
    finally:
        attached.stop()


def test_a_conversion(inside):
    with pytest.raises(converting.ConversionError, match="checkpoint"):
        converting.run_converter(
            "indexer.models.egmd", str(inside.folder), "--out", str(inside.data / "x.tflite"),
            what="a network",
        )  # fmt: skip


def _beats() -> bool:
    from store.jobs import indexer_state

    return indexer_state.indexer_alive()


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _health(port):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/health", timeout=5) as answer:
        return json.load(answer)


def _until_alive(process, port):
    health: dict = {}

    def alive():
        assert process.poll() is None, process.stdout.read()
        try:
            health.update(_health(port))
        except OSError:
            return False
        return health["indexer_alive"]

    _until(alive)
    return health


def _until(condition) -> None:
    until = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.2)
