"""Navidrome's smart playlists (NSP): rules over its own library, which knows the files' tags alone.

Fields are those of Navidrome's criteria: `filepath` is a file's path inside of the music folder,
`artist` is compared with each participant's name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tools.text.untrusted import plain

if TYPE_CHECKING:
    from tools.exports.playlist_formats import ExportTrack

_UNSAID: Final = {
    "harmonic_with": "keys that mix",
    "keys": "keys",
    "energy": "energy",
    "instrumental": "vocals",
    "like": "likeness",
    "arc": "the shape of the energy",
    "duration_min": "the length in minutes",
}
"""Wishes that Navidrome's rules have no field for."""
_SORTS: Final = {"bpm": "bpm", "year": "year", "added": "dateAdded", "random": "random"}
_TOGETHER: Final = re.compile(
    r"\s*(?:[;,/&+]|\bfeat\.?(?=\s)|\bft\.?(?=\s)|\bfeaturing\b)\s*", re.I
)
"""Between the names of a credit. A name that is torn by it is still found: each part is in it."""


def nsp(
    name: str,
    request: Mapping[str, Any],
    tracks: Sequence[ExportTrack],
    *,
    root: Path | None = None,
) -> bytes:
    """Return a smart playlist from the filters behind a playlist, or of its files.

    The filters become rules where the tags of all files fit them; those that Navidrome has no
    field for are listed in the comment. Otherwise the files are named.

    Args:
        name: Of the playlist.
        request: The filters that made it.
        tracks: Its tracks.
        root: The music folder, at which Navidrome's paths begin.
    """
    rules = _rules(request)
    by_rules = bool(rules) and fits_by_tags(request, tracks)
    comment = "Made by Backbeat. Navidrome applies the rules to its own library."
    unsaid = [words for key, words in _UNSAID.items() if request.get(key)]
    if by_rules and unsaid:
        comment += f" Not expressed here: {', '.join(unsaid)}."
    elif rules and not by_rules:
        comment += " The files are named, as their tags do not hold what was asked for."
    document: dict[str, Any] = {"name": plain(name), "comment": comment}
    if by_rules:
        document["all"] = rules
    else:
        document["any"] = [_file(track, root) for track in tracks] or [{"is": {"title": ""}}]
    document["sort"] = _SORTS.get(str(request.get("sort")), "random")
    if document["sort"] == "dateAdded":
        document["order"] = "desc"
    document["limit"] = max(len(tracks), 1)
    return json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"


def fits_by_tags(request: Mapping[str, Any], tracks: Sequence[ExportTrack]) -> bool:
    """Whether the rules of a request find all tracks by what their files say."""
    return all(_fits(request, track) for track in tracks)


def _fits(request: Mapping[str, Any], track: ExportTrack) -> bool:
    genres = [genre.casefold() for genre in track.tags.genre]
    wanted = [str(each).casefold() for each in request.get("genres", ())]
    moods = [mood.casefold() for mood in track.tags.mood]
    return (
        (not wanted or any(each in genre for each in wanted for genre in genres))
        and all(any(each.casefold() in mood for mood in moods) for each in request.get("moods", ()))
        and _within(request, "bpm", _number(track.tags.bpm))
        and _within(request, "year", track.year)
    )


def _within(request: Mapping[str, Any], field: str, value: float | None) -> bool:
    low, high = request.get(f"{field}_min"), request.get(f"{field}_max")
    if low is None and high is None:
        return True
    return value is not None and (low or 0) <= value <= (high or value)


def _number(values: Sequence[str]) -> float | None:
    try:
        return float(values[0]) if values else None
    except ValueError:
        return None


def _rules(request: Mapping[str, Any]) -> list[dict[str, Any]]:
    rules: list[dict[str, Any]] = []
    if text := request.get("text"):
        rules.append(_some([{"contains": {f: plain(text)}} for f in ("title", "artist", "album")]))
    for key, rule in (("artists", _artist), ("genres", _genre)):
        found = [rule(value) for value in request.get(key, ())]
        rules += [_some(found)] if found else []
    rules += [{"contains": {"mood": mood}} for mood in request.get("moods", ())]
    rules += [_no_artist(value) for value in request.get("exclude_artists", ())]
    for key, field in (("exclude_genres", "genre"), ("exclude_moods", "mood")):
        rules += [{"notContains": {field: plain(value)}} for value in request.get(key, ())]
    rules += _range("bpm", request.get("bpm_min"), request.get("bpm_max"))
    rules += _range("year", request.get("year_min"), request.get("year_max"))
    return rules


def _some(rules: list[dict[str, Any]]) -> dict[str, Any]:
    return {"any": rules} if len(rules) > 1 else rules[0]


def _artist(credit: str) -> dict[str, Any]:
    rules = [{"contains": {"artist": name}} for name in _names(credit)]
    return {"all": rules} if len(rules) > 1 else rules[0]


def _no_artist(credit: str) -> dict[str, Any]:
    return _some([{"notContains": {"artist": name}} for name in _names(credit)])


def _names(credit: str) -> list[str]:
    text = plain(credit)
    return [name for name in _TOGETHER.split(text) if name] or [text]


def _genre(name: str) -> dict[str, Any]:
    return {"contains": {"genre": plain(name)}}


def _file(track: ExportTrack, root: Path | None) -> dict[str, Any]:
    if track.tags.recording_id:
        return {"is": {"mbz_recording_id": track.tags.recording_id}}
    if root is not None and track.path.is_relative_to(root):
        return {"is": {"filepath": _text(track.path.relative_to(root))}}
    return {"endsWith": {"filepath": _text(Path(track.path.parent.name, track.path.name))}}


def _text(path: Path) -> str:
    return path.as_posix().encode("utf-8", "replace").decode()


def _range(field: str, low: float | None, high: float | None) -> list[dict[str, Any]]:
    """Bounds included, as whole numbers: Navidrome's `gt` and `lt` exclude theirs."""
    if low is not None and high is not None:
        return [{"inTheRange": {field: [int(low), -int(-high // 1)]}}]
    if low is not None:
        return [{"gt": {field: -int(-low // 1) - 1}}]
    if high is not None:
        return [{"lt": {field: int(high) + 1}}]
    return []
