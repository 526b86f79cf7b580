"""One request in one language: its words become one tool call, or doubts."""

from __future__ import annotations

from typing import Any

from assistant.understanding.button_commands import Command
from assistant.understanding.dialogue import clauses, phrases
from assistant.understanding.dialogue.follow_ups import FollowUp, read_follow_up, read_late
from assistant.understanding.dialogue.queries import refining
from assistant.understanding.dialogue.queries.edit_reading import opens_anew
from assistant.understanding.dialogue.queries.query_edits import apply
from assistant.understanding.dialogue.queries.query_merging import Edit, Query, stronger
from assistant.understanding.dialogue.slots import Described, FollowUpSlots
from assistant.understanding.dialogue.state import ConversationState
from assistant.understanding.lexing.plain_text import Token
from assistant.understanding.lexing.tokens import Scan
from assistant.understanding.parsing import (
    exports,
    filter_words,
    intents,
    likeness,
    path_requests,
    scene_descriptions,
    unread_words,
    unsupported,
)
from assistant.understanding.parsing.amounts import added_within, quantities, years
from assistant.understanding.parsing.doubts import Doubt
from assistant.understanding.parsing.draft import Draft
from assistant.understanding.parsing.naming import artist_mentions, title_mentions
from assistant.understanding.parsing.naming.titles import take_title
from assistant.understanding.reading import Reading
from assistant.understanding.sentences import part_reader

_FEW_WORDS = 2  # beside "show all my songs"; more of them say something else
_PLAYLIST_ONLY = frozenset({"duration_min", "arc", "harmonic", "from_track", "to_track", "refresh"})


