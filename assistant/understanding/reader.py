"""Read a request: words → values → names → wishes → one tool call, or an honest "not sure"."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import prompts
from assistant.understanding import (
    exports,
    follow,
    guard,
    intents,
    mentions,
    quantities,
    typos,
    values,
    wishes,
)
from assistant.understanding.draft import Draft
from assistant.understanding.keys import merge_keys
from assistant.understanding.lexicon import Language, language
from assistant.understanding.lookups import Lookups, NameIndex
from assistant.understanding.scan import Scan
from assistant.understanding.state import ConversationState
from assistant.understanding.text import MAX_CHARACTERS, Token, tokenise
from assistant.understanding.titles import take_reference

_FRESH = ConversationState()
_NAME_ARGUMENTS = frozenset(
    {"artists", "exclude_artists", "like", "track", "text", "name", "playlist"}
)
_TRACK_TOOLS = frozenset({"summarize_track", "find_similar", "generate_drum_chart"})


@dataclass(frozen=True)
class Reading:
    """What a request was understood to ask.

    Attributes:
        text: The request.
        language: "en" or "fr".
        tool: Name of the tool to call; None when nothing is certain.
        arguments: Only what was said, valid for the tool.
        confident: True when every word was understood.
        partial: What was understood of a deferred request, as a hint for the model.
        question: Something to ask back.
        choices: Answers to offer with the question.
        reply_kind: "greeting", "thanks" or "help" when a phrase is the whole answer.
        settled: Deferred, and no name of a library could make a request of it.
    """

    text: str
    language: str
    tool: str | None = None
    arguments: dict[str, Any] = field(default_factory=dict)
    confident: bool = False
    partial: dict[str, Any] = field(default_factory=dict)
    question: str | None = None
    choices: tuple[str, ...] = ()
    reply_kind: str | None = None
    settled: bool = False


def detect(tokens: list[Token], text: str, *, default: str = "en") -> str:
    """The language most words belong to."""
    scores = {}
    for name in prompts.languages():
        known = language(name)
        words = [token.norm for token in tokens]
        scores[name] = sum(word in known.common for word in words)
        scores[name] += 0.5 * sum((word,) in known.meanings for word in words)
    best = max(scores.values(), default=0)
    tied = [name for name, score in scores.items() if score == best]
    return default if default in tied else tied[0]


def read(
    text: str, *, state: ConversationState | None = None, names: NameIndex | None = None
) -> Reading:
    """Read one request.

    Args:
        text: What the person typed.
        state: The conversation so far, for follow-ups.
        names: The library's names; without it names are taken as written.

    Returns:
        A call that is certain, or a reading with `tool` None.
    """
    known = state or _FRESH
    tokens = tokenise(text)
    spoken = detect(tokens, text, default=known.language or "en")
    if not tokens or len(text) > MAX_CHARACTERS:
        return Reading(text, spoken)
    plain = _in_any_language(text, tokens, spoken, known, None)
    if names is None or _needs_no_names(plain, tokens):
        return plain
    return _in_any_language(text, tokens, spoken, known, Lookups(names))


def _needs_no_names(reading: Reading, tokens: list[Token]) -> bool:
    """Whether the library's names cannot change a reading; looking them up takes time."""
    if not reading.confident:
        return bool(reading.reply_kind) or reading.settled
    capitals = any(t.capital and t.norm.isalpha() and len(t.norm) > 2 for t in tokens[1:])
    quoted = any(t.norm == "@q" for t in tokens)
    return not (capitals or quoted or _NAME_ARGUMENTS & set(reading.arguments))


def _in_any_language(
    text: str,
    tokens: list[Token],
    spoken: str,
    known: ConversationState,
    names: NameIndex | None,
) -> Reading:
    first = _attempt(text, tokens, spoken, known, names)
    if first.confident or first.reply_kind or first.question:
        return first
    for other in prompts.languages():
        if other != spoken:
            second = _attempt(text, tokens, other, known, names)
            if (second.confident and second.tool) or second.reply_kind:
                return second
    return first


def _attempt(
    text: str,
    tokens: list[Token],
    spoken: str,
    state: ConversationState,
    names: NameIndex | None,
) -> Reading:
    """Read in one language; a word that is one slip from a keyword is mended and read again."""
    tokens = _without_courtesy(text, tokens, spoken)
    scan, reading = _read_once(text, tokens, spoken, state, names)
    if reading.confident or reading.reply_kind or reading.question:
        return reading
    mended = typos.mend(scan, tokens)
    if mended is not None:
        _, again = _read_once(text, mended, spoken, state, names)
        if again.confident:
            return again
    return reading


