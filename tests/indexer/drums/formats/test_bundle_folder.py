import os
import time
import zipfile

import numpy as np
import pytest

from indexer.drums.chart import make_chart_set
from indexer.drums.formats.bundle import write_bundle
from indexer.drums.formats.bundle_folder import safe_name
from indexer.drums.formats.bundle_music import Music


@pytest.fixture(scope="module")
def heard(rock):
    return make_chart_set(rock.samples, title="Été; 🥁", artist="A", levels=["BASIC"])


def write(chart, out, **options):
    silence = Music([np.zeros((1, 44_100), np.float32)], 44_100, bgm="none")
    return write_bundle(chart, silence, out=out, **options)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("AC/DC - Été", "AC-DC-Ete"),
        ("../../etc", "etc"),
        ("夏 🥁", "song-0a379868"),
        ("Ann - Ночь 夜", "Ann-dfd09679"),
        ("Café ♥ Straße", "Cafe-Strae"),
        ("\u30ac\u30ac", safe_name("\u30ab\u3099\u30ab\u3099")),
        ("🥁", "song"),
        ("x" * 200, "x" * 60),
        (" - Con", "Con-song"),
        ("LPT1", "LPT1-song"),
        ("Conga", "Conga"),
    ],
)
def test_safe_names(text, name):
    assert safe_name(text) == name


def test_the_same_song_gets_its_folder_again(heard, tmp_path):
    assert write(heard, tmp_path).folder == write(heard, tmp_path).folder
    assert sorted(path.name for path in tmp_path.iterdir()) == ["A-Ete", "A-Ete.zip"]


def test_a_folder_of_music_with_the_same_name_stays(heard, tmp_path):
    music = tmp_path / "A-Ete" / "song.flac"
    music.parent.mkdir()
    music.write_bytes(b"music")

    bundle = write(heard, tmp_path)

    assert music.read_bytes() == b"music"
    assert bundle.folder.name == "A-Ete-2"
    with zipfile.ZipFile(bundle.zip_path) as archive:
        assert all(name.startswith("A-Ete-2/") for name in archive.namelist())


def test_a_zip_with_the_same_name_stays(heard, tmp_path):
    (tmp_path / "A-Ete.zip").write_bytes(b"mine")
    assert write(heard, tmp_path).folder.name == "A-Ete-2"
    assert (tmp_path / "A-Ete.zip").read_bytes() == b"mine"


@pytest.mark.parametrize("file", ["basic.dtx", "notes.txt"])
def test_a_folder_that_the_user_changed_stays(heard, tmp_path, file):
    mine = write(heard, tmp_path).folder / file
    mine.write_bytes(b"#TITLE: mine")

    assert write(heard, tmp_path).folder.name == "A-Ete-2"
    assert mine.read_bytes() == b"#TITLE: mine"


def test_other_songs_whose_names_have_no_latin_letters(rock, tmp_path):
    names = set()
    for title in ("夏の音", "冬の音"):
        chart = make_chart_set(rock.samples, title=title, artist="", levels=["BASIC"])
        names.add(write(chart, tmp_path).folder.name)
        assert write(chart, tmp_path / "alone").folder.name in names
    assert len(names) == 2


def test_songs_with_equal_names_in_one_run(heard, tmp_path):
    first = write(heard, tmp_path).folder
    assert write(heard, tmp_path, reserved={first}).folder != first


def test_what_a_power_cut_left_behind_is_removed_what_is_being_made_is_not(heard, tmp_path):
    for name, age_s in ((".bundle-old", 2 * 24 * 3600), (".bundle-now", 60), ("mine", 10**7)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "bgm.ogg").write_bytes(b"x")
        os.utime(tmp_path / name, (time.time() - age_s,) * 2)
    write(heard, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        ".bundle-now", "A-Ete", "A-Ete.zip", "mine",
    ]  # fmt: skip
