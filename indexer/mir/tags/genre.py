"""Genre of a track: a weighted vote of file tags and tagger over the taxonomy of `genres.toml`.

Each source has a weight; each further tag of one source counts 10 % less. Genre texts
("Hip-Hop/Rap", "Rap français", "Électro") are mapped to canonical names by aliases.
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

VERSION: Final = 7
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
"""Ordinary file tags have the weight of MusicBrainz, from where most tagging programs copy. The
weight of `musicnn` is multiplied by its probability of the genre."""
UNKNOWN_SOURCE_WEIGHT = 0.5
LATER_TAG_FACTOR = 0.9
"""Weight of each further tag of a source, relative to the one before."""
PARENT_SHARE = 0.25
"""Share of a vote for a genre (techno) that its parent (electronic) gets."""
MAX_SECONDARY = 5
NEAREST = 2
"""Genres told of a mixed track."""
MIN_SECONDARY_SHARE = 0.15
"""Votes of a secondary genre, relative to the main one, at least."""
MIN_TAGGED_SHARE = 0.5
"""Share of a secondary genre that a tag names, at least: searches find it from this share on."""
CLAIMED_VOTES = 0.2
"""Votes from which a genre is said of a track: a third of what the tagger is sure of. A tag of the
file always has them. Below, the track is mixed: it has no main genre, only those it is near."""
COUNTED_VOTES = 0.15
"""Votes from which a secondary genre counts in searches, if it has half of those of the main one as
well."""
TRACE_SHARE = 0.49
"""Share of a secondary genre that does not count, at most."""
TAGGER_TEMPERATURE = 0.6
"""Divides the scores before the softmax over genres."""
PRIOR_WEIGHT = 1.0
"""Weight of the log prior, which keeps rare genres from winning too often."""
MAX_TAGGER_VOTES = 4
MAX_WORDS = 12
"""Words of a genre text that are searched: bounds the time for absurdly long tags."""


@dataclass(frozen=True, slots=True)
class TagVote:
    """One genre tag of one source.

    Attributes:
        text: As written, or a canonical name.
        source: A `ValueSource`.
        rank: Position among the tags of the source, from 0.
        weight: 0..1, such as the probability of a classifier.
    """

    text: str
    source: str
    rank: int = 0
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class GenreResult:
    """Canonical names: `main` and up to five `secondary`; `confidence` 0..1, 0 without a main.

    A track whose genres all have few votes is mixed: `main` is None, and the nearest are secondary.

    Attributes:
        shares: Votes of each secondary genre relative to the main one, 0..1.
    """

    main: str | None
    secondary: tuple[str, ...]
    confidence: float
    shares: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """Genres of `genres.toml`.

    Attributes:
        names: Canonical names in the order of the file.
        parents: Genre → parent genre.
        aliases: Folded text → genre.
        tagger: Genre → weights of tagger outputs.
        descriptors: Genre → weights of descriptors.
        priors: Genre → how common it is, relative to rock.
    """

    names: tuple[str, ...]
    parents: Mapping[str, str]
    aliases: Mapping[str, str]
    tagger: Mapping[str, Mapping[str, float]]
    descriptors: Mapping[str, Mapping[str, float]]
    priors: Mapping[str, float]


@cache
def taxonomy() -> Taxonomy:
    """Load `genres.toml`."""
    path = Path(__file__).parent / "genres.toml"
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    aliases: dict[str, str] = {}
    for name, entry in data.items():
        for alias in (name, *entry["aliases"]):
            aliases.setdefault(fold_text(alias), name)
    parents = {name: entry["parent"] for name, entry in data.items() if "parent" in entry}
    tagger = {name: entry["tagger"] for name, entry in data.items() if entry["tagger"]}
    descriptors = {name: entry.get("descriptors", {}) for name, entry in data.items()}
    priors = {name: float(entry["prior"]) for name, entry in data.items()}
    return Taxonomy(tuple(data), parents, aliases, tagger, descriptors, priors)


def fold_text(text: str) -> str:
    """Fold to lower case without accents and punctuation, `&` as "and", one blank between words."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("&", " and "))
    letters = "".join(c for c in decomposed if not unicodedata.combining(c)).replace("’", "'")
    return " ".join(re.findall(r"[a-z0-9']+", letters)).replace("'", " ").strip()


def canonical(text: str) -> tuple[str, ...]:
    """Map genre text to canonical genres, best match first; empty without a match.

    The whole text is tried as an alias, then the parts of "Rock/Pop" or "Jazz; Blues", then the
    longest alias in the text as whole words ("Norwegian black metal" → metal).
    """
    aliases = taxonomy().aliases
    whole = fold_text(text)
    if whole in aliases:
        return (aliases[whole],)
    parts = [fold_text(p) for p in re.split(r"[/;,|\\\0]| - ", text)]
    found = [aliases[p] for p in parts if p in aliases]
    if not found:
        found = [name for p in parts if p and (name := _longest_alias(p)) is not None]
    return tuple(dict.fromkeys(found))


