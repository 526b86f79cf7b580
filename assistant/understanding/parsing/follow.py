"""Follow-ups: "slower", "without rap", "the same but from the 90s", "as a playlist"."""

from __future__ import annotations

from typing import Any

from assistant.understanding.dialogue_state import ConversationState
from assistant.understanding.lexing.tokens import Scan
from assistant.understanding.parsing.draft import TEMPO_FAST_BPM, TEMPO_SLOW_BPM

# A comparative moves a known limit by a tenth: enough to hear, not another style.
_STEP = 0.1
_OPPOSITES = {
    "happy": {"sad", "dark", "melancholic"}, "sad": {"happy", "party", "uplifting"},
    "dark": {"bright", "happy"}, "bright": {"dark", "melancholic"},
    "energetic": {"chill", "relaxed", "background"}, "chill": {"energetic", "aggressive"},
    "relaxed": {"energetic", "aggressive", "workout"}, "aggressive": {"relaxed", "chill"},
    "melancholic": {"happy", "party"}, "party": {"sad", "focus", "background"},
}  # fmt: skip


def whole(scan: Scan, group: str) -> bool:
    """Whether the free words are just phrases of a list and filler."""
    left = scan.leftovers()
    at, seen = 0, False
    while at < len(scan.tokens):
        if at not in left:
            at += 1
            continue
        size = scan.group_at(at, group)
        seen = seen or bool(size)
        size = size or scan.group_at(at, "fill.words") or scan.group_at(at, "commands.before")
        if not size:
            return False
        at += size
    return seen


def moved(scan: Scan, state: ConversationState) -> dict[str, Any] | None:
    """The last query made slower, faster, newer or older where that is all that is asked."""
    for word in ("slower", "faster"):
        if whole(scan, f"follow.{word}"):
            return shifted(state.query, "slow" if word == "slower" else "fast")
    for word in ("newer", "older"):
        if whole(scan, f"follow.{word}"):
            return _redated(state, newer=word == "newer")
    return None


def closing(scan: Scan, state: ConversationState) -> dict[str, Any] | None:
    """ "A slower one to end with": one track in the manner of the last query."""
    end = len(scan.tokens)
    tail, head = scan.group_before(end, "follow.ending"), scan.group_at(0, "follow.single")
    if not tail or not head:
        return None
    for word, group in (("slow", "follow.slower"), ("fast", "follow.faster")):
        size = scan.group_at(head, group)
        between = head + size
        between += scan.group_at(between, "one_word")
        if size and between + tail >= end:
            return {**_searched(shifted(state.query, word)), "limit": 1}
    return None


def other_songs(query: dict[str, Any]) -> dict[str, Any]:
    """The filters of a query for another playlist, without name and seed of the last."""
    return {name: value for name, value in query.items() if name not in {"name", "seed"}}


def _searched(query: dict[str, Any]) -> dict[str, Any]:
    """A playlist's query as a search."""
    own = {"name", "duration_min", "arc", "harmonic", "from_track", "to_track", "seed"}
    return {name: value for name, value in query.items() if name not in own}


def corrected(scan: Scan, state: ConversationState) -> tuple[str, dict[str, Any]] | None:
    """ "No, I meant the band": the name of the last request, taken as the other thing."""
    said = state.arguments
    name = said.get("track") or said.get("text") or said.get("like")
    artists = said.get("artists") or []
    if name and whole(scan, "follow.artist_meant"):
        return "search_tracks", {"artists": [name.split(" by ")[-1]]}
    if len(artists) == 1 and whole(scan, "follow.song_meant"):
        return "search_tracks", {"text": artists[0]}
    return None


