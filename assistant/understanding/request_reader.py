"""Read a request: words → values → names → filters → one tool call, or a deferred request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import prompts
from assistant.understanding import asides, slips
from assistant.understanding.dialogue import clauses
from assistant.understanding.dialogue.small_talk import talk_kind
from assistant.understanding.dialogue.state import ConversationState
from assistant.understanding.gate import music_request
from assistant.understanding.lexing.lexicon import language
from assistant.understanding.lexing.name_lookups import Lookups, NameSource
from assistant.understanding.lexing.plain_text import MAX_CHARACTERS, Token, fold_phrase, tokenise
from assistant.understanding.lexing.preparing import (
    detect,
    prepare,
    spelled_out,
    with_small_openers,
    without_courtesy,
)
from assistant.understanding.lexing.tokens import Scan
from assistant.understanding.named import misspelt
from assistant.understanding.named.named_reader import read_named
from assistant.understanding.named.names_and_references import NamesAndReferences
from assistant.understanding.named.names_in_request import NamesInRequest
from assistant.understanding.names import mentions
from assistant.understanding.names.near_names import (
    as_title,
    with_library_spelling,
    with_near_names,
)
from assistant.understanding.new_playlists import put_into_playlist
from assistant.understanding.parsing.doubts import Doubt
from assistant.understanding.playing import played
from assistant.understanding.reading import Reading
from assistant.understanding.sentences.sentence_reader import (
    fixed_sentence,
)
from assistant.understanding.several import read_several, sentences
from assistant.understanding.token_reader import FRESH, SELECTING, TokenReader, reply_kind
from tools import TOOLS
from tools.base import Tool

_NAMED = frozenset({"artists", "exclude_artists", "albums", "text", "like", "track"})
_SOUND = frozenset({"energy", "moods", "bpm_min", "bpm_max", "keys", "instrumental"})
_LIKELY = 0.5  # probability that a sentence asks for music, from which names are guessed at
_UNLIKELY = 0.05  # probability below which one word that was understood is not enough
_BARE_NAME = 4  # words of a request that may be nothing but a misspelt name
_ORDER = frozenset({"sort", "descending"})
_LONGEST_NAME = 4  # words of a new playlist's name; a longer one holds another part of the request
_PLAYER = "control_player"
_SENTENCE = 24  # words; a longer text has many different ones
_LOOSE = frozenset({"compare_tracks", "summarize_track", "find_similar"})
"""Tools whose words may stand in any order beside names, so that they say less than a sentence."""


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
    reading = _read_whole(text, state, names, tools)
    certain = reading.answered and not reading.unread
    if certain or len(text) > MAX_CHARACTERS:
        return reading

    def one(sentence: str, after: ConversationState) -> Reading:
        return _read_whole(sentence, after, names, tools)

    return read_several(text, state or FRESH, one) or reading


def _read_whole(
    text: str, state: ConversationState | None, names: NameSource | None, tools: Sequence[Tool]
) -> Reading:
    """Read a text as one request."""
    known = state or FRESH
    tokens = tokenise(text)
    spoken = detect(tokens, text, default=known.language or prompts.FALLBACK)
    if not tokens or len(text) > MAX_CHARACTERS or _is_noise(tokens):
        return Reading(text, spoken)
    tokens = with_small_openers(tokens, spoken)
    attempts = _Attempts(text, tokens, known, names, tools)
    reading = attempts.spelt(attempts.doubted(attempts.in_any_language(spoken)))
    if not reading.answered and (typed := attempts.mended(spoken)):
        again = _read_whole(typed, state, names, tools)
        if again.confident and not again.unread:
            return replace(again, text=text)
    if not known.talked:
        reading = played(reading, tokens)
    return attempts.put_into_playlist(reading)


def _is_noise(tokens: Sequence[Token]) -> bool:
    """Whether a few words are said over and over: no sentence, and long to read."""
    return len(tokens) > _SENTENCE and len({token.norm for token in tokens}) < len(tokens) / 3


def warm_reader() -> None:
    """Compile the grammar of every language: the first request is answered as fast as the next."""
    for name in prompts.languages():
        read(name, state=replace(FRESH, language=name))


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
        self._names: Lookups | None = None
        self._found: mentions.Found = {}
        if names is not None:
            runs = mentions.runs(text, tokens)
            named = names.named(set(runs.values()))
            self._found = {run: named[typed] for run, typed in runs.items() if typed in named}
            self._names = Lookups(names, runs.values(), named)
        self._reader = TokenReader(text, tokens, state, self._names, self._fields)

    def in_any_language(self, spoken: str) -> Reading:
        """Return the reading in the language spoken, else in another that understands it."""
        languages = sorted(prompts.languages(), key=lambda name: name != spoken)
        for name in () if self._text.rstrip().endswith("?") else languages:
            if said := self._reader.stated(self._with_names(name), name):
                return said
        raw = Scan(self._text, self._tokens, language(spoken))
        if kind := reply_kind(raw) or talk_kind(raw):
            return Reading(self._text, spoken, reply_kind=kind)
        if said := self._fixed_phrase():
            return said
        for name in languages:
            if asked := self._asked_of_named(name):
                return asked
        first = self._in_language(spoken)
        if first.answered and not self._unsure(first) and not self._of_words_alone(first):
            return first
        if self._state.talked and (asked := self._asked_of_named(spoken, pointing=True)):
            few = len(asked.arguments.get("tracks", ())) < len(self._state.results)
            if few or not first.from_shown:
                return asked
        if first.answered and not self._of_words_alone(first):
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
        best = lenient if lenient.confident else first
        if not self._of_words_alone(best):
            return best
        partial = {"tool": best.tool, "arguments": {}}
        return Reading(self._text, spoken, partial=partial, doubts=(Doubt.CHART_OF_WHAT,))

    def doubted(self, reading: Reading) -> Reading:
        """Return a reading as deferred where little was understood of what is hardly a request."""
        if self._of_one_title(reading):
            partial = {"tool": reading.tool, "arguments": reading.arguments}
            return Reading(self._text, reading.language, partial=partial, doubts=(Doubt.QUESTION,))
        if self._turns_back_in_list(reading):
            return Reading(self._text, reading.language, doubts=(Doubt.OTHER_ACTION,))
        everything = reading.tool == "play_music" and set(reading.arguments) == {"sort"}
        everything = everything or (reading.tool == "search_tracks" and not reading.arguments)
        if self._state.talked and everything:
            return self._of_no_more_than(reading)
        if everything and len(sentences(self._text)) > 1:
            return Reading(self._text, reading.language, doubts=(Doubt.NO_CONDITION,))
        if reading.tool not in SELECTING or self._found or self._state.talked:
            return reading
        little = len(reading.arguments) <= 1
        if not little or music_request(self._text, reading.language) >= _UNLIKELY:
            return reading
        partial = {"tool": reading.tool, "arguments": reading.arguments}
        return Reading(self._text, reading.language, partial=partial, doubts=(Doubt.QUESTION,))

    def _of_words_alone(self, reading: Reading) -> bool:
        """Whether a drum chart is asked of words that are no title: "for the faster of both"."""
        if reading.tool != "generate_drum_chart" or reading.entities or self._names is None:
            return False
        words = tokenise(str(reading.arguments.get("track", "")))
        common = language(reading.language).common
        return bool(words) and not words[0].capital and words[0].norm in common

    @staticmethod
    def _unsure(reading: Reading) -> bool:
        """Whether words were not used, or taken for what somebody looks for."""
        arguments = reading.arguments
        long_name = len(str(arguments.get("name", "")).split()) > _LONGEST_NAME
        looked_for = "text" in arguments or long_name or set(arguments) <= _ORDER
        shown = reading.from_shown and "limit" not in arguments  # "the first three of those"
        made = reading.tool == "make_playlist" and not (shown or reading.edits)
        return bool(reading.unread) or made or (reading.tool in SELECTING and looked_for)

    def _turns_back_in_list(self, reading: Reading) -> bool:
        """Whether "put it back" is said of a playlist, while nothing plays."""
        state = self._state
        back = reading.tool == "control_player" and reading.arguments.get("action") == "previous"
        return back and state.shown == "playlist" and state.playing is None

    def _of_one_title(self, reading: Reading) -> bool:
        """Whether a title of the library is filtered: "Help!, and make it loud" is no search."""
        title = reading.arguments.get("text")
        filtered = _SOUND & set(reading.arguments)
        if reading.tool not in {"search_tracks", "play_music"} or not title or not filtered:
            return False
        return any(
            entity.kind == "track" and fold_phrase(entity.name) == fold_phrase(title)
            for entities in self._found.values()
            for entity in entities
        )

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

    def _with_names(self, spoken: str) -> list[Token]:
        """Return the words with each name of the library as one token."""
        return mentions.with_names(self._text, self._tokens, self._found, language(spoken))

    def put_into_playlist(self, reading: Reading) -> Reading:
        """Return a request as the playlist that it makes of what is named."""
        scan = Scan(self._text, self._tokens, language(reading.language))
        return put_into_playlist(reading, scan, self._found)

    def spelt(self, reading: Reading) -> Reading:
        """Return a reading with its names spelt as the library does."""
        if self._names is None or not reading.confident or reading.entities:
            return reading
        arguments = as_title(reading.tool or "", reading.arguments, self._names)
        return replace(reading, arguments=with_library_spelling(arguments, self._names))

    def _fixed_phrase(self) -> Reading | None:
        """A sentence without any name or value ("carry on"), typed small: no title is meant."""
        shown = any(token.capital and len(token.norm) > 1 for token in self._tokens[1:])
        if shown or not self._found:
            return None
        for spoken in prompts.languages():
            scan = Scan(self._text, self._tokens, language(spoken))
            found = fixed_sentence(scan, tools=self._fields)
            if found is not None and not self._reader.of_no_playlist(found, scan):
                return self._reader.asked(found, spoken)
        return None

    def _without_aside(self, spoken: str) -> Reading | None:
        """Read the clause that asks for something, the others being reasons."""
        named = self._with_names(spoken)
        whole = Scan(self._text, named, language(spoken))
        for order, aside in asides.orders(whole):
            if clauses.says_nothing(Scan(self._text, order, language(spoken))):
                continue
            asked = self._asked_of_named(spoken, tokens=self._typed(order))
            reading = asked or self._reader.corrected(order, spoken, lenient=False)
            tool = reading.tool if reading.confident else None
            if reading.command:
                tool = _PLAYER  # nothing narrows "undo" either
            if tool is None:
                continue
            said = Scan(self._text, aside, language(spoken))
            if clauses.says_nothing(said):
                return reading
            other = self._reader.corrected(aside, spoken, lenient=False)
            if other.tool == reading.tool and other.arguments == reading.arguments:
                return reading  # "it is too loud, turn it down"
            if not other.answered and asides.says_nothing(said, tool, reading.arguments):
                if tool == _PLAYER:
                    return reading  # nothing else can be wanted of the player
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
        tokens = self._with_names(spoken)
        ready = without_courtesy(self._text, spelled_out(tokens, spoken), spoken)
        scan, _ = self._reader.once(ready, spoken)
        named = with_near_names(self._text, tokens, scan, self._names)
        return None if named is None else self._reader.corrected(named, spoken, lenient=False)

    def _in_language(self, spoken: str, *, lenient: bool = False) -> Reading:
        """Read with the library's names; where that fails, as if there were none."""
        named = self._with_names(spoken)
        reading = self._reader.corrected(named, spoken, lenient=lenient)
        own_list = any(token.norm == "@name-playlist" for token in named)
        if reading.answered or named is self._tokens or own_list:
            return reading
        plain = self._reader.corrected(self._tokens, spoken, lenient=lenient)
        guessed = _NAMED & set(plain.arguments) or _torn(plain, self._text, named)
        return plain if plain.confident and not guessed else reading

    def _asked_of_named(
        self,
        spoken: str,
        *,
        tokens: list[Token] | None = None,
        small: bool = False,
        spare: bool = False,
        pointing: bool = False,
    ) -> Reading | None:
        """Read a request that only asks something about tracks that it names or points at."""
        words = spelled_out(self._tokens if tokens is None else tokens, spoken)
        scan = prepare(self._text, words, spoken, self._names)
        names = (
            NamesAndReferences(scan, self._tokens, self._found, self._state)
            if pointing
            else NamesInRequest(scan, self._tokens, self._found)
        )
        asked = read_named(scan, names, self._fields, small=small, spare=spare)
        if asked is None or (
            asked.tool in _LOOSE and self._reader.says_edit(self._with_names(spoken), spoken)
        ):
            return None
        arguments = dict(asked.arguments)
        return Reading(
            self._text, spoken, asked.tool, arguments, confident=True, entities=asked.ids,
            also=asked.also,
        )  # fmt: skip

    def mended(self, spoken: str) -> str | None:
        """Return the request with the words that nobody knows as those that they resemble."""
        named = {at for first, last in self._found for at in range(first, last)}
        return slips.mended(self._text, self._tokens, spoken, self._fields, named)

    def _asked_with_slips(self, spoken: str) -> Reading | None:
        """Read what is asked about tracks of the library with a misspelt word corrected."""
        named = {at for first, last in self._found for at in range(first, last)}
        words = misspelt.corrected(self._tokens, spoken, tools=tuple(self._fields), named=named)
        return self._asked_of_named(spoken, tokens=words) if words and named else None


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
