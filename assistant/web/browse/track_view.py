"""What the page of a track shows: its values with their sources, structure, charts and file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from assistant import answers
from assistant.web.browse.beat_grid import beat_grid
from assistant.web.browse.shown_entries import cover_url
from assistant.web.results.track_rows import shown_row
from prompts import Language
from store.browse.folder_list import path_from_top
from store.charts import drum_charts
from store.library.corrections.values import KEY_OF
from store.library.track_sheet import TrackSheet
from store.moods.scoring import learned_moods
from store.paths import shown_path
from store.people.mood_labels import FITS, NOT, mood_labels
from store.results import TrackDetail
from store.stored_values import LONGEST_TEXT
from store.vocabulary import CAMELOT, GENRES, LEVELS
from tools.generate_drum_chart import chart_data, chart_fact
from tools.text.untrusted import shown
from tools.text.words import known_name, listed, say
from tools.tracks.key_words import key_name, key_text
from tools.tracks.summary import strongest_tags, summary_sentence, tag_name
from tools.tracks.track_facts import track_data, track_fact

_SCORES: Final = (
    "energy_score", "dance_score", "acousticness", "complexity_score", "emotional_intensity",
    "mood_valence",
)  # fmt: skip
_SCORE_SOURCES: Final = {"dance_score": "danceability", "acousticness": "acoustic"}
"""Score → the normalized feature that it is made of; the others are of several values."""
_CALCULATED: Final = "calculated"
_TAG_LIMIT: Final = 300
"""Characters of a tag that are shown: comments can be long."""


def track_view(
    detail: TrackDetail, sheet: TrackSheet, language: Language, *, person: int
) -> dict[str, Any]:
    """Return everything that the page of a track shows to a person."""
    fact = track_fact(detail.row)
    return {
        "track": {**shown_row(track_data(fact), language), "album": fact["album"]},
        "cover_url": cover_url(sheet.file["cover_id"]),
        "artist_id": sheet.file["artist_id"],
        "album_id": sheet.file["album_id"],
        "analysed": sheet.file["analysed_at"] is not None,
        "missing": bool(sheet.file["missing"]),
        "kind": say(language, f"kinds.{fact['kind']}") if fact["kind"] else None,
        "summary": summary_sentence(detail, language) if _is_known(detail) else None,
        "genres": _genres(detail, language),
        "moods": _moods(detail, language, person),
        "fields": _fields(detail),
        "keys": [
            {"camelot": code, "name": key_name(f"{tonic} {scale}", language)}
            for code, (tonic, scale) in KEY_OF.items()
        ],
        "all_genres": list(GENRES),
        "scores": _scores(detail, sheet, language),
        "tags": [
            {"name": tag_name(language, tag), "score": round(score, 2), "reason": shown(why)}
            for tag, score, _, why in strongest_tags(detail)
        ],
        "tempo": _tempo(detail, sheet),
        "key": _key(detail, sheet, language),
        "loudness": {
            "lufs": sheet.measured["loudness_lufs"],
            "peak_dbtp": sheet.measured["true_peak_dbtp"],
            "source": sheet.sources.get("loudness_lufs"),
        },
        "beats": beat_grid(detail).as_json(),
        "sections": _sections(detail, language),
        "corrections": {
            shown(name): shown(value, limit=_TAG_LIMIT) for name, value in sheet.corrections.items()
        },
        "charts": [_chart(chart) for chart in drum_charts.charts_of(detail.row.id)],
        "file": _file(sheet),
        "metadata": [
            {"name": shown(name), "value": shown(value, limit=_TAG_LIMIT)}
            for name, value in sheet.metadata
        ],
        "repaired": [
            {
                "name": shown(one.name),
                "value": shown(one.original, limit=_TAG_LIMIT),
                "codec": one.codec,
            }
            for one in sheet.repaired
        ],
    }


def _is_known(detail: TrackDetail) -> bool:
    return bool(detail.moods or detail.row.bpm or detail.row.kind)


def _genres(detail: TrackDetail, language: Language) -> list[str]:
    names = [known_name(language, "genres", name) for name in detail.genres]
    if names and detail.row.genre is None:
        return [say(language, "phrase.mixed_genre", genres=listed(language, names))]
    return names


def _moods(detail: TrackDetail, language: Language, person: int) -> list[dict[str, Any]]:
    labels = mood_labels(person, track_id=detail.row.id)
    said = {label.mood: FITS if label.fits else NOT for label in labels}
    learned = learned_moods(detail.row.id)
    return [
        {
            "name": mood, "label": known_name(language, "moods", mood),
            "value": round(strength, 3), "said": said.get(mood), "learned": mood in learned,
        }
        for mood, strength in detail.moods.items()
    ]  # fmt: skip


def _fields(detail: TrackDetail) -> dict[str, Any]:
    """Return what can be corrected, as it is now."""
    row = detail.row
    texts = {"title": row.title, "artist": row.artist, "album": row.album, "genre": row.genre}
    return {
        **{name: shown(text, limit=LONGEST_TEXT) for name, text in texts.items() if text},
        "year": row.year,
        "bpm": None if row.bpm is None else round(row.bpm, 1),
        "key": row.camelot,
    }


def _scores(detail: TrackDetail, sheet: TrackSheet, language: Language) -> list[dict[str, Any]]:
    labels = answers.labels(language)
    found = []
    for name in _SCORES:
        value = detail.scores.get(name)
        if value is None:
            continue
        source = sheet.sources.get(_SCORE_SOURCES.get(name, ""), _CALCULATED)
        part = (value + 1) / 2 if name == "mood_valence" else value
        found.append({"name": name, "label": labels[name], "value": part, "source": source})
    return found


def _tempo(detail: TrackDetail, sheet: TrackSheet) -> dict[str, Any] | None:
    row, structure = detail.row, detail.structure
    if row.bpm is None:
        return None
    return {
        "bpm": row.bpm,
        "alternative": row.bpm_alternative,
        "confidence": sheet.measured["bpm_confidence"],
        "source": sheet.sources.get("bpm"),
        "stability": structure.stability,
        "beats_per_bar": structure.beats_per_bar,
        "meter_confidence": structure.meter_confidence,
    }


def _key(detail: TrackDetail, sheet: TrackSheet, language: Language) -> dict[str, Any] | None:
    if not detail.row.camelot:
        return None
    name = f"{detail.key} {detail.scale}" if detail.key and detail.scale else None
    return {
        "camelot": detail.row.camelot,
        "name": key_name(name, language) if name else key_text(detail.row.camelot, language),
        "confidence": sheet.measured["key_confidence"],
        "source": sheet.sources.get("key"),
        "tuning_cents": sheet.tuning_cents,
    }


def _sections(detail: TrackDetail, language: Language) -> list[dict[str, Any]]:
    """Return the parts of one key; the whole track where it does not modulate."""
    sections = detail.structure.key_sections
    if not sections and detail.key and detail.scale:
        sections = ((0.0, f"{detail.key} {detail.scale}"),)
    if not sections:
        return []
    ends = [start for start, _ in sections[1:]] + [detail.row.duration_s]
    return [
        {
            "start_s": start,
            "end_s": end,
            "name": key_name(name, language),
            "camelot": _camelot(name),
        }
        for (start, name), end in zip(sections, ends, strict=True)
    ]


def _camelot(name: str) -> str | None:
    tonic, _, scale = name.partition(" ")
    return CAMELOT.get((tonic, scale))


def _chart(chart: Any) -> dict[str, Any]:
    fact = chart_fact(chart)
    levels: Mapping[str, Mapping[str, Any]] = fact["levels"]
    return {
        **chart_data(fact),
        "bpm": fact["bpm"],
        "older": fact["older"],
        "levels": [
            {"level": level, "dlevel": levels[level].get("dlevel"),
             "notes": levels[level].get("notes")}
            for level in LEVELS
            if level in levels
        ],
    }  # fmt: skip


def _file(sheet: TrackSheet) -> dict[str, Any]:
    file = sheet.file
    path = path_from_top(file["path"])
    return {
        "name": shown(shown_path(path.name), limit=_TAG_LIMIT),
        "folder": None if str(path.parent) == "." else str(path.parent),
        "folder_name": shown(shown_path(str(path.parent)), limit=_TAG_LIMIT),
        **{
            name: file[name]
            for name in (
                "size_bytes", "audio_format", "sample_rate_hz", "channels", "bit_rate",
                "track_no", "disc_no", "musicbrainz_id", "added_at", "analysed_at",
            )
        },
    }  # fmt: skip
