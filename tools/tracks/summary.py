"""A track in one sentence, and what to ask for next."""

from __future__ import annotations

from typing import Any, Final

from store.results import TrackDetail
from tools.text.kinds_of_tracks import article, genre_words, kinds_first
from tools.text.untrusted import shown
from tools.text.words import Language, duration, known_name, listed, number, say
from tools.tracks.structure_notes import structure_sentence
from tools.tracks.track_facts import label

ADJECTIVES: Final = (
    "happy", "sad", "aggressive", "relaxed", "dark", "bright", "energetic", "chill",
    "melancholic", "uplifting", "romantic", "intimate", "epic",
)  # fmt: skip
"""Moods that say how a track is; the others say what it is good for."""
OPPOSITES: Final = (
    {"happy", "sad"}, {"happy", "melancholic"}, {"happy", "dark"}, {"aggressive", "relaxed"},
    {"aggressive", "chill"}, {"energetic", "chill"}, {"energetic", "relaxed"}, {"dark", "bright"},
    {"sad", "uplifting"}, {"aggressive", "intimate"}, {"sad", "bright"},
)  # fmt: skip
"""Two that do not go into one sentence: the stronger one stays."""
CLEAR: Final = 0.5
"""Strength from which a mood counts, as in searches."""
HIGH_ENERGY: Final = 0.65
LOW_ENERGY: Final = 0.35
VERY_DANCEABLE: Final = 0.75
QUITE_DANCEABLE: Final = 0.5
HARDLY_DANCEABLE: Final = 0.2
SURE_BPM: Final = 0.5
"""Confidence of the tempo below which the half or double is named too."""
TAGS_SHOWN: Final = 6


def mir_summary(detail: TrackDetail, language: Language) -> dict[str, Any]:
    """The summary of a track as the API and the tool give it."""
    sentence = summary_sentence(detail, language)
    tags = [tag for tag, *_ in strongest_tags(detail)]
    normalized, row = detail.normalized, detail.row
    return {
        "track_id": row.id,
        "summary": sentence,
        "context": {
            "genre": row.genre,
            "mood": next(iter(adjectives(detail)), None),
            "energy": _rounded(detail.scores.get("energy_score"), row.energy),
            "danceability": _rounded(normalized.get("danceability")),
            "bpm": None if row.bpm is None else round(row.bpm),
            "key": row.camelot,
            "synthetic_tags": tags,
            "source": detail.source,
        },
        "search_suggestions": suggestions(detail, language),
    }


def summary_sentence(detail: TrackDetail, language: Language) -> str:
    """ "a happy, energetic rock track, quite danceable, at 128 BPM (Camelot 8B). Tags: …"."""
    if detail.row.kind:
        length = duration(language, detail.row.duration_s)
        return say(language, f"summarize_track.is_{detail.row.kind}", length=length)
    sentence = say(
        language,
        "summarize_track.sentence",
        phrase=_phrase(detail, language) + _mixed(detail, language),
        dance=_dance(detail, language),
        at=_tempo_and_key(detail, language),
    )
    if course := structure_sentence(detail.structure, language):
        sentence += f". {course}"
    tags = [tag_name(language, tag) for tag, *_ in strongest_tags(detail)]
    if tags:
        sentence += ". " + say(language, "summarize_track.tags", tags=", ".join(tags))
    return sentence


def tag_name(language: Language, tag: str) -> str:
    """Return the display name of a synthetic tag."""
    name = known_name(language, "tags", tag)
    return shown(known_name(language, "moods", tag) if name == tag else name)


def strongest_tags(detail: TrackDetail) -> list[tuple[str, float, str, str]]:
    """Return the synthetic tags to show, strongest first."""
    return sorted(detail.synthetic_tags, key=lambda tag: -tag[1])[:TAGS_SHOWN]


def adjectives(detail: TrackDetail) -> list[str]:
    """Return one or two moods that describe the track and do not contradict each other."""
    found: list[str] = []
    for mood, strength in detail.moods.items():
        clash = any({mood, other} in OPPOSITES for other in found)
        if mood in ADJECTIVES and strength >= CLEAR and not clash:
            found.append(mood)
        if len(found) == 2:
            break
    return found


