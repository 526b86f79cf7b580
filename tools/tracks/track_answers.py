"""One fact of a track as one sentence: its key, tempo, genre, length, year, album, artist …"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, Literal, get_args

from tools.text.words import Language, exact_length, known_name, listed, say, say_count
from tools.tracks.key_words import key_text

About = Literal["key", "bpm", "genre", "length", "year", "album", "moods", "charts", "artist"]
ABOUT: Final[tuple[About, ...]] = get_args(About)
MEASURED: Final = frozenset({"key", "bpm", "genre", "moods"})
"""What the analysis finds; the rest comes from the file and its tags."""
FAST_FROM: Final = 130.0
SLOW_TO: Final = 90.0
"""Tempos in BPM that "fast" and "slow" mean in requests."""
MOODS_SAID: Final = 4


def fact_sentence(about: About, facts: Mapping[str, Any], language: Language) -> str:
    """Return the sentence on one fact of the facts of a summary; why, where it is not known."""
    answer = _SENTENCES[about](facts, language)
    if answer:
        return answer
    reason = "unmeasured" if about in MEASURED else "untagged"
    if about in MEASURED and facts["analysed"]:
        reason = f"no_{about}"
    what = say(language, f"summarize_track.what_{about}")
    return say(language, f"summarize_track.{reason}", name=facts["name"], what=what)


def _key(facts: Mapping[str, Any], language: Language) -> str:
    camelot = facts["track"]["camelot"]
    if not camelot:
        return ""
    key = key_text(camelot, language)
    return say(language, "summarize_track.key", name=facts["name"], key=key)


def _bpm(facts: Mapping[str, Any], language: Language) -> str:
    bpm = facts["track"]["bpm"]
    if bpm is None:
        return ""
    speed = "fast" if bpm >= FAST_FROM else "slow" if bpm <= SLOW_TO else "medium"
    said = say(language, f"summarize_track.{speed}")
    return say(language, "summarize_track.bpm", name=facts["name"], bpm=facts["tempo"], speed=said)


def _genre(facts: Mapping[str, Any], language: Language) -> str:
    main = facts["track"]["genre"]
    if not main and facts["genres"]:
        near = [known_name(language, "genres", one) for one in facts["genres"]]
        genres = listed(language, near)
        return say(language, "summarize_track.mixed", name=facts["name"], genres=genres)
    if not main:
        return ""
    others = [known_name(language, "genres", one) for one in facts["genres"] if one != main]
    key = "summarize_track.genres" if others else "summarize_track.genre"
    return say(
        language,
        key,
        name=facts["name"],
        genre=known_name(language, "genres", main),
        others=listed(language, others),
    )


def _length(facts: Mapping[str, Any], language: Language) -> str:
    seconds = round(facts["track"]["duration_s"])
    if not seconds:
        return ""
    length = exact_length(language, seconds)
    return say(language, "summarize_track.length", name=facts["name"], length=length)


def _moods(facts: Mapping[str, Any], language: Language) -> str:
    moods = [known_name(language, "moods", mood) for mood in facts["track"]["moods"]]
    if not moods:
        return ""
    said = listed(language, moods[:MOODS_SAID])
    return say(language, "summarize_track.moods", name=facts["name"], moods=said)


def _charts(facts: Mapping[str, Any], language: Language) -> str:
    count = len(facts["charts"])
    if not count:
        return say(language, "summarize_track.no_charts", name=facts["name"])
    return say_count(language, "summarize_track.has_charts", count, name=facts["name"])


def _tagged(about: str) -> Callable[[Mapping[str, Any], Language], str]:
    def sentence(facts: Mapping[str, Any], language: Language) -> str:
        value = facts["track"][about]
        if value is None:
            return ""
        title = facts["track"]["title"]
        return say(
            language, f"summarize_track.{about}", name=facts["name"], title=title, value=value
        )

    return sentence


_SENTENCES: Final[Mapping[str, Callable[[Mapping[str, Any], Language], str]]] = {
    "key": _key,
    "bpm": _bpm,
    "genre": _genre,
    "length": _length,
    "moods": _moods,
    "charts": _charts,
    "year": _tagged("year"),
    "album": _tagged("album"),
    "artist": _tagged("artist"),
}
