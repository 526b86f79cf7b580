"""Read a request: words → values → names → filters → one tool call, or a deferred request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import replace
from typing import get_args

import prompts
from assistant.understanding import asides
from assistant.understanding.button_commands import read_command
from assistant.understanding.dialogue import clauses
from assistant.understanding.dialogue.small_talk import talk_kind
from assistant.understanding.dialogue.state import ConversationState
from assistant.understanding.gate import music_request
from assistant.understanding.lexing import typos
from assistant.understanding.lexing.lexicon import language
from assistant.understanding.lexing.name_lookups import Lookups, NameSource
from assistant.understanding.lexing.plain_text import MAX_CHARACTERS, Token, tokenise
from assistant.understanding.lexing.preparing import detect, prepare, spelled_out, without_courtesy
from assistant.understanding.lexing.tokens import Scan
from assistant.understanding.named import misspelt
from assistant.understanding.named.named_reader import read_named
from assistant.understanding.named.names_in_request import NamesInRequest
from assistant.understanding.names import mentions
from assistant.understanding.names.near_names import with_library_spelling, with_near_names
from assistant.understanding.parsing.doubts import Doubt
from assistant.understanding.playing import as_played, played
from assistant.understanding.reading import Reading, ReplyKind
from assistant.understanding.request import Request
from assistant.understanding.sentences import sentence_typos
from assistant.understanding.sentences.sentence_reader import (
    SentenceMatch,
    SubQuery,
    best_sentence,
    fixed_sentence,
)
from tools import TOOLS
from tools.base import Tool

_FRESH = ConversationState()
_NAMED = frozenset({"artists", "exclude_artists", "albums", "text", "like", "track"})
_LIKELY = 0.5  # probability that a sentence asks for music, from which names are guessed at
_UNLIKELY = 0.05  # probability below which one word that was understood is not enough
_PLAYER = ("control_player",)
_BARE_NAME = 4  # words of a request that may be nothing but a misspelt name
_LOOSE = frozenset({"compare_tracks", "summarize_track", "find_similar"})
"""Tools whose words may stand in any order beside names, so that they say less than a sentence."""
_SELECTING = frozenset({"search_tracks", "make_playlist", "find_similar"})


def read(
    text: str,
    *,
    state: ConversationState | None = None,
    names: NameSource | None = None,
    tools: Sequence[Tool] = TOOLS,
) -> Reading:
    """Read one request.

    Args:
        text: What the person typed.
        state: The conversation so far, for follow-ups.
        names: The library's names; without it names are taken as written.
        tools: What can be asked for.

    Returns:
        A call that is certain, or a reading with `tool` None.
    """
    known = state or _FRESH
    tokens = tokenise(text)
    spoken = detect(tokens, text, default=known.language or prompts.FALLBACK)
    if not tokens or len(text) > MAX_CHARACTERS:
        return Reading(text, spoken)
    attempts = _Attempts(text, tokens, known, names, tools)
    reading = attempts.spelt(attempts.doubted(attempts.in_any_language(spoken)))
    return reading if known.talked else played(reading, tokens)


def warm_reader() -> None:
    """Compile the grammar of every language: the first request is answered as fast as the next."""
    for name in prompts.languages():
        read(name, state=replace(_FRESH, language=name))


class _Attempts:
    """The attempts at one request: in each language, with and without a correction."""

    def __init__(
        self,
        text: str,
        tokens: list[Token],
        state: ConversationState,
        names: NameSource | None,
        tools: Sequence[Tool],
    ) -> None:
        self._text, self._tokens, self._state = text, tokens, state
        self._fields = {tool.name: frozenset(tool.arguments.model_fields) for tool in tools}
        self._player = {name: self._fields[name] for name in _PLAYER if name in self._fields}
        self._names: Lookups | None = None
        self._found: mentions.Found = {}
        self._read: dict[tuple[tuple[Token, ...], str, bool], tuple[Scan, Reading]] = {}
        if names is not None:
            runs = mentions.runs(text, tokens)
            named = names.named(set(runs.values()))
            self._found = {run: named[typed] for run, typed in runs.items() if typed in named}
            self._names = Lookups(names, runs.values(), named)

    def in_any_language(self, spoken: str) -> Reading:
        """Return the reading in the language spoken, else in another that understands it."""
        raw = Scan(self._text, self._tokens, language(spoken))
        if kind := _reply_kind(raw) or talk_kind(raw):
            return Reading(self._text, spoken, reply_kind=kind)
        if said := self._fixed_phrase():
            return said
        languages = sorted(prompts.languages(), key=lambda name: name != spoken)
        for name in languages:
            if asked := self._asked_of_named(name):
                return asked
        first = self._in_language(spoken)
        if first.answered:
            return first
        for other in languages[1:]:
            second = self._in_language(other)
            if second.answered and not second.choices and not _only_words(second, spoken):
                return second
        if (order := self._without_aside(spoken)) is not None:
            return order
        for small, spare in ((True, False), (False, True)):
            if asked := self._asked_of_named(spoken, small=small, spare=spare):
                return asked
        if asked := self._asked_with_slips(spoken):
            return asked
        # only now with names that are near, or without the words that nobody understands
        near = self._with_near_names(spoken)
        if near is not None and near.answered:
            return near
        lenient = self._in_language(spoken, lenient=True)
        return lenient if lenient.confident else first

    def doubted(self, reading: Reading) -> Reading:
        """Return a reading as deferred where little was understood of what is hardly a request."""
        everything = reading.tool == "play_music" and set(reading.arguments) == {"sort"}
        everything = everything or (reading.tool == "search_tracks" and not reading.arguments)
        if self._state.talked and everything:
            return self._of_no_more_than(reading)
        if reading.tool not in _SELECTING or self._found or self._state.talked:
            return reading
        little = len(reading.arguments) <= 1
        if not little or music_request(self._text, reading.language) >= _UNLIKELY:
            return reading
        partial = {"tool": reading.tool, "arguments": reading.arguments}
        return Reading(self._text, reading.language, partial=partial, doubts=(Doubt.QUESTION,))

    def _of_no_more_than(self, reading: Reading) -> Reading:
        """Return "play that tune over there" as deferred: all of the library is not meant."""
        scan = Scan(self._text, self._tokens, language(reading.language))
        points = any(
            scan.group_at(at, group)
            for at in range(len(scan.tokens))
            for group in ("pronoun", "those")
        )
        return (
            Reading(self._text, reading.language, doubts=(Doubt.NO_CONDITION,))
            if points
            else reading
        )

    def spelt(self, reading: Reading) -> Reading:
        """Return a reading with its names spelt as the library does."""
        if self._names is None or not reading.confident or reading.entities:
            return reading
        return replace(reading, arguments=with_library_spelling(reading.arguments, self._names))

    def _fixed_phrase(self) -> Reading | None:
        """A sentence without any name or value ("carry on"), typed small: no title is meant."""
        shown = any(token.capital and len(token.norm) > 1 for token in self._tokens[1:])
        if shown or not self._found:
            return None
        for spoken in prompts.languages():
            scan = Scan(self._text, self._tokens, language(spoken))
            found = fixed_sentence(scan, tools=self._fields)
            if found is not None and not self._of_no_playlist(found, scan):
                return self._asked(found, spoken)
        return None

    def _without_aside(self, spoken: str) -> Reading | None:
        """Read the clause that asks for something, the others being reasons."""
        named = mentions.with_names(self._text, self._tokens, self._found, language(spoken))
        whole = Scan(self._text, named, language(spoken))
        for order, aside in asides.orders(whole):
            if clauses.says_nothing(Scan(self._text, order, language(spoken))):
                continue
            asked = self._asked_of_named(spoken, tokens=self._typed(order))
            reading = asked or self._corrected(order, spoken, lenient=False)
            if not reading.confident or reading.tool is None:
                continue
            said = Scan(self._text, aside, language(spoken))
            if clauses.says_nothing(said):
                return reading
            other = self._corrected(aside, spoken, lenient=False)
            if not other.answered and asides.says_nothing(said, reading.tool, reading.arguments):
                words = tuple(token.raw for token in aside if token.norm != ",")
                return replace(reading, unread=(*reading.unread, *words))
        return None

    def _typed(self, tokens: list[Token]) -> list[Token]:
        """Return the words as typed of tokens in which names are one."""
        found: list[Token] = []
        for token in tokens:
            inside = [t for t in self._tokens if token.start <= t.start and t.end <= token.end]
            found += inside if token.start < token.end else [token]
        return found

    def _with_near_names(self, spoken: str) -> Reading | None:
        """Read with the words left over as the names that they resemble."""
        long = len(self._tokens) > _BARE_NAME
        if self._names is None or (long and music_request(self._text, spoken) < _LIKELY):
            return None
        tokens = mentions.with_names(self._text, self._tokens, self._found, language(spoken))
        ready = without_courtesy(self._text, spelled_out(tokens, spoken), spoken)
        scan, _ = self._once(ready, spoken)
        named = with_near_names(self._text, tokens, scan, self._names)
        return None if named is None else self._corrected(named, spoken, lenient=False)

    def _in_language(self, spoken: str, *, lenient: bool = False) -> Reading:
        """Read with the library's names; where that fails, as if there were none."""
        named = mentions.with_names(self._text, self._tokens, self._found, language(spoken))
        reading = self._corrected(named, spoken, lenient=lenient)
        own_list = any(token.norm == "@name-playlist" for token in named)
        if reading.answered or named is self._tokens or own_list:
            return reading
        plain = self._corrected(self._tokens, spoken, lenient=lenient)
        guessed = _NAMED & set(plain.arguments) or _torn(plain, self._text, named)
        return plain if plain.confident and not guessed else reading

    def _asked_of_named(
        self,
        spoken: str,
        *,
        tokens: list[Token] | None = None,
        small: bool = False,
        spare: bool = False,
    ) -> Reading | None:
        """Read a request that only asks something about tracks that it names."""
        words = spelled_out(self._tokens if tokens is None else tokens, spoken)
        scan = prepare(self._text, words, spoken, self._names)
        names = NamesInRequest(scan, self._tokens, self._found)
        asked = read_named(scan, names, self._fields, small=small, spare=spare)
        if asked is None or (asked.tool in _LOOSE and self._says_edit(spoken)):
            return None
        arguments = dict(asked.arguments)
        return Reading(
            self._text, spoken, asked.tool, arguments, confident=True, entities=asked.ids
        )

    def _asked_with_slips(self, spoken: str) -> Reading | None:
        """Read what is asked about tracks of the library with a misspelt word corrected."""
        named = {at for first, last in self._found for at in range(first, last)}
        words = misspelt.corrected(self._tokens, spoken, tools=tuple(self._fields), named=named)
        return self._asked_of_named(spoken, tokens=words) if words and named else None

    def _says_edit(self, spoken: str) -> bool:
        """Whether a whole sentence changes a playlist: "X has to go from *Road Trip*"."""
        named = mentions.with_names(self._text, self._tokens, self._found, language(spoken))
        tokens = without_courtesy(self._text, spelled_out(named, spoken), spoken)
        scan = prepare(self._text, tokens, spoken, self._names)
        tools = {name: fields for name, fields in self._fields.items() if name == "edit_playlist"}
        said = best_sentence(
            scan, self._state, tools=tools, names=self._names is not None,
            read_query=lambda *_: None,
        )  # fmt: skip
        return said is not None and said.sure and "playlist" in said.arguments

    def _corrected(self, tokens: list[Token], spoken: str, *, lenient: bool) -> Reading:
        """Read in one language; a misspelt keyword is corrected and read again."""
        tokens = without_courtesy(self._text, spelled_out(tokens, spoken), spoken)
        scan, reading = self._once(tokens, spoken)
        if reading.answered:
            return reading
        corrected = typos.correct(scan, tokens)
        if corrected is not None:
            _, again = self._once(corrected, spoken, lenient=lenient)
            if again.confident:
                return again
        corrected = sentence_typos.with_known_words(scan, corrected or tokens, self._fields)
        if corrected is not None:
            _, again = self._once(corrected, spoken)
            if again.confident and not again.unread:
                return again
        return self._once(tokens, spoken, lenient=True)[1] if lenient else reading

    def _once(
        self, tokens: list[Token], spoken: str, *, lenient: bool = False
    ) -> tuple[Scan, Reading]:
        key = tuple(tokens), spoken, lenient
        if key not in self._read:
            self._read[key] = self._read_once(tokens, spoken, lenient=lenient)
        return self._read[key]

    def _read_once(
        self, tokens: list[Token], spoken: str, *, lenient: bool
    ) -> tuple[Scan, Reading]:
        text, state = self._text, self._state
        raw = Scan(text, tokens, language(spoken))
        scan = prepare(text, tokens, spoken, self._names)
        if kind := _reply_kind(raw):
            return scan, Reading(text, spoken, reply_kind=kind)
        if _any(raw, "refuse.hard"):
            return scan, Reading(text, spoken)
        request = Request(text, spoken, raw, scan, state, lenient=lenient)
        if lenient:  # whole sentences were tried before
            return scan, request.read()
        song = any(scan.group_at(at, "track") for at in range(len(scan.tokens)))
        if (state.playing or song) and (obeyed := fixed_sentence(scan, tools=self._player)):
            played = request.follow_up()
            own = played and (played.tool == "play_music" or "artists" in played.arguments)
            if played is None or played.more or not own:
                return scan, self._asked(obeyed, spoken)  # "next song", not more results
        if any(token.norm == "@name-playlist" for token in scan.tokens):
            named = self._sentence(raw, scan)
            if named is not None and named.sure and "playlist" in named.arguments:
                return scan, self._asked(named, spoken)
        if followed := request.follow_up():
            return scan, followed
        if command := read_command(scan, state):
            return scan, Reading(text, spoken, command=command)
        sentence = self._sentence(raw, scan)
        known = sentence is not None and sentence.sure
        if known and sentence and not self._of_other_sense(sentence, scan):
            return scan, self._asked(sentence, spoken)
        reading = request.read()
        return scan, reading if reading.answered else self._pointing(
            scan, tokens, spoken
        ) or reading

    def _pointing(self, scan: Scan, tokens: list[Token], spoken: str) -> Reading | None:
        """ "Il est de quelle année, le premier ?": the rest as a question about that track."""
        fresh = Scan(self._text, scan.tokens, scan.language, scan.names)
        for label, start, end in clauses.pointed(fresh, self._state):
            rest = [token for token in tokens if token.end <= start or token.start >= end]
            about = copy(self)
            about._read = {}
            about._state = replace(self._state, track=label)
            _, reading = about._once(rest, spoken)
            said = reading.arguments
            about_it = label in (said.get("track"), said.get("mixes_with"))
            if reading.confident and (about_it or label in said.get("tracks", ())):
                return reading
        return None

    def _of_other_sense(self, sentence: SentenceMatch, scan: Scan) -> bool:
        """Whether the grammar reads a request better: a chart made again, no playlist at all."""
        chart = sentence.tool == "generate_drum_chart"
        again = any(
            scan.group_at(at, name)
            for at in range(len(scan.tokens))
            for name in ("drum_redo", "drum_again")
        )
        tempo = any(
            first for _, _, first, _ in scan.longest_first(scan.language.rules["chart_tempo"])
        )
        return self._of_no_playlist(sentence, scan) or (chart and (again or tempo))

    def _of_no_playlist(self, sentence: SentenceMatch, scan: Scan) -> bool:
        """Whether "sort by energy" is said of the result of a search, not of a playlist."""
        named = "playlist" in sentence.arguments or any(
            scan.group_at(at, "signals.playlist")
            or (scan.group_at(at, "lists_noun") and not self._state.talked)
            for at in range(len(scan.tokens))
        )
        state = self._state
        return sentence.tool == "edit_playlist" and not named and state.shown != "playlist"

    def _sentence(self, raw: Scan, scan: Scan) -> SentenceMatch | None:
        """The tool whose sentence takes up the whole request."""

        def read_query(first: int, last: int) -> SubQuery | None:
            if any(scan.group_at(at, "fill.people") for at in range(first, min(first + 2, last))):
                return None  # "how many children does X have": not about music
            tokens = scan.tokens[first:last]
            start, end = tokens[0].start, tokens[-1].end
            inside = [token for token in raw.tokens if start <= token.start and token.end <= end]
            part = Request(
                self._text,
                scan.language.name,
                Scan(self._text, inside, scan.language),
                Scan(self._text, tokens, scan.language, scan.names),
                _FRESH,
            ).read()
            if part.tool not in _SELECTING or not part.confident:
                return None
            arguments = dict(part.arguments)
            if part.tool == "find_similar":
                arguments["like"] = arguments.pop("track")
            return SubQuery(arguments, part.entities, part.unread)

        def best(tools: Mapping[str, frozenset[str]]) -> SentenceMatch | None:
            return best_sentence(
                scan,
                self._state,
                tools=tools,
                names=self._names is not None,
                read_query=read_query,
            )

        found = best(self._fields)
        if found is None or not self._of_no_playlist(found, scan):
            return found
        return best({k: v for k, v in self._fields.items() if k != found.tool}) or found

    def _asked(self, sentence: SentenceMatch, spoken: str) -> Reading:
        arguments = dict(sentence.arguments)
        if sentence.tool == "play_music":
            arguments = as_played(arguments, Scan(self._text, self._tokens, language(spoken)))
        if sentence.choices:
            partial = {"tool": sentence.tool, "arguments": arguments}
            return Reading(self._text, spoken, partial=partial, choices=sentence.choices)
        return Reading(
            self._text, spoken, sentence.tool, arguments, confident=True, entities=sentence.ids,
            unread=sentence.unread,
        )  # fmt: skip


