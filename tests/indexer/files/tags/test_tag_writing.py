import shutil
from functools import partial

import mutagen
import numpy as np
import pytest
from mutagen.id3 import ID3, TXXX

from indexer.files.audio.audio_hash import payload_hash
from indexer.files.tags import tag_journal
from indexer.files.tags.former_bytes import former_bytes, write_former
from indexer.files.tags.tag_access import TagError
from indexer.files.tags.tag_fields import MeasuredTags
from indexer.files.tags.tag_journal import TagJournal
from indexer.files.tags.tag_reading import read_tags
from indexer.files.tags.tag_writing import plan_changes, read_values, replace_values, write_changes

RESULT = MeasuredTags(
    bpm=127.96, key="F#", scale="minor", moods=("chill", "dark"), loudness_lufs=-9.5,
    true_peak_dbtp=-1.0,
)  # fmt: skip
KINDS = ("mp3", "flac", "ogg", "opus", "m4a", "aiff", "wav", "wma")


def said(path):
    """What a file says to a stranger: tempo, key, moods, gain and peak."""
    from indexer.files.tags.tag_blocks import read_blocks

    block = read_blocks(path).values
    names = ("bpm", "initialkey", "mood", "replaygaintrackgain", "replaygaintrackpeak")
    return {name: block.get(name) for name in names}


@pytest.fixture
def song(tmp_path, encode_audio):
    def make(kind="flac"):
        samples = 0.1 * np.random.default_rng(3).standard_normal(48_000)
        suffix = {"ogg": "ogg", "aiff": "aiff"}.get(kind, kind)
        return encode_audio(tmp_path / f"söng.{suffix}", samples.astype(np.float32), 48_000, kind)

    return make


@pytest.mark.parametrize("kind", KINDS)
def test_every_format_says_what_was_measured_and_keeps_its_audio(song, kind):
    path = song(kind)
    before = payload_hash(path)
    write_changes(path, plan_changes(path, RESULT), lambda *_: None)
    assert payload_hash(path) == before
    found = said(path)
    assert found["bpm"] == (["128"] if kind in ("mp3", "m4a", "aiff", "wav") else ["127.96"])
    assert set(found["initialkey"]) == {"F#m"}
    assert set(found["mood"]) == {"chill", "dark"}
    assert found["replaygaintrackgain"] == ["-8.50 dB"]
    assert found["replaygaintrackpeak"] == ["0.891251"]
    assert plan_changes(path, RESULT) == ()
    assert list(path.parent.iterdir()) == [path]


def test_what_differs_by_rounding_is_not_written_again(song):
    path = song("flac")
    write_changes(path, plan_changes(path, RESULT), lambda *_: None)
    near = MeasuredTags(loudness_lufs=-9.514, true_peak_dbtp=-1.0004)
    assert plan_changes(path, near, overwrite=True) == ()
    other = MeasuredTags(loudness_lufs=-9.55, true_peak_dbtp=-1.01)
    assert [change.field for change in plan_changes(path, other)] == ["gain", "peak"]


@pytest.mark.parametrize("kind", ["mp3", "flac", "m4a"])
def test_what_backbeat_wrote_is_no_knowledge_to_it(song, kind):
    path = song(kind)
    write_changes(path, plan_changes(path, RESULT), lambda *_: None)
    tags = read_tags(path)
    assert (tags.bpm, tags.key, tags.moods) == (None, None, ())
    assert "backbeat" not in tags.extra


def test_what_a_person_changed_afterwards_counts(song):
    path = song("flac")
    write_changes(path, plan_changes(path, RESULT), lambda *_: None)
    file = mutagen.File(path)
    file["BPM"] = ["64"]
    file.save()
    assert read_tags(path).bpm == 64
    assert [c.field for c in plan_changes(path, MeasuredTags(bpm=130, key="A", scale="minor"))] == [
        "key"
    ]


def test_what_a_file_said_before_stays_unless_told_otherwise(song):
    path = song("flac")
    file = mutagen.File(path)
    file["BPM"], file["KEY"], file["COMMENT"] = ["90"], ["8A"], ["mine"]
    file.save()
    assert [change.field for change in plan_changes(path, RESULT)] == ["mood", "gain", "peak"]
    changes = plan_changes(path, RESULT, overwrite=True, fields=("bpm", "key"))
    assert [(change.old, change.new) for change in changes] == [
        (("90",), ("127.96",)), (("8A",), ("F#m",)),
    ]  # fmt: skip
    write_changes(path, changes, lambda *_: None)
    assert mutagen.File(path)["comment"] == ["mine"]


def test_better_results_replace_earlier_ones(song):
    path = song("mp3")
    write_changes(path, plan_changes(path, RESULT), lambda *_: None)
    changes = plan_changes(path, MeasuredTags(bpm=64, moods=("dark", "chill")))
    assert [(change.field, change.old, change.new) for change in changes] == [
        ("bpm", ("128",), ("64",))
    ]
    write_changes(path, changes, lambda *_: None)
    assert read_tags(path).bpm is None
    assert read_tags(path).moods == ()


def test_an_id3v2_3_block_stays_one_and_keeps_its_frames(song):
    path = song("mp3")
    tags = ID3()
    from mutagen.id3 import TIT2, TYER

    tags.setall("TIT2", [TIT2(encoding=1, text=["Tïtle"])])
    tags.setall("TYER", [TYER(encoding=0, text=["1999"])])
    tags.setall("TXXX", [TXXX(encoding=1, desc="Mine", text=["kept"])])
    tags.save(path, v2_version=3)
    write_changes(path, plan_changes(path, RESULT), lambda *_: None)
    after = ID3(path, translate=False)
    assert after.version[:2] == (2, 3)
    assert (after["TYER"].text, after["TXXX:Mine"].text) == (["1999"], ["kept"])
    assert set(said(path)["mood"]) == {"chill/dark"}
    assert read_tags(path).moods == ()
    assert read_tags(path).year == 1999


