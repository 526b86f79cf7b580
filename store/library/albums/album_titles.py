"""What titles and folders of albums say besides the name: a disc, an edition, various artists."""

from __future__ import annotations

import re
from typing import Final

from store.folding import fold, lead_artist

VARIOUS_ARTISTS: Final = "Various Artists"
_VARIOUS: Final = frozenset({
    "various artists", "various artist", "various", "va", "v a", "various interprets",
    "varios artistas", "varios", "artistes divers", "artistes varies", "divers", "divers artistes",
    "multi interpretes", "verschiedene interpreten", "verschiedene", "diverse", "diverse artister",
    "diverse artiesten", "vari artisti", "artisti vari", "aa vv", "vvaa",
    "multiple artists", "compilation", "compilations", "сборник",
})  # fmt: skip
"""Folded names of no artist in particular, as taggers write them."""

_NUMBERS: Final = {
    "one": 1, "two": 2, "three": 3, "four": 4, "i": 1, "ii": 2, "iii": 3, "iv": 4,
    "a": 1, "b": 2, "c": 3, "d": 4,
}  # fmt: skip
_COUNT: Final = r"(?:0?[1-9]|1\d|20)\b"
"""No disc has a higher number, but "Italo Disco 80" is a name."""
_DISC: Final = (
    rf"(?:(?:cd|disc|disk|disque|dvd)\s*[-._#:]?\s*(?P<disc>{_COUNT}|(?:one|two|three|four|iv|i+)\b)"
    rf"|disco\s*[-._#:]?\s*(?P<disco>{_COUNT}))(?:\s*(?:of|/|de|von|sur)\s*\d{{1,2}})?"
)
_END: Final = re.compile(
    rf"[\s,:;–—-]*(?P<open>[(\[])?\s*(?<![^\W\d_]){_DISC}"
    r"(?:\s*[:–—-][^)\]]*)?(?(open)[)\]])\s*$",
    re.IGNORECASE,
)
_FOLDER: Final = re.compile(
    rf"(?:{_DISC}|(?:lp|vinyl|volume|vol|part|pt)\.?\s*[-._#]?\s*(?P<part>{_COUNT})"
    rf"|(?:side|face)\s*(?P<side>[a-d])\b)(?:[\W_].*)?|(?P<plain>{_COUNT})",
    re.IGNORECASE,
)
_EDITION: Final = re.compile(
    r"\b(?:deluxe|edition|editions|remaster\w*|remasteris\w*|expanded|anniversary|anniversaire"
    r"|bonus|reissue\w*|reedition|special|limited|collectors?|legacy|explicit|clean|mono|stereo"
    r"|hi ?res|\d+ ?bits?|vinyl|japan\w*|import|digipak|digital|ausgabe|jubilaums\w*|\d{4} mix)\b"
)
_ASIDE: Final = re.compile(r"\s*(?:[(\[]([^)\]]*)[)\]]|(?:\s[-–—]|:)\s+(.+))\s*$")
_BARE_EDITION: Final = re.compile(
    r"\s+(?:(?:super )?deluxe(?: edition)?|(?:\d{4} )?remastered|remaster"
    r"|(?:expanded|special|limited|anniversary) edition)\s*$",
    re.IGNORECASE,
)


def is_various(name: str) -> bool:
    """Whether a name stands for no artist in particular."""
    return fold(name) in _VARIOUS


def without_disc(title: str) -> tuple[str, int | None]:
    """Return a title without the disc at its end, and its number: "Gold (Disc 2)" → "Gold", 2."""
    found = _END.search(title)
    if found is None or not title[: found.start()].strip():
        return title, None
    return title[: found.start()].strip(), _number(found)


def album_key(title: str) -> str:
    """Return the folded title of an album without its disc: what all of its tracks share."""
    return fold(without_disc(title)[0])


def without_disc_folder(folder: str) -> tuple[str, int | None]:
    """Return the folder of an album and a disc: "Gold/CD2" and "Gold CD2" → "Gold", 2."""
    parent, _, name = folder.rpartition("/")
    if whole := _FOLDER.fullmatch(name):
        return parent, _number(whole)
    bare, disc = without_disc(name)
    return (f"{parent}/{bare}", disc) if disc is not None else (folder, None)


def edition_title(title: str) -> str:
    """Return the folded title that all editions share: "Gold (Deluxe Edition)" → "gold"."""
    bare, previous = without_disc(title)[0], ""
    while bare != previous:
        previous = bare
        aside = _ASIDE.search(bare)
        if aside and aside.start() and _EDITION.search(fold(aside[1] or aside[2] or "")):
            bare = bare[: aside.start()]
        bare = _BARE_EDITION.sub("", bare) or bare
    return fold(bare)


def song_title(title: str) -> str:
    """Return the folded title of a song without what stands in brackets or behind a dash."""
    return fold(_ASIDE.sub("", lead_artist(title))) or fold(title)


def _number(found: re.Match[str]) -> int:
    text = next(value for name, value in found.groupdict().items() if value and name != "open")
    return int(text) if text.isdecimal() else _NUMBERS.get(text.lower(), 1)
