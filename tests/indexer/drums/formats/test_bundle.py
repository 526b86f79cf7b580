import io
import subprocess
import sys
import zipfile
from dataclasses import replace

import numpy as np
import pytest
import soundfile
from PIL import Image

from indexer.drums.chart import make_chart_set
from indexer.drums.corrections.chart_reading import read_corrected_chart
from indexer.drums.formats.bundle import write_bundle
from indexer.drums.formats.bundle_music import Music
from indexer.drums.formats.dtx.check import check_bundle
from indexer.drums.formats.dtx.decode import decode
from indexer.drums.formats.dtx.setdef import decode_setdef
from indexer.drums.formats.level_dtx import Details
from indexer.drums.types import Drum, DrumsError


def of(loop, bgm="reduced"):
    return Music([loop.samples[None]], 44100, bgm=bgm)


@pytest.fixture(scope="module", params=["rock", "waltz", "drifting"])
def written(request, tmp_path_factory):
    loop = request.getfixturevalue(request.param)
    steps = []
    chart = make_chart_set(loop.samples, title="Été; 🥁 #1", artist="夏の音")
    stereo = np.stack([loop.samples, 0.5 * loop.samples])
    picture = io.BytesIO()
    Image.new("RGBA", (900, 700), "teal").save(picture, "PNG")
    bundle = write_bundle(
        chart,
        Music([stereo[:, :70_000], stereo[:, 70_000:]], 44100, 2.0, bgm="full"),
        out=tmp_path_factory.mktemp("charts"),
        details=Details(author="Ann; O'Nym", genre="Rock", cover=picture.getvalue()),
        on_progress=lambda fraction, step: steps.append((fraction, step)),
    )
    return loop, chart, bundle, steps


def test_the_independent_checker_finds_nothing(written):
    _, _, bundle, _ = written
    assert check_bundle(bundle.folder) == ()


def test_chips_are_at_the_onsets_of_the_music(written):
    loop, chart, bundle, _ = written
    master = decode(bundle.levels["MASTER"].path.read_bytes())
    assert master.title == "Été 🥁 #1"
    assert master.comment == "MASTER. Chart by Ann O'Nym"
    assert master.genre == "Rock"
    bgm = next(chip for chip in master.chips if chip.channel == 0x01)
    bgm_s = master.tempo.time_s(bgm.bar, bgm.tick)
    silence_s = -chart.tempo.time_s(chart.bgm_bar)
    kicks = [chip for chip in master.chips if chip.channel == 0x13]
    truth = np.array([o.time_s for o in loop.onsets if o.drum == "kick"])
    for chip in kicks:
        heard_s = master.tempo.time_s(chip.bar, chip.tick) - bgm_s - silence_s
        assert np.abs(truth - heard_s).min() < 0.02
    assert len(kicks) >= 0.95 * truth.size
    samples, rate = soundfile.read(bundle.folder / "bgm.ogg")
    assert len(samples) / rate == pytest.approx(chart.duration_s + silence_s, abs=0.01)
    first = int((silence_s + loop.onsets[0].time_s) * rate)
    assert np.abs(samples[: first - 441]).max() < 0.02 < np.abs(samples[first : first + 441]).max()


def test_the_folder_and_its_zip(written):
    _, _, bundle, steps = written
    names = {path.name for path in bundle.folder.iterdir()}
    assert {
        "SET.def", "bgm.ogg", "preview.ogg", "cover.jpg", "picture.png", "kick.ogg", "drums.mid",
        "notation.svg", "tab.txt", "drums.musicxml", "notes.mid", "notes.chart", "song.ini",
    } <= names  # fmt: skip
    with zipfile.ZipFile(bundle.zip_path) as archive:
        assert {name.split("/")[1] for name in archive.namelist()} == names
    assert bundle.zip_path.parent == bundle.folder.parent
    assert {p.name for p in bundle.folder.parent.iterdir()} == {
        bundle.folder.name,
        bundle.zip_path.name,
    }
    definition = decode_setdef((bundle.folder / "SET.def").read_bytes())
    assert list(definition.levels) == ["BASIC", "ADVANCED", "EXTREME", "MASTER"]
    with Image.open(bundle.picture_path) as picture:
        assert picture.width > 800
    fractions = [fraction for fraction, _ in steps]
    assert fractions == sorted(fractions) and fractions[-1] == 1.0


def test_only_the_levels_asked_for_and_a_cover_that_is_none(rock, tmp_path):
    chart = make_chart_set(rock.samples, title="x", artist="", levels=["MASTER", "BASIC"])
    for _ in range(2):
        bundle = write_bundle(chart, of(rock), out=tmp_path, details=Details(cover=b"no"))
    assert list(bundle.levels) == ["BASIC", "MASTER"]
    assert check_bundle(bundle.folder) == ()
    assert not (bundle.folder / "cover.jpg").exists()
    assert len(list(tmp_path.iterdir())) == 2


