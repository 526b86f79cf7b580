"""Unsupported requests: questions about the world, statements, orders without a tool."""

from __future__ import annotations

from assistant.understanding.lexing.lexicon import small_words
from assistant.understanding.lexing.tokens import Scan
from assistant.understanding.parsing.doubts import Doubt
from assistant.understanding.parsing.draft import Draft

# Labels of words that are part of a name.
_NAMES = frozenset({"title", "artist", "name", "quoted", "text", "export", "status"})
_LONGEST_REFUSAL = 4
_SELECTING = frozenset({"search_tracks", "make_playlist", "find_similar"})


def check(raw: Scan, scan: Scan, draft: Draft, tool: str | None) -> None:
    """Add a doubt for every sign that a request is none.

    Args:
        raw: The words as typed.
        scan: The words with what was read from them.
        draft: Takes the doubts.
        tool: The tool that the words seem to ask for.
    """
    if _refused(scan):
        draft.doubts.append(Doubt.OTHER_ACTION)
    if tool not in _SELECTING:
        return
    if "text" in draft.arguments and "like" in draft.arguments:
        draft.doubts.append(Doubt.TWO_TITLES)
    if _existing_playlist(scan) or (tool == "make_playlist" and _lists_playlists(raw, scan, draft)):
        draft.doubts.append(Doubt.EXISTING_PLAYLIST)
    opens = max(raw.group_at(0, f"signals.{kind}") for kind in ("find", "make"))
    asked = raw.group_at(0, "questions.never_question")
    fine = raw.group_at(0, "questions.question_ok") >= asked
    fine = fine or bool({"harmonic_with", "sort"} & set(draft.arguments))
    fine = fine or (tool == "make_playlist" and _made_later(scan))
    if asked and opens <= asked and not fine:
        draft.doubts.append(Doubt.QUESTION)
    if tool == "make_playlist" and _speaks_of_playlists(raw, scan):
        draft.doubts.append(Doubt.STATEMENT)
    said = raw.group_at(0, "questions.statement")
    if "sort" in draft.arguments and said == 1:
        said = 0  # "my slowest song"
    if said and tool == "search_tracks" and opens <= said and not _asks_later(scan):
        draft.doubts.append(Doubt.STATEMENT)
    you = raw.group_at(0, "questions.you")
    if you and opens <= you and not {"find", "make"} & set(scan.used[you:]):
        draft.doubts.append(Doubt.QUESTION_TO_ASSISTANT)


def _made_later(scan: Scan) -> bool:
    """ "We're having people over, *make* a list": the order has a clause of its own."""
    return any(
        label == "make" and scan.norm(at - 1) == ","
        for at, label in enumerate(scan.used[1:], start=1)
    )


def _speaks_of_playlists(raw: Scan, scan: Scan) -> bool:
    """ "I made a playlist yesterday", "a playlist, what's the difference with an album?"."""
    if _made_later(scan):
        return False
    places = range(len(raw.tokens))
    return bool(raw.group_at(0, "questions.told")) or any(
        raw.group_at(at, "questions.about") for at in places
    )


def _asks_later(scan: Scan) -> bool:
    """ "I'm in a foul mood, *play* …": the request follows a comma, and no wish is before it."""
    for at, label in enumerate(scan.used):
        if label in {"find", "make"} and scan.norm(at - 1) == ",":
            return not any(scan.used[:at])
    return False


def _lists_playlists(raw: Scan, scan: Scan, draft: Draft) -> bool:
    """ "What playlists do I have?" makes none."""
    if draft.arguments or raw.group_at(0, "a_playlist"):
        return False
    return "make" not in scan.used or any(
        token.norm in small_words("playlists") for token in raw.tokens
    )


def _existing_playlist(scan: Scan) -> bool:
    """ "Play my workout playlist" speaks of one that was saved."""
    if "make" in scan.used or "playlist" not in scan.used:
        return False
    at = scan.used.index("playlist")
    return any(scan.norm(i) in small_words("owners") for i in range(max(0, at - 3), at))


def _refused(scan: Scan) -> bool:
    """An order that no tool follows; words inside names do not count."""
    words = [
        "" if label in _NAMES and (token.capital or label != "artist") else token.norm
        for token, label in zip(scan.tokens, scan.used, strict=True)
    ]
    phrases = scan.language.groups["refuse.words"]
    for at, word in enumerate(words):
        if word not in scan.language.firsts["refuse.words"]:
            continue
        for size in range(1, _LONGEST_REFUSAL + 1):
            if tuple(words[at : at + size]) in phrases and (size > 1 or scan.free(at)):
                return True
    return False
