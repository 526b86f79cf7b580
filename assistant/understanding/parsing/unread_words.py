"""Words that no part of the grammar used: ignored and named, or a reason to ask.

A request is followed without them only where they cannot change what is meant: no name, no number,
no negation, no order of another kind, and enough of the rest is understood.
"""

from __future__ import annotations

from typing import Final

import prompts
from assistant.understanding.gate import music_request
from assistant.understanding.lexing import typos
from assistant.understanding.lexing.lexicon import language
from assistant.understanding.lexing.tokens import Scan
from assistant.understanding.parsing import occasions
from assistant.understanding.parsing.doubts import Doubt
from assistant.understanding.parsing.draft import Draft

_SELECTING: Final = frozenset({"search_tracks", "make_playlist", "find_similar", "play_music"})
_NO_FILTER: Final = frozenset(
    {"limit", "duration_min", "name", "arc", "harmonic", "sort", "descending", "seed", "refresh"}
)
"""Arguments that say nothing about which tracks are wanted."""
_EXACT: Final = frozenset(
    {
        "artists",
        "albums",
        "keys",
        "bpm_min",
        "bpm_max",
        "year_min",
        "year_max",
        "like",
        "length_min",
        "length_max",
        "added_days",
    }
)
"""Filters beside which a narrowing word that is ignored still leaves what was asked for."""
_NAMES: Final = frozenset({"artist", "title", "text", "album"})
_MUSICAL: Final = frozenset({"tracks", "genres", "moods", "tempo", "energy", "years"})
_LIKELY: Final = 0.5
_LESS_LIKELY: Final = 0.3
"""Probability that the sentence asks for music, without and with a word that asks."""
_WITH_ARTIST: Final = 0.15
"""The same for words such as "live" beside an artist of the library."""
_MOST_SHARE: Final = 0.45
"""Of all words; beyond, most of the request was not understood."""
_FEW: Final = 2
_DANGER: Final = (
    "negator", "negation_words", "over", "under", "around", "between", "refuse.words",
    "questions.never_question", "comparing", "follow.comparative",
    "drum", "drums", "drum_verb", "charting", "export.strong",
    "other_verbs", "other_nouns", "edge_words", "those",
)  # fmt: skip
"""Lists whose words change the meaning of what stands beside them."""


def settle(
    scan: Scan, draft: Draft, tool: str | None, seen: set[str], *, lenient: bool
) -> tuple[str, ...]:
    """Return the words to ignore; adds a doubt where they cannot be ignored.

    Args:
        scan: The request with what was read from it.
        draft: What was read.
        tool: The tool that the words seem to ask for.
        seen: Kinds of verbs and nouns that there are.
        lenient: Whether any word may be ignored at all.
    """
    left = scan.leftovers()
    if not left:
        return ()
    if lenient and tool == "make_playlist" and not draft.doubts:
        ignored = _read_occasions(scan, draft, left)
        left = scan.leftovers()
        if not left:
            return ignored
    conditional = any(scan.phrase_in_text(at, "conditions") for at in range(len(scan.tokens)))
    if (
        not lenient
        or conditional
        or set(draft.doubts) - {Doubt.NO_CONDITION}
        or tool not in _SELECTING
        or any(_matters(scan, at) for at in left)
    ):
        draft.doubts.extend(Doubt.UNKNOWN_WORD for _ in left)
        return ()
    filters = set(draft.arguments) - _NO_FILTER
    words = [at for at, token in enumerate(scan.tokens) if token.norm not in {",", "-"}]
    few = len(left) <= max(_FEW, _MOST_SHARE * len(words))
    likely = music_request(scan.text, scan.language.name)
    asked = bool(seen & {"find", "make", "tracks", "playlist"})
    known = any(token.entity("artist") or token.entity("track") for token in scan.tokens)
    needed = _LIKELY if not asked else 0.0 if len(filters) > 1 else _LESS_LIKELY
    if (
        few
        and known
        and likely >= _WITH_ARTIST
        and (told := _narrowed(scan, draft, left)) is not None
    ):
        draft.doubts.clear()
        return told
    if draft.doubts:
        draft.doubts.extend(Doubt.UNKNOWN_WORD for _ in left)
        return ()
    about_music = likely >= needed
    if filters and few and about_music and not _may_mean_more(scan, draft, left):
        return tuple(scan.tokens[at].raw for at in left)
    one = occasions.of_one_playlist(scan)
    if asks_playlist(seen) and not filters and not one and likely >= _LESS_LIKELY and few:
        return _describe(scan, draft, left)
    draft.doubts.extend(Doubt.UNKNOWN_WORD for _ in left)
    return ()


def check_untaken(draft: Draft) -> None:
    """Add a doubt where something was excluded that no filter can leave out."""
    if draft.unread:
        draft.doubts.append(Doubt.NO_EXCLUSION)


