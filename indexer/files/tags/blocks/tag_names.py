"""Names of tags in every format → plain names."""

from __future__ import annotations

import re
from typing import Final

ID3_NAMES: Final = {
    "TIT2": "title", "TPE1": "artist", "TPE2": "albumartist", "TALB": "album",
    "TRCK": "tracknumber", "TPOS": "discnumber", "TDRC": "date", "TYER": "date",
    "TDOR": "originaldate", "TORY": "originaldate", "TDRL": "releasedate", "TCON": "genre",
    "TMOO": "mood", "TBPM": "bpm", "TKEY": "initialkey", "COMM": "comment", "TSST": "discsubtitle",
    "TIT1": "grouping", "GRP1": "grouping", "MVNM": "movementname", "MVIN": "movement",
    "TCOM": "composer", "TPE3": "conductor", "TSOP": "artistsort", "TSO2": "albumartistsort",
    "TSOA": "albumsort", "TSOT": "titlesort", "TSOC": "composersort", "TCMP": "compilation",
    "TIT3": "subtitle", "TLAN": "language", "TPUB": "label",
}  # fmt: skip
MP4_NAMES: Final = {
    "\xa9nam": "title", "\xa9ART": "artist", "aART": "albumartist", "\xa9alb": "album",
    "trkn": "tracknumber", "disk": "discnumber", "\xa9day": "date", "\xa9gen": "genre",
    "tmpo": "bpm", "\xa9cmt": "comment", "\xa9wrt": "composer", "\xa9grp": "grouping",
    "\xa9wrk": "work", "\xa9mvn": "movementname", "\xa9mvi": "movement", "\xa9mvc": "movementtotal",
    "cpil": "compilation", "soar": "artistsort", "soaa": "albumartistsort", "soal": "albumsort",
    "sonm": "titlesort", "soco": "composersort",
}  # fmt: skip
_ALIASES: Final = {
    "author": "artist", "wmalbumtitle": "album", "wmalbumartist": "albumartist",
    "wmtracknumber": "tracknumber", "track": "tracknumber", "wmpartofset": "discnumber",
    "disc": "discnumber", "disk": "discnumber", "wmyear": "date", "year": "date",
    "wmoriginalreleaseyear": "originaldate", "wmoriginalreleasetime": "originaldate",
    "originalyear": "originaldate", "origyear": "originaldate", "origdate": "originaldate",
    "originalreleasedate": "originaldate", "wmsetsubtitle": "discsubtitle",
    "setsubtitle": "discsubtitle", "wmcomposer": "composer", "wmconductor": "conductor",
    "wmartistsortorder": "artistsort", "wmalbumartistsortorder": "albumartistsort",
    "wmalbumsortorder": "albumsort", "wmtitlesortorder": "titlesort",
    "wmcomposersortorder": "composersort", "wmiscompilation": "compilation",
    "itunescompilation": "compilation",
    "wmgenre": "genre", "wmmood": "mood", "wmbeatsperminute": "bpm", "tempo": "bpm",
    "tbpm": "bpm", "wminitialkey": "initialkey", "key": "initialkey", "tkey": "initialkey",
    "description": "comment", "wmsharedusercomment": "comment",
    "musicbrainzrecordingid": "musicbrainztrackid",
}  # fmt: skip
"""Names of ASF, APEv2 and other writers → the ones used here."""


def plain_name(name: str) -> str:
    """Return the plain name of a tag."""
    name = name.strip().lower()[:100]
    if name.startswith("ab:"):
        return name
    name = re.sub(r"[\s_/-]+", "", name)
    return _ALIASES.get(name, name)