def _longest_alias(text: str) -> str | None:
    """Genre of the longest alias in the first words of folded text, the last one on a tie."""
    words = text.split()[:MAX_WORDS]
    aliases = taxonomy().aliases
    for length in range(len(words), 0, -1):
        for start in range(len(words) - length, -1, -1):
            name = aliases.get(" ".join(words[start : start + length]))
            if name is not None:
                return name
    return None


def tagger_probabilities(
    tags: Mapping[str, float], measured: Mapping[str, float] | None = None
) -> dict[str, float]:
    """Return the probability of each genre that has tagger weights; empty without tags.

    Z-scores are combined by Stouffer's method (weighted sum over the root of the sum of squared
    weights) and divided by the root of the spread of that sum over the reference music, which is
    half of its inflation by correlated inputs. A softmax with the log prior makes them sum to 1.

    Args:
        tags: Tagger output, as `msd:rock`, `mtt:classical` → probability 0..1.
        measured: Descriptor → value; the rhythm distinguishes some genres.
    """
    genres = taxonomy()
    values_of = measured or {}
    scores: dict[str, float] = {}
    for name, weights in genres.tagger.items():
        inputs = [
            (w, features.tag_score(tag, tags[tag])) for tag, w in weights.items() if tag in tags
        ]
        if not inputs:
            continue
        inputs += [
            (w, features.descriptor_score(descriptor, values_of[descriptor]))
            for descriptor, w in genres.descriptors[name].items()
            if descriptor in values_of
        ]
        length = math.sqrt(sum(w * w for w, _ in inputs))
        correlated = math.sqrt(features.reference()["genres"].get(name, 1.0))
        combined = sum(w * value for w, value in inputs) / (length * correlated)
        scores[name] = combined + PRIOR_WEIGHT * math.log(genres.priors[name])
    if not scores:
        return {}
    values = np.array(list(scores.values())) / TAGGER_TEMPERATURE
    shares = np.exp(values - values.max())
    return dict(zip(scores, (float(v) for v in shares / shares.sum()), strict=True))


def tagger_votes(
    tags: Mapping[str, float], measured: Mapping[str, float] | None = None
) -> list[TagVote]:
    """Return the most probable genres by the tagger, as votes weighted by their probability."""
    ranked = sorted(tagger_probabilities(tags, measured).items(), key=lambda item: -item[1])
    return [TagVote(name, ValueSource.MUSICNN, 0, p) for name, p in ranked[:MAX_TAGGER_VOTES]]


def combine_votes(votes: Iterable[TagVote]) -> GenreResult:
    """Sum the votes by genre; texts without a canonical genre do not count."""
    totals: dict[str, float] = {}
    tagged: set[str] = set()
    parents = taxonomy().parents
    for cast in votes:
        weight = SOURCE_WEIGHTS.get(cast.source, UNKNOWN_SOURCE_WEIGHT) * cast.weight
        for position, name in enumerate(canonical(cast.text)):
            value = weight * LATER_TAG_FACTOR ** (cast.rank + position)
            totals[name] = totals.get(name, 0.0) + value
            if cast.source == ValueSource.STANDARDS:
                tagged.add(name)
            parent = parents.get(name)
            if parent is not None:
                totals[parent] = totals.get(parent, 0.0) + PARENT_SHARE * value
    ranked = sorted(totals.items(), key=lambda item: -item[1])
    if not ranked or ranked[0][1] <= 0:
        return GenreResult(None, (), 0.0)
    if ranked[0][1] < CLAIMED_VOTES:
        near = tuple(name for name, _ in ranked[:NEAREST])
        return GenreResult(None, near, 0.0, tuple(TRACE_SHARE for _ in near))
    main, top = ranked[0]
    others = [(name, value) for name, value in ranked[1:] if value >= MIN_SECONDARY_SHARE * top]
    others = others[:MAX_SECONDARY]
    rival = max((w for n, w in ranked[1:] if n != parents.get(main)), default=0.0)
    confidence = min(top, 1.0) * top / (top + rival)
    shares = (
        max(w / top, MIN_TAGGED_SHARE)
        if n in tagged
        else w / top
        if w >= COUNTED_VOTES
        else min(w / top, TRACE_SHARE)
        for n, w in others
    )
    return GenreResult(main, tuple(n for n, _ in others), confidence, tuple(shares))
