from pathlib import Path

import numpy as np
import soundfile

from training.drums.clips.clip_rendering import split_of_kit
from training.drums.sounds.kits import read_kits
from training.drums.sounds.sampled_kits import read_sampled_kits


def write_hit(path: Path, *, level: float, rate: int = 44100) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    decay = np.exp(-np.arange(rate // 5) / (0.02 * rate))
    noise = np.random.default_rng(0).uniform(-1, 1, decay.size)
    soundfile.write(path, level * decay * noise, rate)


def test_hits_are_sorted_by_loudness_and_microphones_mixed(tmp_path: Path) -> None:
    samples = tmp_path / "karoryfer.gogodze-phu-vol-ii" / "Samples"
    for mic in ("oh", "front"):
        for hit, level in (("vl1_rr1", 0.3), ("vl1_rr2", 0.1), ("vl2_rr1", 0.6)):
            write_hit(samples / f"{mic}_mic" / f"ht_{hit}.wav", level=level)
        write_hit(samples / f"{mic}_mic" / "ho_vl1_rr1.wav", level=0.5)

    kits = dict(read_sampled_kits(tmp_path))

    assert sorted(kits) == ["gogodze 0", "gogodze 1", "gogodze 2"]
    (tight,) = kits["gogodze 0"]["hat_closed"]
    peaks = [float(np.abs(hit).max()) for hit in tight]
    assert len(tight) == 3 and peaks == sorted(peaks)
    assert set(kits["gogodze 0"]) == {"hat_closed", "hat_open"}
    assert float(np.abs(kits["gogodze 1"]["hat_open"][0][0]).max()) != peaks[-1]


def test_machines_are_kits_by_folder(tmp_path: Path) -> None:
    machine = tmp_path / "drum-machines" / "LM-2"
    for name in ("hhclosed-short", "hhopen", "kick-alt", "tom-hh", "stick-l", "conga-h", "cabasa"):
        write_hit(machine / f"{name}.ogg", level=0.5, rate=22050)

    kits = {name: kit for name, kit in read_kits([tmp_path]) if name.startswith("machine")}

    voices = {"hat_closed", "hat_open", "kick", "tom_high", "side_stick", "other"}
    assert set(kits["machine LM-2"]) == voices
    assert split_of_kit("machine LM-2") == "report"
    assert split_of_kit("machine TR-808") == "train"
