"""Check what the analysis needs: codecs and the tagger's networks."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from typing import Final

from indexer.models.musicnn import is_current, model_paths
from store.diagnosis import Finding
from store.settings import StoreSettings

ENCODERS: Final = ("libmp3lame", "libopus", "aac", "flac", "vorbis")
DECODERS: Final = ("mp3", "flac", "vorbis", "opus", "aac", "alac", "wmav2", "pcm_s16le")


def check_codecs() -> Iterator[Finding]:
    """Check that PyAV decodes and encodes the formats that are needed."""
    import av

    missing = [name for name in (*DECODERS, *ENCODERS) if name not in av.codecs_available]
    if missing:
        yield Finding("bad", f"Codecs missing: {', '.join(missing)}", "Reinstall: make clean setup")
    else:
        yield Finding("ok", "Codecs: mp3, flac, ogg, opus, m4a, alac, wma, wav")


def check_networks() -> Iterator[Finding]:
    """Check that the tagger's networks are converted, or can be."""
    try:
        paths = model_paths(StoreSettings().models)
    except OSError as error:
        yield Finding("bad", f"Networks: {error}", "See the data folder above.")
        return
    if is_current(paths.msd) and is_current(paths.mtt):
        yield Finding("ok", "Tagger networks are converted")
    elif find_spec("tensorflow") is None:
        yield Finding("bad", "The tagger cannot be made: TensorFlow is missing", "make setup")
    else:
        yield Finding("ok", "Tagger networks will be converted at the first indexing")