def _without_courtesy(text: str, tokens: list[Token], spoken: str) -> list[Token]:
    """The words without "would you be so kind as to" or "genre:"'s colon; never none at all."""
    scan = Scan(text, tokens, language(spoken))
    kept: list[Token] = []
    at = 0
    while at < len(tokens):
        size = scan.group_at(at, "polite")
        # "bpm: 120, genre: jazz"
        labelled = tokens[at].raw == ":" and at and scan.group_before(at, "labels")
        if not size and not labelled:
            kept.append(tokens[at])
        at += size or 1
    while kept and kept[0].norm == ",":
        kept.pop(0)
    return kept or tokens


# Words shorter than this stay small in titles ("Songs From the 90s").
_SMALL_WORD = 4


def _title_case(tokens: list[Token], known: Language) -> bool:
    """Whether every word has a capital, so that capitals say nothing about names."""
    long = [token for token in tokens if len(token.norm) >= _SMALL_WORD and token.norm[0].isalpha()]
    common = any((token.norm,) in known.meanings for token in tokens[1:] if token.capital)
    return tokens[0].capital and len(long) > 2 and common and all(token.capital for token in long)


def _prepare(text: str, tokens: list[Token], spoken: str, names: NameIndex | None) -> Scan:
    known = language(spoken)
    if text.isupper() or _title_case(tokens, known):
        tokens = [Token(t.norm, t.start, t.end, t.raw.isdigit(), t.raw) for t in tokens]
    ready = merge_keys(values.merge_numbers(tokens, known))
    ready = values.merge_durations(text, values.merge_decades(ready, known), known)
    return Scan(text, ready, known, names)


def _read_once(
    text: str,
    tokens: list[Token],
    spoken: str,
    state: ConversationState,
    names: NameIndex | None,
) -> tuple[Scan, Reading]:
    raw = Scan(text, tokens, language(spoken))
    scan = _prepare(text, tokens, spoken, names)
    if kind := _reply_kind(raw):
        return scan, Reading(text, spoken, reply_kind=kind)
    if _any(raw, "refuse.hard"):
        return scan, Reading(text, spoken)
    return scan, _Reader(text, spoken, raw, scan, state).read()


def _reply_kind(scan: Scan) -> str | None:
    for kind in ("help", "thanks", "greeting"):
        at, size = 0, 1
        while at < len(scan.tokens) and size:
            size = 1 if scan.norm(at) in {",", "backbeat"} else scan.group_at(at, kind)
            at += size
        if size and at >= len(scan.tokens):
            return kind
    return None


def _any(scan: Scan, group: str) -> bool:
    return any(scan.group_at(at, group) for at in range(len(scan.tokens)))


