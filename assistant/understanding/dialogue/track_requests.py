"""Requests about tracks that were spoken of or shown before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from assistant.understanding.dialogue import phrases, references, repeats
from assistant.understanding.dialogue.follow_up import FollowUp, Handler, label_of_named
from assistant.understanding.dialogue.references import Reference, focus
from assistant.understanding.dialogue.slots import FollowUpSlots
from assistant.understanding.lexing.template_matching import Captures

_OF_ONE_TRACK: Final = frozenset({"summarize_track", "generate_drum_chart"})
_OF_PLAYLIST: Final = frozenset({"make_playlist", "edit_playlist"})
_REPEATED: Final = _OF_ONE_TRACK | {"find_similar"}
_ABOUT: Final = {
    "genres": "genre", "moods": "moods", "keys": "key", "bpm_min": "bpm", "bpm_max": "bpm",
    "year_min": "year", "year_max": "year", "length_min": "length", "length_max": "length",
}  # fmt: skip


def about_a_track(slots: FollowUpSlots) -> FollowUp | None:
    """ "What is its key?" of the track spoken of."""
    for name, got in phrases.whole(slots.scan, "about_track", slots):
        pointed = next((one.value.label for one in got if one.kind == "one"), None)
        if name == "length" and _of_the_list(got, slots):
            continue
        if label := pointed or focus(slots.state):
            return FollowUp("summarize_track", {"track": label, "about": name})
    return None


def _of_the_list(got: Captures, slots: FollowUpSlots) -> bool:
    """Whether "how long is it?" is said of the playlist that was just made or changed."""
    edited = slots.state.tool in _OF_PLAYLIST and slots.state.shown == "playlist"
    return edited and not any(one.kind == "one" and one.value.places for one in got)


def on_track(tool: str, argument: str, **extra: Any) -> Handler:
    """A tool for the track pointed at or spoken of."""

    def request(got: Captures, slots: FollowUpSlots) -> FollowUp | None:
        label = got[0].value.label if got else focus(slots.state)
        return FollowUp(tool, {argument: label, **extra}) if label else None

    return request


def describe(got: Captures, slots: FollowUpSlots) -> FollowUp | None:
    """A track that is pointed at and nothing else: as the track before, or what it is like."""
    reference: Reference | None = got[0].value if got else None
    label = reference.label if reference else focus(slots.state)
    if not label or (reference and not reference.places):
        return None
    alone = reference is not None and reference.end - got[0].first == len(slots.scan.tokens)
    tool = slots.state.tool if alone and slots.state.tool in _REPEATED else "summarize_track"
    return FollowUp(str(tool), {"track": label})


def compare(got: Captures, _: FollowUpSlots) -> FollowUp | None:
    """Two to five tracks side by side."""
    labels = [label for captured in got for label in captured.value.labels]
    distinct = list(dict.fromkeys(labels))
    return FollowUp("compare_tracks", {"tracks": distinct}) if 2 <= len(distinct) <= 5 else None


def fits_with(got: Captures, slots: FollowUpSlots) -> FollowUp | None:
    """ "Does it go with Copper Sky?": the track spoken of beside another."""
    first, title = got[0].value.label, label_of_named(got[1], slots)
    both = first and title and first != title
    return FollowUp("compare_tracks", {"tracks": [first, title]}) if both else None


def same_for(got: Captures, slots: FollowUpSlots) -> FollowUp | None:
    """The last call for another track."""
    label = label_of_named(got[0], slots)
    again = repeats.again_for(label, slots.state) if label else None
    return FollowUp(*again) if again else None


def compare_title(got: Captures, slots: FollowUpSlots) -> FollowUp | None:
    """ "Compare it with Copper Sky": the tracks compared before, or the one spoken of."""
    label, state = label_of_named(got[0], slots), slots.state
    if label and state.tool == "compare_tracks":
        again = repeats.again_for(label, state)
        return FollowUp(*again) if again else None
    first = focus(state)
    both = first and label and first != label
    return FollowUp("compare_tracks", {"tracks": [first, label]}) if both else None


def same_value(value: str) -> Handler:
    """Tracks that have a value of this one: its decade, its key."""

    def request(got: Captures, slots: FollowUpSlots) -> FollowUp | None:
        label = got[0].value.label if got else focus(slots.state)
        filters = repeats.with_value_of(label, value, slots.state) if label else None
        return FollowUp("search_tracks", filters) if filters else None

    return request


def mix_of_shown(got: Captures, slots: FollowUpSlots) -> FollowUp | None:
    """Those of the last result that mix with a track."""
    label = label_of_named(got[0], slots)
    call = repeats.of_shown(label, slots.state) if label else None
    return FollowUp(*call) if call else None


def compare_shown(_: Captures, slots: FollowUpSlots) -> FollowUp | None:
    """ "Which is faster?" of two tracks."""
    labels = [references.label_of(track, slots.state) for track in slots.state.results]
    return FollowUp("compare_tracks", {"tracks": labels}) if len(labels) == 2 else None


def mixes(got: Captures, slots: FollowUpSlots) -> FollowUp | None:
    """What mixes with the track spoken of, or else with the key asked for."""
    label = got[0].value.label if got else focus(slots.state)
    if label:
        return FollowUp("search_tracks", {"mixes_with": label})
    keys = slots.state.query.get("keys") or ()
    return FollowUp("search_tracks", {"harmonic_with": keys[0]}) if len(keys) == 1 else None


def chart_one(_: Captures, slots: FollowUpSlots) -> FollowUp | None:
    """ "Make one then" after "is there a drum chart of it?"."""
    label = focus(slots.state) if slots.state.arguments.get("about") == "charts" else None
    return FollowUp("generate_drum_chart", {"track": label}) if label else None


def is_it(got: Captures, slots: FollowUpSlots) -> FollowUp | None:
    """ "Is it jazz?": what is known of the track spoken of, where this is no order."""
    asked = slots.scan.language.order_asks or slots.scan.text.rstrip().endswith("?")
    said = next(one.value.arguments for one in got if one.kind == "filters")
    about = next((known for name, known in _ABOUT.items() if name in said), None)
    pointed = next((one.value.label for one in got if one.kind == "one"), None)
    label = pointed or focus(slots.state)
    if not asked or not about or not label:
        return None
    return FollowUp("summarize_track", {"track": label, "about": about})


def is_there(got: Captures, slots: FollowUpSlots) -> FollowUp | None:
    """ "Is Copper Sky in there?" asks for no other list."""
    title = label_of_named(got[0], slots)
    return FollowUp("summarize_track", {"track": title}) if title else None


def what_at(index: int) -> Handler:
    """The first or the last track of what was shown."""

    def request(_: Captures, slots: FollowUpSlots) -> FollowUp | None:
        results = slots.state.results
        label = references.label_of(results[index], slots.state) if results else None
        return FollowUp("summarize_track", {"track": label}) if label else None

    return request


REQUESTS: Final[Mapping[str, Handler]] = {
    "similar": on_track("find_similar", "track"), "compare": compare,
    "describe": describe, "chart": on_track("generate_drum_chart", "track"),
    "play_next": on_track("play_music", "track", when="next"),
    "like_it": on_track("give_feedback", "track", like=True),
    "dislike_it": on_track("give_feedback", "track", like=False),
    "same_for": same_for, "compare_title": compare_title, "fits_with": fits_with,
    "compare_shown": compare_shown,
    "is_there": is_there,
    "what_first": what_at(0), "what_last": what_at(-1), "chart_one": chart_one, "is_it": is_it,
    **{f"same_{value}": same_value(value) for value in repeats.VALUES},
}  # fmt: skip

MIXING: Final[Mapping[str, Handler]] = {"mix_of_shown": mix_of_shown, "mixes": mixes}
"""Asked before "a mix with it" is taken for a playlist."""