def bpm_text(detail: TrackDetail, language: Language) -> str | None:
    """Return the tempo; "76 (or 152)" when it may be the half or the double."""
    row = detail.row
    if row.bpm is None:
        return None
    bpm = number(language, row.bpm, 0)
    unsure = detail.bpm_confidence is not None and detail.bpm_confidence < SURE_BPM
    if not unsure or row.bpm_alternative is None:
        return bpm
    other = number(language, row.bpm_alternative, 0)
    return say(language, "summarize_track.or_bpm", bpm=bpm, alternative=other)


def suggestions(detail: TrackDetail, language: Language) -> list[str]:
    """Return requests related to this track that the chat understands."""
    row = detail.row
    mood = next(iter(adjectives(detail)), None)
    if row.kind:
        return []
    words: dict[str, str] = {"name": label(row.title, row.artist)}
    if mood:
        words["mood"] = known_name(language, "moods", mood)
    if row.genre:
        words["genre"] = known_name(language, "genres", row.genre)
    if row.bpm:
        words["bpm"] = number(language, row.bpm, 0)
    if row.camelot:
        words["key"] = row.camelot
    wanted = []
    if "bpm" in words and (mood or row.genre):
        which = "_".join(
            part for part in ("mood" if mood else "", "genre" if row.genre else "") if part
        )
        wanted.append(f"suggest_{which}")
    wanted += ["suggest_key"] if row.camelot else []
    wanted += ["suggest_like"]
    wanted += ["suggest_playlist"] if mood else []
    return [say(language, f"summarize_track.{key}", **words) for key in wanted]


def _phrase(detail: TrackDetail, language: Language) -> str:
    said = [known_name(language, "moods", mood) for mood in adjectives(detail)]
    energy = detail.row.energy
    if len(said) < 2 and energy is not None and "energetic" not in adjectives(detail):
        if energy >= HIGH_ENERGY and not {"chill", "relaxed"} & set(adjectives(detail)):
            said.append(say(language, "phrase.energetic"))
        elif energy <= LOW_ENERGY and "aggressive" not in adjectives(detail):
            said.append(say(language, "phrase.calm"))
    genre = detail.row.genre
    kind = genre_words(language, genre, 1) if genre else ""
    if kinds_first(language):
        words = ", ".join(said) + " " if said else ""
        kind = f"{kind} " if kind else ""
    else:
        words = f" {listed(language, said)}" if said else ""
        kind = f" {kind}" if kind else ""
    return say(
        language,
        "phrase.track",
        article=article(language, f"{words}{kind}"),
        adjectives=words,
        genre=kind,
    )


def _mixed(detail: TrackDetail, language: Language) -> str:
    """ " between jazz and blues" of a track without a main genre."""
    if detail.row.genre or not detail.genres:
        return ""
    near = [known_name(language, "genres", one) for one in detail.genres]
    return say(language, "phrase.mixed", genres=listed(language, near))


def _dance(detail: TrackDetail, language: Language) -> str:
    value = detail.normalized.get("danceability")
    if not isinstance(value, int | float):
        return ""
    if value >= VERY_DANCEABLE:
        return say(language, "summarize_track.very_danceable")
    if value >= QUITE_DANCEABLE:
        return say(language, "summarize_track.quite_danceable")
    return say(language, "summarize_track.hardly_danceable") if value < HARDLY_DANCEABLE else ""


def _tempo_and_key(detail: TrackDetail, language: Language) -> str:
    bpm, key = bpm_text(detail, language), detail.row.camelot
    if bpm and key:
        return say(language, "summarize_track.at_tempo_key", bpm=bpm, key=key)
    if bpm:
        return say(language, "summarize_track.at_tempo", bpm=bpm)
    return say(language, "summarize_track.at_key", key=key) if key else ""


def _rounded(*values: object) -> float | None:
    found = next((v for v in values if isinstance(v, int | float)), None)
    return None if found is None else round(float(found), 2)
