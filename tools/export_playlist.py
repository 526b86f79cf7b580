"""Export of a playlist as a file for another player."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, Literal, get_args

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from store.jobs.music_folder import known_folders
from store.library.track_files import path_of
from store.paths import decode_path
from store.playlists import playlist_reading
from store.results import PlaylistDetail, StoreError
from store.search.query import Name
from store.settings import StoreSettings
from store.tracks import track_details
from store.tracks.file_tags import TagsInFile, file_tags
from tools.base import Arguments, Rendering, ToolContext, ToolError, ToolResult
from tools.exports import playlist_formats as formats
from tools.exports.export_files import write_export
from tools.exports.navidrome_rules import nsp
from tools.exports.root_map import remembered
from tools.saved_playlists.filling import opened
from tools.saved_playlists.finding import LAST, find_playlist
from tools.saved_playlists.shown_tracks import of_shown, shows_a_search
from tools.text.file_names import safe_file_name
from tools.text.untrusted import shown
from tools.text.words import Language, say, say_count

Format = Literal["m3u8", "xspf", "nsp", "rekordbox", "csv"]
FORMATS: Final[tuple[str, ...]] = get_args(Format)

_ENDINGS: Final = {
    "m3u8": "m3u8", "xspf": "xspf", "nsp": "nsp", "rekordbox": "xml", "csv": "csv",
}  # fmt: skip
NO_PARTS: Final = ("nsp", "rekordbox")
"""Formats that cannot say where in a file a track begins."""
_MEDIA_TYPES: Final = {
    "m3u8": "audio/x-mpegurl; charset=utf-8",
    "xspf": "application/xspf+xml",
    "nsp": "application/json",
    "rekordbox": "application/xml",
    "csv": "text/csv; charset=utf-8",
}


class ExportPlaylistArguments(Arguments):
    """Which playlist, in which format."""

    playlist: Name = Field(LAST, description='Name of the playlist, or "last"')
    format: Format = Field("m3u8", description="Format of the file")


class ExportPlaylist:
    """Write a playlist file into the exports folder."""

    name = "export_playlist"
    description = "Export a saved playlist as m3u8, xspf, nsp (Navidrome), rekordbox XML or csv."
    arguments = ExportPlaylistArguments
    changes = True

    def run(self, arguments: ExportPlaylistArguments, context: ToolContext) -> ToolResult:
        """Write the file; the result carries where to download it."""
        from_shown = arguments.playlist.casefold() == LAST and shows_a_search(context)
        detail = of_shown(context) if from_shown else _exportable(arguments.playlist, context)
        try:
            folder = StoreSettings().exports
            tracks = _tracks(detail)
            file_name, _, content = _exported(detail, tracks, arguments.format, folder)
            gone = playlist_reading.hidden_entries(detail.id)
            written = write_export(folder / file_name, content, incomplete=gone > 0)
        except OSError as error:
            reason = error.strerror or str(error)
            raise ToolError(
                say(context.language, "export_playlist.cannot", reason=reason)
            ) from error
        facts: dict[str, Any] = {
            "playlist_id": detail.id,
            "playlist": shown(detail.name),
            "format": arguments.format,
            "name": written.path.name,
            "bytes": len(content),
            "tracks": len(detail.entries),
            "note": _note(arguments.format, tracks),
            "from_shown": from_shown,
            "parts": sum(track.part_s is not None for track in tracks),
            "gone": gone,
            "kept": written.kept and written.kept.name,
            "kept_tracks": written.kept_entries,
        }
        return ToolResult(
            facts=facts,
            track_ids=tuple(entry.track.id for entry in detail.entries),
            playlist=detail.name,
            playlist_id=detail.id,
        )

    def render(self, result: ToolResult, context: ToolContext) -> Rendering:
        """A file to download."""
        facts = result.facts
        sentence = say_count(
            context.language,
            "export_playlist.done",
            facts["tracks"],
            playlist=facts["playlist"],
            name=facts["name"],
        )
        if facts["from_shown"]:
            note = say(context.language, "export_playlist.from_shown", playlist=facts["playlist"])
            sentence = f"{note} {sentence}"
        if facts["parts"] and facts["format"] in NO_PARTS:
            name = "export_playlist.parts"
            sentence += " " + say_count(context.language, name, facts["parts"])
        sentence += _left_out(facts, context.language)
        if facts["note"]:
            sentence += " " + say(context.language, f"export_playlist.{facts['note']}")
        url = f"/api/playlists/{facts['playlist_id']}/export.{facts['format']}"
        return Rendering(sentence, "file", {**facts, "url": url})


def _left_out(facts: Mapping[str, Any], language: Language) -> str:
    """What is not in the file, and the fuller file that was kept."""
    if not facts["gone"]:
        return ""
    said = " " + say_count(language, "export_playlist.gone", facts["gone"])
    if facts["kept"]:
        values = {"kept": facts["kept"], "name": facts["name"]}
        said += " " + say_count(language, "export_playlist.kept", facts["kept_tracks"], **values)
    return said


def _exportable(name: str, context: ToolContext) -> PlaylistDetail:
    """Return the playlist of this name; "last" is the one shown."""
    if name.casefold() == LAST and context.shown_playlist_id is not None:
        context = replace(context, playlist_id=context.shown_playlist_id)
    return find_playlist(name, context)


def export_bytes(
    playlist_id: int, format: str, *, beside: Path | None = None
) -> tuple[str, str, bytes]:
    """Return a playlist as (file name, media type, content).

    Args:
        playlist_id: Of a saved playlist.
        format: One of `FORMATS`.
        beside: Folder that an m3u8 will lie in. By default it is for a download, which may be
            saved anywhere: its paths start at the music folder, or are absolute ones.

    Raises:
        StoreError: There is no such playlist or format.
    """
    if format not in FORMATS:
        raise StoreError(f"Expected one of {', '.join(FORMATS)}, not {format!r}")
    detail = playlist_reading.playlist(playlist_id)
    if detail is None:
        raise StoreError(f"There is no playlist with the number {playlist_id}.")
    detail = opened(detail, ToolContext())
    tracks = _tracks(detail)
    if format == "m3u8" and beside is None:
        beside = _music_folder(tracks)
    return _exported(detail, tracks, format, beside)


class ExportSettings(BaseSettings):
    """Settings of exported files.

    Attributes:
        m3u8_paths: What the paths of a downloaded m3u8 are (`BACKBEAT_M3U8_PATHS`): "relative" to
            the music folder, in which it is to be saved, on whichever machine that is mounted; or
            "absolute" ones of this machine, which work wherever it is saved here.
    """

    model_config = SettingsConfigDict(env_prefix="BACKBEAT_", extra="ignore", frozen=True)

    m3u8_paths: Literal["relative", "absolute"] = "relative"


def _music_folder(tracks: Sequence[formats.ExportTrack]) -> Path | None:
    """Return the watched folder that contains all tracks; None for absolute paths."""
    return None if ExportSettings().m3u8_paths == "absolute" else _containing(tracks)


def _containing(tracks: Sequence[formats.ExportTrack]) -> Path | None:
    folders = known_folders()
    return next((f for f in folders if all(track.path.is_relative_to(f) for track in tracks)), None)


def _exported(
    detail: PlaylistDetail,
    tracks: Sequence[formats.ExportTrack],
    format: str,
    beside: Path | None,
) -> tuple[str, str, bytes]:
    name = safe_file_name(detail.name, _ENDINGS[format])
    if format == "m3u8":
        content = formats.m3u8(detail.name, tracks, beside=beside)
    elif format == "xspf":
        content = formats.xspf(detail.name, tracks)
    elif format == "nsp":
        content = nsp(detail.name, detail.request, tracks, root=_containing(tracks))
    elif format == "rekordbox":
        content = formats.rekordbox(detail.name, tracks)
    elif format == "csv":
        content = formats.csv_table(tracks)
    else:
        raise ValueError(f"Expected one of {', '.join(FORMATS)}, not {format!r}")
    return name, _MEDIA_TYPES[format], content


def _note(format: str, tracks: Sequence[formats.ExportTrack]) -> str | None:
    """Return the name of the additional sentence for this format; None for none."""
    if any(track.elsewhere for track in tracks) and format != "nsp":
        return "elsewhere"
    if format == "m3u8" and _music_folder(tracks):
        return "m3u8"
    return "nsp" if format == "nsp" else None


def _tracks(detail: PlaylistDetail) -> list[formats.ExportTrack]:
    tracks: list[formats.ExportTrack] = []
    tags = file_tags([entry.track.id for entry in detail.entries])
    root_map = remembered()
    parts = track_details.parts_among([entry.track.id for entry in detail.entries])
    for entry in detail.entries:
        row, known = entry.track, track_details.track(entry.track.id)
        if known is None:
            continue
        path = _file(row.id)
        tracks.append(
            formats.ExportTrack(
                id=row.id,
                title=row.title,
                artist=row.artist,
                album=row.album,
                genre=row.genre,
                year=row.year,
                duration_s=row.duration_s,
                bpm=row.bpm,
                camelot=row.camelot,
                audio_format=known.audio_format,
                path=path,
                tags=tags.get(row.id, TagsInFile()),
                elsewhere=root_map and root_map.path(path),
                part_s=(parts[row.id].start_s, parts[row.id].end_s) if row.id in parts else None,
            )
        )
    return tracks


def _file(track_id: int) -> Path:
    """Return the path of the file, also while its disk is away."""
    return decode_path(path_of(track_id) or "")


export_playlist = ExportPlaylist()
