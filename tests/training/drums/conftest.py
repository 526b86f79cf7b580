import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")
os.environ.setdefault("TF_NUM_INTEROP_THREADS", "1")

from indexer.drums.formats.midi_files import MidiNote as Note
from indexer.drums.formats.midi_files import write_notes
from training.drums.clips.clip_rendering import RenderSources
from training.drums.players.groove_dataset import read_groove
from training.drums.sounds.kits import synthesise_kit

_HEAD = (
    "drummer,session,id,style,bpm,beat_type,time_signature,"
    "midi_filename,audio_filename,duration,split\n"
)


def _beat() -> bytes:
    notes = [Note(i * 0.25, 42, 80, channel=9) for i in range(32)]
    notes += [Note(i * 1.0, 36, 110, channel=9) for i in range(8)]
    notes += [Note(0.5 + i * 1.0, 38, 100, channel=9) for i in range(8)]
    return write_notes(notes, {})


@pytest.fixture(scope="session")
def groove_zip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dataset of one beat and one fill, as the Groove MIDI Dataset is laid out."""
    path = tmp_path_factory.mktemp("groove") / "groove.zip"
    fill = write_notes([Note(i * 0.125, 48 - i % 3, 100, channel=9) for i in range(8)], {})
    row = "d1,d1/s,{0},rock,120,{1},4-4,d1/{0}.mid,,8,train\n"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("groove/info.csv", _HEAD + row.format(1, "beat") + row.format(2, "fill"))
        archive.writestr("groove/d1/1.mid", _beat())
        archive.writestr("groove/d1/2.mid", fill)
    return path


@pytest.fixture(scope="session")
def sources(groove_zip: Path) -> RenderSources:
    """Our own drums, and no SoundFont."""
    return RenderSources(read_groove(groove_zip, "train"), {"synthesised 0": synthesise_kit(0)}, ())


@pytest.fixture(scope="session")
def rock(load: Callable[[str], ModuleType]) -> Any:
    """The drum loop of the transcription's tests."""
    return load("indexer/drums/conftest.py").loop(tempo=120.0)
