from __future__ import annotations

import io
import os
from pathlib import Path

import numpy as np
import pytest
import soundfile
from mutagen.id3 import APIC, ID3
from PIL import Image

from indexer.files.audio.audio_file import open_audio, probe
from indexer.files.audio.audio_types import Audio, AudioError
from indexer.files.audio.decoding import decode, is_silent, resample

RATE = 44_100
SUFFIXES = {"alac": "m4a"}
KINDS = {
    "mp3": "mp3",
    "flac": "flac",
    "ogg": "vorbis",
    "opus": "opus",
    "m4a": "aac",
    "alac": "alac",
    "wav": "pcm_s16le",
    "aiff": "pcm_s16be",
    "wma": "wmav2",
    "aac": "aac",
}


def sine(duration_s: float = 2.0, *, rate: int = RATE, frequency_hz: float = 440.0, peak=0.5):
    time_s = np.arange(int(duration_s * rate)) / rate
    return (peak * np.sin(2 * np.pi * frequency_hz * time_s)).astype(np.float32)


def dominant_hz(audio: Audio) -> float:
    spectrum = np.abs(np.fft.rfft(audio.samples))
    return float(spectrum.argmax() * audio.sample_rate / len(audio.samples))


@pytest.mark.parametrize("kind", KINDS)
def test_decodes_every_format(kind, tmp_path, encode_audio):
    rate = 48_000 if kind == "opus" else RATE
    path = tmp_path / f"a.{SUFFIXES.get(kind, kind)}"
    encode_audio(path, np.stack([sine(rate=rate)] * 2), rate, kind)
    audio = decode(path)
    assert (audio.container, audio.codec) == (kind, KINDS[kind])
    assert audio.channels == 2
    assert audio.source_sample_rate == rate
    assert audio.samples.dtype == np.float32
    assert len(audio.samples) == pytest.approx(2 * RATE, abs=0.1 * RATE)
    assert audio.duration_s == pytest.approx(2, abs=0.1)
    assert dominant_hz(audio) == pytest.approx(440, abs=1)
    assert np.abs(audio.samples[RATE // 2 : -RATE // 2]).max() == pytest.approx(0.5, abs=0.06)
    assert not audio.excerpted
    assert audio.warnings == ()


@pytest.mark.parametrize(
    ("subtype", "rate", "channels"),
    [
        ("PCM_U8", 8_000, 1),
        ("PCM_16", 22_050, 1),
        ("PCM_24", 96_000, 2),
        ("PCM_32", 48_000, 4),
        ("FLOAT", 192_000, 2),
        ("DOUBLE", 44_100, 6),
    ],
)
def test_decodes_every_sample_format_and_rate(subtype, rate, channels, tmp_path):
    path = tmp_path / "a.wav"
    signal = sine(1.0, rate=rate)
    soundfile.write(path, np.stack([signal] * channels, axis=1), rate, subtype=subtype)
    audio = decode(path, sample_rate=16_000)
    assert audio.channels == channels
    assert len(audio.samples) == pytest.approx(16_000, abs=2)
    assert dominant_hz(audio) == pytest.approx(440, abs=1)
    assert np.abs(audio.samples[1000:-1000]).max() == pytest.approx(0.5, abs=0.02)


def test_low_frequency_channel_is_left_out_of_the_mix(tmp_path, encode_audio):
    channels = np.zeros((6, RATE), np.float32)
    channels[3] = sine(1.0)  # FL FR FC LFE BL BR
    path = encode_audio(tmp_path / "a.flac", channels, RATE, "flac")
    assert is_silent(decode(path).samples)


@pytest.mark.parametrize("louder", [0, 1])
def test_channels_that_are_each_others_reverse_do_not_fall_silent(louder, tmp_path, encode_audio):
    channels = np.stack([0.4 * sine(2.0), -0.4 * sine(2.0)]) + 0.3
    channels[louder] = 1.1 * (channels[louder] - 0.3) + 0.3
    audio = decode(encode_audio(tmp_path / "a.flac", channels.astype(np.float32), RATE, "flac"))
    np.testing.assert_allclose(audio.samples, channels[louder], atol=1e-3)


def test_listener_gets_all_channels_at_the_source_rate(tmp_path, encode_audio):
    left, right = sine(3.0, rate=48_000), sine(3.0, rate=48_000, peak=0.25)
    path = encode_audio(tmp_path / "a.flac", np.stack([left, right]), 48_000, "flac")
    blocks: list[np.ndarray] = []
    decode(path, sample_rate=16_000, on_block=blocks.append)
    heard = np.concatenate(blocks, axis=1)
    assert heard.dtype == np.float32
    np.testing.assert_allclose(heard, np.stack([left, right]), atol=1e-4)


def test_samples_that_are_no_numbers_become_silence(tmp_path):
    signal = sine(1.0)
    signal[100:110] = np.nan
    signal[200] = np.inf
    path = tmp_path / "a.wav"
    soundfile.write(path, signal, RATE, subtype="FLOAT")
    heard: list[np.ndarray] = []
    audio = decode(path, on_block=heard.append)
    assert np.isfinite(audio.samples).all()
    assert all(np.isfinite(block).all() for block in heard)
    assert audio.warnings == ("Samples that are no numbers were replaced by silence.",)


@pytest.mark.parametrize("rate", [1, 2**31 - 1])
def test_rate_of_a_damaged_header_is_refused(rate, tmp_path, encode_audio):
    path = encode_audio(tmp_path / "a.wav", sine(1.0), RATE, "wav")
    content = bytearray(path.read_bytes())
    content[24:28] = rate.to_bytes(4, "little")
    path.write_bytes(content)
    with pytest.raises(AudioError) as caught:
        decode(path)
    assert caught.value.code == "corrupted"


@pytest.mark.parametrize("kind", ["mp3", "flac", "ogg", "opus", "m4a", "alac", "wav", "aiff"])
def test_damage_anywhere_gives_audio_or_a_reason(kind, tmp_path, encode_audio):
    rate = 48_000 if kind == "opus" else RATE
    path = tmp_path / f"a.{SUFFIXES.get(kind, kind)}"
    encode_audio(path, noise(1.0, rate=rate), rate, kind)
    whole = path.read_bytes()
    random = np.random.default_rng(7)
    for turn in range(30):
        content = bytearray(whole)
        reach = 200 if turn % 2 else len(whole)
        for position in random.integers(0, reach, 12):
            content[position] = random.integers(256)
        path.write_bytes(content)
        try:
            audio = decode(path)
        except AudioError as error:
            assert str(error)
        else:
            assert np.isfinite(audio.samples).all()


def test_metadata_in_an_old_encoding_do_no_harm(tmp_path, encode_audio):
    path = encode_audio(tmp_path / "a.wav", sine(1.0), RATE, "wav")
    info = b"INFOINAM" + (6).to_bytes(4, "little") + b"caf\xe9\xff\x00"
    content = path.read_bytes() + b"LIST" + len(info).to_bytes(4, "little") + info
    path.write_bytes(content[:4] + (len(content) - 8).to_bytes(4, "little") + content[8:])
    assert decode(path).duration_s == pytest.approx(1)


def test_silence_decodes(tmp_path):
    path = tmp_path / "a.wav"
    soundfile.write(path, np.zeros(RATE), RATE)
    audio = decode(path)
    assert is_silent(audio.samples)
    assert not is_silent(sine(0.1))


@pytest.mark.parametrize("kind", ["flac", "mp3", "ogg", "m4a", "wav"])
def test_long_file_is_excerpted(kind, tmp_path, encode_audio):
    seconds = [sine(1.0, frequency_hz=200 + 20 * i, peak=0.3) for i in range(60)]
    path = encode_audio(tmp_path / f"a.{kind}", np.concatenate(seconds), RATE, kind)
    heard_s = 0.0

    def listen(block: np.ndarray) -> None:
        nonlocal heard_s
        heard_s += block.shape[1] / RATE

    audio = decode(path, max_s=18, on_block=listen)
    assert audio.excerpted
    assert audio.duration_s == pytest.approx(60, abs=0.2)
    assert audio.excerpt_starts_s == pytest.approx((7.0, 27.0, 47.0), abs=0.1)
    assert len(audio.samples) == pytest.approx(18 * RATE, abs=RATE)
    assert heard_s == pytest.approx(18, abs=1)
    third = len(audio.samples) // 3
    for index, start_s in enumerate(audio.excerpt_starts_s):
        part = audio.samples[index * third : (index + 1) * third]
        peaks_hz = np.argsort(np.abs(np.fft.rfft(part)))[-40:] * RATE / third
        middle_hz = 200 + 20 * (start_s + 3)
        assert np.median(peaks_hz) == pytest.approx(middle_hz, abs=45)


def test_excerpt_of_a_wrongly_announced_file(tmp_path, encode_audio):
    path = encode_audio(tmp_path / "a.aac", sine(20.0), RATE, "aac")
    audio = decode(path, max_s=5)
    assert audio.excerpted
    assert len(audio.samples) <= 6 * RATE
    assert audio.duration_s == pytest.approx(20, abs=1.5)


@pytest.mark.parametrize(
    "kind", ["mp3", "flac", "ogg", "opus", "m4a", "alac", "wav", "aiff", "wma"]
)
def test_truncated_file_is_refused(kind, tmp_path, encode_audio):
    rate = 48_000 if kind == "opus" else RATE
    path = tmp_path / f"a.{SUFFIXES.get(kind, kind)}"
    encode_audio(path, sine(6.0, rate=rate) + noise(6.0, rate=rate), rate, kind)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(AudioError) as caught:
        decode(path)
    assert caught.value.code == "truncated"
    assert "incomplete" in str(caught.value)


@pytest.mark.parametrize("kind", ["mp3", "flac", "ogg"])
def test_truncated_long_file_is_refused(kind, tmp_path, encode_audio):
    path = encode_audio(tmp_path / f"a.{kind}", noise(40.0, rate=RATE), RATE, kind)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 6 // 10])
    with pytest.raises(AudioError) as caught:
        decode(path, max_s=12)
    assert caught.value.code == "truncated"


def test_mp3_that_promises_no_length_is_taken_as_it_is(tmp_path, encode_audio):
    path = encode_audio(tmp_path / "a.mp3", sine(6.0), RATE, "mp3")
    content = path.read_bytes()
    first = content.index(b"\xff\xfb")
    second = content.index(b"\xff\xfb", first + 4)
    path.write_bytes(content[second : second + len(content) // 2])
    assert not probe(path).length_is_exact
    assert decode(path).duration_s == pytest.approx(3, abs=0.3)


@pytest.mark.parametrize("kind", ["mp3", "flac", "ogg", "opus", "m4a", "alac", "wma", "aac"])
def test_file_with_a_destroyed_third_is_refused(kind, tmp_path, encode_audio):
    rate = 48_000 if kind == "opus" else RATE
    path = tmp_path / f"a.{SUFFIXES.get(kind, kind)}"
    encode_audio(path, sine(6.0, rate=rate) + noise(6.0, rate=rate), rate, kind)
    content = bytearray(path.read_bytes())
    third = len(content) // 3
    content[third : 2 * third] = np.random.default_rng(0).bytes(third)
    path.write_bytes(content)
    with pytest.raises(AudioError) as caught:
        decode(path)
    assert caught.value.code in ("corrupted", "truncated")


def noise(duration_s: float, *, rate: int) -> np.ndarray:
    samples = np.random.default_rng(1).normal(0, 0.05, int(duration_s * rate))
    return samples.astype(np.float32)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.mp3", b"", "empty"),
        ("a.mp3", b"only some text in here\n" * 300, "not_audio"),
        ("a.mp3", b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(3000), "not_audio"),
        ("a.mp3", np.random.default_rng(1).bytes(100_000), "not_audio"),
        ("a.mp3", b"#EXTM3U\n#EXTINF:10,\nhttp://127.0.0.1:9/x.mp3\n", "not_audio"),
        ("a.mp3", b"ffconcat version 1.0\nfile /etc/hostname\n", "not_audio"),
        ("a.wav", bytes(10_000), "not_audio"),
        ("a.mp3", b"ID3\x04\x00\x00\x00\x00\x00\x00" + bytes(500), "corrupted"),
        ("a.flac", b"fLaC" + np.random.default_rng(2).bytes(20_000), "corrupted"),
    ],
)
def test_what_is_no_audio_is_refused(name, content, code, tmp_path):
    path = tmp_path / name
    path.write_bytes(content)
    for read in (decode, probe):
        with pytest.raises(AudioError) as caught:
            read(path)
        assert caught.value.code == code


@pytest.mark.parametrize("kind", ["wav", "mp3", "flac", "ogg", "m4a"])
def test_ten_milliseconds_are_too_short(kind, tmp_path, encode_audio):
    path = encode_audio(tmp_path / f"a.{kind}", sine(0.01), RATE, kind)
    with pytest.raises(AudioError, match="too short to analyse") as caught:
        decode(path)
    assert caught.value.code == "too_short"


@pytest.mark.parametrize("kind", ["wav", "mp3", "flac", "ogg", "m4a", "wma"])
def test_a_second_is_enough(kind, tmp_path, encode_audio):
    path = encode_audio(tmp_path / f"a.{kind}", sine(1.0), RATE, kind)
    assert decode(path).duration_s == pytest.approx(1, abs=0.12)


def test_missing_file_folder_and_pipe_are_unreadable(tmp_path):
    os.mkfifo(tmp_path / "pipe.mp3")
    for path in (tmp_path / "nothing.mp3", tmp_path, tmp_path / "pipe.mp3"):
        with pytest.raises(AudioError) as caught:
            decode(path)
        assert caught.value.code == "unreadable"


def test_content_decides_over_the_suffix(tmp_path, encode_audio):
    path = encode_audio(tmp_path / "a.mp3", sine(), RATE, "ogg")
    audio = decode(path)
    assert audio.container == "ogg"
    assert audio.warnings == ("The file is named .mp3 but holds ogg audio.",)


@pytest.mark.parametrize(
    "name",
    [
        "Кино — Группа крови.flac",
        "夜に駆ける 🎧.flac",
        "http:%3f concat:a|b.flac",
        os.fsdecode(b"caf\xe9 \xff\xfe.flac"),
    ],
)
def test_any_file_name_works(name, tmp_path, encode_audio):
    path = encode_audio(tmp_path / name, sine(1.0), RATE, "flac")
    assert decode(path).duration_s == pytest.approx(1, abs=0.01)


def test_probe_tells_what_the_container_says(tmp_path, encode_audio):
    path = encode_audio(tmp_path / "a.mp3", np.stack([sine(3.0)] * 2), RATE, "mp3")
    info = probe(path)
    assert info.duration_s == pytest.approx(3, abs=0.1)
    assert (info.container, info.channels, info.sample_rate) == ("mp3", 2, RATE)
    assert info.bit_rate == 128_000
    assert info.length_is_exact


def test_resample_keeps_pitch_and_level():
    out = resample(sine(1.0), from_hz=RATE, to_hz=16_000)
    assert out.dtype == np.float32
    np.testing.assert_allclose(out[1000:-1000], sine(1.0, rate=16_000)[1000:-1000], atol=2e-3)


def test_video_picture_in_an_audio_file_is_passed_over(tmp_path, encode_audio):
    from mutagen.id3 import APIC, ID3
    from PIL import Image

    picture = tmp_path / "p.png"
    Image.new("RGB", (50, 50)).save(picture)
    path = encode_audio(tmp_path / "a.mp3", sine(), RATE, "mp3")
    tags = ID3()
    tags.add(APIC(encoding=3, mime="image/png", type=3, desc="", data=picture.read_bytes()))
    tags.save(path)
    assert decode(Path(path)).duration_s == pytest.approx(2, abs=0.1)


def test_a_huge_cover_is_not_decoded(tmp_path, encode_audio):
    path = encode_audio(tmp_path / "song.mp3", sine(1.0), kind="mp3")
    out = io.BytesIO()
    Image.new("1", (4000, 4000)).save(out, "PNG")
    tags = ID3()
    tags.add(APIC(encoding=3, mime="image/png", type=3, desc="", data=out.getvalue()))
    tags.save(path)
    with open_audio(path) as (container, _):
        (picture,) = container.streams.video
        assert picture.codec_context.width == 0  # its size is only known to who decodes it
    assert decode(path).duration_s == pytest.approx(1.0, abs=0.1)
