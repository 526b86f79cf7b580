"""How our own Python modules are started as processes, so that no stranger's file becomes code.

`python -m` and `python -c` put the current folder first on the module search path, and that folder
may hold somebody's music: a file `av.py` among the songs would be imported instead of the library.
Every process therefore starts with `-P` (no current folder on the path), in the data folder, and
with a PYTHONPATH that names whole paths only.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypedDict

from store.settings import StoreSettings

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

ROOT: Final = Path(__file__).resolve().parents[1]
"""The folder that holds our packages."""
ONE_THREAD: Final[Mapping[str, str]] = {
    **{f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMBA", "BLIS")},
    "VECLIB_MAXIMUM_THREADS": "1",
}
"""Numeric libraries read their number of threads when they load: one, as several cost twice the
processor time for the small matrices of an analysis, and workers run in parallel."""
_PATHS: Final = ("BACKBEAT_MODELS", "BACKBEAT_THERMAL_ZONES")
"""Variables, beside the data folder's, that a child in another working folder must find whole."""


class Start(TypedDict):
    """What `subprocess.Popen` and `subprocess.run` take: `Popen(**module("…"), stdin=…)`."""

    args: list[str]
    env: dict[str, str]
    cwd: Path


def module(name: str, *arguments: str, environment: Mapping[str, str] | None = None) -> Start:
    """How to start one of our modules.

    Args:
        name: Of the module, as after `python -m`.
        arguments: Of its command line; paths must be absolute.
        environment: Of the process, this one's by default; what keeps the start safe is added.
    """
    return {
        "args": [sys.executable, "-P", "-m", name, *arguments],
        "env": safe_environment(environment),
        "cwd": StoreSettings().folder,
    }


def pool(workers: int, *, initializer: Callable[[], None] | None = None) -> ProcessPoolExecutor:
    """Return processes that run functions of ours; they import as safely as this process does."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    protect_children()
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=initializer)


def end_pools() -> set[int]:
    """End the processes of all pools of this process; return their ids."""
    from multiprocessing import active_children

    children = active_children()
    for child in children:
        child.terminate()
    return {child.pid for child in children if child.pid is not None}


def protect_children() -> None:
    """Keep the current folder off the module search path of every process started from here.

    Libraries start some themselves, such as multiprocessing's resource tracker (`python -c`).
    """
    os.environ.update(_safe_search(os.environ))


def leave_current_folder() -> None:
    """Work in the data folder from now on: libraries read files of the folder they run in."""
    os.environ.update(safe_environment())
    os.chdir(StoreSettings().folder)


def safe_environment(environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """An environment whose paths hold in any working folder, and whose search path is safe."""
    given = os.environ if environment is None else environment
    paths = {name: str(Path(given[name]).absolute()) for name in _PATHS if name in given}
    data = str(StoreSettings().folder)
    return {**given, **paths, "BACKBEAT_DATA": data, **_safe_search(given)}


def _safe_search(environment: Mapping[str, str]) -> dict[str, str]:
    """The variables of Python's module search: our packages, and whole paths alone.

    An empty entry of PYTHONPATH, as `PYTHONPATH=$PYTHONPATH:/lib` leaves one, means the current
    folder.
    """
    entries = environment.get("PYTHONPATH", "").split(os.pathsep)
    whole = [entry for entry in entries if Path(entry).is_absolute() and entry != str(ROOT)]
    return {"PYTHONPATH": os.pathsep.join([str(ROOT), *whole]), "PYTHONSAFEPATH": "1"}
