"""FluidSynth, run as a program: MIDI through a SoundFont to samples."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import soundfile
from numpy.typing import NDArray

from indexer.drums.formats.midi_files import MidiNote as Note
from indexer.drums.formats.midi_files import write_notes
from indexer.drums.hearing.mel import SAMPLE_RATE
from training.drums.training_errors import SoundError

Float = NDArray[np.float32]
_TIMEOUT_S: Final = 120
"""A passage renders in a second; minutes mean that the program hangs."""


def render_notes(
    notes: Sequence[Note], programs: dict[int, int], font: Path, *, effects: bool = False
) -> Float:
    """Render notes.

    Args:
        notes: In any order.
        programs: The instrument of each channel; channel 9 holds drums in General MIDI.
        font: An .sf2 or .sf3 file.
        effects: Whether FluidSynth adds its own reverb and chorus.

    Returns:
        float32, (n_samples,), mono, 44.1 kHz.

    Raises:
        SoundError: FluidSynth is not installed, or it failed.
    """
    program = shutil.which("fluidsynth")
    if program is None:
        raise SoundError("Training needs FluidSynth; install it (Debian: apt install fluidsynth).")
    with tempfile.TemporaryDirectory() as folder:
        midi, sound = Path(folder, "in.mid"), Path(folder, "out.wav")
        midi.write_bytes(write_notes(notes, programs))
        switch = "1" if effects else "0"
        command = [program, "-ni", "-q", "-R", switch, "-C", switch, "-g", "0.5"]
        command += ["-o", "synth.dynamic-sample-loading=1", "-r", str(SAMPLE_RATE)]
        command += ["-F", str(sound), str(font), str(midi)]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=_TIMEOUT_S)
        except (subprocess.SubprocessError, OSError) as error:
            raise SoundError(f"FluidSynth could not render with {font}: {error}") from error
        if not sound.is_file():
            raise SoundError(f"FluidSynth rendered nothing with {font}; is it a SoundFont?")
        samples, _ = soundfile.read(sound, dtype="float32", always_2d=True)
    return np.asarray(samples, np.float32).mean(axis=1)
