"""Requests of the public sets, labelled by what the assistant can do.

Each set lies in a folder of its own below one folder: `slurp`, `nlu-benchmark`, `cpcd`, `oos-eval`,
`intents` (Home Assistant), `TypeAgent`, `ovos-*` (skills of Open Voice OS), as their repositories
are laid out. A set that is not there is left out. docs/models.md has licences.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import yaml

from training.conversation.sentences import Sentence

SERVICE: Final = re.compile(
    r"\b(spotify|you ?tube|deezer|i ?tunes|apple music|google (play )?music|pandora|groove ?shark"
    r"|last ?fm|zvooq|netflix|sound ?cloud|tidal|amazon|slacker|iheart|sirius|napster|vimeo|qobuz"
    r"|radio|fm|podcast|audio ?book|alarm|download|lyrics)s?\b",
    re.IGNORECASE,
)
"""Words that make a request for music one for somebody else."""
_SLURP_ACT: Final = frozenset(
    {"play_music", "music_settings", "audio_volume_up", "audio_volume_down", "audio_volume_mute"}
)
_SLURP_UNSURE: Final = frozenset(
    {"music_query", "music_likeness", "music_dislikeness", "play_podcasts", "play_audiobook"}
)
_SPOKEN_TO_SPEAKER: Final = re.compile(r"\b(speak|respond|sleep|olly|button|shut|tone)", re.I)
_LIST_OF_SONGS: Final = re.compile(r"\b(music|song|play)|^(add|put) (to|it|this)")
_CLINC_ACT: Final = frozenset({"play_music", "next_song", "what_song", "update_playlist"})
_CLINC_UNSURE: Final = frozenset({"change_volume", "repeat", "cancel", "oos"})
_OBJECTS_OF_MUSIC: Final = frozenset({"song", "album", "soundtrack", ""})
_TYPEAGENT_OTHER: Final = re.compile(r"Device|Radio|SleepTimer|seek", re.I)
_CPCD_TALK: Final = re.compile(
    r"^(\W*(thanks?|thank you|thx|ok|okay|great|perfect|awesome|nice|cool|wow|oh|hello|hi|yes|no"
    r"|sweet|good|love it|i love it|that'?s (it|all|great|perfect)|looks? good|for all of that"
    r"|these are great|this is great|i like (it|these|this))\b\W*)+$",
    re.IGNORECASE,
)


MEASURED_ONLY: Final = frozenset({"slurp-test", "snips-validate", "cpcd", "typeagent"})
"""Parts that are never trained on: what is judged from outside is taken from them."""


def read_public_sets(folder: Path) -> list[Sentence]:
    """Every sentence of the sets that are there, each text once."""
    found: dict[tuple[str, str], Sentence] = {}
    for one in _all(folder):
        text = " ".join(one.text.split())
        if text:
            found.setdefault((text.lower(), one.language), one)
    return list(found.values())


def _all(folder: Path) -> Iterator[Sentence]:
    yield from _slurp(folder / "slurp")
    yield from _snips(folder / "nlu-benchmark")
    yield from _clinc(folder / "oos-eval")
    yield from _cpcd(folder / "cpcd")
    yield from _typeagent(folder / "TypeAgent")
    yield from _home_assistant(folder / "intents")
    yield from _open_voice_os(folder)
    yield from _chatterbot(folder / "chatterbot-corpus")


def _lines(path: Path) -> Iterator[dict]:
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)


def _slurp(folder: Path) -> Iterator[Sentence]:
    for part, source in (("devel", "slurp"), ("test", "slurp-test")):
        for row in _lines(folder / "dataset" / "slurp" / f"{part}.jsonl"):
            kind, text = f"{row['scenario']}_{row['action']}", row["sentence"]
            if kind in _SLURP_UNSURE or (
                kind.startswith("audio") and _SPOKEN_TO_SPEAKER.search(text)
            ):
                continue
            act = kind in _SLURP_ACT and not SERVICE.search(text)
            if kind.startswith("lists") and re.search(
                r"\b(music|song|play)|^(add|put) (to|it|this)", text
            ):
                continue
            if kind == "play_radio" and not SERVICE.search(text):
                continue
            yield Sentence(text, "en", act, source, kind)


def snips_rows(folder: Path) -> Iterator[tuple[str, str, list[dict]]]:
    """(part, intent, pieces with entities) of the 2017 set; pieces of a row join to its text."""
    for path in sorted((folder / "2017-06-custom-intent-engines").glob("*/*_*.json")):
        part = re.fullmatch(r"(train|validate)_[A-Za-z]+(?:_full)?\.json", path.name)
        if not part:
            continue
        for intent, rows in json.loads(path.read_text(encoding="utf-8", errors="replace")).items():
            for row in rows:
                yield part.group(1), intent, row["data"]


def _snips(folder: Path) -> Iterator[Sentence]:
    for part, intent, pieces in snips_rows(folder):
        text = "".join(piece["text"] for piece in pieces)
        kinds = {piece.get("entity"): piece["text"].lower() for piece in pieces}
        if intent in {"SearchCreativeWork", "RateBook"} and (
            kinds.get("object_type", "") in _OBJECTS_OF_MUSIC
        ):
            continue
        act = intent in {"PlayMusic", "AddToPlaylist"}
        if act and ("service" in kinds or SERVICE.search(text)):
            act = False
        yield Sentence(text, "en", act, "snips" if part == "train" else "snips-validate", intent)


def _clinc(folder: Path) -> Iterator[Sentence]:
    path = folder / "data" / "data_full.json"
    if not path.exists():
        return
    for part, rows in json.loads(path.read_text(encoding="utf-8")).items():
        for text, kind in rows:
            if kind in _CLINC_UNSURE and not part.startswith("oos"):
                continue
            if part.startswith("oos") and re.search(r"\b(songs?|music|bands?|albums?)\b", text):
                continue
            act = kind in _CLINC_ACT and not SERVICE.search(text)
            yield Sentence(text, "en", act, "clinc", kind)


def _cpcd(folder: Path) -> Iterator[Sentence]:
    for row in _lines(folder / "data" / "cpcd_v1.dialogs.dev.val.jsonl"):
        for turn in row["turns"]:
            text = turn["user_query"]
            if len(text) > 160:
                continue
            if _CPCD_TALK.match(text):
                yield Sentence(text, "en", False, "cpcd", "talk")
            elif turn["search_queries"]:
                yield Sentence(text, "en", True, "cpcd", "ask")


def _typeagent(folder: Path) -> Iterator[Sentence]:
    for row in _lines(folder / "ts" / "corpus" / "player.utterances.jsonl"):
        action = row["expectedAction"]["actionName"]
        text = row["utterance"]
        if not re.search(r"speaker", text):
            act = not _TYPEAGENT_OTHER.search(action)
            yield Sentence(text, "en", act, "typeagent", action)


_SHOP: Final = re.compile(r"cours|shop|groc")
_DEVICE: Final = (
    r"\b(tv|télé|speakers?|enceintes?|radio|room|kitchen|cuisine|salon|show|episode"
    r"|épisode|watts|podcast|visionnage|film|série|the office|movie)\b"
)


def _home_assistant(folder: Path) -> Iterator[Sentence]:
    for language in ("en", "fr"):
        for path in sorted((folder / "tests" / language).glob("*_*.yaml")):
            kind = path.stem
            media = kind.startswith("media_player")
            for test in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("tests", []):
                for text in test["sentences"]:
                    if "todo" in kind or ("shopping" in kind and not _SHOP.search(text)):
                        continue
                    if media and re.search(_DEVICE, text, re.I):
                        continue
                    yield Sentence(text, language, media, "home-assistant", kind)


_OVOS_ACT: Final = frozenset({"next", "pause", "prev", "resume", "play_favorites", "media_stop"})
_OVOS_FILM: Final = re.compile(r"film|vid|movie|game|jeu|m[ée]dia", re.I)
_OVOS_PER_INTENT: Final = 60
"""Sentences taken of one intent: its variants differ in an article."""


def _open_voice_os(folder: Path) -> Iterator[Sentence]:
    for path in sorted(folder.glob("ovos-*/**/locale/*-*/**/*.intent")):
        language = next(
            part for part in path.parts if re.fullmatch(r"(en|fr)-\w\w|\w\w-\w\w", part)
        )[:2]
        if language not in {"en", "fr"} or path.stem in {
            "play",
            "like_song",
            "stop",
            "global_stop",
        }:
            continue
        media = "ocp" in str(path)
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        step = max(1, len(lines) // _OVOS_PER_INTENT)
        for line in lines[::step]:
            for text in _expand(line)[:8]:
                if "{" in text or (media and _OVOS_FILM.search(text)):
                    continue
                yield Sentence(text, language, media and path.stem in _OVOS_ACT, "ovos", path.stem)


def _chatterbot(folder: Path) -> Iterator[Sentence]:
    skipped = {"tech_support", "coding"}
    for language, name in (("en", "english"), ("fr", "french")):
        for path in sorted((folder / "chatterbot_corpus" / "data" / name).glob("*.yml")):
            if path.stem in skipped:
                continue
            for turns in yaml.safe_load(path.read_text(encoding="utf-8"))["conversations"]:
                for text in turns:
                    if isinstance(text, str) and len(text) < 100 and not _MUSIC.search(text):
                        yield Sentence(text, language, False, "chatterbot", path.stem)


_MUSIC: Final = re.compile(r"music|musique|song|chanson", re.I)


def _expand(line: str) -> list[str]:
    """Alternatives "(a|b)" of a line written out."""
    match = re.search(r"[(\[]([^()\[\]]*)[)\]]", line)
    if not match:
        return [" ".join(line.split())]
    options = match.group(1).split("|") + ([""] if match.group().startswith("[") else [])
    head, tail = line[: match.start()], line[match.end() :]
    return [text for option in options for text in _expand(head + option + tail)]


def names_of(folder: Path) -> dict[str, list[str]]:
    """Artists, titles, albums and playlists named in the Snips set, by slot of the templates."""
    slots = {"artist": "artist", "track": "track", "album": "album", "playlist": "playlist"}
    found: dict[str, set[str]] = {}
    for _, _, pieces in snips_rows(folder / "nlu-benchmark"):
        for piece in pieces:
            if kind := slots.get(piece.get("entity", "")):
                found.setdefault(kind, set()).add(" ".join(piece["text"].split()))
    return {kind: sorted(listed) for kind, listed in found.items()}
