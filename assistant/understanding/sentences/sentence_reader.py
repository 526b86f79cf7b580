"""Read a whole request by the sentence templates of the tools."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from assistant.understanding.dialogue.state import ConversationState
from assistant.understanding.lexing.lexicon import small_words
from assistant.understanding.lexing.template_matching import SKIPPED, Captured, Captures, matches
from assistant.understanding.lexing.templates import TemplateSlot
from assistant.understanding.lexing.tokens import Scan
from assistant.understanding.sentences.intents import Intent, intents
from assistant.understanding.sentences.slots import SlotValues

_BEFORE: Final = ("commands.before", "polite", "greeting", "fill.words")
_AFTER: Final = ("commands.after", "polite", "thanks")
_SURE_SLOT: Final = 1.5
"""A value that the library or the conversation vouches for, in literal words."""
_UNSURE_WORD: Final = 0.5
_UNUSED: Final = "_"
"""The argument of a slot whose value no tool takes ("pause *for two minutes*")."""
_NAMING: Final = frozenset({"search_tracks", "make_playlist", "play_music"})
"""Tools whose answer is of use although a word was not used; a count would be of something else."""
_TITLE_WORD: Final = 0.1
_QUERY_WORD: Final = 0.2
_LISTS: Final = frozenset({"artists", "albums", "genres", "moods", "tracks", "levels"})
_COUNTS: Final = "count_tracks"
_TRACK_ARTIST: Final = "track_artist"
"""The artist said apart from the title; no argument of any tool."""
_MOST_TRIED: Final = 400
"""Ways of one template to fit; more is a template that fits everything."""

QueryReader = Callable[[int, int], "SubQuery | None"]


@dataclass(frozen=True, slots=True)
class SubQuery:
    """What part of a request says about tracks.

    Attributes:
        arguments: Filters of a TrackQuery.
        ids: Track ids by name.
        unread: Words that were not used.
    """

    arguments: Mapping[str, Any]
    ids: Mapping[str, int] = field(default_factory=dict)
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SentenceMatch:
    """A request that fits a template as a whole.

    Attributes:
        tool: The tool asked for.
        arguments: For it.
        sure: Whether every slot is vouched for.
        score: More literal words and surer slots are better.
        ids: Track ids by name.
        choices: Names as likely to be meant.
        unread: Words that were not used.
    """

    tool: str
    arguments: Mapping[str, Any]
    sure: bool
    score: float
    ids: Mapping[str, int]
    choices: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


def best_sentence(
    scan: Scan,
    state: ConversationState,
    *,
    tools: Mapping[str, frozenset[str]],
    names: bool,
    read_query: QueryReader,
) -> SentenceMatch | None:
    """Return the best way to read a request by the tools' sentences; None where none fits.

    Args:
        scan: The request.
        state: Of the conversation.
        tools: Whose sentences are tried, and the arguments that each takes.
        names: Whether a library is attached.
        read_query: Reads tokens as a description of tracks.
    """
    slots = SlotValues(scan, state, names=names)
    starts, ends = _starts(scan), _ends(scan)
    words = {token.norm for token in scan.tokens}
    best: SentenceMatch | None = None
    queries: dict[tuple[int, int], SubQuery | None] = {}
    for intent in intents(scan.language.name, tuple(tools)).among(words):
        for start in starts:
            tried = 0
            for end, captures in matches(intent.node, scan, start, slots, passed=intent.passed):
                tried += 1
                if tried > _MOST_TRIED:
                    break
                if end not in ends:
                    continue
                found = _match(intent, captures, end - start, queries, read_query)
                if found is None or not found.arguments.keys() <= tools[found.tool]:
                    continue
                if best is None or (found.sure, found.score) > (best.sure, best.score):
                    best = found
    return best


def fixed_sentence(scan: Scan, *, tools: Mapping[str, frozenset[str]]) -> SentenceMatch | None:
    """Return the sentence without any slot that takes up a request; None where none does."""
    starts, ends = _starts(scan), _ends(scan)
    words = {token.norm for token in scan.tokens}
    for intent in intents(scan.language.name, tuple(tools)).among(words):
        for start in starts:
            for end, captures in matches(
                intent.node, scan, start, _no_values, passed=intent.passed
            ):
                if end in ends and not captures:
                    return SentenceMatch(intent.tool, intent.arguments, True, end - start, {})
    return None


def _no_values(slot: TemplateSlot, at: int) -> Iterator[Captured]:
    return iter(())


def _match(
    intent: Intent,
    captures: Captures,
    size: int,
    queries: dict[tuple[int, int], SubQuery | None],
    read_query: QueryReader,
) -> SentenceMatch | None:
    arguments: dict[str, Any] = dict(intent.arguments)
    ids: dict[str, int] = {}
    unread: tuple[str, ...] = ()
    slot_words = sum(one.last - one.first for one in captures)
    score = float(size - slot_words)
    for one in captures:
        if one.argument == _UNUSED:
            continue
        if one.kind == "query":
            query = _query(one, queries, read_query)
            if query is None or (query.unread and intent.tool not in _NAMING):
                return None
            if intent.tool == _COUNTS and not query.arguments:
                return None  # "count them"
            arguments.update(query.arguments)
            ids.update(query.ids)
            unread += query.unread
            score += _SURE_SLOT / 2 + 0.1 * (one.last - one.first)
            continue
        name = intent.argument_of.get(one.argument, one.argument)
        if name in _LISTS:
            more = one.value if isinstance(one.value, list) else [one.value]
            arguments[name] = list(dict.fromkeys([*arguments.get(name, []), *more]))
        else:
            arguments[name] = one.value
        ids.update(one.ids)
        score += _SURE_SLOT if one.sure else -_UNSURE_WORD * (one.last - one.first)
        if one.kind == "title":  # as typed it ends as soon as the sentence allows
            score -= _TITLE_WORD * (one.last - one.first)
    if intent.tool == _COUNTS and not arguments:
        return None  # everything there is: the state of the library
    choices = next((one.choices for one in captures if one.choices), ())
    if artist := arguments.pop(_TRACK_ARTIST, None):
        arguments["track"], choices = f"{arguments['track']} by {artist}", ()
    sure = all(one.sure for one in captures)
    if intent.passed:  # some of its words say nothing; as many as can should be of the query
        queries_there = any(one.kind == "query" for one in captures)
        score = _QUERY_WORD * slot_words if queries_there else score / 2
    return SentenceMatch(intent.tool, arguments, sure, score, ids, choices, unread)


def _query(
    one: Captured, queries: dict[tuple[int, int], SubQuery | None], read_query: QueryReader
) -> SubQuery | None:
    span = one.first, one.last
    if span not in queries:
        queries[span] = read_query(*span)
    return queries[span]


def _starts(scan: Scan) -> list[int]:
    """Return where a sentence may start: at the first word, and after words of courtesy."""
    starts, at = [0], 0
    while at < len(scan.tokens):
        size = 1 if scan.norm(at) in SKIPPED else max(scan.group_at(at, name) for name in _BEFORE)
        if not size:
            break
        at += size
        if scan.norm(at - 1) not in small_words("subjects"):  # "what plays" is no order
            starts.append(at)
    return starts


def _ends(scan: Scan) -> frozenset[int]:
    """Return where a sentence may end: at the last word, and before words of courtesy."""
    ends, at = {len(scan.tokens)}, len(scan.tokens)
    while at > 0:
        size = (
            1
            if scan.norm(at - 1) in SKIPPED
            else max(scan.group_before(at, name) for name in _AFTER)
        )
        if not size:
            break
        at -= size
        ends.add(at)
    return frozenset(ends)
