"""When tracks were added: "added in the last three weeks"."""

from __future__ import annotations

from typing import Final

from assistant.understanding.lexing.tokens import Scan
from assistant.understanding.parsing.draft import Draft

_DAYS: Final = {"days": 1, "weeks": 7, "months": 31}


def read_added(scan: Scan, draft: Draft) -> None:
    """Take "added within so many days, weeks or months"."""
    for unit, match, first, last in scan.longest_first(scan.language.rules["added_within"]):
        count = float(match["n"].replace(",", "."))
        draft.set("added_days", round(count * _DAYS[unit]))
        scan.use(first, last, "added_days")
