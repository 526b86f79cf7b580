from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.drums.formats.dtx import spec
from indexer.drums.formats.dtx.decode import decode
from indexer.drums.formats.dtx.dtx_types import Chip, DtxChart, Wav
from indexer.drums.formats.dtx.encode import encode
from indexer.drums.types import BarLength, TempoChange, TempoMap

DIVISORS = [n for n in range(1, 385) if 384 % n == 0]
bpms = st.one_of(st.floats(*spec.BPM_RANGE, allow_nan=False), st.integers(30, 300).map(float))
bars = st.one_of(st.integers(0, 12), st.integers(0, spec.LAST_BAR))
ticks = st.sampled_from(DIVISORS).flatmap(
    lambda n: st.integers(0, n - 1).map(lambda i: i * (384 // n))
)


@st.composite
def tempo_maps(draw):
    changes = draw(st.dictionaries(st.tuples(bars, ticks), bpms, max_size=8))
    changes[0, 0] = draw(bpms)
    lengths = draw(
        st.dictionaries(bars, st.floats(*spec.BAR_LENGTH_RANGE, allow_nan=False), max_size=5)
    )
    return TempoMap(
        tuple(TempoChange(bar, tick, bpm) for (bar, tick), bpm in sorted(changes.items())),
        tuple(BarLength(*item) for item in sorted(lengths.items())),
    )


@st.composite
def charts(draw):
    ids = st.integers(1, spec.LAST_ID)
    files = st.text(min_size=1).map(lambda text: "x" + text)
    sounds = draw(
        st.dictionaries(
            ids, st.tuples(files, st.integers(0, 100), st.integers(-100, 100)), min_size=1
        )
    )
    places = st.tuples(bars, ticks, st.sampled_from(sorted(spec.CHIP_CHANNELS)))
    chips = draw(st.dictionaries(places, st.sampled_from(sorted(sounds)), max_size=40))
    return DtxChart(
        title=draw(st.text()),
        artist=draw(st.text()),
        dlevel=draw(st.integers(0, 999)),
        tempo=draw(tempo_maps()),
        wavs=tuple(Wav(number, *sound) for number, sound in sorted(sounds.items())),
        chips=tuple(Chip(*place, value) for place, value in sorted(chips.items())),
        comment=draw(st.text()),
        genre=draw(st.text(alphabet="ロック・メタル表ソ能~−‖¥¬ ")),
        preview=draw(st.text()),
        preimage=draw(st.text()),
    )


@settings(max_examples=150, deadline=None)
@given(charts())
def test_decode_inverts_encode(chart):
    assert decode(encode(chart)) == chart


def test_the_pan_of_sound_el_is_no_panel():
    tempo = TempoMap((TempoChange(0, 0, 120.0),), ())
    sounds = (Wav(int("EL", 36), "x0", 0, 1),)
    chart = DtxChart("", "", 0, tempo, wavs=sounds, chips=())
    assert decode(encode(chart)).wavs == chart.wavs


@given(st.text())
def test_titles_lose_only_what_a_line_cannot_hold(title):
    chart = DtxChart(title, "", 10, TempoMap((TempoChange(0, 0, 120.0),)), (), ())
    kept = decode(encode(chart)).title
    assert ";" not in kept and "\n" not in kept
    assert kept.isprintable() is False or set(kept) - {" "} <= set(title)