def test_music_that_is_reduced_or_left_out(rock, tmp_path):
    chart = make_chart_set(rock.samples, title="x", artist="")
    loud = write_bundle(chart, of(rock, "full"), out=tmp_path / "full")
    soft = write_bundle(chart, of(rock, "reduced"), out=tmp_path / "reduced")
    none = write_bundle(chart, of(rock, "none"), out=tmp_path / "none")
    whole, _ = soundfile.read(loud.folder / "bgm.ogg")
    reduced, _ = soundfile.read(soft.folder / "bgm.ogg")
    assert len(whole) == len(reduced)
    assert reduced.std() < 0.5 * whole.std()
    assert not (none.folder / "bgm.ogg").exists()
    master = decode(none.levels["MASTER"].path.read_bytes())
    assert all(chip.channel != 0x01 for chip in master.chips)
    for bundle in (loud, soft, none):
        assert check_bundle(bundle.folder) == ()
        assert (bundle.folder / "preview.ogg").exists()


def test_a_china_has_its_own_sound_on_the_right_cymbal_and_is_read_back(rock, tmp_path):
    chart = make_chart_set(rock.samples, title="x", artist="y")
    voices = {Drum.HAT_CLOSED: Drum.CHINA, Drum.HAT_OPEN: Drum.CHINA}
    levels = tuple(
        replace(
            level,
            notes=tuple(sorted(replace(n, drum=voices.get(n.drum, n.drum)) for n in level.notes)),
        )
        for level in chart.levels
    )
    bundle = write_bundle(replace(chart, levels=levels), of(rock, "none"), out=tmp_path)
    assert check_bundle(bundle.folder) == ()
    data = bundle.levels["MASTER"].path.read_bytes()
    master = decode(data)
    chinas = {wav.number for wav in master.wavs if wav.file == "china.ogg"}
    played = {chip.channel for chip in master.chips if chip.value in chinas}
    assert played == {0x16} and (bundle.folder / "china.ogg").is_file()
    for file, suffix in ((data, ".dtx"), ((bundle.folder / "drums.mid").read_bytes(), ".mid")):
        notes = read_corrected_chart(file, suffix=suffix).notes
        assert [(n.position, n.drum) for n in notes] == [
            (n.position, n.drum) for n in levels[-1].notes
        ]


def test_an_output_that_is_a_file(rock, tmp_path):
    chart = make_chart_set(rock.samples, title="x", artist="")
    (tmp_path / "file").write_text("")
    with pytest.raises(DrumsError, match="could not be written"):
        write_bundle(chart, of(rock), out=tmp_path / "file")


def test_no_drums():
    t = np.arange(8 * 44100) / 44100
    tone = (0.3 * np.sin(2 * np.pi * 330 * t)).astype(np.float32)
    for samples in (tone, np.zeros_like(tone), tone[:10]):
        with pytest.raises(DrumsError, match="I hear no drums in this recording"):
            make_chart_set(samples, title="", artist="")


def test_unknown_levels(rock):
    with pytest.raises(DrumsError, match="Choose levels from BASIC"):
        make_chart_set(rock.samples, title="", artist="", levels=["HARD"])


@pytest.mark.parametrize("title", [";;;", " \u2028\t", "\ud800"])
def test_a_title_of_nothing_that_can_be_shown(rock, tmp_path, title):
    chart = make_chart_set(rock.samples, title=title, artist="\x00", levels=["BASIC"])
    bundle = write_bundle(chart, of(rock, "none"), out=tmp_path)
    assert check_bundle(bundle.folder) == ()
    assert decode(bundle.levels["BASIC"].path.read_bytes()).title == "Untitled"


def test_texts_of_any_length(rock, tmp_path):
    chart = make_chart_set(rock.samples, title="long " * 999, artist="東" * 5000, levels=["BASIC"])
    details = Details(author="a" * 9999, comment="c" * 9999, genre="g" * 9999)
    bundle = write_bundle(chart, of(rock, "none"), out=tmp_path, details=details)
    written = decode(bundle.levels["BASIC"].path.read_bytes())
    texts = (written.title, written.artist, written.genre, written.comment)
    assert [len(text) for text in texts] == [199, 200, 200, 200]
    definition = decode_setdef((bundle.folder / "SET.def").read_bytes())
    assert definition.title == written.title


_FULL_DISK = """
import resource, signal, sys
from pathlib import Path
import numpy as np
from indexer.drums.formats.ogg import write_ogg
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000))
noise = np.random.default_rng(0).uniform(-0.5, 0.5, (2, 441_000)).astype(np.float32)
try:
    write_ogg(Path(sys.argv[1]), noise, 44_100)
except OSError as error:
    print(type(error).__name__, error.strerror)
"""


def test_a_full_disk_is_reported(tmp_path):
    command = [sys.executable, "-c", _FULL_DISK, str(tmp_path / "full.ogg")]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert told.stdout.strip() == "OSError The music cannot be written", told.stderr