def _redated(state: ConversationState, *, newer: bool) -> dict[str, Any] | None:
    """Beyond the years asked for before, or else beyond the middle of what was shown."""
    query = {k: v for k, v in state.query.items() if k not in {"year_min", "year_max"}}
    edge = state.query.get("year_max" if newer else "year_min")
    years = sorted(track.year for track in state.results if track.year is not None)
    if edge is None and years:
        edge = years[len(years) // 2]
    if edge is None:
        return None
    return {**query, "year_min": edge + 1} if newer else {**query, "year_max": edge - 1}


def shifted(query: dict[str, Any], word: str) -> dict[str, Any]:
    """The query made slower or faster."""
    low, high = query.get("bpm_min"), query.get("bpm_max")
    merged = {k: v for k, v in query.items() if k not in {"bpm_min", "bpm_max"}}
    factor = 1 - _STEP if word == "slow" else 1 + _STEP
    if low is None and high is None:
        limit = ("bpm_max", TEMPO_SLOW_BPM) if word == "slow" else ("bpm_min", TEMPO_FAST_BPM)
        merged[limit[0]] = limit[1]
    elif word == "slow" and high is None:
        merged["bpm_max"] = low if low is not None else TEMPO_SLOW_BPM
    elif word == "fast" and low is None:
        merged["bpm_min"] = high if high is not None else TEMPO_FAST_BPM
    else:
        if low is not None:
            merged["bpm_min"] = round(low * factor)
        if high is not None:
            merged["bpm_max"] = round(high * factor)
    return merged


def merge(query: dict[str, Any], new: dict[str, Any], *, adding: bool = True) -> dict[str, Any]:
    """A query refined: single values replace, lists grow, exclusions win.

    Args:
        query: The last query.
        new: What the follow-up said.
        adding: "and soul" adds to the genres and artists; "what about techno" replaces them.
    """
    replaced = () if adding else {"genres", "artists"} & set(new)
    merged = {name: value for name, value in query.items() if name not in replaced}
    if {"bpm_min", "bpm_max"} & set(new):
        merged = {k: v for k, v in merged.items() if k not in {"bpm_min", "bpm_max"}}
    if {"year_min", "year_max"} & set(new):
        merged = {k: v for k, v in merged.items() if k not in {"year_min", "year_max"}}
    for name, value in new.items():
        if name == "keys" or not isinstance(value, list):
            merged[name] = value
        else:
            merged[name] = [
                *merged.get(name, []),
                *(v for v in value if v not in merged.get(name, [])),
            ]
    for mood in new.get("moods", []):
        merged["moods"] = [m for m in merged["moods"] if m not in _OPPOSITES.get(mood, set())]
    for name in ("genres", "moods", "artists"):
        _settle(merged, new, name)
    return {name: value for name, value in merged.items() if value not in ([], None)}


def _settle(merged: dict[str, Any], new: dict[str, Any], name: str) -> None:
    excluded = f"exclude_{name}"
    if gone := set(new.get(excluded, ())):
        merged[name] = [value for value in merged.get(name, []) if value not in gone]
    if wanted := set(new.get(name, ())):
        merged[excluded] = [value for value in merged.get(excluded, []) if value not in wanted]


def refines(
    scan: Scan, state: ConversationState, arguments: dict[str, Any], seen: set[str]
) -> bool:
    """Whether a request changes the last query rather than asking anew."""
    if state.query_tool is None or not arguments:
        return False
    compares = any(scan.group_at(at, "follow.comparative") for at in range(len(scan.tokens)))
    if starts_again(scan) or (compares and not seen & {"make", "playlist"}):
        return True
    if seen & {"find", "make", "playlist"} or {"like", "text", "name"} & set(arguments):
        return False
    if "artists" in arguments and not scan.group_at(0, "by.ask"):
        return False
    return not ({"genres"} & set(arguments)) and "tracks" not in seen


def adds(scan: Scan) -> bool:
    """The request opens with "and", "also", "add" …, or closes with "too"."""
    return bool(
        scan.group_at(0, "follow.adding") or scan.group_before(len(scan.tokens), "follow.too")
    )


def starts_again(scan: Scan) -> bool:
    """The request opens (or closes) with "same but", "and", "only", "instead" …"""
    phrases = scan.language.group("follow.strong")
    words = [token.norm for token in scan.tokens if token.norm != ","]
    opens = adds(scan) or bool(scan.group_at(0, "follow.into"))
    opens = opens or any(tuple(words[:size]) in phrases for size in range(1, 7))
    closing = {("only",), ("instead",), ("ones",), ("seulement",), ("uniquement",), ("plutot",)}
    return opens or bool(words and (words[-1],) in closing)
