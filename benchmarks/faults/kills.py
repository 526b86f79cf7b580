"""kill -9 at random moments of everything that writes; what is there afterwards must be whole.

    python -m benchmarks.faults.kills [--kills 50] [--seed 1]

Made songs in a temporary folder. Each command is first run to its end, which also says how long it
takes; then it is started again and again, and killed with all of its processes at a random moment
of that time. After each kill: the database passes its integrity check, no track is lost, and every
song sounds as before. At the end each command has to succeed once more, and nothing may lie about.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final

import av
from av.error import FFmpegError

from benchmarks.data.generated_files import write_song

_SONGS: Final = 3
_SONG_S: Final = 12.0
_LEFT_BEHIND: Final = ("*.part", ".backbeat-*", ".backup-*", "restoring")


@dataclass
class Home:
    """A data folder and a folder of music, and what must stay true of them."""

    root: Path
    sounds: dict[str, str] = field(default_factory=dict)

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def music(self) -> Path:
        return self.root / "music"

    @property
    def kept(self) -> Path:
        return self.root / "backup.zip"

    def make(self) -> None:
        """Render the songs."""
        self.music.mkdir(parents=True)
        write_song(self.music / "0.mp3", duration_s=_SONG_S)
        for number, name in enumerate(("1.flac", "2.ogg"), 1):
            write_song(self.music / name, duration_s=_SONG_S + number)
        self.sounds = {path.name: sound(path) for path in self.music.iterdir()}

    def faults(self) -> list[str]:
        """Return what is broken."""
        found = []
        with closing(sqlite3.connect(self.data / "backbeat.db")) as connection:
            (state,) = connection.execute("PRAGMA integrity_check").fetchone()
            (tracks,) = connection.execute("SELECT count(*) FROM track").fetchone()
        if state != "ok":
            found.append(f"database: {state}")
        if tracks < _SONGS:
            found.append(f"{tracks} of {_SONGS} tracks are left")
        for name, before in self.sounds.items():
            try:
                if sound(self.music / name) != before:
                    found.append(f"{name} sounds different")
            except (OSError, FFmpegError) as error:
                found.append(f"{name}: {error}")
        return found

    def left_behind(self) -> list[str]:
        """Return names of files that a command should have removed."""
        return [
            path.relative_to(self.root).as_posix()
            for folder in (self.data, self.music)
            for pattern in _LEFT_BEHIND
            for path in folder.rglob(pattern)
        ]


def sound(path: Path) -> str:
    """Return the checksum of the decoded samples of a file."""
    digest = hashlib.sha256()
    with av.open(str(path)) as container:
        for frame in container.decode(audio=0):
            digest.update(frame.to_ndarray().tobytes())
    return digest.hexdigest()


def _changed(home: Home) -> None:
    """Make one song new to the library, so that there is something to analyse."""
    extra = home.music / "extra.mp3"
    extra.unlink(missing_ok=True)
    shutil.copy(home.music / "0.mp3", extra)
    with extra.open("ab") as file:
        file.write(os.urandom(64))


def _no_charts(home: Home) -> None:
    shutil.rmtree(home.root / "charts", ignore_errors=True)


def _no_backup(home: Home) -> None:
    (home.root / "new.zip").unlink(missing_ok=True)


def _backed_up(home: Home) -> None:
    """Make a backup of what is there now: an older one would not know of tags written since."""
    home.kept.unlink(missing_ok=True)
    started(home, ("backup", str(home.kept))).communicate()


def _nothing(_: Home) -> None:
    pass


Command = tuple[str, tuple[str, ...], Callable[[Home], None]]
COMMANDS: Final[tuple[Command, ...]] = (
    ("index", ("index", "{music}"), _changed),
    ("tags write", ("tags", "write", "--apply"), _nothing),
    ("tags undo", ("tags", "undo"), _nothing),
    ("chart", ("chart", "make", "{music}/0.mp3", "--out", "{root}/charts"), _no_charts),
    ("backup", ("backup", "{root}/new.zip"), _no_backup),
    ("restore", ("restore", "{root}/backup.zip", "--yes"), _backed_up),
)
"""Name, arguments, and what is done before each run."""


def started(home: Home, arguments: tuple[str, ...]) -> subprocess.Popen[str]:
    """Start a command as the leader of a process group of its own."""
    filled = [part.format(music=home.music, root=home.root) for part in arguments]
    return subprocess.Popen(
        [sys.executable, "-m", "backbeat", *filled],
        env={**os.environ, "BACKBEAT_DATA": str(home.data), "BACKBEAT_WORKERS": "1"},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        start_new_session=True,
    )  # fmt: skip


def finished(home: Home, command: Command) -> float:
    """Run a command to its end; return the seconds it took.

    Raises:
        SystemExit: It failed.
    """
    name, arguments, before = command
    before(home)
    began_s = time.monotonic()
    process = started(home, arguments)
    said, _ = process.communicate()
    if process.returncode:
        raise SystemExit(f"{name} failed:\n{said}")
    return time.monotonic() - began_s


def killed(home: Home, command: Command, after_s: float) -> bool:
    """Start a command and kill all of its processes; return whether it was still running."""
    _, arguments, before = command
    before(home)
    process = started(home, arguments)
    try:
        process.communicate(timeout=after_s)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return True
    return False


def run(home: Home, kills: int, seed: int, *, say: Callable[[str], None] = print) -> list[str]:
    """Kill commands `kills` times; return what broke."""
    random = Random(seed)
    home.make()
    times_s = {}
    for command in COMMANDS:
        times_s[command[0]] = finished(home, command)
    broken: list[str] = []
    hit = 0
    for number in range(kills):
        command = COMMANDS[number % len(COMMANDS)]
        after_s = random.uniform(0.05, times_s[command[0]])
        hit += killed(home, command, after_s)
        for fault in home.faults():
            broken.append(f"{command[0]}, killed after {after_s:.2f} s: {fault}")
            say(broken[-1])
    for command in COMMANDS:
        finished(home, command)
    broken += [*home.faults(), *(f"left behind: {name}" for name in home.left_behind())]
    say(f"{hit} of {kills} runs were killed; broken: {len(broken)}")
    return broken


def main() -> int:
    """Read the command line and kill."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        broken = run(Home(Path(folder)), given.kills, given.seed)
    print(*broken, sep="\n")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
