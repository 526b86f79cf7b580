"""Tracks side by side, and whether they mix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any, Final

from pydantic import Field

from store.results import TrackRow
from store.search.query import Name
from store.tracks import track_details
from tools.base import Arguments, Rendering, ToolContext, ToolError, ToolResult
from tools.text.words import Language, duration, known_name, listed, number, say, say_count
from tools.tracks.mixing import BOOST_STEPS, Mix, mix_of
from tools.tracks.track_facts import find_track, label, track_data, track_fact

TRACKS_AT_LEAST: Final = 2
TRACKS_AT_MOST: Final = 5
PAIRS_SAID: Final = 3
"""Pairs that are each put into words; of more only those that mix are."""
SAME_TEMPO: Final = 0.005
"""Relative difference below which tempos are the same."""


class CompareTracksArguments(Arguments):
    """Two to five tracks."""

    tracks: list[Name] = Field(
        min_length=TRACKS_AT_LEAST,
        max_length=TRACKS_AT_MOST,
        description="Titles, or artists and titles, of the tracks to compare",
    )


class CompareTracks:
    """Tempo, key, energy, length and genre side by side; how each pair mixes."""

    name = "compare_tracks"
    description = (
        "Compare 2 to 5 tracks: tempo, key, energy, length and genre side by side, and whether "
        "and how they mix."
    )
    arguments = CompareTracksArguments

    def run(self, arguments: CompareTracksArguments, context: ToolContext) -> ToolResult:
        """Look the tracks up and compare each pair."""
        ids = list(dict.fromkeys(find_track(name, context) for name in arguments.tracks))
        rows = track_details.track_rows(ids)
        if len(rows) < TRACKS_AT_LEAST:
            raise ToolError(say(context.language, "compare_tracks.one_only"))
        facts: dict[str, Any] = {
            "tracks": [
                {**track_fact(row, why=_why(row, context.language)), "name": _name(row)}
                for row in rows
            ],
            "pairs": [_pair(one, other) for one, other in combinations(rows, 2)],
        }
        return ToolResult(facts=facts, track_ids=tuple(row.id for row in rows))

    def render(self, result: ToolResult, context: ToolContext) -> Rendering:
        """The pairs in words, the tracks as a table."""
        facts, language = result.facts, context.language
        names = {fact["id"]: fact["name"] for fact in facts["tracks"]}
        sentence = _sentence(facts["pairs"], names, language)
        tracks = [track_data(fact) for fact in facts["tracks"]]
        return Rendering(sentence, "tracks", {**facts, "tracks": tracks})


def _name(row: TrackRow) -> str:
    return label(row.title, row.artist)


def _why(row: TrackRow, language: Language) -> list[str]:
    """What is compared besides the columns of the table: genre, energy, length."""
    said = [known_name(language, "genres", row.genre)] if row.genre else []
    if row.energy is not None:
        energy = number(language, 100 * row.energy, 0)
        said.append(say(language, "compare_tracks.energy", energy=energy))
    return [*said, duration(language, row.duration_s)]


def _pair(one: TrackRow, other: TrackRow) -> dict[str, Any]:
    mix = mix_of((one.bpm, one.camelot), (other.bpm, other.camelot))
    energies = [row.energy for row in (one, other)]
    return {
        "ids": [one.id, other.id],
        "bpm": [one.bpm, other.bpm],
        "camelot": [one.camelot, other.camelot],
        "verdict": _verdict(mix),
        "tempo_apart_percent": None if mix.tempo_apart is None else _percent(mix.tempo_apart),
        "half_or_double": mix.doubled,
        "keys": mix.keys,
        "energy_change": None
        if energies[0] is None or energies[1] is None
        else round(energies[1] - energies[0], 2),
    }


def _percent(apart: float) -> float:
    return 0.0 if apart < SAME_TEMPO else round(100 * apart, 1)


def _verdict(mix: Mix) -> str:
    """Return what can be said of a pair: mixes, tempo_only, keys_only, neither or unknown."""
    if mix.tempo_fits is None:
        return "unknown"
    if mix.tempo_fits:
        return "unkeyed" if mix.keys_fit is None else "mixes" if mix.keys_fit else "tempo_only"
    return "keys_only" if mix.keys_fit else "neither"


def _sentence(
    pairs: Sequence[Mapping[str, Any]], names: Mapping[int, str], language: Language
) -> str:
    if len(pairs) <= PAIRS_SAID:
        return " ".join(_pair_sentence(pair, names, language) for pair in pairs)
    mixing = [pair for pair in pairs if pair["verdict"] == "mixes"]
    if not mixing:
        return say(language, "compare_tracks.none_mix", pairs=len(pairs))
    said = [
        say(
            language,
            "compare_tracks.pair",
            first=names[pair["ids"][0]],
            second=names[pair["ids"][1]],
        )
        for pair in mixing
    ]
    some = listed(language, said)
    return say_count(language, "compare_tracks.some_mix", len(mixing), all=len(pairs), pairs=some)


def _pair_sentence(pair: Mapping[str, Any], names: Mapping[int, str], language: Language) -> str:
    first, second = (names[number_] for number_ in pair["ids"])
    details = [_tempo_words(pair, language), _key_words(pair, language)]
    return say(
        language,
        f"compare_tracks.{pair['verdict']}",
        first=first,
        second=second,
        details=", ".join(part for part in details if part),
    )


def _tempo_words(pair: Mapping[str, Any], language: Language) -> str:
    """ "124 and 128 BPM (3.2 % apart)"."""
    if pair["tempo_apart_percent"] is None:
        return say(language, "compare_tracks.tempo_unknown")
    values = {
        "first": number(language, pair["bpm"][0], 0),
        "second": number(language, pair["bpm"][1], 0),
        "apart": number(language, pair["tempo_apart_percent"]),
    }
    double = "double_" if pair["half_or_double"] else ""
    key = f"{double}same" if not pair["tempo_apart_percent"] else f"{double}apart"
    return say(language, f"compare_tracks.tempos_{key}", **values)


def _key_words(pair: Mapping[str, Any], language: Language) -> str:
    """ "8A and 9A are neighbours"; of a boost the lower key first."""
    if pair["keys"] is None:
        return say(language, "compare_tracks.keys_unknown")
    first, second = pair["camelot"]
    if pair["keys"] == "boost" and (int(second[:-1]) - int(first[:-1])) % 12 != BOOST_STEPS:
        first, second = second, first
    return say(language, f"compare_tracks.{pair['keys']}", first=first, second=second)


compare_tracks = CompareTracks()
