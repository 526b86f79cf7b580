"""Identity of an audio file: a digest of its audio payload, which tag editors do not change."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

import av.error

from indexer.files.audio.audio_file import open_audio
from indexer.files.audio.audio_types import AudioError
from indexer.files.audio.opened_file import OpenedFile, opened

PAYLOAD_LIMIT_BYTES: Final = 64 * 1024 * 1024
"""Payload that is read: half an hour of FLAC. Different recordings differ before."""
_DIGEST_BYTES: Final = 16
_CHUNK_BYTES: Final = 1024 * 1024


def payload_hash(source: Path | OpenedFile) -> str:
    """Return the digest of the packets of the first audio stream; of all bytes in a file without.

    It is unchanged by edits of tags or covers and by a rename, and equal on every machine.

    Returns:
        32 hexadecimal digits.

    Raises:
        AudioError: The file cannot be read (code "unreadable").
    """
    with opened(source) as file:
        try:
            return _packet_hash(file) or _byte_hash(file)
        except AudioError as error:
            if error.code == "unreadable":
                raise
            return _byte_hash(file)


def _packet_hash(file: OpenedFile) -> str | None:
    digest = hashlib.blake2b(digest_size=_DIGEST_BYTES)
    total = 0
    with open_audio(file) as (container, stream):
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
            pass  # a damaged end: the digest covers what was read
    return digest.hexdigest() if total else None


def _byte_hash(file: OpenedFile) -> str:
    digest = hashlib.blake2b(digest_size=_DIGEST_BYTES, person=b"bytes")
    try:
        handle = file.rewound()
        while chunk := handle.read(_CHUNK_BYTES):
            digest.update(chunk)
    except OSError as error:
        raise AudioError(f"The file cannot be read: {error}.", code="unreadable") from error
    return digest.hexdigest()
