"""Check what the analysis needs: codecs, the tagger's networks, the music folder."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from typing import Final

from indexer.files.network_mounts import network_mounts
from indexer.models.musicnn import is_current, model_paths
from store.diagnosis import Finding
from store.jobs import indexer_state
from store.paths import decode_path, shown_path
from store.settings import StoreSettings
from store.tracks.away_tracks import away_folders

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


def check_music_folder() -> Iterator[Finding]:
    """Check that the watched music folders can be read, and how their changes are noticed."""
    for name in indexer_state.watched_folders():
        folder = decode_path(name)
        if not folder.is_dir():
            fix = "Connect its disk or share; its tracks are kept."
            yield Finding("warn", f"The music folder {shown_path(name)} cannot be seen", fix)
            continue
        shares = network_mounts(folder)
        for share in shares:
            text = f"{share.place} is a network share ({share.kind})"
            yield Finding("ok", f"{text}: it is looked through again and again, not watched")
        if not shares:
            yield Finding("ok", f"The music folder {shown_path(name)} is watched")
    for each in away_folders():
        yield Finding(
            "warn",
            f"{each.tracks} tracks are away: {shown_path(each.path)} cannot be seen",
            "Connect it, or if they are really deleted: backbeat away --gone",
        )
