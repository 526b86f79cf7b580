"""Identity of an audio file: a digest of the audio payload that no tag editor changes."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

import av.error

from indexer.audio_file import open_audio
from indexer.audio_types import AudioError

PAYLOAD_LIMIT_BYTES: Final = 64 * 1024 * 1024
"""Payload that is read: half an hour of FLAC. What differs, differs before."""
_DIGEST_BYTES: Final = 16
_CHUNK_BYTES: Final = 1024 * 1024


def payload_hash(path: Path) -> str:
    """Digest of the packets of the first audio stream; of the bytes of a file with none.

    The same after tags or covers were changed, after a rename, and on every machine.

    Returns:
        32 hexadecimal digits.

    Raises:
        AudioError: The file cannot be read (code "unreadable").
    """
    try:
        return _packet_hash(path) or _byte_hash(path)
    except AudioError as error:
        if error.code == "unreadable":
            raise
        return _byte_hash(path)


def _packet_hash(path: Path) -> str | None:
    digest = hashlib.blake2b(digest_size=_DIGEST_BYTES)
    total = 0
    with open_audio(path) as (container, stream):
        try:
            for packet in container.demux(stream):
                data = bytes(packet)
                digest.update(data)
                total += len(data)
                if total >= PAYLOAD_LIMIT_BYTES:
                    break
        except MemoryError:
            raise
        except av.error.FFmpegError:
            pass  # a damaged end: what was read identifies the file well enough
    return digest.hexdigest() if total else None


def _byte_hash(path: Path) -> str:
    digest = hashlib.blake2b(digest_size=_DIGEST_BYTES, person=b"bytes")
    try:
        with path.open("rb") as handle:
            while chunk := handle.read(_CHUNK_BYTES):
                digest.update(chunk)
    except OSError as error:
        raise AudioError(f"The file cannot be read: {error}.", code="unreadable") from error
    return digest.hexdigest()