def _read_occasions(scan: Scan, draft: Draft, left: list[int]) -> tuple[str, ...]:
    """Take what the playlist is for as its description, if nothing else describes it."""
    kinds = occasions.kinds(scan, left)
    rest = [at for at in left if not any(first <= at < last for first, last in kinds)]
    spans = occasions.occasions(scan, rest)
    free = {at for at in rest if not any(first <= at < last for first, last in spans)}
    described = bool(set(draft.arguments) - _NO_FILTER)
    if free or not spans + kinds or "text" in draft.arguments or "like" in draft.arguments:
        return ()
    if spans and music_request(scan.text, scan.language.name) < _LESS_LIKELY:
        return ()
    ignored: list[str] = []
    texts: list[str] = []
    for first, last in sorted([*spans, *kinds]):
        if described and (first, last) in spans:
            ignored += [scan.tokens[at].raw for at in range(first, last) if scan.free(at)]
        else:
            texts.append(scan.slice(first, last))
        scan.use(first, last, "text")
    if texts:
        draft.set("text", " ".join(texts))
    return tuple(ignored)


def asks_playlist(seen: set[str]) -> bool:
    """Whether a playlist is to be made."""
    return "playlist" in seen and bool(seen & {"make", "find"})


def _narrowed(scan: Scan, draft: Draft, left: list[int]) -> tuple[str, ...] | None:
    """Take words that say which tracks ("italienne", "remixes") as text; the rest is ignored."""
    places = [at for at in left if _narrows(scan.norm(at), "narrowing") or _of_sound(scan, at)]
    if not places or {"text", "like"} & set(draft.arguments):
        return None
    if any(scan.group_at(at, "apart_from") for at in left):
        return None  # "piano-free"
    vague = any(_narrows(scan.norm(at), "narrowing_vague") for at in left)
    if vague and not any(_narrows(scan.norm(at), "narrowing") for at in places):
        return None  # "with a long intro"
    named = [at for at, label in enumerate(scan.used) if label in _NAMES]
    unknown = any(not scan.tokens[at].entities for at in named)
    if unknown and left[-1] > named[0]:
        return None  # a name that the library does not have may end elsewhere
    first = last = places[0]
    while first - 1 in left and not _narrows(scan.norm(first - 1), "narrowing_vague"):
        first -= 1
    while last < places[-1] and (scan.used[last + 1] in {None, "fill"}):
        last += 1
    while last + 1 in left:
        last += 1
    draft.set("text", scan.slice(first, last + 1))
    scan.use(first, last + 1, "text")
    return tuple(scan.tokens[at].raw for at in left if not first <= at <= last)


def _of_sound(scan: Scan, at: int) -> bool:
    """ "With a *bassline*", "avec du *violon*": behind a noun for tracks or a word for music."""
    size = scan.group_before(at, "with_thing")
    first = at - size
    return bool(size) and first > 0 and scan.used[first - 1] in _MUSICAL


def _describe(scan: Scan, draft: Draft, left: list[int]) -> tuple[str, ...]:
    """Take an occasion that no word list knows as a description; returns the words before it."""
    nouns = [at for at, label in enumerate(scan.used) if label == "playlist"]
    inside = [at for at in left if at > nouns[-1]] or left
    first, last = inside[0], inside[-1] + 1
    draft.set("text", scan.slice(first, last))
    scan.use(first, last, "text")
    return tuple(scan.tokens[at].raw for at in left if at not in range(first, last))


def _may_mean_more(scan: Scan, draft: Draft, left: list[int]) -> bool:
    """Whether a word beside a name, or beside a mere genre, may be what the request is about."""
    names = [token for token, label in zip(scan.tokens, scan.used, strict=True) if label in _NAMES]
    if any(not token.entities for token in names):
        return True  # a name that the library does not have may end elsewhere
    if "text" in draft.arguments and names:
        return True  # "download Thriller", "Thriller backwards"
    if names and left[0] == 0 and scan.tokens[1:2] and scan.tokens[1].entities:
        return True
    exact = bool(_EXACT & set(draft.arguments))
    return not exact and any(
        _narrows(scan.norm(at), kind) for at in left for kind in ("narrowing", "narrowing_vague")
    )


def _narrows(word: str, kind: str) -> bool:
    """Whether a word of any language says which tracks: "French", "courts"."""
    return any((word,) in language(name).group(kind) for name in prompts.languages())


def _matters(scan: Scan, at: int) -> bool:
    """Whether a word may be a name, a number, or turn the meaning around."""
    token = scan.tokens[at]
    if token.norm.startswith("@") or any(letter.isdigit() for letter in token.norm):
        return True
    if token.norm in scan.language.ordinals:
        return True
    opens = at == 0 or scan.norm(at - 1) == ","
    shouted = scan.text.isupper()
    if token.capital and not opens and not shouted and token.norm != "i":
        return True
    known = _narrows(token.norm, "narrowing") or scan.group_at(at, "describe.sounds")
    if not known and typos.near_keywords(token.norm, scan.language.name):
        return True  # misspelt, and no telling what for
    return any(scan.group_at(at, name) for name in _DANGER)