class _Reader:
    """One attempt at one request in one language."""

    def __init__(
        self, text: str, spoken: str, raw: Scan, scan: Scan, state: ConversationState
    ) -> None:
        self.text, self.spoken, self.raw, self.scan, self.state = text, spoken, raw, scan, state
        self.draft = Draft()
        self.named: str | None = None
        self.again = follow.starts_again(raw)

    def read(self) -> Reading:
        tool = self._whole_request() or self._special_tool()
        if tool:
            intents.read_signals(self.scan, playlist=False)
            return self._finish(tool)
        if self.again and self.state.query_tool:
            size = self.scan.group_at(0, "follow.strong")
            if size > 1:
                self.scan.use(0, size, "follow")
        self._gather()
        quoted = mentions.read_quoted(self.scan)
        seen = intents.read_signals(self.scan)
        quantities.read_limit(self.scan, self.draft)
        return self._finish(self._choose(seen, quoted))

    def _whole_request(self) -> str | None:
        """Requests that are one fixed phrase about the last answer."""
        if self.state.results and (title := self._bare_reference()):
            repeated = self.state.tool if self.state.tool in _TRACK_TOOLS else "summarize_track"
            self.draft.set("track", title)
            return repeated
        if self.state.query_tool and self.state.query:
            if self._results_as_playlist():
                return "make_playlist"
            for word, group in (("slow", "follow.slower"), ("fast", "follow.faster")):
                if follow.whole(self.scan, group):
                    self.scan.use(0, len(self.scan.tokens), "follow")
                    self.draft.arguments = follow.shifted(self.state.query, word)
                    return self.state.query_tool
        return None

    def _bare_reference(self) -> str | None:
        """ "The second one": the whole request is a place in the list."""
        title = take_reference(self.scan, 0, self.state)
        if title is None or title.last < len(self.scan.tokens) or title.first > 0:
            return None
        self.scan.use(0, title.last, "title")
        return title.text

    def _results_as_playlist(self) -> bool:
        """ "Turn that into a playlist", with or without a name."""
        size = self.scan.group_at(0, "follow.as_playlist")
        named = self.scan.group_at(size, "named.ask") if size else 0
        if not named and not follow.whole(self.scan, "follow.as_playlist"):
            return False
        self.draft.arguments = dict(self.state.query)
        if named:
            self.scan.use(0, size, "follow")
            if name := mentions.read_named(self.scan, self.draft):
                self.draft.arguments["name"] = name
        else:
            self.scan.use(0, len(self.scan.tokens), "follow")
        return True

    def _special_tool(self) -> str | None:
        scan, draft, state = self.scan, self.draft, self.state
        if intents.read_status(scan):
            return "library_status"
        if intents.read_drums(scan, draft, state):
            return "generate_drum_chart"
        if exports.read_export(scan, draft):
            return "export_playlist"
        if intents.read_summary(scan, draft, state):
            return "summarize_track"
        return None

    def _gather(self) -> None:
        scan, draft = self.scan, self.draft
        intents.protect_names(scan)
        quantities.read_arcs(scan, draft)
        wishes.read_fixed_phrases(scan, draft)
        quantities.read_quantities(scan, draft)
        quantities.read_years(scan, draft)
        quantities.read_harmony(scan, draft)
        quantities.read_durations(scan, draft)
        self.named = mentions.read_title_words(scan)
        intents.read_like(scan, draft, self.state)
        self.named = self.named or mentions.read_named(scan, draft)
        mentions.read_artists(scan, draft)
        wishes.read_exclusions(scan, draft)
        self.named = self.named or mentions.read_bare_title(scan)
        mentions.read_bare_artists(scan, draft)
        wishes.read_wishes(scan, draft)
        quantities.read_bare_years(scan, draft)

    def _choose(self, seen: set[str], quoted: str | None) -> str | None:
        """The tool that the words add up to; arguments that depend on it are set here."""
        draft = self.draft
        arguments = draft.arguments
        draft.settle_tempo_word()
        if set(arguments) == {"levels"} and self.state.tool == "generate_drum_chart":
            draft.arguments = {**self.state.arguments, **arguments}
            return "generate_drum_chart"
        if "make" in seen and not {"playlist", "tracks"} & seen and set(arguments) <= {"moods"}:
            draft.doubts.append("make whom happy?")
        if draft.tempo_word and self.state.query_tool is None and self._comparative():
            draft.doubts.append("slower than what?")
        if {"format", "levels"} & set(arguments):
            draft.doubts.append("format or level without its tool")
        playlist = bool("playlist" in seen or {"duration_min", "arc", "harmonic"} & set(arguments))
        playlist = playlist or ("make" in seen and bool(arguments))
        if self.raw.group_at(0, "named.ask") and self.named and not (arguments or seen):
            return self._renamed(self.named)
        name = self.named or quoted
        if name:
            draft.set("name" if playlist else "text", name)
        if follow.refines(self.raw, self.state, arguments, seen) or (
            self.again and self.state.query_tool and arguments
        ):
            return self._refined(playlist)
        if playlist:
            return "make_playlist"
        if set(arguments) <= {"like", "limit"} and "like" in arguments:
            arguments["track"] = arguments.pop("like")
            return "find_similar"
        if not arguments and not ("find" in seen and "tracks" in seen):
            draft.doubts.append("no wish")
        return "search_tracks"

    def _renamed(self, name: str) -> str:
        """ "Call it Sunday": the last playlist once more, under that name."""
        if self.state.query_tool == "make_playlist":
            self.draft.arguments = {**self.state.query, "name": name}
        else:
            self.draft.doubts.append("a name for what?")
        return "make_playlist"

    def _comparative(self) -> bool:
        raw = self.raw
        groups = ("follow.slower", "follow.faster")
        return any(raw.group_at(at, name) for at in range(len(raw.tokens)) for name in groups)

    def _refined(self, playlist: bool) -> str | None:
        merged = follow.merge(self.state.query, self.draft.arguments, adding=follow.adds(self.raw))
        for index in self.scan.leftovers():
            for group in ("follow.markers", "follow.strong", "follow.adding"):
                if size := self.scan.group_at(index, group):
                    self.scan.use(index, index + size, "follow")
        self.draft.arguments = merged
        return "make_playlist" if playlist else self.state.query_tool

    def _finish(self, tool: str | None) -> Reading:
        scan, draft = self.scan, self.draft
        guard.check(self.raw, scan, draft, tool)
        intents.read_fill(scan)
        draft.check()
        for index in scan.leftovers():
            draft.doubts.append(f"unknown word {scan.norm(index)!r}")
        arguments = draft.tidy()
        if draft.doubts:
            question = None
            if draft.choices and len(draft.doubts) == 1:
                question = prompts.phrase(self.spoken, "which_one")
            return Reading(
                self.text, self.spoken, partial={"tool": tool, "arguments": arguments},
                question=question, choices=draft.choices if question else (),
                settled=bool(guard.NO_REQUEST & set(draft.doubts)),
            )  # fmt: skip
        return Reading(self.text, self.spoken, tool, arguments, confident=True)


__all__ = ["Reading", "detect", "read"]