def _torn(reading: Reading, text: str, named: Sequence[Token]) -> bool:
    """Whether an edit takes part of a name: "vocals from *Rolling*" in "*Deep*"."""
    if reading.tool != "edit_playlist":
        return False
    values = [
        *reading.arguments.get("tracks", ()),
        *(reading.arguments.get(key, "") for key in ("playlist", "name")),
    ]
    names = (text[token.start : token.end] for token in named if token.is_name)
    return any(" " in name and all(name not in value for value in values) for name in names)


def _only_words(reading: Reading, spoken: str) -> bool:
    """Whether the words it looks for are small ones of the language spoken ("a chart of that")."""
    words = str(reading.arguments.get("track") or reading.arguments.get("text", "")).split()
    return bool(words) and all(word in language(spoken).common for word in words)


def _reply_kind(scan: Scan) -> ReplyKind | None:
    for kind in get_args(ReplyKind):
        at, size = 0, 1
        while at < len(scan.tokens) and size:
            size = 1 if scan.norm(at) in {",", "backbeat"} else scan.group_at(at, kind)
            at += size
        if size and at >= len(scan.tokens):
            return kind
    return None


def _any(scan: Scan, group: str) -> bool:
    return any(scan.group_at(at, group) for at in range(len(scan.tokens)))
