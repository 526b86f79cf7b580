"""Read the words of a request in one language: sentences of the tools, follow-ups, the grammar."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import replace
from typing import Final, get_args

from assistant.understanding.button_commands import read_command
from assistant.understanding.dialogue import clauses
from assistant.understanding.dialogue.state import ConversationState
from assistant.understanding.lexing import typos
from assistant.understanding.lexing.lexicon import language
from assistant.understanding.lexing.name_lookups import Lookups
from assistant.understanding.lexing.plain_text import Token
from assistant.understanding.lexing.preparing import prepare, spelled_out, without_courtesy
from assistant.understanding.lexing.tokens import Scan
from assistant.understanding.playing import as_played
from assistant.understanding.reading import Reading, ReplyKind
from assistant.understanding.request import Request
from assistant.understanding.sentences import sentence_typos
from assistant.understanding.sentences.sentence_reader import (
    SentenceMatch,
    SubQuery,
    best_sentence,
    fixed_sentence,
)
from assistant.understanding.sentences.statements import STATING, may_state, statement

FRESH: Final = ConversationState()
"""A conversation in which nothing was said."""
SELECTING: Final = frozenset({"search_tracks", "make_playlist", "find_similar"})
"""Tools that select tracks of the library."""
_PLAYER: Final = ("control_player",)


class TokenReader:
    """Reads words of one request; the same words are read once.

    Args:
        text: The request as typed.
        tokens: All its words.
        state: The conversation so far.
        names: The library's names; None takes names as written.
        fields: Tool → its arguments.
    """

    def __init__(
        self,
        text: str,
        tokens: list[Token],
        state: ConversationState,
        names: Lookups | None,
        fields: Mapping[str, frozenset[str]],
    ) -> None:
        self._text, self._tokens, self._state = text, tokens, state
        self._names, self._fields = names, fields
        self._player = {name: fields[name] for name in _PLAYER if name in fields}
        self._read: dict[tuple[tuple[Token, ...], str, bool], tuple[Scan, Reading]] = {}

    def says_edit(self, named: list[Token], spoken: str) -> bool:
        """Whether a whole sentence changes a playlist: "X has to go from *Road Trip*"."""
        tokens = without_courtesy(self._text, spelled_out(named, spoken), spoken)
        scan = prepare(self._text, tokens, spoken, self._names)
        tools = {name: fields for name, fields in self._fields.items() if name == "edit_playlist"}
        said = best_sentence(
            scan, self._state, tools=tools, names=self._names is not None,
            read_query=lambda *_: None,
        )  # fmt: skip
        return said is not None and said.sure and "playlist" in said.arguments

    def stated(self, named: list[Token], spoken: str) -> Reading | None:
        """Return what is said of a track: "X is country, not folk"; None where nothing is."""
        if not may_state({token.norm for token in self._tokens}, spoken, self._fields):
            return None
        tokens = without_courtesy(self._text, spelled_out(named, spoken), spoken)
        scan = prepare(self._text, tokens, spoken, self._names)
        said = statement(scan, self._state, tools=self._fields, names=self._names is not None)
        return self.asked(said, spoken) if said else None

    def corrected(self, tokens: list[Token], spoken: str, *, lenient: bool) -> Reading:
        """Read in one language; a misspelt keyword is corrected and read again."""
        tokens = without_courtesy(self._text, spelled_out(tokens, spoken), spoken)
        scan, reading = self.once(tokens, spoken)
        if reading.answered:
            return reading
        corrected = typos.correct(scan, tokens)
        if corrected is not None:
            _, again = self.once(corrected, spoken, lenient=lenient)
            if again.confident:
                return again
        corrected = sentence_typos.with_known_words(scan, corrected or tokens, self._fields)
        if corrected is not None:
            _, again = self.once(corrected, spoken)
            if again.confident and not again.unread:
                return again
        return self.once(tokens, spoken, lenient=True)[1] if lenient else reading

    def once(
        self, tokens: list[Token], spoken: str, *, lenient: bool = False
    ) -> tuple[Scan, Reading]:
        """Return the prepared words and what they say; with `lenient`, some may be ignored."""
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
        if kind := reply_kind(raw):
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
                return scan, self.asked(obeyed, spoken)  # "next song", not more results
        if any(token.norm == "@name-playlist" for token in scan.tokens):
            named = self._sentence(raw, scan)
            if named is not None and named.sure and "playlist" in named.arguments:
                return scan, self.asked(named, spoken)
        if followed := request.follow_up():
            return scan, followed
        if command := read_command(scan, state):
            return scan, Reading(text, spoken, command=command)
        sentence = self._sentence(raw, scan)
        known = sentence is not None and sentence.sure
        if known and sentence and not self._of_other_sense(sentence, scan):
            return scan, self.asked(sentence, spoken)
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
            _, reading = about.once(rest, spoken)
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
        return self.of_no_playlist(sentence, scan) or (chart and (again or tempo))

    def of_no_playlist(self, sentence: SentenceMatch, scan: Scan) -> bool:
        """Whether "sort by energy" is said of the result of a search, not of a playlist."""
        named = "playlist" in sentence.arguments or any(
            scan.group_at(at, "signals.playlist")
            or (scan.group_at(at, "lists_noun") and not self._state.talked)
            for at in range(len(scan.tokens))
        )
        if sentence.tool != "edit_playlist":
            return False
        new = any(
            scan.group_at(at, "signals.playlist") and scan.group_before(at, "new_one")
            for at in range(len(scan.tokens))
        )
        made = sentence.arguments.get("action") == "add" and "playlist" in sentence.arguments
        return (new and not made) or (not named and self._state.shown != "playlist")

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
                FRESH,
            ).read()
            if part.tool not in SELECTING or not part.confident:
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

        asking = {name: known for name, known in self._fields.items() if name not in STATING}
        found = best(asking)
        if found is None or not self.of_no_playlist(found, scan):
            return found
        return best({k: v for k, v in asking.items() if k != found.tool}) or found

    def asked(self, sentence: SentenceMatch, spoken: str) -> Reading:
        """Return what a sentence asks for."""
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


def reply_kind(scan: Scan) -> ReplyKind | None:
    """Return what a request is that is nothing but a greeting, thanks and the like."""
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
