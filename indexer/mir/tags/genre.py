"""Genre of a track: a weighted vote of tags and tagger over a taxonomy that is data.

Each source has a weight; of the tags of one source every further one counts 10 % less. What people
write ("Hip-Hop/Rap", "Rap français", "Électro") is brought to canonical names by `genres.toml`.
"""

from __future__ import annotations

import math
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np

from indexer.mir.tags import features
from indexer.mir.types import ValueSource

VERSION: Final = 5
"""Raised with every change of the genre vote; see `indexer.mir.stage_versions`."""

SOURCE_WEIGHTS: Mapping[str, float] = {
    ValueSource.MANUAL: 1.0,
    ValueSource.LASTFM: 0.9,
    ValueSource.DISCOGS: 0.85,
    ValueSource.MUSICBRAINZ: 0.8,
    ValueSource.STANDARDS: 0.8,
    ValueSource.ACOUSTID: 0.7,
    ValueSource.ACOUSTICBRAINZ: 0.5,
    ValueSource.MUSICNN: 0.6,
}
"""Ordinary file tags count as MusicBrainz's: most taggers copy from there. The weight of `musicnn`
is multiplied by its probability of the genre."""
LATER_TAG_FACTOR = 0.9
PARENT_SHARE = 0.25
"""A vote for techno is a quarter of a vote for electronic: enough to be found under it."""
MAX_SECONDARY = 5
LEAST_SECONDARY = 0.15
"""Secondary genres have at least this share of the votes of the main one."""
TAGGER_TEMPERATURE = 0.6
PRIOR_WEIGHT = 1.0
"""How unusual a tag is for this track tells the genre; how common the genre is keeps rare ones from
winning too often."""
MAX_TAGGER_VOTES = 4


