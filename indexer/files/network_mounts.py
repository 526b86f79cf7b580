"""Network shares among the mounts of this machine: they tell nothing of what changes on them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final, NamedTuple

MOUNTS: Final = Path("/proc/self/mounts")
"""One a line: source, place, type of the file system; spaces in names as \\040."""
NETWORK_TYPES: Final = frozenset(
    (
        "nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "9p", "afs", "ceph", "glusterfs", "davfs",
        "lustre", "beegfs", "vboxsf", "prl_fs", "virtiofs", "fuse.sshfs", "fuse.rclone",
        "fuse.davfs2", "fuse.glusterfs", "fuse.s3fs", "fuse.gvfsd-fuse", "fuse.smbnetfs",
        "fuse.curlftpfs", "fuse.mergerfs-nfs", "fuse.vmhgfs-fuse",
    )
)  # fmt: skip
_OCTAL: Final = re.compile(r"\\([0-7]{3})")


class NetworkMount(NamedTuple):
    """A share: where it is mounted, and the type of its file system."""

    place: Path
    kind: str


def network_mounts(folder: Path, *, mounts: Path | None = None) -> tuple[NetworkMount, ...]:
    """Return the shares that a folder lies on or holds; none where the system does not tell.

    Args:
        folder: An absolute path; links in it are followed.
        mounts: The list of mounts.
    """
    try:
        lines = (mounts or MOUNTS).read_text("utf-8", "surrogateescape").splitlines()
        folder = folder.resolve()
    except OSError:
        return ()
    found: dict[Path, str] = {}
    for line in lines:
        parts = line.split(" ")
        if len(parts) > 2:
            place = _OCTAL.sub(lambda code: chr(int(code[1], 8)), parts[1])
            found[Path(place)] = parts[2]
    around = max((p for p in found if folder.is_relative_to(p)), default=None, key=_depth)
    places = [p for p in found if p == around or p.is_relative_to(folder)]
    return tuple(NetworkMount(p, found[p]) for p in sorted(places) if found[p] in NETWORK_TYPES)


def _depth(place: Path) -> int:
    return len(place.parts)
