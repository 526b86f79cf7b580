"""How `data_0_1_0` was made: by really running Backbeat 0.1.0 on songs that it renders itself.

    python tests/data/make_data_folder.py tests/data/data_0_1_0

Not to be run again for later versions: what an older program wrote must stay as it wrote it. For
a later version, copy this file, change what has to be changed, and make another folder beside the
old one. It works in `/music` and `/data`, as the container does, so that no path of a machine gets
into the folder; neither may exist, and both are removed.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
import zipfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import mutagen
import numpy as np
from mutagen.flac import FLAC, Picture
from PIL import Image

MUSIC = Path("/music")
DATA = Path("/data")
DATABASE = DATA / "backbeat.db"
PORT = 8931
DERIVED = ("cache", "chat", "models", "vectors", "demo")
"""Made again from the rest whenever it is not there."""
LARGE = (".ogg", ".wav", ".mp3", ".png", ".jpg")
"""Files of a chart that are left out; charts and sheets stay."""

SONGS = (
    # demo song, file, title, artist, album, year, genres
    ("Copper Sky", "Lanterns/Copper Sky.mp3", "Copper Sky", "The Lanterns", "Copper Sky", "1994",
     ["Rock"]),
    ("Prélude pour une gare", "Anouk/Prélude.flac", "Prélude pour une gare", "Anouk Vell",
     "Lettres d'été", "2019", ["Classical"]),
    ("Midnight Arcade", "夜行/真夜中の電車.ogg", "真夜中の電車", "夜行バス", "街の灯", "2016",
     ["Electronic", "House"]),
    ("Iron Tide", "Тихий/Северный ветер.mp3", "Северный ветер", "Тихий Дом", "Зима", "2008",
     ["Metal"]),
    ("Rubber Sidewalk", "نور/أغنية البحر.m4a", "أغنية البحر", "نور", "البحر", "1978",
     ["Funk", "Soul"]),
    ("Island Ledger", "Harbour/Island Ledger.ogg", "Island Ledger", "Harbour Seven feat. Dex",
     "Low Tide", "1983", ["Reggae"]),
    ("Velvet Hour", os.fsdecode(b"Mina/caf\xe9.mp3"), "Velvet Hour", "Mina Sol & Nova Kline",
     "Polaroids", "2021", ["Soul", "R&B"]),
    ("Paper Boats", "Anouk/Paper Boats.flac", "Paper Boats", "Anouk Vell", "Lettres d'été",
     "2019", ["Folk"]),
)  # fmt: skip

POSTED = {
    "raw": {"tags": ["dub", "late night"], "source": "my-own-tagger", "version": 7,
            "features_raw": {"onset_rate_hz": 2.25}},
    "normalized": {"bpm": 74.0, "key": "G", "scale": "major", "camelot_key": "9B",
                   "danceability": 0.81, "genre_main": "dub", "genre_secondary": ["reggae"],
                   "confidence_score": 0.93},
    "scores": {"energy_score": 0.31, "mood_valence": 0.4},
    "synthetic_tags": [{"tag": "chill", "score": 0.9, "category": "mood",
                        "reason": "I say so"}],
}  # fmt: skip

OWN_WORDS = '[moods]\n"chill" = ["hygge", "sofa"]\n\n[spellings]\n"playlist" = ["pll"]\n'


def backbeat(*arguments: object, check: bool = True) -> str:
    command = [sys.executable, "-m", "backbeat", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    print("$ backbeat", *arguments, "\n", done.stdout[-1500:], done.stderr[-1500:])
    if check and done.returncode:
        raise SystemExit(f"backbeat {arguments} failed")
    return done.stdout


def ask(text: str) -> None:
    backbeat("chat", "--once", text, "--json")


def sql(statement: str) -> list[tuple]:
    with closing(sqlite3.connect(DATABASE, timeout=30)) as connection:
        return connection.execute(statement).fetchall()


def until(true: Callable[[], object], *, seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise SystemExit("It did not come to that.")
        time.sleep(0.02)


def render_music() -> None:
    from indexer.demo.mix import render
    from indexer.encode import encode

    from indexer.demo import songs
    from indexer.demo.instruments import SAMPLE_RATE

    by_title = {song.title: song for song in songs.SONGS}
    for name, file, title, artist, album, year, genres in SONGS:
        path = MUSIC / file
        path.parent.mkdir(parents=True, exist_ok=True)
        seconds = 24.0 if name == "Copper Sky" else 12.0
        encode(path, render(replace(by_title[name], duration_s=seconds)), sample_rate=SAMPLE_RATE)
        tags = mutagen.File(path, easy=True)
        if tags.tags is None:
            tags.add_tags()
        tags["title"], tags["artist"], tags["album"] = [title], [artist], [album]
        tags["date"], tags["genre"] = [year], genres
        tags.save()
    for path in (MUSIC / SONGS[1][1], MUSIC / SONGS[7][1]):
        picture = Picture()
        picture.type, picture.mime, picture.data = 3, "image/png", _cover()
        tags = FLAC(path)
        tags.add_picture(picture)
        tags.save()
    best = MUSIC / "Best of" / "Copper Sky.mp3"  # the same recording again
    best.parent.mkdir()
    shutil.copy(MUSIC / SONGS[0][1], best)
    tags = mutagen.File(best, easy=True)
    tags["title"], tags["album"] = ["Kupferhimmel"], ["Best of"]
    tags.save()
    (MUSIC / "broken.mp3").write_bytes(b"\xff\xfb\x90\x00" + bytes(range(256)) * 40)


def _cover() -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize((24, 24)).convert("RGB").save(out, "PNG")
    return out.getvalue()


def use_it() -> None:
    """What a person does in an evening."""
    (DATA / "words").mkdir(parents=True)
    (DATA / "words" / "en.toml").write_text(OWN_WORDS, encoding="utf-8")
    backbeat("index", MUSIC)
    ask("make me a hygge pll of 4 songs")
    ask("a playlist of 3 rock tracks called Été 夏")
    ask("export it as xspf")
    ask("drum chart of Copper Sky")
    _correct_a_chart()
    _learn()
    backbeat("tags", "write", MUSIC / "Lanterns", "--apply")
    backbeat("index", MUSIC)  # the tags that were written are read
    _post_an_analysis()
    _say_something()
    (MUSIC / "Anouk" / "Paper Boats.flac").unlink()
    backbeat("index", MUSIC)  # and is found missing


def _correct_a_chart() -> None:
    """MASTER without every second closed hi-hat, as from an editor."""
    from indexer.drums.dtx.decode import decode
    from indexer.drums.dtx.encode import encode

    [made] = (DATA / "charts").rglob("master.dtx")
    chart = decode(made.read_bytes())
    hats = [chip for chip in chart.chips if chip.channel == 0x11]
    gone = set(map(id, hats[1::2]))
    kept = tuple(chip for chip in chart.chips if id(chip) not in gone)
    mine = DATA / "my way.dtx"
    mine.write_bytes(encode(replace(chart, chips=kept)))
    backbeat("chart", "import", mine, "--track", "Copper Sky")
    mine.unlink()


def _learn() -> None:
    """`learned.json` as `--learn` writes it, from made-up curves: it wants three long songs."""
    from indexer.drums.refit import HeardSong
    from indexer.learned import learn

    from indexer.drums.types import Drum, Onset

    curve = np.zeros(8000, np.float32)
    curve[20:7980:20] = np.tile([0.9, 0.4], 199)
    strokes = [Onset(0.2 * number, Drum.HAT_CLOSED, 0.8) for number in range(1, 399)]
    learn({n: HeardSong({"HH": curve}, strokes) for n in (1, 2, 3)}, {"HH": 0.6})


def _post_an_analysis() -> None:
    [(track,)] = sql("SELECT id FROM track WHERE title = 'Island Ledger'")
    command = [sys.executable, "-m", "backbeat", "serve", "--no-index", "--port", str(PORT)]
    server = subprocess.Popen(command)
    address = f"http://127.0.0.1:{PORT}/api"

    def is_up() -> bool:
        try:
            urllib.request.urlopen(f"{address}/health", timeout=2).close()
        except OSError:
            return False
        return True

    try:
        until(is_up)
        urllib.request.urlopen(
            urllib.request.Request(
                f"{address}/tracks/{track}/mir", json.dumps(POSTED).encode(),
                {"Content-Type": "application/json"}, method="POST",
            )
        ).close()  # fmt: skip
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(60)


def _say_something() -> None:
    """The table for what a person says of a track, which no command of 0.1.0 fills."""
    from store.writing import save_feedback

    [(track,)] = sql("SELECT id FROM track WHERE title = 'Prélude pour une gare'")
    save_feedback(track, "genre_main", "néo-classique")


def leave_it_at_work() -> None:
    """The power fails while one file is analysed, another waits, and a chart was asked for."""
    environment = {**os.environ, "BACKBEAT_WORKERS": "1"}
    watch = subprocess.Popen(
        [sys.executable, "-m", "backbeat", "watch", str(MUSIC)], env=environment
    )
    try:
        until(lambda: sql("SELECT 1 FROM indexerstate WHERE name = 'watched_folders'"))
        _long_file(MUSIC / "Long.wav", seconds=420)
        until(lambda: sql("SELECT 1 FROM job WHERE state = 'running' AND key LIKE '%Long.wav'"))
        shutil.copy(MUSIC / SONGS[3][1], MUSIC / "Waiting ⏳.mp3")
        until(lambda: sql("SELECT 1 FROM job WHERE state = 'queued' AND key LIKE '%Waiting%'"))
    finally:
        watch.kill()
        watch.wait()
    from tools import tool
    from tools.base import ToolContext

    chart = tool("generate_drum_chart")
    chart.run(chart.arguments(track="Северный ветер", levels=["BASIC"]), ToolContext())
    backbeat("pause")


def _long_file(path: Path, *, seconds: int) -> None:
    from indexer.encode import encode

    noise = np.random.default_rng(1).standard_normal((1, 44_100 * seconds)).astype(np.float32)
    part = path.with_suffix(".part.wav").with_name(".part.wav")
    encode(part, 0.1 * noise, sample_rate=44_100)
    part.replace(path)


def pack(out: Path) -> None:
    """The data folder without what is made again from it, and without sound and pictures."""
    with closing(sqlite3.connect(DATABASE)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for name in DERIVED:
        shutil.rmtree(DATA / name, ignore_errors=True)
    for path in [*DATA.glob("*.lock"), *DATA.glob("backbeat.db-*")]:
        path.unlink()
    for path in (DATA / "charts").rglob("*"):
        if path.suffix in LARGE:
            path.unlink()
        elif path.suffix == ".zip":
            _without_large(path)
    shutil.copytree(DATA, out)
    database = out / "backbeat.db"
    database.with_suffix(".db.gz").write_bytes(
        gzip.compress(database.read_bytes(), compresslevel=9, mtime=0)
    )
    database.unlink()


def _without_large(path: Path) -> None:
    with zipfile.ZipFile(path) as full:
        kept = {i: full.read(i) for i in full.infolist() if Path(i.filename).suffix not in LARGE}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as small:
        for info, content in kept.items():
            small.writestr(info, content, zipfile.ZIP_DEFLATED)


def main(out: Path) -> None:
    if MUSIC.exists() or DATA.exists() or out.exists():
        raise SystemExit(f"{MUSIC}, {DATA} and {out} must not exist.")
    os.environ |= {
        "BACKBEAT_DATA": str(DATA),
        "BACKBEAT_OLLAMA_HOST": "http://127.0.0.1:9",
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    MUSIC.mkdir()
    try:
        render_music()
        use_it()
        leave_it_at_work()
        pack(out)
    finally:
        shutil.rmtree(MUSIC)
        shutil.rmtree(DATA, ignore_errors=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]).absolute())