@dataclass(frozen=True, slots=True)
class TagVote:
    """One tag of one source; `rank` counts the tags of the source from 0, `weight` 0..1."""

    text: str
    source: str
    rank: int = 0
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class GenreResult:
    """`main` and up to five `secondary` canonical names; `confidence` 0..1, 0 without a main."""

    main: str | None
    secondary: tuple[str, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """Canonical names in order, parents, aliases → name; weights and prior by name."""

    names: tuple[str, ...]
    parents: Mapping[str, str]
    aliases: Mapping[str, str]
    tagger: Mapping[str, Mapping[str, float]]
    descriptors: Mapping[str, Mapping[str, float]]
    priors: Mapping[str, float]


@cache
def taxonomy() -> Taxonomy:
    """The taxonomy of `genres.toml`."""
    path = Path(__file__).parent / "genres.toml"
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    aliases: dict[str, str] = {}
    for name, entry in data.items():
        for alias in (name, *entry["aliases"]):
            aliases.setdefault(plain(alias), name)
    parents = {name: entry["parent"] for name, entry in data.items() if "parent" in entry}
    tagger = {name: entry["tagger"] for name, entry in data.items() if entry["tagger"]}
    descriptors = {name: entry.get("descriptors", {}) for name, entry in data.items()}
    priors = {name: float(entry["prior"]) for name, entry in data.items()}
    return Taxonomy(tuple(data), parents, aliases, tagger, descriptors, priors)


def plain(text: str) -> str:
    """Lower case, without accents and punctuation, `&` as "and", one blank between words."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("&", " and "))
    letters = "".join(c for c in decomposed if not unicodedata.combining(c)).replace("’", "'")
    return " ".join(re.findall(r"[a-z0-9']+", letters)).replace("'", " ").strip()


def canonical(text: str) -> tuple[str, ...]:
    """Canonical genres of a tag, likeliest first; empty when nothing is known of it.

    A whole alias wins; then the parts of "Rock/Pop" or "Jazz; Blues"; then the longest alias that
    stands in the text as whole words ("Norwegian black metal" → metal).
    """
    known = taxonomy().aliases
    whole = plain(text)
    if whole in known:
        return (known[whole],)
    parts = [plain(p) for p in re.split(r"[/;,|\\\0]| - ", text)]
    found = [known[p] for p in parts if p in known]
    if not found:
        found = [name for p in parts if p and (name := _inside(p)) is not None]
    return tuple(dict.fromkeys(found))


def _inside(text: str) -> str | None:
    words = text.split()[:12]
    known = taxonomy().aliases
    for length in range(len(words), 0, -1):
        for start in range(len(words) - length, -1, -1):
            name = known.get(" ".join(words[start : start + length]))
            if name is not None:
                return name
    return None


def tagger_probabilities(
    tags: Mapping[str, float], measured: Mapping[str, float] | None = None
) -> dict[str, float]:
    """Probability of each genre that the tagger can tell; they sum to 1. Empty without tags.

    Standard scores are added as witnesses (Stouffer's method: the weighted sum over the root of the
    sum of squared weights), so that many weak signs outweigh a single middling one. Witnesses that
    repeat each other count less: half of how much wider their sum spreads is taken out.

    Args:
        tags: Tagger outputs as `msd:rock`, `mtt:classical`, ….
        measured: Descriptors; some genres are told by their rhythm too.
    """
    known = taxonomy()
    heard = measured or {}
    scores: dict[str, float] = {}
    for name, weights in known.tagger.items():
        signs = [
            (w, features.tag_score(tag, tags[tag])) for tag, w in weights.items() if tag in tags
        ]
        if not signs:
            continue
        signs += [
            (w, features.descriptor_score(descriptor, heard[descriptor]))
            for descriptor, w in known.descriptors[name].items()
            if descriptor in heard
        ]
        length = math.sqrt(sum(w * w for w, _ in signs))
        repeated = math.sqrt(features.reference()["genres"].get(name, 1.0))
        unusual = sum(w * value for w, value in signs) / (length * repeated)
        scores[name] = unusual + PRIOR_WEIGHT * math.log(known.priors[name])
    if not scores:
        return {}
    values = np.array(list(scores.values())) / TAGGER_TEMPERATURE
    shares = np.exp(values - values.max())
    return dict(zip(scores, (float(v) for v in shares / shares.sum()), strict=True))


def tagger_votes(
    tags: Mapping[str, float], measured: Mapping[str, float] | None = None
) -> list[TagVote]:
    """The likeliest genres by the tagger, as votes weighted by their probability."""
    ranked = sorted(tagger_probabilities(tags, measured).items(), key=lambda item: -item[1])
    return [TagVote(name, ValueSource.MUSICNN, 0, p) for name, p in ranked[:MAX_TAGGER_VOTES]]


def combine_votes(votes: Iterable[TagVote]) -> GenreResult:
    """Counts the votes; texts that the taxonomy does not know do not count."""
    totals: dict[str, float] = {}
    parents = taxonomy().parents
    for ballot in votes:
        weight = SOURCE_WEIGHTS.get(ballot.source, 0.5) * ballot.weight
        for place, name in enumerate(canonical(ballot.text)):
            worth = weight * LATER_TAG_FACTOR ** (ballot.rank + place)
            totals[name] = totals.get(name, 0.0) + worth
            parent = parents.get(name)
            if parent is not None:
                totals[parent] = totals.get(parent, 0.0) + PARENT_SHARE * worth
    ranked = sorted(totals.items(), key=lambda item: -item[1])
    if not ranked or ranked[0][1] <= 0:
        return GenreResult(None, (), 0.0)
    main, top = ranked[0]
    others = [(name, worth) for name, worth in ranked[1:] if worth >= LEAST_SECONDARY * top]
    rival = max((w for n, w in ranked[1:] if n != parents.get(main)), default=0.0)
    confidence = min(top, 1.0) * top / (top + rival)
    return GenreResult(main, tuple(n for n, _ in others[:MAX_SECONDARY]), confidence)