class Request:
    """One attempt at one request in one language."""

    def __init__(
        self,
        text: str,
        spoken: str,
        raw: Scan,
        scan: Scan,
        state: ConversationState,
        *,
        lenient: bool = False,
    ) -> None:
        """Take the words as typed (`raw`) and with values (`scan`); `lenient` ignores some."""
        self.text, self.spoken, self.raw, self.scan, self.state = text, spoken, raw, scan, state
        self.draft = Draft()
        self.named: str | None = None
        self._tried = False
        self._found: Reading | None = None
        self.seen: set[str] = set()
        self.lenient = lenient
        self._edits = False
        self.again = refining.starts_again(raw)

    def read(self) -> Reading:
        """The reading: a call when every word was understood."""
        if followed := self.follow_up():
            return followed
        if not self.state.talked:
            return self._read_alone()
        if found := self._read_in_parts(edits_first=True):
            return found
        reading = self._read_alone()
        if reading.answered:
            return reading
        if late := read_late(self._slots()):
            return self._followed(late)
        return self._read_in_parts() or reading

    def follow_up(self) -> Reading | None:
        """The reading where the whole request is about what was said or shown before."""
        if not self._tried:
            self._tried = True
            found = read_follow_up(self._slots())
            self._found = self._followed(found) if found else None
        return self._found

    def _slots(self) -> FollowUpSlots:
        """The request, nothing of it read yet, with what its sentences may refer to."""
        tokens = phrases.with_same_words(self.scan.tokens, self.spoken)
        scan = Scan(self.text, tokens, self.scan.language, self.scan.names)
        return FollowUpSlots(scan, self.state, self._describe, self._named_track)

    def _read_alone(self) -> Reading:
        """Read the words one after the other."""
        tool = self._chart_again() or self._special_tool()
        if tool:
            intents.read_signals(self.scan, playlist=False)
            return self._finish(tool)
        if self.again and self.state.query_tool:
            size = max(self.scan.group_at(0, f"follow.{kind}") for kind in ("strong", "into"))
            if size > 1:
                self.scan.use(0, size, "follow")
        self._gather()
        quoted = title_mentions.read_quoted(self.scan)
        seen = self.seen = intents.read_signals(self.scan)
        quantities.read_limit(self.scan, self.draft)
        if seen & {"tracks", "playlist"} or not self.raw.group_at(0, "questions.never_question"):
            scene_descriptions.read_description(self.scan, self.draft, seen)
        return self._finish(self._choose(seen, quoted))

    def _followed(self, found: FollowUp) -> Reading:
        """A follow-up as a reading; several names are asked for."""
        if found.command:
            return Reading(self.text, self.spoken, command=Command(found.command))
        if found.why is not None or found.play is not None:
            name = "why" if found.why is not None else "play"
            command = Command(name, found.why if found.why is not None else found.play or ())
            return Reading(self.text, self.spoken, command=command)
        if found.choices:
            partial = {"tool": found.tool, "arguments": found.arguments}
            return Reading(self.text, self.spoken, partial=partial, choices=found.choices)
        return Reading(
            self.text, self.spoken, found.tool, found.arguments, confident=True,
            more=found.more, from_shown=found.from_shown, places=found.places, edits=found.edits,
        )  # fmt: skip

    def _read_in_parts(self, *, edits_first: bool = False) -> Reading | None:
        """ "Too long, an hour is enough": every part changes what the parts before gave.

        Args:
            edits_first: Only where the first part alone is a follow-up.
        """
        edits: list[bool] = []

        def read_part(
            tokens: list[Token], state: ConversationState
        ) -> tuple[str, dict[str, Any]] | None:
            raw = Scan(self.text, tokens, self.scan.language)
            scan = Scan(self.text, tokens, self.scan.language, self.scan.names)
            reading = Request(self.text, self.spoken, raw, scan, state).read()
            edits.append(reading.edits)
            return (reading.tool, reading.arguments) if reading.confident and reading.tool else None

        fresh = self._slots().scan
        if edits_first and not self._opens_with_edit(fresh):
            return None
        found = clauses.read_parts(fresh, self.state, read_part)
        return self._followed(FollowUp(*found, edits=edits[:1] == [True])) if found else None

    def _opens_with_edit(self, scan: Scan) -> bool:
        first = clauses.first_part(scan)
        if first is None:
            return False
        inner = Scan(self.text, first, scan.language, scan.names)
        part = Request(self.text, self.spoken, inner, inner, self.state)
        return read_follow_up(part._slots()) is not None

    def _describe(self, places: tuple[int, ...]) -> Described | None:
        """A part of the request as a description of tracks; None where a word is left."""
        tokens = [self.scan.tokens[at] for at in places]
        scan = Scan(self.text, tokens, self.scan.language, self.scan.names)
        part = Request(self.text, self.spoken, scan, scan, ConversationState())
        return part._description()

    def _description(self) -> Described | None:
        scan, draft = self.scan, self.draft
        self._gather()
        seen = intents.read_signals(scan)
        quantities.read_limit(scan, draft)
        intents.read_fill(scan)
        draft.settle_tempo_word()
        draft.check()
        if self.named:
            draft.set("name" if "playlist" in seen else "text", self.named)
        if (
            draft.doubts
            or draft.unread
            or scan.leftovers()
            or {"format", "levels"} & set(draft.arguments)
        ):
            return None
        return Described(draft.tidy(), frozenset(seen))

    def _named_track(self, scan: Scan, at: int) -> tuple[int, str] | None:
        """A title at a token, no word with a meaning and no artist of the library."""
        if scan.meaning_at(at) or scan.group_at(at, "tracks"):
            return None
        title = take_title(scan, at, self.state, needs_name=True)
        if title is None or title.choices or scan.group_at(title.first, "by.ask"):
            return None
        if scan.names and scan.names.artist(title.text) and not scan.names.tracks(title.text):
            return None
        return title.last, title.text

    def _chart_again(self) -> str | None:
        """ "Make it again" after a drum chart."""
        if self.state.tool != "generate_drum_chart":
            return None
        if not refining.whole(self.scan, "drum_remake"):
            return None
        self.scan.use(0, len(self.scan.tokens), "drums")
        self.draft.arguments = dict(self.state.arguments)
        self.draft.chart_again = True
        return "generate_drum_chart"

    def _special_tool(self) -> str | None:
        scan, draft, state = self.scan, self.draft, self.state
        if intents.read_status(scan):
            return "library_status"
        if intents.read_drums(scan, draft, state):
            return "generate_drum_chart"
        if not self._saves_results() and exports.read_export(scan, draft):
            return "export_playlist"
        if intents.read_summary(scan, draft, state):
            return "summarize_track"
        return None

    def _saves_results(self) -> bool:
        """ "Save that as a playlist named Blue": no file of a playlist there is."""
        scan = self.scan
        meanings = (scan.meaning_at(at) for at in range(len(scan.tokens)))
        file = any(found is not None and found[1] == "format" for found in meanings)
        return bool(self.state.query_tool and scan.group_at(0, "follow.into")) and not file

    def _gather(self) -> None:
        scan, draft = self.scan, self.draft
        if artist_mentions.read_artist_list(scan, draft):
            return
        intents.protect_names(scan)
        path_requests.read_path(scan, draft)
        quantities.read_arcs(scan, draft)
        part_reader.read_parts(scan, draft, self.state)
        added_within.read_added(scan, draft)
        filter_words.read_fixed_phrases(scan, draft)
        quantities.read_quantities(scan, draft)
        years.read_years(scan, draft)
        quantities.read_harmony(scan, draft)
        quantities.read_durations(scan, draft)
        title_mentions.read_albums(scan, draft)
        self.named = title_mentions.read_title_words(scan)
        likeness.read_like(scan, draft, self.state)
        self.named = self.named or title_mentions.read_named(scan, draft)
        artist_mentions.read_artists(scan, draft)
        filter_words.read_exclusions(scan, draft)
        self.named = self.named or title_mentions.read_bare_title(scan, draft)
        artist_mentions.read_bare_artists(scan, draft)
        filter_words.read_filters(scan, draft)
        years.read_bare_years(scan, draft)
        quantities.read_bare_tempo(scan, draft)

    def _choose(self, seen: set[str], quoted: str | None) -> str | None:
        """The tool that the words add up to; arguments that depend on it are set here."""
        draft, scan = self.draft, self.scan
        arguments = draft.arguments
        draft.settle_tempo_word()
        if draft.weak_mood and "moods" not in arguments:
            draft.add("moods", draft.weak_mood)
        if arguments.get("sort") == "added" and arguments.get("artists"):
            arguments["sort"] = "year"  # the latest of an artist came out last
        if set(arguments) == {"levels"} and self.state.tool == "generate_drum_chart":
            draft.arguments = {**self.state.arguments, **arguments}
            return "generate_drum_chart"
        self._doubt(seen)
        playlist = bool("playlist" in seen or _PLAYLIST_ONLY & set(arguments))
        playlist = playlist or ("make" in seen and bool(arguments) and not self.lenient)
        if self.raw.group_at(0, "named.ask") and self.named and not (arguments or seen):
            draft.doubts.append(Doubt.NAME_OF_WHAT)
            return "make_playlist"
        name = self.named or quoted
        if name:
            draft.set("name" if playlist else "text", name)
        if name and not playlist and self._another_title(name):
            return "search_tracks"
        if refining.refines(self.raw, self.state, arguments, seen) or (
            self.again and self.state.query_tool and arguments
        ):
            self._edits = True
            return self._refined(playlist)
        if playlist:
            return "make_playlist"
        if set(arguments) <= {"like", "limit"} and "like" in arguments:
            arguments["track"] = arguments.pop("like")
            return "find_similar"
        people = any(scan.group_at(at, "fill.people") for at in scan.leftovers())
        said = sum(len(scan.norm(at)) > 3 for at, use in enumerate(scan.used) if use == "fill")
        everything = {"find", "tracks"} <= seen and said <= _FEW_WORDS
        if not arguments and (people or not everything):
            draft.doubts.append(Doubt.NO_CONDITION)
        return "search_tracks"

    def _another_title(self, name: str) -> bool:
        """Whether "and Copper Sky?" names a track of the library, no words to look for."""
        known = self.scan.names is not None and bool(self.scan.names.tracks(name))
        return known and set(self.draft.arguments) == {"text"} and opens_anew(self.raw)

    def _doubt(self, seen: set[str]) -> None:
        """Note what makes no sense together."""
        draft, arguments = self.draft, set(self.draft.arguments)
        if "make" in seen and not {"playlist", "tracks"} & seen and arguments <= {"moods"}:
            draft.doubts.append(Doubt.OBJECT_OF_MAKE)
        compared = self.state.query_tool is not None or "like" in arguments
        if draft.tempo_word and not compared and self._comparative():
            draft.doubts.append(Doubt.COMPARED_WITH_WHAT)
        if "keys" in arguments and self._in_raw("mixing"):
            draft.doubts.append(Doubt.KEYS_OR_HARMONIC)
        if {"format", "levels"} & arguments:
            draft.doubts.append(Doubt.OTHER_TOOLS_WORD)

    def _comparative(self) -> bool:
        return self._in_raw("follow.slower", "follow.faster")

    def _in_raw(self, *groups: str) -> bool:
        raw = self.raw
        return any(raw.group_at(at, name) for at in range(len(raw.tokens)) for name in groups)

    def _refined(self, playlist: bool) -> str | None:
        said = self.draft.arguments
        edit = Edit("refine" if refining.adds(self.raw) else "replace", said)
        if self.state.query_tool == "count_tracks" and opens_anew(self.raw):
            edit = Edit("instead", said)  # "and blues?"
        merged: Query = apply(self.state.query, edit, playlist=playlist) or {}
        if merged == self.state.query:
            merged = stronger(merged, said)
        for index in self.scan.leftovers():
            for group in ("follow.markers", "follow.strong", "follow.adding"):
                if size := self.scan.group_at(index, group):
                    self.scan.use(index, index + size, "follow")
        self.draft.arguments = merged
        return "make_playlist" if playlist else self.state.query_tool

    def _finish(self, tool: str | None) -> Reading:
        scan, draft = self.scan, self.draft
        unsupported.check(self.raw, scan, draft, tool)
        intents.read_fill(scan)
        draft.check()
        unread_words.check_untaken(draft)
        unread = unread_words.settle(scan, draft, tool, self.seen, lenient=self.lenient)
        arguments = draft.tidy()
        if draft.doubts:
            return Reading(
                self.text, self.spoken, partial={"tool": tool, "arguments": arguments},
                choices=draft.choices if len(draft.doubts) == 1 else (),
                doubts=tuple(dict.fromkeys(draft.doubts)),
                unread=tuple(scan.tokens[at].raw for at in scan.leftovers()),
            )  # fmt: skip
        return Reading(
            self.text, self.spoken, tool, arguments, confident=True,
            chart_bpm=draft.chart_bpm, chart_again=draft.chart_again, entities=draft.entities,
            unread=(*draft.unread, *unread),
            edits=not self.seen & {"make", "playlist"}
            and (self._edits or refining.opens_as_change(self.raw)),
        )  # fmt: skip
