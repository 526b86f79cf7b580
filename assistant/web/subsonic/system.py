"""The server itself: what it is and can do, who calls, how far the indexing is."""

from __future__ import annotations

from typing import Final

from assistant.web.subsonic.answers import (
    FORBIDDEN,
    MISSING,
    NOT_FOUND,
    Description,
    SubsonicError,
)
from assistant.web.subsonic.calls import Call
from store.folding import fold
from store.jobs import library_status
from store.people import users

EXTENSIONS: Final = {
    "apiKeyAuthentication": [1],
    "formPost": [1],
    "songLyrics": [1],
    "sonicSimilarity": [1],
    "transcodeOffset": [1],
}


def ping(call: Call) -> Description:
    """Nothing: the server answers, and the sign-in is right."""
    return {}


def license_state(call: Call) -> Description:
    """There is no licence to buy."""
    return {"license": {"valid": True}}


def extensions(call: Call) -> Description:
    """Return the extensions of OpenSubsonic that are there."""
    found = [{"name": name, "versions": versions} for name, versions in EXTENSIONS.items()]
    return {"openSubsonicExtensions": found}


def user(call: Call) -> Description:
    """Return what the person may do; nobody is told of others."""
    wanted, own = call.text("username"), _name(call)
    # where any name will do, an app asks for the one it gave
    if wanted and fold(wanted) not in (fold(own), fold(call.text("u"))):
        raise SubsonicError(FORBIDDEN, "You may ask for yourself only.")
    may = {
        "scrobblingEnabled": True, "adminRole": False, "settingsRole": False,
        "downloadRole": True, "uploadRole": False, "playlistRole": True, "coverArtRole": False,
        "commentRole": False, "podcastRole": False, "streamRole": True, "jukeboxRole": False,
        "shareRole": False, "videoConversionRole": False,
    }  # fmt: skip
    return {"user": {"username": wanted or own, **may, "folder": [1]}}


def token_info(call: Call) -> Description:
    """Return whose an API key is."""
    if not call.text("apiKey"):
        raise SubsonicError(MISSING, "This tells whose an API key is: call it with one.")
    return {"tokenInfo": {"username": _name(call)}}


def scan_status(call: Call) -> Description:
    """Return whether files are analysed now, and how many tracks there are."""
    found = library_status.read_status(failures=0)
    return {"scanStatus": {"scanning": bool(found.queued + found.running), "count": found.tracks}}


def _name(call: Call) -> str:
    account = users.account(call.person)
    if account is None:
        raise SubsonicError(NOT_FOUND, "There is no such user.")
    return account.person.name