@pytest.mark.parametrize("kind", KINDS)
def test_a_run_is_undone(song, tmp_path, kind):
    path = song(kind)
    before = said(path)
    with TagJournal(tmp_path / "runs") as journal:
        write_changes(path, plan_changes(path, RESULT), partial(journal.add, path))
    [entry] = tag_journal.entries(tag_journal.newest_journal(tmp_path / "runs"))
    assert tag_journal.undo(entry)
    assert said(path) == before
    assert not any(read_values(path, entry.after).values())


def test_a_run_on_id3v2_3_which_joins_values_is_undone(song, tmp_path):
    path = song("mp3")
    ID3(path).save(path, v2_version=3)
    before = said(path)
    with TagJournal(tmp_path / "runs") as journal:
        write_changes(path, plan_changes(path, RESULT), partial(journal.add, path))
    [entry] = tag_journal.entries(journal.path)
    assert tag_journal.undo(entry)
    assert said(path) == before


@pytest.mark.parametrize("kind", ["mp3", "wav", "aiff"])
def test_a_block_that_was_made_and_changed_since_goes_with_its_last_value(song, tmp_path, kind):
    path = song(kind)
    if kind == "mp3":
        ID3(path).delete(path)
    with TagJournal(tmp_path / "runs") as journal:
        write_changes(path, plan_changes(path, RESULT), partial(journal.add, path))
    mutagen.File(path).save(padding=lambda _: 3000)
    [entry] = tag_journal.entries(journal.path)
    assert tag_journal.undo(entry)
    assert mutagen.File(path).tags is None
    with TagJournal(tmp_path / "more") as journal:
        write_changes(path, plan_changes(path, RESULT), partial(journal.add, path))
    file = mutagen.File(path)
    file.tags.add(TXXX(encoding=3, desc="Mine", text=["kept"]))
    file.save()
    [entry] = tag_journal.entries(journal.path)
    assert tag_journal.undo(entry)
    assert list(mutagen.File(path).tags) == ["TXXX:Mine"]


def test_a_file_that_has_little_in_common_with_the_former_keeps_values_only(tmp_path):
    old, new = tmp_path / "old", tmp_path / "new"
    old.write_bytes(np.random.default_rng(1).bytes(200_000))
    new.write_bytes(np.random.default_rng(2).bytes(200_000))
    assert former_bytes(old, new, made_tags=False).parts is None
    moved = old.read_bytes()
    new.write_bytes(b"front" + moved[:50_000] + b"between" + moved[50_500:])
    former = former_bytes(old, new, made_tags=False)
    assert sum(len(part) for part in former.parts if isinstance(part, str)) < 1000
    write_former(new, former.parts, tmp_path / "again")
    assert (tmp_path / "again").read_bytes() == moved


def test_what_changed_since_is_not_undone(song, tmp_path):
    path = song("flac")
    with TagJournal(tmp_path / "runs") as journal:
        write_changes(path, plan_changes(path, RESULT), partial(journal.add, path))
    replace_values(path, {"BPM": ("99",)})
    [entry] = tag_journal.entries(journal.path)
    assert not tag_journal.undo(entry)
    assert said(path)["bpm"] == ["99"]


def test_a_run_that_was_killed_before_its_last_file_is_undone(song, tmp_path):
    path = song("flac")
    with TagJournal(tmp_path / "runs") as journal:
        journal.add(path, {"BPM": ()}, {"BPM": ("128",)})
    journal.path.write_text(journal.path.read_text() + '{"path": "cut o')
    [entry] = tag_journal.entries(journal.path)
    assert tag_journal.undo(entry)


def test_a_run_that_changes_nothing_leaves_no_journal(tmp_path):
    with TagJournal(tmp_path / "runs") as first:
        first.add(tmp_path / "song.flac", {"BPM": ()}, {"BPM": ("128",)})
    with TagJournal(tmp_path / "runs") as second:
        pass
    assert not second.path.exists() or second.path == first.path
    (tmp_path / "runs" / "9999.jsonl").touch()  # of a run that was killed at its start
    assert tag_journal.newest_journal(tmp_path / "runs") == first.path


def test_a_failed_write_leaves_the_file_alone(song, monkeypatch):
    path = song("flac")
    whole = path.read_bytes()
    monkeypatch.setattr("indexer.files.tags.tag_writing.payload_hash", lambda place: str(place))
    with pytest.raises(TagError, match="would not have stayed the same"):
        write_changes(path, plan_changes(path, RESULT), lambda *_: None)
    assert path.read_bytes() == whole
    assert list(path.parent.iterdir()) == [path]


def test_no_space_and_no_permission_are_told(song, monkeypatch):
    path = song("flac")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copy2", full)
    with pytest.raises(TagError, match="No space left"):
        write_changes(path, plan_changes(path, RESULT), lambda *_: None)


@pytest.mark.parametrize("content", [b"", b"no audio at all" * 50])
def test_what_takes_no_tags_is_told(tmp_path, content):
    path = tmp_path / "letter.txt"
    path.write_bytes(content)
    with pytest.raises(TagError):
        plan_changes(path, RESULT)
    with pytest.raises(TagError, match="not there"):
        plan_changes(tmp_path / "gone.flac", RESULT)
