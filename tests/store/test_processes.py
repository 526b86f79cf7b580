"""Our own modules as processes: nothing of the current folder is code."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from store import processes

ROOMS = ("assistant", "backbeat", "tools", "indexer", "store", "prompts")
STARTERS = {
    "subprocess": {"Popen", "run", "call", "check_call", "check_output", "getoutput",
                   "getstatusoutput"},
    "os": {"system", "popen", "posix_spawn", "posix_spawnp", "fork", "forkpty", "execv", "execve",
           "execvp", "execvpe", "execl", "execle", "execlp", "execlpe", "spawnv", "spawnve",
           "spawnl", "spawnle", "spawnlp", "spawnvp", "startfile"},
    "asyncio": {"create_subprocess_exec", "create_subprocess_shell"},
    "runpy": {"run_module", "run_path"},
}  # fmt: skip
OTHER_PROGRAMS = {"fluid.py"}
"""Files that start a program which is no Python."""


def bypasses(source: str, *, other_programs: bool = False) -> list[str]:
    """What in a module starts a process without `store.processes`, or could."""
    found = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Attribute(ast.Name(library), name)) if name in STARTERS.get(
                library, ()
            ):
                if library != "subprocess" or not (other_programs or _is_safe(node)):
                    found.append(f"{node.lineno}: {library}.{name}")
            case ast.Attribute(ast.Name("sys"), "executable" | "orig_argv" as name):
                found.append(f"{node.lineno}: sys.{name}")
            case ast.ImportFrom(module=module, names=names):
                library = (module or "").partition(".")[0]
                risky = STARTERS.get(library, set()) | {"executable", "orig_argv"}
                if library in {*STARTERS, "sys"} and risky & {alias.name for alias in names}:
                    found.append(f"{node.lineno}: from {module}")
                if library in ("multiprocessing", "pty") or "ProcessPoolExecutor" in {
                    alias.name for alias in names
                }:
                    found.append(f"{node.lineno}: from {module}")
            case ast.Import(names=names):
                for alias in names:
                    if alias.name.partition(".")[0] in ("multiprocessing", "pty") or (
                        alias.asname and alias.name in STARTERS
                    ):
                        found.append(f"{node.lineno}: import {alias.name}")
    return found


def _is_safe(call: ast.Call) -> bool:
    """`subprocess.…(**processes.module(…), …)`, with nothing else that says what is started."""
    spread = [ast.unparse(word.value) for word in call.keywords if word.arg is None]
    return (
        not call.args
        and len(spread) == 1
        and spread[0].startswith("processes.module(")
        and not {"args", "env", "cwd", "executable", "shell"} & {w.arg for w in call.keywords}
    )


def test_every_process_is_started_the_one_safe_way():
    files = [path for room in ROOMS for path in sorted((processes.ROOT / room).rglob("*.py"))]
    assert len(files) > 100
    found = {
        str(path.relative_to(processes.ROOT)): told
        for path in files
        if path != Path(processes.__file__)
        if (told := bypasses(path.read_text("utf-8"), other_programs=path.name in OTHER_PROGRAMS))
    }
    assert not found


@pytest.mark.parametrize(
    "line",
    [
        "subprocess.Popen([sys.executable, '-m', 'indexer.jobs.worker'])",
        "subprocess.run(['python3', '-m', 'indexer.jobs.worker'])",
        "subprocess.run(**processes.module('indexer.jobs.worker'), cwd='.')",
        "subprocess.run(**other.module('indexer.jobs.worker'))",
        "python = sys.executable",
        "from sys import executable",
        "from subprocess import Popen",
        "import subprocess as s",
        "from multiprocessing import get_context",
        "import multiprocessing",
        "from concurrent.futures import ProcessPoolExecutor",
        "os.execv(path, [path])",
        "asyncio.create_subprocess_exec('python3')",
        "os.system('python3 -m indexer.jobs.worker')",
    ],
)
def test_another_way_is_found(line):
    assert bypasses(line)


def test_the_safe_way_is_accepted():
    assert not bypasses(
        "subprocess.run(**processes.module('indexer.jobs.worker', name), text=True)"
    )
    assert not bypasses("subprocess.run([program, '-ni'], check=True)", other_programs=True)


@pytest.fixture
def here(tmp_path, monkeypatch, data_folder):
    folder = tmp_path / "music"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def test_a_module_runs_in_the_data_folder_with_whole_paths_alone(here, data_folder, monkeypatch):
    whole = str(here.parent / "packages")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(["", ".", "packages", whole, "~/p", ""]))
    monkeypatch.setenv("BACKBEAT_DATA", "../data")
    monkeypatch.setenv("BACKBEAT_MODELS", "networks")
    start = processes.module("indexer.jobs.worker", "one", environment={**os.environ, "EXTRA": "1"})
    assert start["args"] == [sys.executable, "-P", "-m", "indexer.jobs.worker", "one"]
    assert start["cwd"].samefile(data_folder)
    assert start["env"]["PYTHONPATH"] == os.pathsep.join([str(processes.ROOT), whole])
    assert start["env"]["PYTHONSAFEPATH"] == "1"
    assert Path(start["env"]["BACKBEAT_DATA"]).is_absolute()
    assert start["env"]["BACKBEAT_MODELS"] == str(here / "networks")
    assert start["env"]["EXTRA"] == "1"


def test_the_whole_entry_of_our_packages_stands_once(here, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(processes.ROOT))
    assert processes.module("x")["env"]["PYTHONPATH"] == str(processes.ROOT)
    monkeypatch.delenv("PYTHONPATH")
    assert processes.module("x")["env"]["PYTHONPATH"] == str(processes.ROOT)


POOL = """
import json, os, sys
from store import processes
if __name__ == "__main__":
    os.environ["PYTHONPATH"] = ":."
    with processes.pool(1) as pool:
        print(json.dumps(pool.submit(eval, "__import__('sys').path").result()))
"""


def test_a_pool_does_not_search_the_current_folder(here):
    (here / "multiprocessing.py").write_text("raise SystemExit('imported from the music')")
    start = processes.module("x")
    (here.parent / "pool.py").write_text(POOL, "utf-8")
    command = [sys.executable, here.parent / "pool.py"]
    done = subprocess.run(
        command, env={**start["env"], "PYTHONSAFEPATH": ""}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert not {"", ".", str(here)} & set(json.loads(done.stdout))


def test_a_process_leaves_the_current_folder_and_keeps_its_paths(here, data_folder, monkeypatch):
    monkeypatch.setenv("BACKBEAT_DATA", "../data")
    monkeypatch.setenv("BACKBEAT_MODELS", "networks")
    code = (
        "from store import processes; from store.settings import StoreSettings\n"
        "processes.leave_current_folder(); print(StoreSettings().folder, StoreSettings().models)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": str(processes.ROOT)},
    )  # fmt: skip
    data, models = done.stdout.split()
    assert Path(data).samefile(data_folder)
    assert models == str(here / "networks")
