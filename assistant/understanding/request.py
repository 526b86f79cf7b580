"""One request in one language: its words become one tool call, or doubts."""

from __future__ import annotations

from assistant.understanding.dialogue_state import ConversationState
from assistant.understanding.lexing.tokens import Scan
from assistant.understanding.parsing import (
    artist_mentions,
    exports,
    filter_words,
    follow,
    intents,
    path_requests,
    quantities,
    scene_descriptions,
    title_mentions,
    unread_words,
    unsupported,
)
from assistant.understanding.parsing.doubts import Doubt
from assistant.understanding.parsing.draft import Draft
from assistant.understanding.parsing.titles import take_reference
from assistant.understanding.reading import Reading

_PLAYLIST_ONLY = frozenset({"duration_min", "arc", "harmonic", "from_track"})
_TRACK_TOOLS = frozenset({"summarize_track", "find_similar", "generate_drum_chart"})


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
        self.seen: set[str] = set()
        self.lenient = lenient
        self.again = follow.starts_again(raw)

    def read(self) -> Reading:
        """The reading: a call when every word was understood."""
        tool = self._whole_request() or self._special_tool()
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

    def _whole_request(self) -> str | None:
        """Requests that are one fixed phrase about the last answer."""
        if self.state.results and (title := self._bare_reference()):
            repeated = self.state.tool if self.state.tool in _TRACK_TOOLS else "summarize_track"
            self.draft.set("track", title)
            return repeated
        if self.state.query_tool and self.state.query:
            if self._results_as_playlist():
                return "make_playlist"
            if follow.whole(self.scan, "follow.another_playlist"):
                self.scan.use(0, len(self.scan.tokens), "follow")
                self.draft.arguments = follow.other_songs(self.state.query)
                return "make_playlist"
            if changed := follow.moved(self.scan, self.state):
                self.scan.use(0, len(self.scan.tokens), "follow")
                self.draft.arguments = changed
                return self.state.query_tool
            if closing := follow.closing(self.scan, self.state):
                self.scan.use(0, len(self.scan.tokens), "follow")
                self.draft.arguments = closing
                return "search_tracks"
        if self.state.tool == "generate_drum_chart" and follow.whole(self.scan, "drum_remake"):
            self.scan.use(0, len(self.scan.tokens), "drums")
            self.draft.arguments = dict(self.state.arguments)
            self.draft.chart_again = True
            return "generate_drum_chart"
        if corrected := follow.corrected(self.scan, self.state):
            self.scan.use(0, len(self.scan.tokens), "follow")
            tool, self.draft.arguments = corrected
            return tool
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
        wishes = self.scan.group_at(0, "follow.into")  # "into a calm playlist of 20 songs"
        named = self.scan.group_at(size, "named.ask") if size and not wishes else 0
        if not named and not follow.whole(self.scan, "follow.as_playlist"):
            return False
        self.draft.arguments = dict(self.state.query)
        if named:
            self.scan.use(0, size, "follow")
            if name := title_mentions.read_named(self.scan, self.draft):
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
        filter_words.read_fixed_phrases(scan, draft)
        quantities.read_quantities(scan, draft)
        quantities.read_years(scan, draft)
        quantities.read_harmony(scan, draft)
        quantities.read_durations(scan, draft)
        title_mentions.read_albums(scan, draft)
        self.named = title_mentions.read_title_words(scan)
        intents.read_like(scan, draft, self.state)
        self.named = self.named or title_mentions.read_named(scan, draft)
        artist_mentions.read_artists(scan, draft)
        filter_words.read_exclusions(scan, draft)
        self.named = self.named or title_mentions.read_bare_title(scan, draft)
        artist_mentions.read_bare_artists(scan, draft)
        filter_words.read_filters(scan, draft)
        quantities.read_bare_years(scan, draft)

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
        people = any(scan.group_at(at, "fill.people") for at in scan.leftovers())
        if not arguments and (people or not {"find", "tracks"} <= seen):
            draft.doubts.append(Doubt.NO_CONDITION)
        return "search_tracks"

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

    def _renamed(self, name: str) -> str:
        """ "Call it Sunday": the last playlist once more, under that name."""
        if self.state.query_tool == "make_playlist":
            self.draft.arguments = {**self.state.query, "name": name}
        else:
            self.draft.doubts.append(Doubt.NAME_OF_WHAT)
        return "make_playlist"

    def _comparative(self) -> bool:
        return self._in_raw("follow.slower", "follow.faster")

    def _in_raw(self, *groups: str) -> bool:
        raw = self.raw
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
        unsupported.check(self.raw, scan, draft, tool)
        intents.read_fill(scan)
        draft.check()
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
            unread=unread,
        )  # fmt: skip
