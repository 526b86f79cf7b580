"""Who may choose the music folder on the page."""

from __future__ import annotations

import ipaddress
from typing import Final

from fastapi import Request

from assistant.settings import current
from assistant.web.session_person import person_of
from store.jobs import indexer_state, music_folder
from store.tables.people import OWNER_ID

_FORWARDED: Final = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
"""Headers of a proxy, behind which everybody seems to be on this machine."""


def may_choose(request: Request) -> bool:
    """Return whether the owner asks from this machine, of a server that lets the page choose."""
    served = music_folder.served()
    client = request.client.host if request.client else ""
    return (
        current().loopback
        and not current().extra_hosts
        and not any(name in request.headers for name in _FORWARDED)
        and _is_local(client)
        and person_of(request) == OWNER_ID
        and served is not None
        and served[1] != "given"
        and indexer_state.indexer_alive()
    )


def _is_local(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
