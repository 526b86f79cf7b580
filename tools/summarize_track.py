"""What a track is like."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from store.charts.current_charts import shown_charts
from store.jobs import indexer_state
from store.search.query import Name
from store.tracks import track_details
from tools.base import Arguments, Rendering, ToolContext, ToolError, ToolResult
from tools.generate_drum_chart import chart_data, chart_fact
from tools.text.untrusted import shown
from tools.text.words import say, say_count
from tools.tracks.structure_notes import structure_fact
from tools.tracks.summary import bpm_text, mir_summary, strongest_tags, tag_name
from tools.tracks.track_answers import About, fact_sentence
from tools.tracks.track_facts import find_track, label, track_data, track_fact


class SummarizeTrackArguments(Arguments):
    """A track, and what of it is asked."""

    track: Name = Field(description="Title, or artist and title, of the track")
    about: About | None = Field(
        default=None, description="Only this fact, in one sentence; a summary without it"
    )


class SummarizeTrack:
    """The summary sentence, features, tags, charts there are."""

    name = "summarize_track"
    description = (
        "Describe a track (mood, genre, tempo, key, energy, tags, drum charts), or say one fact "
        "about it."
    )
    arguments = SummarizeTrackArguments

    def run(self, arguments: SummarizeTrackArguments, context: ToolContext) -> ToolResult:
        """Read everything known of the track."""
        language = context.language
        track_id = find_track(arguments.track, context)
        detail = track_details.track(track_id)
        if detail is None:
            raise ToolError(say(language, "ask.unknown", name=shown(arguments.track)))
        version = indexer_state.chart_version()
        charts = [chart_fact(chart) for chart in shown_charts(track_id, version=version)]
        facts: dict[str, Any] = {
            **mir_summary(detail, language),
            "track": track_fact(detail.row),
            "name": label(detail.row.title, detail.row.artist),
            "analysed": bool(detail.row.kind or detail.row.bpm or detail.moods),
            "tempo": bpm_text(detail, language),
            "bpm_confidence": detail.bpm_confidence,
            "key": detail.key,
            "scale": detail.scale,
            "format": detail.audio_format,
            "genres": list(detail.genres),
            "moods": {mood: round(strength, 2) for mood, strength in detail.moods.items()},
            "features": _numbers(detail.normalized),
            "scores": _numbers(detail.scores),
            "tags": [
                {
                    "tag": tag,
                    "name": tag_name(language, tag),
                    "score": round(score, 2),
                    "category": category,
                    "reason": shown(reason, limit=200),
                }
                for tag, score, category, reason in strongest_tags(detail)
            ],
            "course": structure_fact(detail.structure, language),
            "charts": charts,
            "about": arguments.about,
        }
        return ToolResult(facts=facts, track_ids=(track_id,))

    def render(self, result: ToolResult, context: ToolContext) -> Rendering:
        """The fact that was asked for, or the summary with everything else as data."""
        facts, language = result.facts, context.language
        if facts["about"]:
            return Rendering(fact_sentence(facts["about"], facts, language), "text", {**facts})
        key = "summarize_track.titled" if facts["analysed"] else "summarize_track.not_analysed"
        sentence = say(language, key, name=facts["name"], summary=facts["summary"])
        if not sentence.endswith("."):
            sentence += "."
        if facts["charts"]:
            sentence += " " + say_count(language, "summarize_track.charts", len(facts["charts"]))
            if all(chart["older"] for chart in facts["charts"]):
                sentence += " " + say(language, "chart.older")
        data = {
            **facts,
            "track": track_data(facts["track"]),
            "charts": [{**chart, **chart_data(chart)} for chart in facts["charts"]],
        }
        return Rendering(sentence, "track", data)


def _numbers(values: Any) -> dict[str, float]:
    return {
        name: round(float(value), 3)
        for name, value in values.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    }


summarize_track = SummarizeTrack()
