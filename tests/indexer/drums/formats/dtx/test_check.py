import pytest

from indexer.drums.formats.dtx.check import check_bundle

EASY = "#TITLE: t\r\n#DLEVEL: 20\r\n#BPM: 120\r\n#WAV01: bgm.ogg\r\n#WAV02: k.ogg\r\n#00001: 01\r\n"
BASIC = EASY + "#00113: 02\r\n"
MASTER = EASY + "#00112: 0202\r\n#00113: 0202\r\n"
SET = (
    "#TITLE: t\r\n#L1LABEL: BASIC\r\n#L1FILE: basic.dtx\r\n"
    "#L2LABEL: MASTER\r\n#L2FILE: master.dtx\r\n"
)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "basic.dtx").write_bytes(BASIC.encode())
    (tmp_path / "master.dtx").write_bytes(MASTER.encode())
    (tmp_path / "SET.def").write_bytes(b"\xff\xfe" + SET.encode("utf-16-le"))
    for name in ("bgm.ogg", "k.ogg"):
        (tmp_path / name).write_bytes(b"OggS")
    return tmp_path


def test_a_sound_bundle(folder):
    assert check_bundle(folder) == ()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("#00113: 0202020202020202", "nearer than 362 ms"),
        ("#0011C: 0002", "BASIC asks for two bass drum pedals"),
    ],
)
def test_what_the_easiest_level_spares_a_player(folder, line, message):
    for name in ("basic", "master"):
        text = MASTER.replace("#00113: 0202", line)
        (folder / f"{name}.dtx").write_bytes(text.encode())
    problems = check_bundle(folder)
    assert len(problems) == 1
    assert message in problems[0]


DRIFT = "#BPM01: 133.7\r\n" + "".join(f"#{bar:03d}08: 0101010101010101\r\n" for bar in range(1, 60))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("#00113: 0202", "#00113: 0203", "undefined"),
        ("#00113: 0202", "#00113: 0202020202", "malformed"),
        ("#00113: 0202", "#00113: 02!2", "malformed"),
        ("#00113: 0202", "#00120: 0202", "not allowed"),
        ("#00113: 0202", "#00113: 0202\r\n#0011B: 0202", "2 foot notes"),
        ("#00113: 0202", "#00113: 0202\r\n#00111: 0202\r\n#00114: 02", "3 hand notes"),
        ("#00113: 0202", "#00113: 0002", "not a subset"),
        ("#00113: 0202", "#00113: 0202\r\n#00113: 02", "stands twice"),
        ("#00001: 01", "#00001: 0101", "more than one BGM"),
        ("#WAV02: k.ogg", "#WAV02: gone.ogg", "not there"),
        ("#WAV02: k.ogg", "#WAV02: ../k.ogg", "not there"),
        ("#WAV02: k.ogg", "#WAV02: k.ogg\r\n#VOLUME02: 101", "out of range"),
        ("#BPM: 120\r\n", "", "BPM is missing"),
        ("#DLEVEL: 20\r\n", "", "DLEVEL is missing"),
        ("#00001: 01\r\n", "#00001: 01\r\n#00108: 05\r\n", "no #BPM line"),
        ("#00001: 01\r\n", "#00001: 01\r\n" + DRIFT + "#06013: 02\r\n", "drift by"),
        ("#00113: 0202", "#00113: " + "02" * 32, "right foot"),
        ("#00112: 0202", "#00112: " + "02" * 32 + "\r\n#00111: " + "02" * 16, "the hands"),
        ("#BPM: 120", "#BPM: 200000", "not a tempo"),
        ("\r\n", "\n", "CRLF"),
        ("#TITLE: t", "#TITLE: t;u", "malformed"),
        ("#TITLE: t", "stray", "neither a command"),
    ],
)
def test_each_broken_rule_is_named(folder, old, new, message):
    path = folder / "master.dtx"
    path.write_bytes(MASTER.replace(old, new).encode())
    problems = check_bundle(folder)
    assert any(message in problem for problem in problems), problems


def test_a_missing_level_and_a_missing_set(folder):
    (folder / "basic.dtx").unlink()
    assert any("basic.dtx is not a file" in p for p in check_bundle(folder))
    (folder / "SET.def").unlink()
    assert check_bundle(folder) == ("SET.def is missing.",)


def test_set_def_encoding_and_labels(folder):
    (folder / "SET.def").write_bytes(SET.encode())
    assert any("UTF-16LE" in p for p in check_bundle(folder))
    odd = SET.replace("BASIC", "SIMPLE")
    (folder / "SET.def").write_bytes(b"\xff\xfe" + odd.encode("utf-16-le"))
    assert any("unknown levels: SIMPLE" in p for p in check_bundle(folder))
