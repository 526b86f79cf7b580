"""Requests that open with "play": what they would look for is to be played."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from assistant.understanding.lexing.lexicon import language, small_words
from assistant.understanding.lexing.plain_text import Token, fold_phrase
from assistant.understanding.lexing.tokens import Scan
from assistant.understanding.reading import Reading


def played(reading: Reading, tokens: Sequence[Token]) -> Reading:
    """Return a search that opens with "play" as what is to be played."""
    if reading.tool != "search_tracks" or reading.more:
        return reading
    scan = Scan(reading.text, list(tokens), language(reading.language))
    clauses = [at + 1 for at in range(len(scan.tokens)) if scan.norm(at) == ","]
    if not any(_opens_with_play(scan, at) for at in (0, *clauses)):
        return reading
    return replace(reading, tool="play_music", arguments=as_played(reading.arguments, scan))


def _describes(scan: Scan, words: tuple[str, ...]) -> bool:
    """Whether words are no title: "a live version of X", "something for cooking"."""
    if any((word,) in scan.language.group("narrowing") for word in words):
        return True
    norms = [token.norm for token in scan.tokens]
    first = next((at for at in range(len(norms)) if tuple(norms[at : at + len(words)]) == words), 0)
    return first > 1 and norms[first - 1] in small_words("wish_leads")


def _opens_with_play(scan: Scan, at: int) -> bool:
    """Whether a verb of playing stands at a token, or after words of courtesy."""
    before = ("commands.before", "polite", "greeting")
    while size := max(scan.group_at(at, name) for name in before):
        at += size
    return bool(scan.group_at(at, "play_verbs"))


def as_played(arguments: Mapping[str, Any], scan: Scan) -> dict[str, Any]:
    """Return filters as arguments of play_music: a title alone, or by an artist, is a track."""
    artists, title = arguments.get("artists", ()), arguments.get("text")
    if not title or _describes(scan, fold_phrase(title)):
        return dict(arguments)
    if arguments.keys() - {"text", "artists", "when"} or len(artists) > 1:
        return dict(arguments)
    track = f"{title} by {artists[0]}" if artists else title
    when = {"when": arguments["when"]} if "when" in arguments else {}
    return {"track": track, **when}
