"""/api/tracks/…: single parts of what is known of a track, and what sounds like it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request

from assistant.web.contract.detail_shapes import Features, FileReply, Metadata, VectorsReply
from assistant.web.contract.shapes import Reply, SimilarTrack
from assistant.web.panel.page_language import PageLanguage
from assistant.web.row_id import RowId
from assistant.web.session_person import person_of
from store.tracks import track_details, track_parts
from store.vectors import vector_service
from tools.base import ToolContext
from tools.find_similar import find_similar

router = APIRouter(prefix="/api/tracks", tags=["tracks"])

_NO_TRACK = "There is no such track."


class SimilarTracks(Reply):
    """Tracks that sound like a track, the nearest first; none before it was analysed."""

    track_id: int
    analysed: bool
    tracks: list[SimilarTrack]


@router.get("/{track_id}/audio-features")
def audio_features(track_id: RowId) -> Features:
    """Return the measured values that filters and lists use."""
    found = track_parts.audio_features(track_id)
    if found is None:
        raise HTTPException(404, _NO_TRACK)
    return Features(track_id=track_id, **found)


@router.get("/{track_id}/embeddings")
def embeddings(
    track_id: RowId,
    values: Annotated[bool, Query(description="Also the numbers of the vectors")] = False,
) -> VectorsReply:
    """Return the vectors of a track: model, dimension, and the numbers where asked for."""
    found = track_parts.stored_vectors(track_id, values=values)
    if found is None:
        raise HTTPException(404, _NO_TRACK)
    listed = [asdict(vector) for vector in found]
    return VectorsReply.model_validate({"track_id": track_id, "embeddings": listed})


@router.get("/{track_id}/metadata")
def metadata(track_id: RowId) -> Metadata:
    """Return the facts of the file and the other values of its tags."""
    facts, found = track_parts.file_facts(track_id), track_parts.metadata(track_id)
    if facts is None or found is None:
        raise HTTPException(404, _NO_TRACK)
    listed = [asdict(value) for value in found]
    return Metadata.model_validate(
        {"track_id": track_id, "file": FileReply(**facts), "metadata": listed}
    )


@router.get("/{track_id}/similar")
def similar(
    track_id: RowId,
    request: Request,
    language: PageLanguage,
    limit: Annotated[int, Query(ge=1, le=100)] = 10,
) -> SimilarTracks:
    """Return the tracks that sound most like a track, with what they have in common."""
    if not track_details.track_rows([track_id]):
        raise HTTPException(404, _NO_TRACK)
    if not vector_service.vectors([track_id]).values:
        return SimilarTracks(track_id=track_id, analysed=False, tracks=[])
    name = f"#{track_id}"
    context = ToolContext(language=language, person=person_of(request), entities={name: track_id})
    asked = find_similar.arguments(track=name, limit=limit)
    data = find_similar.render(find_similar.run(asked, context), context).data
    listed = data.get("tracks", [])
    return SimilarTracks.model_validate({"track_id": track_id, "analysed": True, "tracks": listed})
