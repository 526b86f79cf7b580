"""Array types by dtype."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Float32 = NDArray[np.float32]
"""Audio, spectra and network output."""
Float64 = NDArray[np.float64]
"""Times, positions and statistics."""
