"""Where a title ends and its artist begins, in any language: "Hurt by …", "Hurt - …"."""

from __future__ import annotations

import re

from prompts import cached, every


@cached
def apart_from_artist() -> re.Pattern[str]:
    """Return the pattern of what stands between a title and its artist."""
    words = "|".join(map(re.escape, every("reading", "by")))
    return re.compile(rf"\s+(?:{words})\s+|\s+[-–—]\s+", re.IGNORECASE)
