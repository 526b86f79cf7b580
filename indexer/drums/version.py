"""Version of the drum charts: what the same recording would be charted as.

It has two parts. `CHART_CODE_VERSION` is raised by hand when a change of code changes charts; the
golden chart (`tests/indexer/drums/test_golden_chart.py`) fails until it is. The digest changes by
itself with the network and the values of the weights that ship. No import here is heavy: processes
that make no charts read the version, too.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Final

CHART_CODE_VERSION: Final = 8
"""Raise by one when charts of the same recording, or the files of their bundle, change."""
WEIGHT_FILES: Final = (
    "hearing/models/drums.tflite",
    "hearing/models/drums.json",
    "hearing/models/candidates.npz",
    "hearing/china_cymbals.json",
    "beat/downbeats.json",
    "beat/meter_hypotheses.json",
)
"""Shipped files that decide charts, relative to this folder."""
_DIGEST_LENGTH: Final = 12
"""Hexadecimal digits: 48 bits tell any two versions apart."""


@cache
def weights_digest() -> str:
    """Return the SHA-256 of the shipped network and weights, shortened, hexadecimal."""
    digest = hashlib.sha256()
    folder = Path(__file__).parent
    for name in WEIGHT_FILES:
        digest.update(hashlib.sha256(_content(folder / name)).digest())
    return digest.hexdigest()[:_DIGEST_LENGTH]


def _content(path: Path) -> bytes:
    """Return what decides charts in a file: JSON without layout and the note of its origin."""
    content = path.read_bytes()
    if path.suffix != ".json":
        return content
    values = json.loads(content)
    values.pop("made", None)
    return json.dumps(values, sort_keys=True).encode()


def chart_version() -> str:
    """The version of the charts that are made now, such as "6.1c9e4b0a77d2"."""
    return f"{CHART_CODE_VERSION}.{weights_digest()}"
