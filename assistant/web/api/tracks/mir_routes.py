"""/api/tracks/…/mir: the analysis in the exchange format, and its summary."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, HTTPException

from assistant.web.browser_language import language_of
from assistant.web.contract.detail_shapes import MirStored, MirSummary, StoredMir
from assistant.web.row_id import RowId
from store.library import mir_exchange
from store.library.exchange_format import MirExchange
from store.tracks import track_details
from tools.tracks import summary

router = APIRouter(prefix="/api/tracks", tags=["analysis"])

_NO_TRACK = "There is no such track."


@router.get("/{track_id}/mir-summary")
def mir_summary(
    track_id: RowId,
    lang: str | None = None,
    accept_language: Annotated[str | None, Header()] = None,
) -> MirSummary:
    """Return what a track sounds like in one sentence, in the language asked for."""
    detail = track_details.track(track_id)
    if detail is None:
        raise HTTPException(404, _NO_TRACK)
    said = summary.mir_summary(detail, language_of(lang, accept_language))
    return MirSummary.model_validate(said)


@router.get("/{track_id}/mir", response_model=StoredMir, response_model_exclude_unset=True)
def mir(track_id: RowId) -> dict[str, object]:
    """Return the analysis of a track in the exchange format."""
    exchange = mir_exchange.mir_exchange(track_id)
    if exchange is None:
        raise HTTPException(404, _NO_TRACK)
    return exchange


@router.post("/{track_id}/mir", status_code=201)
def store_mir(track_id: RowId, exchange: MirExchange) -> MirStored:
    """Take over an analysis in the exchange format.

    It is the whole truth of what it brings: tags, moods, genres and tempos that the track had
    before are replaced. Stages that are left out stay as they are.
    """
    if not track_details.track_rows([track_id]):
        raise HTTPException(404, _NO_TRACK)
    mir_exchange.store_mir(track_id, exchange)
    return MirStored(track_id=track_id)
